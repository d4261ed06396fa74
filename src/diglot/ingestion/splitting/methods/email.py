"""Mails: header lines and text together, each attachment by itself."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Anchor, Block, Parsed
from diglot.domain.rules import MethodOptions
from diglot.ingestion.splitting.methods.naive import split_naive


def split_email(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """Each as the method naive does it; what an attachment is, its name says."""
    parts = groupby(parsed.blocks, key=lambda block: block.anchor.part)
    return [
        draft
        for part, blocks in parts
        for draft in (_attached(blocks, options, part) if part else split_naive(Parsed(tuple(blocks)), options, name))
    ]


def _attached(blocks: Iterable[Block], options: MethodOptions, part: str) -> list[ChunkDraft]:
    """Objects that are cut anew out of a file know only their place in it."""
    drafts = split_naive(Parsed(tuple(blocks)), options, part)
    return [
        replace(draft, anchors=tuple(anchor._replace(part=part) for anchor in draft.anchors) or (Anchor(part=part),))
        for draft in drafts
    ]
