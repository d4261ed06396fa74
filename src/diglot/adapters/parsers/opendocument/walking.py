"""The content of a text document, of a shape or of a text box, in order."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.opendocument.numbering import Counting, Numbering, own_start
from diglot.adapters.parsers.opendocument.package import CHART, DRAW, MATH, SVG, TABLE, TEXT, count, object_part
from diglot.adapters.parsers.opendocument.styles import Styles
from diglot.adapters.parsers.opendocument.tables import own_rows, table_rows
from diglot.adapters.parsers.opendocument.words import anchored, paragraphs, words
from diglot.adapters.parsers.source import Allowance
from diglot.adapters.parsers.table_text import table_block
from diglot.domain.errors import FileDamaged
from diglot.domain.parsed import Anchor, Block, BlockKind

DEEPEST = 40
DEEPEST_LEVEL = 10
_INDENTS = 8
_TRANSPARENT = frozenset(
    f"{TEXT}{name}"
    for name in (
        *("section", "numbered-paragraph", "index-body", "index-title", "table-of-content", "illustration-index"),
        *("table-index", "object-index", "user-index", "alphabetical-index", "bibliography"),
    )
)


@dataclass(slots=True)
class Walk:
    """`place` is what all anchors have in common; `title` the text of the first paragraph in the style Title."""

    archive: zipfile.ZipFile
    styles: Styles
    numbering: Numbering
    allowance: Allowance
    place: Anchor = field(default_factory=Anchor)
    path: HeadingPath = field(default_factory=HeadingPath)
    title: str | None = None
    counting: dict[str, Counting] = field(default_factory=dict)

    def blocks(self, parent: etree._Element, depth: int = 0) -> Iterator[Block]:
        for element in parent:
            yield from self.block(element, depth)

    def block(self, element: etree._Element, depth: int = 0) -> Iterator[Block]:
        if depth > DEEPEST:
            raise FileDamaged("The file is damaged: its parts are nested too deeply.")
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in {f"{TEXT}p", f"{TEXT}h"}:
            yield from self._paragraph(element, depth)
        elif tag == f"{TEXT}list":
            yield from self._list(element, depth)
        elif tag == f"{TABLE}table":
            yield from self._table(element, depth)
        elif tag == f"{DRAW}object":
            yield from self._object(element)
        elif tag == f"{DRAW}frame":
            yield from self._frame(element, depth)
        elif tag in _TRANSPARENT or tag.startswith(DRAW):
            yield from self.blocks(element, depth + 1)

    def _paragraph(self, paragraph: etree._Element, depth: int, label: str = "", mark: str = "") -> Iterator[Block]:
        """`label` is a list's, `mark` the same with its indent or an indent alone: then it is one of its items."""
        text = words(paragraph)
        level = _outline_level(paragraph)
        is_title = self.styles.is_title(paragraph.get(f"{TEXT}style-name", ""))
        if text and (level or is_title):
            label = label or (self.numbering.heading(level) if level else "")
            yield self._heading(" ".join(f"{label} {text}".split()), level or 1, is_title)
        elif text and mark:
            yield self._said(Block(BlockKind.LIST_ITEM, f"{mark}{text}", self._anchor(), gap="\n"))
        elif text:
            yield self._said(Block(BlockKind.PARAGRAPH, text, self._anchor()))
        for element in anchored(paragraph):
            if element.tag == f"{TEXT}note":
                yield from self._note(element)
            else:
                yield from self.block(element, depth + 1)

    def _heading(self, text: str, level: int, is_title: bool) -> Block:
        if is_title and self.title is None:
            self.title = text[:300]
        self.path.enter(level, text)
        return self._said(Block(BlockKind.HEADING, text, self._anchor(), level))

    def _note(self, note: etree._Element) -> Iterator[Block]:
        body = note.find(f"{TEXT}note-body")
        text = " ".join(filter(None, map(words, paragraphs(body)))) if body is not None else ""
        if text:
            yield self._said(Block(BlockKind.PARAGRAPH, text, self._anchor()))

    def _list(
        self, element: etree._Element, depth: int, level: int = 1, above: Counting | None = None
    ) -> Iterator[Block]:
        if depth > DEEPEST:
            raise FileDamaged("The file is damaged: its parts are nested too deeply.")
        counting = self._counting(element, above)
        for item in element.iterchildren(f"{TEXT}list-item", f"{TEXT}list-header"):
            yield from self._item(item, depth + 1, level, counting)

    def _item(self, item: etree._Element, depth: int, level: int, counting: Counting) -> Iterator[Block]:
        """Only its first paragraph carries its label; an item that only holds a list has none and is not counted."""
        indent = "  " * min(level - 1, _INDENTS)
        is_labelled = item.tag == f"{TEXT}list-header"
        for child in item:
            if child.tag == f"{TEXT}list":
                yield from self._list(child, depth, min(level + 1, DEEPEST_LEVEL), counting)
            elif child.tag not in {f"{TEXT}p", f"{TEXT}h"}:
                yield from self.block(child, depth)
            elif is_labelled:
                yield from self._paragraph(child, depth, mark=indent + "  ")
            else:
                is_labelled = True
                label = counting.label(level, own_start(item))
                yield from self._paragraph(child, depth, label, f"{indent}{label} " if label else indent + "  ")

    def _counting(self, element: etree._Element, above: Counting | None) -> Counting:
        """A list inside another counts in the other's style unless it names its own; one that follows another of its
        style begins anew unless it says that it goes on."""
        style = element.get(f"{TEXT}style-name", "")
        if above is not None and (not style or above is self.counting.get(style)):
            return above
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list")
        if not goes_on or style not in self.counting:
            self.counting[style] = self.numbering.counting(style)
        return self.counting[style]

    def _table(self, table: etree._Element, depth: int) -> Iterator[Block]:
        """A table of one cell is a frame around text, not a table."""
        rows = list(own_rows(table))
        if len(rows) == 1 and len(cells := list(rows[0].iterchildren(f"{TABLE}table-cell"))) == 1:
            yield from self.blocks(cells[0], depth + 1)
            return
        block = table_block(table_rows(table), self._anchor())
        if block:
            yield self._said(block)

    def _frame(self, frame: etree._Element, depth: int) -> Iterator[Block]:
        """Text, a table or an object; else what its author says of the picture."""
        is_silent = True
        for block in self.blocks(frame, depth + 1):
            is_silent = False
            yield block
        if is_silent and (described := _description(frame)):
            yield self._said(Block(BlockKind.FIGURE, described, self._anchor()))

    def _object(self, holder: etree._Element) -> Iterator[Block]:
        root = object_part(self.archive, holder)
        if root is None:
            return
        if root.tag == f"{MATH}math":
            text = _formula(root)
            if text:
                yield self._said(Block(BlockKind.PARAGRAPH, text, self._anchor()))
            return
        for title in root.iter(f"{CHART}title"):
            if text := " ".join(filter(None, map(words, paragraphs(title)))):
                yield self._said(Block(BlockKind.CAPTION, text, self._anchor()))
        for table in root.iter(f"{TABLE}table"):
            block = table_block(table_rows(table), self._anchor())
            if block:
                yield self._said(block)

    def _anchor(self) -> Anchor:
        return self.place._replace(headings=self.path.titles)

    def _said(self, block: Block) -> Block:
        self.allowance.spend(len(block.text))
        return block


def _outline_level(paragraph: etree._Element) -> int:
    """0 for what is no heading."""
    return count(paragraph, f"{TEXT}outline-level", DEEPEST_LEVEL) if paragraph.tag == f"{TEXT}h" else 0


def _description(frame: etree._Element) -> str:
    """What the author wrote for those who cannot see the picture; file names are no description."""
    said = (clean(frame.findtext(f"{SVG}{name}") or "").strip() for name in ("desc", "title"))
    return next((one for one in said if " " in one or any(letter > "\u2e80" for letter in one)), "")


def _formula(root: etree._Element) -> str:
    """The signs of a formula in their order, without what the program notes for itself."""
    walk = etree.iterwalk(root, events=("start",))
    signs = []
    for _, element in walk:
        if element.tag in {f"{MATH}annotation", f"{MATH}annotation-xml"}:
            walk.skip_subtree()
        else:
            signs.append((element.text or "").strip())
    return clean(" ".join(filter(None, signs)))
