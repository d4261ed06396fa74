"""A table as a chunk of its own, or as several."""

from collections.abc import Iterator, Sequence

from diglot.domain.chunk import ChunkDraft, ChunkKind
from diglot.domain.parsed import AnchoredText, Block
from diglot.domain.rules import MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.anchoring import Places
from diglot.ingestion.splitting.methods.rows import Row, rows_of, titles_above
from diglot.ingestion.splitting.methods.sections import running, section_of, spans_of, whole_draft

LARGEST = 4
"""Targets that a table may fill before it is cut."""


def split_table(table: Block, above: Sequence[Block], options: MethodOptions) -> list[ChunkDraft]:
    """As Markdown rows, below the blocks that stand above it. One of more than `LARGEST` targets is cut between rows
    into chunks that fill one target each, and its head begins all of them."""
    rows = rows_of(table)
    head_row = titles_above(rows)
    if len(rows) < head_row + 3 or count_tokens(table.text) <= LARGEST * options.chunk_tokens:
        return [whole_draft(running([section_of(block) for block in (*above, table)], "\n"), ChunkKind.TABLE)]
    head = table.text[: rows[head_row + 1].start].rstrip()
    # A head that fills most of a chunk would be most of the text.
    target = max(options.chunk_tokens, 2 * count_tokens(head))
    first = "\n".join([*(block.text for block in above), head])
    places = Places(AnchoredText(table.text, spans_of(table)))
    drafts: list[ChunkDraft] = []
    for part in _parts(table.text, rows[head_row + 1 :], target - count_tokens(head)):
        start, end = part[0].start if drafts else 0, part[-1].end
        content = "\n".join([head if drafts else first, table.text[part[0].start : end]])
        drafts.append(
            ChunkDraft(content, places.between(start, end), tokens=count_tokens(content), kind=ChunkKind.TABLE)
        )
    return drafts


def _parts(text: str, rows: Sequence[Row], target: int) -> Iterator[list[Row]]:
    held: list[Row] = []
    total = 0
    for row in rows:
        tokens = count_tokens(text[row.start : row.end])
        if held and total + tokens > target:
            yield held
            held, total = [], 0
        held.append(row)
        total += tokens
    yield held
