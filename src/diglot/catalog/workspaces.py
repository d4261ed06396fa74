"""Workspaces: whose datasets and keys these are."""

from sqlalchemy import Connection, insert, select

from diglot.catalog.tables import workspaces
from diglot.domain.identity import WorkspaceId, new_id, now_ms


def create(connection: Connection, name: str) -> WorkspaceId:
    workspace_id = WorkspaceId(new_id())
    connection.execute(insert(workspaces).values(id=workspace_id, name=name, created_at=now_ms()))
    return workspace_id


def by_name(connection: Connection, name: str) -> WorkspaceId | None:
    """The oldest of that name."""
    found = select(workspaces.c.id).where(workspaces.c.name == name).order_by(workspaces.c.id).limit(1)
    return connection.execute(found).scalar()


def name(connection: Connection, workspace_id: WorkspaceId) -> str:
    found = select(workspaces.c.name).where(workspaces.c.id == workspace_id)
    return str(connection.execute(found).scalar_one())


def any_exists(connection: Connection) -> bool:
    return connection.execute(select(workspaces.c.id).limit(1)).scalar() is not None


def lock(connection: Connection, workspace_id: WorkspaceId) -> None:
    """Till the end of the transaction nobody else gives names in it."""
    connection.execute(select(workspaces.c.id).where(workspaces.c.id == workspace_id).with_for_update(key_share=True))
