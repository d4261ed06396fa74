"""Markdown: the raw text (separators such as "##" must keep working), with headings and their paths marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from diglot.adapters.parsers.encodings import decode
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.running_text import placed_block
from diglot.adapters.parsers.source import Source
from diglot.domain.parsed import Block, BlockKind, Parsed

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_CLOSING_MARKS = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_FRONT_MATTER_TITLE = re.compile(r"^title:[ \t]*[\"']?([^\n]{1,300}?)[\"']?[ \t]*$", re.M)
_INLINE = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()]{0,500}\)|[*`]{1,3}|<[^<>]{1,200}>")


@dataclass(frozen=True, slots=True)
class _Part:
    """Characters start to end of the text; `level` and `title` only for headings."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    title: str = ""


def read(source: Source) -> Parsed:
    text = decode(source.content)
    blocks = tuple(_blocks(text))
    return Parsed(blocks, title=_title(text, blocks))


def _title(text: str, blocks: tuple[Block, ...]) -> str | None:
    if text.startswith("---\n"):
        stated = _FRONT_MATTER_TITLE.search(text, 0, max(text.find("\n---", 4), 0))
        if stated:
            return stated[1]
    first = next((block for block in blocks if block.kind is BlockKind.HEADING), None)
    return first.anchor.headings[-1] if first and first.level == 1 else None


def _blocks(text: str) -> Iterator[Block]:
    """Each part with the gap to the next one, so that joining them gives the text again."""
    path = HeadingPath()
    previous: Block | None = None
    for part in _parts(text):
        if part.kind is BlockKind.HEADING:
            path.enter(part.level, part.title)
        if previous is not None and previous.anchor.end is not None:
            yield previous._replace(gap=text[previous.anchor.end : part.start])
        block = placed_block(text[part.start : part.end], part.start, part.kind, headings=path.titles)
        previous = block._replace(level=part.level)
    if previous is not None:
        yield previous


def _parts(text: str) -> Iterator[_Part]:
    """Cut at blank lines, headings and fences."""
    part: _Part | None = None
    fence = ""
    for line, start in _lines(text):
        end = start + len(line)
        mark = _FENCE.match(line)
        if part and fence:
            part = replace(part, end=end)
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                yield part
                part, fence = None, ""
            continue
        starts = bool(mark) or _is_heading(line)
        if part and (starts or not line.strip()):
            yield part
            part = None
        if _is_heading(line):
            yield _heading(line, start)
        elif mark:
            part, fence = _Part(BlockKind.CODE, start, end), mark[1]
        elif line.strip():
            part = replace(part, end=end) if part else _Part(_kind(line), start, end)
    if part:
        yield part


def _lines(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for line in text.split("\n"):
        yield line, start
        start += len(line) + 1


def _is_heading(line: str) -> bool:
    return line.startswith((" ", "#")) and _HEADING.match(line) is not None


def _heading(line: str, start: int) -> _Part:
    match = _HEADING.match(line)
    marks, words = (match[1], match[2] or "") if match else ("#", line)
    title = _INLINE.sub(lambda found: found[1] or "", _CLOSING_MARKS.sub("", words[:1000])).strip()
    return _Part(BlockKind.HEADING, start, start + len(line), len(marks), title)


def _kind(line: str) -> BlockKind:
    if line.startswith("|"):
        return BlockKind.TABLE
    return BlockKind.LIST_ITEM if _ITEM.match(line) else BlockKind.PARAGRAPH
