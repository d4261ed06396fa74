"""Tables row by row, whatever a reader kept of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, takewhile
from typing import NamedTuple

from diglot.domain.errors import LimitExceeded
from diglot.domain.parsed import Anchor, AnchoredText, Block, BlockKind
from diglot.ingestion.anchoring import Places
from diglot.ingestion.splitting.methods.sections import spans_of
from diglot.ingestion.splitting.table_pairs import cells_of, is_rule

LONGEST_NAME = 200
"""Of a column where it is repeated in each row."""

MOST_TITLES = 3

MOST_CHARACTERS = 100_000_000
"""Of rows that repeat the names of their columns: a small file could become endless text."""

Written = tuple[str, tuple[Anchor, ...]]
"""A text made of a row, and the row's places."""

_LINE = re.compile(r"[^\n]+")


class Row(NamedTuple):
    """`cells` are stripped. `start` and `end` are the row's characters in its block."""

    cells: tuple[str, ...]
    anchors: tuple[Anchor, ...]
    start: int = 0
    end: int = 0

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]


def is_sheet(blocks: Iterable[Block]) -> bool:
    """Whether they come from a workbook or from a csv file with columns; a mail with such a file is none."""
    return all(block.anchor.cells or block.anchor.sheet for block in blocks)


def rows_of(block: Block) -> list[Row]:
    """The rows of a table, its head first."""
    lines = [line for line in _LINE.finditer(block.text) if not is_rule(line.group())]
    places = Places(AnchoredText(block.text, spans_of(block)))
    kept = block.rows if len(block.rows) == len(lines) else [cells_of(line.group()) for line in lines]
    return [
        Row(tuple(cell.strip() for cell in cells), places.between(*line.span()), *line.span())
        for cells, line in zip(kept, lines, strict=True)
    ]


def titles_above(rows: Sequence[Row]) -> int:
    """How many rows with a first cell only stand above the head of a table of several columns."""
    before = list(takewhile(lambda row: not any(row.cells[1:]), rows[: MOST_TITLES + 1]))
    return len(before) if len(before) <= MOST_TITLES and len(before) < len(rows) else 0


def tables(blocks: Iterable[Block]) -> Iterator[list[Row]]:
    for block in blocks:
        if block.kind is BlockKind.TABLE and (rows := rows_of(block)):
            yield rows


def lines_of(block: Block) -> list[Row]:
    """The lines of running text as rows of one cell; white space inside and at the head is kept."""
    places = Places(AnchoredText(block.text, spans_of(block)))
    return [
        Row((line.group().rstrip(),), places.between(*line.span()), *line.span())
        for line in _LINE.finditer(block.text)
        if line.group().strip()
    ]


def all_lines(blocks: Iterable[Block]) -> list[Row]:
    return list(chain.from_iterable(map(lines_of, blocks)))


def within_limit(texts: Iterable[str]) -> Iterator[str]:
    """`LimitExceeded` before they fill the memory."""
    return (text for text, _ in written_within_limit((text, ()) for text in texts))


def written_within_limit(rows: Iterable[Written]) -> Iterator[Written]:
    """Like `within_limit`, with the places."""
    characters = 0
    for written in rows:
        characters += len(written[0])
        if characters > MOST_CHARACTERS:
            raise LimitExceeded(f"The document's chunks would hold more than {MOST_CHARACTERS:,} characters.")
        yield written
