"""What the installation itself must remember: the pepper, switches. Values are whatever JSON holds."""

from typing import Any

from sqlalchemy import Connection, delete, select

from diglot.catalog import tables
from diglot.catalog.upsert import insert_into


def get(connection: Connection, name: str) -> Any:
    """None if it was never put."""
    wanted = select(tables.settings.c.value).where(tables.settings.c.name == name)
    return connection.execute(wanted).scalar_one_or_none()


def put(connection: Connection, name: str, value: Any) -> None:
    insert = insert_into(connection, tables.settings).values(name=name, value=value)
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"value": insert.excluded.value}))


def lock(connection: Connection, name: str) -> None:
    """Till the end of the transaction nobody else who locks it goes on. There must be a value."""
    connection.execute(select(tables.settings.c.name).where(tables.settings.c.name == name).with_for_update())


def drop(connection: Connection, name: str) -> None:
    connection.execute(delete(tables.settings).where(tables.settings.c.name == name))


def keep_first(connection: Connection, name: str, value: Any) -> Any:
    """Puts the value unless there is one; whatever stands there then. Of several processes one wins."""
    insert = insert_into(connection, tables.settings).values(name=name, value=value)
    connection.execute(insert.on_conflict_do_nothing(index_elements=["name"]))
    return get(connection, name)
