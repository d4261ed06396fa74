"""Users: in whose name things are created."""

from sqlalchemy import Connection, insert, select

from diglot.catalog.tables import users
from diglot.domain.identity import UserId, WorkspaceId, new_id, now_ms


def create(connection: Connection, workspace_id: WorkspaceId, name: str, role: str) -> UserId:
    user_id = UserId(new_id())
    connection.execute(
        insert(users).values(id=user_id, workspace_id=workspace_id, name=name, role=role, created_at=now_ms())
    )
    return user_id


def owner(connection: Connection, workspace_id: WorkspaceId) -> UserId | None:
    """The workspace's first owner."""
    found = (
        select(users.c.id)
        .where(users.c.workspace_id == workspace_id, users.c.role == "owner")
        .order_by(users.c.id)
        .limit(1)
    )
    return connection.execute(found).scalar()


def names(connection: Connection, workspace_id: WorkspaceId) -> dict[UserId, str]:
    """Every user's name."""
    rows = connection.execute(select(users.c.id, users.c.name).where(users.c.workspace_id == workspace_id))
    return {row.id: row.name for row in rows}
