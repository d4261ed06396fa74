"""Lines drawn on a page to grids of cells. Coordinates are points from the page's top left corner."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

SNAP = 3.0
"""Points within which two lines are the same line, and a gap is no gap."""

MOST_CELLS = 5000


class Rule(NamedTuple):
    """A straight line: at `at` across its direction, from `start` to `end` along it."""

    upright: bool
    at: float
    start: float
    end: float


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

    def cells(self) -> Iterator[Cell]:
        """Each cell once; those it covers are left out."""
        covered: set[tuple[int, int]] = set()
        for row in range(len(self.ys) - 1):
            for column in range(len(self.xs) - 1):
                if (row, column) in covered:
                    continue
                last_row, last_column = self._extent(row, column)
                covered.update(
                    (below, beside) for below in range(row, last_row + 1) for beside in range(column, last_column + 1)
                )
                yield Cell(row, column, last_row, last_column)

    def with_rows(self, edges: Sequence[float]) -> "Grid":
        """Further edges between rows, as if they were ruled from side to side."""
        levels = [*self.levels, *(Rule(False, edge, self.xs[0], self.xs[-1]) for edge in edges)]
        return replace(
            self, ys=tuple(sorted((*self.ys, *edges))), levels=tuple(sorted(levels, key=lambda rule: rule.at))
        )

    def cuts(self, left: float, right: float, height: float) -> bool:
        """Whether an upright rule goes through the middle of something at that height."""
        first = bisect_left(self.xs, left + SNAP)
        return (
            first < len(self.xs) and self.xs[first] < right - SNAP and _crosses(self.uprights, self.xs[first], height)
        )

    def _extent(self, row: int, column: int) -> tuple[int, int]:
        last_column = column
        height = (self.ys[row] + self.ys[row + 1]) / 2
        while last_column + 2 < len(self.xs) and not _crosses(self.uprights, self.xs[last_column + 1], height):
            last_column += 1
        last_row = row
        middle = (self.xs[column] + self.xs[column + 1]) / 2
        while last_row + 2 < len(self.ys) and not _crosses(self.levels, self.ys[last_row + 1], middle):
            last_row += 1
        return last_row, last_column


def _crosses(rules: Sequence[Rule], at: float, along: float) -> bool:
    """Rules are sorted by place."""
    first = bisect_left(rules, at - SNAP, key=lambda rule: rule.at)
    for rule in rules[first:]:
        if rule.at > at + SNAP:
            return False
        if rule.start - SNAP <= along <= rule.end + SNAP:
            return True
    return False


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
    """Pieces of one line put together."""
    merged: list[Rule] = []
    for rule in sorted(_snapped(rules), key=lambda rule: (rule.at, rule.start)):
        last = merged[-1] if merged else None
        if last and last.at == rule.at and rule.start <= last.end + SNAP:
            merged[-1] = last._replace(end=max(last.end, rule.end))
        else:
            merged.append(rule)
    return merged


def _snapped(rules: list[Rule]) -> Iterator[Rule]:
    places = _clusters([rule.at for rule in rules])
    for rule in rules:
        yield rule._replace(at=places[bisect_left(places, rule.at - SNAP)])


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
