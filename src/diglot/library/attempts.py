"""How often somebody may try: so many times a minute, then after waits that double."""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from diglot.domain.errors import TooManyAttempts

WINDOW_SECONDS = 60.0
MOST_KNOWN = 20_000
DAY_SECONDS = 86_400.0
# Half of an IPv6 address belongs to one connection.
NETWORK_BITS = 64


@dataclass(slots=True)
class Record:
    """Times are monotonic. `count` holds attempts that have not succeeded, those under way among them."""

    count: int
    since: float
    last: float
    not_before: float = 0.0


class Attempts:
    """Of one process. An attempt counts from its beginning, so that a thousand at once are no way around."""

    def __init__(self, free: int, longest_wait: float) -> None:
        """`free`: so many in a minute cost no wait."""
        self._free = free
        self._longest_wait = longest_wait
        self._lock = threading.Lock()
        self._records: OrderedDict[str, Record] = OrderedDict()

    def begin(self, name: str) -> None:
        """`TooManyAttempts`, whose fact `retry_after` is in seconds; what is refused so does not count."""
        now = time.monotonic()
        with self._lock:
            record = self._record(name, now)
            if record.not_before > now:
                raise TooManyAttempts(retry_after=math.ceil(record.not_before - now))
            record.count += 1
            record.last = now
            if record.count >= self._free:
                wait = WINDOW_SECONDS * 2.0 ** min(record.count - self._free, 30)
                record.not_before = now + min(wait, self._longest_wait)

    def succeed(self, name: str) -> None:
        with self._lock:
            self._records.pop(name, None)

    def _record(self, name: str, now: float) -> Record:
        record = self._records.pop(name, None)
        if record is None or self._is_past(record, now):
            record = Record(0, now, now)
        self._records[name] = record
        if len(self._records) > MOST_KNOWN:
            self._records.popitem(last=False)
        return record

    def _is_past(self, record: Record, now: float) -> bool:
        if record.count < self._free:
            return now - record.since >= WINDOW_SECONDS
        return now - record.last >= DAY_SECONDS


def network(address: str | None) -> str:
    """What one who attacks from an address can easily change is left away."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if parsed.version == 4 or parsed.ipv4_mapped is not None:
        return str(parsed)
    return str(ipaddress.ip_network((int(parsed), NETWORK_BITS), strict=False))
