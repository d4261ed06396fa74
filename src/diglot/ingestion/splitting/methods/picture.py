"""A picture's text."""

from diglot.domain.chunk import ChunkDraft, ChunkKind
from diglot.domain.errors import FileEmpty
from diglot.domain.parsed import Parsed
from diglot.domain.rules import MethodOptions
from diglot.ingestion.splitting.assembling import assemble
from diglot.ingestion.splitting.methods.sections import whole_draft


def split_picture(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """All text is one chunk. Nobody is helped by a picture without any: `FileEmpty`."""
    if not parsed.blocks:
        raise FileEmpty("No text was recognised in the picture.")
    return [whole_draft(assemble(parsed), ChunkKind.IMAGE)]
