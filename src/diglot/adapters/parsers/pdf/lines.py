"""A page's lines in content order, with box, size and weight; a handful of engine calls a line, none a letter."""

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.domain.parsed import Box

# The engine puts U+FFFE (or U+0002) where it found a hyphen at a line's end.
_LINE_END = re.compile("\r\n|\n|\r|\ufffe|\x02")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BOLD = re.compile(rb"bold|black|heavy|semibold|demi(?!light)|-medi$|simhei|heiti", re.I)
_READABLE = re.compile(r"[^\W_]|[\s!-/:-@\[-`{-~\u2000-\u206f\u3000-\u303f\uff00-\uffef]")
_MOST_RECTS = 64


@dataclass(frozen=True, slots=True)
class Line:
    """`size` is the letters' in points as seen on the page, `baseline` their distance from its top; `hyphenated`: the
    word goes on in the next line."""

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    hyphenated: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """`is_picture`: nothing to read but something to see. `to_user` turns a box back into the engine's coordinates."""

    number: int
    lines: tuple[Line, ...]
    frame: "Frame"
    is_picture: bool = False

    @property
    def characters(self) -> int:
        return sum(len(line.text) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Frame:
    """What part of the user space a page shows, and how it is turned (quarters of a circle, clockwise)."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int

    @property
    def height(self) -> float:
        return self.right - self.left if self.quarters % 2 else self.top - self.bottom

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.quarters % 2 else self.right - self.left

    def box(self, page: int, left: float, bottom: float, right: float, top: float) -> Box:
        """User space to points from the top left corner as shown."""
        corners = (self.shown(left, bottom), self.shown(right, top))
        (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*corners, strict=True))
        return Box(page, round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1))

    def shown(self, x: float, y: float) -> tuple[float, float]:
        if self.quarters == 1:
            return y - self.bottom, x - self.left
        if self.quarters == 2:
            return self.right - x, y - self.bottom
        if self.quarters == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


def page_text(page: pdfium.PdfPage, number: int) -> PageText:
    left, bottom, right, top = page.get_bbox()
    frame = Frame(left, bottom, right, top, page.get_rotation() // 90 % 4)
    textpage = page.get_textpage()
    try:
        lines = tuple(_lines(textpage, number, frame))
    finally:
        textpage.close()
    if lines and not _is_garbled(lines):
        return PageText(number, lines, frame)
    return PageText(number, (), frame, is_picture=raw.FPDFPage_CountObjects(page.raw) > 0)


def _is_garbled(lines: tuple[Line, ...]) -> bool:
    """A text layer whose fonts say nothing of their letters gives control and private characters."""
    text = "".join(line.text for line in lines)[:4000]
    readable = sum(1 for _ in _READABLE.finditer(text))
    return readable < 0.5 * len(text) or text.count("(cid:") * 5 > 0.3 * len(text)


def _lines(textpage: pdfium.PdfTextPage, number: int, frame: Frame) -> Iterator[Line]:
    count = textpage.count_chars()
    if count <= 0:
        return
    text = textpage.get_text_range(0, count)
    start = 0
    for end in _LINE_END.finditer(text):
        yield from _line(textpage, text[start : end.start()], start, number, frame, end[0] in "\ufffe\x02")
        start = end.end()
    yield from _line(textpage, text[start:], start, number, frame, False)


def _line(
    textpage: pdfium.PdfTextPage, text: str, start: int, number: int, frame: Frame, hyphenated: bool
) -> Iterator[Line]:
    words = clean(_CONTROL.sub("", text)).strip()
    if not words:
        return
    first = raw.FPDFText_GetCharIndexFromTextIndex(textpage.raw, start)
    last = raw.FPDFText_GetCharIndexFromTextIndex(textpage.raw, start + len(text) - 1)
    first = max(first, 0)
    last = last if last >= first else first + len(text) - 1
    box = _bounds(textpage, first, last - first + 1, number, frame)
    if box is None:
        return
    middle = first + _letter_near_middle(text)
    size = _size(textpage, middle) or box.bottom - box.top
    yield Line(words, box, _baseline(textpage, middle, frame), size, _is_bold(textpage, middle), hyphenated)


def _letter_near_middle(text: str) -> int:
    """Spaces that the engine made up have no size of their own."""
    middle = len(text) // 2
    return next((index for index in range(middle, len(text)) if not text[index].isspace()), 0)


def _bounds(textpage: pdfium.PdfTextPage, first: int, count: int, number: int, frame: Frame) -> Box | None:
    sides = (ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double())
    found = []
    for index in range(min(raw.FPDFText_CountRects(textpage.raw, first, count), _MOST_RECTS)):
        if raw.FPDFText_GetRect(textpage.raw, index, *sides):
            found.append([side.value for side in sides])
    if not found:
        return None
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    edges = (min(lefts), min(bottoms), max(rights), max(tops))
    return frame.box(number, *edges) if all(map(math.isfinite, edges)) else None


def _size(textpage: pdfium.PdfTextPage, index: int) -> float:
    """The font's size alone says little: many files use size 1 and a large matrix."""
    matrix = raw.FS_MATRIX()
    size = raw.FPDFText_GetFontSize(textpage.raw, index)
    if not raw.FPDFText_GetMatrix(textpage.raw, index, matrix):
        return float(size)
    return float(size * math.hypot(matrix.c, matrix.d))


def _baseline(textpage: pdfium.PdfTextPage, index: int, frame: Frame) -> float:
    """The letters' own boxes end lower where one of them has a tail: no measure for the distance of lines."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage.raw, index, x, y)
    return frame.shown(x.value, y.value)[1]


def _is_bold(textpage: pdfium.PdfTextPage, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(textpage.raw, index) >= 600:
        return True
    name = ctypes.create_string_buffer(80)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage.raw, index, name, 80, flags)
    return _BOLD.search(name.value) is not None
