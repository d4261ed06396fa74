"""XML: the text of its elements in document order, entities off."""

from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean, decode_markup
from diglot.adapters.parsers.running_text import placed_block
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed

SHORT = 200
_PROSE_TAGS = frozenset({"p", "para", "b", "i", "em", "li", "item", "text", "title", "td", "th", "description"})


def read(source: Source) -> Parsed:
    text = decode_markup(source.content)
    root = _root(text)
    allowance = Allowance(source.limits.output_characters)
    blocks = tuple(_blocks(root, allowance)) if root is not None else ()
    # XML that is broken or has no text outside its tags is still text that somebody wants to find.
    return Parsed(blocks or (placed_block(text, kind=BlockKind.CODE),))


def _root(text: str) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _blocks(root: etree._Element, allowance: Allowance) -> Iterator[Block]:
    """One for each element with text of its own; what stands inside it (emphasis, links) belongs to it."""
    inside: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            inside = None if element is inside else inside
        elif element.tag == "outline" and (title := clean(element.get("text", "")).strip()):
            # OPML keeps all its texts so.
            allowance.spend(len(title))
            yield Block(BlockKind.LIST_ITEM, title, Anchor(), gap="\n")
        elif inside is None and _has_own_text(element):
            inside = element
            text = _line(element)
            allowance.spend(len(text))
            yield Block(BlockKind.PARAGRAPH, text, Anchor(), gap="\n")


def _has_own_text(element: etree._Element) -> bool:
    # An entity that is left as it stands is walked over like an element, and has no name.
    is_element = isinstance(element.tag, str)
    return is_element and bool((element.text or "").strip() or any((child.tail or "").strip() for child in element))


def _line(element: etree._Element) -> str:
    words = clean(" ".join(" ".join(element.itertext()).split()))
    name = etree.QName(element).localname
    labelled = len(element) == 0 and len(words) <= SHORT and name.lower() not in _PROSE_TAGS
    return f"{name}: {words}" if labelled else words
