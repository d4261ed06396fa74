"""The places where documents are worked on."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SHORT_SECONDS, LONG_SECONDS = 1.0, 10.0
STANDING = 3
"""For each place, those who may go on without one after a short time; further ones must stay long before they may: more
work at once than that costs all of them too much memory."""


class Bench:
    """So many places at once. One who stays long loses the place to the next, though not the work: a few endless
    documents must not stop all others."""

    def __init__(self, places: int) -> None:
        self.free = places
        self._most_standing = STANDING * places
        self._standing: set[int] = set()
        self.waiting = 0
        self._changed = threading.Condition()
        self._since: dict[int, float] = {}

    def expect(self) -> None:
        """Somebody will ask for a `place` soon."""
        with self._changed:
            self.waiting += 1

    @contextmanager
    def place(self) -> Iterator[None]:
        """Waits for a place; whoever takes one was expected."""
        me = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: self.free > 0)
            self.free -= 1
            self.waiting -= 1
            self._since[me] = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                self._leave(me)
                self._standing.discard(me)

    def free_overtime(self) -> None:
        now = time.monotonic()
        with self._changed:
            for who, since in list(self._since.items()):
                allowed = SHORT_SECONDS if len(self._standing) < self._most_standing else LONG_SECONDS
                if now - since > allowed:
                    self._standing.add(who)
                    self._leave(who)

    def _leave(self, who: int) -> None:
        """The second time nothing happens."""
        if self._since.pop(who, None) is not None:
            self.free += 1
            self._changed.notify()
