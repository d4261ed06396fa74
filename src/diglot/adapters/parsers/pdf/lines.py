"""A page's lines in content order, with box, size and weight; a handful of engine calls a line, none a letter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.pdf.frame import Frame
from diglot.adapters.parsers.pdf.letters import HAN_AND_KANA, Letters
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
    """`is_scan`: there is more to see than these lines say."""

    number: int
    lines: tuple[Line, ...]
    frame: Frame
    is_scan: bool = False

    @property
    def characters(self) -> int:
        return sum([len(line.text) for line in self.lines])


def page_text(page: pdfium.PdfPage, letters: Letters) -> PageText:
    lines = _lines(letters)
    text = "\n".join([line.text for line in lines])
    if is_garbled(text):
        return PageText(letters.number, (), letters.frame, is_scan=True)
    return PageText(letters.number, lines, letters.frame, is_scan=is_scan(page, text))


def frame_of(page: pdfium.PdfPage) -> Frame:
    left, bottom, right, top = page.get_bbox()
    return Frame(left, bottom, right, top, page.get_rotation() // 90 % 4)


def _lines(letters: Letters) -> tuple[Line, ...]:
    """Measured all at once: to begin anew for each takes a tenth longer."""
    parts = list(_parts(letters))
    boxes = letters.boxes([(start, end) for _, _, start, end in parts])
    if None in boxes:
        parts = [part for part, box in zip(parts, boxes, strict=True) if box]
    inked = [box for box in boxes if box]
    styles = letters.styles([(start, end) for _, _, start, end in parts])
    lines = []
    for (words, hyphenated, start, end), box, (size, baseline, bold) in zip(parts, inked, styles, strict=True):
        _, _, top, _, bottom = box
        height = bottom - top
        shown = box if height >= _FLAT * size else box._replace(top=round(bottom - _RISE * size, 1))
        lines.append(_line((words, shown, baseline, size or height, bold, hyphenated, start, end)))
    return tuple(lines)


def _parts(letters: Letters) -> Iterator[tuple[str, bool, int, int]]:
    """The words of each line, whether they are hyphenated, and where they stand in the text."""
    text, is_dirty = letters.text, letters.is_dirty
    is_spaced_out = letters.is_east_asian and _SPACED_OUT.search(text) is not None
    parts = _LINE_END.split(text)
    end = 0
    for part, line_end in zip(parts[::2], (*parts[1::2], ""), strict=True):
        start, end = end, end + len(part)
        words = part.strip()
        if is_dirty:
            words = cleaned(words)
        if is_spaced_out:
            words = _SPACED_OUT.sub(lambda run: run[0].replace(" ", ""), words)
        if words:
            yield words, line_end in _HYPHENS, start, end
        end += len(line_end)


def cleaned(text: str) -> str:
    """Without what no reader sees; ligatures as the letters they stand for."""
    return clean(_CONTROL.sub("", text)).translate(_LIGATURES).strip()
