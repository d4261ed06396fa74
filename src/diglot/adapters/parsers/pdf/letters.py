"""A page's letters as the engine knows them: their text, places and fonts, in as few calls as it allows."""

import ctypes
import math
import re
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.pdf import engine
from diglot.adapters.parsers.pdf.frame import Frame
from diglot.domain.parsed import Box

_MOST_RECTS = 64
_LONGEST_NAME = 80
_DIRT = re.compile("[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\xad\ud800-\udfff\ufb00-\ufb06\uffff]")
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
    """Sides and middle height in points from the upper left corner of the page."""

    text: str
    left: float
    right: float
    middle: float


class Letters:
    """Buffers for the engine's answers are made once, as calls are many. To be left before the page is closed.

    `is_dirty`: the text holds what `lines.cleaned` takes out.
    """

    def __init__(self, textpage: pdfium.PdfTextPage, number: int, frame: Frame) -> None:
        self.number = number
        self.frame = frame
        self._textpage = textpage
        self._page = engine.address(textpage.raw)
        count = textpage.count_chars()
        self.text: str = textpage.get_text_range(0, count) if count > 0 else ""
        # Where the engine left letters out of the text, places in it are not those of its letters.
        self._is_even = len(self.text) == count
        self.is_dirty = _DIRT.search(self.text) is not None
        self._sides = (ctypes.c_double * 4)()
        self._pointers = tuple(ctypes.addressof(self._sides) + 8 * index for index in range(4))
        self._loose = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(_LONGEST_NAME)
        self._flags = ctypes.c_int()
        self._at_loose, self._at_matrix, self._at_name, self._at_flags = (
            ctypes.addressof(buffer) for buffer in (self._loose, self._matrix, self._name, self._flags)
        )
        self._bold_fonts: dict[bytes, bool] = {}

    def box(self, start: int, end: int) -> Box | None:
        """Around what has ink between two places of the text; None if nothing has."""
        page, sides, pointers = self._page, self._sides, self._pointers
        first, last = (start, end - 1) if self._is_even else (self._letter(start), self._letter(end - 1))
        found = engine.count_rects(page, first, max(last - first + 1, 1))
        if found <= 0:
            return None
        engine.rect(page, 0, *pointers)
        x0, y1, x1, y0 = sides
        for index in range(1, found if found < _MOST_RECTS else _MOST_RECTS):
            engine.rect(page, index, *pointers)
            left, top, right, bottom = sides
            x0 = left if left < x0 else x0
            x1 = right if right > x1 else x1
            y0 = bottom if bottom < y0 else y0
            y1 = top if top > y1 else y1
        return self.frame.box(self.number, x0, y0, x1, y1) if math.isfinite(x0 + x1 + y0 + y1) else None

    def words(self, start: int, end: int) -> Iterator[Word]:
        """Of an upright page."""
        edge, top, loose, at = self.frame.left, self.frame.top, self._loose, self._at_loose
        for word in _WORD.finditer(self.text, start, end):
            first, last = self._letter(word.start()), self._letter(word.end() - 1)
            engine.loose_box(self._page, first, at)
            left, right, middle = loose.left, loose.right, (loose.top + loose.bottom) / 2
            if last > first:
                engine.loose_box(self._page, last, at)
                right = loose.right
            if left <= right:
                yield Word(word[0], left - edge, right - edge, top - middle)

    def style(self, start: int, end: int) -> Style:
        """Of the letter in the middle: the first may be a mark or a larger initial."""
        letter = (start + end) // 2
        if self.text[letter].isspace() or not self._is_even:
            letter = self._letter(self._inked_near_middle(start, end))
        page, matrix = self._page, self._matrix
        size: float = engine.font_size(page, letter)
        bold = self._is_bold(letter)
        if not engine.matrix(page, letter, self._at_matrix):
            return Style(size, self._baseline(letter), bold)
        # The font's size alone says little: many files use size 1 and a large matrix.
        size *= math.hypot(matrix.c, matrix.d)
        is_upright = matrix.b == 0 and self.frame.quarters == 0
        return Style(size, self.frame.top - matrix.f if is_upright else self._baseline(letter), bold)

    def _letter(self, place: int) -> int:
        if self._is_even:
            return place
        letter: int = raw.FPDFText_GetCharIndexFromTextIndex(self._textpage.raw, place)
        return max(letter, 0)

    def _baseline(self, letter: int) -> float:
        """The letters' own boxes end lower where one of them has a tail: no measure for the distance of lines."""
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self._textpage.raw, letter, x, y)
        return self.frame.shown(x.value, y.value)[1]

    def _is_bold(self, letter: int) -> bool:
        engine.font_info(self._page, letter, self._at_name, _LONGEST_NAME, self._at_flags)
        name = self._name.value
        bold = self._bold_fonts.get(name)
        if bold is None:
            weight = raw.FPDFText_GetFontWeight(self._textpage.raw, letter)
            bold = self._bold_fonts[name] = weight >= _SEMIBOLD or _BOLD.search(name) is not None
        return bold

    def _inked_near_middle(self, start: int, end: int) -> int:
        """Spaces that the engine made up have no size of their own."""
        for place in range((start + end) // 2, end):
            if not self.text[place].isspace():
                return place
        return start
