"""Blocks to one running text."""

from collections.abc import Iterator

from diglot.domain.parsed import Anchor, AnchoredText, Block, BlockKind, Parsed, Span

# They repeat on every page and would cut sentences in two.
_LEFT_OUT = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
_NOWHERE = Anchor()


def assemble(parsed: Parsed) -> AnchoredText:
    """The blocks in reading order with the gaps between them, without page headers and footers."""
    parts: list[str] = []
    spans: list[Span] = []
    at, gap = 0, ""
    for block in parsed.blocks:
        if block.kind in _LEFT_OUT or not block.text:
            continue
        parts += (gap, block.text)
        at += len(gap)
        spans += (Span(at + start, at + end, anchor) for start, end, anchor in _spans(block))
        at, gap = at + len(block.text), block.gap
    return AnchoredText("".join(parts), tuple(spans))


def _spans(block: Block) -> Iterator[Span]:
    if block.spans:
        yield from block.spans
    elif block.anchor != _NOWHERE:
        yield Span(0, len(block.text), block.anchor)
