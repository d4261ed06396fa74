"""Texts that keep their own line breaks, with places fine enough to find a chunk again."""

import re
from collections.abc import Iterator

from diglot.domain.parsed import Anchor, Block, BlockKind, Span

PIECE = 800
"""Characters after which a new place begins at the next line end."""

LONGEST_PIECE = 2000
_LINE_END = re.compile("\n")


def placed_block(text: str, offset: int = 0, kind: BlockKind = BlockKind.PARAGRAPH, **anchor: object) -> Block:
    """`text` as it stands at `offset` in the source; long ones carry a span for about every 800 characters."""
    whole = Anchor(start=offset, end=offset + len(text), **anchor)  # type: ignore[arg-type]  # fields of Anchor
    if len(text) <= LONGEST_PIECE:
        return Block(kind, text, whole)
    spans = tuple(
        Span(start, end, Anchor(start=offset + start, end=offset + end, **anchor))  # type: ignore[arg-type]
        for start, end in pieces(text)
    )
    return Block(kind, text, whole, spans=spans)


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Consecutive ranges that cover the text, cut at line ends where there are any."""
    start = 0
    while len(text) - start > LONGEST_PIECE:
        line_end = _LINE_END.search(text, start + PIECE, start + LONGEST_PIECE)
        end = line_end.end() if line_end else start + PIECE
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)
