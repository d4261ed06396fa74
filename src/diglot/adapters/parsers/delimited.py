"""csv and tsv: one table."""

import csv
import io

from diglot.adapters.parsers.encodings import decode
from diglot.adapters.parsers.running_text import placed_block
from diglot.adapters.parsers.sheet_table import sheet_blocks
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.parsed import Parsed

_DELIMITERS = ",;\t|"


def read(source: Source) -> Parsed:
    text = decode(source.content)
    # The limit is the whole process's: raised where a field may be as long as the text, never lowered for others.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    rows = _rows(text, source)
    if max(map(len, rows), default=0) < 2:
        # One column: prose with commas nowhere, or no table at all.
        return Parsed((placed_block(text),))
    return Parsed(tuple(sheet_blocks(rows, None, Allowance(source.limits.output_characters))))


def _rows(text: str, source: Source) -> list[list[str]]:
    delimiter = "\t" if source.extension == "tsv" else _delimiter(text)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in text.split("\n")]


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into the most even rows; the sniffer of the library guesses letters."""
    lines = [line for line in text[:20_000].split("\n")[:50] if line.strip()]
    return max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    rows = list(csv.reader(lines, delimiter=delimiter))
    width = len(rows[0]) if rows else 0
    return (sum(1 for row in rows if len(row) == width) * (width > 1), width)
