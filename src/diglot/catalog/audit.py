"""Who did what. Rows are added and never changed; the oldest are removed."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from diglot.catalog import tables
from diglot.catalog.queries import Place, earlier
from diglot.catalog.tables import api_keys, users
from diglot.domain.identity import ApiKeyId, UserId, WorkspaceId


@dataclass(frozen=True, slots=True)
class Entry:
    """`result`: done or refused. Names are those of the time."""

    id: str
    workspace_id: WorkspaceId | None
    at: int
    actor_id: UserId | None
    actor_name: str | None
    key_prefix: str | None
    ip: str | None
    verb: str
    kind: str
    object_id: str | None
    object_name: str | None
    result: str
    request_id: str | None


def add(connection: Connection, *entries: Entry) -> None:
    connection.execute(insert(tables.audit), [asdict(entry) for entry in entries])


def actor(connection: Connection, user_id: UserId, key_id: ApiKeyId | None) -> tuple[str | None, str | None]:
    """The user's name, and what is shown of the key."""
    name = connection.execute(select(users.c.name).where(users.c.id == user_id)).scalar()
    if key_id is None:
        return name, None
    return name, connection.execute(select(api_keys.c.prefix).where(api_keys.c.id == key_id)).scalar()


def page(connection: Connection, workspace_id: WorkspaceId, before: Place | None, limit: int) -> list[Entry]:
    """Newest first; `before`: the last one of the page before."""
    wanted = [tables.audit.c.workspace_id == workspace_id]
    if before is not None:
        wanted.append(earlier(tables.audit.c.at, tables.audit.c.id, before))
    columns = [tables.audit.c[name] for name in Entry.__slots__]
    listing = select(*columns).where(*wanted).order_by(tables.audit.c.at.desc(), tables.audit.c.id.desc())
    return [Entry(*row) for row in connection.execute(listing.limit(limit))]


def forget(connection: Connection, before_ms: int, limit: int = 1000) -> int:
    """Removes what was done before that time; how many: fewer than `limit` means that none is left."""
    old = select(tables.audit.c.id).where(tables.audit.c.at < before_ms).order_by(tables.audit.c.at).limit(limit)
    return connection.execute(delete(tables.audit).where(tables.audit.c.id.in_(old))).rowcount
