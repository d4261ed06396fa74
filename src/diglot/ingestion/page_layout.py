"""Lines that were recognised on a page, in no order, to paragraphs in the order in which a reader reads them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from diglot.domain.recognised import TextLine

_FEWEST_LINES = 3
"""Of a column: two lines beside two others are as likely a form."""

_FULL = 0.55
"""Share of a column's width that its middling line fills; the cells of a table leave more free."""

_LEAST_LENGTH = 8
"""Times its height: shorter lines are numbers and labels."""

_MOST_CROSSING = 0.2
_SAME_ROW = 0.5
_NEW_PARAGRAPH = 1.6
"""Times the usual distance of two lines."""

_BEGINS = re.compile(
    r"第[一二三四五六七八九十百千零〇\d]{1,7}[编編篇章節节條条]"
    r"|[•◦▪●○■□‣]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\(?\d{1,3}[.)]\s"
)
_ENDS = tuple('.!?:;。！？：；”"')
# Scripts without spaces between words, and their punctuation.
_UNSPACED = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u30ff\U00020000-\U0003ffff]")
_BROKEN_WORD = re.compile(r"[^\W\d_]-$")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a column, of one piece or more beside each other."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def paragraphs(lines: Sequence[TextLine]) -> Iterator[list[Row]]:
    for column in columns(lines):
        yield from _split(_rows(column))


def joined(rows: Sequence[Row]) -> tuple[str, list[tuple[int, int]]]:
    """One running text, and where each row stands in it."""
    text = ""
    ranges: list[tuple[int, int]] = []
    for row in rows:
        if _BROKEN_WORD.search(text) and row.text[:1].islower():
            # The hyphen goes, and with it a character of the row before.
            text = text[:-1]
            ranges[-1] = (ranges[-1][0], len(text))
        elif text and not (_UNSPACED.match(text[-1]) and _UNSPACED.match(row.text[0])):
            text += " "
        ranges.append((len(text), len(text) + len(row.text)))
        text += row.text
    return text, ranges


def columns(lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    """Parts of the page to be read one after the other: a line across the gap between two columns ends both."""
    gap = _gap(lines)
    if gap is None:
        if lines:
            yield list(lines)
        return
    for is_across, band in groupby(sorted(lines, key=lambda line: line.top), lambda line: line.left < gap < line.right):
        part = list(band)
        if is_across:
            yield part
        else:
            yield from columns([line for line in part if line.right <= gap])
            yield from columns([line for line in part if line.left >= gap])


def _gap(lines: Sequence[TextLine]) -> float | None:
    """Where hardly a line crosses and text stands on both sides; None if the page has one column."""
    if len(lines) < 2 * _FEWEST_LINES:
        return None
    edge, width = min(line.left for line in lines), max(line.right for line in lines) - min(line.left for line in lines)
    candidates = [edge + width * share / 100 for share in range(20, 81)]
    crossing = [sum(line.left < place < line.right for line in lines) for place in candidates]
    fewest = min(crossing)
    if fewest > _MOST_CROSSING * len(lines):
        return None
    runs = _runs([place for place, count in zip(candidates, crossing, strict=True) if count == fewest], width / 50)
    places = sorted((run[len(run) // 2] for run in runs), key=lambda place: abs(place - edge - width / 2))
    return next((place for place in places if _parts_columns(lines, place)), None)


def _runs(places: Sequence[float], step: float) -> list[list[float]]:
    """Neighbouring places together."""
    runs: list[list[float]] = []
    for place in places:
        if runs and place - runs[-1][-1] < step:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _parts_columns(lines: Sequence[TextLine], gap: float) -> bool:
    left = [line for line in lines if line.right <= gap]
    right = [line for line in lines if line.left >= gap]
    return _is_column(left) and _is_column(right)


def _is_column(lines: Sequence[TextLine]) -> bool:
    """Filled by lines of running text, not by the cells of a table."""
    if len(lines) < _FEWEST_LINES:
        return False
    width = max(line.right for line in lines) - min(line.left for line in lines)
    rows = _rows(lines)
    middling = median(row.right - row.left for row in rows)
    is_running = middling >= _LEAST_LENGTH * median(row.height for row in rows)
    return len(rows) >= _FEWEST_LINES and middling >= _FULL * width and is_running


def _rows(lines: Sequence[TextLine]) -> list[Row]:
    """From top to bottom; pieces of one height beside each other are one row."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        if rows and _is_beside(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_row(sorted(pieces, key=lambda piece: piece.left)) for pieces in rows]


def _is_beside(pieces: Sequence[TextLine], line: TextLine) -> bool:
    last = pieces[-1]
    shared = min(last.bottom, line.bottom) - max(last.top, line.top)
    is_level = shared > _SAME_ROW * min(last.bottom - last.top, line.bottom - line.top)
    return is_level and all(piece.right <= line.left + 1 or line.right <= piece.left + 1 for piece in pieces)


def _row(pieces: Sequence[TextLine]) -> Row:
    return Row(
        " ".join(piece.text for piece in pieces),
        min(piece.left for piece in pieces),
        min(piece.top for piece in pieces),
        max(piece.right for piece in pieces),
        max(piece.bottom for piece in pieces),
    )


def _split(rows: Sequence[Row]) -> Iterator[list[Row]]:
    if not rows:
        return
    advance = _usual_advance(rows)
    right = max(row.right for row in rows)
    run = [rows[0]]
    for row in rows[1:]:
        if _begins_paragraph(run, row, advance, right):
            yield run
            run = []
        run.append(row)
    yield run


def _usual_advance(rows: Sequence[Row]) -> float:
    advances = [below.bottom - above.bottom for above, below in pairwise(rows)]
    return median(advances) if advances else rows[0].height


def _begins_paragraph(run: Sequence[Row], row: Row, advance: float, right: float) -> bool:
    last = run[-1]
    if row.bottom - last.bottom > _NEW_PARAGRAPH * advance or _BEGINS.match(row.text):
        return True
    if max(last.height, row.height) > 1.5 * min(last.height, row.height):
        return True
    if len(run) > 1 and row.left - last.left > 1.2 * row.height and not _is_hanging(run, row):
        return True
    return last.text.endswith(_ENDS) and right - last.right > 3 * last.height


def _is_hanging(run: Sequence[Row], row: Row) -> bool:
    """In a list the lines after the first are set in, all alike."""
    return any(abs(row.left - other.left) < 0.5 * row.height for other in run[1:])
