"""A few threads for what takes long, so that what is quick need not wait for it."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from diglot.domain.errors import Cancelled, DiglotError

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0


class SlowLane:
    """Named pieces of work, as many at once as there are threads, each name at most once. For one calling thread.

    Work that failed is taken on again only after a pause that doubles each time. `look`, called from the work, ends it
    by `Cancelled` once the lane is stopped.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._work: dict[str, Future[object]] = {}
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self._stopping = threading.Event()

    @property
    def is_busy(self) -> bool:
        self._clear()
        return bool(self._work)

    def has(self, name: str) -> bool:
        self._clear()
        return name in self._work

    def do(self, name: str, act: Callable[[], object]) -> None:
        """Nothing happens during the pause after a failure: the caller will see the need again."""
        if time.monotonic() < self._not_before.get(name, 0.0):
            return
        if self._pool is None:
            self._stopping.clear()
            self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="indexer-slow")
        self._work[name] = self._pool.submit(self._perform, name, act)

    def forget(self, name: str) -> None:
        """There will be no more work of this name."""
        self._failures.pop(name, None)
        self._not_before.pop(name, None)

    def wait(self, seconds: float = 0.1) -> None:
        wait(list(self._work.values()), timeout=seconds)

    def look(self) -> None:
        if self._stopping.is_set():
            raise Cancelled

    def stop(self) -> None:
        self._stopping.set()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        self._work.clear()

    def _perform(self, name: str, act: Callable[[], object]) -> None:
        self.look()
        began = time.monotonic()
        act()
        logger.debug("the indexer's work on %s took %.1f s", name, time.monotonic() - began)

    def _clear(self) -> None:
        for name, future in list(self._work.items()):
            if future.done():
                del self._work[name]
                self._note(name, None if future.cancelled() else future.exception())

    def _note(self, name: str, error: BaseException | None) -> None:
        if error is None or isinstance(error, Cancelled):
            self.forget(name)
            return
        failures = self._failures.get(name, 0) + 1
        self._failures[name] = failures
        self._not_before[name] = time.monotonic() + min(LONGEST_PAUSE, 0.5 * 2**failures)
        if isinstance(error, DiglotError):
            logger.warning("the indexer's work on %s failed: %s", name, error.message)
        else:
            logger.error("the indexer's work on %s failed", name, exc_info=error)
