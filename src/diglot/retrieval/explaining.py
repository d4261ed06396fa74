"""Why a search answered what it did: how it was asked, its hits taken apart, and what became of chunks that somebody
names."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from diglot.catalog import named, users
from diglot.catalog.database import Database
from diglot.catalog.indexable import IndexableChunk
from diglot.catalog.named import Named
from diglot.domain.chunk import Chunk
from diglot.domain.conditions import Attribute, Condition, Conditions, Value, items
from diglot.domain.document import Document
from diglot.domain.identity import ChunkId, DatasetId, DocumentId, UserId
from diglot.domain.search import Hit, RetrievalPlan, Scores
from diglot.ingestion.following import index_row
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index
from diglot.ports.tokenizer import Tokenizer
from diglot.retrieval.absence import Absence, Absences, FilterVerdict, Reason, kept_out
from diglot.retrieval.score_parts import Parts, parts_of
from diglot.retrieval.search import Retriever, Trace
from diglot.retrieval.settled import Searched, searched

UNSHOWN = frozenset({Reason.DATASET_NOT_ASKED, Reason.DOCUMENT_DELETED, Reason.DOCUMENT_NOT_READY, Reason.SUPERSEDED})
"""Nothing is told of what no reader may see, or not by asking for these datasets."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The question's terms that stand in a chunk, as the index reads both, in the order of the question."""

    content: tuple[str, ...]
    title: tuple[str, ...]
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """`weight` is that of vectors where the chunk is, `best` the question's best BM25. `parts` make the final score."""

    scores: Scores
    weight: float
    boost: float
    best: float
    parts: Parts


