"""Running headers, footers and page numbers: the same words at the same height of many pages."""

import re
from collections import Counter

from diglot.adapters.parsers.pdf.lines import Line, PageText

BAND = 0.12
"""The part of a page's height, at the top and at the bottom, where furniture stands."""

FEWEST_PAGES = 3
_DIGITS = re.compile(r"[0-9０-９]+")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|seite|第)?[-–—·.\s|/]*#[-–—·.\s|/]*(?:页|頁)?(?:(?:of|/|共|/\s*共)?\s*#\s*(?:页|頁)?)?", re.I
)
_Place = tuple[str, int]


def without_furniture(pages: list[PageText]) -> list[list[Line]]:
    """The lines of each page, less those that run through the document."""
    seen: Counter[_Place] = Counter()
    for page in pages:
        seen.update({place for line in page.lines if (place := _place(line, page))})
    enough = max(FEWEST_PAGES, len(pages) * 3 // 10)
    return [[line for line in page.lines if not _runs(_place(line, page), seen, enough)] for page in pages]


def _place(line: Line, page: PageText) -> _Place | None:
    """Words with their numbers blanked, and the height in steps of ten points from the nearer edge."""
    above, below = line.box.top, page.frame.height - line.box.bottom
    if min(above, below) > BAND * page.frame.height:
        return None
    words = _DIGITS.sub("#", " ".join(line.text.split()))[:200]
    return words, round(above / 10) if above < below else -1 - round(below / 10)


def _runs(place: _Place | None, seen: Counter[_Place], enough: int) -> bool:
    if place is None:
        return False
    words, height = place
    count = max(seen[words, height + shift] for shift in (-1, 0, 1))
    return count >= (2 if _PAGE_NUMBER.fullmatch(words) else enough)
