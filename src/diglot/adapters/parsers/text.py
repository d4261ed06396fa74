"""Plain text and source code: the text as it stands."""

from diglot.adapters.parsers.encodings import decode
from diglot.adapters.parsers.running_text import placed_block
from diglot.adapters.parsers.source import Source
from diglot.domain.parsed import BlockKind, Parsed

_PROSE = frozenset({"txt"})


def read(source: Source) -> Parsed:
    text = decode(source.content)
    kind = BlockKind.PARAGRAPH if source.extension in _PROSE else BlockKind.CODE
    return Parsed((placed_block(text, kind=kind),))
