"""A page's letters as the engine knows them: their text, places and fonts, in as few calls as it allows."""

import ctypes
import math
import re
from array import array

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

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

Word = tuple[str, float, float, float]
"""Its text, its sides and its middle height in points from the upper left corner of the page."""


class Letters:
    """Buffers for the engine's answers are made once, as calls are many. To be left before the page is closed.

    `is_dirty`: the text holds what `lines.cleaned` takes out.
    """

    def __init__(self, textpage: pdfium.PdfTextPage, number: int, frame: Frame) -> None:
        self.number = number
        self.frame = frame
        self._page = engine.pointer(engine.address(textpage.raw))
        count = textpage.count_chars()
        self.text: str = textpage.get_text_range(0, count) if count > 0 else ""
        # Where the engine left letters out of the text, places in it are not those of its letters.
        self._is_even = len(self.text) == count
        self.is_dirty = _DIRT.search(self.text) is not None
        self._sides = array("d", (0.0,) * 4)
        self._loose, self._matrix = array("f", (0.0,) * 4), array("f", (0.0,) * 6)
        self._name = ctypes.create_string_buffer(_LONGEST_NAME)
        self._flags = array("i", (0,))
        self._at_sides = engine.pointers(self._sides)
        self._at_loose, self._at_matrix = engine.pointers(self._loose)[0], engine.pointers(self._matrix)[0]
        self._at_name = engine.pointer(ctypes.addressof(self._name)), ctypes.c_ulong.from_param(_LONGEST_NAME)
        self._at_flags = engine.pointers(self._flags)[0]
        self._bold_fonts: dict[bytes, bool] = {}

    def box(self, start: int, end: int) -> Box | None:
        """Around what has ink between two places of the text; None if nothing has."""
        page, sides = self._page, self._sides
        first, last = (start, end - 1) if self._is_even else (self._letter(start), self._letter(end - 1))
        found = engine.count_rects(page, first, last - first + 1 if last > first else 1)
        if found <= 0:
            return None
        at_left, at_top, at_right, at_bottom = self._at_sides
        engine.rect(page, 0, at_left, at_top, at_right, at_bottom)
        x0, y1, x1, y0 = sides
        for index in range(1, found if found < _MOST_RECTS else _MOST_RECTS):
            engine.rect(page, index, at_left, at_top, at_right, at_bottom)
            left, top, right, bottom = sides
            x0 = left if left < x0 else x0
            x1 = right if right > x1 else x1
            y0 = bottom if bottom < y0 else y0
            y1 = top if top > y1 else y1
        return self.frame.box(self.number, x0, y0, x1, y1) if math.isfinite(x0 + x1 + y0 + y1) else None

    def words(self, start: int, end: int) -> list[Word]:
        """Of an upright page."""
        page, loose, at, is_even = self._page, self._loose, self._at_loose, self._is_even
        edge, top, loose_box = self.frame.left, self.frame.top, engine.loose_box
        words = []
        for word in _WORD.finditer(self.text, start, end):
            first, after = word.span()
            last = after - 1
            if not is_even:
                first, last = self._letter(first), self._letter(last)
            loose_box(page, first, at)
            left, upper, right, lower = loose
            if last > first:
                loose_box(page, last, at)
                right = loose[2]
            if left <= right:
                words.append((word[0], left - edge, right - edge, top - (upper + lower) / 2))
        return words

    def style(self, start: int, end: int) -> tuple[float, float, bool]:
        """Size as seen on the page, distance of the baseline from the page's top, both in points; whether bold. Of the
        letter in the middle: the first may be a mark or a larger initial."""
        letter = (start + end) // 2
        if not self._is_even or self.text[letter].isspace():
            letter = self._letter(self._inked_near_middle(start, end))
        page = self._page
        size: float = engine.font_size(page, letter)
        bold = self._is_bold(letter)
        if not engine.matrix(page, letter, self._at_matrix):
            return size, self._baseline(letter), bold
        # The font's size alone says little: many files use size 1 and a large matrix.
        _, b, c, d, _, y = self._matrix
        size *= math.hypot(c, d)
        return size, self.frame.top - y if b == 0 and self.frame.quarters == 0 else self._baseline(letter), bold

    def _letter(self, place: int) -> int:
        if self._is_even:
            return place
        letter: int = engine.letter_of_place(self._page, place)
        return letter if letter > 0 else 0

    def _baseline(self, letter: int) -> float:
        """The letters' own boxes end lower where one of them has a tail: no measure for the distance of lines."""
        self._sides[0] = self._sides[1] = 0.0
        engine.origin(self._page, letter, *self._at_sides[:2])
        return self.frame.shown(self._sides[0], self._sides[1])[1]

    def _is_bold(self, letter: int) -> bool:
        at_name, longest = self._at_name
        engine.font_info(self._page, letter, at_name, longest, self._at_flags)
        name = self._name.value
        bold = self._bold_fonts.get(name)
        if bold is None:
            weight = engine.font_weight(self._page, letter)
            bold = self._bold_fonts[name] = weight >= _SEMIBOLD or _BOLD.search(name) is not None
        return bold

    def _inked_near_middle(self, start: int, end: int) -> int:
        """Spaces that the engine made up have no size of their own."""
        for place in range((start + end) // 2, end):
            if not self.text[place].isspace():
                return place
        return start
