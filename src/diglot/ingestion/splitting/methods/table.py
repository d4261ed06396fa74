"""A chunk for each row of a table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from diglot.domain.chunk import ChunkDraft
from diglot.domain.errors import ParseFailed
from diglot.domain.parsed import Anchor, Parsed
from diglot.domain.rules import ColumnRole, MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting.methods.rows import (
    LONGEST_NAME,
    Row,
    all_lines,
    tables,
    titles_above,
    written_within_limit,
)

_COUNTERS = frozenset({"id", "_id", "index", "idx"})
_ONE_COLUMN = (".csv", ".tsv")
_TAB = "\t"
_MOST_LEVELS = 3
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*%?")
# A slash in brackets parts the values that a column may have.
_SYNONYM = re.compile(r"[^/(（]*(?:[(（][^)）]*[)）]?[^/(（]*)*")


def split_rows(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """The lines of a chunk are `- column: value`; empty cells are left out. Of a name with "/" the first counts.

    Columns that count the rows, or that the options keep for metadata, are left out; so are rows that are wider than
    the head. `ParseFailed` if there is no table.
    """
    found = list(tables(parsed.blocks)) or list(_lined(parsed, name))
    if parsed.blocks and not found:
        raise ParseFailed("The chunk method 'table' needs a table, and the file holds none.")
    return [draft for rows in found for draft in _drafts(rows, options.column_roles or {})]


def _lined(parsed: Parsed, name: str) -> Iterator[list[Row]]:
    """A text with tabs, and a file of one column, which readers take for text."""
    lines = all_lines(parsed.blocks)
    if lines and (_TAB in lines[0].cells[0] or name.lower().endswith(_ONE_COLUMN)):
        yield [Row(tuple(cell.strip() for cell in line.cells[0].split(_TAB)), line.anchors) for line in lines]


def _drafts(rows: Sequence[Row], roles: Mapping[str, ColumnRole]) -> Iterator[ChunkDraft]:
    count = titles_above(rows)
    titles = tuple(row.filled[0] for row in rows[:count] if row.filled)
    names, below = _head(rows[count:])
    shown = [_shown(name, roles) for name in names]
    fitting = (row for row in below if not any(row.cells[len(names) :]))
    for content, anchors in written_within_limit((_content(shown, row), row.anchors) for row in fitting):
        if content:
            under = tuple(_under(anchor, titles) for anchor in anchors)
            yield ChunkDraft(content, under, tokens=count_tokens(content))


def _under(anchor: Anchor, titles: tuple[str, ...]) -> Anchor:
    return anchor._replace(headings=(*anchor.headings, *titles)) if titles else anchor


def _head(rows: Sequence[Row]) -> tuple[list[str], Sequence[Row]]:
    """The names of the columns, of several levels joined by "-", and the rows below them."""
    names = list(rows[0].cells)
    levels = 1
    while levels < min(_MOST_LEVELS, len(rows) - 1) and _is_above(rows[levels - 1].cells, rows[levels].cells):
        lower = [*rows[levels].cells, *[""] * len(names)]
        names = [_joined(above, under) for above, under in zip(names, lower, strict=False)]
        levels += 1
    while names and not names[-1]:
        names.pop()
    return names, rows[levels:]


def _is_above(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """A cell over several columns, which stands in each of them, and different names below it."""
    if len(lower) != len(upper) or any(_NUMBER.fullmatch(cell) for cell in lower):
        return False
    columns = pairwise(zip(upper, lower, strict=True))
    return any(one and one == two and a and b and a != b for (one, a), (two, b) in columns)


def _joined(above: str, under: str) -> str:
    return above or under if not (above and under) or above == under else f"{above}-{under}"


def _shown(name: str, roles: Mapping[str, ColumnRole]) -> str | None:
    """None for a column that is left out."""
    match = _SYNONYM.match(name)
    first = match[0].strip() if match else name
    if name in _COUNTERS or roles.get(name, roles.get(first)) is ColumnRole.METADATA:
        return None
    return first[:LONGEST_NAME]


def _content(names: Sequence[str | None], row: Row) -> str:
    cells = zip(names, row.cells, strict=False)
    return "\n".join(f"- {name}: {cell}" if name else f"- {cell}" for name, cell in cells if cell and name is not None)
