"""Connections, and the one way to write.

`read` hands out a connection for queries; nothing read is held longer than the block. `write` runs a function inside a
transaction and returns only after the commit: on SQLite in one writer thread a process that commits what is queued
together (each function in its own savepoint), on PostgreSQL in a transaction of its own.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


class Database(Protocol):
    def read(self) -> AbstractContextManager[Connection]: ...

    def write(self, work: Callable[[Connection], T]) -> T: ...