@dataclass(frozen=True, slots=True)
class Explained:
    """A hit, or a chunk that was named. Ranks count from 1, and are the parent's where the chunk is a child. A parent's
    scores and matched terms are those of its best child. Without chunk and document: none that could be spoken of."""

    chunk_id: ChunkId
    absence: Absence
    chunk: Chunk | None = None
    document: Document | None = None
    scored: Scored | None = None
    matched: Matched | None = None
    filters: tuple[FilterVerdict, ...] = ()
    children: tuple["Explained", ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """`candidates`: how many chunks were scored; `depth`: how many each dataset was asked for by words and by vectors.
    `datasets` is empty where no document may answer: then nothing is searched."""

    plan: RetrievalPlan
    language: str
    terms: tuple[str, ...]
    datasets: tuple[Searched, ...]
    best: float | None
    depth: int
    candidates: int
    notes: tuple[str, ...]
    hits: tuple[Explained, ...]
    chunks: tuple[Explained, ...]


class Explainer:
    """Thread-safe; holds nothing but its parts."""

    def __init__(
        self, database: Database, index: Index, tokenizer: Tokenizer, embedders: Embedders, retriever: Retriever
    ) -> None:
        self._database = database
        self._index = index
        self._tokenizer = tokenizer
        self._embedders = embedders
        self._retriever = retriever

    def explain(
        self,
        plan: RetrievalPlan,
        chunk_ids: Sequence[ChunkId] = (),
        *,
        reach: Collection[DatasetId] | None = None,
        page: slice | None = None,
    ) -> Explanation:
        """Searches as `Retriever.search` does, and raises what it raises. `page` of the hits (None: all) is what was
        answered. Chunks outside of `reach` (None: all of the workspace) look unknown."""
        trace = self._retriever.trace(plan)
        shown = trace.answer.hits if page is None else trace.answer.hits[page]
        there = self._named(plan, chunk_ids, reach)
        documents = [*(hit.document for hit in shown), *(one.document for one in there.values())]
        writer = _Writer(plan, trace, self._tokenizer, self._verdicts(plan, documents))
        hits = tuple(writer.hit(hit) for hit in shown)
        returned = {one.chunk_id: one for hit in hits for one in (*hit.children, hit)}
        absences = Absences(plan, trace, shown, database=self._database, index=self._index, retriever=self._retriever)
        language = self._tokenizer.language(plan.question)
        lexical, vector = trace.ranking.legs.lexical, trace.ranking.legs.vector
        return Explanation(
            plan=plan,
            language=language,
            terms=writer.terms,
            datasets=tuple(searched(plan, one, language, self._embedders) for one in trace.asked),
            best=trace.ranking.best if lexical else None,
            depth=trace.ranking.depth,
            candidates=len(lexical.keys() | vector.keys()),
            notes=trace.answer.notes,
            hits=hits,
            chunks=tuple(
                returned.get(one) or writer.absent(one, there.get(one), absences) for one in dict.fromkeys(chunk_ids)
            ),
        )

    def _named(
        self, plan: RetrievalPlan, chunk_ids: Sequence[ChunkId], reach: Collection[DatasetId] | None
    ) -> dict[ChunkId, Named]:
        with self._database.read() as connection:
            return named.named(connection, plan.workspace_id, chunk_ids, reach)

    def _verdicts(
        self, plan: RetrievalPlan, documents: Iterable[Document]
    ) -> dict[DocumentId, tuple[FilterVerdict, ...]]:
        """Each condition asked as the search asks it, one by one."""
        every = {document.id: document for document in documents}
        conditions = () if plan.conditions is None else plan.conditions.items
        if not conditions or not every:
            return {}
        with self._database.read() as connection:
            met = [
                named.meeting(connection, plan.datasets, every, Conditions((condition,))) for condition in conditions
            ]
            people = users.names(connection, plan.workspace_id)
        return {
            one: tuple(
                FilterVerdict(condition, one in those, values_of(document, condition, people))
                for condition, those in zip(conditions, met, strict=True)
            )
            for one, document in every.items()
        }


class _Writer:
    """What one search has to say of each chunk."""

    def __init__(
        self,
        plan: RetrievalPlan,
        trace: Trace,
        tokenizer: Tokenizer,
        verdicts: Mapping[DocumentId, tuple[FilterVerdict, ...]],
    ) -> None:
        self.terms = tuple(tokenizer.query_terms(plan.question))
        self._plan = plan
        self._tokenizer = tokenizer
        self._verdicts = verdicts
        self._best = trace.ranking.best
        self._weights = {one.searchable.dataset_id: one.wording.weight for one in trace.asked}
        self._ranks = {hit.chunk.id: rank for rank, hit in enumerate(trace.passed, 1)}
        self._ranks_before = {hit.chunk.id: rank for rank, hit in enumerate(trace.found, 1)}

    def hit(self, hit: Hit) -> Explained:
        rank, before = self._ranks[hit.chunk.id], self._ranks_before[hit.chunk.id]

        def explained(chunk: Chunk, scores: Scores, matched_in: Chunk, children: tuple[Explained, ...]) -> Explained:
            return Explained(
                chunk_id=chunk.id,
                absence=Absence(Reason.RETURNED, scores=scores, rank=rank, rank_before=before),
                chunk=chunk,
                document=hit.document,
                scored=self._scored(scores, chunk.dataset_id),
                matched=self._matched(matched_in, hit.document),
                filters=self._verdicts.get(hit.document.id, ()),
                children=children,
            )

        children = tuple(explained(one.chunk, one.scores, one.chunk, ()) for one in hit.children)
        best = hit.children[0].chunk if hit.children else hit.chunk
        return explained(hit.chunk, hit.scores, best, children)

    def absent(self, chunk_id: ChunkId, one: Named | None, absences: Absences) -> Explained:
        if one is None:
            return Explained(chunk_id, Absence(Reason.UNKNOWN))
        verdicts = self._verdicts.get(one.document.id, ())
        absence = kept_out(self._plan, one, verdicts) or absences.of(one.chunk)
        if absence.reason in UNSHOWN:
            return Explained(chunk_id, absence)
        scores = absence.scores
        return Explained(
            chunk_id=chunk_id,
            absence=absence,
            chunk=one.chunk,
            document=one.document,
            scored=None if scores is None else self._scored(scores, one.chunk.dataset_id),
            matched=self._matched(one.chunk, one.document),
            filters=verdicts,
        )

    def _scored(self, scores: Scores, dataset_id: DatasetId) -> Scored:
        weight, boost = self._weights[dataset_id], self._plan.boosts.get(dataset_id, 0.0)
        return Scored(scores, weight, boost, self._best, parts_of(scores, self._plan, weight, boost))

    def _matched(self, chunk: Chunk, document: Document) -> Matched:
        row = index_row(_indexable(chunk), document.name, self._tokenizer, None)
        fields = (frozenset(tokens) for tokens in (row.tokens, row.title, row.keywords))
        return Matched(*(tuple(term for term in self.terms if term in field) for field in fields))


def values_of(document: Document, condition: Condition, people: Mapping[UserId, str]) -> tuple[Value, ...]:
    """What the document has of what a condition speaks of."""
    if condition.attribute is None:
        return tuple(items(document.metadata.get(condition.name)))
    if condition.attribute is Attribute.UPLOADER:
        return tuple(items(people.get(document.created_by)))
    if condition.attribute is Attribute.NAME:
        return (document.name,)
    at = document.created_at if condition.attribute is Attribute.CREATED else document.updated_at
    return (at // 1000,)


def _indexable(chunk: Chunk) -> IndexableChunk:
    return IndexableChunk(*(getattr(chunk, name) for name in IndexableChunk._fields))
