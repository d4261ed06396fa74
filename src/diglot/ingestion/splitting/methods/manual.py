"""Manuals: sections together, in chunks that a reader can take in at once."""

from collections.abc import Iterable, Iterator

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import BlockKind, Parsed
from diglot.domain.rules import MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting.methods.headings import outline
from diglot.ingestion.splitting.methods.lines import Line, Passage, Scroll, passages, pieces, tables_apart

SHORT = 32
LONG = 1024
"""Tokens below which a chunk takes whatever comes next, and at which it takes nothing more."""


def split_manual(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """Of pages: lines of a section together. Of other files: a chunk for each path of headings. Tables apart."""
    scroll = Scroll.of(parsed.blocks)
    found = outline(scroll.lines)
    if found.levels and all(block.anchor.page is None for block in parsed.blocks):
        listed = (part for passage in passages(found.lines, found.levels[-1]) for part in tables_apart(passage))
        return scroll.drafts((piece for passage in listed for piece in pieces(passage, LONG)), options)
    return scroll.drafts(_filled(found.lines), options)


def _filled(lines: Iterable[Line]) -> Iterator[Passage]:
    held: list[Line] = []
    tables: list[Line] = []
    total = 0
    for line in lines:
        if line.kind is BlockKind.TABLE:
            tables.append(line)
            continue
        if total >= LONG or (total >= SHORT and line.level):
            yield from tables_apart(Passage((), (*held, *tables)))
            held, tables, total = [], [], 0
        held.append(line)
        total += count_tokens(line.text)
    yield from tables_apart(Passage((), (*held, *tables)))
