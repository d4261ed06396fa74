"""The worker's name on its jobs, by which others on this host can tell that it is dead."""

import os
import re
import secrets
import socket
import time
from pathlib import Path

from diglot.ingestion.election import Election


class Badge:
    """A file whose lock lives exactly as long as the process, even if the process is stopped or its number is used
    again."""

    def __init__(self, folder: Path) -> None:
        host = re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())[:24]
        self.owner = f"{host}-{os.getpid()}-{secrets.token_hex(6)}"
        self._path = folder / self.owner
        self._lock = Election(self._path)
        # Another worker that just looks whether we are dead holds it for a moment.
        while not self._lock.win():
            time.sleep(0.01)

    def dead_owners(self) -> list[str]:
        """Names of workers of this host that are no more; to be forgotten when their jobs are taken from them."""
        return [path.name for path in self._path.parent.iterdir() if path != self._path and _is_dead(path)]

    def forget(self, owner: str) -> None:
        (self._path.parent / owner).unlink(missing_ok=True)

    def hand_in(self) -> None:
        self._lock.resign()
        self._path.unlink(missing_ok=True)


def _is_dead(path: Path) -> bool:
    lock = Election(path)
    try:
        return lock.win()
    finally:
        lock.resign()
