"""The one thread of a process that writes to SQLite, committing together what waits together.

A commit costs a flush of the disk however much it holds. So functions that arrive while the last flush runs share the
next one; each runs in its own savepoint, so that one that fails takes nobody along, and every caller gets its answer
only after the commit. Between processes a file lock goes around BEGIN IMMEDIATE .. COMMIT.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, event

from diglot.catalog.failures import translated
from diglot.catalog.file_lock import FileLock
from diglot.domain.errors import CatalogUnusable, DiglotError, Overloaded

T = TypeVar("T")

LARGEST_GROUP = 256
GROUP_SECONDS = 0.005
TURN_SECONDS = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    work: Callable[[Connection], Any]
    answer: "Future[Any]" = field(default_factory=Future)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    call: Call
    result: Any = None
    error: BaseException | None = None

    def deliver(self) -> None:
        if self.error is None:
            self.call.answer.set_result(self.result)
        else:
            self.call.answer.set_exception(self.error)


class GroupCommit:
    """`engine` must keep exactly one connection, in autocommit mode: this class begins and commits by itself.

    A call that has waited `turn_seconds` without being begun is withdrawn and raises `Overloaded`.
    """

    def __init__(self, engine: Engine, lock: FileLock, turn_seconds: float = TURN_SECONDS) -> None:
        self._engine = engine
        self._lock = lock
        self._turn_seconds = turn_seconds
        self._calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False
        self._working = False
        event.listen(engine, "commit", self._refuse)
        event.listen(engine, "rollback", self._refuse)

    def write(self, work: Callable[[Connection], T]) -> T:
        if threading.current_thread() is self._thread:
            raise RuntimeError("write() inside a work function would wait for itself")
        call = Call(work)
        self._submit(call)
        try:
            return cast(T, call.answer.result(self._turn_seconds))
        except TimeoutError:
            return cast(T, _withdraw(call))

    def close(self) -> None:
        """Commits what was asked before, then stops."""
        with self._starting:
            self._closed = True
            self._calls.put(None)
        if self._thread is not None:
            self._thread.join()

    def _submit(self, call: Call) -> None:
        with self._starting:
            if self._closed:
                raise RuntimeError("the database is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="catalog-writer", daemon=True)
                self._thread.start()
            self._calls.put(call)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            self._commit_group(call)

    def _commit_group(self, first: Call) -> None:
        outcomes: list[Outcome] = []
        try:
            with self._lock, self._engine.connect() as connection:
                self._transaction(cast(sqlite3.Connection, connection.connection.driver_connection), first, outcomes)
        except Exception as error:  # noqa: BLE001  # whatever it was, everyone who waits must hear of it
            self._engine.dispose()
            outcomes = _all_failed(first, outcomes, error)
        for outcome in outcomes:
            outcome.deliver()

    def _transaction(self, raw: sqlite3.Connection, first: Call, outcomes: list[Outcome]) -> None:
        raw.execute("BEGIN IMMEDIATE")
        deadline = time.monotonic() + GROUP_SECONDS
        call: Call | None = first
        while call is not None:
            if call.answer.set_running_or_notify_cancel():
                outcomes.append(Outcome(call))
                outcomes[-1] = self._attempt(raw, call)
            call = self._next(len(outcomes), deadline)
        raw.execute("COMMIT")

    def _next(self, done: int, deadline: float) -> Call | None:
        if done >= LARGEST_GROUP or time.monotonic() > deadline:
            return None
        try:
            call = self._calls.get_nowait()
        except queue.Empty:
            return None
        if call is None:
            # Back it goes: the thread stops after this group.
            self._calls.put(None)
        return call

    def _attempt(self, raw: sqlite3.Connection, call: Call) -> Outcome:
        raw.execute("SAVEPOINT work")
        try:
            outcome = Outcome(call, self._perform(call.work))
        except BaseException as error:  # it belongs to the caller, who gets it after the commit
            if not raw.in_transaction:
                # SQLite itself gave up the whole transaction, and with it the others' work.
                raise
            raw.execute("ROLLBACK TO work")
            outcome = Outcome(call, error=error)
        raw.execute("RELEASE work")
        return outcome

    def _perform(self, work: Callable[[Connection], Any]) -> Any:
        with self._engine.connect() as connection:
            connection.begin()
            self._working = True
            try:
                return work(connection)
            finally:
                self._working = False

    def _refuse(self, connection: Connection) -> None:
        if self._working:
            raise RuntimeError("a work function neither commits nor rolls back")


def _withdraw(call: Call) -> Any:
    if call.answer.cancel():
        raise Overloaded("The catalog is busy; nothing was written.")
    # It has begun, so only its outcome is the truth.
    return call.answer.result()


def _all_failed(first: Call, outcomes: list[Outcome], error: Exception) -> list[Outcome]:
    """One error object each: several threads raising the same one would mix their tracebacks."""
    if not outcomes and first.answer.set_running_or_notify_cancel():
        outcomes = [Outcome(first)]
    return [replace(outcome, error=_failure(error)) for outcome in outcomes]


def _failure(error: Exception) -> DiglotError:
    failure = translated(error) or CatalogUnusable(f"The catalog's database says: {error}")
    failure.__cause__ = error
    return failure
