"""Workbooks and csv files for the general method: a line a row, or HTML tables."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from diglot.domain.chunk import ChunkDraft, ChunkKind
from diglot.domain.parsed import AnchoredText, Block, BlockKind
from diglot.domain.tokens import count_tokens
from diglot.ingestion.anchoring import Places
from diglot.ingestion.splitting.methods.rows import (
    LONGEST_NAME,
    Row,
    Written,
    rows_of,
    titles_above,
    written_within_limit,
)
from diglot.ingestion.splitting.methods.sections import Section, placed, spans_of

ROWS_OF_A_CHUNK = 12

_UNTELLING = "sheet"


def row_lines(blocks: Sequence[Block]) -> list[Section]:
    """`column：value; column：value`, and the sheet's name unless it is called like "Sheet1"."""
    lines = (line for block in _told(blocks) for line in _lines(block))
    return [placed(text, anchors) for text, anchors in written_within_limit(lines)]


def html_tables(blocks: Sequence[Block]) -> list[ChunkDraft]:
    """A chunk for every 12 rows of a sheet, below the names of the columns."""
    tables = (table for block in _told(blocks) for table in _tables(block))
    return [
        ChunkDraft(text, anchors, tokens=count_tokens(text), kind=ChunkKind.TABLE)
        for text, anchors in written_within_limit(tables)
    ]


def _lines(block: Block) -> Iterator[Written]:
    sheet = _sheet(block)
    ending = f" ——{sheet}" if sheet else ""
    titles, head, rows = _parts(block)
    for row in titles if rows else (*titles, head):
        yield "; ".join(row.filled) + ending, row.anchors
    names = [name[:LONGEST_NAME] for name in head.cells]
    for row in rows:
        cells = zip(names, row.cells, strict=False)
        fields = (f"{name}：{cell}" if name else cell for name, cell in cells if cell)
        yield "; ".join(fields) + ending, row.anchors


def _tables(block: Block) -> Iterator[Written]:
    titles, head, rows = _parts(block)
    caption = _caption(block.anchor.sheet, titles)
    places = Places(AnchoredText(block.text, spans_of(block)))
    names = _html((name[:LONGEST_NAME] for name in head.cells), "th")
    for start in range(0, max(len(rows), 1), ROWS_OF_A_CHUNK):
        part = rows[start : start + ROWS_OF_A_CHUNK] or [head]
        body = "".join(_html(row.cells, "td") for row in part if row is not head)
        yield f"<table>{caption}{names}{body}</table>", places.between(part[0].start, part[-1].end)


def _parts(block: Block) -> tuple[Sequence[Row], Row, Sequence[Row]]:
    """Titles, the names of the columns, and what stands below; a lone cell is a head with nothing below it."""
    rows = rows_of(block) if block.kind is BlockKind.TABLE else [_lone_cell(block)]
    count = titles_above(rows)
    return rows[:count], rows[count], rows[count + 1 :]


def _lone_cell(block: Block) -> Row:
    return Row((block.text.strip(),), (block.anchor,), 0, len(block.text))


def _caption(sheet: str | None, titles: Sequence[Row]) -> str:
    words = " ".join(filter(None, (sheet, *(cell for row in titles for cell in row.filled))))
    return f"<caption>{escape(words[:LONGEST_NAME], quote=False)}</caption>" if words else ""


def _html(cells: Iterable[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in cells) + "</tr>"


def _told(blocks: Sequence[Block]) -> Iterator[Block]:
    """Headings are names of sheets, which stand with the rows."""
    return (block for block in blocks if block.kind is not BlockKind.HEADING)


def _sheet(block: Block) -> str:
    sheet = block.anchor.sheet or ""
    return "" if _UNTELLING in sheet.lower() else sheet
