"""The words of a paragraph."""

import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.equations import equation
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
}
_EQUATIONS = frozenset({f"{M}oMath", f"{M}oMathPara"})
_POWER = re.compile(r"[-+−]?\d")


def words(paragraph: etree._Element) -> str:
    return clean("".join(_pieces(paragraph)))


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    is_raised, last = False, ""
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        tag = element.tag
        if tag in _SKIPPED or (tag == f"{W}p" and element is not paragraph) or is_placeholder(element):
            walk.skip_subtree()
        elif tag == f"{W}r":
            was_raised, is_raised = is_raised, _is_raised(element)
            if _is_hidden(element):
                walk.skip_subtree()
            elif is_raised and not was_raised and last[-1:].isalnum() and _POWER.match(element.findtext(f"{W}t") or ""):
                # 10 with a raised 6 is not 106.
                yield "^"
        elif tag in _EQUATIONS:
            yield equation(element)
            walk.skip_subtree()
        elif piece := _piece(element):
            last = piece
            yield piece


def _piece(element: etree._Element) -> str:
    if element.tag == f"{W}t":
        return element.text or ""
    if element.tag == f"{W}br" and element.get(f"{W}type") in {"page", "column"}:
        return ""
    if element.tag == f"{W}sym":
        return _symbol(element.get(f"{W}char", ""))
    return _SIGNS.get(element.tag, "")


def _symbol(code: str) -> str:
    """Symbol fonts put their signs into the private area; the common ones are ticks and bullets."""
    return "•" if code.upper().startswith("F0") else ""


def _is_raised(run: etree._Element) -> bool:
    place = run.find(f"{W}rPr/{W}vertAlign")
    return place is not None and place.get(f"{W}val") == "superscript"


def _is_hidden(run: etree._Element) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val") not in {"0", "false", "off"}


def is_placeholder(element: etree._Element) -> bool:
    """A form field that nobody has filled in says "Click here to enter text"."""
    return element.tag == f"{W}sdt" and element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def paragraphs(parent: etree._Element) -> Iterator[etree._Element]:
    """All of them in order, those of tables inside and of text boxes too."""
    walk = etree.iterwalk(parent, events=("start",))
    for _, element in walk:
        if element.tag in {f"{MC}Fallback", f"{W}del"} or is_placeholder(element):
            walk.skip_subtree()
        elif element.tag == f"{W}p":
            yield element


def text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of boxes anchored in this paragraph, outermost ones only."""
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in {f"{MC}Fallback", f"{W}del"}:
            walk.skip_subtree()
        elif element.tag == f"{W}txbxContent":
            yield element
            walk.skip_subtree()


def drawings(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Pictures, charts and diagrams; what stands in a text box belongs to the paragraphs there."""
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in {f"{MC}Fallback", f"{W}del", f"{W}txbxContent"}:
            walk.skip_subtree()
        elif element.tag == f"{W}drawing" and next(element.iter(f"{W}txbxContent"), None) is None:
            yield element


def note_references(parent: etree._Element) -> Iterator[tuple[str, str]]:
    for reference in parent.iter(f"{W}footnoteReference", f"{W}endnoteReference"):
        kind = "footnote" if reference.tag == f"{W}footnoteReference" else "endnote"
        yield kind, reference.get(f"{W}id", "")
