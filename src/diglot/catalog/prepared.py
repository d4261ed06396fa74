"""Statements of the hottest reads, compiled once for good.

SQLAlchemy's own cache spares the compiling, not the way there: a point read on SQLite costs 13 µs in the driver and 45
through `Connection.execute`, and begins a transaction on top. On PostgreSQL, where the round trip outweighs that and a
broken connection must be noticed by its pool, statements take the usual way.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Select

from diglot.catalog.failures import translated

Processor = Callable[[Any], Any]


class Compiled(NamedTuple):
    text: str
    order: tuple[str, ...]
    processors: tuple[tuple[int, Processor], ...]


class Prepared:
    """A select whose parameters are all plain `bindparam`s."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._compiled: WeakKeyDictionary[Dialect, Compiled] = WeakKeyDictionary()

    def one(self, connection: Connection, parameters: Mapping[str, Any]) -> Sequence[Any] | None:
        rows = self.all(connection, parameters)
        return rows[0] if rows else None

    def all(self, connection: Connection, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, parameters).all()
        compiled = self._compiled.get(connection.dialect) or self._compile(connection.dialect)
        raw = cast(sqlite3.Connection, connection.connection.driver_connection)
        try:
            rows = raw.execute(compiled.text, [parameters[name] for name in compiled.order]).fetchall()
        except (sqlite3.Error, UnicodeEncodeError) as error:
            raise (translated(error) or error) from error
        return [_processed(row, compiled.processors) for row in rows]

    def _compile(self, dialect: Dialect) -> Compiled:
        compiled = self._statement.compile(dialect=dialect)
        found = [
            (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
            for place, column in enumerate(self._statement.selected_columns)
        ]
        processors = tuple((place, one) for place, one in found if one is not None)
        made = Compiled(str(compiled), tuple(compiled.positiontup or ()), processors)
        self._compiled[dialect] = made
        return made


def _processed(row: Sequence[Any], processors: Sequence[tuple[int, Processor]]) -> list[Any]:
    """The values as the columns' types have them: SQLite knows neither booleans nor JSON."""
    values = list(row)
    for place, process in processors:
        values[place] = process(values[place])
    return values
