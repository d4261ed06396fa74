"""The cells of a table, merged ones laid out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.opendocument.package import TABLE, count
from diglot.adapters.parsers.opendocument.words import paragraphs, words
from diglot.adapters.parsers.table_text import again

MOST_COLUMNS = 1000
MOST_REPEATS = 1000
_LONGEST_SPAN = 1_000_000
_DEEPEST = 40
_GROUPS = frozenset({f"{TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group")})
_CELL, _COVERED = f"{TABLE}table-cell", f"{TABLE}covered-table-cell"


def table_rows(table: etree._Element) -> list[list[str]]:
    """The text of a cell that spans several rows or columns stands in each of its places."""
    merged = _Merged()
    rows: list[list[str]] = []
    for row in own_rows(table):
        cells = _cells(row, merged)
        repeats = count(row, f"{TABLE}number-rows-repeated", MOST_REPEATS) if any(cells) else 1
        rows.extend([cells] * repeats)
    return rows


def own_rows(table: etree._Element, depth: int = 0) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child
        elif child.tag in _GROUPS and depth < _DEEPEST:
            yield from own_rows(child, depth + 1)


@dataclass(slots=True)
class _Merged:
    """`above`: column -> how many more rows a cell covers, and its text."""

    above: dict[int, tuple[int, str]] = field(default_factory=dict)

    def cover(self, column: int, columns: int, rows: int, text: str) -> None:
        for at in range(column, min(column + columns, MOST_COLUMNS)):
            self.above[at] = (rows, text)

    def text(self, column: int) -> str:
        rows, text = self.above.pop(column, (0, ""))
        if rows > 1:
            self.above[column] = (rows - 1, text)
        return text


def _cells(row: etree._Element, merged: _Merged) -> list[str]:
    cells: list[str] = []
    is_alone = sum(1 for cell in row.iterchildren(_CELL)) == 1
    for cell in row.iterchildren(_CELL, _COVERED):
        times = count(cell, f"{TABLE}number-columns-repeated", MOST_COLUMNS)
        if cell.tag == _COVERED:
            cells.extend(merged.text(at) or cell_words(cell) for at in range(len(cells), len(cells) + times))
        else:
            text = cell_words(cell)
            columns = count(cell, f"{TABLE}number-columns-spanned", MOST_COLUMNS)
            rows = count(cell, f"{TABLE}number-rows-spanned", _LONGEST_SPAN)
            # One cell over the whole width is said once.
            merged.cover(len(cells), columns, rows, "" if is_alone and rows == 1 else again(text))
            merged.text(len(cells))
            cells.extend([text] * times)
        if len(cells) > MOST_COLUMNS:
            break
    return cells


def cell_words(cell: etree._Element) -> str:
    """All its paragraphs, those of lists, shapes and tables inside too."""
    return " ".join(filter(None, (" ".join(words(one).split()) for one in paragraphs(cell))))
