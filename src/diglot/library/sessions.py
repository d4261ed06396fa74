"""Sessions at the console: a cookie that lasts, and tokens of a quarter of an hour that it is exchanged for.

The cookie's secret is 43 characters of base62 (256 bits), stored as its HMAC. A token is `console-` and, in base64, the
session's id, when it expires and an HMAC of both: nothing of it is stored, but its session must live. What was verified
is trusted for 10 s in its process: what ends a session or changes a member takes effect at once in the process that
does it and within 10 s in every other.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from diglot.catalog import sessions
from diglot.catalog.database import Database
from diglot.domain.account import Session
from diglot.domain.api_key import Caller, Origin
from diglot.domain.errors import SessionEnded, Unauthorized
from diglot.domain.identity import SessionId, UserId, now_ms, random_text
from diglot.library.pepper import Pepper
from diglot.library.trust import Trust

KIND = "console-"
SECRET_LENGTH = 43
SESSION_SECONDS = 14 * 86_400
TOKEN_SECONDS = 900
SEEN_NOTED_EVERY_MS = 3_600_000
_ID_BYTES, _TIME_BYTES, _MAC_BYTES = 16, 8, 32


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    expires_at: int


class Sessions:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._pepper = Pepper(database)
        self._trust = Trust()

    def begin(self, connection: Connection, user_id: UserId, hashed: bytes, origin: Origin, agent: str | None) -> None:
        """Inside the transaction that lets the user in. `hashed` is what `drawn` gave beside the secret."""
        now = now_ms()
        sessions.forget_expired(connection, user_id, now)
        sessions.add(connection, user_id, hashed, now, now + SESSION_SECONDS * 1000, origin, agent)

    def drawn(self) -> tuple[str, bytes]:
        """A secret for a cookie, and its hash."""
        secret = random_text(SECRET_LENGTH)
        return secret, self._hash(secret)

    def of_cookie(self, secret: str | None) -> Session:
        """`SessionEnded`. Its end moves away, at most once an hour."""
        if secret is None or len(secret) != SECRET_LENGTH or not secret.isascii():
            raise SessionEnded
        now = now_ms()
        with self._database.read() as connection:
            session = sessions.by_hash(connection, self._hash(secret), now)
        if session is None:
            raise SessionEnded
        if session.last_seen_at < now - SEEN_NOTED_EVERY_MS:
            expires_at = now + SESSION_SECONDS * 1000
            self._database.write(partial(sessions.prolong, session_id=session.id, now=now, expires_at=expires_at))
        return session

    def token(self, session: Session) -> Token:
        expires_at = now_ms() + TOKEN_SECONDS * 1000
        signed = bytes.fromhex(session.id) + expires_at.to_bytes(_TIME_BYTES)
        text = KIND + base64.urlsafe_b64encode(signed + self._signature(signed)).decode().rstrip("=")
        return Token(text, expires_at)

    def trusted(self, text: str) -> Caller | None:
        """Who stands behind a token that was verified in the last 10 s, without asking the catalog."""
        return self._trust.get(text)

    def verify(self, text: str) -> Caller:
        """Who stands behind a token. `Unauthorized`."""
        return self._trust.ask(text, partial(self._verified, text))

    def forget(self) -> None:
        """Whoever comes next is asked about in the catalog."""
        self._trust.forget()

    def _verified(self, text: str) -> tuple[Caller, float]:
        session_id, expires_at = self._opened(text)
        now = now_ms()
        if expires_at <= now:
            raise SessionEnded
        with self._database.read() as connection:
            session = sessions.get(connection, session_id, now)
        if session is None:
            raise SessionEnded
        return session.caller(), (expires_at - now) / 1000

    def _opened(self, text: str) -> tuple[SessionId, int]:
        encoded = text.removeprefix(KIND)
        try:
            raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise Unauthorized from error
        signed, signature = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
        if len(signed) != _ID_BYTES + _TIME_BYTES or not hmac.compare_digest(signature, self._signature(signed)):
            raise Unauthorized
        return SessionId(signed[:_ID_BYTES].hex()), int.from_bytes(signed[_ID_BYTES:])

    def _signature(self, signed: bytes) -> bytes:
        return self._pepper.digest(b"console token\0" + signed)

    def _hash(self, secret: str) -> bytes:
        return self._pepper.digest(b"console cookie\0" + secret.encode())
