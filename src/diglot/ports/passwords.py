"""How a password is kept, so that who reads the catalog does not learn it."""

from typing import Protocol


class PasswordHasher(Protocol):
    """Slow on purpose, tens of milliseconds, and not interrupted by anything. Thread-safe."""

    def hash(self, password: str) -> str:
        """With a salt of its own: never the same twice. The text holds all that `matches` needs."""

    def matches(self, hashed: str, password: str) -> bool:
        """Also of hashes that were made with other costs. What is no hash matches nothing."""

    def is_outdated(self, hashed: str) -> bool:
        """Whether it was made with other costs than `hash` takes now."""
