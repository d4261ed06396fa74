"""How the installation stands: room, counts, what is installed beside it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from diglot.catalog import datasets, queue
from diglot.catalog.database import Database
from diglot.catalog.datasets import Totals
from diglot.domain.api_key import Caller, Scope
from diglot.domain.identity import now_ms
from diglot.domain.job import JobState
from diglot.library.access import require
from diglot.library.jobs import sight_of
from diglot.ports.ocr import Ocr


@dataclass(frozen=True, slots=True)
class State:
    """Counts are of what the caller may see; sizes are bytes of the disk that holds the data folder."""

    started_at: int
    free: int
    total: int
    counts: Totals
    queued: int
    has_ocr: bool
    reads_legacy: bool


class Standing:
    def __init__(self, database: Database, folder: Path, ocr: Ocr, *, reads_legacy: Callable[[], bool]) -> None:
        self._database = database
        self._folder = folder
        self._ocr = ocr
        self._reads_legacy = reads_legacy
        self._started_at = now_ms()

    def now(self, caller: Caller) -> State:
        require(caller, Scope.READ)
        usage = shutil.disk_usage(self._folder)
        sight = sight_of(caller)
        with self._database.read() as connection:
            counts = datasets.totals(connection, caller.workspace_id, caller.datasets)
            queued = queue.counts(connection, sight, (JobState.QUEUED,))[JobState.QUEUED]
        return State(
            started_at=self._started_at,
            free=usage.free,
            total=usage.total,
            counts=counts,
            queued=queued,
            has_ocr=self._ocr.missing() is None,
            reads_legacy=self._reads_legacy(),
        )
