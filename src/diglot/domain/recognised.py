"""Text that was recognised from the picture of a page."""

from dataclasses import dataclass
from typing import NamedTuple


class TextLine(NamedTuple):
    """A line, or a part of one, and the rectangle around it in pixels from the top left corner. Confidence 0..1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """Its lines, in the engine's order. `points`: the side of a pixel, as of `Picture`."""

    points: float
    lines: tuple[TextLine, ...]
