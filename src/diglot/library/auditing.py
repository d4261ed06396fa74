"""The audit: each change of what others rely on, and each login, in the transaction of what it tells."""

from collections.abc import Iterable
from functools import partial
from typing import Literal

from sqlalchemy import Connection

from diglot.catalog import audit
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Origin
from diglot.domain.identity import DAY_MS, WorkspaceId, new_id, now_ms

Result = Literal["done", "refused"]
NAME_LENGTH = 500
ADDRESS_LENGTH = 64


def note(
    connection: Connection,
    caller: Caller,
    verb: str,
    kind: str,
    object_id: str | None = None,
    object_name: str | None = None,
    result: Result = "done",
) -> None:
    """`verb` and `kind` are plain words, such as "delete" and "dataset"."""
    note_all(connection, caller, verb, kind, [(object_id, object_name)], result)


def note_all(
    connection: Connection,
    caller: Caller,
    verb: str,
    kind: str,
    objects: Iterable[tuple[str | None, str | None]],
    result: Result = "done",
) -> None:
    """The same of several, each by id and name."""
    name, prefix = audit.actor(connection, caller.user_id, caller.key_id)
    ip, request_id = _source(caller.origin)
    now = now_ms()
    entries = [
        audit.Entry(
            id=new_id(),
            workspace_id=caller.workspace_id,
            at=now,
            actor_id=caller.user_id,
            actor_name=name,
            key_prefix=prefix,
            ip=ip,
            verb=verb,
            kind=kind,
            object_id=object_id,
            object_name=_short(object_name),
            result=result,
            request_id=request_id,
        )
        for object_id, object_name in objects
    ]
    if entries:
        audit.add(connection, *entries)


def note_stranger(
    connection: Connection, workspace_id: WorkspaceId | None, origin: Origin, verb: str, kind: str, object_name: str
) -> None:
    """What was refused to somebody of whom nothing is known."""
    ip, request_id = _source(origin)
    entry = audit.Entry(
        id=new_id(),
        workspace_id=workspace_id,
        at=now_ms(),
        actor_id=None,
        actor_name=None,
        key_prefix=None,
        ip=ip,
        verb=verb,
        kind=kind,
        object_id=None,
        object_name=_short(object_name),
        result="refused",
        request_id=request_id,
    )
    audit.add(connection, entry)


def forget_old(database: Database, days: int) -> None:
    """What is older; nothing if `days` is 0."""
    before = now_ms() - days * DAY_MS
    while days and database.write(partial(audit.forget, before_ms=before)) >= 1000:
        pass


def _source(origin: Origin | None) -> tuple[str | None, str | None]:
    if origin is None:
        return None, None
    return origin.address and origin.address[:ADDRESS_LENGTH], origin.request_id


def _short(name: str | None) -> str | None:
    return name and name[:NAME_LENGTH]
