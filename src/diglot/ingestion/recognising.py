"""Pages that are pictures: their text is recognised and put in its place among the other pages."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from diglot.domain.errors import FileEmpty, LimitExceeded, MethodUnavailable, ParseFailed
from diglot.domain.parsed import Anchor, Block, BlockKind, Box, Parsed, Span, page_ranges
from diglot.domain.picture import Picture
from diglot.domain.recognised import RecognisedPage, TextLine
from diglot.ingestion.page_layout import Row, joined, paragraphs
from diglot.ports.ocr import Ocr

LEAST_CONFIDENCE = 0.3


@dataclass(frozen=True, slots=True)
class OcrLimits:
    """`pages` of one document; `page_seconds` of work on one of them."""

    pages: int = 500
    page_seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class PageReader:
    """Of one file. `show` gives a page's picture, `seconds` may go by over it, `is_over` says that nobody waits."""

    ocr: Ocr
    seconds: float
    show: Callable[[int], Picture]
    is_over: Callable[[], bool]

    def read(self, page: int) -> RecognisedPage:
        """`ParseFailed`, `Cancelled`"""
        picture = self.show(page)
        return RecognisedPage(picture.points, tuple(self.ocr.lines(picture, self.seconds, self.is_over)))


def without_recognition(parsed: Parsed, reason: str) -> Parsed:
    """What can be read all the same, with a note; `MethodUnavailable` if that is nothing."""
    if not any(block.text.strip() for block in parsed.blocks):
        raise MethodUnavailable(reason)
    note = f"Pages that are pictures were skipped: {page_ranges(parsed.scans)}. {reason}"
    return replace(parsed, scans=(), notes=(*parsed.notes, note))


def recognise(
    parsed: Parsed,
    most_pages: int,
    read: Callable[[int], RecognisedPage | None],
    note: Callable[[int], None],
) -> Parsed:
    """`read` gives a page's text, or None: the page stays among the scans. `note` is told before each page how many are
    done.

    A page that cannot be recognised costs only itself, and a note. `FileEmpty` if there is nothing to read on any page.
    """
    if len(parsed.scans) > most_pages:
        raise LimitExceeded(
            f"The text of {len(parsed.scans):,} pages would have to be recognised; the most is {most_pages:,}."
        )
    found: dict[int, list[Block]] = {}
    failures: dict[int, ParseFailed] = {}
    for done, page in enumerate(parsed.scans):
        note(done)
        try:
            recognised = read(page)
        except ParseFailed as failure:
            failures[page] = failure
        else:
            if recognised is not None:
                found[page] = blocks_of(page, recognised.lines, recognised.points)
    left = tuple(page for page in parsed.scans if page not in found and page not in failures)
    return _checked(replace(_with_pages(parsed, found), scans=left), failures)


def _checked(parsed: Parsed, failures: dict[int, ParseFailed]) -> Parsed:
    if not parsed.scans and not any(block.text.strip() for block in parsed.blocks):
        raise next(iter(failures.values()), FileEmpty("No text was recognised in the file."))
    notes = [f"Page {page} was skipped: {failure.message}" for page, failure in failures.items()]
    return replace(parsed, notes=(*parsed.notes, *notes))


def _with_pages(parsed: Parsed, found: dict[int, list[Block]]) -> Parsed:
    """What was recognised takes the place of the little that was known of its page."""
    pages = sorted(page for page, blocks in found.items() if blocks)
    waiting = list(pages)
    merged: list[Block] = []
    for block in parsed.blocks:
        page = block.anchor.page
        while waiting and page is not None and waiting[0] <= page:
            merged += _under(merged, found[waiting.pop(0)])
        if page not in pages:
            merged.append(block)
    for page in waiting:
        merged += _under(merged, found[page])
    return replace(parsed, blocks=tuple(merged))


def _under(before: Sequence[Block], blocks: Iterable[Block]) -> list[Block]:
    """With the headings that the text before stands under."""
    titles = before[-1].anchor.headings if before else ()
    if not titles:
        return list(blocks)
    return [
        block._replace(
            anchor=block.anchor._replace(headings=titles),
            spans=tuple(span._replace(anchor=span.anchor._replace(headings=titles)) for span in block.spans),
        )
        for block in blocks
    ]


def blocks_of(page: int, lines: Iterable[TextLine], points: float) -> list[Block]:
    """`points`: the side of a pixel."""
    sure = [line for line in lines if line.confidence >= LEAST_CONFIDENCE and line.text.strip()]
    return [_block(page, rows, points) for rows in paragraphs(sure)]


def _block(page: int, rows: Sequence[Row], points: float) -> Block:
    text, ranges = joined(rows)
    boxes = [_box(page, row, points) for row in rows]
    around = Box(
        page,
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    spans = tuple(
        Span(start, end, Anchor(page=page, boxes=(box,))) for (start, end), box in zip(ranges, boxes, strict=True)
    )
    return Block(BlockKind.PARAGRAPH, text, Anchor(page=page, boxes=(around,)), spans=spans if len(spans) > 1 else ())


def _box(page: int, row: Row, points: float) -> Box:
    return Box(page, *(round(side * points, 1) for side in (row.left, row.top, row.right, row.bottom)))
