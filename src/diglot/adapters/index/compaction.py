"""Folding the tail into the main part, and removed rows out of it.

The new table is written beside the old one while changes go on; in the end, with the writer held, what came in between
is copied behind it and one commit switches over.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from diglot.adapters.index.durable import sync_folder
from diglot.adapters.index.graph import GraphBuilder
from diglot.adapters.index.snapshot import Snapshot
from diglot.adapters.index.state import State
from diglot.adapters.index.table import (
    Columns,
    Integers,
    append_main,
    append_removed,
    append_tail,
    file_of,
)
from diglot.domain.identity import now_ms

_BATCH_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When compaction is worth its while. Components: rows times dimension (rows alone where there are no vectors).

    `graph` components are scanned no longer but walked by a graph: 50,000 rows of 384 take about 1 ms to scan. A tail
    is folded in at `tail` components and `tail_share` of the main part, removals at `removed` rows and `removed_share`.
    """

    graph: int = 50_000 * 384
    tail: int = 12_500 * 384
    tail_share: float = 0.05
    removed: int = 1_000
    removed_share: float = 0.2


def is_worthwhile(state: State, thresholds: Thresholds) -> bool:
    if state.removed >= max(thresholds.removed, thresholds.removed_share * state.rows):
        return True
    return state.tail >= thresholds.tail_share * state.main and state.tail * max(state.dimension, 64) >= thresholds.tail


@dataclass(frozen=True, slots=True)
class Compacted:
    """A new table, written but not committed. `places` maps the rows of `source` to its rows, -1 for removed ones."""

    source: Snapshot
    state: State
    places: Integers

    def follow(self, folder: Path, latest: Snapshot) -> State:
        """Takes over what was applied since; answers the state to commit. Needs the writer."""
        seen = self.source.state
        tail = _slice(latest.tail.columns, seen.tail)
        removed = latest.removed[seen.removed :]
        is_old = removed < seen.rows
        moved = np.where(is_old, self.places[np.where(is_old, removed, 0)], removed - seen.rows + self.state.main)
        append_tail(folder, self.state, tail)
        append_removed(folder, self.state, moved)
        return replace(
            self.state,
            applied=latest.state.applied,
            tail=len(tail),
            removed=len(moved),
            live=latest.state.live,
            vectors=latest.state.vectors,
        )


def compact(folder: Path, source: Snapshot, thresholds: Thresholds) -> Compacted:
    """Writes a new table of the snapshot's live rows, sorted by key. Memory: a batch, and a graph where one is due."""
    rows = np.concatenate([source.main.live_rows(), source.tail.live_rows() + source.state.main])
    rows = rows[np.argsort(source.keys_of(rows), kind="stable")]
    places = np.full(max(source.state.rows, 1), -1, np.int64)
    places[rows] = np.arange(len(rows))
    state = State(dimension=source.state.dimension, table=max(now_ms(), source.state.table + 1))
    step = max(1024, _BATCH_BYTES // (3 * state.dimension + 20))
    for start in range(0, len(rows), step):
        columns = source.columns_of(rows[start : start + step])
        append_main(folder, state, columns)
        state = replace(state, main=state.main + len(columns))
    if source.state.vectors * state.dimension > thresholds.graph:
        size, drift = _write_graph(folder, source, rows, step, state.table)
        state = replace(state, graph=size, drift=drift)
    sync_folder(folder)
    return Compacted(source, state, places)


def _write_graph(folder: Path, source: Snapshot, rows: Integers, step: int, table: int) -> tuple[int, int]:
    """The new table's graph; answers its size and drift. Adding to the old one is cheaper until much has changed."""
    state = source.state
    path = file_of(folder, "graph", table)
    main, tail = source.main.columns, source.tail.columns
    was_there = main.scales > 0.0
    gone = main.keys[was_there & ~source.main.is_candidate]
    fresh = tail.keys[source.tail.is_candidate]
    drift = state.drift + len(gone) + len(fresh)
    if state.graph and drift <= source.main.candidate_count and tail.codes is not None:
        builder = GraphBuilder(state.dimension, file_of(folder, "graph", state.table))
        builder.remove(gone)
        builder.add(fresh, tail.codes[source.tail.is_candidate])
        return builder.save(path), drift
    builder = GraphBuilder(state.dimension)
    for start in range(0, len(rows), step):
        columns = source.columns_of(rows[start : start + step])
        has_vector = columns.scales > 0.0
        if columns.codes is not None:
            builder.add(columns.keys[has_vector], columns.codes[has_vector])
    return builder.save(path), 0


def _slice(columns: Columns, start: int) -> Columns:
    return Columns(
        columns.keys[start:],
        columns.groups[start:],
        columns.scales[start:],
        None if columns.codes is None else columns.codes[start:],
        None if columns.vectors is None else columns.vectors[start:],
    )
