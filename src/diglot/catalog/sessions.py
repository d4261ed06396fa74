"""Sessions' rows. What a cookie's secret is and how it is hashed, `library.sessions` knows."""

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from diglot.catalog.tables import sessions, users
from diglot.catalog.users import member_of
from diglot.domain.account import Member, Session
from diglot.domain.api_key import Origin
from diglot.domain.identity import SessionId, UserId, new_id

_COLUMNS = [users.c[name] for name in Member.__slots__]
_SESSION_ID = sessions.c.id.label("session_id")


def add(
    connection: Connection, user_id: UserId, hashed: bytes, now: int, expires_at: int, origin: Origin, agent: str | None
) -> SessionId:
    session_id = SessionId(new_id())
    row = {
        "id": session_id,
        "user_id": user_id,
        "hash": hashed,
        "created_at": now,
        "last_seen_at": now,
        "expires_at": expires_at,
        "ip": origin.address and origin.address[:64],
        "agent": agent and agent[:255],
    }
    connection.execute(insert(sessions).values(row))
    return session_id


def get(connection: Connection, session_id: SessionId, now: int) -> Session | None:
    """None if it has ended, or its user may not be here any more."""
    return _live(connection, sessions.c.id == session_id, now)


def by_hash(connection: Connection, hashed: bytes, now: int) -> Session | None:
    return _live(connection, sessions.c.hash == hashed, now)


def prolong(connection: Connection, session_id: SessionId, now: int, expires_at: int) -> None:
    seen = update(sessions).where(sessions.c.id == session_id)
    connection.execute(seen.values(last_seen_at=now, expires_at=expires_at))


def end(connection: Connection, session_id: SessionId) -> None:
    connection.execute(delete(sessions).where(sessions.c.id == session_id))


def end_all(connection: Connection, user_id: UserId, but: SessionId | None = None) -> None:
    """Of the user, `but` one."""
    others = sessions.c.user_id == user_id if but is None else (sessions.c.user_id == user_id) & (sessions.c.id != but)
    connection.execute(delete(sessions).where(others))


def forget_expired(connection: Connection, user_id: UserId, now: int) -> None:
    connection.execute(delete(sessions).where(sessions.c.user_id == user_id, sessions.c.expires_at <= now))


def _live(connection: Connection, wanted: ColumnElement[bool], now: int) -> Session | None:
    found = (
        select(_SESSION_ID, sessions.c.last_seen_at, *_COLUMNS)
        .join(users, users.c.id == sessions.c.user_id)
        .where(wanted, sessions.c.expires_at > now, users.c.disabled_at.is_(None), users.c.deleted_at.is_(None))
    )
    row = connection.execute(found).one_or_none()
    return None if row is None else Session(SessionId(row.session_id), member_of(row), row.last_seen_at)
