"""A page's letters as the engine knows them: their text, places and fonts, in as few calls as it allows."""

import ctypes
import re
from array import array
from collections.abc import Iterable, Sequence
from math import hypot, isfinite

from diglot.adapters.parsers.pdf import engine
from diglot.adapters.parsers.pdf.page import Page
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

Range = tuple[int, int]
"""Two places of a page's text, the second exclusive."""

Style = tuple[float, float, bool]
"""Size as seen on the page, distance of the baseline from the page's top, both in points; whether bold."""

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

    `is_dirty`: the text holds what `lines.cleaned` takes out. `is_east_asian`: it holds Han or kana. `has_turned`: some
    of the letters that `styles` looked at, or the page, are turned.
    """

    def __init__(self, page: Page, answers: Answers) -> None:
        self.number = page.number
        self.frame = page.frame
        self.text = page.text
        self._answers = answers
        self._page = page.text_handle
        # Where the engine left letters out of the text, places in it are not those of its letters.
        self._is_even = len(page.text) == page.letters
        is_plain = _NOT_PLAIN.search(self.text) is None
        self.is_dirty = not is_plain and _DIRT.search(self.text) is not None
        self.is_east_asian = not is_plain and _EAST_ASIAN.search(self.text) is not None
        self.has_turned = False
        self._bold_fonts: dict[bytes, bool] = {}

    def boxes(self, ranges: Sequence[Range]) -> tuple[list[Box], set[int]]:
        """Around what has ink in each range, and the numbers of the ranges, from 0, that have none and no box."""
        page, sides, is_even = self._page, self._answers.sides, self._is_even
        at_left, at_top, at_right, at_bottom = self._answers.at_sides
        count_rects, rect = engine.count_rects, engine.rect
        areas = array("d")
        bare: set[int] = set()
        for number, (start, end) in enumerate(ranges):
            if not is_even:
                start, end = self._letter(start), self._letter(end - 1) + 1
            found = count_rects(page, start, end - start if end > start else 1)
            if found <= 0:
                bare.add(number)
                continue
            rect(page, 0, at_left, at_top, at_right, at_bottom)
            if found > 1:
                x0, y1, x1, y0 = sides
                for index in range(1, found if found < _MOST_RECTS else _MOST_RECTS):
                    rect(page, index, at_left, at_top, at_right, at_bottom)
                    left, top, right, bottom = sides
                    x0 = left if left < x0 else x0
                    x1 = right if right > x1 else x1
                    y0 = bottom if bottom < y0 else y0
                    y1 = top if top > y1 else y1
                sides[0], sides[1], sides[2], sides[3] = x0, y1, x1, y0
            areas += sides
        if not isfinite(sum(areas)):
            areas = _finite(areas, [number for number in range(len(ranges)) if number not in bare], bare)
        return self.frame.boxes(self.number, areas), bare

    def words(self, start: int, end: int) -> list[Word]:
        if self.frame.quarters:
            return self._turned_words(start, end)
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

    def _turned_words(self, start: int, end: int) -> list[Word]:
        words = []
        for word in _WORD.finditer(self.text, start, end):
            left, right, middle = self._letter_as_shown(word.start())
            right = max(right, self._letter_as_shown(word.end() - 1)[1])
            words.append((word[0], left, right, middle))
        return words

    def _letter_as_shown(self, place: int) -> tuple[float, float, float]:
        """Left, right and middle height of a letter's loose box."""
        engine.loose_box(self._page, self._letter(place), self._answers.at_loose)
        left, upper, right, lower = self._answers.loose
        (x0, y0), (x1, y1) = self.frame.shown(left, lower), self.frame.shown(right, upper)
        return min(x0, x1), max(x0, x1), (y0 + y1) / 2

    def read_downwards(self, start: int, end: int) -> bool:
        """Whether the first letter of a line stands above its last one."""
        return self._letter_as_shown(start)[2] < self._letter_as_shown(end - 1)[2]

    def styles(self, ranges: Iterable[Range]) -> list[Style]:
        """Of the letter in the middle of each: the first may be a mark or a larger initial."""
        page, text, answers, is_even = self._page, self.text, self._answers, self._is_even
        font_size, font_info, matrix_of = engine.font_size, engine.font_info, engine.matrix
        at_name, longest, at_flags, at_matrix = (
            answers.at_name,
            answers.longest_name,
            answers.at_flags,
            answers.at_matrix,
        )
        matrix, found, bold_fonts = answers.matrix, answers.name, self._bold_fonts
        # Elsewhere the letters' own matrix does not say where their baseline is.
        top = self.frame.top if self.frame.quarters == 0 else None
        styles: list[Style] = []
        for start, end in ranges:
            letter = (start + end) // 2
            if not is_even or text[letter].isspace():
                letter = self._letter(self._inked_near_middle(start, end))
            size = font_size(page, letter)
            font_info(page, letter, at_name, longest, at_flags)
            name = found.value
            bold = bold_fonts.get(name)
            if bold is None:
                bold = bold_fonts[name] = self._is_bold(letter, name)
            if not matrix_of(page, letter, at_matrix):
                styles.append((size, self._baseline(letter), bold))
                continue
            # The font's size alone says little: many files use size 1 and a large matrix.
            _, b, c, d, _, y = matrix
            if b == 0 and top is not None:
                baseline = top - y
            else:
                baseline = self._baseline(letter)
                self.has_turned = True
            styles.append((size * hypot(c, d), baseline, bold))
        return styles

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


def _finite(areas: "array[float]", numbers: Sequence[int], bare: set[int]) -> "array[float]":
    """Without those of which the engine says no place; their `numbers` join the bare ones."""
    kept = array("d")
    for index, number in enumerate(numbers):
        area = areas[4 * index : 4 * index + 4]
        if isfinite(sum(area)):
            kept += area
        else:
            bare.add(number)
    return kept
