"""Approximate neighbours by a navigable graph (HNSW) over the codes, for parts too large to scan.

Its entries are chunk keys, so that it survives when compaction moves rows. It is mapped, not loaded, to be searched.
"""

import threading
from pathlib import Path

import numpy as np

from diglot.adapters.index.durable import sync_file
from diglot.adapters.index.graph_library import Index
from diglot.adapters.index.quantising import Codes
from diglot.adapters.index.state import Damaged
from diglot.adapters.index.table import Integers

CONNECTIVITY = 16
EXPANSION_ADD = 128
EXPANSION_SEARCH = 128
_BATCH = 4096


class Graph:
    """A finished graph, mapped from its file of `size` bytes; `Damaged` if that is not what is there."""

    def __init__(self, path: Path, dimension: int, size: int) -> None:
        # The library, when it cannot map a file, closes a descriptor twice: by then it may be somebody else's.
        if not path.is_file() or path.stat().st_size != size:
            raise Damaged(f"{path.name} is missing or not whole")
        self._index = _empty(dimension, EXPANSION_SEARCH)
        # The library searches with one shared scratch space; it does not promise to hold off other threads.
        self._lock = threading.Lock()
        try:
            self._index.view(path)
        except (RuntimeError, ValueError, OSError) as error:
            raise Damaged(f"{path.name} cannot be read") from error

    def nearest(self, codes: Codes, count: int) -> Integers:
        """Up to `count` keys, nearest first as far as the graph knows."""
        with self._lock:
            return self._index.search(codes, count, threads=1).keys.astype(np.int64)


class GraphBuilder:
    """Makes a new graph file, from nothing or from an older graph. Holds all of it in memory."""

    def __init__(self, dimension: int, older: Path | None = None) -> None:
        self._index = _empty(dimension, EXPANSION_SEARCH)
        if older is not None:
            self._index.load(older)

    def remove(self, keys: Integers) -> None:
        if len(keys):
            self._index.remove(keys.astype(np.uint64))

    def add(self, keys: Integers, codes: Codes) -> None:
        for start in range(0, len(keys), _BATCH):
            stop = start + _BATCH
            self._index.add(keys[start:stop].astype(np.uint64), np.ascontiguousarray(codes[start:stop]), threads=1)

    def save(self, path: Path) -> int:
        """On disk when it returns, but for a new file's name. Answers its size."""
        self._index.save(path)
        sync_file(path)
        return path.stat().st_size


def _empty(dimension: int, expansion: int) -> Index:
    return Index(
        ndim=dimension,
        metric="cos",
        dtype="i8",
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_ADD,
        expansion_search=expansion,
    )
