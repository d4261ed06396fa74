"""Which tables hold data, and which only place what stands in them."""

from collections.abc import Sequence

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.html_table import own_rows

_FOR_LOOKS = frozenset({"presentation", "none"})
_OF_DATA = frozenset({"caption", "thead", "tfoot", "colgroup"})
_NO_BORDER = frozenset({None, "0", "none"})
_HEADINGS = ("h1", "h2", "h3")
_PARAGRAPHS = ("p", "blockquote", "pre")

_Cells = Sequence[Sequence[etree._Element]]
"""Rows of cells."""


def is_data(table: etree._Element) -> bool:
    """By and large what browsers tell programs that read aloud: a table that only places things says so itself, or it
    shows by what it holds: a single cell, headings, other tables, columns of text."""
    if table.get("role") in _FOR_LOOKS:
        return False
    cells = [list(row.iterchildren("td", "th")) for row in own_rows(table)]
    if sum(map(len, cells)) < 2:
        return False
    if not _is_drawn(table, cells) and (_holds_tables(cells) or _holds_text(cells)):
        return False
    # Last, as it looks through all inner tables too.
    return next(table.iter(*_HEADINGS), None) is None


def _is_drawn(table: etree._Element, cells: _Cells) -> bool:
    """As data: with heads, or with lines."""
    if table.get("border") not in _NO_BORDER or any(part.tag in _OF_DATA for part in table):
        return True
    return any(cell.tag == "th" for row in cells for cell in row)


def _holds_tables(cells: _Cells) -> bool:
    return any(next(cell.iter("table"), None) is not None for row in cells for cell in row)


def _holds_text(cells: _Cells) -> bool:
    """Columns or sections of a page: a single row or column, and several paragraphs in one of its cells."""
    if len(cells) > 1 and any(len(row) > 1 for row in cells):
        return False
    return any(sum(1 for _ in cell.iterchildren(*_PARAGRAPHS)) > 1 for row in cells for cell in row)
