"""API keys: what they look like, and who stands behind one.

A key is `dataset-` and 43 characters of base62 drawn at random (256 bits). Stored are its first characters, to find it
by, and its HMAC-SHA-256 under the installation's pepper. A key allows no more than the role of its user does now. One
that was verified is trusted for 10 s in its process: revoking takes effect at once in the process that does it and
within 10 s in every other.
"""

import hmac
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from diglot.catalog import api_keys, datasets, users, workspaces
from diglot.catalog.database import Database
from diglot.domain.account import Role
from diglot.domain.api_key import ApiKey, Caller, Scope
from diglot.domain.errors import (
    DatasetNotFound,
    InvalidArgument,
    KeyDisabled,
    KeyNotFound,
    KeyNotInForce,
    Unauthorized,
)
from diglot.domain.identity import ApiKeyId, DatasetId, UserId, WorkspaceId, new_id, now_ms, random_text
from diglot.library import auditing
from diglot.library.access import GRANTS, require_everything
from diglot.library.naming import clean_name
from diglot.library.pepper import Pepper
from diglot.library.trust import Trust

KIND = "dataset-"
KINDS = (KIND, "ragflow-")
RANDOM_LENGTH = 43
PREFIX_LENGTH = 8
LONGEST = 512
USE_NOTED_EVERY_MS = 60_000
WORKSPACE = "default"
OWNER_NAME = "owner"
EVERY_SCOPE = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """`text` is the key itself: shown once, stored nowhere."""

    key: ApiKey
    text: str


class Keys:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._pepper = Pepper(database)
        self._trust = Trust()

    def owner(self) -> Caller:
        """The owner of the default workspace, made if there is none: whoever holds the data folder may do anything."""
        return self._database.write(default_owner)

    def bootstrap(self, text: str) -> bool:
        """On an empty catalog, makes an owner's key with this text. False if there were workspaces already."""
        hashed = self._hash(text)

        def work(connection: Connection) -> bool:
            if workspaces.any_exists(connection):
                return False
            owner = default_owner(connection)
            api_keys.add(connection, _row(owner, "bootstrap", text, hashed, EVERY_SCOPE, None, None))
            return True

        return self._database.write(work)

    def create(
        self,
        caller: Caller,
        name: str,
        *,
        scopes: Iterable[Scope] = (Scope.READ, Scope.WRITE),
        datasets: Iterable[DatasetId] | None = None,
        expires_at: int | None = None,
    ) -> CreatedKey:
        """`datasets` None: all of the workspace. `expires_at` in milliseconds since 1970."""
        require_everything(caller, Scope.ADMIN)
        granted = frozenset(scopes)
        if not granted:
            raise InvalidArgument("A key needs at least one scope.", "scopes")
        text = _drawn()
        reach = None if datasets is None else frozenset(datasets)
        key = _row(caller, clean_name(name), text, self._hash(text), granted, reach, expires_at)
        self._database.write(partial(_add, key=key, caller=caller))
        return CreatedKey(key, text)

    def list(self, caller: Caller) -> list[ApiKey]:
        """Oldest first, the disabled and expired ones too."""
        require_everything(caller, Scope.ADMIN)
        with self._database.read() as connection:
            return api_keys.every(connection, caller.workspace_id)

    def written(self, caller: Caller, text: str) -> Sequence[ApiKey]:
        """The workspace's keys that this text names: a whole key, or the beginning that is shown of one."""
        keys = [key for key in self.list(caller) if key.prefix == prefix_of(text)]
        if text in {key.prefix for key in keys}:
            return keys
        hashed = self._hash(text)
        return [key for key in keys if hmac.compare_digest(key.hash, hashed)]

    def page(self, caller: Caller, after: str = "", limit: int = 50) -> Sequence[ApiKey]:
        """Oldest first, beginning behind the id `after`."""
        require_everything(caller, Scope.ADMIN)
        with self._database.read() as connection:
            return api_keys.page(connection, caller.workspace_id, after, limit)

    def users(self, caller: Caller) -> dict[UserId, str]:
        """The names of those whose keys there may be."""
        with self._database.read() as connection:
            return users.names(connection, caller.workspace_id)

    def revoke(self, caller: Caller, key_id: ApiKeyId) -> None:
        """At once in this process, within 10 s in every other."""
        require_everything(caller, Scope.ADMIN)

        def work(connection: Connection) -> None:
            key = _mine(connection, caller, key_id)
            api_keys.disable(connection, caller.workspace_id, key_id, now_ms())
            auditing.note(connection, caller, "disable", "key", key.id, key.name)

        self._database.write(work)
        self.forget()

    def change(
        self, caller: Caller, key_id: ApiKeyId, *, name: str | None = None, is_disabled: bool | None = None
    ) -> ApiKey:
        require_everything(caller, Scope.ADMIN)
        columns: dict[str, str | int | None] = {} if name is None else {"name": clean_name(name)}

        def work(connection: Connection) -> ApiKey:
            key = _mine(connection, caller, key_id)
            if is_disabled is not None:
                columns["disabled_at"] = (key.disabled_at or now_ms()) if is_disabled else None
            if columns:
                api_keys.change(connection, key.id, **columns)
                verb = "change" if is_disabled is None else ("disable" if is_disabled else "enable")
                auditing.note(connection, caller, verb, "key", key.id, key.name)
            return _mine(connection, caller, key_id)

        changed = self._database.write(work)
        self.forget()
        return changed

    def rotate(self, caller: Caller, key_id: ApiKeyId, grace_seconds: int) -> CreatedKey:
        """A new key that allows what the old one does, for as long as that was made for; the old one is in force for
        the grace. `KeyNotInForce`."""
        require_everything(caller, Scope.ADMIN)
        text = _drawn()
        hashed = self._hash(text)

        def work(connection: Connection) -> ApiKey:
            now = now_ms()
            old = _mine(connection, caller, key_id)
            if not old.is_in_force(now):
                raise KeyNotInForce
            last = min(now + grace_seconds * 1000, old.expires_at or math.inf)
            new = _successor(old, text, hashed, now)
            api_keys.add(connection, new)
            api_keys.change(connection, old.id, expires_at=int(last))
            auditing.note(connection, caller, "rotate", "key", old.id, old.name)
            return new

        key = self._database.write(work)
        self.forget()
        return CreatedKey(key, text)

    def remove(self, caller: Caller, key_id: ApiKeyId) -> None:
        """At once in this process, within 10 s in every other. Nothing of it stays but what the audit tells."""
        require_everything(caller, Scope.ADMIN)

        def work(connection: Connection) -> None:
            key = _mine(connection, caller, key_id)
            auditing.note(connection, caller, "delete", "key", key.id, key.name)
            api_keys.remove(connection, key.id)

        self._database.write(work)
        self.forget()

    def forget(self) -> None:
        """Whoever comes next is asked about in the catalog."""
        self._trust.forget()

    def trusted(self, text: str) -> Caller | None:
        """Who stands behind a key that was verified in the last 10 s, without asking the catalog."""
        return self._trust.get(text)

    def verify(self, text: str, address: str | None = None) -> Caller:
        """Who stands behind a key. `Unauthorized`; `KeyDisabled` if it was revoked or has expired, or its user may not
        be here any more."""
        return self._trust.ask(text, partial(self._verified, text, address))

    def _verified(self, text: str, address: str | None) -> tuple[Caller, float]:
        key, role = self._find(text)
        now = now_ms()
        if role is None or not key.is_in_force(now):
            raise KeyDisabled
        if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY_MS:
            self._note_use(key, now, address)
        caller = Caller(key.workspace_id, key.user_id, _allowed(key.scopes, role), key.datasets, key.id)
        return caller, math.inf if key.expires_at is None else (key.expires_at - now) / 1000

    def _find(self, text: str) -> tuple[ApiKey, str | None]:
        """The key, and the role of its user; None for one who is disabled or gone."""
        if not text or len(text) > LONGEST or not text.isascii():
            raise Unauthorized
        hashed = self._hash(text)
        with self._database.read() as connection:
            candidates = api_keys.by_prefix(connection, prefix_of(text))
            matching = [key for key in candidates if hmac.compare_digest(key.hash, hashed)]
            if not matching:
                raise Unauthorized
            return matching[0], users.role(connection, matching[0].user_id)

    def _note_use(self, key: ApiKey, now: int, address: str | None) -> None:
        note = partial(
            api_keys.note_use,
            key_id=key.id,
            now=now,
            unless_since=now - USE_NOTED_EVERY_MS,
            address=address and address[:64],
        )
        self._database.write(note)

    def _hash(self, text: str) -> bytes:
        return self._pepper.digest(text.encode())


