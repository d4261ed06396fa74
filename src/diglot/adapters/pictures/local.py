"""Pictures in a folder: ab/<sha256>/<page>-<width>x<height>.png, beside what is said of each."""

import os
import shutil
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from diglot.domain.picture import PageImage

MOST_BYTES = 500_000_000
LOOKS = 32
"""How often the folder is looked through while as much is written as it may hold."""

KEPT = 0.8
"""What is left of that when the oldest go."""

_HEAD = struct.Struct("<IIId")
"""Width, height, pages, points: what stands before the PNG."""


class LocalPictures:
    """Implements `ports.pictures.Pictures`. What was not used for longest goes first; a few writes beyond the bound may
    pass before anybody looks."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._unseen = 0
        self._lock = threading.Lock()

    def get(self, source: str, page: int, fit: tuple[int, int]) -> PageImage | None:
        path = self._path(source, page, fit)
        try:
            kept = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        if len(kept) <= _HEAD.size:
            return None
        width, height, pages, points = _HEAD.unpack_from(kept)
        return PageImage(kept[_HEAD.size :], width, height, points, pages)

    def put(self, source: str, page: int, fit: tuple[int, int], image: PageImage) -> None:
        kept = _HEAD.pack(image.width, image.height, image.pages, image.points) + image.png
        path = self._path(source, page, fit)
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, kept)
        self._make_room(len(kept))

    def forget(self, source: str) -> None:
        shutil.rmtree(self._of(source), ignore_errors=True)

    def _of(self, source: str) -> Path:
        return self._folder / source[:2] / source

    def _path(self, source: str, page: int, fit: tuple[int, int]) -> Path:
        return self._of(source) / f"{page}-{fit[0]}x{fit[1]}.png"

    def _make_room(self, written: int) -> None:
        with self._lock:
            self._unseen += written
            if self._unseen < self._most_bytes // LOOKS:
                return
            self._unseen = 0
        found = sorted(self._found())
        used = sum(size for _, size, _ in found)
        if used <= self._most_bytes:
            return
        for _, size, path in found:
            if used <= KEPT * self._most_bytes:
                return
            with suppress(OSError):
                path.unlink()
            with suppress(OSError):
                # Only an empty one goes.
                path.parent.rmdir()
            used -= size

    def _found(self) -> Iterator[tuple[float, int, Path]]:
        """When it was used last, bytes, where."""
        for path in self._folder.glob("*/*/*"):
            with suppress(OSError):
                seen = path.stat()
                yield seen.st_mtime, seen.st_size, path


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.close()
            os.replace(file.name, path)
        except OSError:
            os.unlink(file.name)
            raise
