"""`diglot serve`: keeps the server's processes alive. Standard library only, so that it stays small and cannot break.

It owns the lock on the data folder and the listening socket, and starts `python -m diglot.roles ROLE` for each process:
first `prepare` (tells the settings, then brings the catalog up to date), `api` and `worker`. Each child's standard
input is its leash: the line "go" lets it begin, "stop" asks it to end in order, and the end of the pipe, which comes
even when this process is killed, ends it at once.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

STOPPED = 0
GAVE_UP = 1
NOT_STARTED = 2
MISCONFIGURED = 78
"""Exit code of a child that would fail the same way again (sysexits' EX_CONFIG)."""

STOP_SECONDS = 30.0
STEADY_SECONDS = 10.0
FIRST_DELAY = 0.1
LONGEST_DELAY = 5.0
FUTILE_STARTS = 5
PROBE_SECONDS = 0.03
PROBE_TIMEOUT = 0.3
POLL_SECONDS = 1.0
BACKLOG = 2048


def supervise(flags: Mapping[str, object]) -> int:
    """Becomes the supervisor, with these settings over all others. Returns only where a process cannot be replaced by
    another (Windows)."""
    typed = {name: str(value) for name, value in flags.items() if value is not None}
    environment = {**os.environ, "DIGLOT_FLAGS": json.dumps(typed)}
    command = [sys.executable, "-m", "diglot.supervisor"]
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(sys.executable, command, environment)
    return subprocess.call(command, env=environment)


class NotStarted(Exception):
    """The server cannot start; the text says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the settings say, as told by `prepare`."""

    data: str
    host: str
    port: int
    api_workers: int
    workers: int
    log_level: str
    log_format: str


@dataclass(slots=True)
class Child:
    """A place in the line-up. `process` is None while it waits for its next start at `start_at` (monotonic)."""

    role: str
    number: int
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0

    @property
    def name(self) -> str:
        return f"{self.role} {self.number}"

    def tell(self, word: str) -> None:
        if self.process is None or self.process.stdin is None:
            return
        with contextlib.suppress(OSError):
            self.process.stdin.write(f"{word}\n".encode())
            self.process.stdin.flush()


@dataclass(slots=True)
class Alarm:
    """Signals as readable bytes, so that one `select` waits for everything."""

    reader: socket.socket
    writer: socket.socket
    stop_signals: list[int] = field(default_factory=list)

    @staticmethod
    def set() -> "Alarm":
        reader, writer = socket.socketpair()
        reader.setblocking(False)
        writer.setblocking(False)
        alarm = Alarm(reader, writer)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), alarm._note)
        if hasattr(signal, "SIGCHLD"):
            signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        return alarm

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.stop_signals.append(number)

    def wait(self, seconds: float) -> None:
        select.select([self.reader], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while self.reader.recv(4096):
                pass


class Supervisor:
    def __init__(self, plan: Plan, listener: socket.socket, alarm: Alarm) -> None:
        self._plan = plan
        self._listener = listener
        self._alarm = alarm
        self._is_prepared = False
        self._is_ready = False
        self._setup_token: str | None = None
        self._children = [Child("api", number) for number in range(1, plan.api_workers + 1)]
        self._children += [Child("worker", number) for number in range(1, plan.workers + 1)]

    def run(self, preparing: "subprocess.Popen[bytes]") -> int:
        """Until a signal comes (0) or the server cannot live (1, 78)."""
        try:
            code = self._live(preparing)
        finally:
            self._stop_all(preparing)
        self._log("info", "stopped")
        return code

    def _live(self, preparing: "subprocess.Popen[bytes]") -> int:
        while not self._alarm.stop_signals:
            if not self._is_prepared and preparing.poll() is not None:
                if preparing.returncode != 0:
                    return _exit_code(preparing.returncode)
                self._begin(preparing)
            futile = self._reap()
            if futile is not None:
                return futile
            self._start_due()
            self._announce_when_ready()
            self._alarm.wait(self._patience())
        return STOPPED

    def _begin(self, preparing: "subprocess.Popen[bytes]") -> None:
        self._is_prepared = True
        assert preparing.stdout is not None
        self._setup_token = json.loads(preparing.stdout.read())["setup_token"]
        for child in self._children:
            child.tell("go")

    def _reap(self) -> int | None:
        """Notes who died and when to start it again; an exit code if that is no use."""
        for child in self._children:
            if child.process is None or child.process.poll() is None:
                continue
            code = child.process.returncode
            _close_leash(child.process)
            child.process = None
            if code == MISCONFIGURED:
                self._log("error", f"{child.name} cannot run with these settings")
                return MISCONFIGURED
            self._schedule(child, code)
            if child.failures >= FUTILE_STARTS and not self._is_ready:
                self._log("error", f"{child.name} does not start")
                return GAVE_UP
        return None

    def _schedule(self, child: Child, code: int) -> None:
        now = time.monotonic()
        child.failures = 1 if now - child.started_at >= STEADY_SECONDS else child.failures + 1
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (child.failures - 1))
        child.start_at = now + delay
        self._log("warning", f"{child.name} ended ({_described(code)}); starting it again in {delay:.1f} s")

    def _start_due(self) -> None:
        """API processes start while the catalog is being prepared and wait for the word; workers start after it."""
        now = time.monotonic()
        for child in self._children:
            if child.process is not None or child.start_at > now:
                continue
            if child.role == "api" or self._is_prepared:
                self._start(child)

    def _start(self, child: Child) -> None:
        inherited = self._listener if child.role == "api" and os.name != "nt" else None
        child.process = _spawn(child.role, child.number, inherited)
        child.started_at = time.monotonic()
        if self._is_prepared:
            child.tell("go")

    def _announce_when_ready(self) -> None:
        if self._is_ready or not self._is_prepared or not _answers(self._listener, self._plan):
            return
        self._is_ready = True
        url = _url(self._listener, self._plan)
        sys.stdout.write(f"diglot is ready at {url}\n")
        if self._setup_token is not None:
            sys.stdout.write(
                f"Nobody has a password yet: the first account is made at {url}/console/setup.\n"
                f"From another machine, or through a proxy, it takes this token: {self._setup_token}\n"
            )
        sys.stdout.flush()

    def _patience(self) -> float:
        if self._is_prepared and not self._is_ready:
            return PROBE_SECONDS
        waiting = [child.start_at for child in self._children if child.process is None]
        now = time.monotonic()
        return min([POLL_SECONDS, *(max(0.0, start - now) for start in waiting if start > now)])

    def _stop_all(self, preparing: "subprocess.Popen[bytes]") -> None:
        """Asks all to stop, waits, then kills; a second signal kills at once."""
        self._listener.close()
        for child in self._children:
            child.tell("stop")
        running = [child.process for child in self._children if child.process is not None]
        if preparing.poll() is None:
            preparing.terminate()
            running.append(preparing)
        deadline = time.monotonic() + STOP_SECONDS
        asked = len(self._alarm.stop_signals)
        while any(process.poll() is None for process in running):
            if time.monotonic() > deadline or len(self._alarm.stop_signals) > asked:
                self._log("warning", "killing what has not stopped")
                break
            self._alarm.wait(0.1 if os.name == "nt" else POLL_SECONDS)
        for process in running:
            if process.poll() is None:
                process.kill()
            process.wait()
            _close_leash(process)

    def _log(self, level: str, message: str) -> None:
        log(level, message, self._plan.log_level, self._plan.log_format)


