"""HTML: headings, paragraphs, lists, code and tables in document order, without navigation and scripts.

The walk keeps its own stack: pages nest deeper than Python recurses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from lxml import etree  # type: ignore[import-untyped]  # ships no types
from lxml import html as lxml_html

from diglot.adapters.parsers.encodings import clean, decode_markup
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.html_table import table_rows
from diglot.adapters.parsers.source import Allowance, Source
from diglot.adapters.parsers.table_text import table_block
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed

DROPPED = frozenset(
    {"script", "style", "noscript", "template", "nav", "svg", "math", "head", "iframe", "object", "embed"}
    | {"audio", "video", "canvas", "map", "button", "select", "datalist", "input", "textarea", "dialog"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "li", "main", "ol", "p", "pre"}
    | {"section", "summary", "ul", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "caption", *_HEADINGS}
)
_SPACES = re.compile(r"[ \t\n\f\r]+")
_SPACES_RUN = re.compile(r"[ \t\f\u00a0]+")
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{10000,}")
_ATTRIBUTE = re.compile(r"\s[^\s=<>\"']")
MOST_ATTRIBUTES = 2000
_TAG = re.compile(r"<[/!?]?([a-zA-Z0-9]*)[^<>]*>")
_UNSEEN = re.compile(r"<(script|style|template)\b[^<>]*>.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")


def read(source: Source) -> Parsed:
    text = decode_markup(source.content)
    root, is_whole = (None, False) if _has_flood(text) else _tree(text)
    if not is_whole:
        source.note("The page is built too oddly: its words were read without headings and tables.")
        return Parsed((Block(BlockKind.PARAGRAPH, bare_words(text)),))
    if root is None:
        return Parsed(())
    allowance = Allowance(source.limits.output_characters)
    return Parsed(tuple(_Walk(allowance).blocks(root)), title=_title(root))


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
    return "\n" if tag[1].lower() in _BLOCKS or tag[1].lower() == "br" else ""


def _title(root: etree._Element) -> str | None:
    found = root.find(".//head/title")
    title = " ".join((found.text or "").split()) if found is not None else ""
    return clean(title)[:300] or None


@dataclass(slots=True)
class _Walk:
    """`run` gathers the words of the block that is open."""

    allowance: Allowance
    path: HeadingPath = field(default_factory=HeadingPath)
    run: list[str] = field(default_factory=list)
    lists: list[list[int]] = field(default_factory=list)
    mark: str = ""
    kind: BlockKind = BlockKind.PARAGRAPH
    pre: int = 0

    def blocks(self, root: etree._Element) -> Iterator[Block]:
        skipped: etree._Element | None = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if skipped is None and (tag in DROPPED or not tag or _is_hidden(element)):
                    skipped = element
                if skipped is None:
                    yield from self._enter(tag, element)
                    if tag == "table" and not _holds_layout(element):
                        yield from self._table(element)
                        skipped = element
            elif skipped is None or element is skipped:
                if skipped is None:
                    yield from self._leave(tag)
                skipped = None
                self._say(element.tail)
        yield from self._close()

    def _enter(self, tag: str, element: etree._Element) -> Iterator[Block]:
        if tag in _BLOCKS:
            yield from self._close()
        if tag == "br":
            self.run.append("\n")
        elif tag == "pre":
            self.pre += 1
        elif tag in {"ul", "ol"}:
            self.lists.append([0 if tag == "ol" else -1])
        elif tag == "li":
            self._item()
        elif tag == "img" and (element.get("alt") or "").strip():
            self._say(f" {element.get('alt')} ")
        self._say(element.text)

    def _item(self) -> None:
        self.kind = BlockKind.LIST_ITEM
        counter = self.lists[-1] if self.lists else [-1]
        if counter[0] >= 0:
            counter[0] += 1
        indent = "  " * min(max(len(self.lists) - 1, 0), 8)
        self.mark = indent + (f"{counter[0]}. " if counter[0] >= 0 else "- ")

    def _leave(self, tag: str) -> Iterator[Block]:
        if tag in _HEADINGS:
            yield from self._close(_HEADINGS[tag])
        elif tag in _BLOCKS:
            yield from self._close(code=tag == "pre")
            self.pre -= tag == "pre"
            if tag in {"ul", "ol"} and self.lists:
                self.lists.pop()
            if tag == "li":
                self.mark, self.kind = "", BlockKind.PARAGRAPH

    def _say(self, words: str | None) -> None:
        if words:
            self.run.append(words if self.pre else _SPACES.sub(" ", words))

    def _close(self, level: int = 0, code: bool = False) -> Iterator[Block]:
        text = self._text()
        self.run.clear()
        if not text.strip():
            return
        self.allowance.spend(len(text))
        if level:
            title = " ".join(text.split())
            self.path.enter(level, title)
            yield Block(BlockKind.HEADING, title, Anchor(headings=self.path.titles), level)
            return
        kind = BlockKind.CODE if code else self.kind
        gap = "\n" if kind is BlockKind.LIST_ITEM else "\n\n"
        yield Block(kind, self.mark + text, Anchor(headings=self.path.titles), gap=gap)
        # Only the first block of an item carries its mark.
        self.mark = " " * len(self.mark)

    def _text(self) -> str:
        text = clean("".join(self.run))
        if self.pre:
            return text.strip("\n")
        return "\n".join(" ".join(line.split(" ")).strip() for line in _SPACES_RUN.sub(" ", text).split("\n")).strip()

    def _table(self, element: etree._Element) -> Iterator[Block]:
        self.run.clear()
        for caption in element.iterchildren("caption"):
            words = clean(" ".join("".join(caption.itertext()).split()))
            if words:
                yield Block(BlockKind.CAPTION, words, Anchor(headings=self.path.titles))
        block = table_block(table_rows(element), Anchor(headings=self.path.titles))
        if block:
            self.allowance.spend(len(block.text))
            yield block


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style") or ""
    return element.get("hidden") is not None or (bool(style) and "display:none" in style.replace(" ", "").lower())


def _holds_layout(table: etree._Element) -> bool:
    """A table that lays a page out: it holds headings, or a single cell with block content."""
    return next(table.iter("h1", "h2", "h3"), None) is not None or len(_cells(table)) <= 1


def _cells(table: etree._Element) -> list[etree._Element]:
    """The first two cells are enough to tell."""
    found = []
    for cell in table.iter("td", "th"):
        found.append(cell)
        if len(found) == 2:
            break
    return found
