"""A server of our own as a child process, and what its processes weigh."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.error import URLError
from urllib.request import urlopen

from diglot.domain.errors import DiglotError

START_SECONDS = 60.0
STOP_SECONDS = 30.0


class RunningServer:
    """`diglot serve` on a free port with a key of its own; stopped, and waited for, when the block ends."""

    def __init__(self, data: Path) -> None:
        self.key = "dataset-" + secrets.token_urlsafe(32)
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> "RunningServer":
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = {**os.environ, "DIGLOT_BOOTSTRAP_KEY": self.key, "DIGLOT_LOG_LEVEL": "warning"}
        command = [sys.executable, "-m", "diglot.cli.main", "serve"]
        flags = ["--host", "127.0.0.1", "--port", str(port), "--data", str(self._data)]
        self._process = subprocess.Popen([*command, *flags], env=environment, stdout=subprocess.DEVNULL)
        try:
            self._wait_until_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def wait(self) -> None:
        """Until the server ends by itself or somebody presses Ctrl-C."""
        assert self._process is not None
        self._process.wait()

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise DiglotError("The server ended while it was starting.")
            try:
                with urlopen(f"{self.url}/readyz", timeout=1):
                    return
            except (URLError, OSError):
                time.sleep(0.02)
        raise DiglotError(f"The server did not answer within {START_SECONDS:.0f} seconds.")

    def _stop(self) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes: `proportional` divides shared pages among those who share them, `resident` counts them in full."""

    name: str
    proportional: int
    resident: int


def api_pids(pid: int) -> list[int]:
    """The processes below this server's that answer HTTP."""
    return [one for one in _family(pid) if b"diglot.roles\0api" in Path(f"/proc/{one}/cmdline").read_bytes()]


def memory_by_process(pid: int) -> list[Weight]:
    """The process and everything below it; Linux only, empty elsewhere."""
    if not Path("/proc/self/smaps_rollup").exists():
        return []
    return [weight for one in _family(pid) if (weight := _weigh(one)) is not None]


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _weigh(pid: int) -> Weight | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None  # it ended while we looked
    sizes = {line.split(":")[0]: int(line.split()[1]) << 10 for line in lines if line.endswith("kB")}
    name = next((word for word in command if word.startswith("diglot")), command[0])
    return Weight(f"{name} {pid}", sizes.get("Pss", 0), sizes.get("Rss", 0))
