"""Passwords: few are hashed at once, since each takes memory and a core, and few wait for that."""

import threading
import unicodedata

from diglot.domain.errors import InvalidArgument
from diglot.domain.identity import random_text
from diglot.library.turns import Turns
from diglot.ports.passwords import PasswordHasher

SHORTEST = 10
LONGEST = 500
GENERATED_LENGTH = 20
AT_ONCE = 2
IN_LINE = 6


class Passwords:
    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._turns = Turns(AT_ONCE, IN_LINE)
        self._decoy_lock = threading.Lock()
        self._decoy = ""

    def hash(self, text: str, argument: str = "password") -> str:
        """`InvalidArgument`, named after `argument`, for one that is too short; `Overloaded`."""
        password = _folded(text, argument)
        with self._turns.turn():
            return self._hasher.hash(password)

    def matches(self, hashed: str | None, text: str) -> bool:
        """Whoever waits for the answer cannot tell from its time whether there was anything to compare with."""
        with self._turns.turn():
            is_right = self._hasher.matches(hashed or self._nobodys(), unicodedata.normalize("NFKC", text[:LONGEST]))
        return is_right and hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        return self._hasher.is_outdated(hashed)

    def _nobodys(self) -> str:
        with self._decoy_lock:
            self._decoy = self._decoy or self._hasher.hash(random_text())
        return self._decoy


def generated() -> str:
    """One that nobody guesses and everybody can type."""
    return random_text(GENERATED_LENGTH)


def _folded(text: str, argument: str) -> str:
    # The same characters may come from two keyboards in two forms.
    if not SHORTEST <= len(text) <= LONGEST:
        raise InvalidArgument(f"A password has {SHORTEST} to {LONGEST} characters.", argument)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise InvalidArgument("A password has no control characters.", argument)
    return unicodedata.normalize("NFKC", text)
