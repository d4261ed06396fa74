"""RTF's control words, braces and text, and the code pages that the text is written in."""

import codecs
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    SYMBOL = auto()
    BYTES = auto()


class Token(NamedTuple):
    """`word` of a WORD or a SYMBOL, with its number if it has one; `text` of BYTES, in the code page of its font."""

    kind: Kind
    word: str = ""
    number: int | None = None
    text: bytes = b""


_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n\0]+)")
_OPEN, _CLOSE = Token(Kind.OPEN), Token(Kind.CLOSE)

_PAGE_OF_CHARSET = {
    0: "cp1252",
    2: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}


def tokens(content: bytes) -> Iterator[Token]:
    at = 0
    while found := _TOKEN.search(content, at):
        at = found.end()
        word, number, sign, symbol, brace, text = found.groups()
        if text is not None:
            yield Token(Kind.BYTES, text=text)
        elif sign is not None:
            yield Token(Kind.BYTES, text=bytes.fromhex(sign.decode()))
        elif brace is not None:
            yield _OPEN if brace == b"{" else _CLOSE
        elif word == b"bin":
            # So many bytes of a picture, which may look like anything.
            at += max(int(number or 0), 0)
        elif word is not None:
            yield Token(Kind.WORD, word.decode(), int(number) if number else None)
        else:
            yield Token(Kind.SYMBOL, symbol.decode("latin-1"))


def page_of_charset(charset: int) -> str | None:
    """The code page of a font; None for the document's own."""
    return _PAGE_OF_CHARSET.get(charset)


def page_of_number(number: int) -> str | None:
    name = {936: "gb18030", 10000: "mac_roman", 65001: "utf-8"}.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
