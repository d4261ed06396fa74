"""Rows of a sheet to blocks: a table a region, with the range of cells each row comes from."""

from collections.abc import Iterator, Sequence

from diglot.adapters.parsers.source import Allowance
from diglot.adapters.parsers.table_text import again, last_filled, table_block
from diglot.domain.parsed import Anchor, Block, BlockKind

GAP = 2
"""Empty rows or columns that part two tables; a single one is often there for looks."""

MOST_MERGED = 10_000
_Rows = Sequence[Sequence[str]]
_Corner = tuple[int, int]


def sheet_blocks(rows: _Rows, sheet: str | None, allowance: Allowance, corner: _Corner = (0, 0)) -> Iterator[Block]:
    """`corner` is (row, column) of the first cell, from 0."""
    for top, bottom in _runs([any(row) for row in rows]):
        band = rows[top:bottom]
        for left, right in _runs(_filled_columns(band)):
            cells = [list(row[left:right]) for row in band]
            first = next(index for index, row in enumerate(cells) if any(row))
            last = max(index for index, row in enumerate(cells) if any(row)) + 1
            block = _block(cells[first:last], sheet, corner[0] + top + first, corner[1] + left)
            if block:
                allowance.spend(len(block.text))
                yield block


def fill_merged(rows: list[list[str]], merged: Sequence[tuple[_Corner, _Corner]], corner: _Corner) -> None:
    """A merged cell's text stands in each of its places, but a title over a whole row only once."""
    for (top, left), (bottom, right) in merged[:MOST_MERGED]:
        top, bottom, left, right = top - corner[0], bottom - corner[0], left - corner[1], right - corner[1]
        if not (0 <= top < len(rows) and 0 <= left < len(rows[top])) or not rows[top][left]:
            continue
        text = rows[top][left]
        columns = 1 if sum(map(bool, rows[top])) == 1 else min(right + 1, len(rows[top])) - left
        for row in rows[top : bottom + 1]:
            row[left : left + columns] = [again(text)] * columns
        rows[top][left] = text


def _runs(filled: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Ranges of filled places with gaps shorter than `GAP` inside."""
    start, end = 0, -1
    for index, full in enumerate(filled):
        if not full:
            continue
        if end >= 0 and index - end >= GAP:
            yield start, end
            start = index
        elif end < 0:
            start = index
        end = index + 1
    if end >= 0:
        yield start, end


def _filled_columns(rows: _Rows) -> list[bool]:
    columns = [False] * max((last_filled(row) for row in rows), default=0)
    for row in rows:
        for index, cell in enumerate(row[: len(columns)]):
            if cell:
                columns[index] = True
    return columns


def _block(cells: list[list[str]], sheet: str | None, top: int, left: int) -> Block | None:
    right = left + max(map(len, cells)) - 1
    filled = [index for index, row in enumerate(cells) if any(row)]
    whole = Anchor(sheet=sheet, cells=cell_range(top, left, top + len(cells) - 1, right))
    if len(filled) == 1 and sum(map(bool, cells[filled[0]])) == 1:
        # A lone cell is a title or a remark.
        return Block(BlockKind.PARAGRAPH, next(filter(None, cells[filled[0]])).strip(), whole)
    places = [Anchor(sheet=sheet, cells=cell_range(top + index, left, top + index, right)) for index in filled]
    return table_block(cells, whole, places)


def cell_range(top: int, left: int, bottom: int, right: int) -> str:
    """From 0; (0, 0, 6, 2) is "A1:C7"."""
    return f"{column_name(left)}{top + 1}:{column_name(right)}{bottom + 1}"


def column_name(index: int) -> str:
    name = ""
    number = index + 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name
