"""HTML: headings, paragraphs, lists, code and tables in document order, without navigation and scripts."""

import re
from html import unescape

from lxml import etree  # type: ignore[import-untyped]  # ships no types
from lxml import html as lxml_html

from diglot.adapters.parsers.encodings import clean, decode_markup
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.html_content import BLOCKS, main_parts
from diglot.adapters.parsers.html_source import SourcePlaces
from diglot.adapters.parsers.html_walk import Walk
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.parsed import Block, BlockKind, Parsed

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{10000,}")
_ATTRIBUTE = re.compile(r"\s[^\s=<>\"']")
MOST_ATTRIBUTES = 2000
_TAG = re.compile(r"<[/!?]?([a-zA-Z0-9]*)[^<>]*>")
_UNSEEN = re.compile(r"<(script|style|template)\b[^<>]*>.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")


def read(source: Source) -> Parsed:
    return _read(source, HeadingPath(), in_main=False)


def read_chapter(source: Source, path: HeadingPath) -> Parsed:
    """A page of a book: all of it is content, and `path` goes on from the pages before."""
    return _read(source, path, in_main=True)


def _read(source: Source, path: HeadingPath, in_main: bool) -> Parsed:
    text = decode_markup(source.content)
    root, is_whole = (None, False) if _has_flood(text) else _tree(text)
    if not is_whole:
        source.note("The page is built too oddly: its words were read without headings and tables.")
        return Parsed((Block(BlockKind.PARAGRAPH, bare_words(text)),))
    if root is None:
        return Parsed(())
    title = _title(root)
    # What they hold is no text, however it is counted.
    etree.strip_elements(root, "script", "style", "template", "noscript", with_tail=False)
    parts, is_marked = ([root], True) if in_main else main_parts(root)
    walk = Walk(Allowance(source.limits.output_characters), SourcePlaces(text), is_marked, path)
    return Parsed(tuple(block for part in parts for block in walk.blocks(part)), title=title)


def _tree(text: str) -> tuple[etree._Element | None, bool]:
    """None for a text without any element; and whether all is in the tree: libxml2 drops what is nested too deeply,
    and says so only in its log. `huge_tree` raises that limit from 256 to 2048."""
    parser = lxml_html.HTMLParser(
        huge_tree=True, no_network=True, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    try:
        root = lxml_html.document_fromstring(_XML_DECLARATION.sub("", text, count=1).encode(), parser=parser)
    except etree.ParserError:
        root = None
    return root, not _too_deep(parser)


def _has_flood(text: str) -> bool:
    """A tag with thousands of attributes costs libxml2 the square of their number. Long tags as such are harmless:
    pictures stand in them."""
    return any(len(_ATTRIBUTE.findall(tag[0])) > MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text))


def _too_deep(parser: lxml_html.HTMLParser) -> bool:
    return any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)


def bare_words(text: str) -> str:
    """The words of a page by its tags alone, each block on a line."""
    text = _UNSEEN.sub(" ", text)
    lines = (" ".join(line.split()) for line in unescape(_TAG.sub(_line_break, text)).split("\n"))
    return clean("\n".join(filter(None, lines)))


def _line_break(tag: re.Match[str]) -> str:
    return "\n" if tag[1].lower() in BLOCKS or tag[1].lower() == "br" else ""


def _title(root: etree._Element) -> str | None:
    found = root.find(".//head/title")
    title = " ".join((found.text or "").split()) if found is not None else ""
    return clean(title)[:300] or None
