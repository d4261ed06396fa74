"""What drawings hold besides text: charts as tables (categories down, series across), diagrams as lines."""

from collections.abc import Callable, Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.ooxml import A, R
from diglot.adapters.parsers.table_text import table_block
from diglot.domain.parsed import Anchor, Block, BlockKind

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
MOST_POINTS = 5000
MOST_SERIES = 200
_AUTOMATIC = "description automatically generated"


def graphic_blocks(
    drawing: etree._Element, linked: Callable[[str], etree._Element | None], anchor: Anchor
) -> Iterator[Block]:
    """The charts and diagrams in a drawing; `linked` opens the part of a relationship."""
    for chart in drawing.iter(f"{C}chart"):
        root = linked(chart.get(f"{R}id", ""))
        if root is not None:
            yield from _chart(root, anchor)
    for diagram in drawing.iter(f"{_DIAGRAM}relIds"):
        root = linked(diagram.get(f"{R}dm", ""))
        words = drawn_lines(root) if root is not None else ""
        if words:
            yield Block(BlockKind.PARAGRAPH, words, anchor)


def description(properties: etree._Element | None) -> str:
    """What the author wrote for those who cannot see the picture; file names are no description, and neither is what
    a program made of it."""
    words = " ".join(clean(properties.get("descr", "")).split()) if properties is not None else ""
    if words.lower().rstrip(".").endswith(_AUTOMATIC):
        return ""
    return words if " " in words or any(letter > "\u2e80" for letter in words) else ""


def drawn_lines(parent: etree._Element) -> str:
    """The paragraphs of a diagram or of a chart's title."""
    paragraphs = (
        clean("".join(text.text or "" for text in paragraph.iter(f"{A}t"))).strip()
        for paragraph in parent.iter(f"{A}p")
    )
    return "\n".join(filter(None, paragraphs))


def _chart(root: etree._Element, anchor: Anchor) -> Iterator[Block]:
    title = root.find(f"{C}chart/{C}title")
    if title is not None and (words := drawn_lines(title)):
        yield Block(BlockKind.CAPTION, words, anchor)
    block = table_block(chart_rows(root), anchor)
    if block:
        yield block


def chart_rows(root: etree._Element) -> list[list[str]]:
    series = list(root.iter(f"{C}ser"))[:MOST_SERIES]
    if not series:
        return []
    categories = _points(series[0], "cat") or _points(series[0], "xVal")
    values = [_points(one, "val") or _points(one, "yVal") for one in series]
    places = sorted({place for points in (categories, *values) for place in points})
    head = ["", *(_series_name(one) for one in series)]
    return [head, *([categories.get(at, ""), *(points.get(at, "") for points in values)] for at in places)]


def _series_name(series: etree._Element) -> str:
    text = series.find(f"{C}tx")
    return "" if text is None else clean(" ".join(value.text or "" for value in text.iter(f"{C}v"))).strip()


def _points(series: etree._Element, name: str) -> dict[int, str]:
    """Place -> value, as the chart last showed them."""
    found: dict[int, str] = {}
    holder = series.find(f"{C}{name}")
    for point in holder.iter(f"{C}pt") if holder is not None else ():
        place = point.get("idx", "")
        if place.isdigit() and len(place) < 7 and len(found) < MOST_POINTS:
            found[int(place)] = clean(point.findtext(f"{C}v") or "").strip()
    return found
