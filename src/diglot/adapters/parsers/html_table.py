"""An HTML table's cells, with spans laid out and tables in cells flattened."""

from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean

MOST_COLUMNS = 1000
_DROPPED = frozenset({"script", "style", "template", "noscript"})


def table_rows(table: etree._Element) -> list[list[str]]:
    """A cell that spans several rows or columns stands in its first place only; the others are empty."""
    rows: list[list[str]] = []
    below: dict[int, int] = {}
    for row in _own_rows(table):
        cells, below = _laid_out(row, below)
        rows.append(cells)
    return rows


def _own_rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.iterchildren("tr")


def _laid_out(row: etree._Element, above: dict[int, int]) -> tuple[list[str], dict[int, int]]:
    """`above`: column -> how many more rows a cell from above covers."""
    cells: list[str] = []
    below = {column: rows - 1 for column, rows in above.items() if rows > 1}
    for cell in row.iterchildren("td", "th"):
        while above.get(len(cells)) and len(cells) < MOST_COLUMNS:
            cells.append("")
        columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
        if len(cells) + columns > MOST_COLUMNS:
            break
        if rows > 1:
            below.update({len(cells) + extra: rows - 1 for extra in range(columns)})
        cells.append(cell_words(cell))
        cells.extend([""] * (columns - 1))
    return cells, below


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), MOST_COLUMNS) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def cell_words(cell: etree._Element) -> str:
    """All its words; block elements and inner cells keep their words apart."""
    parts: list[str] = []
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            if skipped is None and (element.tag in _DROPPED or not isinstance(element.tag, str)):
                skipped = element
            if skipped is None:
                parts.append(_lead(element) + (element.text or ""))
        elif skipped is None or element is skipped:
            skipped = None
            if element is not cell:
                parts.append(_trail(element) + (element.tail or ""))
    return clean(" ".join("".join(parts).split()))


_APART = frozenset({"p", "div", "li", "br", "tr", "td", "th", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"})


def _lead(element: etree._Element) -> str:
    return " " if element.tag in _APART else ""


_trail = _lead
