"""Users: in whose name things are created, and who may log in."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, insert, select, update

from diglot.catalog.tables import users
from diglot.domain.account import Member, Role
from diglot.domain.identity import UserId, WorkspaceId, new_id, now_ms

_MEMBER = [users.c[name] for name in Member.__slots__]
_IS_THERE = users.c.deleted_at.is_(None)
_HAS_PASSWORD = and_(users.c.login.is_not(None), users.c.password_hash.is_not(None))
_IS_ACTIVE = and_(_IS_THERE, users.c.disabled_at.is_(None))


class Account(NamedTuple):
    """`hashed` is the password's hash, None for those who have none."""

    member: Member
    hashed: str | None


def create(
    connection: Connection,
    workspace_id: WorkspaceId,
    name: str,
    role: str,
    *,
    login: str | None = None,
    hashed: str | None = None,
) -> UserId:
    user_id = UserId(new_id())
    columns = {"workspace_id": workspace_id, "name": name, "role": role, "login": login, "password_hash": hashed}
    connection.execute(insert(users).values(id=user_id, created_at=now_ms(), **columns))
    return user_id


def owner(connection: Connection, workspace_id: WorkspaceId) -> UserId | None:
    """The workspace's first owner."""
    found = (
        select(users.c.id)
        .where(users.c.workspace_id == workspace_id, users.c.role == Role.OWNER, _IS_ACTIVE)
        .order_by(users.c.id)
        .limit(1)
    )
    return connection.execute(found).scalar()


def names(connection: Connection, workspace_id: WorkspaceId) -> dict[UserId, str]:
    """Every user's name, also of those who are gone."""
    rows = connection.execute(select(users.c.id, users.c.name).where(users.c.workspace_id == workspace_id))
    return {row.id: row.name for row in rows}


def get(connection: Connection, workspace_id: WorkspaceId, user_id: UserId) -> Account | None:
    mine = and_(users.c.workspace_id == workspace_id, users.c.id == user_id, _IS_THERE)
    return _account(connection.execute(select(*_MEMBER, users.c.password_hash).where(mine)).one_or_none())


def by_login(connection: Connection, login: str) -> Account | None:
    """Of any workspace: who logs in is not known yet. Not those who are disabled."""
    found = select(*_MEMBER, users.c.password_hash).where(users.c.login == login, _IS_ACTIVE)
    return _account(connection.execute(found).one_or_none())


def is_taken(connection: Connection, login: str) -> bool:
    return connection.execute(select(users.c.id).where(users.c.login == login)).scalar() is not None


def role(connection: Connection, user_id: UserId) -> str | None:
    """None for those who are disabled or gone."""
    return connection.execute(select(users.c.role).where(users.c.id == user_id, _IS_ACTIVE)).scalar()


def page(connection: Connection, workspace_id: WorkspaceId, after: str, limit: int) -> list[Member]:
    """Oldest first; `after` is the id that the page before ended with, or empty."""
    mine = and_(users.c.workspace_id == workspace_id, users.c.id > after, _IS_THERE)
    found = select(*_MEMBER).where(mine).order_by(users.c.id).limit(limit)
    return [member_of(row) for row in connection.execute(found)]


def change(connection: Connection, user_id: UserId, **columns: Any) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(columns))


def has_any_password(connection: Connection) -> bool:
    """Whether anybody, in any workspace, can log in or could before being disabled."""
    found = select(users.c.id).where(_HAS_PASSWORD, _IS_THERE).limit(1)
    return connection.execute(found).scalar() is not None


def count_owners(connection: Connection, workspace_id: WorkspaceId) -> int:
    """Those who can log in."""
    can = and_(users.c.role == Role.OWNER, _HAS_PASSWORD, _IS_ACTIVE)
    counted = select(func.count()).select_from(users).where(users.c.workspace_id == workspace_id, can)
    return connection.execute(counted).scalar_one()


def member_of(row: Any) -> Member:
    """Of a row that has all of a member's columns."""
    fields = {name: getattr(row, name) for name in Member.__slots__}
    return Member(**fields | {"role": Role(row.role)})


def _account(row: Any) -> Account | None:
    return None if row is None else Account(member_of(row), row.password_hash)
