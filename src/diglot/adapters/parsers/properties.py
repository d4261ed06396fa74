"""Java properties: \\uXXXX escapes become characters."""

import re

from diglot.adapters.parsers.encodings import clean, decode
from diglot.adapters.parsers.running_text import placed_block
from diglot.adapters.parsers.source import Source
from diglot.domain.parsed import BlockKind, Parsed

_ESCAPES = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+")


def read(source: Source) -> Parsed:
    text = clean(_ESCAPES.sub(_unescaped, decode(source.content)))
    return Parsed((placed_block(text, kind=BlockKind.CODE),))


def _unescaped(match: re.Match[str]) -> str:
    """A run at once: characters beyond the first plane are written as two escapes."""
    units = (int(digits, 16) for digits in match[0].split("\\u")[1:])
    return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be", errors="replace")
