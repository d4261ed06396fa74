"""Blobs: the bytes people gave us, named by their sha256."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """`modified_at` in milliseconds since 1970."""

    sha256: str
    size: int
    modified_at: int


class Blobs(Protocol):
    """Content-addressed: putting the same bytes twice stores them once and is no error.

    When `put` returns, the bytes survive a power cut. A blob that nothing refers to is harmless; one that is referred
    to but missing is data loss, so rows are deleted before blobs. Names are ours alone: hex digits, never a user's
    text. Reading an unknown blob raises `domain.errors.FileNotFound`.
    """

    def put(self, content: Iterable[bytes]) -> BlobInfo:
        """`DiskFull`"""

    def open(self, sha256: str) -> BinaryIO: ...

    def local_path(self, sha256: str) -> AbstractContextManager[Path]:
        """The blob as a readable file for the time of the context, for a reader in another process."""

    def size(self, sha256: str) -> int | None:
        """Bytes, None if it is not there."""

    def delete(self, sha256: str, unless_after: int | None = None) -> bool:
        """Idempotent. With `unless_after` (milliseconds): False, and it stays, if it was put, or put again, after that
        time, also if that happens at this very moment."""

    def list(self) -> Iterator[BlobInfo]: ...
