"""The rows nearest to a vector: a first pass over codes, then exact cosines of what it found."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from diglot.adapters.index.graph import Graph
from diglot.adapters.index.quantising import Floats, QueryVector, cosines, estimate
from diglot.adapters.index.table import Columns, Flags, Integers

# The first pass errs by about 0.01 in cosine: it must look deeper than what is asked for.
_EXTRA_FACTOR = 1.1
_EXTRA_ROWS = 30
# Above this share of rows a filter is cheaper to apply after looking for neighbours than before.
_WIDE_FILTER = 0.25
_DEEPEST = 4096


@dataclass(frozen=True, eq=False)
class Part:
    """Rows with their removals: `is_live` None while all are. `graph` covers every row that has a vector."""

    columns: Columns
    is_live: Flags | None = None
    graph: Graph | None = None

    def live_rows(self) -> Integers:
        if self.is_live is None:
            return np.arange(len(self.columns), dtype=np.int64)
        return np.flatnonzero(self.is_live)

    def keep_live(self, rows: Integers) -> Integers:
        return rows if self.is_live is None else rows[self.is_live[rows]]

    @cached_property
    def is_candidate(self) -> Flags:
        """Live and with a vector."""
        has_vector = self.columns.scales > 0.0
        return has_vector if self.is_live is None else has_vector & self.is_live

    @cached_property
    def candidate_count(self) -> int:
        return int(np.count_nonzero(self.is_candidate))


def nearest(
    parts: tuple[Part, ...], query: QueryVector, limit: int, groups: Integers | None
) -> tuple[Integers, Integers, Floats]:
    """Keys, groups and cosines, best first, ties by key."""
    depth = int(limit * _EXTRA_FACTOR) + _EXTRA_ROWS
    # All of a generation's rows are often in one part.
    parts = tuple(part for part in parts if len(part.columns)) or parts[:1]
    found = [_score(part, query, _candidates(part, query, depth, groups)) for part in parts]
    keys = np.concatenate([keys for keys, _, _ in found])
    owners = np.concatenate([owners for _, owners, _ in found])
    scores = np.concatenate([scores for _, _, scores in found])
    order = np.lexsort((keys, -scores))[:limit]
    return keys[order], owners[order], scores[order]


def _score(part: Part, query: QueryVector, rows: Integers) -> tuple[Integers, Integers, Floats]:
    columns = part.columns
    if columns.vectors is None or not len(rows):
        return columns.keys[:0], columns.groups[:0], np.zeros(0, np.float32)
    return columns.keys[rows], columns.groups[rows], cosines(query, columns.vectors[rows])


def _candidates(part: Part, query: QueryVector, depth: int, groups: Integers | None) -> Integers:
    if part.columns.codes is None or not len(part.columns):
        return np.zeros(0, np.int64)
    if groups is None:
        return _walk(part, query, depth) if part.graph is not None else _scan(part, query, depth)
    allowed = part.columns.of_groups(groups)
    allowed = allowed[part.is_candidate[allowed]]
    if len(allowed) < _WIDE_FILTER * len(part.columns):
        return _scan_rows(part, query, depth, allowed)
    is_allowed = np.zeros(len(part.columns), np.bool_)
    is_allowed[allowed] = True
    if part.graph is None:
        return _scan(part, query, depth, is_allowed)
    rows = _walk(part, query, int(depth * len(part.columns) / len(allowed)))
    rows = rows[is_allowed[rows]]
    return rows if len(rows) >= min(depth, len(allowed)) // 2 else _scan_rows(part, query, depth, allowed)


def _scan(part: Part, query: QueryVector, depth: int, is_allowed: Flags | None = None) -> Integers:
    """The best rows of all, by their codes."""
    columns = part.columns
    assert columns.codes is not None
    scores = estimate(query, columns.codes, columns.scales)
    if is_allowed is None and part.candidate_count < len(columns):
        is_allowed = part.is_candidate
    if is_allowed is None:
        return _greatest(scores, depth)
    scores[~is_allowed] = -np.inf
    rows = _greatest(scores, depth)
    return rows[scores[rows] > -np.inf]


def _scan_rows(part: Part, query: QueryVector, depth: int, rows: Integers) -> Integers:
    """The best of some rows, by their codes."""
    if len(rows) <= depth:
        return rows
    columns = part.columns
    assert columns.codes is not None
    rows = np.sort(rows)
    return rows[_greatest(estimate(query, columns.codes[rows], columns.scales[rows]), depth)]


def _walk(part: Part, query: QueryVector, depth: int) -> Integers:
    """The best rows that the graph finds; removed ones stand in it, so it is asked for more."""
    assert part.graph is not None
    share = max(part.candidate_count / len(part.columns), 1.0 / _DEEPEST)
    keys = part.graph.nearest(query.codes, min(int(depth / share) + 1, _DEEPEST))
    rows = part.columns.find(keys)
    rows = rows[rows >= 0]
    return rows[part.is_candidate[rows]]


def _greatest(scores: npt.NDArray[np.float64], count: int) -> Integers:
    if len(scores) <= count:
        return np.arange(len(scores), dtype=np.int64)
    return np.argpartition(scores, len(scores) - count)[len(scores) - count :]
