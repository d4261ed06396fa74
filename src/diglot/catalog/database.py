"""Connections, and the one way to write.

`read` hands out a connection for queries; nothing read is held longer than the block. `write` runs a function inside a
transaction and returns only after the commit: on SQLite in one writer thread a process that commits what is queued
together (each function in its own savepoint), on PostgreSQL in a transaction of its own.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from diglot.catalog.location import location
from diglot.catalog.migrations import migrate

__all__ = ["Database", "Watch", "migrate", "open_database"]

T = TypeVar("T")


class Watch(Protocol):
    """Tells whether something was committed since it was made or last asked. For one thread."""

    def wait(self, seconds: float) -> bool:
        """True as soon as anyone, in any process, has committed (now and then also when nobody has); False when
        `seconds` pass or `close` is called from another thread."""

    def close(self) -> None: ...


class Database(Protocol):
    """Thread-safe. A process that was forked after `open_database` must open its own; using this one there raises."""

    def read(self) -> AbstractContextManager[Connection]:
        """Each statement sees what is committed when it starts. Writing raises on SQLite."""

    def write(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in a transaction and returns its result once that is on disk. When it raises, nothing that it
        did remains. `work` must be short, pure SQL, must not commit nor call `write`, and may run more than once.

        `DiskFull`, `Overloaded` (no turn within half a minute: nothing was written), `InvalidArgument` (text or
        numbers that no database takes), `CatalogUnusable`; other errors are those of `work` and of SQLAlchemy.
        """

    def watch(self) -> Watch: ...

    def close(self) -> None: ...


def open_database(url: str) -> Database:
    """`sqlite:///path` or `postgresql://...`, with its tables (`migrate`). `CatalogUnusable` if it is not fit."""
    where = location(url)
    if isinstance(where, Path):
        from diglot.catalog.sqlite import SqliteDatabase

        return SqliteDatabase(where)
    # psycopg is an optional dependency.
    from diglot.catalog.postgres import PostgresDatabase

    return PostgresDatabase(where)
