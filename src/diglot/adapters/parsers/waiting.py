"""Waiting for a child no longer than allowed, and no longer than wanted."""

import time
from collections.abc import Callable

from diglot.adapters.parsers.exhaustion import out_of_time
from diglot.domain.errors import Cancelled

INTERVAL = 0.4
"""Seconds between two questions whether to stop: a cancel must be felt within a second."""


class Patience:
    def __init__(self, seconds: float, is_cancelled: Callable[[], bool]) -> None:
        self.interval = INTERVAL
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._is_cancelled = is_cancelled
        self._asked = 0.0

    def check(self) -> None:
        """Raises `Cancelled` or `LimitExceeded`. Cheap enough for every turn of a loop."""
        now = time.monotonic()
        if now - self._asked < self.interval:
            return
        self._asked = now
        if self._is_cancelled():
            raise Cancelled
        if now > self._deadline:
            raise out_of_time(self._seconds)
