"""The tags of a text: those of the chunks of tag datasets that are nearest to it by their words."""

from collections import Counter
from collections.abc import Iterable

from diglot.catalog import chunk_tags, found
from diglot.catalog.database import Database
from diglot.domain.identity import DatasetId, WorkspaceId
from diglot.ports.index import Candidate, Index
from diglot.ports.tokenizer import Tokenizer

NEAREST = 30
WORDS = 30
# Of the best one's score. What lies below it shares words that say little.
RELEVANT = 0.5


class Labels:
    """Tag datasets as they are when it is made; those that are not there, or of another workspace, have no tags."""

    def __init__(
        self,
        database: Database,
        index: Index,
        tokenizer: Tokenizer,
        workspace_id: WorkspaceId,
        datasets: Iterable[DatasetId],
    ) -> None:
        self._database = database
        self._index = index
        self._tokenizer = tokenizer
        with database.read() as connection:
            searchables = found.searchable(connection, workspace_id, sorted(set(datasets)))
        self._generations = [one.generation for one in searchables]

    def of(self, text: str, most: int) -> dict[str, float]:
        """Up to `most` tags with their weights, 0..1, the greatest first: the share of the nearest chunks' scores that
        chunks with the tag have."""
        nearest = self._nearest(text)
        with self._database.read() as connection:
            tags = chunk_tags.of_keys(connection, [one.key for one in nearest])
        nearest = [one for one in nearest if one.key in tags]
        if not nearest:
            return {}
        least = RELEVANT * max(one.score for one in nearest)
        scores = {one.key: one.score for one in nearest if one.score >= least}
        weights: Counter[str] = Counter()
        for key, score in scores.items():
            weights.update(dict.fromkeys(tags[key], score))
        total = sum(scores.values())
        best = sorted(weights, key=lambda tag: (-weights[tag], tag))[:most]
        return {tag: round(weights[tag] / total, 4) for tag in best}

    def _nearest(self, text: str) -> list[Candidate]:
        words = " ".join(self._tokenizer.keywords(text, WORDS)) or text
        terms = self._tokenizer.query_terms(words)
        return [one for generation in self._generations for one in self._index.search_text(generation, terms, NEAREST)]
