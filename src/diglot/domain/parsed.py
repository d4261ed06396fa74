"""A parser's result: text in reading order, each part knowing where in the source it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple


class Box(NamedTuple):
    """A rectangle on a page: points from the page's top left corner; `page` counts from 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class Anchor(NamedTuple):
    """Where a piece of text stands in its source; what the format has not stays empty.

    page, slide: from 1. start, end: character offsets in the decoded source text (text formats; of a page in HTML those
    of the markup that makes the text), or in the running text of a Word document: its blocks and their gaps.
    cells: "A1:C7". headings: the path of headings above, outermost first. part: name of a mail or archive part.
    start_ms, end_ms: when it is said, in milliseconds from the beginning of the recording.
    """

    page: int | None = None
    boxes: tuple[Box, ...] = ()
    headings: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None
    sheet: str | None = None
    cells: str | None = None
    slide: int | None = None
    shape: str | None = None
    part: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Only what is set, with short stable names."""
        stored = {name: getattr(self, name) for name in self._fields if getattr(self, name) not in (None, ())}
        if self.boxes:
            stored["boxes"] = [[box.page, *(round(side, 1) for side in box[1:])] for box in self.boxes]
        if self.headings:
            stored["headings"] = list(self.headings)
        return stored

    @staticmethod
    def from_json(stored: dict[str, Any]) -> "Anchor":
        fields = dict(stored)
        if "boxes" in fields:
            fields["boxes"] = tuple(Box(*box) for box in fields["boxes"])
        if "headings" in fields:
            fields["headings"] = tuple(fields["headings"])
        return Anchor(**fields)


NOWHERE = Anchor()


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"
    FIGURE = "figure"
    CAPTION = "caption"
    HEADER = "header"
    FOOTER = "footer"
    SCAN = "scan"
    """A page of a file inside the document, whose text is to be recognised; until then `text` is what is known."""


class Span(NamedTuple):
    """Characters start to end (exclusive) of a text come from `anchor`."""

    start: int
    end: int
    anchor: Anchor


class Block(NamedTuple):
    """`text` is what gets indexed (a table as Markdown rows). `level` is a heading's, from 1, or a scan's number.

    `rows` are a table's cells, empty where the table is too large to hold twice; a scan's only cell is the sha256 of
    its file, since the same number may be another file's when more is unpacked. `spans`, where the format knows more
    than one place (lines of a PDF), cover parts of `text` in order; without them the whole block stands at `anchor`.
    `gap` is what stands between this block and the next in running text; text formats keep the source's own.
    A span or block with `start` and `end` holds exactly those characters of the source, so a part of it can be placed.
    """

    kind: BlockKind
    text: str
    anchor: Anchor = NOWHERE
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    spans: tuple[Span, ...] = ()
    gap: str = "\n\n"


@dataclass(frozen=True, slots=True)
class Parsed:
    """`notes` are plain sentences for the user: what was skipped and why. `scans` are the pages, in order and from 1,
    whose text is to be recognised from their pictures: it then takes the place of what blocks there are of them. Pages
    of files inside the document have numbers from `scan_of`, and a block of the kind SCAN each."""

    blocks: tuple[Block, ...]
    title: str | None = None
    page_count: int | None = None
    notes: tuple[str, ...] = ()
    scans: tuple[int, ...] = ()


MOST_PAGES = 99_999
"""Of a file inside a document that has scans."""

MOST_NAMED = 20


def scan_of(file: int, page: int) -> int:
    """The number of a page among the scans of a document; `file` is that of the file inside it, from 1."""
    return file * (MOST_PAGES + 1) + page


def file_of(scan: int) -> int:
    """0: the page is the document's own."""
    return scan // (MOST_PAGES + 1)


def page_of(scan: int) -> int:
    """In the file that it is a page of."""
    return scan % (MOST_PAGES + 1)


def files_of_scans(parsed: Parsed) -> dict[int, str]:
    """Of pages of files inside the document the sha256 of their file, by the scan's number."""
    return {block.level: block.rows[0][0] for block in parsed.blocks if block.kind is BlockKind.SCAN}


def scans_in_words(parsed: Parsed) -> str:
    """Such as "1-3, 7", and for files inside "1-2 of letter.pdf; 1 of photo.png"."""
    names = {block.level: block.anchor.part for block in parsed.blocks if block.kind is BlockKind.SCAN}
    files = [list(pages) for _, pages in groupby(parsed.scans, file_of)]
    words = [
        page_ranges([page_of(page) for page in pages]) + (f" of {names[pages[0]]}" if pages[0] in names else "")
        for pages in files[:MOST_NAMED]
    ]
    more = f"those of {len(files) - MOST_NAMED:,} more files" if len(files) > MOST_NAMED else ""
    return "; ".join(filter(None, (*words, more)))


def page_ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 7 as "1-3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


@dataclass(frozen=True, slots=True)
class AnchoredText:
    """A text with the places its parts come from; spans are in order and do not overlap."""

    text: str
    spans: tuple[Span, ...] = ()
