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


def page_text(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> PageText:
    left, bottom, right, top = page.get_bbox()
    frame = Frame(left, bottom, right, top, page.get_rotation() // 90 % 4)
    lines = tuple(_Lines(textpage, number, frame))
    if lines and not _is_garbled(lines):
        return PageText(number, lines, frame)
    return PageText(number, (), frame, is_picture=raw.FPDFPage_CountObjects(page.raw) > 0)


def _is_garbled(lines: tuple[Line, ...]) -> bool:
    """A text layer whose fonts say nothing of their letters gives control and private characters."""
    text = "".join(line.text for line in lines)[:2000]
    readable = len(_READABLE.findall(text))
    return readable < 0.5 * len(text) or text.count("(cid:") * 5 > 0.3 * len(text)


class _Lines:
    """Iterates over a page's lines. Buffers for the engine's answers are made once, as calls are many."""

    def __init__(self, textpage: pdfium.PdfTextPage, number: int, frame: Frame) -> None:
        self.page = textpage.raw
        self.number = number
        self.frame = frame
        count = textpage.count_chars()
        self.text = textpage.get_text_range(0, count) if count > 0 else ""
        # Where the engine left letters out of the text, places in it are not those of its letters.
        self.is_even = len(self.text) == count
        self.sides = tuple(ctypes.c_double() for _ in range(4))
        self.matrix = raw.FS_MATRIX()
        self.font = ctypes.create_string_buffer(80)
        self.flags = ctypes.c_int()

    def __iter__(self) -> Iterator[Line]:
        start = 0
        for end in _LINE_END.finditer(self.text):
            yield from self._line(start, end.start(), end[0] in "\ufffe\x02")
            start = end.end()
        yield from self._line(start, len(self.text), False)

    def _line(self, start: int, end: int, hyphenated: bool) -> Iterator[Line]:
        text = self.text[start:end]
        words = clean(_CONTROL.sub("", text)).strip()
        if not words:
            return
        first = self._letter(start)
        box = self._bounds(first, max(self._letter(end - 1) - first + 1, 1))
        if box is None:
            return
        middle = self._letter(start + _inked_near_middle(text))
        size = self._size(middle) or box.bottom - box.top
        yield Line(words, box, self._baseline(middle), size, self._is_bold(middle), hyphenated)

    def _letter(self, place: int) -> int:
        return place if self.is_even else max(raw.FPDFText_GetCharIndexFromTextIndex(self.page, place), 0)

    def _bounds(self, first: int, count: int) -> Box | None:
        found = []
        for index in range(min(raw.FPDFText_CountRects(self.page, first, count), _MOST_RECTS)):
            if raw.FPDFText_GetRect(self.page, index, *self.sides):
                found.append([side.value for side in self.sides])
        if not found:
            return None
        lefts, tops, rights, bottoms = zip(*found, strict=True)
        edges = (min(lefts), min(bottoms), max(rights), max(tops))
        return self.frame.box(self.number, *edges) if all(map(math.isfinite, edges)) else None

    def _size(self, letter: int) -> float:
        """The font's size alone says little: many files use size 1 and a large matrix."""
        size: float = raw.FPDFText_GetFontSize(self.page, letter)
        if not raw.FPDFText_GetMatrix(self.page, letter, self.matrix):
            return size
        return size * math.hypot(self.matrix.c, self.matrix.d)

    def _baseline(self, letter: int) -> float:
        """The letters' own boxes end lower where one of them has a tail: no measure for the distance of lines."""
        x, y, *_ = self.sides
        raw.FPDFText_GetCharOrigin(self.page, letter, x, y)
        return self.frame.shown(x.value, y.value)[1]

    def _is_bold(self, letter: int) -> bool:
        if raw.FPDFText_GetFontWeight(self.page, letter) >= 600:
            return True
        raw.FPDFText_GetFontInfo(self.page, letter, self.font, 80, self.flags)
        return _BOLD.search(self.font.value) is not None


def _inked_near_middle(text: str) -> int:
    """Spaces that the engine made up have no size of their own."""
    middle = len(text) // 2
    return next((index for index in range(middle, len(text)) if not text[index].isspace()), 0)
