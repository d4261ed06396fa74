"""Tables of contents: lines that only say where the text stands."""

from collections.abc import Sequence

from diglot.ingestion.splitting.methods.lines import Line

MOST_STRAY = 2
"""Lines between two entries that belong to the first of them: dates, authors, wrapped titles."""

FEWEST = 3
"""Entries in a row that are a table of contents even without its title."""

LONGEST_PAGE = 4
"""Digits of a page number."""

_TITLES = frozenset({"contents", "tableofcontents", "目录", "目次", "目錄"})
_DIGITS = "0123456789０１２３４５６７８９"
_SPACES = " \t\u3000\u00a0"
_LEADERS = ".．·…․﹒"


def without_contents(lines: Sequence[Line]) -> Sequence[Line]:
    """All lines if nothing else would be left."""
    last = {_key(line.text): index for index, line in enumerate(lines)}
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        has_title = _key(lines[at].text).strip("#:：") in _TITLES
        end = _end(lines, at + has_title, last, has_title)
        if end - at < FEWEST:
            end = at
        kept += lines[at : at + 1] if end == at else ()
        at = max(end, at + 1)
    return kept or lines


def is_contents_entry(text: str) -> bool:
    """Leaders before a page number, or a page number far to the right."""
    words = text.rstrip(_DIGITS + _SPACES)
    title = words.rstrip(_LEADERS + _SPACES)
    page = "".join(text[len(words) :].split())
    if not page or len(page) > LONGEST_PAGE or not title:
        return False
    gap = text[len(words) : len(text.rstrip().rstrip(_DIGITS))]
    return _count_leaders(words[len(title) :]) >= FEWEST or (not gap.strip(_SPACES) and _is_wide(gap))


def _is_wide(gap: str) -> bool:
    return len(gap) > 1 or "\t" in gap


def _end(lines: Sequence[Line], start: int, last: dict[str, int], has_title: bool) -> int:
    """Behind the last entry of those that follow each other from `start`."""
    end = at = start
    while at < len(lines) and at - end <= (MOST_STRAY if has_title else 0):
        # In one without page numbers each entry comes again as a heading.
        comes_again = has_title and at == end and last[_key(lines[at].text)] > at
        if comes_again or is_contents_entry(lines[at].text):
            end = at + 1
        at += 1
    return end


def _count_leaders(gap: str) -> int:
    return sum(gap.count(mark) for mark in _LEADERS)


def _key(text: str) -> str:
    return "".join(text.rstrip(_DIGITS + _LEADERS + _SPACES).split()).casefold()
