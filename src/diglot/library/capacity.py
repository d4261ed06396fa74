"""Whether there is room for one more document: refused before it is accepted, not lost after."""

import shutil
import time
from pathlib import Path

from diglot.catalog import jobs
from diglot.catalog.database import Database
from diglot.domain.errors import DiskFull, QueueFull

RETRY_SECONDS = 5
FRESH_SECONDS = 1.0
SMALL_DISK_SHARE = 0.05


class Capacity:
    """Free disk and the length of the queue, looked at once a second at most."""

    def __init__(self, database: Database, folder: Path, *, disk_reserve_bytes: int, queue_limit: int) -> None:
        self._database = database
        self._folder = folder
        self._disk_reserve_bytes = disk_reserve_bytes
        self._queue_limit = queue_limit
        self._waiting = 0
        self._counted_at = float("-inf")

    def require(self) -> None:
        """`DiskFull` or `QueueFull`, whose fact `retry_after` is in seconds."""
        if self._disk_is_full():
            raise DiskFull
        if self.waiting() >= self._queue_limit:
            raise QueueFull(retry_after=RETRY_SECONDS)

    def _disk_is_full(self) -> bool:
        if not self._disk_reserve_bytes:
            return False
        usage = shutil.disk_usage(self._folder)
        # On a small disk the whole reserve would be too much to ask.
        return usage.free < min(self._disk_reserve_bytes, usage.total * SMALL_DISK_SHARE)

    def waiting(self) -> int:
        """How many jobs wait for a worker, as of the last second."""
        now = time.monotonic()
        if now - self._counted_at > FRESH_SECONDS:
            self._counted_at = now
            with self._database.read() as connection:
                self._waiting = jobs.depth(connection)
        return self._waiting
