"""Tables between level rules alone, as books set them: their columns show only in how the words stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from diglot.adapters.parsers.pdf.cells import CellWord, PageTable, Shelf, by_baseline, cell_text, is_table
from diglot.adapters.parsers.pdf.grid import Rule

SHORTEST = 40.0
"""Points below which a level rule is an underline or the bar of a fraction."""

_MOST_RULES = 500
_ALIGNED = 5.0
_LOWEST_BAND = 5.0
_SPACE = 0.6
"""Of a letter's size: what is wider is more than a space between words."""

_SAMPLE = 12
_HIGHEST_HEAD = 6
_LEADING = 1.5
_LONGEST_CELL = 60
_MARK = re.compile(r"[•◦▪●○■□‣⁃∙·*–—-]|\(?[\da-zA-Z]{1,3}[.)]|[（(]?[一二三四五六七八九十\d]{1,3}[）)、．.]")
_Strip = tuple[float, float]
_Row = list[list[CellWord]]


class _Piece(NamedTuple):
    """Words of one row with no more than spaces between them."""

    left: float
    right: float
    words: tuple[CellWord, ...]


@dataclass(frozen=True, slots=True)
class _Band:
    """What stands between two neighbouring rules, row by row."""

    rows: tuple[tuple[_Piece, ...], ...]

    @property
    def is_tabular(self) -> bool:
        spaced = sum(1 for row in self.rows if _is_spaced(row))
        return spaced > 0 and 2 * spaced >= len(self.rows)

    @property
    def may_be_between(self) -> bool:
        """A double rule, or a title over some of the rows."""
        return len(self.rows) == 0 or (len(self.rows) == 1 and len(self.rows[0]) == 1)

    @property
    def may_be_head(self) -> bool:
        """One line, or several broken cell by cell."""
        return len(self.rows) == 1 or (len(self.rows) <= _HIGHEST_HEAD and any(len(row) > 1 for row in self.rows))


def spaced_tables(shelf: Shelf, levels: Sequence[Rule]) -> Iterator[PageTable]:
    for rules in _stacks(levels):
        bands = [_band(shelf, above, below) for above, below in pairwise(rules)]
        for run in _runs(bands):
            table = _table(shelf, run)
            if table:
                yield table


