"""A reader called in this process: for files that are known to be harmless."""

from diglot.adapters.parsers.reading import read
from diglot.domain.parsed import Block, BlockKind, Parsed
from diglot.ports.parser import ParseLimits


def parsed(name: str, content: bytes, limits: ParseLimits | None = None) -> Parsed:
    return read(name, content, limits or ParseLimits())


def running_text(result: Parsed) -> str:
    return "".join(block.text + block.gap for block in result.blocks).rstrip("\n")


def of_kind(result: Parsed, kind: BlockKind) -> list[Block]:
    return [block for block in result.blocks if block.kind is kind]
