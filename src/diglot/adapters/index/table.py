"""The rows of a generation: a main part, sorted by key, that compaction made, and a tail that grows.

Each part is a few files named by the table's number: keys, groups and scales, and where the generation has vectors
their codes and components. A file may be longer than the state says; what lies beyond was never committed. A row with
scale 0 has no vector. Removals are a list of row numbers, the tail's counted on from the main part's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from diglot.adapters.index.durable import remove_file, write_at
from diglot.adapters.index.quantising import Codes, Floats, Halves
from diglot.adapters.index.state import Damaged, State

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_TAIL_ROW = np.dtype([("key", "<i8"), ("group", "<i8"), ("scale", "<f4"), ("spare", "<u4")])
_REMOVED = np.dtype("<u4")
_KINDS = ("keys", "groups", "scales", "codes", "vectors", "tail", "tailcodes", "tailvectors", "removed", "graph")


def file_of(folder: Path, kind: str, table: int) -> Path:
    return folder / f"{kind}-{table}"


def remove_tables(folder: Path, keep: int | None) -> None:
    """The files of every table but one."""
    for path in folder.iterdir():
        kind, _, number = path.name.partition("-")
        if kind in _KINDS and number.isdecimal() and int(number) != keep:
            remove_file(path)


@dataclass(frozen=True, eq=False)
class Columns:
    """Rows as arrays. `codes` and `vectors` are None where the generation has none."""

    keys: Integers
    groups: Integers
    scales: Floats
    codes: Codes | None = None
    vectors: Halves | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: Integers) -> Integers:
        """The last row of each key, -1 where there is none."""
        if not len(self.keys):
            return np.full(len(keys), -1, np.int64)
        firsts, places, lengths = self._key_runs
        run = np.searchsorted(firsts, keys, side="right") - 1
        beyond = keys - firsts[run]
        is_there = (run >= 0) & (beyond < lengths[run])
        rows = np.where(is_there, places[run] + beyond, 0)
        return np.where(is_there, rows if self._order is None else self._order[rows], -1)

    def of_groups(self, groups: Integers) -> Integers:
        """The rows of these groups (sorted, each once), in no order that means anything."""
        starts, lengths, owners = self._runs
        first = np.searchsorted(owners, groups, side="left")
        runs = spans(first, np.searchsorted(owners, groups, side="right") - first)
        return spans(starts[runs], lengths[runs])

    @cached_property
    def _order(self) -> Integers | None:
        if bool((self.keys[1:] > self.keys[:-1]).all()):
            return None
        return np.argsort(self.keys, kind="stable")

    @cached_property
    def _key_runs(self) -> tuple[Integers, Integers, Integers]:
        # Keys are given out one after another: a directory of unbroken runs is small enough to stay in the CPU's cache.
        ordered = self.keys if self._order is None else self.keys[self._order]
        places = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 2) != 1)
        return ordered[places], places, np.diff(places, append=len(ordered))

    @cached_property
    def _runs(self) -> tuple[Integers, Integers, Integers]:
        # Neighbours mostly share a group, since a document is written at once: a directory of runs stays small.
        starts = np.flatnonzero(np.diff(self.groups, prepend=self.groups[:1] - 1))
        lengths = np.diff(starts, append=len(self.groups))
        owners = self.groups[starts]
        order = np.argsort(owners, kind="stable")
        return starts[order], lengths[order], owners[order]


def spans(starts: Integers, lengths: Integers) -> Integers:
    """start, start + 1, ... for each start, as many as its length says, one after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) + np.repeat(starts - ends + lengths, lengths)


def load_main(folder: Path, state: State) -> Columns:
    """The main part, mapped from its files. `Damaged` if they are too short."""
    count, table = state.main, state.table
    return Columns(
        keys=_mapped(file_of(folder, "keys", table), np.dtype("<i8"), (count,)),
        groups=_mapped(file_of(folder, "groups", table), np.dtype("<i8"), (count,)),
        scales=_mapped(file_of(folder, "scales", table), np.dtype("<f4"), (count,)),
        **_mapped_vectors(folder, state, count, prefix=""),
    )


def load_tail(folder: Path, state: State) -> Columns:
    """The tail; its keys, groups and scales are copied, its vectors mapped. `Damaged` as for the main part."""
    rows = _mapped(file_of(folder, "tail", state.table), _TAIL_ROW, (state.tail,))
    return Columns(
        keys=rows["key"].copy(),
        groups=rows["group"].copy(),
        scales=rows["scale"].copy(),
        **_mapped_vectors(folder, state, state.tail, prefix="tail"),
    )


def load_removed(folder: Path, state: State) -> npt.NDArray[np.uint32]:
    return _mapped(file_of(folder, "removed", state.table), _REMOVED, (state.removed,))


def append_tail(folder: Path, state: State, columns: Columns) -> None:
    """Writes rows behind the tail that the state names; on disk when it returns, and not believed before a commit."""
    rows = np.zeros(len(columns), _TAIL_ROW)
    rows["key"], rows["group"], rows["scale"] = columns.keys, columns.groups, columns.scales
    _write(file_of(folder, "tail", state.table), state.tail, rows)
    if columns.codes is not None and columns.vectors is not None:
        _write(file_of(folder, "tailcodes", state.table), state.tail, columns.codes)
        _write(file_of(folder, "tailvectors", state.table), state.tail, columns.vectors)


def append_removed(folder: Path, state: State, rows: Integers) -> None:
    """As `append_tail`, for the list of removals."""
    _write(file_of(folder, "removed", state.table), state.removed, rows.astype(_REMOVED))


def append_main(folder: Path, state: State, columns: Columns) -> None:
    """As `append_tail`, for a main part in the making."""
    named: Iterable[tuple[str, npt.NDArray[np.generic] | None]] = (
        ("keys", columns.keys),
        ("groups", columns.groups),
        ("scales", columns.scales),
        ("codes", columns.codes),
        ("vectors", columns.vectors),
    )
    for kind, values in named:
        if values is not None:
            _write(file_of(folder, kind, state.table), state.main, values)


def _write(path: Path, row: int, values: npt.NDArray[np.generic]) -> None:
    content = np.ascontiguousarray(values)
    width = content.dtype.itemsize * int(np.prod(content.shape[1:], dtype=np.int64))
    write_at(path, row * width, content.tobytes())


def _mapped_vectors(folder: Path, state: State, count: int, prefix: str) -> dict[str, Any]:
    if not state.dimension:
        return {}
    shape = (count, state.dimension)
    return {
        "codes": _mapped(file_of(folder, f"{prefix}codes", state.table), np.dtype("i1"), shape),
        "vectors": _mapped(file_of(folder, f"{prefix}vectors", state.table), np.dtype("<f2"), shape),
    }


def _mapped(path: Path, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    if shape[0] == 0:
        return np.zeros(shape, dtype)
    try:
        return np.asarray(np.memmap(path, dtype, mode="r", shape=shape))
    except (FileNotFoundError, ValueError) as error:
        # A map past the end of a file would end the process when it is touched; numpy refuses it.
        raise Damaged(f"{path.name} is missing or too short") from error
