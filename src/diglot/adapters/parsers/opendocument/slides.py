"""Presentations (odp): slide by slide, the words of shapes and groups, tables and charts, then the speaker's notes."""

import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.ooxml import tree
from diglot.adapters.parsers.opendocument.numbering import Numbering
from diglot.adapters.parsers.opendocument.package import DRAW, SHOWN, SVG, body, opened, stated_title
from diglot.adapters.parsers.opendocument.styles import Styles
from diglot.adapters.parsers.opendocument.walking import Walk
from diglot.adapters.parsers.opendocument.words import paragraphs, words
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed

# Numbers, dates and running lines of every slide.
_FURNITURE = frozenset({"page-number", "date-time", "footer", "header"})
_LENGTH = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)")
_POINTS = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_ROW = 36.0
"""Shapes whose tops differ by less than half an inch or so stand in one row."""


def read(source: Source) -> Parsed:
    with opened(source) as archive:
        shown = body(archive, "presentation")
        styles, content = tree(archive, "styles.xml"), shown.getroottree().getroot()
        walk = Walk(
            archive,
            Styles.of(styles, content),
            Numbering.of(styles, content),
            Allowance(source.limits.output_characters),
        )
        pages = list(shown.iterchildren(f"{DRAW}page"))
        blocks = [block for number, page in enumerate(pages, 1) for block in _slide(page, number, walk)]
        title = next((block.text for block in blocks if block.kind is BlockKind.HEADING), None)
        return Parsed(tuple(blocks), title=title or stated_title(archive), page_count=len(pages))


def _slide(page: etree._Element, number: int, walk: Walk) -> Iterator[Block]:
    walk.place, walk.path = Anchor(slide=number), HeadingPath()
    shapes = [shape for shape in page if _is_shape(shape)]
    titles = [shape for shape in shapes if _role(shape) == "title"]
    title = next((said for shape in titles if (said := _line(shape))), "")
    if title:
        walk.path.enter(1, title)
        walk.allowance.spend(len(title))
        yield Block(BlockKind.HEADING, title, walk.place._replace(headings=walk.path.titles), 1)
    for shape in _in_reading_order(shapes):
        if _role(shape) not in _FURNITURE | {"title"} and shape.get(f"{SHOWN}placeholder") != "true":
            walk.place = Anchor(slide=number, shape=clean(shape.get(f"{DRAW}name", ""))[:200] or None)
            yield from walk.block(shape)
    walk.place = Anchor(slide=number, shape="notes")
    for notes in page.iterchildren(f"{SHOWN}notes"):
        for shape in notes.iterchildren(f"{DRAW}frame"):
            if _role(shape) == "notes":
                yield from walk.block(shape)


def _is_shape(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(DRAW)


def _role(shape: etree._Element) -> str | None:
    role: str | None = shape.get(f"{SHOWN}class")
    return role


def _line(shape: etree._Element) -> str:
    return " ".join(" ".join(map(words, paragraphs(shape))).split())


def _in_reading_order(shapes: list[etree._Element]) -> list[etree._Element]:
    """By rows, then from the left. If only some shapes say where they stand, the order in the file is the better
    guess."""
    places = [_place(shape) for shape in shapes]
    if any(place is None for place in places):
        return shapes
    ranked = sorted(zip(places, range(len(shapes)), strict=True), key=lambda pair: (pair[0] or (0, 0), pair[1]))
    return [shapes[index] for _, index in ranked]


def _place(shape: etree._Element) -> tuple[int, float] | None:
    """Row and left edge; of a group, those of its first shape that has any."""
    for one in shape.iter():
        left, top = (_LENGTH.fullmatch(one.get(f"{SVG}{side}", "")) for side in "xy")
        if left and top:
            return round(_in_points(top) / _ROW), _in_points(left)
    return None


def _in_points(length: re.Match[str]) -> float:
    return float(length[1]) * _POINTS[length[2]]
