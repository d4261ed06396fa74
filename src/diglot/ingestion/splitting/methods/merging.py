"""The merge rule that most methods share: sections are cut at delimiters and the parts fill chunks up to a target."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from diglot.domain.chunk import ChunkDraft, ChunkKind
from diglot.domain.rules import MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.anchoring import Places
from diglot.ingestion.splitting.methods.sections import Section, running

SHORT = 50
"""Tokens below which a heading is never a chunk by itself."""

_GAP = "\n\n"
_BACKQUOTED = re.compile("`([^`]+)`")


class _Part(NamedTuple):
    """Characters start to end of the text."""

    start: int
    end: int
    tokens: int
    is_heading: bool = False


def merge(sections: Iterable[Section], options: MethodOptions, kind: ChunkKind = ChunkKind.TEXT) -> list[ChunkDraft]:
    """Chunks in order; none is empty, and each knows its places.

    Sections are cut at the delimiters, which go. Parts are added to a chunk until their tokens exceed the target,
    joined by line ends; a part that alone exceeds it is neither cut nor added to others. With overlap the target is
    less by that share, and the tail of a chunk, that share of its characters, stands before the next. With a delimiter
    in backquotes every part is a chunk.
    """
    listed = list(sections)
    text = running(listed, _GAP)
    parts = _parts(text.text, listed, options)
    chunks = (
        ([_without_indent(text.text, part)] for part in parts)
        if has_whole_delimiter(options)
        else _filled(text.text, parts, options)
    )
    places = Places(text)
    return [_draft(text.text, chunk, places, kind) for chunk in chunks]


def has_whole_delimiter(options: MethodOptions) -> bool:
    return _BACKQUOTED.search(options.delimiter) is not None


def delimiter_pattern(delimiter: str) -> re.Pattern[str]:
    """The backquoted texts, the longest first; without any, each character. It matches nothing if there is none."""
    backquoted = sorted(set(_BACKQUOTED.findall(delimiter)), key=lambda found: (-len(found), found))
    if backquoted:
        return re.compile("|".join(map(re.escape, backquoted)))
    return re.compile(f"[{re.escape(delimiter)}]+") if delimiter else re.compile("(?!)")


def _parts(text: str, sections: Sequence[Section], options: MethodOptions) -> Iterator[_Part]:
    delimiter = delimiter_pattern(options.delimiter)
    cuts_all = has_whole_delimiter(options)
    start = 0
    for section in sections:
        end = start + len(section.text)
        tokens = count_tokens(section.text) if section.is_whole and not cuts_all else 0
        if section.is_whole and not cuts_all and tokens <= options.chunk_tokens:
            yield from _part(text, start, end, section.is_heading)
        else:
            for first, last in _between(text, start, end, delimiter):
                yield from _part(text, first, last, section.is_heading)
        start = end + len(_GAP)


def _between(text: str, start: int, end: int, delimiter: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for found in delimiter.finditer(text, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


def _part(text: str, start: int, end: int, is_heading: bool) -> Iterator[_Part]:
    """White space at the end goes; at the head it may be the indentation of code."""
    words = text[start:end].rstrip()
    if words:
        yield _Part(start, start + len(words), max(count_tokens(words), 1), is_heading)


def _filled(text: str, parts: Iterable[_Part], options: MethodOptions) -> list[list[_Part]]:
    target = options.chunk_tokens * (100 - options.overlap_percent) / 100
    chunks: list[list[_Part]] = []
    # What a chunk takes over from the one before has no tokens of its own.
    held: list[_Part] = []
    total = 0
    for part in parts:
        is_full = total > target or part.tokens > options.chunk_tokens
        if total and is_full and not _is_lone_heading(held, total):
            chunks.append(held)
            held, total = _tail(text, held, options.overlap_percent), 0
        held.append(part if held else _without_indent(text, part))
        total += part.tokens
    if chunks and _is_lone_heading(held, total):
        chunks[-1] += (part for part in held if part.tokens)
    elif total:
        chunks.append(held)
    return chunks


def _is_lone_heading(held: Sequence[_Part], total: int) -> bool:
    return total < SHORT and all(part.is_heading or not part.tokens for part in held)


def _tail(text: str, chunk: Sequence[_Part], percent: int) -> list[_Part]:
    """The last `percent` of the chunk's characters."""
    length = sum(part.end - part.start + 1 for part in chunk) - 1
    left = length - length * (100 - percent) // 100
    tail: list[_Part] = []
    for part in reversed(chunk):
        if left <= 0:
            break
        tail.append(_Part(max(part.start, part.end - left), part.end, 0))
        left -= part.end - part.start + 1
    tail.reverse()
    if tail:
        tail[0] = _without_indent(text, tail[0])
    return tail


def _without_indent(text: str, part: _Part) -> _Part:
    words = text[part.start : part.end]
    return part._replace(start=part.end - len(words.lstrip()))


def _draft(text: str, chunk: Sequence[_Part], places: Places, kind: ChunkKind) -> ChunkDraft:
    content = "\n".join(text[part.start : part.end] for part in chunk).strip()
    return ChunkDraft(content, places.between(chunk[0].start, chunk[-1].end), tokens=count_tokens(content), kind=kind)
