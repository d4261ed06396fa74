"""Rows of a sheet to blocks: a table a region, with the range of cells each row comes from."""

from collections.abc import Iterator, Sequence

from diglot.adapters.parsers.source import Allowance
from diglot.adapters.parsers.table_text import table_block
from diglot.domain.parsed import Anchor, Block, BlockKind


def sheet_blocks(
    rows: Sequence[Sequence[str]], sheet: str | None, allowance: Allowance, corner: tuple[int, int] = (0, 0)
) -> Iterator[Block]:
    """A region ends at two empty rows. `corner` is (row, column) of the first cell, from 0."""
    for first, last in _regions(rows):
        region = rows[first:last]
        top, left = corner[0] + first, corner[1] + _first_column(region)
        cells = [list(row[left - corner[1] :]) for row in region]
        block = _block(cells, sheet, top, left)
        if block:
            allowance.spend(len(block.text))
            yield block


def _regions(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    empty = 0
    for index, row in enumerate(rows):
        if any(row):
            start = index if start is None else start
            empty = 0
        elif start is not None:
            empty += 1
            if empty == 2:
                yield start, index - 1
                start = None
    if start is not None:
        yield start, len(rows) - empty


def _first_column(rows: Sequence[Sequence[str]]) -> int:
    return min((next(index for index, cell in enumerate(row) if cell) for row in rows if any(row)), default=0)


def _block(cells: list[list[str]], sheet: str | None, top: int, left: int) -> Block | None:
    width = max(map(len, cells), default=0)
    filled = [index for index, row in enumerate(cells) if any(row)]
    whole = Anchor(sheet=sheet, cells=cell_range(top, left, top + len(cells) - 1, left + width - 1))
    if len(filled) == 1 and sum(map(bool, cells[filled[0]])) == 1:
        # A lone cell is a title or a remark.
        return Block(BlockKind.PARAGRAPH, next(filter(None, cells[filled[0]])).strip(), whole)
    places = [
        Anchor(sheet=sheet, cells=cell_range(top + index, left, top + index, left + width - 1)) for index in filled
    ]
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
