"""Mailboxes (mbox): each message a part under a heading of its own."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from diglot.adapters.parsers import text
from diglot.adapters.parsers.contained import Contained, read_contained
from diglot.adapters.parsers.mail import letter_of, message_of, title_of
from diglot.adapters.parsers.mail_letter import letter_blocks
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed

# The standard library's mailboxes are files; and it takes any line "From here on" for the beginning of a message.
_POSTMARK = re.compile(rb"(?:\A\s*|(?<=\n\n)|(?<=\n\r\n))From ([^\r\n]{0,500})(?:\r?\n|\Z)")
_TIME = re.compile(rb"\d:\d\d")
_QUOTED_POSTMARK = re.compile(rb"^>(>*From )", re.M)


def read(source: Source) -> Parsed:
    content = source.content
    marks = [mark.span() for mark in _POSTMARK.finditer(content) if _TIME.search(mark[1])]
    if not marks:
        return text.read(replace(source, extension="txt"))
    most = source.limits.archive_entries
    if len(marks) > most:
        source.note(f"Of the {len(marks):,} messages only the first {most:,} were read.")
    allowance = Allowance(source.limits.output_characters)
    ends = [*(start for start, _ in marks[1:]), len(content)]
    parts = (
        _part(number, content[start:end])
        for number, ((_, start), end) in enumerate(zip(marks[:most], ends, strict=False), 1)
    )
    return Parsed(tuple(block for part in parts for block in read_contained(part, source, allowance)))


def _part(number: int, content: bytes) -> Contained:
    return Contained(f"message {number}", len(content), partial(_blocks, number, content), "part")


def _blocks(number: int, content: bytes, source: Source) -> Iterable[Block]:
    message = message_of(_QUOTED_POSTMARK.sub(rb"\1", content))
    title = title_of(message) or f"Message {number}"
    yield Block(BlockKind.HEADING, title, Anchor(headings=(title,)), level=1)
    for block in letter_blocks(letter_of(message, source.limits), source):
        yield _below(block, title)


def _below(block: Block, title: str) -> Block:
    spans = tuple(span._replace(anchor=_headed(span.anchor, title)) for span in block.spans)
    return block._replace(anchor=_headed(block.anchor, title), spans=spans)


def _headed(anchor: Anchor, title: str) -> Anchor:
    return anchor._replace(headings=(title, *anchor.headings))
