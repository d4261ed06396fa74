"""The places where documents are worked on, in three lines: most take a moment, some take long, a few never end."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from diglot.domain.job import AT_ONCE, RECOGNITION, SLOW, SLOWEST
from diglot.ingestion.attempt import Attempt

QUICK_SECONDS, SLOW_SECONDS = 0.5, 10.0
"""99 in a hundred of the documents of our tests are read in half of the first. Sixty of the largest, on a machine that
was five times too busy, all ended in their first line."""
LOOK_SECONDS = 0.1


@dataclass(slots=True, eq=False)
class Line:
    """Documents whose jobs have one of these priorities. `free`: places that nobody has. `ahead`: how many may be in
    hand beside those who have a place, so that no place waits for a claim. After `seconds` one must make room for those
    who wait."""

    priorities: range
    free: int
    ahead: int
    seconds: float
    waiting: int = 0

    @property
    def wanted(self) -> int:
        """How many more may be claimed."""
        return self.free + self.ahead - self.waiting


@dataclass(slots=True, eq=False)
class _Stay:
    attempt: Attempt
    line: Line
    since: float


class Bench:
    """So many places at once, for each of them three more where documents may take long: memory bounds them, since
    each has its reading process.

    Who stays longer than the line allows, while others wait, goes on in a later line if a place is free there. Else it
    is told to give up, and its job waits in the next line: endless documents fill the last line and no other. There
    everybody stays until the limits of reading. So do those in the line before it who are read and wait for a model,
    since they should not have to wait for the endless.
    """

    def __init__(self, places: int) -> None:
        self.quick = Line(range(AT_ONCE, SLOW), places, ahead=places, seconds=QUICK_SECONDS)
        self.slow = (
            Line(range(SLOW, SLOWEST), places, ahead=1, seconds=SLOW_SECONDS),
            Line(range(SLOWEST, RECOGNITION), 2 * places, ahead=0, seconds=math.inf),
        )
        self._stays: list[_Stay] = []
        self._changed = threading.Condition()

    @property
    def most(self) -> int:
        """How many may be in hand at once."""
        return sum(line.free + line.ahead for line in (self.quick, *self.slow))

    def expect(self, line: Line, count: int) -> None:
        """So many will ask for a `place` in it soon."""
        with self._changed:
            line.waiting += count

    @contextmanager
    def place(self, attempt: Attempt, line: Line) -> Iterator[None]:
        """Waits for a place; whoever takes one was expected. What `attempt.look` raises."""
        stay = self._sit(attempt, line)
        try:
            yield
        finally:
            self._leave(stay)
        # Whoever was told to give up, and was done before, need not.
        attempt.move(None)

    def _sit(self, attempt: Attempt, line: Line) -> _Stay:
        with self._changed:
            try:
                while not self._changed.wait_for(lambda: line.free > 0, LOOK_SECONDS):
                    self._make_room(line)
                    attempt.look()
            finally:
                line.waiting -= 1
            line.free -= 1
            stay = _Stay(attempt, line, time.monotonic())
            self._stays.append(stay)
            return stay

    def _leave(self, stay: _Stay) -> None:
        with self._changed:
            if stay in self._stays:
                self._stays.remove(stay)
                self._free(stay.line)

    def _make_room(self, line: Line) -> None:
        latest = time.monotonic() - line.seconds
        for stay in [one for one in self._stays if one.line is line and one.since < latest]:
            if line.free < line.waiting:
                self._move(stay)

    def _move(self, stay: _Stay) -> None:
        later = self.slow[self.slow.index(stay.line) + 1 :] if stay.line in self.slow else self.slow
        spare = next((line for line in later if line.free > line.waiting), None)
        if spare is not None:
            self._free(stay.line)
            spare.free -= 1
            stay.line = spare
        elif stay.line is self.quick or not stay.attempt.is_read:
            self._free(stay.line)
            self._stays.remove(stay)
            stay.attempt.move(later[0].priorities.start)

    def _free(self, line: Line) -> None:
        line.free += 1
        self._changed.notify_all()
