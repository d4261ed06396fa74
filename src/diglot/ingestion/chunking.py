"""What rules make of a file: one way for the corridor and for whoever wants to see it first."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from diglot.domain.chunk import ChunkDraft
from diglot.domain.document import DocumentStatus
from diglot.domain.errors import FileEmpty, LimitExceeded
from diglot.domain.parsed import BlockKind, Parsed, page_of
from diglot.domain.rules import AUTOMATIC, ChunkForm, ChunkingRules, ChunkMethod, RuleMode
from diglot.ingestion.cleaning import clean
from diglot.ingestion.splitting import assemble, children_of, split
from diglot.ingestion.splitting.methods import require_available, split_by_method
from diglot.ports.parser import ParseLimits, Parser

MOST_CHUNKS = 100_000

Begin = Callable[[DocumentStatus], None]
"""Told of each stage before it begins; what it raises ends the work."""


See = Callable[[Parsed], Parsed]
"""Does something about the `scans` of what was parsed."""


def parse(
    parser: Parser,
    path: Path,
    name: str,
    rules: ChunkingRules,
    limits: ParseLimits,
    is_over: Callable[[], bool],
    see: See,
    media_type: str | None = None,
) -> Parsed:
    """`name` tells what kind of file it is, see `naming.telling_name`; `media_type`: see `Parser.parse`."""
    require_available(rules.method)
    try:
        parsed = _wanted(parser.parse(path, name, limits, is_over, media_type), rules)
        return see(parsed) if parsed.scans else parsed
    except FileEmpty:
        if rules.method is ChunkMethod.GENERAL:
            raise
        # Whoever chose a method is told of no chunks rather than of a failure.
        return Parsed(())


def _wanted(parsed: Parsed, rules: ChunkingRules) -> Parsed:
    """Pages that nobody asked for need not be recognised."""
    scans = tuple(scan for scan in parsed.scans if rules.options.wants_page(page_of(scan)))
    left_out = set(parsed.scans).difference(scans)
    if not left_out:
        return parsed
    blocks = (block for block in parsed.blocks if block.kind is not BlockKind.SCAN or block.level not in left_out)
    return replace(parsed, scans=scans, blocks=tuple(blocks))


def chunk(parsed: Parsed, rules: ChunkingRules, form: ChunkForm, name: str, begin: Begin) -> list[ChunkDraft]:
    """In order. QUESTION_ANSWER is for the general method alone; `ParseFailed` says what the file lacks."""
    if rules.method is ChunkMethod.GENERAL:
        drafts = _by_rules(parsed, rules, form, begin)
    else:
        begin(DocumentStatus.SPLITTING)
        drafts = split_by_method(parsed, rules.method, rules.options, name)
        if form is ChunkForm.HIERARCHICAL:
            drafts = [divided(draft, rules) for draft in drafts]
    count = sum(1 + len(draft.children) for draft in drafts)
    if count > MOST_CHUNKS:
        raise LimitExceeded(
            f"The document would have {count:,} chunks; the most is {MOST_CHUNKS:,}. Choose larger chunks."
        )
    return drafts


def divided(draft: ChunkDraft, rules: ChunkingRules) -> ChunkDraft:
    """With its children."""
    return replace(draft, children=children_of(draft.content, rules.children, draft.anchors))


def _by_rules(parsed: Parsed, rules: ChunkingRules, form: ChunkForm, begin: Begin) -> list[ChunkDraft]:
    begin(DocumentStatus.CLEANING)
    cleaning = AUTOMATIC.cleaning if rules.mode is RuleMode.AUTOMATIC else rules.cleaning
    text = clean(assemble(parsed), cleaning)
    begin(DocumentStatus.SPLITTING)
    drafts = split(text, rules, form)
    if not drafts:
        raise FileEmpty("The file holds no text.")
    return drafts
