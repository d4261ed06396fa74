"""Questions with their answers, by the marks of each kind of file."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from diglot.domain.chunk import ChunkDraft
from diglot.domain.errors import ParseFailed
from diglot.domain.parsed import Block, BlockKind, Parsed
from diglot.domain.rules import AUTOMATIC, MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.anchoring import MOST_ANCHORS, Places
from diglot.ingestion.splitting.assembling import assemble
from diglot.ingestion.splitting.labelled_pairs import labelled_pairs
from diglot.ingestion.splitting.methods.columns import COMMA, TwoColumns, delimiter_of, of_lines, of_rows
from diglot.ingestion.splitting.methods.numbered_questions import numbered_questions
from diglot.ingestion.splitting.methods.rows import LONGEST_NAME, Row, all_lines, is_sheet, tables
from diglot.ingestion.splitting.pair import bare_question
from diglot.ingestion.splitting.question_answer import split_pairs
from diglot.ingestion.splitting.table_pairs import asking_columns

_PREFIX = re.compile(
    r"(?:questions?|answers?|ans|user|assistant|q|a|问题|問題|提问|答案|回答|问|問|答)[ \t]?[0-9]{0,4}[ \t]*[:：\t]\s*",
    re.I,
)


def split_questions(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """A chunk a pair, its content the question. `ParseFailed` if there are none."""
    if not parsed.blocks:
        return []
    drafts = list(_drafts(_reading_of(parsed.blocks)(parsed)))
    return drafts or _anything(parsed)


def _reading_of(blocks: Sequence[Block]) -> Callable[[Parsed], Iterable[TwoColumns]]:
    if is_sheet(blocks):
        return _from_tables
    if any(block.anchor.page for block in blocks):
        return _from_numbers
    if any(block.kind is BlockKind.HEADING for block in blocks):
        return _from_headings
    return _from_lines


def _from_tables(parsed: Parsed) -> Iterator[TwoColumns]:
    for rows in tables(parsed.blocks):
        columns = asking_columns(rows[0].cells)
        yield from of_rows(rows) if columns is None else _named(rows[1:], *columns)


def _named(rows: Sequence[Row], asks: int, answers: int) -> Iterator[TwoColumns]:
    return (TwoColumns(row.cells[asks], row.cells[answers], row.anchors) for row in rows)


def _from_numbers(parsed: Parsed) -> Iterator[TwoColumns]:
    text = assemble(parsed)
    places = Places(text)
    for pair in numbered_questions(text.text):
        yield TwoColumns(pair.question, pair.answer, places.between(pair.start, pair.end))


def _from_headings(parsed: Parsed) -> Iterator[TwoColumns]:
    """The path of headings asks, the text below the last of them answers."""
    path: list[Block] = []
    below: list[Block] = []
    for block in parsed.blocks:
        if block.kind is not BlockKind.HEADING:
            below.append(block)
            continue
        yield from _answered(path, below)
        path = [*(above for above in path if above.level < block.level), block]
        below = []
    yield from _answered(path, below)


def _answered(path: Sequence[Block], below: Sequence[Block]) -> Iterator[TwoColumns]:
    if path and below:
        text = assemble(Parsed((path[-1], *below)))
        answer = assemble(Parsed(tuple(below))).text
        # Those above come again with each heading below them.
        above = [_title(heading)[:LONGEST_NAME] for heading in path[:-1]]
        yield TwoColumns("\n".join([*above, _title(path[-1])]), answer, Places(text).between(0, len(text.text)))


def _title(heading: Block) -> str:
    """Readers know it without marks, but only so much of it."""
    title = heading.anchor.headings[-1] if heading.anchor.headings else ""
    return title if 0 < len(title) < LONGEST_NAME else bare_question(heading.text)


def _from_lines(parsed: Parsed) -> Iterable[TwoColumns]:
    """Labels are believed before commas: sentences have commas too."""
    lines = all_lines(parsed.blocks)
    delimiter = delimiter_of(lines)
    if delimiter == COMMA and any(labelled_pairs(assemble(parsed).text)):
        return ()
    return of_lines(lines, delimiter)


def _drafts(pairs: Iterable[TwoColumns]) -> Iterator[ChunkDraft]:
    for asked, answered, anchors in pairs:
        question, answer = _without_prefix(asked), _without_prefix(answered)
        if question and answer and asking_columns((question, answer)) is None:
            yield ChunkDraft(
                question,
                anchors[:MOST_ANCHORS],
                answer=answer,
                tokens=count_tokens(question) + count_tokens(answer),
            )


def _without_prefix(text: str) -> str:
    return _PREFIX.sub("", text.strip(), count=1) if _PREFIX.match(text.strip()) else text.strip()


def _anything(parsed: Parsed) -> list[ChunkDraft]:
    """Whatever else in the text says that it asks and answers."""
    try:
        return split_pairs(assemble(parsed), AUTOMATIC)
    except ParseFailed as unfound:
        raise ParseFailed("Unable to recognize Q&A structure.") from unfound
