"""Two columns that belong together: in tables, or in lines with a tab or a comma."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from diglot.domain.parsed import Anchor, BlockKind, Parsed
from diglot.ingestion.splitting.methods.rows import Row, all_lines, is_sheet, tables

TAB, COMMA = "\t", ","
_RICH = frozenset({BlockKind.HEADING, BlockKind.TABLE})


class TwoColumns(NamedTuple):
    first: str
    second: str
    anchors: tuple[Anchor, ...]


def two_columns(parsed: Parsed) -> list[TwoColumns]:
    """The first two filled cells of the rows of sheets, or the lines of a text; other files have none."""
    if is_sheet(parsed.blocks):
        return [pair for rows in tables(parsed.blocks) for pair in of_rows(rows)]
    if any(block.anchor.page or block.anchor.slide or block.kind in _RICH for block in parsed.blocks):
        return []
    lines = all_lines(parsed.blocks)
    return of_lines(lines, delimiter_of(lines))


def of_rows(rows: Sequence[Row]) -> Iterator[TwoColumns]:
    """A csv row of another width goes on with what stands above, as it was cut by a comma inside a text."""
    if any(anchor.sheet is not None for row in rows[:1] for anchor in row.anchors):
        return (TwoColumns(row.filled[0], row.filled[1], row.anchors) for row in rows if len(row.filled) > 1)
    return _running(rows)


def of_lines(lines: Sequence[Row], delimiter: str) -> list[TwoColumns]:
    """A line of another width goes on with what stands above."""
    return list(_running(Row(_cut(line, delimiter), line.anchors) for line in lines))


def delimiter_of(lines: Sequence[Row]) -> str:
    """Tab or comma, whichever cuts more lines in two."""
    cuts = {delimiter: sum(_is_pair(_cut(line, delimiter)) for line in lines) for delimiter in (TAB, COMMA)}
    return COMMA if cuts[COMMA] > cuts[TAB] else TAB


def _cut(line: Row, delimiter: str) -> tuple[str, ...]:
    cells = tuple(cell.strip() for cell in line.cells[0].split(delimiter))
    return cells if _is_pair(cells) else line.cells


def _is_pair(cells: Sequence[str]) -> bool:
    return len(cells) == 2 and all(cells)


def _running(rows: Iterable[Row]) -> Iterator[TwoColumns]:
    """What does not make a pair before the first one is dropped."""
    first, second, anchors = "", list[str](), list[Anchor]()
    for row in rows:
        filled = row.filled
        if len(filled) != 2:
            second.append(", ".join(filled))
            anchors += row.anchors
            continue
        if first:
            yield TwoColumns(first, "\n".join(second), tuple(anchors))
        first, second, anchors = filled[0], [filled[1]], list(row.anchors)
    if first:
        yield TwoColumns(first, "\n".join(second), tuple(anchors))
