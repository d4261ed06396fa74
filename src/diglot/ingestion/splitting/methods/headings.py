"""Which lines of a document are headings, and of what level.

The reader's headings (styles, marks, sizes) are the surest. Where it knows none, one of five ways to number headings is
taken: the one that fits most lines.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from diglot.domain.parsed import BlockKind
from diglot.ingestion.splitting.methods.contents import is_contents_entry
from diglot.ingestion.splitting.methods.lines import Line

LONGEST_TITLE = 60
MOST_WORDS = 15
LONGEST_LABEL = 200
LONG_TEXT = 20
"""Lines beyond which headings should begin soon."""

FEWEST_ARTICLES = 3
"""Numbered articles below a reader's headings that make a level of their own."""

_HAN = "零〇一二三四五六七八九十百千"
_COUNT = rf"第[ 　]?[{_HAN}两\d]{{1,8}}[ 　]?"
_ROMAN = r"(?:\d{1,4}[a-z]?|[IVXLC]{1,7}|[A-Z]|one|two|three|four|five|six|seven|eight|nine|ten)"
# Behind the number: nothing, a mark, or what begins like a title. "Section 5 of the act" is running text.
_THEN = r"(?=$|[.:：．、)—–-]|[ \t]+(?:$|(?-i:[^a-z \t])))"
_NUMBER = r"\d{1,2}"


def _number(dots: int) -> str:
    """1.1 with so many dots; without any it must be set off from a word, or it only counts something."""
    if dots == 0:
        return rf"{_NUMBER}(?:[.．、][ \t　]{{0,3}}|[ \t　]{{1,3}})(?=[A-Z\u3400-\u9fff])(?![个只名年月日号])"
    return rf"{_NUMBER}(?:[.．]{_NUMBER}){{{dots}}}(?:[.．、]?[ \t　]{{0,3}})(?=[^\W\d_a-z]|[a-z]{{3}})"


_CHAPTER = rf"{_COUNT}章"
_SECTION = rf"{_COUNT}[节節]"
# "第三条、第四条规定的" is a sentence that a line break happens to cut there.
_ARTICLE = rf"{_COUNT}[条條](?:之[{_HAN}\d]{{1,4}})?(?![、，。；的和或及至第款规])"
_BRACKETED = rf"[(（][{_HAN}]{{1,4}}[)）]"
_ENGLISH_ARTICLES = (rf"(?:section|sec\.|§{{1,2}})[ \t]*{_ROMAN}{_THEN}", rf"(?:article|art\.)[ \t]+{_ROMAN}{_THEN}")


class System(NamedTuple):
    """Patterns of heads of lines, the outermost level first. Articles have their text on the same line.

    `fewest`: a list of things to do also looks like two headings or three.
    """

    levels: tuple[re.Pattern[str], ...]
    articles: frozenset[int] = frozenset()
    fewest: int = 1


def _system(*levels: str, articles: Iterable[int] = (), fewest: int = 1, flags: int = 0) -> System:
    return System(tuple(re.compile(level, flags) for level in levels), frozenset(articles), fewest)


SYSTEMS = (
    _system(rf"{_COUNT}(?:分?[编編]|篇|部分)", _CHAPTER, _SECTION, _ARTICLE, _BRACKETED, articles={3}),
    _system(r"第[ 　]?\d{1,4}[ 　]?章", r"第[ 　]?\d{1,4}[ 　]?节", *(_number(dots) for dots in range(4)), fewest=2),
    _system(_CHAPTER, _SECTION, rf"[{_HAN}]{{1,4}}[ 　、]", _BRACKETED, r"[(（]\d{1,2}[)）]", fewest=2),
    _system(
        rf"(?:part|title)[ \t]+{_ROMAN}{_THEN}",
        rf"(?:chapter|appendix)[ \t]+{_ROMAN}{_THEN}",
        *_ENGLISH_ARTICLES,
        articles={2, 3},
        flags=re.IGNORECASE,
    ),
    _system(*(rf"#{{{level}}}[ \t]" for level in range(1, 7))),
)
_ARTICLES = _system(_ARTICLE, *_ENGLISH_ARTICLES, articles={0, 1, 2}, flags=re.IGNORECASE)

