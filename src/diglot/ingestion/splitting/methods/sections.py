"""Blocks as the sections that chunks are filled with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diglot.domain.chunk import ChunkDraft, ChunkKind
from diglot.domain.parsed import Anchor, AnchoredText, Block, BlockKind, Span
from diglot.domain.tokens import count_tokens
from diglot.ingestion.anchoring import Places

_NOWHERE = Anchor()


@dataclass(frozen=True, slots=True)
class Section:
    """A text with its places. One that `is_whole` is cut only if it is larger than a chunk by itself; a short one that
    `is_heading` is never a chunk by itself."""

    text: str
    spans: tuple[Span, ...] = ()
    is_heading: bool = False
    is_whole: bool = False


def section_of(block: Block, *, is_whole: bool = False) -> Section:
    """Code and tables are whole."""
    return Section(
        block.text,
        spans_of(block),
        is_heading=block.kind is BlockKind.HEADING,
        is_whole=is_whole or block.kind in {BlockKind.CODE, BlockKind.TABLE},
    )


def placed(text: str, anchors: Sequence[Anchor]) -> Section:
    """A text that was written anew from what stands at the first of `anchors`."""
    return Section(text, tuple(Span(0, len(text), anchor) for anchor in anchors[:1]), is_whole=True)


def spans_of(block: Block) -> tuple[Span, ...]:
    if block.spans or block.anchor == _NOWHERE:
        return block.spans
    return (Span(0, len(block.text), block.anchor),)


def running(sections: Sequence[Section], gap: str) -> AnchoredText:
    """All of them as one text with `gap` between them."""
    text = gap.join(section.text for section in sections)
    return AnchoredText(text, tuple(_moved(sections, len(gap))))


def _moved(sections: Sequence[Section], gap: int) -> Iterator[Span]:
    at = 0
    for section in sections:
        yield from (Span(at + start, at + end, anchor) for start, end, anchor in section.spans)
        at += len(section.text) + gap


def whole_draft(text: AnchoredText, kind: ChunkKind = ChunkKind.TEXT) -> ChunkDraft:
    """All of the text as one chunk."""
    content = text.text.strip()
    start = text.text.index(content)
    return ChunkDraft(
        content, Places(text).between(start, start + len(content)), tokens=count_tokens(content), kind=kind
    )
