"""The body of a Word document, in order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.chart import description, graphic_blocks
from diglot.adapters.parsers.docx.numbering import Numbering
from diglot.adapters.parsers.docx.runs import (
    drawings,
    is_placeholder,
    note_references,
    paragraphs,
    text_boxes,
    words,
)
from diglot.adapters.parsers.docx.styles import Style, Styles, list_of, outline_level, style_name
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.ooxml import MC, W
from diglot.adapters.parsers.source import Allowance
from diglot.adapters.parsers.table_text import again, table_block
from diglot.domain.errors import FileDamaged
from diglot.domain.parsed import Anchor, Block, BlockKind

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DEEPEST = 40
MOST_COLUMNS = 1000
_TRANSPARENT = frozenset(
    {f"{W}body", f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"}
    | {f"{MC}AlternateContent", f"{MC}Choice"}
)


@dataclass(slots=True)
class Walk:
    """`linked` opens the part of a relationship. `note` is told what is left out. `title` is the text of the first
    paragraph in the style Title."""

    styles: Styles
    numbering: Numbering
    notes: Mapping[tuple[str, str], str]
    linked: Callable[[str], etree._Element | None]
    allowance: Allowance
    note: Callable[[str], None]
    path: HeadingPath = field(default_factory=HeadingPath)
    title: str | None = None

    def blocks(self, parent: etree._Element, depth: int = 0) -> Iterator[Block]:
        if depth > DEEPEST:
            raise FileDamaged("The file is damaged: its parts are nested too deeply.")
        for element in parent:
            if element.tag == f"{W}p":
                yield from self._paragraph(element, depth)
            elif element.tag == f"{W}tbl":
                yield from self._table(element, depth)
            elif element.tag in _TRANSPARENT and not is_placeholder(element):
                yield from self.blocks(element, depth + 1)
            elif element.tag == f"{W}altChunk":
                self.note("A web page or document that is kept whole inside the document was left out.")

    def _paragraph(self, paragraph: etree._Element, depth: int) -> Iterator[Block]:
        text = words(paragraph).strip()
        properties = paragraph.find(f"{W}pPr")
        style = self.styles.get(style_name(properties))
        if text:
            self.allowance.spend(len(text))
            yield self._block(text, properties, style)
        for box in text_boxes(paragraph):
            yield from self.blocks(box, depth + 1)
        for drawing in drawings(paragraph):
            yield from self._drawing(drawing)
        yield from self._notes(paragraph)

    def _drawing(self, drawing: etree._Element) -> Iterator[Block]:
        described = description(next(drawing.iter(f"{_DRAWING}docPr"), None))
        if described:
            yield Block(BlockKind.FIGURE, described, self._anchor())
        for block in graphic_blocks(drawing, self.linked, self._anchor()):
            self.allowance.spend(len(block.text))
            yield block

    def _notes(self, parent: etree._Element) -> Iterator[Block]:
        for reference in note_references(parent):
            if note := self.notes.get(reference):
                self.allowance.spend(len(note))
                yield Block(BlockKind.PARAGRAPH, note, self._anchor())

    def _block(self, text: str, properties: etree._Element | None, style: Style) -> Block:
        level = outline_level(properties) or style.level
        label = self._label(properties, style)
        if style.is_title and self.title is None:
            self.title = " ".join(text.split())[:300]
        if level or style.is_title:
            numbered = f"{label} {text}" if label and label != "-" else text
            return self._heading(" ".join(numbered.split()), level or 1)
        if label is not None:
            return Block(BlockKind.LIST_ITEM, f"{label} {text}".rstrip(), self._anchor(), gap="\n")
        return Block(BlockKind.PARAGRAPH, text, self._anchor())

    def _label(self, properties: etree._Element | None, style: Style) -> str | None:
        listed = list_of(properties) or style.list
        if listed is None:
            return None
        label = self.numbering.label(*listed)
        return "  " * min(listed[1], 8) + label if label == "-" and listed[1] else label

    def _heading(self, text: str, level: int) -> Block:
        self.path.enter(level, text)
        return Block(BlockKind.HEADING, text, self._anchor(), level)

    def _anchor(self) -> Anchor:
        return Anchor(headings=self.path.titles)

    def _table(self, table: etree._Element, depth: int) -> Iterator[Block]:
        """A table of one cell is a frame around text, not a table."""
        rows = [row for row in _own(table, "tr") if row.find(f"{W}trPr/{W}del") is None]
        cells = [list(_own(row, "tc")) for row in rows]
        if len(cells) == 1 and len(cells[0]) == 1:
            yield from self.blocks(cells[0][0], depth + 1)
            return
        laid_out: list[list[str]] = []
        for row, own in zip(rows, cells, strict=True):
            laid_out.append(_row(own, laid_out[-1] if laid_out else [], _columns_before(row)))
        block = table_block(laid_out, self._anchor())
        if block:
            self.allowance.spend(len(block.text))
            yield block
        yield from self._notes(table)


def _own(parent: etree._Element, name: str, depth: int = 0) -> Iterator[etree._Element]:
    """Rows of a table, cells of a row: also those wrapped in content controls and insertions."""
    for element in parent:
        if element.tag == f"{W}{name}":
            yield element
        elif element.tag in _TRANSPARENT and depth < DEEPEST:
            yield from _own(element, name, depth + 1)


def _row(cells: list[etree._Element], above: list[str], left_out: int) -> list[str]:
    """A merged cell's text stands in each of its places. `left_out` columns before the first cell are empty."""
    row = [""] * left_out
    for cell in cells:
        properties = cell.find(f"{W}tcPr")
        text = again(*above[len(row) : len(row) + 1]) if _goes_on(properties) else _cell_words(cell)
        row.append(text)
        row.extend([again(text) if len(cells) > 1 else ""] * (_columns(properties) - 1))
        if len(row) > MOST_COLUMNS:
            break
    return row


def _cell_words(cell: etree._Element) -> str:
    return " ".join(filter(None, (" ".join(words(paragraph).split()) for paragraph in paragraphs(cell))))


def _columns(properties: etree._Element | None) -> int:
    return max(_count(properties.find(f"{W}gridSpan")) if properties is not None else 1, 1)


def _columns_before(row: etree._Element) -> int:
    return _count(row.find(f"{W}trPr/{W}gridBefore"))


def _count(element: etree._Element | None) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return min(int(value), MOST_COLUMNS) if value.isascii() and value.isdigit() and len(value) < 5 else 0


def _goes_on(properties: etree._Element | None) -> bool:
    """Part of the cell above."""
    merged = properties.find(f"{W}vMerge") if properties is not None else None
    return merged is not None and merged.get(f"{W}val", "continue") == "continue"
