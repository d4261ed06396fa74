"""Mails: header lines and text together, each attachment by itself."""

from itertools import groupby

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Parsed
from diglot.domain.rules import MethodOptions
from diglot.ingestion.splitting.methods.naive import split_naive


def split_email(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """Each as the method naive does it; what an attachment is, its name says."""
    parts = groupby(parsed.blocks, key=lambda block: block.anchor.part)
    return [draft for part, blocks in parts for draft in split_naive(Parsed(tuple(blocks)), options, part or name)]
