"""Chunks that are found by parts of them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Anchor, AnchoredText
from diglot.domain.rules import ChildRules, ChunkingRules, ParentMode
from diglot.ingestion.anchoring import Places
from diglot.ingestion.splitting.general import draft_of, fitting, general_pieces
from diglot.ingestion.splitting.recursive import Piece, Splitter

DEFAULT = ChildRules()


def split_hierarchical(text: AnchoredText, rules: ChunkingRules) -> list[ChunkDraft]:
    """PARAGRAPH: chunks as the rules for running text make them; FULL_DOCUMENT: one chunk, all of the text. Each with
    its children, which are stretches of it."""
    child_rules = rules.children or DEFAULT
    whole = [Piece(0, len(text.text), 0)]
    parents = whole if child_rules.parent_mode is ParentMode.FULL_DOCUMENT else general_pieces(text.text, rules)
    places = Places(text)
    splitter = Splitter(text.text, child_rules.max_tokens, child_rules.overlap)
    drafts: list[ChunkDraft] = []
    for parent in parents:
        pieces = _children(splitter, text.text, parent.start, parent.end, child_rules)
        children = (draft_of(text.text, piece, places) for piece in pieces)
        draft = draft_of(text.text, parent, places, tuple(child for child in children if child is not None))
        if draft is not None:
            drafts.append(draft)
    return drafts


def children_of(content: str, rules: ChildRules | None, anchors: tuple[Anchor, ...] = ()) -> tuple[ChunkDraft, ...]:
    """Of a chunk that is no stretch of a text any more: they stand where it stands."""
    chosen, nowhere = rules or DEFAULT, Places(AnchoredText(content, ()))
    splitter = Splitter(content, chosen.max_tokens, chosen.overlap)
    drafts = (draft_of(content, piece, nowhere) for piece in _children(splitter, content, 0, len(content), chosen))
    return tuple(replace(draft, anchors=anchors) for draft in drafts if draft is not None)


def _children(splitter: Splitter, text: str, start: int, end: int, rules: ChildRules) -> Iterator[Piece]:
    return fitting(splitter, text, _between(text, start, end, rules.separators), rules.max_tokens)


def _between(text: str, start: int, end: int, separators: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """What stands between any of the separators, the longest first where several begin at one place."""
    literal = sorted(filter(None, separators), key=len, reverse=True)
    at = start
    if literal:
        for match in re.compile("|".join(map(re.escape, literal))).finditer(text, start, end):
            yield at, match.start()
            at = match.end()
    yield at, end
