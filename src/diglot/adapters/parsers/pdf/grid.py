"""Lines drawn on a page to grids of cells. Coordinates are points from the page's top left corner."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise, product
from operator import itemgetter
from typing import NamedTuple

SNAP = 3.0
"""Points within which two lines are the same line, and a gap is no gap."""

MOST_CELLS = 5000
Span = tuple[float, float, float]
"""From its left to its right, and the height of its middle."""

_Wall = list[tuple[float, float]]
_AT, _START = itemgetter(1), itemgetter(2)


class Rule(NamedTuple):
    """A straight line: at `at` across its direction, from `start` to `end` along it."""

    upright: bool
    at: float
    start: float
    end: float


# Half of what the class itself takes.
make_rule = partial(tuple.__new__, Rule)


class Cell(NamedTuple):
    """Its own row and column, from 0, and the last of those it is merged with."""

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """`xs` and `ys` are the edges of columns and rows."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    uprights: tuple[Rule, ...]
    levels: tuple[Rule, ...]

    def spread_cells(self) -> Iterator[Cell]:
        """Those that no rule parts from the next; each once, without those it covers."""
        covered: set[tuple[int, int]] = set()
        beside, below = _walls(self.uprights, self.xs), _walls(self.levels, self.ys)
        middles = [(left + right) / 2 for left, right in pairwise(self.xs)]
        for row, (top, bottom) in enumerate(pairwise(self.ys)):
            height = (top + bottom) / 2
            for column, middle in enumerate(middles):
                if (row, column) in covered:
                    continue
                last_row, last_column = _last(below, row, middle), _last(beside, column, height)
                if last_row > row or last_column > column:
                    covered.update(product(range(row, last_row + 1), range(column, last_column + 1)))
                    yield Cell(row, column, last_row, last_column)

    def with_rows(self, edges: Sequence[float]) -> "Grid":
        """Further edges between rows, as if they were ruled from side to side."""
        levels = [*self.levels, *(Rule(False, edge, self.xs[0], self.xs[-1]) for edge in edges)]
        return replace(
            self, ys=tuple(sorted((*self.ys, *edges))), levels=tuple(sorted(levels, key=lambda rule: rule.at))
        )

    def cuts(self, spans: Iterable[Span]) -> int:
        """Through the middle of how many an upright rule goes."""
        walls = _walls(self.uprights, self.xs)
        cut = 0
        for left, right, height in spans:
            edge = bisect_left(self.xs, left + SNAP)
            if edge < len(walls) and self.xs[edge] < right - SNAP and _crosses(walls[edge], height):
                cut += 1
        return cut


def _walls(rules: Sequence[Rule], edges: Sequence[float]) -> list[_Wall]:
    """What is ruled along each edge; the rules are sorted by place."""
    places = [rule.at for rule in rules]
    return [
        [
            (rule.start - SNAP, rule.end + SNAP)
            for rule in rules[bisect_left(places, edge - SNAP) : bisect_right(places, edge + SNAP)]
        ]
        for edge in edges
    ]


def _crosses(wall: _Wall, along: float) -> bool:
    for start, end in wall:  # noqa: SIM110  # `any` takes twice as long, and a grid has thousands of cells
        if start <= along <= end:
            return True
    return False


def _last(walls: Sequence[_Wall], first: int, along: float) -> int:
    """The last row or column of a cell: up to the next wall."""
    last = first
    while last + 2 < len(walls) and not _crosses(walls[last + 1], along):
        last += 1
    return last


def grids(rules: Sequence[Rule]) -> tuple[list[Grid], list[Rule]]:
    """One for each group of rules that touch, if it has two columns at least, top to bottom; and the level rules of the
    other groups."""
    uprights = _merged([rule for rule in rules if rule.upright])
    levels = _merged([rule for rule in rules if not rule.upright])
    found: list[Grid] = []
    others: list[Rule] = []
    for group in _groups(uprights, levels):
        level = [rule for rule in group if not rule.upright]
        grid = _grid([rule for rule in group if rule.upright], level)
        if grid:
            found.append(grid)
        else:
            others += level
    return sorted(found, key=lambda grid: (grid.ys[0], grid.xs[0])), others


def _merged(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line put together: those of a run that lies within the snap of its first."""
    rules.sort()
    merged: list[Rule] = []
    first = 0
    while first < len(rules):
        upright, at, _, _ = rules[first]
        after = bisect_right(rules, at + SNAP, first, key=_AT)
        pieces = sorted(rules[first:after], key=_START)
        _, _, start, end = pieces[0]
        for _, _, goes_on, stop in pieces:
            if goes_on > end + SNAP:
                merged.append(make_rule((upright, at, start, end)))
                start, end = goes_on, stop
            elif stop > end:
                end = stop
        merged.append(make_rule((upright, at, start, end)))
        first = after
    return merged


def _clusters(values: Sequence[float]) -> list[float]:
    """The first of each run of values that lie within the snap of it."""
    clusters: list[float] = []
    for value in sorted(values):
        if not clusters or value > clusters[-1] + SNAP:
            clusters.append(value)
    return clusters


def _groups(uprights: list[Rule], levels: list[Rule]) -> list[list[Rule]]:
    leader = list(range(len(uprights) + len(levels)))
    rules = [*uprights, *levels]

    def lead(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for first, upright in enumerate(uprights):
        low = bisect_left(levels, upright.start - SNAP, key=lambda rule: rule.at)
        for second in range(low, len(levels)):
            level = levels[second]
            if level.at > upright.end + SNAP:
                break
            if level.start - SNAP <= upright.at <= level.end + SNAP:
                leader[lead(len(uprights) + second)] = lead(first)
    groups: dict[int, list[Rule]] = {}
    for index, rule in enumerate(rules):
        groups.setdefault(lead(index), []).append(rule)
    return list(groups.values())


def _grid(uprights: list[Rule], levels: list[Rule]) -> Grid | None:
    """Many tables are open at the sides: the ends of their level rules are edges too."""
    if not uprights or not levels:
        return None
    xs = _clusters([*(rule.at for rule in uprights), min(r.start for r in levels), max(r.end for r in levels)])
    ys = _clusters([*(rule.at for rule in levels), min(r.start for r in uprights), max(r.end for r in uprights)])
    if len(xs) < 3 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > MOST_CELLS:
        return None
    return Grid(tuple(xs), tuple(ys), tuple(uprights), tuple(levels))
