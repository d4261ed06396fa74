"""The whole file is one chunk."""

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Parsed
from diglot.domain.rules import MethodOptions
from diglot.ingestion.splitting.assembling import assemble
from diglot.ingestion.splitting.methods.sections import whole_draft


def split_one(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """In reading order, tables where they stand."""
    return [whole_draft(assemble(parsed))] if parsed.blocks else []
