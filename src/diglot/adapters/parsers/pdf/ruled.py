"""Tables in a grid of rules."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from diglot.adapters.parsers.pdf.cells import CellWord, PageTable, Shelf, by_baseline, cell_text, is_table
from diglot.adapters.parsers.pdf.grid import Cell, Grid
from diglot.adapters.parsers.table_text import again

_CUT = 0.04
"""The part of the words that rules may go through: beyond it the grid is not that of these words."""

_FULL = 0.8
_Place = tuple[int, int]


def ruled_table(shelf: Shelf, grid: Grid) -> PageTable | None:
    lines = shelf.within(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    words = [word for line in lines for word in shelf.words(line)]
    if not words or _is_cut(grid, words):
        return None
    grid = grid.with_rows(list(_missing_edges(grid, words)))
    cells = list(grid.cells())
    owners = {place: cell for cell in cells for place in _covered(cell)}
    by_owner: dict[Cell, list[CellWord]] = {}
    by_row: list[list[CellWord]] = [[] for _ in grid.ys[1:]]
    for word in words:
        row, column = _place(grid, word)
        by_owner.setdefault(owners[row, column], []).append(word)
        by_row[row].append(word)
    texts = {cell: cell_text(found) for cell, found in by_owner.items()}
    rows = [[""] * (len(grid.xs) - 1) for _ in by_row]
    for cell, text in texts.items():
        rows[cell.row][cell.column] = text
    if not is_table(rows):
        return None
    for cell, text in texts.items():
        _repeat(rows, cell, text)
    return shelf.make(rows, by_row)


def _is_cut(grid: Grid, words: Sequence[CellWord]) -> bool:
    cut = sum(grid.cuts(word.box.left, word.box.right, (word.box.top + word.box.bottom) / 2) for word in words)
    return cut > max(1, _CUT * len(words))


def _place(grid: Grid, word: CellWord) -> _Place:
    middle = (word.box.top + word.box.bottom) / 2
    return _band(grid.ys, middle), _band(grid.xs, word.middle)


def _band(edges: Sequence[float], at: float) -> int:
    return min(max(bisect_right(edges, at) - 1, 0), len(edges) - 2)


def _covered(cell: Cell) -> list[_Place]:
    return [
        (row, column)
        for row in range(cell.row, cell.last_row + 1)
        for column in range(cell.column, cell.last_column + 1)
    ]


def _repeat(rows: list[list[str]], cell: Cell, text: str) -> None:
    """A title over the whole width need not be."""
    if cell.last_column - cell.column + 1 == len(rows[0]):
        return
    for row, column in _covered(cell)[1:]:
        rows[row][column] = again(text)


def _missing_edges(grid: Grid, words: Sequence[CellWord]) -> list[float]:
    """Between rows that no rule parts: where nearly all columns have a line at the same heights."""
    bands: list[list[CellWord]] = [[] for _ in grid.ys[1:]]
    for word in words:
        bands[_place(grid, word)[0]].append(word)
    # In a head that is ruled off, words broken into lines are more likely than rows.
    start = 1 if len(bands) > 1 else 0
    return [edge for band in bands[start:] for edge in _edges(grid, band)]


def _edges(grid: Grid, band: Sequence[CellWord]) -> list[float]:
    rows = by_baseline(band)
    heights = [{_band(grid.xs, word.middle) for word in row} for row in rows]
    filled = set().union(*heights)
    full = set.intersection(*heights) if heights else set()
    if len(rows) < 2 or len(filled) < 2 or len(rows) + len(filled) < 5 or len(full) < _FULL * len(filled):
        return []
    return [
        (above[0].baseline + below[0].baseline - 0.7 * below[0].size) / 2 + 0.1 * below[0].size
        for above, below in pairwise(rows)
    ]
