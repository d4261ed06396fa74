"""The document in reading order: paragraphs whole across columns and pages, tables where their first line stood."""

from collections.abc import Iterable, Iterator

from diglot.adapters.parsers.pdf.cells import PageTable
from diglot.adapters.parsers.pdf.furniture import PageParts
from diglot.adapters.parsers.pdf.layout import Paragraph, ends_sentence, paragraphs
from diglot.adapters.parsers.pdf.lines import Line
from diglot.domain.parsed import Anchor, Block, BlockKind

Part = Paragraph | PageTable | Block
"""Furniture comes as blocks."""


def flowing(pages: Iterable[tuple[PageParts, tuple[PageTable, ...]]]) -> Iterator[Part]:
    """What stood between the halves of a paragraph follows it."""
    waiting: Paragraph | None = None
    between: list[Part] = []
    for part in (part for page in pages for part in _parts(*page)):
        if waiting and isinstance(part, Block):
            between.append(part)
        elif waiting and isinstance(part, Paragraph) and _goes_on(waiting, part):
            waiting = Paragraph((*waiting.lines, *part.lines))
        else:
            if waiting:
                yield waiting
            yield from between
            between = []
            waiting = part if isinstance(part, Paragraph) else None
            if not waiting:
                yield part
    if waiting:
        yield waiting
    yield from between


def _parts(parts: PageParts, tables: tuple[PageTable, ...]) -> Iterator[Part]:
    yield from _furniture(BlockKind.HEADER, parts.headers)
    for part in _with_tables(parts, tables):
        if isinstance(part, PageTable):
            yield part
        else:
            yield from paragraphs(part)
    yield from _furniture(BlockKind.FOOTER, parts.footers)


def _furniture(kind: BlockKind, lines: list[Line]) -> Iterator[Block]:
    for line in lines:
        yield Block(kind, line.text, Anchor(page=line.box.page, boxes=(line.box,)))


def _with_tables(parts: PageParts, tables: tuple[PageTable, ...]) -> Iterator[list[Line] | PageTable]:
    """Runs of lines, and each table where its first line stood."""
    if not tables:
        yield parts.body
        return
    first_lines = {min(table.lines): table for table in tables}
    starts = sorted(first_lines)
    run: list[Line] = []
    for number, line in zip(parts.numbers, parts.body, strict=True):
        while starts and starts[0] < number:
            yield run
            yield first_lines[starts.pop(0)]
            run = []
        run.append(line)
    yield run
    for start in starts:
        yield first_lines[start]


def _goes_on(first: Paragraph, second: Paragraph) -> bool:
    """Across the end of a column or a page. Scripts without small letters do not tell."""
    above, below = first.lines[-1], second.lines[0]
    if above.box.page == below.box.page and below.baseline > above.baseline:
        return False
    if (
        not below.text[0].islower()
        or not 0.95 * above.size < below.size < 1.05 * above.size
        or above.bold != below.bold
    ):
        return False
    return above.hyphenated or (len(first.lines) > 1 and not ends_sentence(above))
