"""The catalog in PostgreSQL: one pool of connections, a transaction a write, and a doorbell for those who wait."""

import os
import random
import select
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc

from diglot.catalog.encoding import from_json, to_json
from diglot.catalog.failures import translate_failures
from diglot.domain.errors import CatalogUnusable, Overloaded

T = TypeVar("T")

CONNECTIONS_KEPT = 8
CONNECTIONS_AT_MOST = 24
TRIES = 8
# serialization_failure, deadlock_detected
REPEATABLE = ("40001", "40P01")
CHANNEL = "diglot"
SLICE_SECONDS = 0.5
RING_SECONDS = 0.01
CONNECT: dict[str, Any] = {"connect_timeout": 10, "application_name": "diglot"}
SESSION = (
    "SET lock_timeout = '30s'",
    # A frozen process must not keep its row locks: work functions never pause.
    "SET idle_in_transaction_session_timeout = '20s'",
    # Whatever the server's default: a commit that is answered is on disk.
    "SET synchronous_commit = 'on'",
)


class PostgresDatabase:
    def __init__(self, url: URL) -> None:
        self._process = os.getpid()
        self._closed = False
        self._engine = connecting_engine(url)
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._doorbell = Doorbell(self._engine)
        self._inside = threading.local()
        event.listen(self._engine, "commit", self._refuse)
        event.listen(self._engine, "rollback", self._refuse)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._check_usable()
        with connected(self._reading) as connection:
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        self._check_usable()
        if getattr(self._inside, "writing", False):
            raise RuntimeError("write() inside a work function could wait for itself")
        self._inside.writing = True
        try:
            result = self._repeat(work)
        finally:
            self._inside.writing = False
        self._doorbell.ring()
        return result

    def watch(self) -> "PostgresWatch":
        self._check_usable()
        return PostgresWatch(self._engine)

    def close(self) -> None:
        if self._closed or self._process != os.getpid():
            return
        self._closed = True
        self._doorbell.close()
        self._engine.dispose()

    def _check_usable(self) -> None:
        if self._closed:
            raise RuntimeError("the database is closed")
        if self._process != os.getpid():
            raise RuntimeError("a forked process must open the database anew")

    def _repeat(self, work: Callable[[Connection], T]) -> T:
        for attempt in range(1, TRIES):
            try:
                return self._once(work)
            except (Unreachable, exc.DBAPIError) as error:
                if not _is_worth_repeating(error):
                    raise
            time.sleep(random.uniform(0, 0.005 * 2**attempt))
        return self._once(work)

    def _once(self, work: Callable[[Connection], T]) -> T:
        with connected(self._engine) as connection:
            result = self._perform(connection, work)
            try:
                connection.commit()
            except exc.DBAPIError as error:
                if _state(error) in REPEATABLE:
                    raise
                raise CatalogUnusable("The database was lost during a commit: it may have happened or not.") from error
            return result

    def _perform(self, connection: Connection, work: Callable[[Connection], T]) -> T:
        connection.begin()
        self._inside.connection = connection
        try:
            return work(connection)
        finally:
            self._inside.connection = None

    def _refuse(self, connection: Connection) -> None:
        if getattr(self._inside, "connection", None) is connection:
            # SQLAlchemy takes the transaction for ended whatever happens here.
            connection.connection.rollback()
            raise RuntimeError("a work function neither commits nor rolls back")


class Unreachable(CatalogUnusable):
    """The catalog's database cannot be reached."""


class Doorbell:
    """Tells other processes of commits, by NOTIFY after them.

    NOTIFY inside the writing transaction would take a lock on the whole server until that transaction is on disk, and
    so make all commits wait for one another. What is lost when a process dies in between is found by the watch's net.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wanted = threading.Event()
        self._closed = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        self._wanted.set()
        if self._thread is None:
            self._start()

    def close(self) -> None:
        self._closed.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="catalog-doorbell", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._closed.is_set():
            with suppress(psycopg.Error), own_connection(self._engine) as connection:
                self._notify_all(connection)
            self._closed.wait(SLICE_SECONDS)

    def _notify_all(self, connection: "psycopg.Connection[Any]") -> None:
        while self._wanted.wait() and not self._closed.is_set():
            self._wanted.clear()
            connection.execute(f"NOTIFY {CHANNEL}")
            self._closed.wait(RING_SECONDS)


class PostgresWatch:
    """Listens; and, should a notification be lost, compares snapshots: any commit changes the list of those running."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._closed = threading.Event()
        self._using = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None
        self._seen = ""
        self._connect()

    def wait(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._closed.is_set():
            left = max(0.0, deadline - time.monotonic())
            try:
                if self._has_changed(min(left, SLICE_SECONDS)):
                    return True
            except psycopg.Error:
                self._disconnect()
                self._closed.wait(min(left, SLICE_SECONDS))
            if left == 0.0:
                break
        return False

    def close(self) -> None:
        """Ends a `wait` of another thread within a moment."""
        self._closed.set()
        with self._using:
            self._disconnect()

    def _has_changed(self, seconds: float) -> bool:
        with self._using:
            if self._connection is None:
                # Whatever was committed meanwhile was not heard.
                self._connect()
                return True
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
            before, self._seen = self._seen, _snapshot(self._connection)
        return self._seen != before

    def _connect(self) -> None:
        self._connection = own_connection(self._engine)
        self._connection.execute(f"LISTEN {CHANNEL}")
        self._seen = _snapshot(self._connection)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def connecting_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=CONNECTIONS_KEPT,
        max_overflow=CONNECTIONS_AT_MOST - CONNECTIONS_KEPT,
        pool_timeout=30.0,
        pool_use_lifo=True,
        isolation_level="READ COMMITTED",
        skip_autocommit_rollback=True,
        connect_args=dict(CONNECT),
        json_serializer=to_json,
        json_deserializer=from_json,
        # People's texts: errors get logged.
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkout", _refuse_dead)
    translate_failures(engine)
    return engine


def own_connection(engine: Engine) -> "psycopg.Connection[Any]":
    """A connection outside the pool, in autocommit mode: the caller closes it."""
    arguments, options = engine.dialect.create_connect_args(engine.url)
    return psycopg.connect(*arguments, **{**options, **CONNECT, "autocommit": True})


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """`Unreachable`, or `Overloaded` when none is free for half a minute."""
    try:
        connection = engine.connect()
    except exc.TimeoutError as error:
        raise Overloaded("The catalog is busy; nothing was written.") from error
    except exc.OperationalError as error:
        raise Unreachable(f"The catalog's database cannot be reached: {error.orig}") from error
    with connection:
        yield connection


def _prepare(connection: "psycopg.Connection[Any]", record: Any) -> None:
    for statement in SESSION:
        connection.execute(statement)
    connection.commit()


def _refuse_dead(connection: "psycopg.Connection[Any]", record: Any, proxy: Any) -> None:
    # Nobody speaks to an idle connection but a server that ends it: this asks the kernel, not the server.
    if _has_input(connection.fileno()):
        raise exc.InvalidatePoolError


def _has_input(descriptor: int) -> bool:
    if sys.platform == "win32":
        return bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _snapshot(connection: "psycopg.Connection[Any]") -> str:
    row = connection.execute("SELECT pg_current_snapshot()::text").fetchone()
    return str(row and row[0])


def _is_worth_repeating(error: Unreachable | exc.DBAPIError) -> bool:
    if isinstance(error, Unreachable):
        return True
    return _state(error) in REPEATABLE or error.connection_invalidated


def _state(error: exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
