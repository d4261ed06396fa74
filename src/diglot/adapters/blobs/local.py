"""Blobs in a folder: ab/cd/<sha256>, complete and on disk or not there."""

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from diglot.domain.errors import DiskFull, FileNotFound
from diglot.ports.blobs import BlobInfo

STALE_SECONDS = 24 * 3600
"""Age at which a half-written file has no writer any more."""

_HEX = frozenset("0123456789abcdef")
_TEMPORARY = "tmp"


class LocalBlobs:
    """Implements `ports.blobs.Blobs`.

    A write is: temporary file, fsync, rename, fsync of every folder whose entries changed. An fsync that fails raises
    `OSError` and is not tried again: the kernel may have dropped the data already, and a second call would say yes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._temporary = folder / _TEMPORARY
        self._lasting: set[Path] = set()
        if not self._temporary.is_dir():
            self._temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
            _flush_folder(folder)
            _flush_folder(folder.parent)
        self._remove_leftovers()

    def put(self, content: Iterable[bytes]) -> BlobInfo:
        with _full_disk_told(), tempfile.NamedTemporaryFile(dir=self._temporary, delete=False) as file:
            try:
                digest = hashlib.sha256()
                for piece in content:
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
                return self._keep(Path(file.name), digest.hexdigest())
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(file.name)

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as missing:
            raise FileNotFound(f"There is no blob {sha256}.") from missing

    @contextmanager
    def local_path(self, sha256: str) -> Iterator[Path]:
        path = self._path(sha256)
        if not path.is_file():
            raise FileNotFound(f"There is no blob {sha256}.")
        yield path

    def size(self, sha256: str) -> int | None:
        try:
            return self._path(sha256).stat().st_size
        except (FileNotFound, FileNotFoundError):
            return None

    def delete(self, sha256: str, unless_after: int | None = None) -> bool:
        """Not flushed: a blob that a power cut brings back is harmless.

        Taken aside before its age is looked at: whoever puts it again meanwhile makes a new file.
        """
        try:
            path = self._path(sha256)
            if unless_after is not None and _info(path).modified_at > unless_after:
                return False
            aside = self._temporary / f"{sha256}-{time.time_ns()}"
            path.rename(aside)
        except (FileNotFound, FileNotFoundError):
            return True
        if unless_after is None or _info(aside).modified_at <= unless_after:
            aside.unlink()
            return True
        os.replace(aside, path)
        return False

    def list(self) -> Iterator[BlobInfo]:
        for shard in sorted(self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
            for path in sorted(shard.iterdir()):
                # A blob may be deleted while we look.
                with suppress(FileNotFoundError):
                    if _is_name(path.name):
                        yield _info(path)

    def _path(self, sha256: str) -> Path:
        if not _is_name(sha256):
            raise FileNotFound("There is no such blob.")
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    def _keep(self, written: Path, sha256: str) -> BlobInfo:
        """Renames over an equal blob too: a torn copy from a disk error is healed, and its age begins anew, so that a
        purge of old unreferenced blobs leaves it alone."""
        path = self._path(sha256)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.replace(written, path)
        _flush_folder(path.parent)
        self._make_last(path.parent)
        return _info(path)

    def _make_last(self, shard: Path) -> None:
        """Flushes the folders above, once: that a shard is there does not mean that whoever made it flushed it yet."""
        for folder in (shard, shard.parent):
            if folder not in self._lasting:
                _flush_folder(folder.parent)
                self._lasting.add(folder)

    def _remove_leftovers(self) -> None:
        """Other processes may be writing: only old files go. A blob that was taken aside comes back, whoever was
        deleting it: the next purge will see."""
        for path in self._temporary.iterdir():
            with suppress(FileNotFoundError):
                name = path.name.partition("-")[0]
                if _is_name(name):
                    path.rename(self._path(name))
                elif time.time() - path.stat().st_mtime > STALE_SECONDS:
                    path.unlink()


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise


def _is_name(text: str) -> bool:
    return len(text) == 64 and _HEX.issuperset(text)


def _info(path: Path) -> BlobInfo:
    found = path.stat()
    return BlobInfo(path.name, found.st_size, found.st_mtime_ns // 1_000_000)


def _flush_folder(folder: Path) -> None:
    """Makes renames in it last. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
