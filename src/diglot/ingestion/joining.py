"""Two neighbouring places said as one, where one anchor can say both."""

import re

from diglot.domain.parsed import Anchor, Box

MOST_BOXES = 300

_CELLS = re.compile(r"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?")

Corners = tuple[int, int, int, int]


def joined(first: Anchor, second: Anchor) -> Anchor | None:
    """The anchor of both; None if they differ in more than boxes, offsets, cells and times."""
    if _surroundings(first) != _surroundings(second):
        return None
    cells = _joined_cells(first.cells, second.cells)
    if cells is None and (first.cells or second.cells):
        return None
    boxes = _joined_boxes(first.boxes, second.boxes)
    return first._replace(boxes=boxes, end=second.end, cells=cells, end_ms=_later(first.end_ms, second.end_ms))


def _surroundings(anchor: Anchor) -> tuple[object, ...]:
    has_offsets, has_times = anchor.start is not None, anchor.start_ms is not None
    named = (anchor.page, anchor.headings, anchor.sheet, anchor.slide, anchor.shape, anchor.part)
    return (*named, has_offsets, has_times)


def _later(first: int | None, second: int | None) -> int | None:
    """Of two that speak at once the one who begins may be the one who ends."""
    return second if first is None or second is None else max(first, second)


def _joined_boxes(first: tuple[Box, ...], second: tuple[Box, ...]) -> tuple[Box, ...]:
    if len(first) >= MOST_BOXES or first == second:
        return first
    return first + second[: MOST_BOXES - len(first)]


def _joined_cells(first: str | None, second: str | None) -> str | None:
    """The range around both: rows that follow each other make a taller range."""
    if first is None or second is None:
        return None
    one, other = _corners(first), _corners(second)
    if one is None or other is None:
        return first if first == second else None
    start = f"{_letters(min(one[0], other[0]))}{min(one[1], other[1])}"
    end = f"{_letters(max(one[2], other[2]))}{max(one[3], other[3])}"
    return start if start == end else f"{start}:{end}"


def _corners(cells: str) -> Corners | None:
    """Left, top, right, bottom, from 1."""
    match = _CELLS.fullmatch(cells)
    if match is None:
        return None
    left, top = _number(match[1]), int(match[2])
    return (left, top, _number(match[3]), int(match[4])) if match[3] else (left, top, left, top)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
