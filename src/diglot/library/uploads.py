"""From what was sent to a durable blob: checked for kind and size on the way, never whole in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from diglot.domain.errors import FileTooLarge, FileTypeUnsupported
from diglot.ports.blobs import Blobs
from diglot.ports.parser import Parser

HEAD_BYTES = 4096
PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A blob that a revision can be made of."""

    sha256: str
    size: int
    media_type: str


class Uploads:
    def __init__(self, blobs: Blobs, parser: Parser, *, file_bytes: int) -> None:
        self._blobs = blobs
        self._parser = parser
        self._file_bytes = file_bytes

    def can_read(self, name: str) -> bool:
        """Whether a file of this name is of a kind that can be read."""
        return self._parser.file_type(name) is not None

    def keep(
        self,
        name: str,
        content: Iterable[bytes] | BinaryIO,
        media_type: str | None = None,
        otherwise: str | None = None,
    ) -> Source:
        """`media_type` None: found by content and name, and where they do not tell, `otherwise`.
        `FileTypeUnsupported`, `FileTooLarge`: nothing is kept."""
        head, rest = _head(_pieces(content))
        media_type = media_type or self._found(name, head) or otherwise
        if media_type is None:
            raise FileTypeUnsupported(name=name)
        blob = self._blobs.put(self._capped(chain((head,), rest)))
        return Source(blob.sha256, blob.size, media_type)

    def open(self, sha256: str) -> BinaryIO:
        """`FileNotFound`"""
        return self._blobs.open(sha256)

    def _found(self, name: str, head: bytes) -> str | None:
        kind = self._parser.file_type(name, head)
        return None if kind is None else kind.media_type

    def _capped(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > self._file_bytes:
                raise FileTooLarge(limit=self._file_bytes)
            yield piece


def _pieces(content: Iterable[bytes] | BinaryIO) -> Iterator[bytes]:
    # A file is iterable too, but by lines, and a binary file may be one endless line.
    if hasattr(content, "read"):
        return iter(lambda: content.read(PIECE_BYTES), b"")
    return iter(content)


def _head(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first `HEAD_BYTES` (or a little more) and what follows."""
    head = b""
    while len(head) < HEAD_BYTES:
        piece = next(pieces, None)
        if piece is None:
            break
        head += piece
    return head, pieces
