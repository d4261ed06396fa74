"""Many files as one zip archive, piece by piece: neither the archive nor any of its files is ever whole in memory."""

import re
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from diglot.library.naming import numbered

PIECE_BYTES = 1 << 18
# Most files are compressed in themselves, and the disk waits less than the processor.
LEVEL = 1
# Of a name in a folder; what `numbered` adds has room below the 255 that file systems allow.
NAME_BYTES = 230
# What separates folders, and what Windows allows in no name.
UNFIT = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """`modified_at` in milliseconds. `open` is called when its turn comes, and what it gives is closed."""

    name: str
    size: int
    modified_at: int
    open: Callable[[], BinaryIO]


def zipped(files: Iterable[ArchivedFile]) -> Generator[bytes, None, None]:
    """Never an empty piece. Names become those of files in one folder, each once, whatever they were."""
    written = _Written()
    names: set[str] = set()
    with ZipFile(written, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:  # type: ignore[call-overload]  # asks for no more than `write`
        for file in files:
            name = numbered(entry_name(file.name), names)
            names.add(name.casefold())
            entry = ZipInfo(name, time.gmtime(max(file.modified_at / 1000, 315_532_800))[:6])
            entry.compress_type, entry.file_size = ZIP_DEFLATED, file.size
            with archive.open(entry, "w") as target, file.open() as source:
                while piece := source.read(PIECE_BYTES):
                    target.write(piece)
                    yield from written.taken()
    yield from written.taken()


def entry_name(name: str) -> str:
    """A name that is no path, on no system, and not too long for a file."""
    plain = UNFIT.sub("_", name).strip().rstrip(".") or "_"
    suffix = PurePosixPath(plain).suffix
    if len(suffix.encode()) > NAME_BYTES // 2:
        suffix = ""
    return _cut(plain.removesuffix(suffix), NAME_BYTES - len(suffix.encode())) + suffix


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore")


class _Written:
    """What was written since it was last taken. It cannot be sought in: sizes then follow the files they are of."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> Generator[bytes, None, None]:
        pieces, self._pieces = self._pieces, []
        if any(pieces):
            yield b"".join(pieces)
