"""The general method: blocks fill chunks up to a target; tables stand apart."""

from collections.abc import Callable, Sequence
from itertools import takewhile

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Block, BlockKind, Parsed
from diglot.domain.rules import MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting.assembling import assemble
from diglot.ingestion.splitting.methods.large_tables import split_table
from diglot.ingestion.splitting.methods.merging import SHORT, has_whole_delimiter, merge
from diglot.ingestion.splitting.methods.objects import sub_objects
from diglot.ingestion.splitting.methods.rows import all_lines, is_sheet
from diglot.ingestion.splitting.methods.sections import Section, placed, section_of
from diglot.ingestion.splitting.methods.sheets import html_tables, row_lines

_Split = Callable[[Sequence[Block], MethodOptions], list[ChunkDraft]]


def split_naive(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """Sheets and csv: a line a row, or HTML tables; JSON: smaller objects; JSON lines: each line; else blocks.

    With a delimiter in backquotes all but sheets are one running text that is cut nowhere else.
    """
    if is_sheet(parsed.blocks):
        return _sheets(parsed.blocks, options)
    if has_whole_delimiter(options):
        text = assemble(parsed)
        return merge([Section(text.text, text.spans)], options)
    return _BY_EXTENSION.get(name.rpartition(".")[2].lower(), _blocks)(parsed.blocks, options)


def _sheets(blocks: Sequence[Block], options: MethodOptions) -> list[ChunkDraft]:
    return html_tables(blocks) if options.sheets_as_html else merge(row_lines(blocks), options)


def _objects(blocks: Sequence[Block], options: MethodOptions) -> list[ChunkDraft]:
    text = "\n".join(block.text for block in blocks)
    sections = sub_objects(text, 2 * options.chunk_tokens)
    return merge(sections, options) if sections else _blocks(blocks, options)


def _lines(blocks: Sequence[Block], options: MethodOptions) -> list[ChunkDraft]:
    return merge([placed(row.cells[0], row.anchors) for row in all_lines(blocks)], options)


def _markdown(blocks: Sequence[Block], options: MethodOptions) -> list[ChunkDraft]:
    """Lists are whole too, and tables stand in the text unless they are larger than a chunk."""
    return _apart(blocks, options, options.chunk_tokens, _WHOLE)


def _blocks(blocks: Sequence[Block], options: MethodOptions) -> list[ChunkDraft]:
    return _apart(blocks, options, SHORT, frozenset())


def _apart(
    blocks: Sequence[Block], options: MethodOptions, largest: int, whole: frozenset[BlockKind]
) -> list[ChunkDraft]:
    """Tables of more than `largest` tokens are chunks of their own, with the headings and captions right above them."""

    def merged(run: Sequence[Block]) -> list[ChunkDraft]:
        return merge([section_of(block, is_whole=block.kind in whole) for block in run], options)

    drafts: list[ChunkDraft] = []
    run: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.TABLE and count_tokens(block.text) > largest:
            above = _titles_of(run)
            drafts += merged(run[: len(run) - len(above)])
            drafts += split_table(block, above, options)
            run = []
        else:
            run.append(block)
    return drafts + merged(run)


def _titles_of(run: Sequence[Block]) -> Sequence[Block]:
    """The short headings and captions at the end of the run."""
    titles = takewhile(lambda block: block.kind in _TITLES and count_tokens(block.text) < SHORT, reversed(run))
    return run[len(run) - sum(1 for _ in titles) :]


_WHOLE = frozenset({BlockKind.HEADING, BlockKind.LIST_ITEM})
_TITLES = frozenset({BlockKind.HEADING, BlockKind.CAPTION})
_BY_EXTENSION: dict[str, _Split] = {
    **dict.fromkeys(("json", "geojson", "ipynb"), _objects),
    **dict.fromkeys(("jsonl", "ndjson", "ldjson"), _lines),
    **dict.fromkeys(("md", "mdx", "markdown", "mkd"), _markdown),
}
