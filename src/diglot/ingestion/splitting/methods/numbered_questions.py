"""Pairs of a printed list of questions: a number begins each question, what stands below it answers."""

import re
from collections.abc import Iterator
from itertools import pairwise

from diglot.ingestion.splitting.pair import Pair

_HAN = "零一二三四五六七八九十百"
_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten"
_BULLETS = tuple(
    re.compile(rf"^[ \t]*{bullet}", re.MULTILINE | re.IGNORECASE)
    for bullet in (
        rf"第[ \t]?(?:(?P<number>[0-9]{{1,4}})|[{_HAN}]{{1,5}})[ \t]?[问問题題][:：、.]?",
        rf"question[ \t]+(?:(?P<number>[0-9]{{1,4}})|[ivx]{{1,6}}\b|(?:{_WORDS})\b)[:.]?",
        r"[(（](?P<number>[0-9]{1,3})[)）]",
        rf"[(（](?P<number>)[{_HAN}]{{1,5}}[)）]",
        r"(?P<number>[0-9]{1,3})(?:[、．)）]|\.(?=[ \t]))",
        rf"(?P<number>)[{_HAN}]{{1,5}}[、．.]",
    )
)
_END = re.compile(r"[?？][\"'”’」』)）]*|\n")
FEWEST = 2


def numbered_questions(text: str) -> Iterator[Pair]:
    """Of the ways of numbering the one that begins most questions; numbers rise."""
    best = max((list(_rising(bullet, text)) for bullet in _BULLETS), key=len)
    if len(best) < FEWEST:
        return
    for bullet, after in pairwise([*best, None]):
        assert bullet is not None
        end = after.start() if after else len(text)
        asked = _END.search(text, bullet.end(), end)
        if asked is not None:
            question, answer = text[bullet.end() : asked.end()].strip(), text[asked.end() : end].strip()
            if question and answer:
                yield Pair(question, answer, bullet.start(), asked.end() + len(text[asked.end() : end].rstrip()))


def _rising(bullet: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    last = 0
    for found in bullet.finditer(text):
        number = int(found["number"] or last + 1)
        if number > last:
            yield found
            last = number
