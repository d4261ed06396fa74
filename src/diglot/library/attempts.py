"""How often somebody may try: so many times a minute, then after waits that double.

What failed is counted in the catalog, by all processes together and over restarts; who succeeds leaves nothing. An
attempt is judged before it costs anything, and once more in the transaction that ends it: a thousand at once, wherever
they are taken, are no way around, since those that are too many by then learn nothing.
"""

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from diglot.catalog import attempts
from diglot.catalog.attempts import Tally
from diglot.catalog.database import Database
from diglot.domain.errors import TooManyAttempts
from diglot.domain.identity import DAY_MS, now_ms
from diglot.library.pepper import Pepper

WINDOW_MS = 60_000
MOST_KNOWN = 20_000
# Half of an IPv6 address belongs to one connection.
NETWORK_BITS = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """`free`: so many in a minute cost no wait."""

    free: int
    longest_wait_ms: int


OF_LOGIN = Limit(5, 3_600_000)
# Of one address, whatever logins it tries. Behind a proxy all have one, so the wait stays short.
OF_ADDRESS = Limit(60, 60_000)
Attempt = dict[bytes, Limit]
"""All that one attempt is counted by."""
UNCOUNTED: Attempt = {}


class Attempts:
    def __init__(self, database: Database) -> None:
        self._pepper = Pepper(database)

    def at_login(self, login: str, address: str | None) -> Attempt:
        """Of somebody who may try other logins next."""
        return self.at_password(login, address) | {self._name("address", network(address)): OF_ADDRESS}

    def at_password(self, login: str, address: str | None) -> Attempt:
        """Of somebody whose login is known."""
        return {self._name("login", f"{login}\n{network(address)}"): OF_LOGIN}

    def require_turn(self, connection: Connection, attempt: Attempt) -> None:
        """`TooManyAttempts`, whose fact `retry_after` is in seconds; what is refused so does not count."""
        _require_turn(attempts.get(connection, attempt), attempt, now_ms())

    def fail(self, connection: Connection, attempt: Attempt) -> None:
        """In a transaction. `TooManyAttempts`, as above."""
        now = now_ms()
        known = attempts.lock(connection, attempt)
        _require_turn(known, attempt, now)
        attempts.put(connection, {name: _one_more(known[name], limit, now) for name, limit in attempt.items()})

    def succeed(self, connection: Connection, attempt: Attempt) -> None:
        """In the transaction of what was tried. `TooManyAttempts`, as above."""
        known = attempts.get(connection, attempt)
        if known:
            _require_turn(known, attempt, now_ms())
            attempts.drop(connection, known)

    def _name(self, kind: str, counted: str) -> bytes:
        return self._pepper.digest(f"attempt\0{kind}\0{counted}".encode())


def forget_attempts(database: Database) -> None:
    """What does not count any more, and what is too much to remember."""
    while database.write(partial(attempts.forget, now=now_ms(), most=MOST_KNOWN)) >= 1000:
        pass


def network(address: str | None) -> str:
    """What one who attacks from an address can easily change is left away."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if parsed.version == 4 or parsed.ipv4_mapped is not None:
        return str(parsed)
    return str(ipaddress.ip_network((int(parsed), NETWORK_BITS), strict=False))


def _require_turn(known: Mapping[bytes, Tally], attempt: Attempt, now: int) -> None:
    left = max((_left_ms(tally, attempt[name], now) for name, tally in known.items()), default=0)
    if left > 0:
        raise TooManyAttempts(retry_after=math.ceil(left / 1000))


def _left_ms(tally: Tally, limit: Limit, now: int) -> int:
    if tally.count < limit.free:
        return 0
    wait = min(WINDOW_MS << min(tally.count - limit.free, 30), limit.longest_wait_ms)
    # A clock that was set back locks nobody out for longer.
    return wait - abs(now - tally.last)


def _one_more(tally: Tally, limit: Limit, now: int) -> Tally:
    count = 1 if tally.until <= now else tally.count + 1
    if count >= limit.free:
        return Tally(count, now, now + DAY_MS)
    return Tally(count, now, now + WINDOW_MS if count == 1 else tally.until)
