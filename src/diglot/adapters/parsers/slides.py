"""PowerPoint: slide by slide, the words of shapes and groups, tables, charts and diagrams, then the speaker's notes."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.archives import open_archive
from diglot.adapters.parsers.chart import description, graphic_blocks
from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.ooxml import A, R, main_part, relations, tree
from diglot.adapters.parsers.slide_order import TITLES, Layouts, P, in_reading_order, role, shapes_of
from diglot.adapters.parsers.slide_text import shown_lines
from diglot.adapters.parsers.source import Allowance, Source
from diglot.adapters.parsers.table_text import again, table_block
from diglot.domain.errors import FileDamaged
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed


def read(source: Source) -> Parsed:
    with open_archive(source) as archive:
        part = main_part(archive, "ppt/presentation.xml")
        presentation = tree(archive, part)
        if presentation is None:
            raise FileDamaged("The file is damaged: it has no presentation in it.")
        parts = relations(archive, part)
        allowance = Allowance(source.limits.output_characters)
        blocks: list[Block] = []
        layouts = Layouts(archive)
        count = 0
        for entry in presentation.iter(f"{P}sldId"):
            count += 1
            slide = _Slide(archive, parts.get(entry.get(f"{R}id", ""), ""), count, layouts)
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
    layouts: Layouts

    def blocks(self) -> Iterator[Block]:
        root = tree(self.archive, self.part) if self.part else None
        if root is None:
            return
        linked = relations(self.archive, self.part)
        shapes = in_reading_order(shapes_of(root), self.layouts.places(linked))
        title = next((words for shape in shapes if role(shape) in TITLES and (words := _words(shape))), "")
        title = " ".join(title.split())
        headings = (title,) if title else ()
        if title:
            yield Block(BlockKind.HEADING, title, Anchor(slide=self.number, headings=headings), 1)
        for shape in shapes:
            yield from self._shape(shape, linked, headings)
        yield from self._notes(linked, headings)

    def _shape(self, shape: etree._Element, linked: dict[str, str], headings: tuple[str, ...]) -> Iterator[Block]:
        if role(shape) in TITLES:
            return
        anchor = Anchor(slide=self.number, shape=_name(shape), headings=headings)
        if shape.tag == f"{P}graphicFrame":
            yield from self._graphic(shape, linked, anchor)
        elif words := _words(shape):
            yield Block(BlockKind.PARAGRAPH, words, anchor)
        elif shape.tag == f"{P}pic" and (described := description(shape.find(f"*/{P}cNvPr"))):
            yield Block(BlockKind.FIGURE, described, anchor)

    def _graphic(self, frame: etree._Element, linked: dict[str, str], anchor: Anchor) -> Iterator[Block]:
        for table in frame.iter(f"{A}tbl"):
            block = table_block(_rows(table), anchor)
            if block:
                yield block
        yield from graphic_blocks(frame, lambda link: tree(self.archive, linked.get(link, "")), anchor)

    def _notes(self, linked: dict[str, str], headings: tuple[str, ...]) -> Iterator[Block]:
        part = next((name for name in linked.values() if "/notesSlides/" in f"/{name}"), "")
        root = tree(self.archive, part) if part else None
        for shape in in_reading_order(shapes_of(root), {}) if root is not None else ():
            if role(shape) == "body" and (words := _words(shape)):
                yield Block(BlockKind.PARAGRAPH, words, Anchor(slide=self.number, shape="notes", headings=headings))


def _name(shape: etree._Element) -> str | None:
    properties = shape.find(f"*/{P}cNvPr")
    return None if properties is None else clean(properties.get("name", ""))[:200] or None


def _words(shape: etree._Element) -> str:
    body = shape.find(f"{P}txBody")
    return shown_lines(body) if body is not None else ""


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
                cells.append(shown_lines(cell))
        rows.append(cells)
    return rows