_LEVELS = ("debug", "info", "warning", "error")


def log(level: str, message: str, least: str = "info", form: str = "text") -> None:
    if _LEVELS.index(level) < _LEVELS.index(least):
        return
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    if form == "json":
        line = json.dumps({"time": now, "level": level, "logger": "diglot.supervisor", "message": message})
    else:
        line = f"{now} {level} diglot.supervisor: {message}"
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _spawn(role: str, number: int, listener: socket.socket | None = None, **streams: Any) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "diglot.roles", role, str(number)]
    if listener is None:
        return subprocess.Popen(command, stdin=subprocess.PIPE, **streams)
    shared = listener.fileno()
    return subprocess.Popen([*command, str(shared)], stdin=subprocess.PIPE, pass_fds=[shared], **streams)


def _close_leash(process: "subprocess.Popen[bytes]") -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _exit_code(code: int) -> int:
    return code if code > 0 else GAVE_UP


def _described(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _told(preparing: "subprocess.Popen[bytes]") -> Plan:
    """The settings, or `NotStarted` if `prepare` died over them (it has then said why)."""
    assert preparing.stdout is not None
    line = preparing.stdout.readline()
    if not line:
        raise NotStarted("the settings could not be read")
    return Plan(**json.loads(line))


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The data folder as ours alone; freed by the system however this process ends."""
    with _opened(folder) as file:
        try:
            _lock(file)
        except OSError as error:
            raise NotStarted(f"{folder} is already served by another process ({_holder(file)})") from error
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        yield


def _opened(folder: Path) -> IO[bytes]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open(folder / "serve.lock", "a+b")
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> NotStarted:
    return NotStarted(f"{folder} cannot be written: {error.strerror or error}")


def _holder(file: IO[bytes]) -> str:
    try:
        file.seek(0)
        return f"process {int(file.read(20))}"
    except (OSError, ValueError):
        return "unknown process"


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        # The byte lies far behind the text, which others must be able to read.
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _prepare_metrics(folder: Path) -> None:
    """Where the API processes of this run count together."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir()
    except OSError as error:
        raise _unwritable(folder, error) from error
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _listen(plan: Plan) -> socket.socket:
    """The socket of the server. On Windows, where a child cannot take it over, only the port is settled by it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(plan.host, plan.port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        if os.name != "nt":
            listener.listen(BACKLOG)
    except OSError as error:
        raise NotStarted(f"cannot listen on {plan.host} port {plan.port}: {error.strerror or error}") from error
    return listener


def _url(listener: socket.socket, plan: Plan) -> str:
    host = f"[{plan.host}]" if ":" in plan.host else plan.host
    return f"http://{host}:{listener.getsockname()[1]}"


def _answers(listener: socket.socket, plan: Plan) -> bool:
    """Whether the API says that it is ready."""
    address = listener.getsockname()[:2]
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])
    request = f"GET /readyz HTTP/1.1\r\nHost: {plan.host}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((reachable, address[1]), timeout=PROBE_TIMEOUT) as probe:
            probe.sendall(request.encode())
            return probe.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def main() -> int:
    alarm = Alarm.set()
    preparing = _spawn("prepare", 1, stdout=subprocess.PIPE)
    try:
        plan = _told(preparing)
        with locked(Path(plan.data)), _listen(plan) as listener:
            _prepare_metrics(Path(plan.data) / "metrics")
            assert preparing.stdin is not None
            preparing.stdin.write(b"go\n")
            preparing.stdin.flush()
            return Supervisor(plan, listener, alarm).run(preparing)
    except NotStarted as error:
        log("error", str(error))
        return NOT_STARTED
    finally:
        _close_leash(preparing)
        preparing.wait()


if __name__ == "__main__":
    sys.exit(main())
