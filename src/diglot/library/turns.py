"""Work for which somebody waits, and which must not take all places: so much at once, so much in line."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from diglot.domain.errors import Overloaded

RETRY_SECONDS = 2


class Turns:
    def __init__(self, at_once: int, in_line: int = 0) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._room = threading.BoundedSemaphore(at_once + in_line)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """`Overloaded` at once where the line is full; its fact `retry_after` is in seconds."""
        if not self._room.acquire(blocking=False):
            raise Overloaded("Too much of this is being done at the moment; try again soon.", retry_after=RETRY_SECONDS)
        try:
            with self._places:
                yield
        finally:
            self._room.release()
