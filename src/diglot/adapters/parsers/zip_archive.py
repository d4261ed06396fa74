"""Zip archives of documents, where the operator wants them unpacked: each entry a part."""

import zipfile
from collections.abc import Iterator
from functools import partial

from diglot.adapters.parsers.archives import member, open_archive
from diglot.adapters.parsers.contained import contained_file, read_contained
from diglot.adapters.parsers.encodings import clean, decode
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.errors import FormatUnreadable
from diglot.domain.parsed import Block, Parsed

_LONGEST_NAME = 200
_NAME_IN_UTF8 = 0x800


def read(source: Source) -> Parsed:
    if not source.unpacks:
        raise FormatUnreadable("Archives are not unpacked here: send the files in it, or set DIGLOT_ZIP to on.")
    with open_archive(source) as archive:
        return Parsed(tuple(_blocks(archive, source)))


def _blocks(archive: zipfile.ZipFile, source: Source) -> Iterator[Block]:
    allowance = Allowance(source.limits.output_characters)
    for entry in archive.infolist():
        name = _shown_name(entry)
        if not entry.is_dir() and not _is_of_the_system(name):
            content = partial(_content, archive, entry.filename)
            yield from read_contained(contained_file(name, entry.file_size, content, "file"), source, allowance)


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    return member(archive, name) or b""


def _shown_name(entry: zipfile.ZipInfo) -> str:
    """Names that do not say that they are UTF-8 are of the packing computer's own encoding."""
    name = entry.filename
    if not entry.flag_bits & _NAME_IN_UTF8 and not name.isascii():
        name = decode(name.encode("cp437", errors="replace"))
    steps = (step for step in clean(name).replace("\\", "/").split("/") if step not in {"", ".", ".."})
    return "/".join(steps)[-_LONGEST_NAME:] or "unnamed"


def _is_of_the_system(name: str) -> bool:
    """What computers add on their own."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] in {".DS_Store", "Thumbs.db", "desktop.ini"}
