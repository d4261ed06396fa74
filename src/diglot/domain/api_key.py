"""Who calls: workspaces, users, API keys."""

from dataclasses import dataclass, field
from enum import StrEnum

from diglot.domain.identity import ApiKeyId, DatasetId, UserId, WorkspaceId


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """`hash` is HMAC-SHA-256 of the whole key under the server's pepper; `datasets` None means all of the workspace."""

    id: ApiKeyId
    workspace_id: WorkspaceId
    user_id: UserId
    name: str
    prefix: str
    hash: bytes
    scopes: frozenset[Scope]
    datasets: frozenset[DatasetId] | None
    created_at: int
    expires_at: int | None = None
    disabled_at: int | None = None
    last_used_at: int | None = None
    last_used_ip: str | None = None

    def is_in_force(self, now: int) -> bool:
        """Neither revoked nor expired at this time."""
        return self.disabled_at is None and (self.expires_at is None or self.expires_at > now)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: the peer's address, and the request's own id."""

    address: str | None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever stands behind a request. `key_id` None: a member at the console, or whoever holds the data folder."""

    workspace_id: WorkspaceId
    user_id: UserId
    scopes: frozenset[Scope]
    datasets: frozenset[DatasetId] | None = None
    key_id: ApiKeyId | None = None
    origin: Origin | None = field(default=None, compare=False)
