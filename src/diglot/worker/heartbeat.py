"""The worker's end of `diglot.heartbeat`."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import asdict

from diglot.domain.job import Job

BEAT_SECONDS = 1.0


class Heartbeat:
    """Costs nothing until `beat` is first called; a child that died is replaced by the next beat. Thread-safe."""

    def __init__(self, url: str, lease_ms: int) -> None:
        self._opening = json.dumps({"url": url, "lease_ms": lease_ms})
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def beat(self, held: Iterable[Job]) -> None:
        """These jobs are the worker's, and it lives."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._close()
                self._process = subprocess.Popen([sys.executable, "-m", "diglot.heartbeat"], stdin=subprocess.PIPE)
                self._say(self._process, self._opening)
            self._say(self._process, json.dumps([asdict(job) for job in held]))

    @property
    def is_beating(self) -> bool:
        return self._process is not None

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _say(self, process: "subprocess.Popen[bytes]", line: str) -> None:
        assert process.stdin is not None
        try:
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()
        except OSError:
            # It died; the next beat starts another.
            process.kill()
