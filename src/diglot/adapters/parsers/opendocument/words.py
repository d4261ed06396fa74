"""The words of a paragraph, and what is anchored in it."""

import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.opendocument.package import DRAW, OFFICE, SVG, TEXT, count

MOST_SPACES = 100
_SPACES = re.compile(r"[ \t\n\r]+")
# What stands elsewhere: notes and shapes are blocks of their own; comments and readings above characters are left out.
_SKIPPED = frozenset({f"{TEXT}note", f"{OFFICE}annotation", f"{TEXT}ruby-text", f"{TEXT}tracked-changes"})
_SIGNS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


def words(paragraph: etree._Element) -> str:
    return clean("".join(_pieces(paragraph))).strip()


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    """Spaces in the file count once; those that are meant are elements."""
    walk = etree.iterwalk(paragraph, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element is not paragraph:
                yield _SPACES.sub(" ", element.tail or "")
        elif _stands_elsewhere(element):
            walk.skip_subtree()
        elif element.tag == f"{TEXT}s":
            yield " " * count(element, f"{TEXT}c", MOST_SPACES)
        elif element.tag in _SIGNS:
            yield _SIGNS[element.tag]
        else:
            yield _SPACES.sub(" ", element.text or "")


def _stands_elsewhere(element: etree._Element) -> bool:
    return element.tag in _SKIPPED or (isinstance(element.tag, str) and element.tag.startswith((DRAW, SVG)))


def anchored(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Shapes and notes, outermost ones only, in order."""
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element is paragraph:
            continue
        if element.tag == f"{TEXT}note" or (isinstance(element.tag, str) and element.tag.startswith(DRAW)):
            yield element
            # A link around a shape is no shape.
            if element.tag != f"{DRAW}a":
                walk.skip_subtree()
        elif element.tag in _SKIPPED:
            walk.skip_subtree()


def paragraphs(parent: etree._Element) -> Iterator[etree._Element]:
    """All of them, those of lists, notes, shapes and tables inside too, but not of comments."""
    walk = etree.iterwalk(parent, events=("start",))
    for _, element in walk:
        if element.tag in {f"{TEXT}p", f"{TEXT}h"}:
            yield element
        elif element.tag in _SKIPPED and element.tag != f"{TEXT}note":
            walk.skip_subtree()
