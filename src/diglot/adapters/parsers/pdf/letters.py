"""A page's letters as the engine knows them: their text, places and fonts, in as few calls as it allows."""

import ctypes
import re
from array import array
from math import hypot, inf

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.pdf import engine
from diglot.adapters.parsers.pdf.frame import Frame
from diglot.domain.parsed import Box

_MOST_RECTS = 64
_LONGEST_NAME = 80
_DIRTY = "\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\xad\ud800-\udfff\ufb00-\ufb06\uffff"
HAN_AND_KANA = "\u3040-\u30ff\u3400-\u9fff"
_DIRT, _EAST_ASIAN = re.compile(f"[{_DIRTY}]"), re.compile(f"[{HAN_AND_KANA}]")
# Most pages hold neither, and to look takes as long as to find the lines.
_NOT_PLAIN = re.compile(f"[{_DIRTY}{HAN_AND_KANA}]")
_WORD = re.compile(r"\S+")
# TeX's own bold faces say so by "bx" and "b" alone.
_BOLD = re.compile(rb"bold|black|heavy|semibold|demi(?!light)|-medi$|simhei|heiti|(?:cm|sf|ec)[a-z]{0,3}bx|cmb\d", re.I)
_SEMIBOLD = 600

Word = tuple[str, float, float, float]
"""Its text, its sides and its middle height in points from the upper left corner of the page."""


class Answers:
    """Where the engine writes its answers, and pointers there: made once a document, as pages and calls are many."""

    def __init__(self) -> None:
        self.sides = array("d", (0.0,) * 4)
        self.loose, self.matrix = array("f", (0.0,) * 4), array("f", (0.0,) * 6)
        self.name = ctypes.create_string_buffer(_LONGEST_NAME)
        self.flags = array("i", (0,))
        self.at_sides = engine.pointers(self.sides)
        self.at_loose, self.at_matrix = engine.pointers(self.loose)[0], engine.pointers(self.matrix)[0]
        self.at_name = engine.pointer(ctypes.addressof(self.name))
        self.longest_name = ctypes.c_ulong.from_param(_LONGEST_NAME)
        self.at_flags = engine.pointers(self.flags)[0]


class Letters:
    """To be left before the page is closed.

    `is_dirty`: the text holds what `lines.cleaned` takes out. `is_east_asian`: it holds Han or kana.
    """

    def __init__(self, textpage: pdfium.PdfTextPage, number: int, frame: Frame, answers: Answers) -> None:
        self.number = number
        self.frame = frame
        self._answers = answers
        self._page = engine.pointer(engine.address(textpage.raw))
        count = textpage.count_chars()
        self.text: str = textpage.get_text_range(0, count) if count > 0 else ""
        # Where the engine left letters out of the text, places in it are not those of its letters.
        self._is_even = len(self.text) == count
        is_plain = _NOT_PLAIN.search(self.text) is None
        self.is_dirty = not is_plain and _DIRT.search(self.text) is not None
        self.is_east_asian = not is_plain and _EAST_ASIAN.search(self.text) is not None
        self._bold_fonts: dict[bytes, bool] = {}

    def box(self, start: int, end: int) -> Box | None:
        """Around what has ink between two places of the text; None if nothing has."""
        page, answers = self._page, self._answers
        first, last = (start, end - 1) if self._is_even else (self._letter(start), self._letter(end - 1))
        found = engine.count_rects(page, first, last - first + 1 if last > first else 1)
        if found <= 0:
            return None
        sides = answers.sides
        at_left, at_top, at_right, at_bottom = answers.at_sides
        engine.rect(page, 0, at_left, at_top, at_right, at_bottom)
        x0, y1, x1, y0 = sides
        if found > 1:
            for index in range(1, found if found < _MOST_RECTS else _MOST_RECTS):
                engine.rect(page, index, at_left, at_top, at_right, at_bottom)
                left, top, right, bottom = sides
                x0 = left if left < x0 else x0
                x1 = right if right > x1 else x1
                y0 = bottom if bottom < y0 else y0
                y1 = top if top > y1 else y1
        return self.frame.box(self.number, x0, y0, x1, y1) if -inf < x0 + x1 + y0 + y1 < inf else None

    def words(self, start: int, end: int) -> list[Word]:
        """Of an upright page."""
        page, loose, at, is_even = self._page, self._answers.loose, self._answers.at_loose, self._is_even
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
        page, answers = self._page, self._answers
        size: float = engine.font_size(page, letter)
        engine.font_info(page, letter, answers.at_name, answers.longest_name, answers.at_flags)
        name = answers.name.value
        bold = self._bold_fonts.get(name)
        if bold is None:
            bold = self._bold_fonts[name] = self._is_bold(letter, name)
        if not engine.matrix(page, letter, answers.at_matrix):
            return size, self._baseline(letter), bold
        # The font's size alone says little: many files use size 1 and a large matrix.
        _, b, c, d, _, y = answers.matrix
        size *= hypot(c, d)
        frame = self.frame
        return size, frame.top - y if b == 0 and frame.quarters == 0 else self._baseline(letter), bold

    def _letter(self, place: int) -> int:
        if self._is_even:
            return place
        letter: int = engine.letter_of_place(self._page, place)
        return letter if letter > 0 else 0

    def _baseline(self, letter: int) -> float:
        """The letters' own boxes end lower where one of them has a tail: no measure for the distance of lines."""
        sides = self._answers.sides
        sides[0] = sides[1] = 0.0
        engine.origin(self._page, letter, *self._answers.at_sides[:2])
        return self.frame.shown(sides[0], sides[1])[1]

    def _is_bold(self, letter: int, name: bytes) -> bool:
        return engine.font_weight(self._page, letter) >= _SEMIBOLD or _BOLD.search(name) is not None

    def _inked_near_middle(self, start: int, end: int) -> int:
        """Spaces that the engine made up have no size of their own."""
        for place in range((start + end) // 2, end):
            if not self.text[place].isspace():
                return place
        return start
