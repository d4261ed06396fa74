"""Outlook's messages (.msg)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from email.utils import format_datetime
from functools import partial

from diglot.adapters.parsers.contained import Contained, contained_file, require_shallow
from diglot.adapters.parsers.formats import BY_EXTENSION
from diglot.adapters.parsers.mail import message_of
from diglot.adapters.parsers.mail_headers import LONGEST_NAME, header_words
from diglot.adapters.parsers.mail_letter import Letter, letter_blocks
from diglot.adapters.parsers.outlook_properties import Storage, open_message
from diglot.adapters.parsers.outlook_rtf import unpacked, wrapped_page
from diglot.adapters.parsers.reading import reader_of
from diglot.adapters.parsers.source import Source
from diglot.domain.errors import ParseFailed
from diglot.domain.parsed import Block, Parsed

_SUBJECT, _TRANSPORT_HEADERS, _SUBMITTED, _DELIVERED = 0x0037, 0x007D, 0x0039, 0x0E06
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_AUTHOR_NAME, _AUTHOR_ADDRESS, _AUTHOR_SMTP = 0x0042, 0x0065, 0x5D02
_NAME, _ADDRESS, _SMTP, _RECIPIENT_KIND = 0x3001, 0x3003, 0x39FE, 0x0C15
_SHOWN_TO, _SHOWN_CC = 0x0E04, 0x0E03
_TO, _CC = 1, 2
_BODY, _PAGE, _RTF = 0x1000, 0x1013, 0x1009
_CONTENT, _LONG_FILE_NAME, _FILE_NAME = 0x3701, 0x3707, 0x3704


def read(source: Source) -> Parsed:
    message = open_message(source.content)
    blocks = tuple(letter_blocks(_letter(message, source), source))
    return Parsed(blocks, title=message.text(_SUBJECT)[:300] or None)


def _letter(message: Storage, source: Source) -> Letter:
    text = message.text(_BODY)
    page = message.page(_PAGE)
    if not text and not page:
        text, page = _body_of_rtf(unpacked(message.data(_RTF)), source)
    return Letter(_headers(message), text, (page,) if page else (), tuple(_attached(message)))


def _body_of_rtf(rtf: bytes, source: Source) -> tuple[str, str]:
    """As text, or as HTML."""
    if not rtf:
        return "", ""
    if page := wrapped_page(rtf):
        return "", page
    inner = replace(source, name="body.rtf", extension="rtf", content=rtf)
    blocks = reader_of(BY_EXTENSION["rtf"]).read(inner).blocks
    return "".join(block.text + block.gap for block in blocks).strip("\n"), ""


def _headers(message: Storage) -> str:
    """What the message itself does not say, the header fields that it came with may."""
    fields = message_of(message.text(_TRANSPORT_HEADERS).encode())
    sent = message.time(_SUBMITTED) or message.time(_DELIVERED)
    people = message.inside("__recip_version1.0_#")
    lines = (
        ("From", _sender(message) or header_words(fields, "From")),
        ("To", _recipients(people, _TO) or message.text(_SHOWN_TO)),
        ("Cc", _recipients(people, _CC) or message.text(_SHOWN_CC)),
        ("Subject", message.text(_SUBJECT)),
        ("Date", header_words(fields, "Date") or (format_datetime(sent) if sent else "")),
    )
    return "\n".join(f"{name}: {' '.join(words.split())}" for name, words in lines if words)


def _sender(message: Storage) -> str:
    return _person(
        message.text(_AUTHOR_NAME, _SENDER_NAME),
        message.text(_AUTHOR_SMTP, _SENDER_SMTP, _AUTHOR_ADDRESS, _SENDER_ADDRESS),
    )


def _recipients(people: list[Storage], kind: int) -> str:
    found = (one for one in people if (one.integer(_RECIPIENT_KIND) or _TO) & 0xF == kind)
    return ", ".join(filter(None, (_person(one.text(_NAME), one.text(_SMTP, _ADDRESS)) for one in found)))


def _person(name: str, address: str) -> str:
    """Addresses inside an organisation (/O=...) say nothing to people."""
    if "@" not in address or address in name:
        return name
    return f"{name} <{address}>" if name else address


def _attached(message: Storage) -> Iterator[Contained]:
    for number, attached in enumerate(message.inside("__attach_version1.0_#"), 1):
        inner = attached.message(_CONTENT)
        if inner is None:
            yield contained_file(_file_name(attached, number), attached.size(_CONTENT), partial(_content, attached))
        else:
            subject = inner.text(_SUBJECT) or attached.text(_NAME) or f"message {number}"
            yield Contained(f"{subject[:LONGEST_NAME]}.msg", 0, partial(_inner_blocks, inner))


def _file_name(attached: Storage, number: int) -> str:
    name = attached.text(_LONG_FILE_NAME, _FILE_NAME, _NAME)
    return name.replace("\\", "/").rpartition("/")[2].strip()[-LONGEST_NAME:] or f"part {number}"


def _content(attached: Storage) -> bytes:
    content = attached.data(_CONTENT)
    if not content:
        raise ParseFailed("Its content is not in the message.")
    return content


def _inner_blocks(message: Storage, source: Source) -> Iterable[Block]:
    require_shallow(source)
    return letter_blocks(_letter(message, source), source)
