"""Keys of endpoints at rest: AES-GCM under a key of the installation, a file that only its owner may read.

Whoever copies the models folder alone has no key of anybody's. What was sealed for one model opens for no other.
"""

import base64
import binascii
import contextlib
import os
import secrets
from pathlib import Path

from diglot.domain.errors import ModelUnavailable

MARK = "aes-gcm:"
KEY_BYTES, NONCE_BYTES = 32, 12


class Seal:
    """`path` is where the installation's key is, or will be once it is needed. Any number of processes share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def seal(self, name: str, secret: str) -> str:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._key()).encrypt(nonce, secret.encode(), name.encode())
        return MARK + base64.b64encode(nonce + sealed).decode()

    def open(self, name: str, sealed: str) -> str:
        """`ModelUnavailable` if it was sealed with another key, or for another model."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            raw = base64.b64decode(sealed.removeprefix(MARK), validate=True)
            return AESGCM(self._key()).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], name.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise ModelUnavailable(
                f"The key of the model {name} cannot be read: {self._path.name} is not the file it was sealed with."
            ) from error

    def _key(self) -> bytes:
        with contextlib.suppress(FileNotFoundError):
            return self._path.read_bytes()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self._path.with_name(f".{self._path.name}-{secrets.token_hex(8)}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            # Of processes that begin together one wins, and all read the winner's.
            with contextlib.suppress(FileExistsError):
                os.link(aside, self._path)
        finally:
            aside.unlink()
        return self._path.read_bytes()


def hint(secret: str | None) -> str | None:
    """What may be shown of it: the last four characters, where they are a small part."""
    return None if not secret else "…" + (secret[-4:] if len(secret) >= 16 else "")
