"""The part of the user space that a page shows, and how it is turned."""

from functools import partial
from typing import NamedTuple

from diglot.domain.parsed import Box

_WHOLE = 1.5 * 2.0**52
"""What is added to it has no room for a fraction: the sum is rounded half to even, as `round` does, without a call."""

# Half of what the class itself takes.
make_box = partial(tuple.__new__, Box)


class Frame(NamedTuple):
    """`quarters` of a circle, clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int

    @property
    def height(self) -> float:
        return self.right - self.left if self.quarters % 2 else self.top - self.bottom

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.quarters % 2 else self.right - self.left

    def box(self, page: int, left: float, bottom: float, right: float, top: float) -> Box:
        """User space to points from the top left corner as shown."""
        x, _, _, y, quarters = self
        if quarters == 0:
            return make_box(
                (
                    page,
                    ((left - x) * 10 + _WHOLE - _WHOLE) / 10,
                    ((y - top) * 10 + _WHOLE - _WHOLE) / 10,
                    ((right - x) * 10 + _WHOLE - _WHOLE) / 10,
                    ((y - bottom) * 10 + _WHOLE - _WHOLE) / 10,
                )
            )
        corners = (self.shown(left, bottom), self.shown(right, top))
        (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*corners, strict=True))
        return Box(page, round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1))

    def shown(self, x: float, y: float) -> tuple[float, float]:
        if self.quarters == 1:
            return y - self.bottom, x - self.left
        if self.quarters == 2:
            return self.right - x, y - self.bottom
        if self.quarters == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y
