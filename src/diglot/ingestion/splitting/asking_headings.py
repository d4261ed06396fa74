"""Pairs of a FAQ: a heading, or a line that stands apart, ends with a question mark, and the text below answers."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from diglot.ingestion.splitting.pair import Pair, bare_question

LONGEST_QUESTION = 300

_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r"[ \t]*(#{1,6})[ \t]")
_ASKS = re.compile(r"[?？][\"'”’」』)）*_ \t]*$")
_SENTENCE_END = re.compile(r"[.。!！?？:：;；…\"”」)）|][*_ \t]*$")

_NO_HEADING = 7
"""Below every heading's level."""


class _Line(NamedTuple):
    """A line that ends the answer above it: a question, or a heading of the same or a higher level."""

    start: int
    end: int
    level: int
    asks: bool


def asking_headings(text: str) -> Iterator[Pair]:
    """Of questions in a row the last one has the answer."""
    marks = list(_marks(text))
    for index, mark in enumerate(marks):
        if not mark.asks:
            continue
        ends = (later.start for later in marks[index + 1 :] if later.asks or later.level <= mark.level)
        end = next(ends, len(text))
        question, answer = bare_question(text[mark.start : mark.end]), text[mark.end : end].strip()
        if question and answer:
            yield Pair(question, answer, mark.start, mark.start + len(text[mark.start : end].rstrip()))


def _marks(text: str) -> Iterator[_Line]:
    before: re.Match[str] | None = None
    for line in _LINE.finditer(text):
        heading = _HEADING.match(line.group())
        asks = _stands_apart(text, before, line) if not heading else _is_question(line.group())
        if heading or asks:
            yield _Line(*line.span(), len(heading[1]) if heading else _NO_HEADING, asks)
        if line.group().strip():
            before = line


def _stands_apart(text: str, before: re.Match[str] | None, line: re.Match[str]) -> bool:
    """After an empty line, a heading or the end of a sentence: a question that a line break happens to end does not."""
    if not _is_question(line.group()):
        return False
    return (
        before is None
        or text.count("\n", before.end(), line.start()) > 1
        or _HEADING.match(before.group()) is not None
        or _SENTENCE_END.search(before.group()) is not None
    )


def _is_question(line: str) -> bool:
    return len(line) <= LONGEST_QUESTION and not line.startswith("|") and _ASKS.search(line) is not None
