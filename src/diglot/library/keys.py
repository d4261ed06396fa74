"""API keys: what they look like, and who stands behind one.

A key is `dataset-` and 43 characters of base62 drawn at random (256 bits). Stored are its first characters, to find it
by, and its HMAC-SHA-256 under a pepper that lives in the catalog's settings, because several hosts may share a catalog.
A key that was verified is trusted for 10 s in its process: revoking takes effect at once in the process that does it
and within 10 s in every other.
"""

import hashlib
import hmac
import secrets
import string
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from diglot.catalog import api_keys, datasets, settings, users, workspaces
from diglot.catalog.database import Database
from diglot.domain.api_key import ApiKey, Caller, Scope
from diglot.domain.errors import DatasetNotFound, InvalidArgument, KeyDisabled, KeyNotFound, Unauthorized
from diglot.domain.identity import ApiKeyId, DatasetId, UserId, WorkspaceId, new_id, now_ms
from diglot.library.access import require
from diglot.library.naming import clean_name

KIND = "dataset-"
KINDS = (KIND, "ragflow-")
ALPHABET = string.digits + string.ascii_letters
RANDOM_LENGTH = 43
PREFIX_LENGTH = 8
LONGEST = 512
PEPPER = "key_pepper"
TRUSTED_SECONDS = 10.0
CACHED_KEYS = 10_000
USE_NOTED_EVERY_MS = 60_000
WORKSPACE = "default"
OWNER = "owner"
EVERY_SCOPE = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """`text` is the key itself: shown once, stored nowhere."""

    key: ApiKey
    text: str


@dataclass(frozen=True, slots=True)
class Trusted:
    caller: Caller
    until: float


class Keys:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._pepper: bytes | None = None
        self._trusted: dict[str, Trusted] = {}

    def owner(self) -> Caller:
        """The owner of the default workspace, made if there is none: whoever holds the data folder may do anything."""
        return self._database.write(_owner)

    def bootstrap(self, text: str) -> bool:
        """On an empty catalog, makes an owner's key with this text. False if there were workspaces already."""
        hashed = self._hash(text)

        def work(connection: Connection) -> bool:
            if workspaces.any_exists(connection):
                return False
            owner = _owner(connection)
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
        require(caller, Scope.ADMIN)
        granted = frozenset(scopes)
        if not granted:
            raise InvalidArgument("A key needs at least one scope.", "scopes")
        text = KIND + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
        reach = None if datasets is None else frozenset(datasets)
        key = _row(caller, clean_name(name), text, self._hash(text), granted, reach, expires_at)
        self._database.write(partial(_add, key=key))
        return CreatedKey(key, text)

    def list(self, caller: Caller) -> list[ApiKey]:
        """Oldest first, the disabled and expired ones too."""
        require(caller, Scope.ADMIN)
        with self._database.read() as connection:
            return api_keys.every(connection, caller.workspace_id)

    def written(self, caller: Caller, text: str) -> Sequence[ApiKey]:
        """The workspace's keys that this text names: a whole key, or the beginning that is shown of one."""
        keys = [key for key in self.list(caller) if key.prefix == prefix_of(text)]
        if text in {key.prefix for key in keys}:
            return keys
        hashed = self._hash(text)
        return [key for key in keys if hmac.compare_digest(key.hash, hashed)]

    def revoke(self, caller: Caller, key_id: ApiKeyId) -> None:
        """At once in this process, within 10 s in every other."""
        require(caller, Scope.ADMIN)
        disable = partial(api_keys.disable, workspace_id=caller.workspace_id, key_id=key_id, now=now_ms())
        if not self._database.write(disable):
            raise KeyNotFound
        self._trusted.clear()

    def trusted(self, text: str) -> Caller | None:
        """Who stands behind a key that was verified in the last 10 s, without asking the catalog."""
        known = self._trusted.get(text)
        return known.caller if known is not None and known.until > time.monotonic() else None

    def verify(self, text: str, address: str | None = None) -> Caller:
        """Who stands behind a key. `Unauthorized`; `KeyDisabled` if it was revoked or has expired."""
        caller = self.trusted(text)
        if caller is not None:
            return caller
        key = self._find(text)
        now = now_ms()
        if not key.is_in_force(now):
            raise KeyDisabled
        if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY_MS:
            self._note_use(key, now, address)
        return self._trust(text, key, now)

    def _find(self, text: str) -> ApiKey:
        if not text or len(text) > LONGEST or not text.isascii():
            raise Unauthorized
        hashed = self._hash(text)
        with self._database.read() as connection:
            candidates = api_keys.by_prefix(connection, prefix_of(text))
        matching = [key for key in candidates if hmac.compare_digest(key.hash, hashed)]
        if not matching:
            raise Unauthorized
        return matching[0]

    def _note_use(self, key: ApiKey, now: int, address: str | None) -> None:
        note = partial(
            api_keys.note_use,
            key_id=key.id,
            now=now,
            unless_since=now - USE_NOTED_EVERY_MS,
            address=address and address[:64],
        )
        self._database.write(note)

    def _trust(self, text: str, key: ApiKey, now: int) -> Caller:
        caller = Caller(key.workspace_id, key.user_id, key.scopes, key.datasets, key.id)
        seconds = TRUSTED_SECONDS
        if key.expires_at is not None:
            seconds = min(seconds, (key.expires_at - now) / 1000)
        if len(self._trusted) >= CACHED_KEYS:
            self._trusted.clear()
        self._trusted[text] = Trusted(caller, time.monotonic() + seconds)
        return caller

    def _hash(self, text: str) -> bytes:
        if self._pepper is None:
            self._pepper = bytes.fromhex(self._database.write(_pepper))
        return hmac.digest(self._pepper, text.encode(), hashlib.sha256)


def prefix_of(text: str) -> str:
    """What of a key may be stored and shown: its kind, if it has one, and the next 8 characters."""
    kind = next((kind for kind in KINDS if text.startswith(kind)), "")
    return text[: len(kind) + PREFIX_LENGTH]


def _pepper(connection: Connection) -> str:
    return str(settings.keep_first(connection, PEPPER, secrets.token_hex(32)))


def _owner(connection: Connection) -> Caller:
    workspace_id = workspaces.by_name(connection, WORKSPACE) or workspaces.create(connection, WORKSPACE)
    user_id = users.owner(connection, workspace_id) or users.create(connection, workspace_id, OWNER, OWNER)
    return Caller(workspace_id, user_id, EVERY_SCOPE)


def _add(connection: Connection, key: ApiKey) -> None:
    for dataset_id in key.datasets or ():
        if datasets.get(connection, WorkspaceId(key.workspace_id), dataset_id) is None:
            raise DatasetNotFound
    api_keys.add(connection, key)


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