_MARKS = re.compile(r"#{1,6}[ \t]+")
_WORD = re.compile(r"\S+")
_SENTENCE = re.compile(r"[。；！？，]|[.;:：,!?、]$")
_NO_HEADINGS = frozenset({BlockKind.TABLE, BlockKind.CODE, BlockKind.LIST_ITEM, BlockKind.CAPTION})


class Outline(NamedTuple):
    """`levels` are those that divide the text, outermost first; without any, no headings were found. A title alone
    above all of it is none where articles follow or where there is nothing else."""

    lines: tuple[Line, ...]
    levels: tuple[int, ...]


def outline(lines: Sequence[Line]) -> Outline:
    """The lines with their levels."""
    marked = [_by_reader(line) for line in lines]
    marks = [line.level for line in marked if line.level]
    if len(marks) <= 1:
        found = _by_system([line._replace(level=min(line.level, 1)) for line in marked])
        return Outline(found, _levels(found, without_title=bool(marks)))
    found = _with_articles(marked, max(marks) + 1)
    return Outline(found, _levels(found, without_title=any(_is_article(line.label) for line in found if line.level)))


def _levels(lines: Sequence[Line], *, without_title: bool) -> tuple[int, ...]:
    headings = [line.level for line in lines if line.level]
    levels = sorted(set(headings))
    has_title = without_title and headings[:1] == levels[:1] and headings.count(levels[0]) == 1
    return tuple(levels[1:] if has_title else levels)


def _by_reader(line: Line) -> Line:
    if line.kind is not BlockKind.HEADING:
        return line
    return line._replace(level=line.block.level or 1, label=_label(line.text))


def _label(text: str) -> str:
    words = " ".join(text.split())
    marks = _MARKS.match(words)
    return (words[marks.end() :].rstrip("# ") if marks else words)[:LONGEST_LABEL] or words


def _with_articles(lines: Sequence[Line], level: int) -> tuple[Line, ...]:
    """Numbered articles that the reader took for plain text are a level of their own below its headings."""
    found = [_placed(line, _ARTICLES) for line in lines]
    articles = sum(1 for line, one in zip(lines, found, strict=True) if one.level and not line.level)
    if articles < FEWEST_ARTICLES:
        return tuple(lines)
    return tuple(
        line if line.level or not one.level else one._replace(level=level)
        for line, one in zip(lines, found, strict=True)
    )


def _is_article(text: str) -> bool:
    return any(pattern.match(text) for pattern in _ARTICLES.levels)


def _by_system(lines: Sequence[Line]) -> tuple[Line, ...]:
    """A title that the reader marked stays above them all."""
    best, most = tuple(lines), 0
    for system in SYSTEMS:
        found = tuple(line if line.level else _placed(line, system) for line in lines)
        headings = [at for at, (line, one) in enumerate(zip(lines, found, strict=True)) if one.level and not line.level]
        # What begins in the second half of a long text is a list in it, such as its references.
        is_list = bool(headings) and 2 * headings[0] > len(lines) > LONG_TEXT
        if len(headings) >= system.fewest and len(headings) > most and not is_list:
            best, most = _ordered(found, system), len(headings)
    return best


def _placed(line: Line, system: System) -> Line:
    """The line with its level by the system, from 2."""
    text = line.text.strip()
    if line.kind in _NO_HEADINGS or is_contents_entry(text):
        return line
    for index, pattern in enumerate(system.levels):
        if found := pattern.match(text):
            if _is_title(text):
                return line._replace(level=index + 2, label=_label(text))
            if index in system.articles:
                return line._replace(level=index + 2, label=found.group().strip(), runs=True)
    return line


def _is_title(text: str) -> bool:
    is_short = len(text) <= LONGEST_TITLE or (text.isascii() and len(_WORD.findall(text)) <= MOST_WORDS)
    return is_short and _SENTENCE.search(text) is None


def _ordered(lines: tuple[Line, ...], system: System) -> tuple[Line, ...]:
    """Sections stand in articles or articles in sections: whatever comes first is the outer one. Below the last of them
    nothing is a heading."""
    order: dict[int, int] = {}
    for line in lines:
        if line.level - 2 in system.articles:
            order.setdefault(line.level, len(order) + min(system.articles) + 2)
    if not order:
        return lines
    deepest = max(order.values())
    moved = (line._replace(level=order.get(line.level, line.level)) for line in lines)
    return tuple(line if line.level <= deepest else line._replace(level=0, label="", runs=False) for line in moved)
