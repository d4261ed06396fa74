"""Pages that are pictures: their text is recognised and put in its place among the other pages."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from diglot.domain.errors import FileEmpty, LimitExceeded, MethodUnavailable, ParseFailed
from diglot.domain.parsed import Anchor, Block, BlockKind, Box, Parsed, Span, file_of, page_of, scans_in_words
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
    note = f"Pages that are pictures were skipped: {scans_in_words(parsed)}. {reason}"
    return replace(without_scans(parsed), scans=(), notes=(*parsed.notes, note))


def without_scans(parsed: Parsed) -> Parsed:
    """Of pages of files inside the document what is known without recognition."""
    return _with_pages(parsed, {})


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
    parsed = _bounded(parsed, most_pages)
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
                found[page] = blocks_of(page_of(page), recognised.lines, recognised.points)
    left = tuple(page for page in parsed.scans if page not in found and page not in failures)
    with_pages = replace(_with_pages(parsed, found, left), scans=left)
    return _checked(with_pages, failures, _failure_notes(parsed, failures))


def _bounded(parsed: Parsed, most_pages: int) -> Parsed:
    """`LimitExceeded`; of files inside a document those beyond the limit cost only themselves, and a note."""
    if len(parsed.scans) <= most_pages:
        return parsed
    if not file_of(parsed.scans[-1]):
        raise LimitExceeded(
            f"The text of {len(parsed.scans):,} pages would have to be recognised; the most is {most_pages:,}."
        )
    beyond = scans_in_words(replace(parsed, scans=parsed.scans[most_pages:]))
    note = f"Pages that are pictures were skipped: {beyond}. The most of one document is {most_pages:,}."
    return replace(parsed, scans=parsed.scans[:most_pages], notes=(*parsed.notes, note))


def _failure_notes(parsed: Parsed, failures: dict[int, ParseFailed]) -> list[str]:
    words = {page: scans_in_words(replace(parsed, scans=(page,))) for page in failures}
    return [f"Page {words[page]} was skipped: {failure.message}" for page, failure in failures.items()]


def _checked(parsed: Parsed, failures: dict[int, ParseFailed], notes: Sequence[str]) -> Parsed:
    if not parsed.scans and not any(block.text.strip() for block in parsed.blocks):
        raise next(iter(failures.values()), FileEmpty("No text was recognised in the file."))
    return replace(parsed, notes=(*parsed.notes, *notes))


def _with_pages(parsed: Parsed, found: dict[int, list[Block]], left: Sequence[int] = ()) -> Parsed:
    """What was recognised takes the place of the little that was known of its page."""
    pages = sorted(page for page, blocks in found.items() if blocks and not file_of(page))
    waiting = list(pages)
    merged: list[Block] = []
    for block in parsed.blocks:
        page = block.anchor.page
        if block.kind is BlockKind.SCAN:
            merged += [block] if block.level in left else _in_place_of(block, found.get(block.level, ()))
            continue
        while waiting and page is not None and waiting[0] <= page:
            merged += _under(merged, found[waiting.pop(0)])
        if page not in pages:
            merged.append(block)
    for page in waiting:
        merged += _under(merged, found[page])
    return replace(parsed, blocks=tuple(merged))


def _in_place_of(scan: Block, blocks: Sequence[Block]) -> list[Block]:
    """In the same part and under the same headings; where nothing was recognised, what was known."""
    if not blocks:
        return [scan._replace(kind=BlockKind.PARAGRAPH, level=0, rows=())] if scan.text else []
    return [
        block._replace(
            anchor=scan.anchor._replace(boxes=block.anchor.boxes),
            spans=tuple(span._replace(anchor=scan.anchor._replace(boxes=span.anchor.boxes)) for span in block.spans),
        )
        for block in blocks
    ]


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
