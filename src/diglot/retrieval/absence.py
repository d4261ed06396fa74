"""Why a chunk that somebody names was not answered: the first thing on the way that kept it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from diglot.catalog import changes, named
from diglot.catalog.database import Database
from diglot.catalog.named import Named
from diglot.domain.chunk import Chunk
from diglot.domain.conditions import Condition, Conditions, Logic, Value
from diglot.domain.identity import ChunkId
from diglot.domain.search import Hit, RetrievalPlan, Scores
from diglot.ports.index import Index
from diglot.retrieval.asking import Asked
from diglot.retrieval.candidates import Legs
from diglot.retrieval.fusion import fuse, scores
from diglot.retrieval.search import Retriever, Trace

# Of a document with more chunks than this, one that is no candidate is not searched for.
MOST_SEARCHED = 10_000


class Reason(StrEnum):
    """In the order in which they are looked for."""

    RETURNED = "returned"
    UNKNOWN = "unknown"
    DATASET_NOT_ASKED = "dataset_not_asked"
    DOCUMENT_DELETED = "document_deleted"
    DOCUMENT_NOT_READY = "document_not_ready"
    SUPERSEDED = "superseded"
    DOCUMENT_DISABLED = "document_disabled"
    DOCUMENT_ARCHIVED = "document_archived"
    CHUNK_DISABLED = "chunk_disabled"
    DOCUMENT_NOT_ASKED = "document_not_asked"
    CONDITION_NOT_MET = "condition_not_met"
    FOUND_BY_CHILDREN = "found_by_children"
    NOT_INDEXED = "not_indexed"
    NO_MATCH = "no_match"
    BEYOND_CANDIDATES = "beyond_candidates"
    BELOW_THRESHOLD = "below_threshold"
    NOT_RERANKED = "not_reranked"
    BEHIND_TOP_K = "behind_top_k"
    BEHIND_SIBLINGS = "behind_siblings"
    OTHER_PAGE = "other_page"


@dataclass(frozen=True, slots=True)
class FilterVerdict:
    """`values` are what the document has of it."""

    condition: Condition
    is_met: bool
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """`scores` are None where there is nothing to score; ranks count from 1, None where they are not known. `facts` are
    the numbers that decided."""

    reason: Reason
    facts: Mapping[str, Any] = field(default_factory=dict)
    scores: Scores | None = None
    rank: int | None = None
    rank_before: int | None = None


def kept_out(plan: RetrievalPlan, one: Named, verdicts: Sequence[FilterVerdict]) -> Absence | None:
    """By what the catalog says, before anything is searched."""
    chunk, document = one.chunk, one.document
    if document.dataset_id not in plan.datasets:
        return Absence(Reason.DATASET_NOT_ASKED)
    if one.is_deleted:
        return Absence(Reason.DOCUMENT_DELETED)
    if chunk.revision != document.revision:
        is_coming = document.revision is None or chunk.revision == document.pending
        facts = {"status": document.status, "error": document.error}
        return Absence(Reason.DOCUMENT_NOT_READY, facts) if is_coming else Absence(Reason.SUPERSEDED)
    if not document.enabled:
        return Absence(Reason.DOCUMENT_DISABLED)
    if document.archived:
        return Absence(Reason.DOCUMENT_ARCHIVED)
    if not chunk.enabled:
        return Absence(Reason.CHUNK_DISABLED)
    if plan.documents is not None and document.id not in plan.documents:
        return Absence(Reason.DOCUMENT_NOT_ASKED)
    return None if plan.conditions is None else _unmet(plan.conditions, verdicts)


def _unmet(conditions: Conditions, verdicts: Sequence[FilterVerdict]) -> Absence | None:
    failed = tuple(one for one in verdicts if not one.is_met)
    is_met = len(failed) < len(verdicts) if conditions.logic is Logic.OR else bool(verdicts) and not failed
    return None if is_met else Absence(Reason.CONDITION_NOT_MET, {"failed": failed})


class Absences:
    """Of one search. `shown` are the hits that were answered."""

    def __init__(
        self,
        plan: RetrievalPlan,
        trace: Trace,
        shown: Sequence[Hit],
        *,
        database: Database,
        index: Index,
        retriever: Retriever,
    ) -> None:
        self._plan = plan
        self._ranking = trace.ranking
        self._asked = {one.searchable.dataset_id: one for one in trace.asked}
        self._shown = {hit.chunk.id for hit in shown}
        self._found = _places(trace.found)
        self._passed = _places(trace.passed)
        self._hits = {hit.chunk.id: hit for hit in trace.judged}
        self._was_reranked = any(hit.scores.rerank is not None for hit in trace.judged)
        self._everything: dict[ChunkId, int] | None = None
        self._database = database
        self._index = index
        self._retriever = retriever

    def of(self, chunk: Chunk) -> Absence:
        """Of a chunk that nothing keeps out."""
        asked = self._asked.get(chunk.dataset_id)
        if asked is None:
            # What allowed it was changed while the search was under way.
            return Absence(Reason.NOT_INDEXED)
        keys = self._searched_keys(chunk)
        legs = self._ranking.legs
        candidates = [key for key in keys if key in legs.lexical or key in legs.vector]
        if candidates:
            own = [self._scores(asked, key, legs.lexical.get(key), legs.vector.get(key)) for key in candidates]
            return self._of_candidate(chunk, max(own, key=lambda one: one.final))
        if chunk.is_parent:
            return Absence(Reason.FOUND_BY_CHILDREN, {"children": len(keys)})
        return self._of_none(asked, chunk)

    def _searched_keys(self, chunk: Chunk) -> Sequence[int]:
        if not chunk.is_parent:
            return [chunk.key]
        with self._database.read() as connection:
            return named.children(connection, chunk.revision, chunk.id)

    def _of_candidate(self, chunk: Chunk, own: Scores) -> Absence:
        whole = chunk.parent_id or chunk.id
        settings = self._plan.settings
        threshold = settings.threshold
        if settings.reranker is None and threshold is not None and own.final < threshold:
            return Absence(Reason.BELOW_THRESHOLD, {"threshold": threshold, "score": own.final}, own)
        hit = self._hits.get(whole)
        if hit is None:
            return self._of_not_judged(whole, own)
        counted = own if chunk.parent_id is not None else hit.scores
        before = self._found[whole]
        if whole not in self._passed:
            facts = {"threshold": threshold, "score": hit.scores.final}
            return Absence(Reason.BELOW_THRESHOLD, facts, counted, None, before)
        rank = self._passed[whole]
        facts = {"rank": rank, "top_k": settings.top_k, "score": hit.scores.final}
        if whole in self._shown:
            return Absence(Reason.BEHIND_SIBLINGS, facts, counted, rank, before)
        is_behind = rank > self._plan.offset + settings.top_k
        return Absence(Reason.BEHIND_TOP_K if is_behind else Reason.OTHER_PAGE, facts, counted, rank, before)

    def _of_not_judged(self, whole: ChunkId, own: Scores) -> Absence:
        place = self._places_of_everything().get(whole)
        facts = {"rank": place, "top_k": self._plan.settings.top_k, "score": own.final}
        if not self._was_reranked:
            return Absence(Reason.BEHIND_TOP_K, facts, own, place, place)
        return Absence(Reason.NOT_RERANKED, facts | {"reranked": len(self._hits)}, own, None, place)

    def _of_none(self, asked: Asked, chunk: Chunk) -> Absence:
        if self._is_unknown_to_the_index(asked, chunk):
            return Absence(Reason.NOT_INDEXED)
        lexical, vector = self._own_bm25(asked, chunk), self._own_cosine(asked, chunk)
        if lexical is None and vector is None:
            return Absence(Reason.NO_MATCH)
        facts = {"depth": self._ranking.depth}
        return Absence(Reason.BEYOND_CANDIDATES, facts, self._scores(asked, chunk.key, lexical, vector))

    def _is_unknown_to_the_index(self, asked: Asked, chunk: Chunk) -> bool:
        applied = self._index.applied(asked.searchable.generation)
        with self._database.read() as connection:
            span = changes.span(connection, chunk.dataset_id)
            return span is None or applied < span.floor or named.is_noted(connection, chunk, applied)

    def _own_bm25(self, asked: Asked, chunk: Chunk) -> float | None:
        terms = asked.wording.question.terms
        if not terms:
            return None
        with self._database.read() as connection:
            count = named.count(connection, chunk.revision)
        found = self._index.search_text(
            asked.searchable.generation, terms, min(count, MOST_SEARCHED), frozenset([chunk.revision])
        )
        return next((score for key, _, score in found if key == chunk.key), None)

    def _own_cosine(self, asked: Asked, chunk: Chunk) -> float | None:
        vector = asked.wording.question.vector
        if vector is None:
            return None
        return self._index.vector_scores(asked.searchable.generation, vector, [chunk.key])[0]

    def _scores(self, asked: Asked, key: int, lexical: float | None, vector: float | None) -> Scores:
        """As the search scores it."""
        legs = Legs({} if lexical is None else {key: lexical}, {} if vector is None else {key: vector}, True)
        boost = self._plan.boosts.get(asked.searchable.dataset_id, 0.0)
        [ranked] = fuse(legs, asked.wording.weight, self._ranking.best, boost)
        return scores(ranked, legs, self._ranking.best, boost)

    def _places_of_everything(self) -> dict[ChunkId, int]:
        if self._everything is None:
            self._everything = _places(self._retriever.ranked(self._plan, self._ranking))
        return self._everything


def _places(hits: Sequence[Hit]) -> dict[ChunkId, int]:
    return {hit.chunk.id: place for place, hit in enumerate(hits, 1)}
