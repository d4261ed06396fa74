"""What is drawn on a page, as straight rules."""

from array import array
from collections import deque
from collections.abc import Callable, Iterator
from itertools import compress, pairwise, repeat

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.pdf import engine
from diglot.adapters.parsers.pdf.frame import Frame
from diglot.adapters.parsers.pdf.grid import Rule

MOST_OBJECTS = 20_000
MOST_RULES = 4000
THIN = 3.0
"""Points up to which a filled rectangle is a line."""

_LEAST_CELL = 8.0
_MOST_SEGMENTS = 400
_TEXT, _PATH, _FORM = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM
_MOVE, _CURVE = raw.FPDF_SEGMENT_MOVETO, raw.FPDF_SEGMENT_BEZIERTO
_Matrix = tuple[float, float, float, float, float, float]
_AS_IT_IS: _Matrix = (1, 0, 0, 1, 0, 0)
_Corner = tuple[float, float, bool]


def drawn_rules(page: pdfium.PdfPage, frame: Frame) -> list[Rule]:
    """In points from the top left corner of a page that is not turned; none where too much is drawn for a table."""
    pen = _Pen(frame)
    for item, outer in _paths(page):
        pen.draw(item, outer)
        if len(pen.rules) > MOST_RULES:
            return []
    return pen.rules


def _paths(page: pdfium.PdfPage) -> Iterator[tuple[engine.Pointer, _Matrix]]:
    """With the matrix of the form that each stands in."""
    handle = engine.pointer(engine.address(page.raw))
    for item, kind in _objects(handle, engine.count_objects(handle), engine.page_object):
        if kind == _PATH:
            yield item, _AS_IT_IS
        elif kind == _FORM:
            outer = _matrix(item)
            for path, inner in _objects(item, engine.count_parts(item), engine.part):
                if inner == _PATH:
                    yield path, outer


def _objects(holder: engine.Pointer, count: int, get: Callable[..., int]) -> Iterator[tuple[engine.Pointer, int]]:
    """All but text, with their kinds. Most are text, so nothing is done to one in Python."""
    count = min(count, MOST_OBJECTS)
    items = list(map(engine.pointer, map(get, repeat(holder, count), range(count))))
    kinds = list(map(engine.object_kind, items))
    return compress(zip(items, kinds, strict=True), map(_TEXT.__ne__, kinds))


class _Pen:
    """Buffers for the engine's answers are made once, as calls are many."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.rules: list[Rule] = []
        self._sides = array("f", (0.0,) * 4)
        self._modes = array("i", (0, 0))
        self._at_sides = engine.pointers(self._sides)
        self._at_modes = engine.pointers(self._modes)
        self._points: array[float] = array("f")
        self._at_points: tuple[engine.Pointer, ...] = ()

    def draw(self, path: engine.Pointer, outer: _Matrix) -> None:
        engine.draw_mode(path, *self._at_modes)
        fills, strokes = self._modes
        if not fills and not strokes:
            return
        engine.object_bounds(path, *self._at_sides)
        left, bottom, right, top = self._sides
        if outer is not _AS_IT_IS:
            corners = (_moved(left, bottom, outer), _moved(right, top, outer))
            (left, right), (bottom, top) = (sorted(axis) for axis in zip(*corners, strict=True))
        width, height = right - left, top - bottom
        if height <= THIN < width:
            x, y = self.frame.left, self.frame.top
            self.rules.append(Rule(False, y - (top + bottom) / 2, left - x, right - x))
        elif width <= THIN < height:
            x, y = self.frame.left, self.frame.top
            self.rules.append(Rule(True, (left + right) / 2 - x, y - top, y - bottom))
        # The page's own background is no table, and an arrow's head no cell.
        elif (width > _LEAST_CELL or height > _LEAST_CELL) and (
            width < 0.98 * self.frame.width or height < 0.98 * self.frame.height
        ):
            self.rules += _sides(self._corners(path, outer))

    def _corners(self, path: engine.Pointer, outer: _Matrix) -> list[_Corner]:
        """As seen on the page, and whether the pen was lifted before each; none for a path with curves."""
        segments, kinds = _segments(path)
        if not segments:
            return []
        a, b, c, d, e, f = matrix = _matrix(path)
        if outer is not _AS_IT_IS:
            a, b, c, d, e, f = _product(matrix, outer)
        e, f = e - self.frame.left, self.frame.top - f
        corners: list[_Corner] = []
        begin: tuple[float, float] | None = None
        closes = map(engine.segment_closes, segments)
        for (x, y), kind, is_closed in zip(self._places(segments), kinds, closes, strict=True):
            across, down = a * x + c * y + e, f - b * x - d * y
            starts = kind == _MOVE
            if starts:
                begin = across, down
            corners.append((across, down, starts))
            if begin and is_closed:
                corners.append((*begin, False))
        return corners

    def _places(self, segments: list[engine.Pointer]) -> Iterator[tuple[float, float]]:
        """Of the segments' ends, all asked for before the first is answered."""
        count = 2 * len(segments)
        if not self._at_points:
            self._points = array("f", (0.0,) * (2 * _MOST_SEGMENTS))
            self._at_points = engine.pointers(self._points)
        at = self._at_points
        deque(map(engine.segment_point, segments, at[0:count:2], at[1:count:2]), maxlen=0)
        return zip(self._points[0:count:2], self._points[1:count:2], strict=True)


def _segments(path: engine.Pointer) -> tuple[list[engine.Pointer], list[int]]:
    """With their kinds; none if there are too many, or curves."""
    count = engine.count_segments(path)
    if not 2 <= count <= _MOST_SEGMENTS:
        return [], []
    segments = list(map(engine.pointer, map(engine.path_segment, repeat(path, count), range(count))))
    kinds = list(map(engine.segment_kind, segments))
    return ([], []) if _CURVE in kinds else (segments, kinds)


def _moved(x: float, y: float, matrix: _Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _sides(corners: list[_Corner]) -> Iterator[Rule]:
    for (x0, y0, _), (x1, y1, starts) in pairwise(corners):
        if starts:
            continue
        if abs(y1 - y0) < 1 and abs(x1 - x0) > THIN:
            yield Rule(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
        elif abs(x1 - x0) < 1 and abs(y1 - y0) > THIN:
            yield Rule(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1))


def _matrix(item: engine.Pointer) -> _Matrix:
    found = array("f", (0.0,) * 6)
    if not engine.object_matrix(item, engine.pointer(found.buffer_info()[0])):
        return _AS_IT_IS
    a, b, c, d, e, f = found
    return a, b, c, d, e, f


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
