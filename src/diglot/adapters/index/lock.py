"""One writer a generation: a file lock that the system releases when its process dies."""

import os
import sys
import time
import weakref
from pathlib import Path

from diglot.domain.errors import IndexFailed

_PAUSE_SECONDS = 0.005
_held: "weakref.WeakSet[WriterLock]" = weakref.WeakSet()


class WriterLock:
    """Taken when made, by waiting up to `patience` seconds; then `IndexFailed`."""

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._descriptor = _take(path, time.monotonic() + patience)
        _held.add(self)

    def release(self, *, remove: bool = False) -> None:
        """`remove` takes the file away too, while it is still ours."""
        if self not in _held:
            return
        _held.discard(self)
        if remove and sys.platform != "win32":
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


def _take(path: Path, deadline: float) -> int:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if _try_lock(descriptor) and _is_current(path, descriptor):
            return descriptor
        os.close(descriptor)
        if time.monotonic() > deadline:
            raise IndexFailed("Another process is writing this search index.")
        time.sleep(_PAUSE_SECONDS)


def _is_current(path: Path, descriptor: int) -> bool:
    # Whoever dropped the generation took the file away with the lock held: a lock on that file guards nothing.
    try:
        return sys.platform == "win32" or os.stat(path).st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


def _close_inherited() -> None:
    # A lock lives as long as any copy of its descriptor: a forked child would keep a dead parent's lock.
    for lock in list(_held):
        _held.discard(lock)
        os.close(lock._descriptor)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    os.register_at_fork(after_in_child=_close_inherited)
