"""The places where documents are worked on."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

OVERTIME_SECONDS = 10.0


class Bench:
    """So many places at once. One who stays long loses the place to the next, though not the work: a few endless
    documents must not stop all others."""

    def __init__(self, places: int) -> None:
        self.free = places
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
            self._leave(me)

    def free_overtime(self) -> None:
        latest = time.monotonic() - OVERTIME_SECONDS
        for who, since in list(self._since.items()):
            if since < latest:
                self._leave(who)

    def _leave(self, who: int) -> None:
        """The second time nothing happens."""
        with self._changed:
            if self._since.pop(who, None) is not None:
                self.free += 1
                self._changed.notify()
