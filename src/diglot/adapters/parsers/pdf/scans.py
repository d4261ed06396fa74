"""Pages whose text must be recognised from their picture."""

import re
from array import array
from collections.abc import Callable, Iterator
from itertools import islice

import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.pdf import engine
from diglot.adapters.parsers.pdf.page import Page

FEW_LETTERS = 20
"""A page with fewer has nearly no text: a number, a stamp."""

_LARGE = 0.03
_SAMPLE = 2000
_MOST_PICTURES = 200
_DEEPEST = 3
# Letters and digits of any script, marks, spaces, ASCII and the punctuation of the scripts that we know.
_UNREADABLE = re.compile(
    r"[^\w\s!-/:-@\[-`{-~\u0300-\u036f\u2000-\u206f\u2070-\u22ff\u2500-\u25ff\u3000-\u303f\uff00-\uffef]"
)
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")


def is_scan(page: Page, text: str) -> bool:
    """`text`: a text layer that is not garbled. A page without any may still show letters that are drawn as shapes."""
    letters = len("".join(text[: 4 * FEW_LETTERS].split()))
    if not letters:
        return bool(engine.count_objects(page.handle) > 0)
    return letters < FEW_LETTERS and _has_large_picture(page)


def is_garbled(text: str) -> bool:
    """A text layer whose fonts do not say what their letters are."""
    sample = text[:_SAMPLE]
    size = len(sample)
    # The rest, which takes long, is for pages of which much is not plain ASCII.
    plain = len(sample.encode("ascii", "ignore").translate(None, _CONTROLS))
    if size - plain <= 0.3 * size and "(cid:" not in sample:
        return False
    unreadable = len(_UNREADABLE.findall(sample)) / size
    private = len(_PRIVATE.findall(sample)) / size if unreadable else 0
    return unreadable > 0.5 or private > 0.3 or sample.count("(cid:") * 5 > 0.3 * size


def _has_large_picture(page: Page) -> bool:
    width, height = page.frame.width, page.frame.height
    sides = array("f", (0.0,) * 4)
    seen = 0.0
    pictures = _pictures(page.handle, engine.count_objects(page.handle), engine.page_object, _DEEPEST)
    for picture in islice(pictures, _MOST_PICTURES):
        engine.object_bounds(picture, *engine.pointers(sides))
        left, bottom, right, top = sides
        seen += min(max(right - left, 0), width) * min(max(top - bottom, 0), height)
    return seen > _LARGE * width * height


def _pictures(
    holder: engine.Pointer, count: int, get: Callable[..., int | None], deepest: int
) -> Iterator[engine.Pointer]:
    for index in range(count):
        item = engine.pointer(get(holder, index))
        kind = engine.object_kind(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            yield item
        elif kind == raw.FPDF_PAGEOBJ_FORM and deepest > 1:
            yield from _pictures(item, engine.count_parts(item), engine.part, deepest - 1)
