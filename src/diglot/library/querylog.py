"""What was asked is written down behind the answer: in batches, and not at all where too much is asked."""

import logging
import threading
from collections import deque
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from diglot.catalog import audit, queries
from diglot.catalog.database import Database
from diglot.catalog.queries import AskedQuery
from diglot.domain.api_key import Caller
from diglot.domain.identity import DAY_MS, ApiKeyId, UserId, new_id, now_ms
from diglot.domain.search import Hits, RetrievalPlan
from diglot.library.switches import Switches

log = logging.getLogger(__name__)

MOST_WAITING = 5000
BATCH = 500
PAUSE_SECONDS = 0.5
QUESTION_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Noted:
    """As it came from the request; names are looked up by the thread that writes."""

    at: int
    caller: Caller
    dialect: str
    operation: str
    plan: RetrievalPlan
    ms: float
    hits: int
    best_score: float | None


class QueryLog:
    """`note` costs a few microseconds and never waits. Thread-safe."""

    def __init__(self, database: Database, switches: Switches) -> None:
        self._database = database
        self._switches = switches
        self._waiting: deque[Noted] = deque()
        self._noted = threading.Event()
        self._ended = threading.Event()
        self._starting = threading.Lock()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    def note(
        self, caller: Caller, dialect: str, operation: str, plan: RetrievalPlan, found: Hits, seconds: float
    ) -> None:
        if len(self._waiting) >= MOST_WAITING:
            return
        best = found.hits[0].scores.final if found.hits else None
        noted = Noted(now_ms(), caller, dialect, operation, plan, seconds * 1000, len(found.hits), best)
        self._waiting.append(noted)
        self._noted.set()
        if self._thread is None:
            self._start()

    def flush(self) -> None:
        """What was noted is written, unless the log is switched off."""
        with self._writing:
            while self._waiting:
                self._write([self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))])

    def close(self) -> None:
        self._ended.set()
        self._noted.set()
        if self._thread is not None:
            self._thread.join()
        self._try_to_flush()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._ended.is_set():
                self._thread = threading.Thread(target=self._run, name="querylog", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._noted.wait()
            self._noted.clear()
            # Those who ask now share one commit.
            self._ended.wait(PAUSE_SECONDS)
            self._try_to_flush()

    def _try_to_flush(self) -> None:
        try:
            self.flush()
        except Exception:  # as the worker's loop: what cannot be written now is lost, the next may not be
            log.exception("questions cannot be written down")

    def _write(self, batch: list[Noted]) -> None:
        if self._switches.now().query_log_enabled:
            self._database.write(partial(_add, batch=batch))


def forget_old(database: Database, switches: Switches) -> None:
    """What is older than the installation keeps questions."""
    before = now_ms() - switches.now().query_log_days * DAY_MS
    while database.write(partial(queries.forget, before_ms=before)) >= 1000:
        pass


def _add(connection: Connection, batch: list[Noted]) -> None:
    actors: dict[tuple[UserId, ApiKeyId | None], tuple[str | None, str | None]] = {}
    for one in batch:
        who = one.caller.user_id, one.caller.key_id
        if who not in actors:
            actors[who] = audit.actor(connection, *who)
    queries.add(connection, [_row(one, *actors[one.caller.user_id, one.caller.key_id]) for one in batch])


def _row(noted: Noted, user_name: str | None, key_prefix: str | None) -> AskedQuery:
    plan = noted.plan
    return AskedQuery(
        id=new_id(),
        workspace_id=plan.workspace_id,
        at=noted.at,
        dialect=noted.dialect,
        operation=noted.operation,
        key_prefix=key_prefix,
        user_name=user_name,
        dataset_ids=list(plan.datasets),
        question=plan.question[:QUESTION_LENGTH],
        method=plan.settings.method,
        ms=round(noted.ms, 1),
        hits=noted.hits,
        best_score=noted.best_score,
    )
