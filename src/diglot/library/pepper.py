"""The installation's secret, which lives in the catalog's settings, because several hosts may share a catalog."""

import hashlib
import hmac
import secrets

from sqlalchemy import Connection

from diglot.catalog import settings
from diglot.catalog.database import Database

NAME = "key_pepper"


class Pepper:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._secret: bytes | None = None

    def digest(self, content: bytes) -> bytes:
        """HMAC-SHA-256 of the content under it."""
        if self._secret is None:
            self._secret = bytes.fromhex(self._database.write(_kept))
        return hmac.digest(self._secret, content, hashlib.sha256)


def _kept(connection: Connection) -> str:
    return str(settings.keep_first(connection, NAME, secrets.token_hex(32)))
