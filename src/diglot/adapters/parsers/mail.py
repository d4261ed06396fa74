"""Mail (RFC 5322): the header lines that people read, the text, then what is attached, each part by its own reader."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from email.parser import BytesParser
from itertools import count

from diglot.adapters.parsers import html
from diglot.adapters.parsers.encodings import decode_as
from diglot.adapters.parsers.formats import FORMATS
from diglot.adapters.parsers.mail_headers import LENIENT, header_words, written_name
from diglot.adapters.parsers.reading import reader_of, row_of
from diglot.adapters.parsers.running_text import placed_block
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.errors import LimitExceeded, ParseFailed
from diglot.domain.parsed import Anchor, Block, Parsed

SHOWN_HEADERS = ("From", "To", "Cc", "Subject", "Date")
DEEPEST = 3
"""Mails in mails in mails."""

_BODY_TYPES = frozenset({"text/plain", "text/html"})
_WORD = re.compile(r"[a-z0-9]+|[^\W\d_]")
_BEFORE_MAIL = b"\xef\xbb\xbf \t\r\n"

# What readers let slip over content that nobody foresaw: an attachment must not cost the mail around it.
_SURPRISES = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, SyntaxError, TypeError, ValueError)


def read(source: Source) -> Parsed:
    # The parser of the standard library's newer policies takes the square of a header's length, and recurses.
    message = BytesParser(policy=LENIENT).parsebytes(source.content.lstrip(_BEFORE_MAIL))
    letter = _Letter(source, Allowance(source.limits.output_characters), source.depth)
    return Parsed(tuple(letter.blocks(message)), title=header_words(message, "Subject")[:300] or None)


@dataclass(slots=True)
class _Letter:
    """`written` counts the characters of header lines and text: the places of both are offsets in the two together."""

    source: Source
    allowance: Allowance
    depth: int
    written: int = 0
    names: Iterator[int] = field(default_factory=lambda: count(1))

    def blocks(self, message: Message) -> Iterator[Block]:
        parts = self._parts(message)
        yield from self._text(_headers(message))
        yield from self._body([part for part in parts if _is_body(part)])
        for part in parts:
            if not _is_body(part):
                yield from self._attachment(part)

    def _parts(self, message: Message) -> list[Message]:
        """What is no container, in order; a mail that is attached is one part."""
        parts: list[Message] = []
        waiting = [message]
        while waiting:
            part = waiting.pop()
            if part.get_content_maintype() == "multipart" and part.is_multipart():
                waiting.extend(reversed(_inner(part)))
            else:
                parts.append(part)
            if len(parts) > self.source.limits.archive_entries:
                raise LimitExceeded(f"The file holds more than {self.source.limits.archive_entries:,} parts.")
        return parts

    def _text(self, text: str) -> Iterator[Block]:
        if text.strip():
            self.allowance.spend(len(text))
            yield placed_block(text, self.written)
            self.written += len(text) + 2

    def _body(self, parts: list[Message]) -> Iterator[Block]:
        """The text; the page too where it says much that the text does not, or where there is no text."""
        plain = "\n\n".join(_decoded(part).strip("\n") for part in parts if part.get_content_type() == "text/plain")
        page = [block for part in parts if part.get_content_type() == "text/html" for block in self._page(part)]
        yield from self._text(plain)
        if _adds_much(page, plain):
            self._spend(page)
            yield from page

    def _page(self, part: Message) -> tuple[Block, ...]:
        content = _decoded(part).encode()
        return html.read(replace(self.source, name="page.html", extension="html", content=content)).blocks

    def _attachment(self, part: Message) -> Iterator[Block]:
        name = self._name(part)
        if self.depth >= DEEPEST and _is_mail(part):
            self.source.note(f"The attachment {name} was skipped: it is nested too deeply.")
            return
        try:
            blocks = self._mail(part) if _is_mail(part) else self._file(name, part)
            self._spend(blocks)
        except (ParseFailed, *_SURPRISES) as failure:
            reason = failure.message if isinstance(failure, ParseFailed) else "The file is damaged."
            self.source.note(f"The attachment {name} was skipped: {reason}")
            return
        yield from (_within(block, name) for block in blocks)

    def _name(self, part: Message) -> str:
        if name := written_name(part):
            return name
        if _is_mail(part):
            return (header_words(_inner(part)[0], "Subject")[:100] or f"mail {next(self.names)}") + ".eml"
        kind = part.get_content_type()
        known = next((row.extension for row in FORMATS if row.media_type == kind), "txt")
        return f"part {next(self.names)}.{known if kind.startswith('text/') else kind.rpartition('/')[2]}"

    def _mail(self, part: Message) -> list[Block]:
        return list(_Letter(self.source, self._remaining(), self.depth + 1).blocks(_inner(part)[0]))

    def _file(self, name: str, part: Message) -> list[Block]:
        content = _bytes(part)
        row = row_of(name, content)
        if row is None:
            raise ParseFailed("This type of file is not supported.")
        if row.reader == "mail" and self.depth >= DEEPEST:
            raise ParseFailed("It is nested too deeply.")
        limits = replace(self.source.limits, output_characters=self._remaining().limit)
        inner = Source(name, row.extension, content, limits, depth=self.depth + 1)
        blocks = reader_of(row).read(inner).blocks
        for sentence in inner.notes:
            self.source.note(f"{name}: {sentence}")
        return list(blocks)

    def _remaining(self) -> Allowance:
        return Allowance(max(self.allowance.limit - self.allowance.used, 0))

    def _spend(self, blocks: Iterable[Block]) -> None:
        self.allowance.spend(sum(len(block.text) for block in blocks))


def _headers(message: Message) -> str:
    lines = ((name, header_words(message, name)) for name in SHOWN_HEADERS)
    return "\n".join(f"{name}: {words}" for name, words in lines if words)


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


def _adds_much(page: Iterable[Block], plain: str) -> bool:
    words = {word for block in page for word in _WORD.findall(block.text.lower())}
    return 3 * len(words - set(_WORD.findall(plain.lower()))) > len(words)


def _within(block: Block, name: str) -> Block:
    spans = tuple(span._replace(anchor=_in_part(span.anchor, name)) for span in block.spans)
    return replace(block, anchor=_in_part(block.anchor, name), spans=spans)


def _in_part(anchor: Anchor, name: str) -> Anchor:
    return replace(anchor, part=name if anchor.part is None else f"{name}/{anchor.part}")
