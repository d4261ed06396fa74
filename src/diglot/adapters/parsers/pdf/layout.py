"""Lines to paragraphs: where the next line goes on and where it begins anew."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from math import inf
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


# Half of what the class itself takes.
_paragraph = partial(tuple.__new__, Paragraph)


def paragraphs(lines: Sequence[Line]) -> Iterator[Paragraph]:
    for column in _columns(lines):
        yield from _split(column)


def _columns(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """A new one begins where the text goes up again, or on beside what went before."""
    lines = tuple(lines)
    start, end, lowest, size = 0, inf, -inf, 0.0
    for index, (_, (_, left, _, right, _), baseline, below, _, _, _, _) in enumerate(lines):
        fall = baseline - lowest
        if (fall < -0.5 * size or left > end + 2 * size) and (abs(fall) >= 0.5 * size or abs(fall) >= 0.5 * below):
            yield lines[start:index]
            start = index
        end, lowest, size = right, baseline, below
    if lines:
        yield lines[start:]


def _split(column: tuple[Line, ...]) -> Iterator[Paragraph]:
    leading = _leading(column)
    edge = max([line[1][3] for line in column])
    start = 0
    for index in range(1, len(column)):
        if not _goes_on(column, index, start, leading, edge):
            yield _paragraph((column[start:index],))
            start = index
    yield _paragraph((column[start:],))


def _leading(column: Sequence[Line]) -> float:
    """The tight distance of two lines, in letter sizes."""
    advances = [
        advance for above, below in pairwise(column) if 0.8 < (advance := (below[2] - above[2]) / (above[3] or 0.1)) < 3
    ]
    advances.sort()
    return advances[len(advances) // 5] if advances else 1.2


def _goes_on(column: Sequence[Line], index: int, start: int, leading: float, edge: float) -> bool:
    """Whether a line belongs to the paragraph that began at `start`."""
    above, (_, left_above, _, right_above, _), lowest, size_above, bold_above, is_hyphenated, _, _ = column[index - 1]
    text, (_, left, _, _, _), baseline, size, bold, _, _, _ = column[index]
    # For certain: in the middle of a word, or beside the last one.
    fall = baseline - lowest
    if is_hyphenated or (abs(fall) < 0.5 * size and abs(fall) < 0.5 * size_above):
        return True
    # Distance, size, beginning and weight allow it.
    letter = size_above if size_above > 0.1 else 0.1
    advance = fall / letter
    if (advance > leading * 1.35 and advance > 1.0) or not 0.88 < size / letter < 1.14:
        return False
    if _BEGINS_ANEW.match(text):
        return False
    if index - start == 1:
        if bold_above and not bold and above.endswith(_SENTENCE_END):
            return False
    elif bold != bold_above:
        if above.endswith(_SENTENCE_END):
            return False
    # A first line set in. In a list the lines after the first are the ones set in.
    elif 0.8 * size < left - left_above < 6 * size:
        return False
    return edge - right_above <= 1.5 * size_above or _fills(column, index, edge)


def _fills(column: Sequence[Line], index: int, edge: float) -> bool:
    """Not where this line's first word would have had room above: then somebody ended that line on purpose. `edge` is
    where the column's widest line ends."""
    last = column[index - 1]
    text, (_, left, _, end, _), _, _, _, _, _, _ = column[index]
    size, right_above = last.size, last.box.right
    most = edge - right_above
    is_open = not ends_sentence(last)
    if is_open and most <= 0.25 * (edge - left):
        return True
    word = text.split(" ", 1)[0]
    # Scripts without spaces break anywhere.
    letters = 2 if word > "\u2e80" else len(word)
    room = (letters + 1) * (end - left) / len(text)
    if most <= room:
        return True
    right = _right(column, index)
    spare = right - right_above
    return spare <= max(room, 1.5 * size) or (is_open and spare <= 0.25 * (right - left))


def _right(column: Sequence[Line], index: int) -> float:
    """Where lines around this one end that begin where it does: a title above may be wider than the column."""
    _, (_, left, _, right, _), _, size, _, _, _, _ = column[index]
    for _, (_, start, _, end, _), _, other, _, _, _, _ in column[max(index - NEIGHBOURS, 0) : index + NEIGHBOURS]:
        if end > right and abs(start - left) < 3 * size and 0.88 * other < size < 1.14 * other:
            right = end
    return right


def ends_sentence(line: Line) -> bool:
    return line.text.endswith(_SENTENCE_END)
