"""A chunk a slide, or a page."""

from itertools import groupby

from diglot.domain.chunk import ChunkDraft
from diglot.domain.errors import ParseFailed
from diglot.domain.parsed import Block, Parsed
from diglot.domain.rules import MethodOptions
from diglot.ingestion.splitting.assembling import assemble
from diglot.ingestion.splitting.methods.sections import whole_draft


def split_presentation(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """In order, with all that stands on a slide; empty ones are none. `ParseFailed` without slides and pages."""
    if any(_number(block) is None for block in parsed.blocks):
        raise ParseFailed("The chunk method 'presentation' reads slides and PDF files only.")
    slides = groupby(parsed.blocks, key=_number)
    return [whole_draft(assemble(Parsed(tuple(blocks)))) for _, blocks in slides]


def _number(block: Block) -> int | None:
    return block.anchor.page if block.anchor.slide is None else block.anchor.slide
