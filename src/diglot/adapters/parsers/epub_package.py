"""What an e-book says of itself: its files in reading order, their names in the table of contents, its title."""

import posixpath
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.archives import member
from diglot.adapters.parsers.encodings import clean
from diglot.domain.errors import FileDamaged, FormatUnreadable

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"})
_NCX = "application/x-dtbncx+xml"
# Scrambled fonts are no protection of the text.
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Label:
    """An entry of the table of contents; `level` from 1."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Package:
    """`pages` are names of archive members; `labels`: page -> what the table of contents calls its beginning."""

    pages: tuple[str, ...]
    labels: dict[str, Label]
    title: str | None


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    media_type: str
    is_contents: bool


def package_of(archive: zipfile.ZipFile) -> Package:
    """Raises `FormatUnreadable` for a protected book, `FileDamaged` for one that does not say what is in it."""
    _refuse_protected(archive)
    part = _package_part(archive)
    root = _tree(archive, part)
    if root is None:
        raise FileDamaged("The file is damaged: it has no book in it.")
    items = dict(_items(root, posixpath.dirname(part)))
    spine = [items[name] for entry in _all(root, "itemref") if (name := entry.get("idref", "")) in items]
    pages = dict.fromkeys(item.name for item in spine if item.media_type in _PAGES and not item.is_contents)
    title = next(_all(root, "title"), None)
    return Package(tuple(pages), _labels(archive, items.values()), _words(title)[:300] or None)


def _refuse_protected(archive: zipfile.ZipFile) -> None:
    root = _tree(archive, "META-INF/encryption.xml")
    ways = [method.get("Algorithm", "") for method in _all(root, "EncryptedData/{*}EncryptionMethod")]
    if any(not way.startswith(_FONTS) for way in ways) or member(archive, "META-INF/rights.xml") is not None:
        raise FormatUnreadable("The book is protected against copying (DRM) and cannot be read.")


def _package_part(archive: zipfile.ZipFile) -> str:
    root = _tree(archive, "META-INF/container.xml")
    stated = next((file.get("full-path", "") for file in _all(root, "rootfile")), "")
    return stated or next((name for name in archive.namelist() if name.endswith(".opf")), "")


def _items(root: etree._Element, folder: str) -> Iterator[tuple[str, _Item]]:
    for item in _all(root, "item"):
        contents = "nav" in item.get("properties", "").split()
        yield item.get("id", ""), _Item(_inside(folder, item.get("href", "")), item.get("media-type", ""), contents)


def _inside(folder: str, link: str) -> str:
    """The archive member that a link means. Members are asked for by name, so that one outside is not there."""
    return posixpath.normpath(posixpath.join(folder, unquote(link.partition("#")[0])))


def _labels(archive: zipfile.ZipFile, items: Iterable[_Item]) -> dict[str, Label]:
    labels: dict[str, Label] = {}
    for item in sorted(items, key=lambda item: not item.is_contents):
        if labels or not (item.is_contents or item.media_type == _NCX):
            continue
        root = _tree(archive, item.name)
        entries = _nav_entries(root) if item.is_contents else _ncx_entries(root)
        for link, label in entries:
            labels.setdefault(_inside(posixpath.dirname(item.name), link), label)
    return labels


def _nav_entries(root: etree._Element | None) -> Iterator[tuple[str, Label]]:
    """Of the first list of links, which is the table of contents."""
    contents = next(_all(root, "nav"), None)
    for link in _all(contents, "a"):
        level = sum(1 for above in link.iterancestors("{*}ol"))
        if words := _words(link):
            yield link.get("href", ""), Label(words, min(max(level, 1), _DEEPEST))


def _ncx_entries(root: etree._Element | None) -> Iterator[tuple[str, Label]]:
    for point in _all(root, "navPoint"):
        content, words = point.find("{*}content"), _words(point.find("{*}navLabel"))
        if content is not None and words:
            level = 1 + sum(1 for above in point.iterancestors("{*}navPoint"))
            yield content.get("src", ""), Label(words, min(level, _DEEPEST))


def _all(root: etree._Element | None, path: str) -> Iterator[etree._Element]:
    return iter(()) if root is None else root.iterfind(f".//{{*}}{path}")


def _words(element: etree._Element | None) -> str:
    """Without entities, which nobody resolves."""
    return "" if element is None else clean(" ".join("".join(element.itertext("*")).split()))


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """None if it is not there or no XML at all. Old books have document types: entities stay as they are, and libxml2
    keeps its own limits on depth and length."""
    content = member(archive, name)
    if not content:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
