"""Ruled tables: the lines drawn on a page make a grid, and the engine gives the text of each cell."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.pdf.grid import Grid, Rule, grids
from diglot.adapters.parsers.pdf.lines import Frame, Line, PageText
from diglot.domain.parsed import Box

MOST_OBJECTS = 20_000
MOST_RULES = 4000
THIN = 3.0
"""Points up to which a filled rectangle is a line."""


@dataclass(frozen=True, slots=True)
class PageTable:
    box: Box
    rows: tuple[tuple[str, ...], ...]
    row_boxes: tuple[Box, ...]

    def holds(self, line: Line) -> bool:
        middle = (line.box.left + line.box.right) / 2, (line.box.top + line.box.bottom) / 2
        return self.box.left <= middle[0] <= self.box.right and self.box.top <= middle[1] <= self.box.bottom


def page_tables(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, text: PageText) -> tuple[PageTable, ...]:
    """Only pages that carry text are looked at, and only turned upright ones."""
    if not text.lines or text.frame.quarters:
        return ()
    rules = list(_rules(page, text.frame))
    if len(rules) < 4 or len(rules) > MOST_RULES:
        return ()
    tables = [_table(textpage, grid, text) for grid in grids(rules)]
    return tuple(table for table in tables if table and _is_table(table))


def _is_table(table: PageTable) -> bool:
    """Charts and framed text draw grids too: those are mostly empty, or hold one cell with nearly everything."""
    cells = [cell for row in table.rows for cell in row]
    filled = [cell for cell in cells if cell]
    rows = sum(1 for row in table.rows if any(row))
    columns = sum(1 for column in zip(*table.rows, strict=True) if any(column))
    if rows < 2 or columns < 2 or len(filled) < 4 or len(filled) < 0.3 * rows * columns:
        return False
    return max(map(len, filled)) < max(0.6 * sum(map(len, filled)), 300)


def _table(textpage: pdfium.PdfTextPage, grid: Grid, text: PageText) -> PageTable | None:
    rows = [[""] * (len(grid.xs) - 1) for _ in range(len(grid.ys) - 1)]
    frame = text.frame
    for cell in grid.cells():
        words = textpage.get_text_bounded(
            frame.left + cell.left, frame.top - cell.bottom, frame.left + cell.right, frame.top - cell.top
        )
        rows[cell.row][cell.column] = _words(words)
    kept = [index for index, row in enumerate(rows) if any(row)]
    if not kept:
        return None
    left, right = round(grid.xs[0], 1), round(grid.xs[-1], 1)
    boxes = [Box(text.number, left, round(top, 1), right, round(bottom, 1)) for top, bottom in _pairs(grid.ys)]
    whole = Box(text.number, left, round(grid.ys[0], 1), right, round(grid.ys[-1], 1))
    return PageTable(whole, tuple(tuple(rows[index]) for index in kept), tuple(boxes[index] for index in kept))


def _words(text: str) -> str:
    return clean(" ".join(text.replace("\ufffe", "").replace("\x02", "").split()))


def _pairs(edges: Sequence[float]) -> Iterator[tuple[float, float]]:
    return pairwise(edges)


def _rules(page: pdfium.PdfPage, frame: Frame) -> Iterator[Rule]:
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield from _path_rules(item, frame, _matrix(item))
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            outer = _matrix(item)
            for inner in range(min(raw.FPDFFormObj_CountObjects(item), MOST_OBJECTS)):
                path = raw.FPDFFormObj_GetObject(item, inner)
                if raw.FPDFPageObj_GetType(path) == raw.FPDF_PAGEOBJ_PATH:
                    yield from _path_rules(path, frame, _product(_matrix(path), outer))


_Matrix = tuple[float, float, float, float, float, float]


def _matrix(item: object) -> _Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return 1, 0, 0, 1, 0, 0
    return found.a, found.b, found.c, found.d, found.e, found.f


def _product(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    return (
        a * then[0] + b * then[2],
        a * then[1] + b * then[3],
        c * then[0] + d * then[2],
        c * then[1] + d * then[3],
        e * then[0] + f * then[2] + then[4],
        e * then[1] + f * then[3] + then[5],
    )


def _path_rules(path: object, frame: Frame, matrix: _Matrix) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if not fill.value and not stroke.value:
        return
    points = _points(path, frame, matrix)
    if len(points) < 2:
        return
    xs, ys = [x for x, _, _ in points], [y for _, y, _ in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if width > 0.98 * frame.width and height > 0.98 * frame.height:
        # The page's own background.
        return
    if height <= THIN < width:
        yield Rule(False, (min(ys) + max(ys)) / 2, min(xs), max(xs))
    elif width <= THIN < height:
        yield Rule(True, (min(xs) + max(xs)) / 2, min(ys), max(ys))
    else:
        yield from _sides(points)


def _sides(points: list[tuple[float, float, bool]]) -> Iterator[Rule]:
    for (x0, y0, _), (x1, y1, starts) in pairwise(points):
        if starts:
            continue
        if abs(y1 - y0) < 1 and abs(x1 - x0) > THIN:
            yield Rule(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
        elif abs(x1 - x0) < 1 and abs(y1 - y0) > THIN:
            yield Rule(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1))


def _points(path: object, frame: Frame, matrix: _Matrix) -> list[tuple[float, float, bool]]:
    """Corners as seen on the page, and whether the pen was lifted before each; none for a path with curves."""
    count = raw.FPDFPath_CountSegments(path)
    if not 2 <= count <= 400:
        return []
    points: list[tuple[float, float, bool]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    begin: tuple[float, float] | None = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return []
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        a, b, c, d, e, f = matrix
        seen = (a * x.value + c * y.value + e - frame.left, frame.top - (b * x.value + d * y.value + f))
        starts = kind == raw.FPDF_SEGMENT_MOVETO
        begin = seen if starts else begin
        points.append((*seen, starts))
        if raw.FPDFPathSegment_GetClose(segment) and begin:
            points.append((*begin, False))
    return points
