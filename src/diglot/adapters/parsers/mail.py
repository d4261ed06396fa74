"""Mail (RFC 5322)."""

from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesParser
from functools import partial

from diglot.adapters.parsers.contained import Contained, contained_file, require_shallow
from diglot.adapters.parsers.encodings import decode_as
from diglot.adapters.parsers.formats import FORMATS
from diglot.adapters.parsers.mail_headers import LENIENT, header_words, written_name
from diglot.adapters.parsers.mail_letter import Letter, letter_blocks
from diglot.adapters.parsers.source import Source
from diglot.domain.errors import LimitExceeded
from diglot.domain.parsed import Block, Parsed
from diglot.ports.parser import ParseLimits

SHOWN_HEADERS = ("From", "To", "Cc", "Subject", "Date")

_BODY_TYPES = frozenset({"text/plain", "text/html"})
_BEFORE_MAIL = b"\xef\xbb\xbf \t\r\n"


def read(source: Source) -> Parsed:
    message = message_of(source.content)
    return Parsed(tuple(letter_blocks(letter_of(message, source.limits), source)), title=title_of(message))


def message_of(content: bytes) -> Message:
    # The parser of the standard library's newer policies takes the square of a header's length, and recurses.
    return BytesParser(policy=LENIENT).parsebytes(content.lstrip(_BEFORE_MAIL))


def title_of(message: Message) -> str | None:
    return header_words(message, "Subject")[:300] or None


def letter_of(message: Message, limits: ParseLimits) -> Letter:
    parts = _parts(message, limits)
    body = [part for part in parts if _is_body(part)]
    return Letter(
        _headers(message),
        "\n\n".join(_decoded(part).strip("\n") for part in body if part.get_content_type() == "text/plain"),
        tuple(_decoded(part) for part in body if part.get_content_type() == "text/html"),
        tuple(_attached(part for part in parts if not _is_body(part))),
    )


def _headers(message: Message) -> str:
    lines = ((name, header_words(message, name)) for name in SHOWN_HEADERS)
    return "\n".join(f"{name}: {words}" for name, words in lines if words)


def _parts(message: Message, limits: ParseLimits) -> list[Message]:
    """What is no container, in order; a mail that is attached is one part."""
    parts: list[Message] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(reversed(_inner(part)))
        else:
            parts.append(part)
        if len(parts) > limits.archive_entries:
            raise LimitExceeded(f"The file holds more than {limits.archive_entries:,} parts.")
    return parts


def _attached(parts: Iterable[Message]) -> Iterator[Contained]:
    for number, part in enumerate(parts, 1):
        if _is_mail(part):
            yield _attached_mail(part, number)
        else:
            name = written_name(part) or _name_by_type(part, number)
            yield contained_file(name, len(str(part.get_payload())), partial(_bytes, part))


def _attached_mail(part: Message, number: int) -> Contained:
    message = _inner(part)[0]
    name = written_name(part) or (header_words(message, "Subject")[:100] or f"mail {number}") + ".eml"

    def read(source: Source) -> Iterable[Block]:
        require_shallow(source)
        return letter_blocks(letter_of(message, source.limits), source)

    return Contained(name, 0, read)


def _name_by_type(part: Message, number: int) -> str:
    kind = part.get_content_type()
    known = next((row.extension for row in FORMATS if row.media_type == kind), "txt")
    return f"part {number}.{known if kind.startswith('text/') else kind.rpartition('/')[2]}"


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _is_body(part: Message) -> bool:
    return (
        part.get_content_type() in _BODY_TYPES
        and part.get_content_disposition() != "attachment"
        and part.get_param("filename", header="content-disposition") is None
    )


def _is_mail(part: Message) -> bool:
    return part.get_content_type() == "message/rfc822" and bool(_inner(part))


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: Message) -> str:
    charset = part.get_content_charset() or ""
    # Programs that know nothing say ASCII, whatever they send.
    return decode_as(_bytes(part), "" if charset == "us-ascii" else charset)
