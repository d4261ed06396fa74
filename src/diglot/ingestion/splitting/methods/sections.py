"""Blocks as the sections that chunks are filled with."""

from collections.abc import Iterator
from dataclasses import dataclass

from diglot.domain.parsed import Anchor, Block, BlockKind, Span

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


def placed(text: str, anchor: Anchor) -> Section:
    """A text that was written anew from what stands at `anchor`."""
    return Section(text, () if anchor == _NOWHERE else (Span(0, len(text), anchor),), is_whole=True)


def spans_of(block: Block) -> tuple[Span, ...]:
    if block.spans or block.anchor == _NOWHERE:
        return block.spans
    return (Span(0, len(block.text), block.anchor),)


def running(sections: list[Section], gap: str) -> Section:
    """All of them as one."""
    return Section(gap.join(section.text for section in sections), tuple(moved(sections, gap)))


def moved(sections: list[Section], gap: str) -> Iterator[Span]:
    """The spans in the text that the sections make with `gap` between them."""
    at = 0
    for section in sections:
        yield from (Span(at + start, at + end, anchor) for start, end, anchor in section.spans)
        at += len(section.text) + len(gap)
