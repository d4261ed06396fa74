"""Who was asked about is trusted for a while, so that not every request asks the catalog."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from diglot.domain.api_key import Caller

SECONDS = 10.0
MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    caller: Caller
    until: float


class Trust:
    """Of one process, by the text of a key or token."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def get(self, text: str) -> Caller | None:
        known = self._known.get(text)
        return known.caller if known is not None and known.until > time.monotonic() else None

    def ask(self, text: str, verified: Callable[[], tuple[Caller, float]]) -> Caller:
        """`verified` gives a caller and the seconds that are left to the key or token; it raises for others."""
        caller = self.get(text)
        if caller is not None:
            return caller
        # If all is forgotten meanwhile, what was found before that goes with it.
        known = self._known
        caller, seconds = verified()
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[text] = Known(caller, time.monotonic() + min(SECONDS, seconds))
        return caller

    def forget(self) -> None:
        self._known = {}
