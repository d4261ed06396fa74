"""The parser: each document is read in a process of its own, so that a bad file costs only itself."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from diglot.adapters.parsers import wire
from diglot.adapters.parsers.child import Request
from diglot.adapters.parsers.detection import detect
from diglot.adapters.parsers.formats import ARCHIVES, BY_EXTENSION
from diglot.domain.parsed import Parsed
from diglot.domain.picture import PageImage, Picture
from diglot.ports.parser import FileType, ParseLimits

READING = "diglot.adapters.parsers.reading"


class _Children(Protocol):
    """Reads one document in a child; the answer is for `wire`."""

    def start(self) -> None: ...

    def answer(self, path: Path, request: Request, is_cancelled: Callable[[], bool]) -> bytes: ...

    def close(self) -> None: ...


class SandboxedParser:
    """Implements `ports.parser.Parser`. Making one is free: processes start with the first document or `start()`.

    `forking` None: fork where that is possible. `reading` names the module whose `answer`, `picture` and `page_image`
    run in the child. `unpacks`: zip archives of documents are read too.
    """

    def __init__(self, *, forking: bool | None = None, reading: str = READING, unpacks: bool = False) -> None:
        can_fork = hasattr(os, "fork") if forking is None else forking
        self._children = _forked(reading) if can_fork else _spawned(reading)
        self._unpacks = unpacks

    def start(self) -> None:
        """Loads the readers now, so that the first document need not wait for them."""
        self._children.start()

    def file_type(self, name: str, head: bytes = b"") -> FileType | None:
        row = detect(name, head)
        return row.file_type if row and (self._unpacks or row.extension not in ARCHIVES) else None

    def extensions(self) -> list[str]:
        return sorted(BY_EXTENSION if self._unpacks else BY_EXTENSION.keys() - ARCHIVES)

    def parse(
        self,
        path: Path,
        name: str,
        limits: ParseLimits,
        is_cancelled: Callable[[], bool],
        media_type: str | None = None,
    ) -> Parsed:
        request = Request(name, limits, media_type=media_type, unpacks=self._unpacks)
        return wire.decode(self._children.answer(path, request, is_cancelled))

    def picture(
        self, path: Path, name: str, page: int, limits: ParseLimits, is_cancelled: Callable[[], bool]
    ) -> Picture:
        request = Request(name, limits, page, unpacks=self._unpacks)
        return wire.decode_picture(self._children.answer(path, request, is_cancelled))

    def page_image(
        self,
        path: Path,
        name: str,
        page: int,
        fit: tuple[int, int],
        limits: ParseLimits,
        is_cancelled: Callable[[], bool],
    ) -> PageImage:
        return wire.decode_page(self._children.answer(path, Request(name, limits, page, fit=fit), is_cancelled))

    def close(self) -> None:
        self._children.close()


# Imported on use: the one does not exist on Windows, the other is not needed elsewhere.
def _forked(reading: str) -> _Children:
    from diglot.adapters.parsers.forking import Zygotes

    return Zygotes(reading)


def _spawned(reading: str) -> _Children:
    from diglot.adapters.parsers.spawning import Spawner

    return Spawner(reading)
