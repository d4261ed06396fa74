"""Where the search indexes live: in one folder of one host, even if the catalog is on a server that many can reach."""

import socket
import uuid
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import settings
from diglot.catalog.database import Database
from diglot.domain.errors import CatalogUnusable
from diglot.domain.identity import now_ms

NAME = "index_home"
REFRESH_SECONDS = 15.0
FRESH_MS = 60_000


@dataclass(frozen=True, slots=True)
class Home:
    host: str
    machine: str
    folder: str

    @staticmethod
    def here(folder: Path) -> "Home":
        return Home(socket.gethostname(), f"{uuid.getnode():012x}", str(folder.resolve()))


def move_in(database: Database, home: Home) -> None:
    """Notes that indexes are written here. `CatalogUnusable` if a server elsewhere did so within the last minute:
    each would index for itself what the other's worker says is ready."""
    database.write(partial(_move_in, home=home))


def _move_in(connection: Connection, home: Home) -> None:
    noted: dict[str, Any] = settings.get(connection, NAME) or {}
    seen_at = noted.pop("seen_at", 0)
    if noted and noted != asdict(home) and abs(now_ms() - seen_at) < FRESH_MS:
        raise CatalogUnusable(
            f"A server on {noted['host']} with the data folder {noted['folder']} uses this database now. The search "
            "index lives in one data folder of one host; stop that server, and a minute later this one may start."
        )
    settings.put(connection, NAME, asdict(home) | {"seen_at": now_ms()})
