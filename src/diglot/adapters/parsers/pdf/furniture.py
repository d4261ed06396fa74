"""Running headers, footers and page numbers: the same words at the same height of many pages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from diglot.adapters.parsers.pdf.lines import Line, PageText

BAND = 0.12
"""The part of a page's height, at the top and at the bottom, where furniture stands."""

FEWEST_PAGES = 3
ENOUGH_PAGES = 6
"""A head that runs through one chapter of a long book stands on few of its pages."""

_DIGITS = re.compile(r"[0-9０-９]+")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|seite|第)?[-–—·.\s|/]*#[-–—·.\s|/]*(?:页|頁)?(?:(?:of|/|共|/\s*共)?\s*#\s*(?:页|頁)?)?", re.I
)
_LONGEST_ROMAN = 7
_ROMAN = re.compile(r"[ivxlc]+|[IVXLC]+")
_Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page's lines outside of its tables, those that run through the document apart. `numbers` are the places of the
    body's lines on the page."""

    body: list[Line]
    numbers: list[int]
    headers: list[Line]
    footers: list[Line]


def sort_out(pages: Sequence[PageText], held: Sequence[frozenset[int]]) -> list[PageParts]:
    """`held`: the numbers of each page's lines that are in tables."""
    places = [_places(page, inside) for page, inside in zip(pages, held, strict=True)]
    seen = Counter(place for page in places for place in set(page.values()))
    enough = max(FEWEST_PAGES, min(len(pages) * 3 // 10, ENOUGH_PAGES))
    running = {place for place in seen if _runs(place, seen, enough)}
    return [_parts(*page, running) for page in zip(pages, held, places, strict=True)]


def _places(page: PageText, held: frozenset[int]) -> dict[int, _Place]:
    """By the lines' numbers: words with their own numbers blanked, and the height in steps of ten points from the
    nearer edge."""
    height = page.frame.height
    head, foot = BAND * height, height - BAND * height
    near = [number for number, line in enumerate(page.lines) if line[1][2] <= head or line[1][4] >= foot]
    places = {}
    for number in near:
        if number not in held:
            text, (_, _, above, _, bottom), _, _, _, _, _, _ = page.lines[number]
            below = height - bottom
            is_number = len(text) <= _LONGEST_ROMAN and _ROMAN.fullmatch(text)
            words = "#" if is_number else _DIGITS.sub("#", " ".join(text.split()))[:200]
            places[number] = words, round(above / 10) if above < below else -1 - round(below / 10)
    return places


def _parts(page: PageText, held: frozenset[int], places: dict[int, _Place], running: set[_Place]) -> PageParts:
    if not held and running.isdisjoint(places.values()):
        return PageParts(list(page.lines), list(range(len(page.lines))), [], [])
    apart = {number: place[1] for number, place in places.items() if place in running}
    numbers = sorted(set(range(len(page.lines))).difference(apart, held))
    return PageParts(
        list(map(page.lines.__getitem__, numbers)),
        numbers,
        [page.lines[number] for number, height in apart.items() if height >= 0],
        [page.lines[number] for number, height in apart.items() if height < 0],
    )


def _runs(place: _Place, seen: Counter[_Place], enough: int) -> bool:
    words, height = place
    count = max([seen.get((words, height + shift), 0) for shift in (-1, 0, 1)])
    return count >= enough or (count >= 2 and _PAGE_NUMBER.fullmatch(words) is not None)
