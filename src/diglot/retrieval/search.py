"""The second corridor: question to hits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from diglot.catalog import found
from diglot.catalog.database import Database
from diglot.catalog.found import Searchable
from diglot.domain.chunk import Chunk
from diglot.domain.document import Document
from diglot.domain.errors import DatasetNotFound, ModelFailed, ModelNotFound
from diglot.domain.identity import ChunkId
from diglot.domain.search import MAX_TOP_K, Hit, Hits, MatchedChild, RetrievalPlan
from diglot.ingestion.labelling import Labels
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index
from diglot.ports.reranker import Rerankers
from diglot.ports.tokenizer import Tokenizer
from diglot.retrieval.asking import Asked, ask
from diglot.retrieval.candidates import Legs, gather, joined
from diglot.retrieval.filtering import allowed_revisions
from diglot.retrieval.fusion import Ranked, best_lexical, fuse, scores
from diglot.retrieval.reranking import rerank
from diglot.retrieval.tagging import preferred

MAX_DEPTH = 4 * MAX_TOP_K
RERANKED = 50
MOST_TAGS = 3
# More than asked are looked up, so that a few that fall out cost no second look.
SPARE = 2


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates best first, with the legs they come from (several datasets' joined) and the question's best BM25.
    `depth`: how many each leg was asked for. `is_exhausted` when looking deeper would find nothing more."""

    ranked: list[Ranked]
    legs: Legs
    best: float
    depth: int
    is_exhausted: bool


class Trace(NamedTuple):
    """A search with what it passed on its way: `found` before the reranker, `judged` after it, `passed` its threshold,
    all best first. Nothing but an empty answer where no document may answer."""

    answer: Hits
    asked: list[Asked]
    ranking: Ranking
    found: list[Hit]
    judged: list[Hit]
    passed: list[Hit]


NO_ANSWER = Trace(Hits(()), [], Ranking([], Legs({}, {}, True), 1.0, 0, True), [], [], [])


