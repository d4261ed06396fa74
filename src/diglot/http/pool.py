"""Threads for what may block, and a bound on how much may wait for them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from diglot.domain.errors import Overloaded

T = TypeVar("T")

THREADS = 16
MOST_WAITING = 1000
RETRY_SECONDS = 1


class Pool:
    """For one event loop."""

    def __init__(self, threads: int = THREADS, most_waiting: int = MOST_WAITING) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="http")
        self._most = threads + most_waiting
        self._under_way = 0

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work` in a thread. `Overloaded` at once rather than an endless wait."""
        if self._under_way >= self._most:
            raise Overloaded(retry_after=RETRY_SECONDS)
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._under_way -= 1

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
