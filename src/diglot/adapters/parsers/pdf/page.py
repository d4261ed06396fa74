"""One page while the engine has it open, by the engine's own calls: the bindings keep a finalizer for each page."""

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.pdf import engine
from diglot.adapters.parsers.pdf.frame import Frame

_SIDES = array("f", (0.0,) * 4)
_AT_SIDES = engine.pointers(_SIDES)[0]


class Page(NamedTuple):
    """`text_handle` is that of the page's letters, `text` what they say and `letters` their number: the engine leaves
    some out of the text."""

    number: int
    handle: engine.Pointer
    text_handle: engine.Pointer
    frame: Frame
    text: str
    letters: int


@contextmanager
def open_page(document: pdfium.PdfDocument, number: int) -> Iterator[Page | None]:
    """By its number, from 1; None for one that is damaged."""
    loaded = _loaded(document, number)
    if not loaded:
        yield None
        return
    handle = engine.pointer(loaded)
    try:
        loaded_text = engine.load_text(loaded)
        if not loaded_text:
            yield None
            return
        text_handle = engine.pointer(loaded_text)
        try:
            letters = engine.count_letters(text_handle)
            yield Page(number, handle, text_handle, _frame(handle), _text(text_handle, letters), letters)
        finally:
            engine.close_text(text_handle)
    finally:
        engine.close_page(handle)


def _loaded(document: pdfium.PdfDocument, number: int) -> int | None:
    """Its address. What fills a form or is written on the page belongs to its text, as it is seen there."""
    source = engine.address(document.raw)
    loaded: int | None = engine.load_page(source, number - 1)
    if not loaded or not _is_written_on(engine.pointer(loaded)):
        return loaded
    if engine.flatten(loaded, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return loaded
    # The page that is open does not know what was written into it.
    engine.close_page(engine.pointer(loaded))
    again: int | None = engine.load_page(source, number - 1)
    return again


def _is_written_on(page: engine.Pointer) -> bool:
    """Links say nothing, and many pages are full of them."""
    return any(_kind(page, index) != raw.FPDF_ANNOT_LINK for index in range(engine.count_annotations(page)))


def _kind(page: engine.Pointer, index: int) -> int:
    annotation = engine.pointer(engine.annotation(page, index))
    kind: int = engine.annotation_kind(annotation)
    engine.close_annotation(annotation)
    return kind


def _frame(page: engine.Pointer) -> Frame:
    engine.page_bounds(page, _AT_SIDES)
    left, top, right, bottom = _SIDES
    return Frame(left, bottom, right, top, engine.rotation(page) % 4)


def _text(text_handle: engine.Pointer, letters: int) -> str:
    """All of it. Letters that the engine leaves out at its beginning or its end must not be asked for: it would take
    the next ones instead, or write beyond the end (https://crbug.com/pdfium/2079)."""
    first, last = 0, letters - 1
    while first <= last and (begin := engine.place_of_letter(text_handle, first)) < 0:
        first += 1
    while first <= last and (end := engine.place_of_letter(text_handle, last)) < 0:
        last -= 1
    if first > last:
        return ""
    units = array("H", bytes(2 * (end - begin + 2)))
    written = engine.text(text_handle, first, last - first + 1, engine.pointer(units.buffer_info()[0]))
    return str(memoryview(units).cast("B")[: 2 * (written - 1)], "utf-16-le", "ignore")
