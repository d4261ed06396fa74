"""Documents and small texts through a chunk method, as the corridor does it."""

from pathlib import Path

import pytest

from diglot.adapters.parsers.reading import read
from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed
from diglot.domain.rules import ChunkMethod, MethodOptions
from diglot.ingestion.splitting.methods import split_by_method
from diglot.ports.parser import ParseLimits

DOCUMENTS = Path(__file__).parents[4] / "shared" / "documents"
needs_documents = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}"
)


def document(name: str) -> Parsed:
    return read(name, (DOCUMENTS / name).read_bytes(), ParseLimits())


def text(content: str) -> Parsed:
    """What a plain text file is read as."""
    return read("a.txt", content.encode(), ParseLimits())


def heading(words: str, level: int, page: int | None = None) -> Block:
    return Block(BlockKind.HEADING, words, Anchor(page=page), level)


def paragraph(words: str, page: int | None = None) -> Block:
    return Block(BlockKind.PARAGRAPH, words, Anchor(page=page))


def table(words: str = "| a | b |\n| --- | --- |\n| 1 | 2 |", page: int | None = None) -> Block:
    return Block(BlockKind.TABLE, words, Anchor(page=page), rows=(("a", "b"), ("1", "2")))


def split(
    parsed: Parsed, method: ChunkMethod, options: MethodOptions | None = None, name: str = "a"
) -> list[ChunkDraft]:
    return split_by_method(parsed, method, options or MethodOptions(), name)


def contents(parsed: Parsed, method: ChunkMethod, options: MethodOptions | None = None, name: str = "a") -> list[str]:
    return [draft.content for draft in split(parsed, method, options, name)]


def lost(parsed: Parsed, drafts: list[ChunkDraft]) -> list[str]:
    """Lines of the running text that no chunk holds; the marks of Markdown's headings apart."""
    held = {_bare(line) for draft in drafts for line in draft.content.split("\n")}
    blocks = (block for block in parsed.blocks if block.kind not in {BlockKind.HEADER, BlockKind.FOOTER})
    return [line for block in blocks for line in block.text.split("\n") if _bare(line) and _bare(line) not in held]


def _bare(line: str) -> str:
    return " ".join(line.strip("# \t").split())
