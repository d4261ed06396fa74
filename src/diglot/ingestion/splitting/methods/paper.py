"""Papers: title and authors, the abstract, then a chunk a section."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Parsed
from diglot.domain.rules import MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting.methods.headings import Outline, outline
from diglot.ingestion.splitting.methods.lines import Line, Passage, Scroll, passages, pieces, tables_apart
from diglot.ingestion.splitting.methods.naive import split_naive

KEYWORDS = ("abstract", "summary", "摘要", "总结", "概括")
LONGEST = 4
"""Times the target size: a section that is longer is cut between paragraphs."""

FARTHEST = 60
"""Lines before an abstract: title, authors, institutes, dates."""

LONGEST_ABSTRACT = 1000
"""Tokens after which what goes on is no abstract any more."""

LONGEST_WORD = 20
"""Characters of a line that only says that the abstract begins."""

_ABSTRACT = re.compile(
    r"(?:#{1,6}[ \t]+)?[*_]{0,2}(?:abstract|摘[ \t\u3000]*要)[*_]{0,2}[ \t\u3000]*(?:[:：.．\]】—–-]|$)", re.I
)
_AFTER = re.compile(r"(?:(?:1|I)\.?[ \t]+)?(?:introduction|引[ \t\u3000]*言|绪[ \t\u3000]*论)[ \t]*$", re.I)


class _Parts(NamedTuple):
    front: tuple[Line, ...]
    abstract: tuple[Line, ...]
    body: tuple[Line, ...]


def split_paper(parsed: Parsed, options: MethodOptions, name: str) -> list[ChunkDraft]:
    """Sections are those of the level that has most headings. Tables apart. Without headings as the method naive."""
    scroll = Scroll.of(parsed.blocks)
    found = outline(scroll.lines)
    if not found.levels:
        return split_naive(parsed, options, name)
    parts = _parts(found)
    most = LONGEST * options.chunk_tokens
    front = scroll.drafts(tables_apart(Passage((), parts.front)), options)
    abstract = scroll.drafts([Passage((), parts.abstract)] if parts.abstract else (), options)
    listed = (part for passage in passages(parts.body, _depth(parts.body)) for part in tables_apart(passage))
    sections = scroll.drafts((piece for passage in listed for piece in pieces(passage, most)), options)
    return [*front, *(replace(draft, keywords=KEYWORDS) for draft in abstract), *sections]


def _parts(found: Outline) -> _Parts:
    lines = found.lines
    start = next((at for at, line in enumerate(lines[:FARTHEST]) if _ABSTRACT.match(line.text.lstrip())), None)
    if start is None:
        return _Parts((), (), lines)
    end = _abstract_end(lines, start)
    return _Parts(lines[:start], lines[start:end], lines[end:])


def _abstract_end(lines: Sequence[Line], start: int) -> int:
    """Where the next heading stands; if that is far away, the abstract is one paragraph."""
    tokens = 0
    for at in range(start + 1, len(lines)):
        tokens += count_tokens(lines[at - 1].text)
        if tokens > LONGEST_ABSTRACT:
            return start + (2 if len(lines[start].text.strip()) <= LONGEST_WORD else 1)
        if lines[at].level or _AFTER.match(lines[at].text.strip()):
            return at
    return len(lines)


def _depth(lines: Sequence[Line]) -> int:
    """The level that most headings have; of several the outer one."""
    counts = Counter(line.level for line in lines if line.level)
    return max(counts, key=lambda level: (counts[level], -level), default=1)
