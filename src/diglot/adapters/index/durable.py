"""Bytes that survive a power cut."""

import os
import sys
from pathlib import Path

if sys.platform == "darwin":
    import fcntl

    def _sync(descriptor: int) -> None:
        # fsync alone leaves the bytes in the drive's cache there.
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)

else:

    def _sync(descriptor: int) -> None:
        os.fsync(descriptor)


def write_at(path: Path, offset: int, content: bytes | memoryview) -> None:
    """Overwrites or extends a file from `offset` on; on disk when it returns, but for a new file's name."""
    with open(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b") as file:
        file.seek(offset)
        file.write(content)
        file.flush()
        _sync(file.fileno())


def sync_file(path: Path) -> None:
    with path.open("r+b") as file:
        _sync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes new, renamed and removed names in a folder last."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_file(path: Path) -> None:
    """Removes a file that nobody needs; one that is still open elsewhere, on Windows, waits for the next try."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        if sys.platform != "win32":
            raise
