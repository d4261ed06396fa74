"""What tables are made of: words with their places, and the lines that no table has taken yet."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from operator import attrgetter, itemgetter
from typing import NamedTuple

from diglot.adapters.parsers.pdf.frame import make_box
from diglot.adapters.parsers.pdf.letters import Letters
from diglot.adapters.parsers.pdf.lines import Line, PageText, cleaned
from diglot.adapters.parsers.pdf.words import gap_between
from diglot.domain.parsed import Box

_LEFT, _RIGHT, _BASELINE = itemgetter(1), itemgetter(2), attrgetter("line.baseline")
_LEADERS = re.compile(r"[.…·]{3,}")


class CellWord(NamedTuple):
    """`number` is that of its line on the page; `hyphenated`: it goes on in the next word."""

    text: str
    left: float
    right: float
    middle: float
    line: Line
    number: int
    hyphenated: bool = False


# Half of what the class itself takes.
_cell_word = partial(tuple.__new__, CellWord)


@dataclass(frozen=True, slots=True)
class PageTable:
    """`title` stands over all columns above the head. `lines` are the numbers of the page's lines in its cells."""

    title: str
    title_box: Box
    box: Box
    rows: tuple[tuple[str, ...], ...]
    row_boxes: tuple[Box, ...]
    lines: frozenset[int]


class Shelf:
    """The lines of a page that are in no table yet."""

    def __init__(self, letters: Letters, text: PageText) -> None:
        self.text = text
        self._letters = letters
        self._taken: set[int] = set()
        boxes = enumerate([line[1] for line in text.lines])
        # Twice the middle, down and across.
        self._middles = sorted(
            [(top + bottom, left + right, number) for number, (_, left, top, right, bottom) in boxes]
        )
        self._words: dict[int, list[CellWord]] = {}

    def within(self, left: float, top: float, right: float, bottom: float) -> list[int]:
        """Numbers of the lines whose middle is there, in content order."""
        left, right = 2 * left, 2 * right
        first, after = bisect_left(self._middles, (2 * top,)), bisect_left(self._middles, (2 * bottom, inf))
        return sorted(
            [
                number
                for _, across, number in self._middles[first:after]
                if left <= across <= right and number not in self._taken
            ]
        )

    def words(self, number: int) -> list[CellWord]:
        words = self._words.get(number)
        if words is None:
            words = self._words[number] = self._words_of(number)
        return words

    def _words_of(self, number: int) -> list[CellWord]:
        line = self.text.lines[number]
        found = self._letters.words(line.start, line.end)
        rest = (line, number, False)
        words: list[CellWord] = [_cell_word(word + rest) for word in found]
        if _LEADERS.search(line.text):
            words = [word for word in words if not _LEADERS.fullmatch(word.text)]
        if self._letters.is_dirty:
            words = [word._replace(text=text) for word in words if (text := cleaned(word.text))]
        if words and line.hyphenated:
            words[-1] = words[-1]._replace(hyphenated=True)
        return words

    def make(self, rows: Sequence[Sequence[str]], words: Sequence[Sequence[CellWord]]) -> PageTable:
        """`words` are those that stand in each row, of which at least two have some; rows without any are left out."""
        kept = [index for index, row in enumerate(words) if row]
        lines = frozenset(word.number for row in words for word in row)
        self._taken |= lines
        boxes = [_around_words(words[index]) for index in kept]
        texts = tuple(tuple(rows[index]) for index in kept)
        first = _title_rows(texts)
        title = " ".join(cell for row in texts[:first] for cell in row if cell)
        return PageTable(
            title, around(boxes[: first or 1]), around(boxes[first:]), texts[first:], tuple(boxes[first:]), lines
        )


def _title_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top hold one cell alone. Of two columns the one may be empty without that."""
    alone = 0
    while len(rows[0]) > 2 and alone < len(rows) - 2 and sum(1 for cell in rows[alone] if cell) == 1:
        alone += 1
    return alone


def cell_text(words: Sequence[CellWord]) -> str:
    """Words in content order."""
    if len(words) == 1:
        return words[0].text
    parts: list[str] = []
    for index, word in enumerate(words):
        if index:
            above = words[index - 1]
            is_new_line = above.number != word.number
            parts.append("" if above.hyphenated else gap_between(above.text, word.text) if is_new_line else " ")
        parts.append(word.text)
    return "".join(parts)


def around(boxes: Sequence[Box]) -> Box:
    page, x0, y0, x1, y1 = boxes[0]
    for _, left, top, right, bottom in boxes:
        x0 = left if left < x0 else x0
        y0 = top if top < y0 else y0
        x1 = right if right > x1 else x1
        y1 = bottom if bottom > y1 else y1
    return make_box((page, x0, y0, x1, y1))


def _around_words(words: Sequence[CellWord]) -> Box:
    left, right = min(map(_LEFT, words)), max(map(_RIGHT, words))
    lines = around(list({word.number: word.line.box for word in words}.values()))
    return Box(lines.page, round(left, 1), lines.top, round(right, 1), lines.bottom)


def by_baseline(words: Sequence[CellWord]) -> list[list[CellWord]]:
    """Rows of words, top to bottom; in a row they keep their order. Raised and lowered letters stay with theirs."""
    rows: list[list[CellWord]] = []
    first = last = words[0].line if words else None
    for word in sorted(words, key=_BASELINE):
        line = word.line
        if rows and first and (line is last or line.baseline - first.baseline < 0.5 * min(line.size, first.size)):
            rows[-1].append(word)
        else:
            rows.append([word])
            first = line
        last = line
    return rows


def is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Charts and framed text draw rules too: those are mostly empty, or hold one cell with nearly everything."""
    filled = [cell for row in rows for cell in row if cell]
    high = sum(1 for row in rows if any(row))
    wide = sum(1 for column in zip(*rows, strict=True) if any(column))
    if high < 2 or wide < 2 or len(filled) < 4 or len(filled) < 0.3 * high * wide:
        return False
    return max(map(len, filled)) < max(0.6 * sum(map(len, filled)), 300)
