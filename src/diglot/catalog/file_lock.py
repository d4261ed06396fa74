"""A fair lock between processes, by files beside the database.

SQLite's own waiting is a sleep that grows, so a busy process starves the others for seconds. Here waiters sleep in the
kernel, and the second file keeps whoever has just released the lock from taking it again past somebody who waits.
"""

import os
import sys
import time
import weakref
from pathlib import Path
from types import TracebackType

_open_locks: "weakref.WeakSet[FileLock]" = weakref.WeakSet()


class FileLock:
    """For one thread at a time. The system releases it when the process dies."""

    def __init__(self, path: Path) -> None:
        self._turn = os.open(path.with_name(path.name + "-turn"), os.O_RDWR | os.O_CREAT, 0o600)
        self._lock = os.open(path.with_name(path.name + "-lock"), os.O_RDWR | os.O_CREAT, 0o600)
        _open_locks.add(self)

    def __enter__(self) -> None:
        _acquire(self._turn)
        try:
            _acquire(self._lock)
        finally:
            _release(self._turn)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _release(self._lock)

    def close(self) -> None:
        if self in _open_locks:
            _open_locks.discard(self)
            os.close(self._turn)
            os.close(self._lock)


def _close_inherited() -> None:
    # A lock lives as long as any copy of its descriptor: a forked child would keep a dead parent's lock.
    for lock in list(_open_locks):
        lock.close()


if sys.platform == "win32":
    import msvcrt

    def _acquire(descriptor: int) -> None:
        while True:
            try:
                return msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.002)

    def _release(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _acquire(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)

    os.register_at_fork(after_in_child=_close_inherited)
