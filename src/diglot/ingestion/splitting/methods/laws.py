"""Statutes, contracts, rules: a chunk an article, under the headings that it stands in."""

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Parsed
from diglot.domain.rules import MethodOptions
from diglot.ingestion.splitting.methods.contents import without_contents
from diglot.ingestion.splitting.methods.headings import outline
from diglot.ingestion.splitting.methods.lines import Passage, Scroll, passages, pieces, tables_apart

LONGEST = 4
"""Times the target size: what is longer is cut between lines."""


def split_laws(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """For each heading of the second level (of the first if there is no other) its path and all below it; without
    headings each line is a chunk. Tables stand in their section, unless they are longer than it may be."""
    scroll = Scroll.of(parsed.blocks)
    found = outline(without_contents(scroll.lines))
    if not found.levels:
        return scroll.drafts((Passage((), (line,)) for line in found.lines), options)
    most = LONGEST * options.chunk_tokens
    sections = passages(found.lines, found.levels[:2][-1])
    listed = (part for section in sections for part in tables_apart(section, larger_than=most))
    return scroll.drafts((piece for passage in listed for piece in pieces(passage, most)), options)
