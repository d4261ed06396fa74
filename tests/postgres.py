"""A throw-away PostgreSQL cluster of the installed binaries, reached by a Unix socket in its own folder."""

import ctypes
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 60.0
SUPERUSER = "postgres"
PR_SET_PDEATHSIG = 1
# It never has to survive anything but the tests' own kill -9 of its clients.
QUICK = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
}


class NoPostgres(Exception):
    """PostgreSQL's binaries are not installed."""


class Cluster:
    def __init__(self) -> None:
        self._binaries = binaries()
        self._as_user = _as_user()
        self._folder = Path(tempfile.mkdtemp(prefix="dgpg", dir="/tmp"))
        self._numbers = itertools.count()
        self._template: str | None = None
        if self._as_user:
            os.chown(self._folder, pwd.getpwnam(SUPERUSER).pw_uid, -1)
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = self._folder / "data"
        options = ["-D", data, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [self._binaries / "initdb", *options],
            check=True,
            capture_output=True,
            cwd=self._folder,
            timeout=START_SECONDS,
            **self._as_user,
        )
        self._launch()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{SUPERUSER}@/{name}?host={self._folder}"

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The name of a fresh database, dropped afterwards."""
        name = f"t{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
        try:
            yield name
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self) -> None:
        """As a power cut would, for all that this cluster promises."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(START_SECONDS)

    def restart(self) -> None:
        self.kill()
        self._launch()

    def _launch(self) -> None:
        settings = [part for name, value in QUICK.items() for part in ("-c", f"{name}={value}")]
        self._server = subprocess.Popen(
            [self._binaries / "postgres", "-D", self._folder / "data", "-k", self._folder, *settings],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_die_with_parent(),
            **self._as_user,
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._server.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start in {self._folder}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: str) -> None:
        with psycopg.connect(host=str(self._folder), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


def binaries() -> Path:
    """The folder with initdb and postgres; `NoPostgres` if there is none."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    configured = shutil.which("pg_config")
    if configured:
        told = subprocess.run([configured, "--bindir"], check=True, capture_output=True, text=True, timeout=10)
        candidates.insert(0, Path(told.stdout.strip()))
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres


def _as_user() -> dict[str, Any]:
    # initdb refuses to run as root; Debian's package makes the user.
    if os.geteuid() != 0:
        return {}
    try:
        pwd.getpwnam(SUPERUSER)
    except KeyError:
        raise NoPostgres from None
    return {"user": SUPERUSER, "group": SUPERUSER, "extra_groups": []}


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _die_with_parent() -> Callable[[], object] | None:
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return lambda: library.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