class Retriever:
    """Thread-safe; holds nothing but its parts."""

    def __init__(
        self, database: Database, index: Index, tokenizer: Tokenizer, embedders: Embedders, rerankers: Rerankers
    ) -> None:
        self._database = database
        self._index = index
        self._tokenizer = tokenizer
        self._embedders = embedders
        self._rerankers = rerankers

    def search(self, plan: RetrievalPlan) -> Hits:
        """The page of hits that the plan asks for, best first. `DatasetNotFound` if one of its datasets is not there;
        a model that fails, or is there no more, is done without, with a note."""
        return self.trace(plan).answer

    def trace(self, plan: RetrievalPlan) -> Trace:
        """The same search, and the way to its answer."""
        searchables = self._searchable(plan)
        groups = allowed_revisions(self._database, plan)
        if groups is not None and not groups:
            return NO_ANSWER
        asked = ask(plan, searchables, self._tokenizer, self._embedders)
        notes = list(dict.fromkeys(one.wording.note for one in asked if one.wording.note is not None))
        ranking, hits = self._hits(plan, asked, groups)
        tags = self._tags(plan)
        hits = preferred(hits, tags, plan.window)
        judged = self._reranked(plan, asked, hits, notes)
        passed = _passed(plan, judged)
        page = passed[plan.offset : plan.offset + plan.settings.top_k]
        answer = Hits(tuple(page), tuple(notes), asked[0].wording.weight if asked else None, tags)
        return Trace(answer, asked, ranking, hits, judged, passed)

    def ranked(self, plan: RetrievalPlan, ranking: Ranking) -> list[Hit]:
        """Candidates that may be shown, before the reranker, however few were asked for: the best `MAX_DEPTH`."""
        return self._verify(plan, ranking, MAX_DEPTH)[0]

    def _searchable(self, plan: RetrievalPlan) -> list[Searchable]:
        with self._database.read() as connection:
            searchables = found.searchable(connection, plan.workspace_id, plan.datasets)
        if len(searchables) < len(set(plan.datasets)):
            raise DatasetNotFound
        return searchables

    def _tags(self, plan: RetrievalPlan) -> dict[str, float]:
        if not plan.tag_datasets:
            return {}
        labels = Labels(self._database, self._index, self._tokenizer, plan.workspace_id, plan.tag_datasets)
        return labels.of(plan.question, MOST_TAGS)

    def _hits(
        self, plan: RetrievalPlan, asked: list[Asked], groups: Collection[int] | None
    ) -> tuple[Ranking, list[Hit]]:
        wanted = plan.offset + plan.settings.top_k
        if plan.settings.reranker is not None and plan.window is None:
            wanted = max(wanted, RERANKED)
        depth = max(plan.candidates, wanted)
        while True:
            ranking = self._rank(plan, asked, depth, groups)
            hits, shown = self._verify(plan, ranking, wanted)
            # Where many children are few parents, looking deeper is no remedy.
            if shown >= wanted or ranking.is_exhausted or depth >= MAX_DEPTH:
                return ranking, hits
            # Too many candidates were deleted, disabled or superseded: look deeper, so that pages stay full.
            depth = min(depth * 4, MAX_DEPTH)

    def _rank(self, plan: RetrievalPlan, asked: list[Asked], depth: int, groups: Collection[int] | None) -> Ranking:
        each = [gather(self._index, one.searchable.generation, one.wording.question, depth, groups) for one in asked]
        best = best_lexical(each)
        threshold = plan.settings.threshold if plan.settings.reranker is None else None
        ranked: list[Ranked] = []
        is_exhausted = True
        for one, legs in zip(asked, each, strict=True):
            scored = fuse(legs, one.wording.weight, best, plan.boosts.get(one.searchable.dataset_id, 0.0))
            passing = scored if threshold is None else [pair for pair in scored if -pair[0] >= threshold]
            ranked += passing
            # What lies deeper in a dataset scores less still.
            is_exhausted = is_exhausted and (legs.is_exhausted or len(passing) < len(scored))
        ranked.sort()
        return Ranking(ranked, each[0] if len(each) == 1 else joined(each), best, depth, is_exhausted)

    def _verify(self, plan: RetrievalPlan, ranking: Ranking, wanted: int) -> tuple[list[Hit], int]:
        """The first `wanted` candidates that the catalog still vouches for, children as their parents; and how many
        candidates that took."""
        hits: dict[ChunkId, Hit] = {}
        start = shown = 0
        with self._database.read() as connection:
            while start < len(ranking.ranked) and len(hits) < wanted:
                # Each round takes more: where many children are few parents, rounds must not be many.
                part = ranking.ranked[start : start + max(wanted - len(hits) + SPARE, start)]
                start += len(part)
                known = found.hits(connection, plan.workspace_id, plan.datasets, [key for _, key in part])
                parents = found.parents(connection, (chunk for chunk, _ in known.values()))
                shown += len(known)
                for hit in (_hit(plan, ranking, pair, *known[pair[1]]) for pair in part if pair[1] in known):
                    _take(hits, hit, parents)
        return list(hits.values())[:wanted], shown

    def _reranked(self, plan: RetrievalPlan, asked: list[Asked], hits: list[Hit], notes: list[str]) -> list[Hit]:
        settings = plan.settings
        if settings.reranker is None:
            return hits
        weights = {one.searchable.dataset_id: one.wording.weight for one in asked}
        try:
            return rerank(self._rerankers.get(settings.reranker), plan, weights, hits)
        except (ModelFailed, ModelNotFound) as error:
            notes.append(f"{settings.reranker}: {error.message} The hits were not reranked.")
            return hits


def _passed(plan: RetrievalPlan, judged: list[Hit]) -> list[Hit]:
    """Without a reranker the threshold has been looked at before."""
    threshold = plan.settings.threshold
    if plan.settings.reranker is None or threshold is None:
        return judged
    return [hit for hit in judged if hit.scores.final >= threshold]


def _take(hits: dict[ChunkId, Hit], hit: Hit, parents: Mapping[ChunkId, Chunk]) -> None:
    """`hit` behind the others; as one more child where its parent is there already."""
    child, parent_id = hit.chunk, hit.chunk.parent_id
    if parent_id is None:
        hits[child.id] = hit
        return
    matched = MatchedChild(child, hit.scores)
    before = hits.get(parent_id)
    if before is not None:
        hits[parent_id] = replace(before, children=(*before.children, matched))
    elif parent_id in parents:
        hits[parent_id] = replace(hit, chunk=parents[parent_id], children=(matched,))


def _hit(plan: RetrievalPlan, ranking: Ranking, ranked: Ranked, chunk: Chunk, document: Document) -> Hit:
    boost = plan.boosts.get(chunk.dataset_id, 0.0)
    return Hit(chunk, document, scores(ranked, ranking.legs, ranking.best, boost))
