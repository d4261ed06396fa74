"""Subtitles (WebVTT, SubRip): what is said, in sentences, with its time and its place in the file's text. Styles go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from diglot.adapters.parsers import text as plain
from diglot.adapters.parsers.encodings import clean, decode
from diglot.adapters.parsers.source import Source
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed, Span

LONGEST_PARAGRAPH = 500
"""Characters after which a paragraph ends with the cue, sentence or not."""

_TIMING = re.compile(
    r"^[ \t]*(?:(\d{1,4}):)?(\d\d?):(\d\d)[.,](\d{1,3})[ \t]+-->"
    r"(?:[ \t]*(?:(\d{1,4}):)?(\d\d?):(\d\d)[.,](\d{1,3}))?[^\n]*\n",
    re.M,
)
_MARK = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}")
_VOICE = re.compile(r"<v(?:\.[^ \t<>]{1,50})?[ \t]+([^<>\n]{1,100})>")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’」』）)\]♪]*$")
_WITHOUT_SPACES = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class _Said:
    """A line of a cue."""

    text: str
    voice: str
    place: Anchor


def read(source: Source) -> Parsed:
    text = decode(source.content)
    if not _TIMING.search(text):
        return plain.read(source)
    return Parsed(tuple(_paragraphs(text)))


def _paragraphs(text: str) -> Iterator[Block]:
    paragraph = _Paragraph()
    for said in _lines(text):
        if said.voice != paragraph.voice or paragraph.is_whole():
            yield from paragraph.blocks()
            paragraph = _Paragraph(said.voice, is_named=said.voice != paragraph.voice)
        paragraph.add(said)
    yield from paragraph.blocks()


@dataclass(slots=True)
class _Paragraph:
    voice: str = ""
    is_named: bool = False
    text: str = ""
    spans: list[Span] = field(default_factory=list)

    def is_whole(self) -> bool:
        return len(self.text) > LONGEST_PARAGRAPH or _SENTENCE_END.search(self.text) is not None

    def add(self, said: _Said) -> None:
        if not self.text and self.is_named and self.voice:
            self.text = f"{self.voice}: "
        elif self.text and not _is_joint_without_space(self.text[-1], said.text[0]):
            self.text += " "
        start = len(self.text)
        self.text += said.text
        self.spans.append(Span(start, len(self.text), said.place))

    def blocks(self) -> Iterator[Block]:
        if self.text:
            first, last = self.spans[0].anchor, self.spans[-1].anchor
            place = first._replace(end=last.end, end_ms=last.end_ms)
            yield Block(BlockKind.PARAGRAPH, self.text, place, spans=tuple(self.spans), gap="\n")


def _is_joint_without_space(before: str, after: str) -> bool:
    return bool(_WITHOUT_SPACES.match(before) and _WITHOUT_SPACES.match(after))


def _lines(text: str) -> Iterator[_Said]:
    """What is said, cue by cue. Live captions show a line twice, below and then above the next one: it is said once."""
    before = ""
    timings = list(_TIMING.finditer(text))
    limits = [*(timing.start() for timing in timings[1:]), len(text)]
    for timing, limit in zip(timings, limits, strict=True):
        end = text.find("\n\n", timing.end() - 1, limit)
        lines = list(_cue(text, timing, limit if end < 0 else end))
        if len(lines) > 1 and lines[0].text == before:
            del lines[0]
        yield from lines
        before = lines[-1].text if lines else ""


def _cue(text: str, timing: re.Match[str], end: int) -> Iterator[_Said]:
    voice = ""
    time = _time(timing)
    start = timing.end()
    for line in text[start:end].split("\n"):
        stated = _VOICE.search(line)
        voice = " ".join(unescape(stated[1]).split()) if stated else voice
        said = clean(unescape(_MARK.sub("", line))).strip()
        if said:
            first, behind = _part_of(line, said)
            yield _Said(said, voice, time._replace(start=start + first, end=start + behind))
        start += len(line) + 1


def _part_of(line: str, said: str) -> tuple[int, int]:
    """What stands there just so, or all of the line with its marks."""
    at = line.find(said)
    return (at, at + len(said)) if at >= 0 else (len(line) - len(line.lstrip()), len(line.rstrip()))


def _time(timing: re.Match[str]) -> Anchor:
    """A cue without an end, or with one that comes too early, takes no time."""
    numbers = timing.groups()
    start = _milliseconds(*numbers[:4])
    return Anchor(start_ms=start, end_ms=max(start, _milliseconds(*numbers[4:])))


def _milliseconds(hours: str | None, minutes: str | None, seconds: str | None, thousandths: str | None) -> int:
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((thousandths or "").ljust(3, "0"))
