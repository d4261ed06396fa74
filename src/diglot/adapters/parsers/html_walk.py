"""A page's elements to blocks. The walk keeps its own stack: pages nest deeper than Python recurses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.html_content import BLOCKS, HEADINGS, is_dropped
from diglot.adapters.parsers.html_inline import formula_words, picture_words, power_mark
from diglot.adapters.parsers.html_layout import is_data
from diglot.adapters.parsers.html_source import SourcePlaces
from diglot.adapters.parsers.html_table import table_rows
from diglot.adapters.parsers.source import Allowance
from diglot.adapters.parsers.table_text import table_block
from diglot.domain.parsed import Anchor, Block, BlockKind

MOST_PLACED_ROWS = 20_000
_KINDS = {"pre": BlockKind.CODE, "figcaption": BlockKind.CAPTION, "caption": BlockKind.CAPTION}
_SPACES = re.compile(r"[ \t\n\f\r]+")
_SPACES_RUN = re.compile(r"[ \t\f\u00a0]+")


@dataclass(slots=True)
class _Item:
    """Of a list. `mark` becomes blanks once its first block has carried it."""

    mark: str


@dataclass(slots=True)
class Walk:
    """`run` gathers the words of the block that is open, `said` those of them that stand in the source as text, `line`
    is the source's line of the element that it began in. `lists` hold the last number of each open list, None for
    bullets."""

    allowance: Allowance
    places: SourcePlaces
    in_main: bool
    path: HeadingPath = field(default_factory=HeadingPath)
    run: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    pre: int = 0
    line: int = 1

    def blocks(self, root: etree._Element) -> Iterator[Block]:
        skipped: etree._Element | None = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                if skipped is None:
                    if is_dropped(element, self.in_main):
                        skipped = element
                    else:
                        yield from self._enter(element)
                        skipped = element if element.tag == "math" or _is_table(element) else None
            elif skipped is None or element is skipped:
                if skipped is None:
                    yield from self._leave(element.tag)
                skipped = None
                self._say(element.tail if element is not root else None)
        yield from self._close()

    def _enter(self, element: etree._Element) -> Iterator[Block]:
        tag = element.tag
        if tag in BLOCKS:
            yield from self._close()
            self.line = element.sourceline or self.line
        if _is_table(element):
            yield from self._table(element)
        elif tag == "math":
            self.run.append(formula_words(element))
        else:
            self._open(tag, element)
            self._say(element.text)

    def _open(self, tag: str, element: etree._Element) -> None:
        if tag == "br":
            self.run.append("\n")
        elif tag == "pre":
            self.pre += 1
        elif tag in {"ul", "ol"}:
            self.lists.append(_first_number(element) if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag == "img":
            self.run.append(picture_words(element))
        elif tag == "sup":
            self.run.append(power_mark(element, next((words[-1] for words in reversed(self.run) if words), "")))

    def _item(self) -> None:
        number = self.lists[-1] if self.lists else None
        if number is not None:
            self.lists[-1] = number + 1
        indent = "  " * min(max(len(self.lists) - 1, 0), 8)
        self.items.append(_Item(indent + ("- " if number is None else f"{number}. ")))

    def _leave(self, tag: str) -> Iterator[Block]:
        if tag not in BLOCKS:
            return
        yield from self._close(HEADINGS.get(tag, 0), _KINDS.get(tag), "\n" if tag == "dt" else "")
        self.pre -= tag == "pre"
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "li" and self.items:
            self.items.pop()

    def _say(self, words: str | None) -> None:
        if words:
            self.run.append(words if self.pre else _SPACES.sub(" ", words))
            self.said.append(words)

    def _close(self, level: int = 0, kind: BlockKind | None = None, gap: str = "") -> Iterator[Block]:
        text, said = self._text(), "".join(self.said)
        self.run.clear()
        self.said.clear()
        if not text.strip():
            return
        self.allowance.spend(len(text))
        if level:
            title = " ".join(text.split())
            self.path.enter(level, title)
            yield Block(BlockKind.HEADING, title, self._anchor(said), level)
        elif self.items:
            item = self.items[-1]
            yield Block(kind or BlockKind.LIST_ITEM, item.mark + text, self._anchor(said), gap="\n")
            item.mark = " " * len(item.mark)
        else:
            yield Block(kind or BlockKind.PARAGRAPH, text, self._anchor(said), gap=gap or "\n\n")

    def _text(self) -> str:
        text = clean("".join(self.run))
        if self.pre:
            return text.strip("\n")
        return "\n".join(line.strip() for line in _SPACES_RUN.sub(" ", text).split("\n")).strip()

    def _anchor(self, said: str) -> Anchor:
        """`said` is what the source has of a block's text."""
        place = self.places.find(said, self.line)
        start, end = place or (None, None)
        return Anchor(headings=self.path.titles, start=start, end=end)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        for caption in table.iterchildren("caption"):
            said = "".join(caption.itertext())
            if words := clean(" ".join(said.split())):
                yield Block(BlockKind.CAPTION, words, self._anchor(said))
        rows, elements = table_rows(table)
        filled = [row for cells, row in zip(rows, elements, strict=True) if any(cell.strip() for cell in cells)]
        places = [self._row_anchor(row) for row in filled] if len(filled) <= MOST_PLACED_ROWS else []
        block = table_block(rows, _around(places) or Anchor(headings=self.path.titles), places)
        if block:
            self.allowance.spend(len(block.text))
            yield block

    def _row_anchor(self, row: etree._Element) -> Anchor:
        self.line = row.sourceline or self.line
        return self._anchor("".join(row.itertext()))


def _around(places: list[Anchor]) -> Anchor | None:
    starts = [place.start for place in places if place.start is not None]
    ends = [place.end for place in places if place.end is not None]
    return Anchor(headings=places[0].headings, start=starts[0], end=ends[-1]) if starts and ends else None


def _first_number(element: etree._Element) -> int:
    start = (element.get("start") or "").strip()
    return int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1


def _is_table(element: etree._Element) -> bool:
    return element.tag == "table" and is_data(element)