def prefix_of(text: str) -> str:
    """What of a key may be stored and shown: its kind, if it has one, and the next 8 characters."""
    kind = next((kind for kind in KINDS if text.startswith(kind)), "")
    return text[: len(kind) + PREFIX_LENGTH]


def default_owner(connection: Connection) -> Caller:
    """The owner of the default workspace, made if there is none."""
    workspace_id = workspaces.by_name(connection, WORKSPACE) or workspaces.create(connection, WORKSPACE)
    user_id = users.owner(connection, workspace_id) or users.create(connection, workspace_id, OWNER_NAME, Role.OWNER)
    return Caller(workspace_id, user_id, EVERY_SCOPE)


def _drawn() -> str:
    return KIND + random_text(RANDOM_LENGTH)


def _allowed(scopes: frozenset[Scope], role: str) -> frozenset[Scope]:
    if role == Role.OWNER:
        return scopes
    granted = frozenset(scope for scope in Scope if not scopes.isdisjoint(GRANTS[scope]))
    return granted & (Role(role).scopes if role in set(Role) else frozenset())


def _mine(connection: Connection, caller: Caller, key_id: ApiKeyId) -> ApiKey:
    key = api_keys.get(connection, caller.workspace_id, key_id)
    if key is None:
        raise KeyNotFound
    return key


def _add(connection: Connection, key: ApiKey, caller: Caller) -> None:
    for dataset_id in key.datasets or ():
        if datasets.get(connection, WorkspaceId(key.workspace_id), dataset_id) is None:
            raise DatasetNotFound
    api_keys.add(connection, key)
    auditing.note(connection, caller, "create", "key", key.id, key.name)


def _successor(old: ApiKey, text: str, hashed: bytes, now: int) -> ApiKey:
    expires_at = None if old.expires_at is None else now + old.expires_at - old.created_at
    unused = replace(old, last_used_at=None, last_used_ip=None, created_at=now, expires_at=expires_at)
    return replace(unused, id=ApiKeyId(new_id()), prefix=prefix_of(text), hash=hashed)


def _row(
    caller: Caller,
    name: str,
    text: str,
    hashed: bytes,
    scopes: frozenset[Scope],
    reach: frozenset[DatasetId] | None,
    expires_at: int | None,
) -> ApiKey:
    return ApiKey(
        id=ApiKeyId(new_id()),
        workspace_id=caller.workspace_id,
        user_id=UserId(caller.user_id),
        name=name,
        prefix=prefix_of(text),
        hash=hashed,
        scopes=scopes,
        datasets=reach,
        created_at=now_ms(),
        expires_at=expires_at,
    )
