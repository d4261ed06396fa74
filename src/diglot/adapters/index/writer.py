"""Writing a generation: rows behind the tail, then words, and one commit that makes both true.

In order: rows, codes, vectors and removals go behind what the present state counts; a state file names the new counts;
the text index commits. Each is on disk before the next begins. A crash before the commit leaves bytes that nothing
counts, after it the new state.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from diglot.adapters.index import text
from diglot.adapters.index.durable import remove_file, sync_folder
from diglot.adapters.index.lock import WriterLock
from diglot.adapters.index.quantising import encode
from diglot.adapters.index.snapshot import Reader, Snapshot
from diglot.adapters.index.state import META, State, remove_states, write_state
from diglot.adapters.index.table import Columns, Integers, append_removed, append_tail, remove_tables
from diglot.domain.identity import now_ms
from diglot.ports.index import IndexRow

HEAP_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """One `apply`, each key once."""

    rows: list[IndexRow]
    removed_groups: Collection[int]
    removed_keys: Collection[int]
    applied: int

    @staticmethod
    def of(rows: Iterable[IndexRow], groups: Collection[int], keys: Collection[int], applied: int) -> "Change":
        latest = {row.key: row for row in rows}
        return Change([latest[key] for key in sorted(latest)], groups, keys, applied)


class Writer:
    """The one writer of a folder, open between changes. Any error leaves it unusable: `abandon` it then."""

    def __init__(self, folder: Path, reader: Reader, dimension: int, patience: float) -> None:
        self._folder = folder
        self._reader = reader
        self._dimension = dimension
        self._lock = WriterLock(folder.with_name(f"{folder.name}.lock"), patience)
        try:
            reader.forget()
            snapshot = reader.snapshot()
            if snapshot is None:
                _clear(folder)
                self._index = text.open_text(folder, create=True)
            else:
                remove_states(folder, snapshot.stamp)
                remove_tables(folder, snapshot.state.table)
                self._index = text.open_text(folder)
            self._writer = text.open_writer(self._index, HEAP_BYTES)
        except BaseException:
            self._lock.release()
            raise

    def apply(self, change: Change) -> None:
        snapshot = self._reader.snapshot()
        state = snapshot.state if snapshot else State(dimension=self._dimension, table=now_ms())
        added = _columns(change.rows, state.dimension)
        gone = _rows_gone(snapshot, change, added.keys)
        append_tail(self._folder, state, added)
        append_removed(self._folder, state, gone)
        with text.engine_errors():
            if snapshot is not None:
                text.remove_rows(self._writer, snapshot.keys_of(gone).tolist())
            text.add_rows(self._writer, change.rows)
        self.commit(_after(state, snapshot, added, gone, change.applied))

    def commit(self, state: State) -> None:
        """Makes everything written so far true, together with `state`; on disk when it returns."""
        with text.engine_errors():
            write_state(self._folder, text.stamp(self._writer), state)
            sync_folder(self._folder)
            committed = self._writer.commit()
            # The engine renames its commit record into place and leaves the name to the system's leisure.
            sync_folder(self._folder)
        remove_states(self._folder, committed)
        self._reader.forget()

    def close(self) -> None:
        """Waits for merges under way: cutting each of them off would let small segments pile up."""
        try:
            with text.engine_errors():
                self._writer.wait_merging_threads()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Forgets what was not committed."""
        del self._writer, self._index
        self._lock.release()
        self._reader.forget()


def _columns(rows: list[IndexRow], dimension: int) -> Columns:
    keys = np.array([row.key for row in rows], np.int64)
    groups = np.array([row.group for row in rows], np.int64)
    if not dimension:
        return Columns(keys, groups, np.zeros(len(rows), np.float32))
    vectors = np.zeros((len(rows), dimension), np.float32)
    has_vector = np.zeros(len(rows), np.bool_)
    for place, row in enumerate(rows):
        if row.vector is not None and row.vector.shape == (dimension,):
            vectors[place] = row.vector
            has_vector[place] = True
    # Beyond float16 there is no vector that was normalised; such a row is found by its words alone.
    has_vector &= (np.abs(vectors) < 65_504).all(axis=1)
    vectors[~has_vector] = 0.0
    codes, scales = encode(vectors)
    return Columns(keys, groups, np.where(has_vector, scales, np.float32(0.0)), codes, vectors.astype(np.float16))


def _rows_gone(snapshot: Snapshot | None, change: Change, added: Integers) -> Integers:
    if snapshot is None:
        return np.zeros(0, np.int64)
    keys = np.concatenate([added, np.fromiter(change.removed_keys, np.int64)])
    rows = [snapshot.rows_of_keys(keys)]
    if change.removed_groups:
        rows.append(snapshot.rows_of_groups(np.unique(np.fromiter(change.removed_groups, np.int64))))
    gone = np.unique(np.concatenate(rows))
    return gone[gone >= 0]


def _after(state: State, snapshot: Snapshot | None, added: Columns, gone: Integers, applied: int) -> State:
    vectors_gone = int(np.count_nonzero(snapshot.scales_of(gone) > 0.0)) if snapshot else 0
    return replace(
        state,
        applied=applied,
        tail=state.tail + len(added),
        removed=state.removed + len(gone),
        live=state.live + len(added) - len(gone),
        vectors=state.vectors + int(np.count_nonzero(added.scales > 0.0)) - vectors_gone,
    )


def _clear(folder: Path) -> None:
    """Empties a folder, the commit record last but for what it names: a crash in between reads as damaged still."""
    folder.mkdir(parents=True, exist_ok=True)
    remove_states(folder, None)
    remove_file(folder / META)
    for path in folder.iterdir():
        remove_file(path)
    sync_folder(folder)
    sync_folder(folder.parent)
