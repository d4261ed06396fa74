"""What every method gets: the blocks of the pages asked for, without running heads and control characters."""

import re
from dataclasses import replace

from diglot.domain.parsed import AnchoredText, Block, BlockKind, Parsed, Span
from diglot.domain.rules import MethodOptions
from diglot.ingestion.anchoring import substitute

_LEFT_OUT = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
# Readers make every line end a line feed.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe]")


def prepared(parsed: Parsed, options: MethodOptions) -> Parsed:
    """Blocks that say no page stay whatever pages are asked for."""
    kept = (block for block in parsed.blocks if block.kind not in _LEFT_OUT and block.text.strip())
    return replace(parsed, blocks=tuple(_clean(block) for block in kept if _is_wanted(block, options)))


def _is_wanted(block: Block, options: MethodOptions) -> bool:
    return block.anchor.page is None or options.wants_page(block.anchor.page)


def _clean(block: Block) -> Block:
    if _CONTROL.search(block.text) is None:
        return block
    spans = block.spans or (Span(0, len(block.text), block.anchor),)
    cleaned = substitute(AnchoredText(block.text, spans), _CONTROL, "")
    rows = tuple(tuple(_CONTROL.sub("", cell) for cell in row) for row in block.rows)
    return block._replace(text=cleaned.text, spans=cleaned.spans, rows=rows)
