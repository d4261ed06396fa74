"""PDF with a text layer: pages to lines, lines to paragraphs, headings and tables, in the order of the content stream.

That order beats sorting by place: whatever sorts by height mixes the columns of a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as pdfium_raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.pdf.furniture import without_furniture
from diglot.adapters.parsers.pdf.layout import Paragraph, paragraphs
from diglot.adapters.parsers.pdf.lines import Line, PageText, page_text
from diglot.adapters.parsers.pdf.styles import Styles
from diglot.adapters.parsers.pdf.tables import PageTable, page_tables
from diglot.adapters.parsers.pdf.words import Joiner
from diglot.adapters.parsers.source import Allowance, Source
from diglot.adapters.parsers.table_text import table_block
from diglot.domain.errors import FileDamaged, FileEmpty, LimitExceeded, PasswordNeeded
from diglot.domain.parsed import Anchor, Block, BlockKind, Box, Parsed


@dataclass(frozen=True, slots=True)
class _Page:
    text: PageText
    tables: tuple[PageTable, ...]


def read(source: Source) -> Parsed:
    document = _open(source)
    try:
        pages = _pages(document, source)
        _note_pictures(pages, source)
        outline = _outline(document)
        blocks = tuple(_blocks(pages, outline))
        return Parsed(blocks, title=_title(document), page_count=len(document))
    finally:
        document.close()


def _open(source: Source) -> pdfium.PdfDocument:
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
    pages = []
    for index in range(len(document)):
        try:
            page = document[index]
            textpage = page.get_textpage()
        except pdfium.PdfiumError:
            source.note(f"Page {index + 1} is damaged and was skipped.")
            continue
        text = page_text(page, textpage, index + 1)
        allowance.spend(text.characters)
        pages.append(_Page(text, page_tables(page, textpage, text)))
        textpage.close()
        page.close()
    return pages


def _note_pictures(pages: list[_Page], source: Source) -> None:
    pictures = [page.text.number for page in pages if page.text.is_picture]
    if pages and len(pictures) == len(pages):
        raise FileEmpty("The file holds no text: its pages are pictures, which need text recognition (OCR).")
    if pictures:
        listed = _ranges(pictures)
        source.note(f"Pages without text were skipped, as they need text recognition (OCR): {listed}.")


def _ranges(numbers: list[int]) -> str:
    """1, 2, 3, 7 as "1-3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def _outline(document: pdfium.PdfDocument) -> dict[str, int]:
    """Title, spaces and case apart -> level from 1."""
    outline: dict[str, int] = {}
    for bookmark in document.get_toc(max_depth=6):
        outline.setdefault(outline_key(bookmark.get_title() or ""), bookmark.level + 1)
        if len(outline) > 5000:
            break
    outline.pop("", None)
    return outline


def outline_key(title: str) -> str:
    return "".join(title.split()).casefold()


def _title(document: pdfium.PdfDocument) -> str | None:
    title = " ".join(document.get_metadata_value("Title").replace("\x00", "").split())
    # Programs put the name of the file they printed here.
    return title if 3 < len(title) <= 300 and not title.startswith("Microsoft Word - ") else None


def _blocks(pages: list[_Page], outline: dict[str, int]) -> Iterator[Block]:
    kept = without_furniture([page.text for page in pages])
    styles = Styles.of([line for lines in kept for line in lines], outline)
    joiner = Joiner.of([line for lines in kept for line in lines])
    path = HeadingPath()
    for page, lines in zip(pages, kept, strict=True):
        for part in _with_tables(lines, page.tables):
            if isinstance(part, PageTable):
                anchor = Anchor(page=page.text.number, boxes=(part.box,), headings=path.titles)
                places = [Anchor(page=page.text.number, boxes=(box,), headings=path.titles) for box in part.row_boxes]
                table = table_block(part.rows, anchor, places)
                if table:
                    yield table
                continue
            for paragraph in paragraphs(part):
                yield _block(paragraph, styles, joiner, path)


def _with_tables(lines: list[Line], tables: tuple[PageTable, ...]) -> Iterator[list[Line] | PageTable]:
    """Runs of lines, and each table where its first line stood; lines inside tables are in their cells."""
    run: list[Line] = []
    waiting = list(tables)
    for line in lines:
        table = next((table for table in tables if table.holds(line)), None)
        if table is None:
            run.append(line)
        elif table in waiting:
            yield run
            yield table
            waiting.remove(table)
            run = []
    yield run
    yield from waiting


def _block(paragraph: Paragraph, styles: Styles, joiner: Joiner, path: HeadingPath) -> Block:
    level = styles.heading_level(paragraph)
    text, ranges = joiner.join(paragraph.lines)
    if level:
        path.enter(level, " ".join(text.split()))
    page = paragraph.lines[0].box.page
    spans = joiner.spans(paragraph.lines, ranges, path.titles)
    anchor = Anchor(page=page, boxes=(_around(paragraph.lines),), headings=path.titles)
    kind = BlockKind.HEADING if level else BlockKind.LIST_ITEM if paragraph.is_item else BlockKind.PARAGRAPH
    gap = "\n" if kind is BlockKind.LIST_ITEM else "\n\n"
    return Block(kind, text, anchor, level, spans=spans if len(spans) > 1 else (), gap=gap)


def _around(lines: tuple[Line, ...]) -> Box:
    boxes = [line.box for line in lines]
    return Box(
        boxes[0].page,
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
