"""A generation as of one commit, to search; and the reader that keeps the newest at hand."""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import tantivy

from diglot.adapters.index.graph import Graph
from diglot.adapters.index.nearest import Part
from diglot.adapters.index.quantising import Floats, Halves
from diglot.adapters.index.state import META, Damaged, State, commit_stamp, read_state
from diglot.adapters.index.table import Columns, Flags, Integers, file_of, load_main, load_removed, load_tail
from diglot.adapters.index.text import engine_errors, open_text

_log = logging.getLogger(__name__)

# File times tick every few milliseconds: two commits within a tick could look alike, but not for longer than this.
_RECHECK_SECONDS = 0.5
_TRIES = 50

Signature = tuple[int, int, int] | None
Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Stays searchable whatever is written, compacted or dropped after it. Rows of both parts are numbered through."""

    stamp: int
    state: State
    searcher: tantivy.Searcher
    main: Part
    tail: Part
    removed: Integers

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.main, self.tail

    def rows_of_keys(self, keys: Integers) -> Integers:
        """The live row of each key, -1 where there is none."""
        rows = self.tail.columns.find(keys)
        rows = np.where((rows >= 0) & _is_live(self.tail, rows), rows + self.state.main, -1)
        older = self.main.columns.find(keys)
        return np.where((rows < 0) & (older >= 0) & _is_live(self.main, older), older, rows)

    def rows_of_groups(self, groups: Integers) -> Integers:
        """The live rows of groups (sorted, each once)."""
        main = self.main.keep_live(self.main.columns.of_groups(groups))
        tail = self.tail.keep_live(self.tail.columns.of_groups(groups))
        return np.concatenate([main, tail + self.state.main])

    def keys_of(self, rows: Integers) -> Integers:
        return self._picked(rows, self.main.columns.keys, self.tail.columns.keys)

    def scales_of(self, rows: Integers) -> Floats:
        return self._picked(rows, self.main.columns.scales, self.tail.columns.scales)

    def vectors_of(self, rows: Integers) -> Halves:
        """Needs a generation that has vectors."""
        main, tail = self.main.columns.vectors, self.tail.columns.vectors
        assert main is not None
        assert tail is not None
        return self._picked(rows, main, tail)

    def _picked(self, rows: Integers, main: npt.NDArray[Kind], tail: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        is_main = rows < self.state.main
        picked = np.empty((len(rows), *main.shape[1:]), main.dtype)
        picked[is_main] = main[rows[is_main]]
        picked[~is_main] = tail[rows[~is_main] - self.state.main]
        return picked

    def columns_of(self, rows: Integers) -> Columns:
        """Copies of these rows, in order."""
        main, tail = self.main.columns, self.tail.columns
        picked = {
            name: self._picked(rows, getattr(main, name), getattr(tail, name))
            for name in ("keys", "groups", "scales", "codes", "vectors")
            if getattr(main, name) is not None
        }
        return Columns(**picked)


def _is_live(part: Part, rows: Integers) -> Flags:
    # Rows of -1 answer anything: callers look at those first.
    return np.ones(len(rows), np.bool_) if part.is_live is None else part.is_live[rows]


class Reader:
    """The newest snapshot of a folder, reloaded when its commit record has changed. Thread-safe.

    A folder whose files do not fit together reads as never written; `is_damaged` then tells it from an empty one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._text: tantivy.Index | None = None
        self._snapshot: Snapshot | None = None
        self._signature: Signature = None
        self._checked = 0.0
        self._applied: tuple[Signature, int] = (None, 0)
        self.is_damaged = False

    @property
    def is_open(self) -> bool:
        return self._text is not None

    def snapshot(self) -> Snapshot | None:
        """None where nothing was ever committed, or what was cannot be read."""
        signature = _signature(self._folder)
        if signature == self._signature and time.monotonic() - self._checked < _RECHECK_SECONDS:
            return self._snapshot
        with self._lock:
            if signature != self._signature or not self._is_current():
                self._load(signature)
            self._checked = time.monotonic()
            return self._snapshot

    def applied(self) -> int:
        """What the newest snapshot says, without opening again what was closed and has not changed since."""
        signature = _signature(self._folder)
        if signature is None or signature != self._applied[0]:
            snapshot = self.snapshot()
            self._applied = (signature, snapshot.state.applied) if snapshot else (None, 0)
        return self._applied[1]

    def forget(self) -> None:
        """Makes the next look see what was just written."""
        with self._lock:
            self._applied = (None, 0)
            self._checked = 0.0
            self._signature = None

    def condemn(self, snapshot: Snapshot, reason: Damaged) -> None:
        """Takes a snapshot whose files turned out to be unreadable for damaged, until something else is written."""
        with self._lock:
            if self._snapshot is snapshot:
                self._give_up(reason)

    def close(self) -> None:
        with self._lock:
            self._text = self._snapshot = None
            self._signature = None
            self._checked = 0.0

    def _is_current(self) -> bool:
        if self._snapshot is None:
            return self.is_damaged
        try:
            return commit_stamp(self._folder) == self._snapshot.stamp
        except Damaged:
            return False

    def _load(self, signature: Signature) -> None:
        for _ in range(_TRIES):
            try:
                self._snapshot = self._read()
                self._signature, self.is_damaged = signature, False
                return
            except Damaged as reason:
                # What was missing may just have been replaced: damage is what stands still.
                newer = _signature(self._folder)
                if newer == signature:
                    self._signature = signature
                    self._give_up(reason)
                    return
                signature = newer
        self._signature = None

    def _read(self) -> Snapshot | None:
        stamp = commit_stamp(self._folder)
        if stamp is None:
            self._text = None
            return None
        state = read_state(self._folder, stamp)
        if self._text is None:
            self._text = open_text(self._folder)
        with engine_errors():
            self._text.reload()
            searcher = self._text.searcher()
        snapshot = _assembled(self._folder, stamp, state, searcher, self._snapshot)
        if commit_stamp(self._folder) != stamp:
            raise Damaged("a commit came between")
        return snapshot

    def _give_up(self, reason: Damaged) -> None:
        if not self.is_damaged:
            _log.warning("search index %s cannot be used and must be rebuilt: %s", self._folder.name, reason)
        self._text = self._snapshot = None
        self._applied = (None, 0)
        self.is_damaged = True


def _assembled(folder: Path, stamp: int, state: State, searcher: tantivy.Searcher, older: Snapshot | None) -> Snapshot:
    removed = load_removed(folder, state).astype(np.int64)
    is_of_tail = removed >= state.main
    if older is not None and older.state.table == state.table:
        columns, graph = older.main.columns, older.main.graph
    else:
        columns = load_main(folder, state)
        graph = Graph(file_of(folder, "graph", state.table), state.dimension, state.graph) if state.graph else None
    tail = load_tail(folder, state)
    return Snapshot(
        stamp,
        state,
        searcher,
        Part(columns, _live_flags(len(columns), removed[~is_of_tail]), graph),
        Part(tail, _live_flags(len(tail), removed[is_of_tail] - state.main)),
        removed,
    )


def _live_flags(count: int, removed: Integers) -> Flags | None:
    if not len(removed):
        return None
    flags = np.ones(count, np.bool_)
    flags[removed] = False
    return flags


def _signature(folder: Path) -> Signature:
    try:
        found = (folder / META).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
