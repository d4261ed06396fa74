"""The words of a paragraph."""

from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.ooxml import MC, M, W

# Deleted and moved-away text, properties, and what is said a second time for old programs.
_SKIPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{MC}Fallback", f"{W}txbxContent", f"{W}rt", f"{W}instrText"}
)
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}footnoteReference": "",
}
_TEXTS = frozenset({f"{W}t", f"{M}t"})


def words(paragraph: etree._Element) -> str:
    return clean("".join(_pieces(paragraph)))


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in _SKIPPED or (element.tag == f"{W}p" and element is not paragraph):
            walk.skip_subtree()
        elif element.tag in _TEXTS:
            yield element.text or ""
        elif element.tag == f"{W}br" and element.get(f"{W}type") in {"page", "column"}:
            continue
        elif element.tag in _SIGNS:
            yield _SIGNS[element.tag]
        elif element.tag == f"{W}sym":
            yield _symbol(element.get(f"{W}char", ""))


def _symbol(code: str) -> str:
    """Symbol fonts put their signs into the private area; the common ones are ticks and bullets."""
    return "•" if code.upper().startswith("F0") else ""


def text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of boxes anchored in this paragraph, outermost ones only."""
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in {f"{MC}Fallback", f"{W}del"}:
            walk.skip_subtree()
        elif element.tag == f"{W}txbxContent":
            yield element
            walk.skip_subtree()


def note_references(paragraph: etree._Element) -> Iterator[tuple[str, str]]:
    for reference in paragraph.iter(f"{W}footnoteReference", f"{W}endnoteReference"):
        kind = "footnote" if reference.tag == f"{W}footnoteReference" else "endnote"
        yield kind, reference.get(f"{W}id", "")
