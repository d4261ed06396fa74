"""What the supervisor starts: `python -m diglot.roles prepare|api|worker NUMBER [LISTENER]`.

Standard input is the leash that ties the process to its supervisor, see `diglot.supervisor`. It is watched before
anything large is imported, so that no child outlives its supervisor, not even one that was just being started.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diglot.settings import Settings

TOLD = ("host", "port", "api_workers", "workers", "log_level", "log_format")
MISCONFIGURED = 78
ORPHANED = 1
_PR_SET_PDEATHSIG = 1
_M_ARENA_MAX = -8


class Leash:
    """The supervisor's words, in the order they come; without a supervisor the process ends at once."""

    def __init__(self) -> None:
        self._go = threading.Event()
        self._stop = threading.Event()
        self._on_stop: Callable[[], None] | None = None
        _die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._terminated)
        threading.Thread(target=self._listen, name="leash", daemon=True).start()

    def wait_for_go(self) -> bool:
        """True when it may begin, False if it shall stop before it began."""
        self._go.wait()
        return not self._stop.is_set()

    def on_stop(self, act: Callable[[], None]) -> None:
        self._on_stop = act
        if self._stop.is_set():
            act()

    def _listen(self) -> None:
        # Unbuffered: a buffered reader would hold its lock into the interpreter's end.
        for word in _lines(0):
            if word == b"go":
                self._go.set()
            if word == b"stop":
                self._stopped()
        os._exit(ORPHANED)

    def _terminated(self, _number: int, _frame: FrameType | None) -> None:
        self._stopped()

    def _stopped(self) -> None:
        self._stop.set()
        self._go.set()
        if self._on_stop is not None:
            self._on_stop()


def _lines(descriptor: int) -> Iterator[bytes]:
    rest = b""
    while part := _read(descriptor):
        *whole, rest = (rest + part).split(b"\n")
        yield from whole


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


def _die_with_parent() -> None:
    """Linux kills us the moment the supervisor dies; elsewhere the leash does, as soon as its thread may run."""
    if sys.platform != "linux":
        return
    import ctypes

    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(ORPHANED)


def prepare() -> int:
    """Tells the settings; at the word "go" brings the catalog up to date and tells what to show whoever started it."""
    from diglot.settings import Settings

    try:
        settings = Settings.load()
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return MISCONFIGURED
    told = {name: getattr(settings, name) for name in TOLD}
    sys.stdout.write(json.dumps(told | {"data": str(settings.data)}) + "\n")
    sys.stdout.flush()
    if sys.stdin.readline() != "go\n":
        return ORPHANED
    return _migrate(settings)


def _migrate(settings: "Settings") -> int:
    from diglot.catalog.database import migrate, open_database
    from diglot.domain.errors import DiglotError
    from diglot.ingestion.home import Home, move_in
    from diglot.library.accounts import setup_token

    try:
        migrate(settings.catalog_url)
        with contextlib.closing(open_database(settings.catalog_url)) as database:
            if settings.database_url is not None:
                move_in(database, Home.here(settings.index_folder))
            sys.stdout.write(json.dumps({"setup_token": setup_token(database)}) + "\n")
            sys.stdout.flush()
    except DiglotError as error:
        sys.stderr.write(f"{error.message}\n")
        return MISCONFIGURED
    return 0


def api(listener: socket.socket | None) -> int:
    leash = Leash()
    from diglot.assembly import build
    from diglot.http.app import create_app
    from diglot.http.logs import configure_logs
    from diglot.http.server import Server
    from diglot.settings import Settings

    if not leash.wait_for_go():
        return 0
    settings = Settings.load()
    configure_logs(settings.log_level, settings.log_format)
    # Requests run beside each other already: more threads a question would only take turns.
    with build(settings, model_threads=1) as diglot:
        server = Server(create_app(diglot), listener, settings.host, settings.port, diglot.watching.end)
        leash.on_stop(server.stop)
        settle()
        server.run()
    return 0


def settle() -> None:
    """What was made so far stays. If the garbage collector looked at it again, all requests would pause (27 ms
    measured); and it need not come by at every 700th object, of which one page of a list has thousands."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def share_heaps() -> None:
    """glibc gives threads heaps of their own, eight a core, and each keeps what it once took. The index starts a few
    threads for every dataset: after sixty the worker held 370 MB, of which 45 were in use; with two heaps 200."""
    if sys.platform != "linux":
        return
    import ctypes

    # Other C libraries have no such call, and no such heaps.
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def worker(number: int) -> int:
    leash = Leash()
    share_heaps()
    from diglot.assembly import build
    from diglot.http.logs import configure_logs
    from diglot.settings import Settings
    from diglot.worker import Worker

    if not leash.wait_for_go():
        return 0
    settings = Settings.load()
    configure_logs(settings.log_level, settings.log_format)
    with build(settings, model_threads=max(1, (os.cpu_count() or 1) // settings.workers)) as diglot:
        one = Worker(diglot)
        leash.on_stop(one.stop)
        one.run()
    return 0


def main(arguments: list[str]) -> int:
    role, number = arguments[0], int(arguments[1])
    if role == "prepare":
        return prepare()
    if role == "worker":
        return worker(number)
    listener = socket.socket(fileno=int(arguments[2])) if len(arguments) > 2 else None
    return api(listener)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
