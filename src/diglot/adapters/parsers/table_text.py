"""Tables as Markdown rows."""

from collections.abc import Sequence

from diglot.domain.parsed import Anchor, Block, BlockKind, Span

MOST_CELLS = 50_000
"""Tables beyond this are kept as text only: their cells would take many times the memory of their text."""

LONGEST_REPEATED = 200


def again(text: str = "") -> str:
    """What a further place of a merged cell shows: the same, so that each row can be read by itself; long text once."""
    return text if len(text) <= LONGEST_REPEATED else ""


def row_line(cells: Sequence[str]) -> str:
    """| a | b |, with what would break the row escaped."""
    return "| " + " | ".join(cell_text(cell) for cell in cells) + " |"


def cell_text(cell: str) -> str:
    if "\n" in cell or "\t" in cell or "  " in cell:
        cell = " ".join(cell.split())
    return cell.replace("|", "\\|") if "|" in cell else cell.strip()


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first row is the head, as Markdown wants it."""
    lines = [row_line(row) for row in rows]
    lines.insert(1, "|" + " --- |" * max(len(rows[0]), 1))
    return lines


def trimmed(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Rows of one width, without empty rows and without empty columns at the right."""
    full = [row for row in rows if any(cell.strip() for cell in row)]
    width = max((last_filled(row) for row in full), default=0)
    return [(*row[:width], *[""] * (width - len(row))) for row in full]


def last_filled(row: Sequence[str]) -> int:
    """The number of cells up to the last one that holds something."""
    return next((index for index in range(len(row), 0, -1) if row[index - 1].strip()), 0)


def table_block(rows: Sequence[Sequence[str]], anchor: Anchor, places: Sequence[Anchor] = ()) -> Block | None:
    """None if nothing is in it. `places`, one a row, become the spans of the rows."""
    kept = trimmed(rows)
    if not kept:
        return None
    lines = table_lines(kept)
    cells = len(kept) * len(kept[0])
    spans = _row_spans(lines, places) if len(places) == len(kept) else ()
    return Block(
        BlockKind.TABLE, "\n".join(lines), anchor, rows=tuple(kept) if cells <= MOST_CELLS else (), spans=spans
    )


def _row_spans(lines: Sequence[str], places: Sequence[Anchor]) -> tuple[Span, ...]:
    """The head's span takes the rule below it in."""
    spans = []
    start = 0
    by_row = [f"{lines[0]}\n{lines[1]}", *lines[2:]]
    for line, place in zip(by_row, places, strict=True):
        spans.append(Span(start, start + len(line), place))
        start += len(line) + 1
    return tuple(spans)
