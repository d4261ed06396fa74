"""Attempts that failed. What they are counted by, and what follows from it, `library.attempts` knows."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, select

from diglot.catalog.tables import attempts
from diglot.catalog.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` attempts, the last of them at `last`; from `until` on they do not matter."""

    count: int
    last: int
    until: int


_NAMED = select(attempts.c.name, attempts.c.count, attempts.c.last, attempts.c.until)


def get(connection: Connection, names: Collection[bytes]) -> dict[bytes, Tally]:
    """Those that are known."""
    return _tallies(connection, _NAMED.where(attempts.c.name.in_(names)))


def lock(connection: Connection, names: Collection[bytes]) -> dict[bytes, Tally]:
    """All of them, also those that were not known: till the end of the transaction nobody else counts them."""
    unknown = dict.fromkeys(sorted(names), Tally(0, 0, 0))
    insert = insert_into(connection, attempts).values(_rows(unknown))
    connection.execute(insert.on_conflict_do_nothing(index_elements=["name"]))
    wanted = _NAMED.where(attempts.c.name.in_(names)).order_by(attempts.c.name)
    # One that was known may have been removed in between.
    return unknown | _tallies(connection, wanted.with_for_update())


def put(connection: Connection, tallies: Mapping[bytes, Tally]) -> None:
    insert = insert_into(connection, attempts).values(_rows(tallies))
    changed = {column.name: column for column in insert.excluded if not column.primary_key}
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=changed))


def drop(connection: Connection, names: Collection[bytes]) -> None:
    connection.execute(delete(attempts).where(attempts.c.name.in_(names)))


def forget(connection: Connection, now: int, most: int, limit: int = 1000) -> int:
    """Removes those that do not matter any more, and beyond `most` those that will matter least long; how many: fewer
    than `limit` means that none is left."""
    past = select(attempts.c.name).where(attempts.c.until <= now).limit(limit)
    beyond = select(attempts.c.name).order_by(attempts.c.until.desc()).offset(most).limit(limit)
    return sum(
        connection.execute(delete(attempts).where(attempts.c.name.in_(some))).rowcount for some in (past, beyond)
    )


def _rows(tallies: Mapping[bytes, Tally]) -> list[dict[str, Any]]:
    return [{"name": name, **asdict(one)} for name, one in tallies.items()]


def _tallies(connection: Connection, wanted: Select[bytes, int, int, int]) -> dict[bytes, Tally]:
    return {name: Tally(count, last, until) for name, count, last, until in connection.execute(wanted)}
