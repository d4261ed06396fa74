"""What was asked, day by day and one by one, and who did what."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from diglot.catalog import audit, queries
from diglot.catalog.audit import Entry
from diglot.catalog.database import Database
from diglot.catalog.queries import AskedQuery, Lasted, Place
from diglot.domain.api_key import Caller, Scope
from diglot.domain.identity import DAY_MS, DatasetId, now_ms
from diglot.library.access import require, require_everything
from diglot.library.jobs import require_open


@dataclass(frozen=True, slots=True)
class Sum:
    """`p50_ms` and `p95_ms`: as long half and 95 of 100 questions took at most; None where nobody asked."""

    queries: int
    zero_hits: int
    p50_ms: int | None
    p95_ms: int | None
    documents: int


@dataclass(frozen=True, slots=True)
class Report:
    """`days`: dates in UTC, the oldest first, each day there."""

    days: dict[str, Sum]
    total: Sum


class Usage:
    def __init__(self, database: Database) -> None:
        self._database = database

    def report(self, caller: Caller, days: int) -> Report:
        """Today is the last day."""
        require_everything(caller, Scope.READ)
        today = now_ms() // DAY_MS
        first = today - days + 1
        with self._database.read() as connection:
            lasted = queries.lasted(connection, caller.workspace_id, first * DAY_MS)
            added = queries.documents_added(connection, caller.workspace_id, first * DAY_MS)
        by_day: dict[int, list[Lasted]] = {day: [] for day in range(first, today + 1)}
        for one in lasted:
            by_day.setdefault(one.day, []).append(one)
        return Report(
            {_date(day): _sum(found, added.get(day, 0)) for day, found in sorted(by_day.items())},
            _sum(lasted, sum(added.values())),
        )

    def queries(
        self,
        caller: Caller,
        *,
        dataset_id: DatasetId | None = None,
        zero_hits: bool = False,
        before: Place | None = None,
        limit: int = 50,
    ) -> tuple[list[AskedQuery], Place | None]:
        """Newest first, and where the next page begins. Others' questions are for those who look after a dataset: the
        scope `write`; of all datasets at once not for a key that is restricted. `DatasetNotFound`, `ApiDisabled`."""
        require(caller, Scope.WRITE)
        if dataset_id is None:
            require_everything(caller, Scope.WRITE)
        with self._database.read() as connection:
            if dataset_id is not None:
                require_open(connection, caller, dataset_id)
            found = queries.page(
                connection,
                caller.workspace_id,
                dataset_id=dataset_id,
                zero_hits=zero_hits,
                before=before,
                limit=limit + 1,
            )
        shown = found[:limit]
        return shown, (shown[-1].at, shown[-1].id) if len(found) > limit else None

    def audit(
        self, caller: Caller, *, before: Place | None = None, limit: int = 50
    ) -> tuple[list[Entry], Place | None]:
        """Newest first, and where the next page begins."""
        require_everything(caller, Scope.ADMIN)
        with self._database.read() as connection:
            found = audit.page(connection, caller.workspace_id, before, limit + 1)
        shown = found[:limit]
        return shown, (shown[-1].at, shown[-1].id) if len(found) > limit else None


def _sum(lasted: Iterable[Lasted], documents: int) -> Sum:
    by_ms: Counter[int] = Counter()
    zero_hits = 0
    for one in lasted:
        by_ms[one.ms] += one.count
        zero_hits += one.zero_hits
    return Sum(by_ms.total(), zero_hits, _percentile(by_ms, 0.5), _percentile(by_ms, 0.95), documents)


def _percentile(by_ms: Counter[int], share: float) -> int | None:
    """The nearest rank: the least time that so many of them kept to."""
    left = math.ceil(share * by_ms.total())
    for ms in sorted(by_ms):
        left -= by_ms[ms]
        if left <= 0:
            return ms
    return None


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY_MS / 1000, UTC).date().isoformat()
