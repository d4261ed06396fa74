"""Pictures of pages to the lines of text on them."""

from collections.abc import Callable
from typing import Protocol

from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine


class Ocr(Protocol):
    """Recognises text apart from the caller: a picture that crashes or hangs the engine costs only itself.

    `lines` have text, lie within the picture and come in no order that anybody may rely on; none is an answer. It works
    at most `seconds` on a picture, not counting the time in which others are before it, and raises `ParseFailed` with a
    plain sentence: `LimitExceeded` after that time, `ParserCrashed` if the engine died of the picture. It calls
    `is_cancelled` at least once a second and raises `Cancelled` within a second of a true answer. Whatever happened,
    the next call finds the engine well. Thread-safe, one picture at a time. The engine loads with the first picture.
    """

    def missing(self) -> str | None:
        """Why nothing can be recognised here, as a plain sentence; None if it can."""

    def name(self) -> str:
        """What recognises, for people; "off" if nothing does."""

    def edition(self) -> str:
        """Engine, version and whatever else decides what it makes of a picture: one edition gives one picture the same
        lines, so they may be kept. Asked only where nothing is `missing`."""

    def lines(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]: ...

    def close(self) -> None:
        """Ends the engine's process. A later call starts it again."""
