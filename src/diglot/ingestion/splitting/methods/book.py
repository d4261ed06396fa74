"""Books: short chunks of text, each under its chain of headings."""

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Parsed
from diglot.domain.rules import MethodOptions
from diglot.ingestion.splitting.methods.contents import without_contents
from diglot.ingestion.splitting.methods.headings import outline
from diglot.ingestion.splitting.methods.lines import Scroll, passages, pieces, tables_apart
from diglot.ingestion.splitting.methods.naive import split_naive

LONGEST = 218
"""Tokens up to which short lines below the same headings are one chunk."""


def split_book(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """Without a table of contents. Without headings as the method naive."""
    scroll = Scroll.of(parsed.blocks)
    found = outline(without_contents(scroll.lines))
    if not found.levels:
        return split_naive(parsed, options, name)
    listed = (part for passage in passages(found.lines, found.levels[-1]) for part in tables_apart(passage))
    return scroll.drafts((piece for passage in listed for piece in pieces(passage, LONGEST)), options)
