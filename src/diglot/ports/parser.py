"""Files to text in reading order."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from diglot.domain.parsed import Parsed
from diglot.domain.picture import PageImage, Picture


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that can be read: its usual extension without the dot, and its media type."""

    extension: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What one document may cost. Seconds, bytes, characters, counts."""

    wall_seconds: float = 300.0
    cpu_seconds: int = 240
    memory_bytes: int = 1_500_000_000
    output_characters: int = 50_000_000
    pages: int = 10_000
    unpacked_bytes: int = 500_000_000
    unpacked_ratio: int = 200
    archive_entries: int = 10_000
    pixels: int = 100_000_000


class Parser(Protocol):
    """Reads user bytes apart from the caller: a file that crashes, loops or eats memory costs only itself.

    `parse` raises `ParseFailed` (or a subclass) with a plain sentence for the user; `ParserCrashed` alone is worth
    another try. It calls `is_cancelled` at least once a second and raises `Cancelled` within a second of a true answer.
    Thread-safe; several documents may be read at once.
    """

    def file_type(self, name: str, head: bytes = b"") -> FileType | None:
        """The type by content (`head`: the first 4 KiB or so), else by the name's extension; None if unreadable."""

    def extensions(self) -> list[str]:
        """Every extension that can be read, sorted, without the dot."""

    def parse(
        self,
        path: Path,
        name: str,
        limits: ParseLimits,
        is_cancelled: Callable[[], bool],
        media_type: str | None = None,
    ) -> Parsed:
        """`media_type`: what the content was taken for when it came. Of "text/plain" it is believed: a text that was
        sent as one is a text, whatever it begins with."""

    def picture(
        self, path: Path, name: str, page: int, limits: ParseLimits, is_cancelled: Callable[[], bool]
    ) -> Picture:
        """What one of the pages that `parse` called `scans` looks like; everything said of `parse` holds here."""

    def page_image(
        self,
        path: Path,
        name: str,
        page: int,
        fit: tuple[int, int],
        limits: ParseLimits,
        is_cancelled: Callable[[], bool],
    ) -> PageImage:
        """A page, from 1, as large as `fit` (most width and height, in pixels) and a bound on all pixels allow; a
        picture never larger than it is. `NoPages`, `PageNotFound`; everything said of `parse` holds here."""

    def close(self) -> None: ...
