"""The shapes of a slide as they are read: by rows of about half an inch, then from the left, groups as a whole."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.ooxml import MC, A, relations, tree

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
DEEPEST = 40
TITLES = frozenset({"title", "ctrTitle"})
# Numbers, dates and running lines of every slide.
FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr"})
_TITLES_ROW = -1_000_000
_HALF_INCH = 457_200
_NUMBER = re.compile("-?[0-9]{1,14}")
_SHAPES = frozenset(f"{P}{name}" for name in ("sp", "pic", "graphicFrame", "cxnSp", "grpSp"))

Place = tuple[int, int]
"""Row of half an inch, and left edge in EMU."""

Places = Mapping[str, Place]
"""Of a layout's placeholders, by their index and by their role."""


@dataclass(slots=True)
class Layouts:
    """Placeholders may have their place from the layout only."""

    archive: zipfile.ZipFile
    known: dict[str, Places] = field(default_factory=dict)

    def places(self, linked: Mapping[str, str]) -> Places:
        """`linked` are the relations of a slide."""
        part = _linked_in(linked, "slideLayouts")
        if part not in self.known:
            self.known[part] = self._of_layout(part)
        return self.known[part]

    def _of_layout(self, part: str) -> Places:
        """The master's, where the layout does not say its own."""
        if not part:
            return {}
        master = _linked_in(relations(self.archive, part), "slideMasters")
        return {**self._placeholders(master), **self._placeholders(part)}

    def _placeholders(self, part: str) -> dict[str, Place]:
        root = tree(self.archive, part) if part else None
        found: dict[str, Place] = {}
        for shape in root.iter(f"{P}sp") if root is not None else ():
            place = _own_place(shape)
            if place is not None:
                found.update(dict.fromkeys(_keys(shape), place))
        return found


def shapes_of(root: etree._Element) -> list[etree._Element]:
    """Of a slide or of its notes."""
    parent = root.find(f"{P}cSld/{P}spTree")
    return [] if parent is None else _children(parent)


def in_reading_order(shapes: Sequence[etree._Element], layout: Places, depth: int = 0) -> list[etree._Element]:
    """Those in groups too, one by one. Where a shape's place is not known, the order in the file, which is often that
    of the layout, is the better guess."""
    content = [shape for shape in shapes if role(shape) not in FURNITURE]
    places = [_place(shape, layout) for shape in content]
    if all(place is not None for place in places):
        ranked = sorted(zip(places, range(len(content)), strict=True), key=lambda pair: (pair[0] or (0, 0), pair[1]))
        content = [content[index] for _, index in ranked]
    ordered = []
    for shape in content:
        if shape.tag != f"{P}grpSp":
            ordered.append(shape)
        elif depth < DEEPEST:
            ordered += in_reading_order(_children(shape), layout, depth + 1)
    return ordered


def role(shape: etree._Element) -> str | None:
    placeholder = _placeholder(shape)
    return None if placeholder is None else placeholder.get("type", "obj")


def _children(parent: etree._Element) -> list[etree._Element]:
    found: list[etree._Element] = []
    for element in parent:
        if element.tag == f"{MC}AlternateContent":
            choice = element.find(f"{MC}Choice")
            found += [shape for shape in choice if shape.tag in _SHAPES] if choice is not None else []
        elif element.tag in _SHAPES:
            found.append(element)
    return found


def _place(shape: etree._Element, layout: Places) -> Place | None:
    if role(shape) in TITLES:
        return _TITLES_ROW, 0
    own = _own_place(shape)
    return own or next((layout[key] for key in _keys(shape) if key in layout), None)


def _own_place(shape: etree._Element) -> Place | None:
    """That of the shape itself comes before those of what is in it. A group without one stands where its first shape
    does."""
    offset = next((found for path in _OFFSETS if (found := shape.find(path)) is not None), None)
    if offset is None:
        return None
    left, top = offset.get("x", ""), offset.get("y", "")
    if not (_NUMBER.fullmatch(left) and _NUMBER.fullmatch(top)):
        return None
    return round(int(top) / _HALF_INCH), int(left)


_OFFSETS = (f"{P}spPr/{A}xfrm/{A}off", f"{P}grpSpPr/{A}xfrm/{A}off", f"{P}xfrm/{A}off", f".//{A}xfrm/{A}off")


def _keys(shape: etree._Element) -> list[str]:
    placeholder = _placeholder(shape)
    if placeholder is None:
        return []
    return [key for key in (placeholder.get("idx"), placeholder.get("type", "obj")) if key]


def _placeholder(shape: etree._Element) -> etree._Element | None:
    return shape.find(f"*/{P}nvPr/{P}ph")


def _linked_in(linked: Mapping[str, str], folder: str) -> str:
    return next((name for name in linked.values() if f"/{folder}/" in f"/{name}"), "")
