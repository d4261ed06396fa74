"""The catalog in a SQLite file: readers of their own, one writer, and a watch on the file's version."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, Pool, QueuePool, StaticPool, create_engine, event

from diglot.catalog.encoding import from_json, to_json
from diglot.catalog.failures import refuse_nul, translate_failures
from diglot.catalog.file_lock import FileLock
from diglot.catalog.filesystem import refuse_network_filesystem
from diglot.catalog.group_commit import GroupCommit

T = TypeVar("T")

READERS_KEPT = 16
POLL_SECONDS = 0.02
PRAGMAS = (
    "busy_timeout=30000",
    "journal_mode=WAL",
    # NORMAL would lose the last acknowledged commits at a power cut; on macOS a plain flush stops in the drive's cache.
    "synchronous=FULL",
    "fullfsync=ON",
    "checkpoint_fullfsync=ON",
    "foreign_keys=ON",
    f"mmap_size={256 << 20}",
    f"journal_size_limit={64 << 20}",
)


class SqliteDatabase:
    def __init__(self, path: Path) -> None:
        refuse_network_filesystem(path.parent)
        self._process = os.getpid()
        self._closed = False
        self._readers = reading_engine(path)
        self._writing = writing_engine(path)
        self._lock = FileLock(path)
        self._writer = GroupCommit(self._writing, self._lock)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._check_usable()
        with self._readers.connect() as connection:
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        self._check_usable()
        return self._writer.write(work)

    def watch(self) -> "SqliteWatch":
        self._check_usable()
        return SqliteWatch(self._readers)

    def close(self) -> None:
        if self._closed or self._process != os.getpid():
            return
        self._closed = True
        self._writer.close()
        self._lock.close()
        self._writing.dispose()
        self._readers.dispose()

    def _check_usable(self) -> None:
        if self._closed:
            raise RuntimeError("the database is closed")
        if self._process != os.getpid():
            raise RuntimeError("a forked process must open the database anew")


class SqliteWatch:
    """`PRAGMA data_version` changes with every commit of another connection, and this one never commits."""

    def __init__(self, readers: Engine) -> None:
        self._connection = readers.connect()
        self._using = threading.Lock()
        self._closed = threading.Event()
        self._seen = self._version()

    def wait(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._has_changed():
            left = deadline - time.monotonic()
            if left <= 0 or self._closed.wait(min(left, POLL_SECONDS)):
                return False
        return True

    def close(self) -> None:
        with self._using:
            self._closed.set()
            self._connection.close()

    def _has_changed(self) -> bool:
        with self._using:
            if self._closed.is_set():
                return False
            before, self._seen = self._seen, self._version()
        return self._seen != before

    def _version(self) -> int:
        raw = cast(sqlite3.Connection, self._connection.connection.driver_connection)
        return int(raw.execute("PRAGMA data_version").fetchone()[0])


def reading_engine(path: Path) -> Engine:
    engine = _engine(path, QueuePool, pool_size=READERS_KEPT, max_overflow=-1, pool_use_lifo=True)
    event.listen(engine, "connect", _read_only)
    return engine


def writing_engine(path: Path) -> Engine:
    """Exactly one connection, used by one thread at a time; whoever has it begins and commits by hand."""
    engine = _engine(path, StaticPool)
    refuse_nul(engine)
    return engine


def _engine(path: Path, pool: type[Pool], **options: Any) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=pool,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        connect_args={"check_same_thread": False, "cached_statements": 512, "timeout": 30.0},
        json_serializer=to_json,
        json_deserializer=from_json,
        # People's texts: errors get logged.
        hide_parameters=True,
        **options,
    )
    event.listen(engine, "connect", _prepare)
    translate_failures(engine)
    return engine


def _prepare(connection: Any, record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _read_only(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")
