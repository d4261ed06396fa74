"""A whole server that can be killed at any moment and started again on the same port and data."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

START_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Group:
    """`diglot serve` and everything below it. Ends only processes that descend from the one it started."""

    def __init__(self, data: Path, environment: dict[str, str], workers: int = 2) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, "-m", "diglot.cli.main", "serve", "--data", str(data)]
        self._command += ["--port", str(self.port), "--workers", str(workers)]
        self._environment = {**os.environ, **environment}
        self._log = data.parent / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            assert self._process.poll() is None, self.log_tail()
            assert time.monotonic() < deadline, self.log_tail()
            time.sleep(0.02)

    def is_ready(self) -> bool:
        try:
            with urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def members(self) -> dict[int, str]:
        """Process id to command line, the supervisor first."""
        assert self._process is not None
        found: dict[int, str] = {}
        _collect(self._process.pid, found)
        return found

    def kill_all(self) -> None:
        """kill -9 of every member, the supervisor first, as a power switch would; waits until none is left."""
        assert self._process is not None
        members = list(self.members())
        for pid in members:
            signal_one(pid, signal.SIGKILL)
        self._process.wait()
        self.wait_until_gone(members)

    def kill_supervisor(self) -> None:
        """kill -9 of the supervisor alone: its children must follow by themselves."""
        assert self._process is not None
        members = list(self.members())
        self._process.kill()
        self._process.wait()
        self.wait_until_gone(members)

    def wait_until_gone(self, pids: list[int], seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while left := [pid for pid in pids if _is_alive(pid)]:
            assert time.monotonic() < deadline, f"still there after {seconds} s: {left}"
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise

    def log_tail(self) -> str:
        return self._log.read_text(errors="replace")[-4000:]


def signal_one(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _collect(pid: int, found: dict[int, str]) -> None:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    found[pid] = command
    for child in children:
        _collect(child, found)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
