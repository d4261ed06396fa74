"""JSON and JSON lines: the text as it stands if people can read it, else laid out over lines."""

import orjson

from diglot.adapters.parsers.encodings import clean, decode
from diglot.adapters.parsers.running_text import placed_block
from diglot.adapters.parsers.source import Source
from diglot.domain.parsed import Block, BlockKind, Parsed

LONG_LINE = 2000


def read(source: Source) -> Parsed:
    text = decode(source.content)
    return Parsed((_laid_out(text) or placed_block(text, kind=BlockKind.CODE),))


def _laid_out(text: str) -> Block | None:
    """One long line of JSON, or one with \\u escapes, as lines with real characters; None if that is not needed.

    JSON that is not valid is text like any other: nobody is helped by refusing it.
    """
    if "\\u" not in text and max(map(len, text.split("\n")), default=0) <= LONG_LINE:
        return None
    try:
        laid_out = orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return Block(BlockKind.CODE, clean(laid_out))
