"""Tables in a grid of rules."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from diglot.adapters.parsers.pdf.cells import CellWord, PageTable, Shelf, by_baseline, cell_text, is_table
from diglot.adapters.parsers.pdf.grid import Cell, Grid
from diglot.adapters.parsers.pdf.lines import Line
from diglot.adapters.parsers.table_text import again

_CUT = 0.04
"""The part of the words that rules may go through: beyond it the grid is not that of these words."""

_FULL = 0.79
_MOST = 0.7
_Place = tuple[int, int]


def ruled_table(shelf: Shelf, grid: Grid) -> PageTable | None:
    lines = shelf.within(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    words = [word for line in lines for word in shelf.words(line)]
    if not words:
        return None
    _, lefts, rights, heights, *_ = zip(*words, strict=True)
    if grid.cuts(zip(lefts, rights, heights, strict=True)) > max(1, _CUT * len(words)):
        return None
    columns = _between(grid.xs, [(left + right) / 2 for left, right in zip(lefts, rights, strict=True)])
    rows_of_words = _between(grid.ys, heights)
    if edges := _missing_edges(grid, words, columns, rows_of_words):
        grid = grid.with_rows(edges)
        rows_of_words = _between(grid.ys, heights)
    spread = {(cell.row, cell.column): cell for cell in grid.spread_cells()}
    owners = {covered: place for place, cell in spread.items() for covered in _covered(cell)}
    by_owner: dict[_Place, list[CellWord]] = {}
    by_row: list[list[CellWord]] = [[] for _ in grid.ys[1:]]
    for word, place in zip(words, zip(rows_of_words, columns, strict=True), strict=True):
        by_owner.setdefault(owners.get(place, place), []).append(word)
        by_row[place[0]].append(word)
    rows = [[""] * (len(grid.xs) - 1) for _ in by_row]
    for (row, column), found in by_owner.items():
        rows[row][column] = cell_text(found)
    if not is_table(rows):
        return None
    for place in by_owner:
        if cell := spread.get(place):
            _repeat(rows, cell)
    return shelf.make(rows, by_row)


def _between(edges: Sequence[float], places: Sequence[float]) -> list[int]:
    """The row or column of each place. What is outside belongs to the first or the last."""
    last = len(edges) - 1
    return [bisect_right(edges, at, 1, last) - 1 for at in places]


def _covered(cell: Cell) -> list[_Place]:
    return [
        (row, column)
        for row in range(cell.row, cell.last_row + 1)
        for column in range(cell.column, cell.last_column + 1)
    ]


def _repeat(rows: list[list[str]], cell: Cell) -> None:
    """A title over the whole width need not be."""
    if cell.last_column - cell.column + 1 == len(rows[0]):
        return
    for row, column in _covered(cell)[1:]:
        rows[row][column] = again(rows[cell.row][cell.column])


def _missing_edges(grid: Grid, words: Sequence[CellWord], columns: Sequence[int], rows: Sequence[int]) -> list[float]:
    """Between rows that no rule parts: where nearly all columns have a line at the same heights."""
    bands: list[list[tuple[CellWord, int]]] = [[] for _ in grid.ys[1:]]
    for word, column, row in zip(words, columns, rows, strict=True):
        bands[row].append((word, column))
    # In a head that is ruled off, words broken into lines are more likely than rows.
    start = 1 if len(bands) > 1 else 0
    # Where one band holds all below the head, no row is ruled off and the cells of a row may be broken into lines.
    share = _MOST if len(bands) == start + 1 else _FULL
    return [edge for band in bands[start:] for edge in _edges(band, share)]


def _edges(band: Sequence[tuple[CellWord, int]], share: float) -> list[float]:
    """Above each line that begins a row: one in more than that share of the columns. Where rows are ruled off
    elsewhere, all lines must do so."""
    columns = {id(word): column for word, column in band}
    rows = by_baseline([word for word, _ in band])
    filled = len(set(columns.values()))
    if len(rows) < 2 or filled < 2 or len(rows) + filled < 5:
        return []
    begins = [len({columns[id(word)] for word in row}) > share * filled for row in rows]
    if not begins[0] or (share == _FULL and not all(begins)):
        return []
    lines = [row[0].line for row in rows]
    return [
        _edge(above, below) for (above, below), is_first in zip(pairwise(lines), begins[1:], strict=True) if is_first
    ]


def _edge(above: Line, below: Line) -> float:
    """Half-way between the feet of the one and the heads of the other."""
    return (above.baseline + below.baseline - 0.5 * below.size) / 2
