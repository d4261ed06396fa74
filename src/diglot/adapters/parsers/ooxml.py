"""Parts of Office Open XML archives as trees."""

import posixpath
import zipfile

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.archives import member
from diglot.domain.errors import FileDamaged

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Files written by strict producers use other names for the same things.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/presentationml/main", b"http://schemas.openxmlformats.org/presentationml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", M[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
)


def tree(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """None if there is no such part. Office writes no document types, so a part with one is an attack or damage; with
    none there are no entities, and the parser's limits on depth and length can be lifted."""
    content = member(archive, name)
    if content is None:
        return None
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:65536]:
        raise FileDamaged(f"The file is damaged: its part {name} has a document type, which no Office program writes.")
    for strict, transitional in _STRICT:
        if strict in content[:8192]:
            content = content.replace(strict, transitional)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as broken:
        if broken.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from broken
        raise FileDamaged(f"The file is damaged: its part {name} is not valid XML.") from broken


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Relationship id -> name of the part it points to, for what lies inside the archive."""
    folder, name = posixpath.split(part)
    root = tree(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    if root is None:
        return {}
    return {
        link.get("Id", ""): posixpath.normpath(posixpath.join(folder, link.get("Target", ""))).lstrip("/")
        for link in root.iter(_RELATIONSHIP)
        if link.get("TargetMode") != "External"
    }


def main_part(archive: zipfile.ZipFile, usual: str) -> str:
    """Where the document itself stands; the root's relationships say so."""
    root = tree(archive, "_rels/.rels")
    for link in root.iter(_RELATIONSHIP) if root is not None else ():
        if link.get("Type", "").endswith("/officeDocument"):
            target: str = link.get("Target", usual)
            return posixpath.normpath(target).lstrip("/")
    return usual
