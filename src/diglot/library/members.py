"""Members of a workspace: who may log in, and what their role allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import api_keys, sessions, users, workspaces
from diglot.catalog.database import Database
from diglot.domain.account import Member, Role
from diglot.domain.api_key import Caller, Scope
from diglot.domain.errors import LastOwner, LoginTaken, MemberNotFound
from diglot.domain.identity import UserId, now_ms
from diglot.library import auditing
from diglot.library.access import require_everything
from diglot.library.logins import clean_login
from diglot.library.naming import clean_name
from diglot.library.passwords import Passwords, generated

DELETED_LOGIN: dict[str, Any] = {"login": None, "password_hash": None}


@dataclass(frozen=True, slots=True)
class MemberChange:
    """None leaves a thing as it is."""

    name: str | None = None
    role: Role | None = None
    is_disabled: bool | None = None
    password: str | None = None


class Members:
    def __init__(self, database: Database, passwords: Passwords, forget: Callable[[], None]) -> None:
        """`forget`: what this process knows of who stands behind keys and tokens."""
        self._database = database
        self._passwords = passwords
        self._forget = forget

    def page(self, caller: Caller, after: str = "", limit: int = 50) -> Sequence[Member]:
        """Oldest first, beginning behind the id `after`."""
        require_everything(caller, Scope.ADMIN)
        with self._database.read() as connection:
            return users.page(connection, caller.workspace_id, after, limit)

    def add(
        self, caller: Caller, name: str, login: str, role: Role, password: str | None = None
    ) -> tuple[Member, str | None]:
        """The member and, where none was given, a password that is told this once. `LoginTaken`, `NameInvalid`,
        `InvalidArgument`."""
        require_everything(caller, Scope.ADMIN)
        shown, folded = clean_name(name), clean_login(login)
        drawn = generated() if password is None else None
        hashed = self._passwords.hash(drawn or password or "")

        def work(connection: Connection) -> Member:
            workspaces.lock(connection, caller.workspace_id)
            if users.is_taken(connection, folded):
                raise LoginTaken
            user_id = users.create(connection, caller.workspace_id, shown, role, login=folded, hashed=hashed)
            auditing.note(connection, caller, "create", "member", user_id, shown)
            return _there(connection, caller, user_id)

        return self._database.write(work), drawn

    def change(self, caller: Caller, user_id: UserId, change: MemberChange) -> Member:
        """Another password, or being disabled, ends the member's sessions; at once in this process, within 10 s in
        every other. `MemberNotFound`, `LastOwner`."""
        require_everything(caller, Scope.ADMIN)
        columns: dict[str, Any] = {} if change.name is None else {"name": clean_name(change.name)}
        if change.role is not None:
            columns["role"] = change.role
        if change.password is not None:
            columns["password_hash"] = self._passwords.hash(change.password)

        def work(connection: Connection) -> Member:
            workspaces.lock(connection, caller.workspace_id)
            member = _there(connection, caller, user_id)
            owners = users.count_owners(connection, caller.workspace_id)
            if change.is_disabled is not None:
                columns["disabled_at"] = (member.disabled_at or now_ms()) if change.is_disabled else None
            if not columns:
                return member
            users.change(connection, user_id, **columns)
            _require_owner(connection, caller, owners)
            if change.is_disabled or change.password is not None:
                sessions.end_all(connection, user_id)
            auditing.note(connection, caller, "change", "member", user_id, _told(member, change))
            return _there(connection, caller, user_id)

        changed = self._database.write(work)
        self._forget()
        return changed

    def remove(self, caller: Caller, user_id: UserId) -> None:
        """Sessions and keys end; the name stays on what the member made, and the login is free again.
        `MemberNotFound`, `LastOwner`."""
        require_everything(caller, Scope.ADMIN)

        def work(connection: Connection) -> None:
            workspaces.lock(connection, caller.workspace_id)
            member = _there(connection, caller, user_id)
            owners = users.count_owners(connection, caller.workspace_id)
            now = now_ms()
            users.change(connection, user_id, deleted_at=now, **DELETED_LOGIN)
            _require_owner(connection, caller, owners)
            sessions.end_all(connection, user_id)
            api_keys.disable_all(connection, user_id, now)
            auditing.note(connection, caller, "delete", "member", user_id, member.name)

        self._database.write(work)
        self._forget()


def _there(connection: Connection, caller: Caller, user_id: UserId) -> Member:
    account = users.get(connection, caller.workspace_id, user_id)
    if account is None:
        raise MemberNotFound
    return account.member


def _require_owner(connection: Connection, caller: Caller, before: int) -> None:
    """Where somebody could log in as an owner, somebody still can."""
    if before and not users.count_owners(connection, caller.workspace_id):
        raise LastOwner


def _told(member: Member, change: MemberChange) -> str:
    """For the audit: whose, and what of it changed."""
    parts = [
        None if change.name is None else f"name {change.name}",
        None if change.role is None else f"role {change.role}",
        None if change.is_disabled is None else ("disabled" if change.is_disabled else "enabled"),
        None if change.password is None else "password",
    ]
    return f"{member.name}: {', '.join(part for part in parts if part)}"
