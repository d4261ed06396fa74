"""A page's letters as the engine knows them: their text, places and fonts, in as few calls as it allows."""

import ctypes
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.pdf.frame import Frame
from diglot.domain.parsed import Box

_MOST_RECTS = 64
_WORD = re.compile(r"\S+")
# TeX's own bold faces say so by "bx" and "b" alone.
_BOLD = re.compile(rb"bold|black|heavy|semibold|demi(?!light)|-medi$|simhei|heiti|(?:cm|sf|ec)[a-z]{0,3}bx|cmb\d", re.I)
_SEMIBOLD = 600


class Style(NamedTuple):
    """`size` is the letters' in points as seen on the page, `baseline` their distance from its top."""

    size: float
    baseline: float
    bold: bool


class Word(NamedTuple):
    text: str
    box: Box


class Letters:
    """Buffers for the engine's answers are made once, as calls are many. To be left before the page is closed."""

    def __init__(self, textpage: pdfium.PdfTextPage, number: int, frame: Frame) -> None:
        self.number = number
        self.frame = frame
        self._page = textpage.raw
        count = textpage.count_chars()
        self.text: str = textpage.get_text_range(0, count) if count > 0 else ""
        # Where the engine left letters out of the text, places in it are not those of its letters.
        self._is_even = len(self.text) == count
        self._sides = tuple(ctypes.c_double() for _ in range(4))
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(80)
        self._flags = ctypes.c_int()

    def box(self, start: int, end: int) -> Box | None:
        """Around what has ink between two places of the text; None if nothing has."""
        first = self._letter(start)
        count = max(self._letter(end - 1) - first + 1, 1)
        found = min(raw.FPDFText_CountRects(self._page, first, count), _MOST_RECTS)
        if found <= 0:
            return None
        x0, y1, x1, y0 = self._rect(0)
        for index in range(1, found):
            left, top, right, bottom = self._rect(index)
            x0 = left if left < x0 else x0
            x1 = right if right > x1 else x1
            y0 = bottom if bottom < y0 else y0
            y1 = top if top > y1 else y1
        return self.frame.box(self.number, x0, y0, x1, y1) if math.isfinite(x0 + x1 + y0 + y1) else None

    def words(self, start: int, end: int) -> Iterator[Word]:
        for word in _WORD.finditer(self.text, start, end):
            box = self.box(word.start(), word.end())
            if box:
                yield Word(word[0], box)

    def style(self, start: int, end: int) -> Style:
        """Of the letter in the middle: the first may be a mark or a larger initial."""
        letter = self._letter(self._inked_near_middle(start, end))
        size: float = raw.FPDFText_GetFontSize(self._page, letter)
        matrix = self._matrix
        if not raw.FPDFText_GetMatrix(self._page, letter, matrix):
            return Style(size, self._baseline(letter), self._is_bold(letter))
        # The font's size alone says little: many files use size 1 and a large matrix.
        size *= math.hypot(matrix.c, matrix.d)
        if matrix.b == 0 and self.frame.quarters == 0:
            return Style(size, self.frame.top - matrix.f, self._is_bold(letter))
        return Style(size, self._baseline(letter), self._is_bold(letter))

    def _letter(self, place: int) -> int:
        if self._is_even:
            return place
        letter: int = raw.FPDFText_GetCharIndexFromTextIndex(self._page, place)
        return max(letter, 0)

    def _rect(self, index: int) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        a, b, c, d = self._sides
        raw.FPDFText_GetRect(self._page, index, a, b, c, d)
        return a.value, b.value, c.value, d.value

    def _baseline(self, letter: int) -> float:
        """The letters' own boxes end lower where one of them has a tail: no measure for the distance of lines."""
        x, y, *_ = self._sides
        raw.FPDFText_GetCharOrigin(self._page, letter, x, y)
        return self.frame.shown(x.value, y.value)[1]

    def _is_bold(self, letter: int) -> bool:
        if raw.FPDFText_GetFontWeight(self._page, letter) >= _SEMIBOLD:
            return True
        raw.FPDFText_GetFontInfo(self._page, letter, self._name, 80, self._flags)
        return _names_bold(self._name.value)

    def _inked_near_middle(self, start: int, end: int) -> int:
        """Spaces that the engine made up have no size of their own."""
        for place in range((start + end) // 2, end):
            if not self.text[place].isspace():
                return place
        return start


@lru_cache(256)
def _names_bold(font: bytes) -> bool:
    return _BOLD.search(font) is not None
