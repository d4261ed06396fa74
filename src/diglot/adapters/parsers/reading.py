"""One document, read in the process that calls: what a child does. Nothing here is safe outside of a child."""

import re
from dataclasses import replace
from importlib import import_module
from typing import Protocol, cast

from diglot.adapters.parsers import wire
from diglot.adapters.parsers.detection import OLE, detect, extension_of, is_text, is_utf8
from diglot.adapters.parsers.formats import BY_EXTENSION, Format
from diglot.adapters.parsers.source import Source, Tree
from diglot.adapters.parsers.unreadable import why_unreadable
from diglot.domain.errors import FileDamaged, FileEmpty, FormatUnreadable, LimitExceeded, NoPages, NotFound, ParseFailed
from diglot.domain.parsed import BlockKind, Parsed, file_of, page_of
from diglot.domain.picture import PageImage, Picture
from diglot.ports.parser import ParseLimits

HEAD = 64 * 1024
_INKED = re.compile(rb"[^\x00 \t\r\n]")


class Reader(Protocol):
    """A module of this folder that a row of `formats` names."""

    def read(self, source: Source) -> Parsed: ...


class Painter(Protocol):
    """A module of this folder that shows pages."""

    def picture(self, source: Source, page: int) -> Picture: ...


class Photographer(Protocol):
    """A module of this folder that shows pages to people."""

    def page_image(self, source: Source, page: int, most_width: int, most_height: int) -> PageImage: ...


PAINTERS = {"pdf": "pdf.rendering", "image": "image"}
"""Reader -> the module that shows the pages which that reader calls scans."""

PHOTOGRAPHERS = {"pdf": "pages_pdf", "image": "pages_image"}
"""Reader -> the module that shows pages to people."""


def reader_of(row: Format) -> Reader:
    return cast(Reader, import_module(f"diglot.adapters.parsers.{row.reader}"))


def answer(
    name: str, content: bytes, limits: ParseLimits, media_type: str | None = None, unpacks: bool = False
) -> bytes:
    """What goes over the wire, whatever the file does in Python. It may still kill the process."""
    try:
        encoded = wire.encode(read(name, content, limits, media_type, unpacks))
    except ParseFailed as failure:
        return wire.encode_error(failure)
    except RecursionError:
        return wire.encode_error(FileDamaged("The file is damaged: its parts are nested too deeply."))
    return encoded


def picture(name: str, content: bytes, limits: ParseLimits, page: int, unpacks: bool = False) -> bytes:
    """What goes over the wire of the picture of one of the `scans`; as `answer`."""
    try:
        source = _shown(_source(name, content, limits, unpacks, file_of(page)))
        return wire.encode_picture(_painter(BY_EXTENSION[source.extension]).picture(source, page_of(page)))
    except ParseFailed as failure:
        return wire.encode_error(failure)


def _source(name: str, content: bytes, limits: ParseLimits, unpacks: bool, file: int) -> Source:
    """The file, or the one inside it that has this number."""
    row = row_of(name, content)
    source = Source(name, row.extension if row else "", content, limits, tree=Tree(wanted=file), unpacks=unpacks)
    if row is None or not file:
        return source
    reader_of(row).read(source)
    return source.tree.found or source


def _shown(source: Source) -> Source:
    if source.extension and BY_EXTENSION[source.extension].reader in PAINTERS:
        return source
    raise FormatUnreadable("The file has no pages that could be shown.")


def page_image(name: str, content: bytes, limits: ParseLimits, page: int, fit: tuple[int, int]) -> bytes:
    """What goes over the wire of one page for people; as `answer`."""
    row = detect(name, content[:HEAD])
    if row is None or row.reader not in PHOTOGRAPHERS:
        return wire.encode_error(NoPages())
    photographer = cast(Photographer, import_module(f"diglot.adapters.parsers.{PHOTOGRAPHERS[row.reader]}"))
    try:
        return wire.encode_page(photographer.page_image(Source(name, row.extension, content, limits), page, *fit))
    except (ParseFailed, NotFound) as failure:
        return wire.encode_error(failure)


def _painter(row: Format) -> Painter:
    return cast(Painter, import_module(f"diglot.adapters.parsers.{PAINTERS[row.reader]}"))


def read(
    name: str, content: bytes, limits: ParseLimits, media_type: str | None = None, unpacks: bool = False
) -> Parsed:
    """Raises `ParseFailed` or what a reader's libraries let slip."""
    if not _INKED.search(content):
        raise FileEmpty("The file is empty.")
    row = _as_sent(name, content, media_type) or row_of(name, content) or _unnamed(name, content)
    source = Source(name, row.extension, content, limits, unpacks=unpacks)
    parsed = reader_of(row).read(source)
    if source.tree.files:
        parsed = replace(parsed, scans=tuple(block.level for block in parsed.blocks if block.kind is BlockKind.SCAN))
    _check(parsed, limits)
    return parsed if not source.notes else _with_notes(parsed, source)


def _as_sent(name: str, content: bytes, media_type: str | None) -> Format | None:
    """A text that was sent as one. Files whose names alone call them texts are not UTF-8."""
    if media_type != BY_EXTENSION["txt"].media_type or not is_utf8(content[:HEAD]):
        return None
    named = BY_EXTENSION.get(extension_of(name))
    return named if named and named.media_type == media_type else BY_EXTENSION["txt"]


def row_of(name: str, content: bytes) -> Format | None:
    """What a whole file is. Old Office files may say it at their very end."""
    return detect(name, content if content.startswith(OLE) else content[:HEAD])


def _unnamed(name: str, content: bytes) -> Format:
    """A text that somebody named without an extension, or with a dot in the middle."""
    extension = extension_of(name)
    if extension in BY_EXTENSION:
        raise FileDamaged(f"The file is damaged: its content is not that of a .{extension} file.")
    if is_text(content[:HEAD]):
        return BY_EXTENSION["txt"]
    raise FormatUnreadable(why_unreadable(extension))


def _check(parsed: Parsed, limits: ParseLimits) -> None:
    characters = sum(len(block.text) for block in parsed.blocks)
    if characters > limits.output_characters:
        raise LimitExceeded(f"The file holds more than {limits.output_characters:,} characters of text.")
    if wire.count_parts(parsed) > wire.MOST_PARTS:
        raise LimitExceeded(f"The file falls into more than {wire.MOST_PARTS:,} parts.")
    if not parsed.scans and not any(block.text and not block.text.isspace() for block in parsed.blocks):
        raise FileEmpty


def _with_notes(parsed: Parsed, source: Source) -> Parsed:
    return replace(parsed, notes=(*parsed.notes, *source.notes))