def _stacks(levels: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Rules of one extent, top to bottom."""
    waiting = sorted((rule for rule in levels if rule.end - rule.start >= SHORTEST), key=lambda rule: rule.at)
    while 1 < len(waiting) <= _MOST_RULES:
        first = waiting[0]
        same = [rule for rule in waiting if _is_same_extent(first, rule)]
        if len(same) > 1:
            yield same
        waiting = [rule for rule in waiting if not _is_same_extent(first, rule)]


def _is_same_extent(first: Rule, second: Rule) -> bool:
    return abs(first.start - second.start) < _ALIGNED and abs(first.end - second.end) < _ALIGNED


def _band(shelf: Shelf, above: Rule, below: Rule) -> _Band:
    if below.at - above.at < _LOWEST_BAND:
        return _Band(())
    lines = shelf.within(above.start - _ALIGNED, above.at - 1, above.end + _ALIGNED, below.at + 1)
    # Between the rules of a page's head and foot stands a whole page.
    step = max(len(lines) // _SAMPLE, 1)
    if len(lines) > 2 * _SAMPLE and not any(_is_spread(shelf, lines, index) for index in range(0, len(lines), step)):
        return _Band(())
    words = [word for line in lines for word in shelf.words(line)]
    return _Band(tuple(tuple(_pieces(row)) for row in by_baseline(words)))


def _is_spread(shelf: Shelf, lines: Sequence[int], index: int) -> bool:
    """Whether a line has a wide gap, or goes on in the next line of the content beside it."""
    line = shelf.text.lines[lines[index]]
    if index + 1 < len(lines):
        after = shelf.text.lines[lines[index + 1]]
        if abs(after.baseline - line.baseline) < 0.5 * line.size:
            return True
    return len(_pieces(shelf.words(lines[index]))) > 1


def _pieces(row: Sequence[CellWord]) -> list[_Piece]:
    """From left to right."""
    found: list[list[CellWord]] = []
    for word in sorted(row, key=lambda word: word.left):
        if found and word.left - found[-1][-1].right < _SPACE * word.line.size:
            found[-1].append(word)
        else:
            found.append([word])
    return [_Piece(run[0].left, max(word.right for word in run), tuple(run)) for run in found]


def _is_spaced(row: Sequence[_Piece]) -> bool:
    """Two columns of running text stand side by side too, but far apart in the content."""
    lines = [word.number for piece in row for word in piece.words]
    return len(row) > 1 and max(lines) - min(lines) <= 2 * len(row)


def _runs(bands: Sequence[_Band]) -> Iterator[list[_Band]]:
    """Bands that follow one another, with the head above them."""
    run: list[_Band] = []
    head: list[_Band] = []
    for band in bands:
        if band.is_tabular or (run and band.may_be_between):
            run = run or head
            run.append(band)
        elif run:
            yield _without_tail(run)
            run = []
        head = [band] if band.may_be_head else []
    if run:
        yield _without_tail(run)


def _without_tail(run: list[_Band]) -> list[_Band]:
    while not run[-1].is_tabular:
        run = run[:-1]
    return run


def _table(shelf: Shelf, bands: Sequence[_Band]) -> PageTable | None:
    rows = [row for band in bands for row in band.rows]
    strips = _strips(rows) if len(rows) > 1 else []
    if not strips:
        return None
    head, *body = ([_cells(row, strips) for row in band.rows] for band in bands)
    is_head = bool(body) and 1 < len(head) <= _HIGHEST_HEAD and any(2 * _filled(row) <= len(row) for row in head)
    cells = [*([_joined(head)] if is_head else head), *(row for band in body for row in band)]
    cells = _with_wrapped(cells)
    texts = [[cell_text(_in_order(cell)) for cell in row] for row in cells]
    if not is_table(texts) or _is_prose(texts):
        return None
    return shelf.make(texts, [[word for cell in row for word in cell] for row in cells])


def _filled(row: _Row) -> int:
    return sum(1 for cell in row if cell)


def _joined(rows: Sequence[_Row]) -> _Row:
    """One row of several."""
    return [[word for cell in column for word in cell] for column in zip(*rows, strict=True)]


def _with_wrapped(rows: Sequence[_Row]) -> list[_Row]:
    """A line of one cell alone, that is not the first, goes on with that cell's text above."""
    whole: list[_Row] = []
    for row in rows:
        filled = [column for column, cell in enumerate(row) if cell]
        if whole and len(filled) == 1 and filled[0] > 0 and _goes_on(whole[-1][filled[0]], row[filled[0]]):
            whole[-1] = _joined([whole[-1], row])
        else:
            whole.append(row)
    return whole


def _goes_on(above: Sequence[CellWord], below: Sequence[CellWord]) -> bool:
    is_near = bool(above) and below[0].line.baseline - above[-1].line.baseline < _LEADING * below[0].line.size
    return is_near and any(letter.isalpha() for word in above for letter in word.text)


def _in_order(words: Sequence[CellWord]) -> list[CellWord]:
    return sorted(words, key=lambda word: (word.number, word.left))


def _is_prose(texts: Sequence[Sequence[str]]) -> bool:
    """Running text in columns, or a list with its marks in a column of their own."""
    filled = [cell for row in texts for cell in row if cell]
    if sum(map(len, filled)) > _LONGEST_CELL * len(filled):
        return True
    marks = [row[0] for row in texts if row[0]]
    return len(texts[0]) == 2 and all(_MARK.fullmatch(mark) for mark in marks)


def _strips(rows: Sequence[Sequence[_Piece]]) -> list[_Strip]:
    """The upright strips between columns. What goes right across one, like a head of several columns, is left out."""
    size = max(piece.words[0].line.size for row in rows for piece in row)
    widest = size if len(rows) < 4 else _SPACE * size
    pieces = [piece for row in rows for piece in row]
    few = 0 if len(rows) < 4 else max(1, len(rows) // 6)
    first = _free(pieces, few, widest)
    across = [piece for piece in pieces if any(piece.left <= left and right <= piece.right for left, right in first)]
    return _free([piece for piece in pieces if piece not in across], 0, widest)


def _free(pieces: Sequence[_Piece], few: int, widest: float) -> list[_Strip]:
    """Where at most `few` pieces stand above one another, and which are wide enough."""
    ends = sorted([(piece.left, 1) for piece in pieces] + [(piece.right, -1) for piece in pieces])
    strips: list[_Strip] = []
    covering = 0
    opened: float | None = None
    for at, change in ends:
        covering += change
        if covering <= few and opened is None:
            opened = at if change < 0 else None
        elif covering > few:
            if opened is not None and at - opened >= widest:
                strips.append((opened, at))
            opened = None
    return strips


def _cells(row: Sequence[_Piece], strips: Sequence[_Strip]) -> _Row:
    cells: _Row = [[] for _ in range(len(strips) + 1)]
    for piece in row:
        for words in _parted(piece, strips):
            middle = (words[0].left + words[-1].right) / 2
            column = sum(1 for left, right in strips if middle > (left + right) / 2)
            cells[column] += words
    return cells


def _parted(piece: _Piece, strips: Sequence[_Strip]) -> Iterator[list[CellWord]]:
    """A piece over two columns with a narrow gap between them; in a head of several there are only spaces."""
    run = [piece.words[0]]
    for before, word in pairwise(piece.words):
        left, right = before.right, word.left
        if any(start < right and end > left and right - left >= 0.9 * (end - start) for start, end in strips):
            yield run
            run = []
        run.append(word)
    yield run
