"""What tables are made of: words with their places, and the lines that no table has taken yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from diglot.adapters.parsers.pdf.letters import Letters
from diglot.adapters.parsers.pdf.lines import PageText, cleaned
from diglot.adapters.parsers.pdf.words import gap_between
from diglot.domain.parsed import Box


class CellWord(NamedTuple):
    """`line` is the number of its line on the page; `hyphenated`: it goes on in the next word."""

    text: str
    box: Box
    baseline: float
    size: float
    line: int
    hyphenated: bool = False

    @property
    def middle(self) -> float:
        return (self.box.left + self.box.right) / 2


@dataclass(frozen=True, slots=True)
class PageTable:
    """`lines` are the numbers of the page's lines that are in its cells."""

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

    def within(self, left: float, top: float, right: float, bottom: float) -> list[int]:
        """Numbers of the lines whose middle is there, in content order."""
        return [
            number
            for number, line in enumerate(self.text.lines)
            if 2 * top <= line.box.top + line.box.bottom <= 2 * bottom
            and 2 * left <= line.box.left + line.box.right <= 2 * right
            and number not in self._taken
        ]

    def words(self, number: int) -> list[CellWord]:
        line = self.text.lines[number]
        found = [(cleaned(word.text), word.box) for word in self._letters.words(line.start, line.end)]
        words = [CellWord(text, box, line.baseline, line.size, number) for text, box in found if text]
        if words and line.hyphenated:
            words[-1] = words[-1]._replace(hyphenated=True)
        return words

    def make(self, rows: Sequence[Sequence[str]], words: Sequence[Sequence[CellWord]]) -> PageTable:
        """`words` are those that stand in each row, of which at least one has some; rows without any are left out."""
        kept = [index for index, row in enumerate(words) if row]
        lines = frozenset(word.line for row in words for word in row)
        self._taken |= lines
        boxes = [around([word.box for word in words[index]]) for index in kept]
        return PageTable(around(boxes), tuple(tuple(rows[index]) for index in kept), tuple(boxes), lines)


def cell_text(words: Sequence[CellWord]) -> str:
    """Words in content order."""
    parts: list[str] = []
    for index, word in enumerate(words):
        if index:
            above = words[index - 1]
            is_new_line = above.line != word.line
            parts.append("" if above.hyphenated else gap_between(above.text, word.text) if is_new_line else " ")
        parts.append(word.text)
    return "".join(parts)


def around(boxes: Sequence[Box]) -> Box:
    return Box(
        boxes[0].page,
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def by_baseline(words: Sequence[CellWord]) -> list[list[CellWord]]:
    """Rows of words, top to bottom; in a row they keep their order. Raised and lowered letters stay with theirs."""
    rows: list[list[CellWord]] = []
    for word in sorted(words, key=lambda word: word.baseline):
        if rows and word.baseline - rows[-1][0].baseline < 0.5 * min(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Charts and framed text draw rules too: those are mostly empty, or hold one cell with nearly everything."""
    filled = [cell for row in rows for cell in row if cell]
    high = sum(1 for row in rows if any(row))
    wide = sum(1 for column in zip(*rows, strict=True) if any(column))
    if high < 2 or wide < 2 or len(filled) < 4 or len(filled) < 0.3 * high * wide:
        return False
    return max(map(len, filled)) < max(0.6 * sum(map(len, filled)), 300)
