"""A page's lines in content order, with box, size and weight; a handful of engine calls a line, none a letter."""

import re
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby
from typing import NamedTuple

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.pdf.frame import Frame
from diglot.adapters.parsers.pdf.letters import HAN_AND_KANA, Letters, Range
from diglot.adapters.parsers.pdf.page import Page
from diglot.adapters.parsers.pdf.scans import is_garbled, is_scan
from diglot.domain.parsed import Box

# The engine puts U+FFFE (or U+0002) where it found a hyphen at a line's end.
_LINE_END = re.compile("(\r\n|\n|\r|\ufffe|\x02)")
_HYPHENS = frozenset("\ufffe\x02")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\xad\ufffe\uffff]")
_LIGATURES = str.maketrans(
    dict(zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
)


# Han and kana set wide: the spaces are no more than looks, and would hide words from a search.
_SPACED_OUT = re.compile(f"(?:[{HAN_AND_KANA}] ){{3,}}[{HAN_AND_KANA}]")
# Fonts that do not say how high their letters are get boxes without height.
_FLAT = 0.15
_RISE = 0.75


class Line(NamedTuple):
    """`size` is the letters' in points as seen on the page, `baseline` their distance from its top; `hyphenated`: the
    word goes on in the next line. It is `start` to `end` of the text that the engine gives for the page."""

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    hyphenated: bool = False
    start: int = 0
    end: int = 0


# Half of what the class itself takes.
_line = partial(tuple.__new__, Line)


@dataclass(frozen=True, slots=True)
class PageText:
    """`characters`: how many all lines hold. `is_scan`: there is more to see than these lines say."""

    number: int
    lines: tuple[Line, ...]
    frame: Frame
    characters: int = 0
    is_scan: bool = False


def page_text(page: Page, letters: Letters) -> PageText:
    lines = _lines(letters)
    if letters.has_turned:
        lines = _in_reading_order(lines, letters)
    text = "\n".join([line[0] for line in lines])
    if is_garbled(text):
        return PageText(letters.number, (), letters.frame, is_scan=True)
    return PageText(letters.number, lines, letters.frame, len(text), is_scan(page, text))


def _lines(letters: Letters) -> tuple[Line, ...]:
    """Measured all at once: to begin anew for each takes a tenth longer."""
    parts, ranges = _parts(letters)
    boxes, bare = letters.boxes(ranges)
    if bare:
        parts = [part for number, part in enumerate(parts) if number not in bare]
        ranges = [one for number, one in enumerate(ranges) if number not in bare]
    measured = zip(parts, ranges, boxes, letters.styles(ranges), strict=True)
    lines = []
    for (words, hyphenated), (start, end), box, (size, baseline, bold) in measured:
        height = box[4] - box[2]
        shown = box if height >= _FLAT * size else _raised(box, size)
        lines.append(_line((words, shown, baseline, size or height, bold, hyphenated, start, end)))
    return tuple(lines)


def _in_reading_order(lines: tuple[Line, ...], letters: Letters) -> tuple[Line, ...]:
    """The engine goes from left to right also among lines that are turned clockwise, where the first is rightmost."""
    turned = {line for line in lines if _is_upended(line.box) and letters.read_downwards(line.start, line.end)}
    if not turned:
        return lines
    runs = [(is_turned, list(run)) for is_turned, run in groupby(lines, turned.__contains__)]
    return tuple(chain.from_iterable(run[::-1] if is_turned else run for is_turned, run in runs))


def _is_upended(box: Box) -> bool:
    return box[4] - box[2] > 2 * (box[3] - box[1])


def _raised(box: Box, size: float) -> Box:
    return box._replace(top=round(box.bottom - _RISE * size, 1))


def _parts(letters: Letters) -> tuple[list[tuple[str, bool]], list[Range]]:
    """The words of each line and whether they are hyphenated; where they stand in the text."""
    text, is_dirty = letters.text, letters.is_dirty
    is_spaced_out = letters.is_east_asian and _SPACED_OUT.search(text) is not None
    pieces = _LINE_END.split(text)
    parts, ranges = [], []
    end = 0
    for piece, line_end in zip(pieces[::2], (*pieces[1::2], ""), strict=True):
        start, end = end, end + len(piece)
        words = piece.strip()
        if is_dirty:
            words = cleaned(words)
        if is_spaced_out:
            words = _SPACED_OUT.sub(lambda run: run[0].replace(" ", ""), words)
        if words:
            parts.append((words, line_end in _HYPHENS))
            ranges.append((start, end))
        end += len(line_end)
    return parts, ranges


def cleaned(text: str) -> str:
    """Without what no reader sees; ligatures as the letters they stand for."""
    return clean(_CONTROL.sub("", text)).translate(_LIGATURES).strip()
