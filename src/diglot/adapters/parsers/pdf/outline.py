"""What a document says its headings are. A page out of a book may keep the outline of the whole book."""

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.pdf import engine

DEEPEST = 6
MOST_TITLES, TITLES_A_PAGE = 5000, 100

_ROOM = 2048
"""Bytes for a title; a longer one is no heading."""


def outline_of(document: pdfium.PdfDocument) -> dict[str, int]:
    """Key of the title -> level from 1; nothing where they are more than the pages can hold: to read the outline of a
    book takes longer than to read the one page that was taken from it."""
    most = min(MOST_TITLES, TITLES_A_PAGE * len(document))
    outline: dict[str, int] = {}
    for title, level in _titles(engine.pointer(engine.address(document.raw))):
        outline.setdefault(outline_key(title), level)
        if len(outline) > most:
            return {}
    outline.pop("", None)
    return outline


def outline_key(title: str) -> str:
    """Spaces and case apart."""
    return "".join(title.split()).casefold()


def _titles(document: engine.Pointer) -> Iterator[tuple[str, int]]:
    """In the outline's order. Each bookmark once: a damaged outline goes in circles."""
    buffer = ctypes.create_string_buffer(_ROOM)
    at_title, room = engine.pointer(ctypes.addressof(buffer)), ctypes.c_ulong.from_param(_ROOM)
    text = memoryview(buffer)
    seen: set[int] = set()
    above: list[engine.Pointer] = []
    found = engine.first_bookmark(document, None)
    while True:
        while not found or found in seen:
            if not above:
                return
            found = engine.next_bookmark(document, above.pop())
        seen.add(found)
        bookmark = engine.pointer(found)
        size = engine.bookmark_title(bookmark, at_title, room)
        # Two bytes end it.
        yield str(text[: size - 2], "utf-16-le", "replace") if 2 < size <= _ROOM else "", len(above) + 1
        below = engine.first_bookmark(document, bookmark) if len(above) < DEEPEST - 1 else None
        if below:
            above.append(bookmark)
        found = below or engine.next_bookmark(document, bookmark)
