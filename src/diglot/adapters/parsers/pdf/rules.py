"""What is drawn on a page, as straight rules."""

from array import array
from collections import deque
from collections.abc import Callable, Iterator
from itertools import compress, pairwise, repeat

import pypdfium2.raw as raw  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.pdf import engine
from diglot.adapters.parsers.pdf.frame import Frame, Matrix
from diglot.adapters.parsers.pdf.grid import Rule, make_rule
from diglot.adapters.parsers.pdf.page import Page

MOST_OBJECTS = 20_000
MOST_RULES = 4000
THIN = 3.0
"""Points up to which a filled rectangle is a line."""

_LEAST_CELL = 8.0
_MOST_SEGMENTS = 400
_TEXT, _PATH, _FORM = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM
_MOVE, _CURVE = raw.FPDF_SEGMENT_MOVETO, raw.FPDF_SEGMENT_BEZIERTO
_AS_IT_IS: Matrix = (1, 0, 0, 1, 0, 0)
_Corner = tuple[float, float, bool]


class PathAnswers:
    """Where the engine writes its answers, and pointers there: made once a document, as paths are many."""

    def __init__(self) -> None:
        self.sides, self.modes = array("f", (0.0,) * 4), array("i", (0, 0))
        self.at_sides, self.at_modes = engine.pointers(self.sides), engine.pointers(self.modes)
        self.matrix = array("f", (0.0,) * 6)
        self.at_matrix = engine.pointers(self.matrix)[0]
        self.points: array[float] = array("f")
        self.at_points: tuple[engine.Pointer, ...] = ()

    def make_room(self, points: int) -> None:
        if len(self.points) < 2 * points:
            self.points = array("f", (0.0,) * (2 * points))
            self.at_points = engine.pointers(self.points)


def drawn_rules(page: Page, frame: Frame, answers: PathAnswers) -> list[Rule]:
    """In points from the top left corner of the page as shown; none where too much is drawn for a table."""
    rules: list[Rule] = []
    turning, frame = frame.turning or _AS_IT_IS, frame.upright
    widest, highest, x, y = 0.98 * frame.width, 0.98 * frame.height, frame.left, frame.top
    sides, modes, (at_fills, at_strokes) = answers.sides, answers.modes, answers.at_modes
    at_left, at_bottom, at_right, at_top = answers.at_sides
    object_bounds = engine.object_bounds
    for path, outer in _paths(page, turning, answers):
        object_bounds(path, at_left, at_bottom, at_right, at_top)
        left, bottom, right, top = sides if outer is _AS_IT_IS else _moved_area(sides, outer)
        width, height = right - left, top - bottom
        is_level, is_upright = height <= THIN < width, width <= THIN < height
        # The page's own background is no table, and an arrow's head no cell.
        has_sides = (width > _LEAST_CELL or height > _LEAST_CELL) and (width < widest or height < highest)
        if not is_level and not is_upright and not has_sides:
            continue
        engine.draw_mode(path, at_fills, at_strokes)
        fills, strokes = modes
        if not fills and not strokes:
            continue
        if is_level:
            rules.append(make_rule((False, y - (top + bottom) / 2, left - x, right - x)))
        elif is_upright:
            rules.append(make_rule((True, (left + right) / 2 - x, y - top, y - bottom)))
        else:
            rules += _sides(_corners(path, outer, frame, answers))
        if len(rules) > MOST_RULES:
            return []
    return rules


def _paths(page: Page, turning: Matrix, answers: PathAnswers) -> Iterator[tuple[engine.Pointer, Matrix]]:
    """With the matrix of the form that each stands in, and of the page if it is turned."""
    handle = page.handle
    for item, kind in _objects(handle, engine.count_objects(handle), engine.page_object):
        if kind == _PATH:
            yield item, turning
        elif kind == _FORM:
            form = _matrix(item, answers)
            outer = form if turning is _AS_IT_IS else _product(form, turning)
            for path, inner in _objects(item, engine.count_parts(item), engine.part):
                if inner == _PATH:
                    yield path, outer


def _objects(holder: engine.Pointer, count: int, get: Callable[..., int]) -> Iterator[tuple[engine.Pointer, int]]:
    """All but text, with their kinds. Most are text, so nothing is done to one in Python."""
    count = min(count, MOST_OBJECTS)
    items = list(map(engine.pointer, map(get, repeat(holder, count), range(count))))
    kinds = list(map(engine.object_kind, items))
    return compress(zip(items, kinds, strict=True), map(_TEXT.__ne__, kinds))


def _moved_area(area: "array[float]", matrix: Matrix) -> tuple[float, float, float, float]:
    left, bottom, right, top = area
    (x0, y0), (x1, y1) = _moved(left, bottom, matrix), _moved(right, top, matrix)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _corners(path: engine.Pointer, outer: Matrix, frame: Frame, answers: PathAnswers) -> list[_Corner]:
    """As seen on the page, and whether the pen was lifted before each; none for a path with curves."""
    segments, kinds = _segments(path)
    if not segments:
        return []
    a, b, c, d, e, f = matrix = _matrix(path, answers)
    if outer is not _AS_IT_IS:
        a, b, c, d, e, f = _product(matrix, outer)
    e, f = e - frame.left, frame.top - f
    corners: list[_Corner] = []
    begin: tuple[float, float] | None = None
    closes = map(engine.segment_closes, segments)
    for (x, y), kind, is_closed in zip(_places(segments, answers), kinds, closes, strict=True):
        across, down = a * x + c * y + e, f - b * x - d * y
        starts = kind == _MOVE
        if starts:
            begin = across, down
        corners.append((across, down, starts))
        if begin and is_closed:
            corners.append((*begin, False))
    return corners


def _places(segments: list[engine.Pointer], answers: PathAnswers) -> Iterator[tuple[float, float]]:
    """Of the segments' ends, all asked for before the first is answered."""
    count = 2 * len(segments)
    answers.make_room(len(segments))
    at = answers.at_points
    deque(map(engine.segment_point, segments, at[0:count:2], at[1:count:2]), maxlen=0)
    return zip(answers.points[0:count:2], answers.points[1:count:2], strict=True)


def _segments(path: engine.Pointer) -> tuple[list[engine.Pointer], list[int]]:
    """With their kinds; none if there are too many, or curves."""
    count = engine.count_segments(path)
    if not 2 <= count <= _MOST_SEGMENTS:
        return [], []
    segments = list(map(engine.pointer, map(engine.path_segment, repeat(path, count), range(count))))
    kinds = list(map(engine.segment_kind, segments))
    return ([], []) if _CURVE in kinds else (segments, kinds)


def _moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _sides(corners: list[_Corner]) -> Iterator[Rule]:
    for (x0, y0, _), (x1, y1, starts) in pairwise(corners):
        if starts:
            continue
        if abs(y1 - y0) < 1 and abs(x1 - x0) > THIN:
            yield make_rule((False, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) < 1 and abs(y1 - y0) > THIN:
            yield make_rule((True, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _matrix(item: engine.Pointer, answers: PathAnswers) -> Matrix:
    if not engine.object_matrix(item, answers.at_matrix):
        return _AS_IT_IS
    a, b, c, d, e, f = answers.matrix
    return a, b, c, d, e, f


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    return (
        a * then[0] + b * then[2],
        a * then[1] + b * then[3],
        c * then[0] + d * then[2],
        c * then[1] + d * then[3],
        e * then[0] + f * then[2] + then[4],
        e * then[1] + f * then[3] + then[5],
    )
