"""PDF with a text layer: pages to lines, lines to paragraphs, headings and tables, in the order of the content stream.

That order beats sorting by place: whatever sorts by height mixes the columns of a page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as pdfium_raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.pdf.cells import PageTable
from diglot.adapters.parsers.pdf.flow import flowing
from diglot.adapters.parsers.pdf.fonts import use_system_fonts
from diglot.adapters.parsers.pdf.frame import make_box
from diglot.adapters.parsers.pdf.furniture import sort_out
from diglot.adapters.parsers.pdf.layout import Paragraph
from diglot.adapters.parsers.pdf.letters import Answers, Letters
from diglot.adapters.parsers.pdf.lines import PageText, page_text
from diglot.adapters.parsers.pdf.outline import outline_of
from diglot.adapters.parsers.pdf.page import open_page
from diglot.adapters.parsers.pdf.rules import PathAnswers
from diglot.adapters.parsers.pdf.styles import Styles
from diglot.adapters.parsers.pdf.tables import page_tables
from diglot.adapters.parsers.pdf.words import Joiner, placed, spans_of
from diglot.adapters.parsers.source import Allowance, Source
from diglot.adapters.parsers.table_text import table_block
from diglot.domain.errors import FileDamaged, LimitExceeded, PasswordNeeded
from diglot.domain.parsed import Anchor, Block, BlockKind, Box, Parsed

# Half of what the class itself takes.
_make_block = partial(tuple.__new__, Block)


@dataclass(frozen=True, slots=True)
class _Page:
    text: PageText
    tables: tuple[PageTable, ...]

    @property
    def held(self) -> frozenset[int]:
        """Numbers of the lines that are in tables."""
        return frozenset().union(*(table.lines for table in self.tables))


def read(source: Source) -> Parsed:
    use_system_fonts(False)
    document = opened(source)
    try:
        pages = _pages(document, source)
        scans = tuple(page.text.number for page in pages if page.text.is_scan)
        blocks = tuple(_blocks(document, pages))
        return Parsed(blocks, title=_title(document), page_count=len(document), scans=scans)
    finally:
        document.close()


def opened(source: Source) -> pdfium.PdfDocument:
    """To be closed. `PasswordNeeded`, `FileDamaged`, `LimitExceeded`"""
    try:
        document = pdfium.PdfDocument(source.content)
        count = len(document)
    except pdfium.PdfiumError as broken:
        if broken.err_code == pdfium_raw.FPDF_ERR_PASSWORD:
            raise PasswordNeeded from broken
        raise FileDamaged("The file is damaged: it is not a complete PDF.") from broken
    if count > source.limits.pages:
        raise LimitExceeded(f"The file has more than {source.limits.pages:,} pages.")
    return document


def _pages(document: pdfium.PdfDocument, source: Source) -> list[_Page]:
    allowance = Allowance(source.limits.output_characters)
    answers, path_answers = Answers(), PathAnswers()
    pages = []
    for index in range(len(document)):
        with open_page(document, index + 1) as page:
            if not page:
                source.note(f"Page {index + 1} is damaged and was skipped.")
                continue
            letters = Letters(page, answers)
            text = page_text(page, letters)
            allowance.spend(text.characters)
            pages.append(_Page(text, page_tables(page, letters, text, path_answers)))
    return pages


def _title(document: pdfium.PdfDocument) -> str | None:
    title = " ".join(document.get_metadata_value("Title").replace("\x00", "").split())
    # Programs put the name of the file they printed here.
    return title if 3 < len(title) <= 300 and not title.startswith("Microsoft Word - ") else None


def _blocks(document: pdfium.PdfDocument, pages: list[_Page]) -> Iterator[Block]:
    sorted_pages = sort_out([page.text for page in pages], [page.held for page in pages])
    body = list(chain.from_iterable([parts.body for parts in sorted_pages]))
    # A scanned page may keep the outline of its whole book, which takes longer to read than the page.
    styles = Styles.of(body, outline_of(document) if body else {})
    joiner = Joiner.of(body)
    path = HeadingPath()
    for part in flowing((parts, page.tables) for page, parts in zip(pages, sorted_pages, strict=True)):
        if isinstance(part, Paragraph):
            yield _block(part, styles, joiner, path)
        elif isinstance(part, PageTable):
            yield from _table(part, path)
        else:
            yield part


def _table(table: PageTable, path: HeadingPath) -> Iterator[Block]:
    page = table.box.page
    if table.title:
        anchor = Anchor(page=page, boxes=(table.title_box,), headings=path.titles)
        yield Block(BlockKind.CAPTION, table.title, anchor)
    anchor = Anchor(page=page, boxes=(table.box,), headings=path.titles)
    places = [Anchor(page=page, boxes=(box,), headings=path.titles) for box in table.row_boxes]
    block = table_block(table.rows, anchor, places)
    if block:
        yield block


def _block(paragraph: Paragraph, styles: Styles, joiner: Joiner, path: HeadingPath) -> Block:
    level = styles.heading_level(paragraph)
    text, ranges = joiner.join(paragraph.lines)
    if level:
        path.enter(level, " ".join(text.split()))
    boxes = [line[1] for line in paragraph.lines]
    spans = spans_of(boxes, ranges, path.titles)
    anchor = placed(boxes[0].page, _by_column(boxes), path.titles)
    kind = BlockKind.HEADING if level else BlockKind.LIST_ITEM if paragraph.is_item else BlockKind.PARAGRAPH
    gap = "\n" if kind is BlockKind.LIST_ITEM else "\n\n"
    return _make_block((kind, text, anchor, level, (), spans, gap))


def _by_column(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """One for each column that a paragraph runs through."""
    if len(boxes) == 1:
        return (boxes[0],)
    columns = []
    page, x0, y0, x1, y1 = boxes[0]
    above = y0
    for box in boxes:
        number, left, top, right, bottom = box
        if number != page or bottom <= above:
            columns.append(make_box((page, x0, y0, x1, y1)))
            page, x0, y0, x1, y1 = box
        else:
            x0 = left if left < x0 else x0
            y0 = top if top < y0 else y0
            x1 = right if right > x1 else x1
            y1 = bottom if bottom > y1 else y1
        above = top
    return (*columns, make_box((page, x0, y0, x1, y1)))
