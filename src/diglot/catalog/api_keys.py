"""API keys' rows. What a key's text is and how it is hashed, `library.keys` knows."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from diglot.catalog.tables import api_keys
from diglot.domain.api_key import ApiKey, Scope
from diglot.domain.identity import ApiKeyId, UserId, WorkspaceId


def add(connection: Connection, key: ApiKey) -> None:
    stored = asdict(key)
    stored["scopes"] = sorted(key.scopes)
    stored["datasets"] = None if key.datasets is None else sorted(key.datasets)
    connection.execute(insert(api_keys).values(stored))


def by_prefix(connection: Connection, prefix: str) -> list[ApiKey]:
    """Keys of every workspace: who calls is not known yet."""
    return [_key(row) for row in connection.execute(select(api_keys).where(api_keys.c.prefix == prefix))]


def get(connection: Connection, workspace_id: WorkspaceId, key_id: ApiKeyId) -> ApiKey | None:
    found = select(api_keys).where(api_keys.c.workspace_id == workspace_id, api_keys.c.id == key_id)
    row = connection.execute(found).one_or_none()
    return None if row is None else _key(row)


def every(connection: Connection, workspace_id: WorkspaceId) -> list[ApiKey]:
    """Oldest first."""
    found = select(api_keys).where(api_keys.c.workspace_id == workspace_id).order_by(api_keys.c.id)
    return [_key(row) for row in connection.execute(found)]


def disable(connection: Connection, workspace_id: WorkspaceId, key_id: ApiKeyId, now: int) -> bool:
    """False if there is no such key. The first time stays."""
    mine = (api_keys.c.workspace_id == workspace_id) & (api_keys.c.id == key_id)
    connection.execute(update(api_keys).where(mine, api_keys.c.disabled_at.is_(None)).values(disabled_at=now))
    return connection.execute(select(api_keys.c.id).where(mine)).scalar() is not None


def page(connection: Connection, workspace_id: WorkspaceId, after: str, limit: int) -> list[ApiKey]:
    """Oldest first; `after` is the id that the page before ended with, or empty."""
    mine = (api_keys.c.workspace_id == workspace_id) & (api_keys.c.id > after)
    return [_key(row) for row in connection.execute(select(api_keys).where(mine).order_by(api_keys.c.id).limit(limit))]


def change(connection: Connection, key_id: ApiKeyId, **columns: Any) -> None:
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(columns))


def remove(connection: Connection, key_id: ApiKeyId) -> None:
    connection.execute(delete(api_keys).where(api_keys.c.id == key_id))


def disable_all(connection: Connection, user_id: UserId, now: int) -> None:
    """The user's."""
    mine = (api_keys.c.user_id == user_id) & api_keys.c.disabled_at.is_(None)
    connection.execute(update(api_keys).where(mine).values(disabled_at=now))


def note_use(connection: Connection, key_id: ApiKeyId, now: int, unless_since: int, address: str | None) -> None:
    """Writes when and from where the key was used, unless that was written since `unless_since`."""
    stale = or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < unless_since)
    connection.execute(
        update(api_keys).where(api_keys.c.id == key_id, stale).values(last_used_at=now, last_used_ip=address)
    )


def _key(row: Row[Any]) -> ApiKey:
    fields = dict(row._mapping)
    fields["scopes"] = frozenset(Scope(scope) for scope in fields["scopes"])
    fields["datasets"] = None if fields["datasets"] is None else frozenset(fields["datasets"])
    return ApiKey(**fields)
