"""csv and tsv: one table."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from diglot.adapters.parsers.encodings import decode
from diglot.adapters.parsers.running_text import placed_block
from diglot.adapters.parsers.sheet_table import sheet_blocks
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.parsed import Parsed

_DELIMITERS = ",;\t|"
_SNIFFED = 20_000
"""Characters that tell the dialect."""

# Excel's own first line, which is no row.
_STATED = re.compile(r"[\"']?sep=([^\w \n\"'])[\"']?\n", re.I)


@dataclass(frozen=True, slots=True)
class _Dialect:
    delimiter: str
    quote: str = '"'


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
    if stated := _STATED.match(text):
        # Places are counted with that line.
        return [[], *_cut(text[stated.end() :], _Dialect(stated[1]))]
    return _cut(text, _Dialect("\t") if source.extension == "tsv" else _sniffed(text[:_SNIFFED]))


def _cut(text: str, dialect: _Dialect) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quote))
    except csv.Error:
        return [line.split(dialect.delimiter) for line in text.split("\n")]


def _sniffed(text: str) -> _Dialect:
    """What cuts the first lines into the most even rows; the sniffer of the library guesses letters."""
    dialects = [_Dialect(delimiter, _quote(text, delimiter)) for delimiter in _DELIMITERS]
    return max(dialects, key=lambda dialect: _evenness(text, dialect))


def _quote(text: str, delimiter: str) -> str:
    """A single quote only where whole fields stand in them: elsewhere it is an apostrophe."""
    if '"' in text or f"'{delimiter}'" not in text:
        return '"'
    return "'"


def _evenness(text: str, dialect: _Dialect) -> tuple[int, int]:
    """Rows of the commonest width, and that width: a title may stand above the table."""
    rows = [row for row in _cut(text, dialect)[:50] if row]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
