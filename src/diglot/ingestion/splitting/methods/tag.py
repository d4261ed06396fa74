"""A chunk for each description with its tags."""

import re

from diglot.domain.chunk import ChunkDraft
from diglot.domain.errors import ParseFailed
from diglot.domain.parsed import Parsed
from diglot.domain.rules import MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting.methods.columns import TwoColumns, two_columns

_COMMA = re.compile("[,，]")
_HEADS = frozenset({"tag", "tags", "label", "labels", "标签", "標籤"})


def split_tags(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """Two columns: a description, and tags with commas between them. Dots in tags become underscores, as fields of
    engines cannot have them. `ParseFailed` if there are no such columns."""
    drafts = [_draft(row) for row in two_columns(parsed) if row.second.lower() not in _HEADS]
    if parsed.blocks and not drafts:
        raise ParseFailed("The chunk method 'tag' needs two columns: a text, and its tags with commas between them.")
    return drafts


def _draft(row: TwoColumns) -> ChunkDraft:
    tags = (tag.strip().replace(".", "_") for tag in _COMMA.split(row.second))
    return ChunkDraft(
        row.first, row.anchors, tokens=count_tokens(row.first), tags=tuple(dict.fromkeys(filter(None, tags)))
    )
