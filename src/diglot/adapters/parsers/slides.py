"""PowerPoint: slide by slide, the words of shapes and groups, tables, charts and diagrams, then the speaker's notes."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.archives import open_archive
from diglot.adapters.parsers.chart import chart_rows
from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.ooxml import MC, M, R, main_part, relations, tree
from diglot.adapters.parsers.source import Allowance, Source
from diglot.adapters.parsers.table_text import again, table_block
from diglot.domain.errors import FileDamaged
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_TITLES = frozenset({"title", "ctrTitle"})
# Numbers, dates and running lines of every slide.
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr"})
DEEPEST = 40


def read(source: Source) -> Parsed:
    with open_archive(source) as archive:
        part = main_part(archive, "ppt/presentation.xml")
        presentation = tree(archive, part)
        if presentation is None:
            raise FileDamaged("The file is damaged: it has no presentation in it.")
        parts = relations(archive, part)
        allowance = Allowance(source.limits.output_characters)
        blocks: list[Block] = []
        count = 0
        for entry in presentation.iter(f"{P}sldId"):
            count += 1
            slide = _Slide(archive, parts.get(entry.get(f"{R}id", ""), ""), count)
            for block in slide.blocks():
                allowance.spend(len(block.text))
                blocks.append(block)
    title = next((block.text for block in blocks if block.kind is BlockKind.HEADING), None)
    return Parsed(tuple(blocks), title=title, page_count=count)


@dataclass(frozen=True, slots=True)
class _Slide:
    archive: zipfile.ZipFile
    part: str
    number: int

    def blocks(self) -> Iterator[Block]:
        root = tree(self.archive, self.part) if self.part else None
        if root is None:
            return
        linked = relations(self.archive, self.part)
        shapes = list(_shapes(root.find(f"{P}cSld/{P}spTree")))
        title = next((words for shape in shapes if _role(shape) in _TITLES and (words := _words(shape))), "")
        title = " ".join(title.split())
        headings = (title,) if title else ()
        if title:
            yield Block(BlockKind.HEADING, title, Anchor(slide=self.number, headings=headings), 1)
        for shape in _in_reading_order(shapes):
            yield from self._shape(shape, linked, headings)
        yield from self._notes(linked, headings)

    def _shape(self, shape: etree._Element, linked: dict[str, str], headings: tuple[str, ...]) -> Iterator[Block]:
        if _role(shape) in _TITLES | _FURNITURE:
            return
        anchor = Anchor(slide=self.number, shape=_name(shape), headings=headings)
        if shape.tag == f"{P}graphicFrame":
            yield from self._graphic(shape, linked, anchor)
        elif words := _words(shape):
            yield Block(BlockKind.PARAGRAPH, words, anchor)
        elif shape.tag == f"{P}pic" and (described := _description(shape)):
            yield Block(BlockKind.FIGURE, described, anchor)

    def _graphic(self, frame: etree._Element, linked: dict[str, str], anchor: Anchor) -> Iterator[Block]:
        for table in frame.iter(f"{A}tbl"):
            block = table_block(_rows(table), anchor)
            if block:
                yield block
        for chart in frame.iter(f"{C}chart"):
            yield from self._chart(linked.get(chart.get(f"{R}id", ""), ""), anchor)
        for diagram in frame.iter(f"{_DIAGRAM}relIds"):
            root = tree(self.archive, linked.get(diagram.get(f"{R}dm", ""), ""))
            words = _lines(root) if root is not None else ""
            if words:
                yield Block(BlockKind.PARAGRAPH, words, anchor)

    def _chart(self, part: str, anchor: Anchor) -> Iterator[Block]:
        root = tree(self.archive, part) if part else None
        if root is None:
            return
        title = root.find(f"{C}chart/{C}title")
        if title is not None and (words := _lines(title)):
            yield Block(BlockKind.CAPTION, words, anchor)
        block = table_block(chart_rows(root), anchor)
        if block:
            yield block

    def _notes(self, linked: dict[str, str], headings: tuple[str, ...]) -> Iterator[Block]:
        part = next((name for name in linked.values() if "/notesSlides/" in f"/{name}"), "")
        root = tree(self.archive, part) if part else None
        for shape in _shapes(root.find(f"{P}cSld/{P}spTree")) if root is not None else ():
            if _role(shape) == "body" and (words := _words(shape)):
                yield Block(BlockKind.PARAGRAPH, words, Anchor(slide=self.number, shape="notes", headings=headings))


def _shapes(parent: etree._Element | None, depth: int = 0) -> Iterator[etree._Element]:
    """Those in groups too, one by one."""
    for shape in parent if parent is not None and depth < DEEPEST else ():
        if shape.tag == f"{P}grpSp":
            yield from _shapes(shape, depth + 1)
        elif shape.tag == f"{MC}AlternateContent":
            yield from _shapes(shape.find(f"{MC}Choice"), depth + 1)
        elif shape.tag in {f"{P}sp", f"{P}pic", f"{P}graphicFrame", f"{P}cxnSp"}:
            yield shape


def _in_reading_order(shapes: list[etree._Element]) -> list[etree._Element]:
    """By rows of about half an inch, then from the left. Placeholders may have their place from the layout only: then
    the order in the file, which is that of the layout, is the better guess."""
    places = [_place(shape) for shape in shapes]
    if any(place is None for place in places):
        return shapes
    ranked = sorted(zip(places, range(len(shapes)), strict=True), key=lambda pair: (pair[0] or (0, 0), pair[1]))
    return [shapes[index] for _, index in ranked]


def _place(shape: etree._Element) -> tuple[int, int] | None:
    offset = shape.find(f".//{A}xfrm/{A}off")
    offset = shape.find(f"{P}xfrm/{A}off") if offset is None else offset
    if offset is None:
        return None
    left, top = offset.get("x", ""), offset.get("y", "")
    if not (left.lstrip("-").isdigit() and top.lstrip("-").isdigit()):
        return None
    return round(int(top) / 457_200), int(left)


def _role(shape: etree._Element) -> str | None:
    placeholder = shape.find(f"*/{P}nvPr/{P}ph")
    return None if placeholder is None else placeholder.get("type", "obj")


def _name(shape: etree._Element) -> str | None:
    properties = shape.find(f"*/{P}cNvPr")
    return None if properties is None else clean(properties.get("name", ""))[:200] or None


def _description(shape: etree._Element) -> str:
    """What the author wrote for those who cannot see the picture; file names are no description."""
    properties = shape.find(f"*/{P}cNvPr")
    words = clean(properties.get("descr", "")).strip() if properties is not None else ""
    return words if " " in words or any(letter > "\u2e80" for letter in words) else ""


def _words(shape: etree._Element) -> str:
    body = shape.find(f"{P}txBody")
    return _lines(body) if body is not None else ""


def _lines(parent: etree._Element) -> str:
    return "\n".join(filter(None, (_line(paragraph) for paragraph in parent.iter(f"{A}p"))))


def _line(paragraph: etree._Element) -> str:
    pieces = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag == f"{MC}Fallback":
            walk.skip_subtree()
        elif element.tag in {f"{A}t", f"{M}t"}:
            pieces.append(element.text or "")
        elif element.tag == f"{A}br":
            pieces.append(" ")
    return clean("".join(pieces)).strip()


def _rows(table: etree._Element) -> list[list[str]]:
    """Cells that belong to a merged one are there and marked; they show its text too."""
    rows: list[list[str]] = []
    for row in table.iter(f"{A}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{A}tc"):
            if cell.get("hMerge") in {"1", "true"} and cells:
                cells.append(again(cells[-1]))
            elif cell.get("vMerge") in {"1", "true"} and rows and len(rows[-1]) > len(cells):
                cells.append(again(rows[-1][len(cells)]))
            else:
                cells.append(_lines(cell))
        rows.append(cells)
    return rows
