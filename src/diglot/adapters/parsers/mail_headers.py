"""Header fields of mails as they come: encoded words, raw bytes, names in parameters, and any length."""

from collections.abc import Sequence
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from typing import Any

from diglot.adapters.parsers.encodings import clean, decode, decode_as

LONGEST_FIELD = 10_000
LONGEST_NAME = 200


class _Lenient(Compat32):
    """Fields are cut at a length that no writer needs: what looks into them is not linear."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:LONGEST_FIELD]

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return value


LENIENT = _Lenient()


def header_words(message: Message, name: str) -> str:
    """The field on one line, decoded; empty if there is none."""
    return words(str(message.get(name, "")))


def written_name(part: Message) -> str:
    """The file name that a part was given, without folders; empty if there is none."""
    try:
        name = words(part.get_filename() or "")
    except (ValueError, LookupError, TypeError, AttributeError):
        # Parameters in parts (RFC 2231) that contradict each other.
        return ""
    return name.replace("\\", "/").rpartition("/")[2].strip()[-LONGEST_NAME:]


def words(value: str) -> str:
    try:
        pieces = decode_header(value) if "=?" in value else [(value, None)]
    except (MessageError, ValueError):
        pieces = [(value, None)]
    return " ".join(clean("".join(_piece(*piece) for piece in pieces)).split())


def _piece(words: str | bytes, charset: str | None) -> str:
    if isinstance(words, bytes):
        return decode_as(words, charset) if charset else words.decode("raw-unicode-escape", "replace")
    # Raw bytes beyond ASCII stand in the parser's text as lone surrogates.
    return words if words.isascii() else decode(words.encode("utf-8", "surrogateescape"))
