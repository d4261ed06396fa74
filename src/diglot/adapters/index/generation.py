"""One generation's folder: its reader, and its writer while there is something to write."""

import errno
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diglot.adapters.index.compaction import Thresholds, compact, is_worthwhile
from diglot.adapters.index.snapshot import Reader, Snapshot
from diglot.adapters.index.state import Damaged
from diglot.adapters.index.table import remove_tables
from diglot.adapters.index.writer import Change, Writer
from diglot.domain.errors import DiskFull, IndexFailed

_PATIENCE_SECONDS = 15.0


class GenerationFolder:
    """Thread-safe. Closing lets go of files and threads; the next use opens them again.

    `searched_at`, `wrote_at` and `used_at`, for whatever it was, are of the monotonic clock.
    """

    def __init__(self, path: Path, dimension: int, thresholds: Thresholds) -> None:
        self.path = path
        self._dimension = dimension
        self._thresholds = thresholds
        self._reader = Reader(path)
        self._write_lock = threading.RLock()
        self._compact_lock = threading.Lock()
        self._writer: Writer | None = None
        self._compacting = False
        self._damage_told = False
        self.searched_at = -math.inf
        self.used_at = self.wrote_at = time.monotonic()

    @property
    def is_reading(self) -> bool:
        return self._reader.is_open

    @property
    def is_writing(self) -> bool:
        return self._writer is not None

    def snapshot(self) -> Snapshot | None:
        """To search it."""
        self.searched_at = self.used_at = time.monotonic()
        return self._reader.snapshot()

    def condemn(self, snapshot: Snapshot, reason: Damaged) -> None:
        self._reader.condemn(snapshot, reason)

    def applied(self) -> int:
        self.used_at = time.monotonic()
        applied = self._reader.applied()
        self._damage_told = self._reader.is_damaged
        return applied

    def apply(self, change: Change) -> None:
        with self._write_lock, self._writing() as writer:
            writer.apply(change)

    def compact(self) -> bool:
        snapshot = self._reader.snapshot()
        if snapshot is None or not is_worthwhile(snapshot.state, self._thresholds):
            return False
        if not self._compact_lock.acquire(blocking=False):
            return False
        self._compacting = True
        try:
            return self._compact()
        finally:
            self._compacting = False
            self._compact_lock.release()

    def _compact(self) -> bool:
        with self._write_lock, self._writing() as opened:
            source = self._reader.snapshot()
        if source is None:
            return False
        with _failures():
            compacted = compact(self.path, source, self._thresholds)
        with self._write_lock, self._writing() as writer:
            latest = self._reader.snapshot()
            # An error in between let the writer go, and whoever opens the next removes what nothing counts yet.
            if writer is not opened or latest is None:
                remove_tables(self.path, None if latest is None else latest.state.table)
                return False
            writer.commit(compacted.follow(self.path, latest))
            remove_tables(self.path, compacted.state.table)
        return True

    def close_writer(self, *, wait: bool = True) -> bool:
        """False if it is at work. `wait`: for merges under way, else they are given up."""
        if self._compacting or not self._write_lock.acquire(blocking=False):
            return False
        try:
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.close() if wait else writer.abandon()
            return True
        finally:
            self._write_lock.release()

    def close_reader(self) -> None:
        self._reader.close()

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        """The open writer; any error closes it, so that the next change starts from what was committed."""
        try:
            with _failures():
                if self._writer is None:
                    self._writer = self._opened()
                yield self._writer
        except BaseException:
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.abandon()
            raise
        finally:
            self.used_at = self.wrote_at = time.monotonic()

    def _opened(self) -> Writer:
        self._reader.forget()
        if self._reader.snapshot() is None and self._reader.is_damaged and not self._damage_told:
            # The caller believes in what was applied before, and would bring only what came after it.
            raise IndexFailed("The search index is damaged and must be rebuilt.")
        self._damage_told = False
        return Writer(self.path, self._reader, self._dimension, _PATIENCE_SECONDS)


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except Damaged as error:
        raise IndexFailed(f"The search index could not be written: {error}") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise IndexFailed(f"The search index could not be written: {error}") from error
