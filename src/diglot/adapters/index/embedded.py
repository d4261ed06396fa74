"""The index in a folder of this machine: a folder a dataset and generation, words and vectors side by side."""

import shutil
import threading
import time
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np

from diglot.adapters.index import text
from diglot.adapters.index.compaction import Thresholds
from diglot.adapters.index.durable import sync_folder
from diglot.adapters.index.generation import GenerationFolder
from diglot.adapters.index.lock import WriterLock
from diglot.adapters.index.nearest import nearest
from diglot.adapters.index.quantising import QueryVector, cosines
from diglot.adapters.index.snapshot import Snapshot
from diglot.adapters.index.state import Damaged
from diglot.adapters.index.table import Integers
from diglot.adapters.index.writer import Change
from diglot.domain.dataset import Generation
from diglot.domain.identity import GenerationId, parse_id
from diglot.ports.index import Candidate, IndexRow, IndexStats, Vector

_MOST_READERS = 64
_MOST_WRITERS = 8
_READER_IDLE_SECONDS = 60.0
_WRITER_IDLE_SECONDS = 3.0
_FORGET_SECONDS = 60.0
_DROP_PATIENCE_SECONDS = 15.0
_DROPPED = ".dropped"


class EmbeddedIndex:
    """The `Index` port on files. Any number of processes read; a file lock lets one write a generation at a time.

    A damaged generation (files missing, cut short or unreadable) answers as never written: searches find nothing,
    `applied` is 0, and the `apply` after that starts clean. An `apply` whose caller has not yet been told so raises
    `IndexFailed`. A row whose vector is not finite, or not of the generation's dimension, is kept without its vector.
    `apply` raises `DiskFull` when there is no room and `IndexFailed` when another process holds the lock for long.
    """

    def __init__(self, folder: Path, thresholds: Thresholds | None = None) -> None:
        self._folder = folder
        self._thresholds = thresholds or Thresholds()
        self._folders: dict[str, GenerationFolder] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._janitor: threading.Thread | None = None

    def apply(
        self,
        generation: Generation,
        *,
        rows: Iterable[IndexRow],
        removed_groups: Collection[int],
        removed_keys: Collection[int],
        applied: int,
    ) -> None:
        change = Change.of(rows, removed_groups, removed_keys, applied)
        self._of(generation).apply(change)
        self._tidy()

    def applied(self, generation: Generation) -> int:
        folder = self._of(generation)
        was_reading = folder.is_reading
        applied = folder.applied()
        if not was_reading and folder.is_reading:
            self._tidy_readers()
        return applied

    def search_text(
        self, generation: Generation, tokens: Sequence[str], limit: int, groups: Collection[int] | None = None
    ) -> list[Candidate]:
        folder = self._of(generation)
        snapshot = self._snapshot(folder)
        if snapshot is None or (groups is not None and not groups):
            return []
        # Where there are no vectors, keywords are found in the text of every chunk.
        weight = text.FOUND if generation.dimension is None else text.GIVEN
        try:
            return text.search(snapshot.searcher, tokens, limit, groups, weight)
        except Damaged as error:
            folder.condemn(snapshot, error)
            return []

    def search_vector(
        self, generation: Generation, vector: Vector, limit: int, groups: Collection[int] | None = None
    ) -> list[Candidate]:
        snapshot = self._snapshot(self._of(generation))
        if snapshot is None or limit < 1 or len(vector) != snapshot.state.dimension:
            return []
        query = QueryVector.of(vector)
        allowed = None if groups is None else np.unique(np.fromiter(groups, np.int64))
        if query is None or (allowed is not None and not len(allowed)):
            return []
        keys, owners, scores = nearest(snapshot.parts, query, limit, allowed)
        return list(map(Candidate._make, zip(keys.tolist(), owners.tolist(), scores.tolist(), strict=True)))

    def vector_scores(self, generation: Generation, vector: Vector, keys: Sequence[int]) -> list[float | None]:
        snapshot = self._snapshot(self._of(generation))
        query = QueryVector.of(vector)
        if snapshot is None or query is None or len(vector) != snapshot.state.dimension:
            return [None] * len(keys)
        rows = snapshot.rows_of_keys(np.fromiter(keys, np.int64))
        places = np.flatnonzero(rows >= 0)
        places = places[snapshot.scales_of(rows[places]) > 0.0]
        scores: list[float | None] = [None] * len(keys)
        for place, score in zip(
            places.tolist(), cosines(query, snapshot.vectors_of(rows[places])).tolist(), strict=True
        ):
            scores[place] = score
        return scores

    def keys(self, generation: Generation) -> dict[int, int]:
        snapshot = self._snapshot(self._of(generation))
        if snapshot is None:
            return {}
        keys: list[Integers] = []
        groups: list[Integers] = []
        for part in snapshot.parts:
            rows = part.live_rows()
            keys.append(part.columns.keys[rows])
            groups.append(part.columns.groups[rows])
        return dict(zip(np.concatenate(keys).tolist(), np.concatenate(groups).tolist(), strict=True))

    def compact(self, generation: Generation) -> bool:
        done = self._of(generation).compact()
        self._tidy()
        return done

    def stats(self, generation: Generation) -> IndexStats:
        folder = self._of(generation)
        snapshot = self._snapshot(folder)
        if snapshot is None:
            return IndexStats(0, 0, 0, _size(folder.path))
        state = snapshot.state
        return IndexStats(state.live, state.vectors, state.tail + state.removed, _size(folder.path))

    def drop(self, generation: Generation) -> None:
        with self._lock:
            folder = self._folders.pop(generation.id, None)
        if folder is not None:
            folder.close_writer(wait=False)
            folder.close_reader()
        path = self._path(generation)
        if not path.exists():
            # A generation that the catalog has forgotten is known by its id alone.
            path = next(self._folder.glob(f"*/{generation.id}"), path)
        if path.exists():
            lock = WriterLock(path.with_name(f"{path.name}.lock"), _DROP_PATIENCE_SECONDS)
            try:
                path.rename(path.with_name(f"{path.name}-{time.time_ns()}{_DROPPED}"))
                sync_folder(path.parent)
            finally:
                lock.release(remove=True)
        self._sweep(path.parent)

    def generations(self) -> list[GenerationId]:
        found: list[GenerationId] = []
        for dataset in self._folder.glob("*/"):
            names = [path.name for path in dataset.iterdir() if path.is_dir()]
            found += [GenerationId(name) for name in names if parse_id(name) == name]
            if any(name.endswith(_DROPPED) for name in names):
                self._sweep(dataset)
        return found

    def close(self) -> None:
        self._closing.set()
        if self._janitor is not None:
            self._janitor.join()
        for folder in list(self._folders.values()):
            folder.close_writer(wait=False)
            folder.close_reader()

    def _path(self, generation: Generation) -> Path:
        return self._folder / generation.dataset_id / generation.id

    def _of(self, generation: Generation) -> GenerationFolder:
        folder = self._folders.get(generation.id)
        if folder is not None:
            return folder
        with self._lock:
            folder = GenerationFolder(self._path(generation), generation.dimension or 0, self._thresholds)
            folder = self._folders.setdefault(generation.id, folder)
            self._start_janitor()
        return folder

    def _snapshot(self, folder: GenerationFolder) -> Snapshot | None:
        was_reading = folder.is_reading
        snapshot = folder.snapshot()
        if not was_reading and folder.is_reading:
            self._tidy_readers()
        return snapshot

    def _start_janitor(self) -> None:
        if self._janitor is None and not self._closing.is_set():
            self._janitor = threading.Thread(target=self._tidy_on, name="index-janitor", daemon=True)
            self._janitor.start()

    def _tidy_on(self) -> None:
        forgot_at = time.monotonic()
        while not self._closing.wait(1.0):
            self._tidy()
            if time.monotonic() - forgot_at > _FORGET_SECONDS:
                forgot_at = time.monotonic()
                self._forget_dropped()

    def _tidy(self) -> None:
        """Lets go of what was idle for long, and of the longest idle beyond what one process may hold open."""
        now = time.monotonic()
        open_ones = [folder for folder in list(self._folders.values()) if folder.is_writing]
        writers = sorted(open_ones, key=lambda folder: folder.wrote_at)
        for place, folder in enumerate(writers):
            if now - folder.wrote_at > _WRITER_IDLE_SECONDS or place < len(writers) - _MOST_WRITERS:
                folder.close_writer()
        self._tidy_readers()

    def _tidy_readers(self) -> None:
        now = time.monotonic()
        open_ones = [folder for folder in list(self._folders.values()) if folder.is_reading]
        readers = sorted(open_ones, key=lambda folder: folder.searched_at)
        for place, folder in enumerate(readers):
            if _is_reader_idle(folder, now) or place < len(readers) - _MOST_READERS:
                folder.close_reader()

    def _forget_dropped(self) -> None:
        """Generations that this process used and another one dropped."""
        now = time.monotonic()
        with self._lock:
            for generation_id, folder in list(self._folders.items()):
                is_closed = not folder.is_reading and not folder.is_writing
                if is_closed and now - folder.used_at > _FORGET_SECONDS and not folder.path.exists():
                    del self._folders[generation_id]

    def _sweep(self, dataset: Path) -> None:
        """Removes what was dropped, and the dataset's folder when it holds nothing more."""
        if not dataset.is_dir():
            return
        for path in dataset.glob(f"*{_DROPPED}"):
            shutil.rmtree(path, ignore_errors=True)
        try:
            dataset.rmdir()
        except OSError:
            return


def _is_reader_idle(folder: GenerationFolder, now: float) -> bool:
    """Where only is written, a reader goes with its writer: each costs a thread and a dozen mapped files."""
    if now - folder.searched_at <= _READER_IDLE_SECONDS or now - folder.used_at <= _WRITER_IDLE_SECONDS:
        return False
    return not folder.is_writing


def _size(path: Path) -> int:
    if not path.is_dir():
        return 0
    total = 0
    for file in path.iterdir():
        try:
            total += file.stat().st_blocks * 512 if hasattr(file.stat(), "st_blocks") else file.stat().st_size
        except FileNotFoundError:
            continue
    return total
