"""Pages as they are seen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """Grey pixels, one byte each, 0 black to 255 white, row by row from the top left corner.

    `points` is the side of a pixel in the page's own unit: points (1/72 inch), or pixels of a picture file that says
    nothing of its size on paper.
    """

    width: int
    height: int
    pixels: bytes
    points: float = 1.0


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page for people: a PNG in colour. `points` as of `Picture`; `pages`: how many the file has."""

    png: bytes
    width: int
    height: int
    points: float
    pages: int
