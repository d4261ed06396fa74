"""Parts of OpenDocument archives."""

import posixpath
import zipfile

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.archives import member, open_archive
from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.ooxml import tree
from diglot.adapters.parsers.source import Source
from diglot.domain.errors import FileDamaged, PasswordNeeded

_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE, DRAW = (_ODF % name for name in ("office", "text", "table", "drawing"))
STYLE, SHOWN, CHART = (_ODF % name for name in ("style", "presentation", "chart"))
SVG = _ODF % "svg-compatible"
XLINK = "{http://www.w3.org/1999/xlink}"
MATH = "{http://www.w3.org/1998/Math/MathML}"
_DUBLIN_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def opened(source: Source) -> zipfile.ZipFile:
    """Raises what `open_archive` raises, and `PasswordNeeded` where the parts inside are encrypted."""
    archive = open_archive(source)
    if b"encryption-data" in (member(archive, "META-INF/manifest.xml") or b""):
        raise PasswordNeeded
    return archive


def body(archive: zipfile.ZipFile, kind: str) -> etree._Element:
    """`kind`: text or presentation."""
    content = tree(archive, "content.xml")
    found = None if content is None else content.find(f"{OFFICE}body/{OFFICE}{kind}")
    if found is None:
        raise FileDamaged("The file is damaged: it has no document in it.")
    return found


def object_part(archive: zipfile.ZipFile, holder: etree._Element) -> etree._Element | None:
    """The content of a chart, a formula or a table that is embedded as a document of its own."""
    folder = posixpath.normpath(holder.get(f"{XLINK}href") or ".")
    return None if folder.startswith(".") else tree(archive, f"{folder}/content.xml")


def stated_title(archive: zipfile.ZipFile) -> str | None:
    root = tree(archive, "meta.xml")
    stated = root.findtext(f".//{_DUBLIN_TITLE}") if root is not None else None
    return clean(" ".join((stated or "").split()))[:300] or None


def count(element: etree._Element, name: str, most: int) -> int:
    """A number of columns, rows or spaces: 1 if nothing or nonsense is said."""
    value = element.get(name) or "1"
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() and len(value) < 10 else 1
