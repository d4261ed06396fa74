"""Lines to paragraphs: where the next line goes on and where it begins anew."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from diglot.adapters.parsers.pdf.lines import Line

_ITEM_START = (
    r"[•◦▪●○■□‣⁃∙·*–—-]\s+\S|[•◦▪●■‣]\S"
    r"|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s+\S|[（(][一二三四五六七八九十\d]{1,3}[）)]"
)
_ITEM = re.compile(_ITEM_START)
NEIGHBOURS = 8
_BEGINS_ANEW = re.compile(_ITEM_START + r"|第[一二三四五六七八九十百千零〇\d]{1,7}[编編篇章节節条條]")
_SENTENCE_END = tuple('.!?:;。！？：；”"')


class Paragraph(NamedTuple):
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def is_item(self) -> bool:
        return _ITEM.match(self.lines[0].text) is not None


def paragraphs(lines: Sequence[Line]) -> Iterator[Paragraph]:
    for column in _columns(lines):
        yield from _split(column)


def _columns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """A new one begins where the text goes up again, or on beside what went before."""
    start = 0
    for index, (above, below) in enumerate(pairwise(lines), 1):
        if _jumps(above, below):
            yield list(lines[start:index])
            start = index
    if lines:
        yield list(lines[start:])


def _jumps(above: Line, below: Line) -> bool:
    fall, size = below.baseline - above.baseline, above.size
    if abs(fall) < 0.5 * size and abs(fall) < 0.5 * below.size:
        return False
    return fall < -0.5 * size or below.box.left > above.box.right + 2 * size


def _split(column: list[Line]) -> Iterator[Paragraph]:
    leading = _leading(column)
    edge = max([line.box.right for line in column])
    last = column[0]
    run = [last]
    for index, line in enumerate(column[1:], 1):
        if not (_belongs(last, line) or (_fills(column, index, edge) and _may_go_on(run, line, leading))):
            yield Paragraph(tuple(run))
            run = []
        run.append(line)
        last = line
    yield Paragraph(tuple(run))


def _leading(column: Sequence[Line]) -> float:
    """The tight distance of two lines, in letter sizes."""
    advances = []
    for above, below in pairwise(column):
        size = above.size
        advance = (below.baseline - above.baseline) / (size if size > 0.1 else 0.1)
        if 0.8 < advance < 3:
            advances.append(advance)
    advances.sort()
    return advances[len(advances) // 5] if advances else 1.2


def _right(column: Sequence[Line], index: int) -> float:
    """Where lines around this one end that begin where it does: a title above may be wider than the column."""
    line = column[index]
    left, size, right = line.box.left, line.size, line.box.right
    for other in column[max(index - NEIGHBOURS, 0) : index + NEIGHBOURS]:
        box = other.box
        if box.right > right and abs(box.left - left) < 3 * size and 0.88 * other.size < size < 1.14 * other.size:
            right = box.right
    return right


def _belongs(last: Line, line: Line) -> bool:
    """Whether it goes on for certain: beside the last one, or in the middle of a word."""
    fall = abs(line.baseline - last.baseline)
    return last.hyphenated or (fall < 0.5 * line.size and fall < 0.5 * last.size)


def _may_go_on(run: list[Line], line: Line, leading: float) -> bool:
    """Whether distance, size, weight and beginning allow it."""
    last = run[-1]
    size = last.size if last.size > 0.1 else 0.1
    fall, most = (line.baseline - last.baseline) / size, leading * 1.35
    if (fall > most and fall > 1.0) or not 0.88 < line.size / size < 1.14:
        return False
    if _BEGINS_ANEW.match(line.text):
        return False
    if len(run) == 1:
        return not last.bold or line.bold or not ends_sentence(last)
    if last.bold != line.bold:
        return not ends_sentence(last)
    # A first line set in. In a list the lines after the first are the ones set in.
    return not 0.8 * line.size < line.box.left - last.box.left < 6 * line.size


def _fills(column: Sequence[Line], index: int, edge: float) -> bool:
    """Not where this line's first word would have had room above: then somebody ended that line on purpose. `edge` is
    where the column's widest line ends."""
    last = column[index - 1]
    most, size = edge - last.box.right, last.size
    if most <= 1.5 * size:
        return True
    line = column[index]
    left = line.box.left
    is_open = not ends_sentence(last)
    if is_open and most <= 0.25 * (edge - left):
        return True
    word = line.text.split(" ", 1)[0]
    # Scripts without spaces break anywhere.
    letters = 2 if word > "\u2e80" else len(word)
    room = (letters + 1) * (line.box.right - left) / len(line.text)
    if most <= room:
        return True
    right = _right(column, index)
    spare = right - last.box.right
    return spare <= max(room, 1.5 * size) or (is_open and spare <= 0.25 * (right - left))


def ends_sentence(line: Line) -> bool:
    return line.text.endswith(_SENTENCE_END)
