"""The part of the user space that a page shows, and how it is turned."""

from array import array
from functools import partial
from typing import NamedTuple

from diglot.domain.parsed import Box

Matrix = tuple[float, float, float, float, float, float]
"""a to f of PDF: x' = ax + cy + e, y' = bx + dy + f."""

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

    def boxes(self, page: int, areas: "array[float]") -> list[Box]:
        """Of all areas of a page, as they are many: `areas` holds left, top, right, bottom of each in the user space,
        the boxes are in points from the top left corner as shown."""
        sides = zip(areas[0::4], areas[1::4], areas[2::4], areas[3::4], strict=True)
        if self.quarters:
            return [self._turned(page, left, bottom, right, top) for left, top, right, bottom in sides]
        x, y, whole = self.left, self.top, _WHOLE
        return [
            make_box(
                (
                    page,
                    ((left - x) * 10 + whole - whole) / 10,
                    ((y - top) * 10 + whole - whole) / 10,
                    ((right - x) * 10 + whole - whole) / 10,
                    ((y - bottom) * 10 + whole - whole) / 10,
                )
            )
            for left, top, right, bottom in sides
        ]

    def _turned(self, page: int, left: float, bottom: float, right: float, top: float) -> Box:
        corners = (self.shown(left, bottom), self.shown(right, top))
        (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*corners, strict=True))
        return Box(page, round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1))

    @property
    def upright(self) -> "Frame":
        """What `turning` makes of this frame."""
        return self if self.quarters == 0 else Frame(0, 0, self.width, self.height, 0)

    @property
    def turning(self) -> Matrix | None:
        """Of the user space, so that what is level on the page as shown is level there; None where it is already."""
        left, bottom, right, top, quarters = self
        return (
            None,
            (0, -1, 1, 0, -bottom, right),
            (-1, 0, 0, -1, right, top),
            (0, 1, -1, 0, top, -left),
        )[quarters]

    def shown(self, x: float, y: float) -> tuple[float, float]:
        if self.quarters == 1:
            return y - self.bottom, x - self.left
        if self.quarters == 2:
            return self.right - x, y - self.bottom
        if self.quarters == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y
