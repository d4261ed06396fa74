"""What a file is: by its content first, by its name second."""

import codecs
import re

from diglot.adapters.parsers.encodings import looks_utf16
from diglot.adapters.parsers.formats import ARCHIVES, BINARY, BY_EXTENSION, OLE_KINDS, ZIPPED, Format
from diglot.adapters.parsers.ole import root_names

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HTML = re.compile(rb"\s*(<\?xml[^>]{0,200}>\s*)?(<!--.{0,2000}?-->\s*)*(<!doctype\s+html|<html[\s>])", re.I | re.S)
_MAIL_FIELD = re.compile(
    rb"^(?:From|To|Cc|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Content-Type)[ \t]*:", re.I | re.M
)
_XML = re.compile(rb"\s*<\?xml\s")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
# Web pages with their pictures in one file, as wikis export them.
_WEB_ARCHIVE = re.compile(rb"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?Content-Type:\s*multipart/related", re.I)
_FIELDS = re.compile(rb"[^\n]*[\t;,]")
_READ_BY_OFFICE = frozenset({"doc", "xls", "xlsx"})
_RTF = b"{\\rtf"
_BEFORE_RTF = b"\xef\xbb\xbf \t\r\n"
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_IMAGES = tuple(
    (extension, re.compile(begins, re.S))
    for extension, begins in (
        ("png", rb"\x89PNG\r\n\x1a\n"),
        ("jpg", rb"\xff\xd8\xff"),
        ("gif", rb"GIF8[79]a"),
        ("tif", rb"II[*+]\0|MM\0[*+]"),
        ("webp", rb"RIFF....WEBP"),
        # Two letters say little: the reserved bytes and a header of one of the known sizes too.
        ("bmp", rb"BM....\0\0\0\0....[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0"),
    )
)

# The first names in an archive tell the families apart; the writers in use put one of these into the first 4 KiB.
_ZIP_MARKS = (
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"xl/workbook.bin", "xlsb"),
    (b"xl/", "xlsx"),
    (b"word/", "docx"),
    (b"ppt/", "pptx"),
    (b"application/epub+zip", "epub"),
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
    # Of a kind not read here: the name must not turn it into another.
    (b"application/vnd.oasis.opendocument.graphics", "odg"),
)
# What tells a document from an archive that has a folder of such a name.
_DOCUMENT_MARKS = (b"[Content_Types].xml", b"_rels/.rels", b"mimetypeapplication/")
_OLE_MARKS = (
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("PP97_DUALSTORAGE", "ppt"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("__properties_version1.0", "msg"),
)


def extension_of(name: str) -> str:
    """Lower case, without the dot; empty if there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.strip().lower() if dot and stem and len(extension) <= 16 else ""


def detect(name: str, head: bytes) -> Format | None:
    named = BY_EXTENSION.get(extension_of(name))
    if not head.strip(b"\x00 \t\r\n"):
        return named
    if head.startswith(ZIP):
        return _zipped(named, head)
    if head.startswith(OLE):
        return _ole(named, head)
    if b"%PDF-" in head[:1024]:
        return (
            named
            if named and named.reader in {"text", "mail"} and not head.startswith(b"%PDF-")
            else BY_EXTENSION["pdf"]
        )
    if image := next((kind for kind, begins in _IMAGES if begins.match(head)), None):
        return BY_EXTENSION[image]
    return _text(name, named, head)


def _zipped(named: Format | None, head: bytes) -> Format | None:
    # The earliest counts: a presentation may hold a workbook.
    found = [(place, extension) for mark, extension in _ZIP_MARKS if (place := head.find(mark)) >= 0]
    if named and named.extension in ARCHIVES and not any(mark in head for mark in _DOCUMENT_MARKS):
        return named
    if not found:
        return named if named and named.extension in ZIPPED | ARCHIVES else None
    extension = min(found)[1]
    return named if extension == "xlsx" and named and named.extension == "xlsb" else BY_EXTENSION.get(extension)


def _ole(named: Format | None, head: bytes) -> Format | None:
    """Old Office files and encrypted new ones; which of them stands in a directory that may lie behind the head."""
    inside = root_names(head)
    found = next((extension for mark, extension in _OLE_MARKS if mark in inside), None)
    if found:
        return BY_EXTENSION.get(found)
    return named if named and named.extension in OLE_KINDS else None


def _text(name: str, named: Format | None, head: bytes) -> Format | None:
    if head.lstrip(_BEFORE_RTF).startswith(_RTF):
        return BY_EXTENSION["rtf"]
    if named and named.extension not in BINARY:
        return _plain(named, head) if is_text(head) else None
    if named is None:
        return BY_EXTENSION["txt"] if not extension_of(name) and "." not in name and is_text(head) else None
    if _HTML.match(head):
        return BY_EXTENSION["html"]
    # Otherwise the name is believed, and the reader says that the file is damaged.
    return _for_an_office_program(named, head) or named


def _for_an_office_program(named: Format, head: bytes) -> Format | None:
    """Programs that write reports name their texts so that Word or Excel opens them."""
    if named.extension not in _READ_BY_OFFICE:
        return None
    if _XML.match(head):
        return BY_EXTENSION["xml"]
    if not head.startswith(_BOMS) and (_CONTROL.search(head) or not is_text(head)):
        return None
    if named.extension == "doc":
        return BY_EXTENSION["eml" if _WEB_ARCHIVE.match(head) else "txt"]
    return BY_EXTENSION["csv"] if _FIELDS.match(head) else None


def _plain(named: Format, head: bytes) -> Format:
    is_mail = named.extension != "eml" or _MAIL_FIELD.search(head[:4096])
    return named if is_mail else BY_EXTENSION["txt"]


def is_utf8(head: bytes) -> bool:
    """Whether this is the beginning of a text in UTF-8 that holds no NUL."""
    try:
        # Not final: the last character may be cut.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return 0 not in head


def is_text(head: bytes) -> bool:
    """Whether bytes can be the beginning of a text in any of the encodings we read."""
    if head.startswith(_BOMS):
        return True
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"MZ\x90")):
        return False
    return 0 not in head or looks_utf16(head) is not None
