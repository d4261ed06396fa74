"""People: members of a workspace, what their role allows, and the sessions in which they are at the console."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from diglot.domain.api_key import Caller, Origin, Scope
from diglot.domain.identity import SessionId, UserId, WorkspaceId


class Role(StrEnum):
    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    @property
    def scopes(self) -> frozenset[Scope]:
        return SCOPES[self]


SCOPES: Mapping[Role, frozenset[Scope]] = {
    Role.OWNER: frozenset(Scope),
    Role.EDITOR: frozenset({Scope.READ, Scope.WRITE}),
    Role.VIEWER: frozenset({Scope.READ}),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Who has no login, or no password, cannot log in: an owner whose keys were made by command, for instance."""

    id: UserId
    workspace_id: WorkspaceId
    name: str
    role: Role
    login: str | None
    language: str | None
    created_at: int
    disabled_at: int | None
    last_login_at: int | None


@dataclass(frozen=True, slots=True)
class Session:
    id: SessionId
    member: Member
    last_seen_at: int

    def caller(self, origin: Origin | None = None) -> Caller:
        return Caller(self.member.workspace_id, self.member.id, self.member.role.scopes, origin=origin)
