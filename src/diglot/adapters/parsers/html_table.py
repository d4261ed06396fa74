"""An HTML table's cells, with spans laid out and tables in cells flattened."""

from collections.abc import Iterator
from itertools import islice

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.html_content import BLOCKS, is_dropped
from diglot.adapters.parsers.html_inline import formula_words, picture_words, power_mark
from diglot.adapters.parsers.table_text import again

MOST_COLUMNS = 1000
_Below = dict[int, tuple[int, str]]
"""Column -> how many more rows a cell from above covers, and its text."""


def table_rows(table: etree._Element) -> tuple[list[list[str]], list[etree._Element]]:
    """The text of a cell that spans several rows or columns stands in each of its places. With each row its element."""
    elements = list(own_rows(table))
    rows: list[list[str]] = []
    below: _Below = {}
    for row in elements:
        cells, below = _laid_out(row, below)
        rows.append(cells)
    return rows, elements


def own_rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.iterchildren("tr")


def _laid_out(row: etree._Element, above: _Below) -> tuple[list[str], _Below]:
    cells: list[str] = []
    below = {column: (rows - 1, text) for column, (rows, text) in above.items() if rows > 1}
    own = list(row.iterchildren("td", "th"))
    for cell in own:
        while len(cells) in above and len(cells) < MOST_COLUMNS:
            cells.append(above[len(cells)][1])
        columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
        if len(cells) + columns > MOST_COLUMNS:
            break
        text = cell_words(cell)
        repeated = again(text) if len(own) > 1 or above else ""
        if rows > 1:
            below.update({len(cells) + extra: (rows - 1, again(text)) for extra in range(columns)})
        cells.append(text)
        cells.extend([repeated] * (columns - 1))
    while len(cells) in above:
        cells.append(above[len(cells)][1])
    return cells, below


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), MOST_COLUMNS) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def cell_words(cell: etree._Element) -> str:
    """All its words; block elements and inner cells keep their words apart, items of lists have their marks."""
    parts: list[str] = []
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            if skipped is None and (is_dropped(element, in_main=True) or element.tag == "math"):
                parts.append(formula_words(element) if element.tag == "math" else "")
                skipped = element
            if skipped is None:
                parts.append(_lead(element, parts) + (element.text or ""))
        elif skipped is None or element is skipped:
            skipped = None
            if element is not cell:
                parts.append((" " if element.tag in _APART else "") + (element.tail or ""))
    return clean(" ".join("".join(parts).split()))


_APART = BLOCKS | {"br"}


def _lead(element: etree._Element, parts: list[str]) -> str:
    """What stands before an element's own text."""
    tag = element.tag
    if tag == "li":
        return f" {_item_mark(element)} "
    if tag == "img":
        return picture_words(element)
    if tag == "sup":
        return power_mark(element, next((words[-1] for words in reversed(parts) if words), ""))
    return " " if tag in _APART else ""


def _item_mark(item: etree._Element) -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "-"
    return f"{1 + sum(1 for _ in islice(item.itersiblings('li', preceding=True), MOST_COLUMNS))}."
