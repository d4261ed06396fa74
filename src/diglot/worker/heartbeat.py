"""Keeps the leases of a worker that is too busy to do it itself: `python -m diglot.worker.heartbeat`.

It is another process, so that no long computation inside the worker holds it up. It renews only while the worker shows
life: a beat on the pipe, or processor time that moves. A worker that is frozen shows neither and loses its jobs; when
the worker dies the pipe ends and so does this process.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from diglot.catalog import jobs
from diglot.catalog.database import Database, open_database
from diglot.domain.errors import DiglotError
from diglot.domain.job import Job, JobKind, JobState

BEAT_SECONDS = 1.0


class Heartbeat:
    """The worker's end. Costs nothing until `beat` is first called; a child that died is replaced by the next beat."""

    def __init__(self, url: str, lease_ms: int) -> None:
        self._opening = json.dumps({"url": url, "lease_ms": lease_ms})
        self._process: subprocess.Popen[bytes] | None = None

    def beat(self, held: Iterable[Job]) -> None:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE)
            self._say(self._opening)
        self._say(json.dumps([asdict(job) for job in held]))

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            if process.stdin is not None:
                process.stdin.close()
        except OSError:
            process.kill()
        process.wait()

    def _say(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{line}\n".encode())
            self._process.stdin.flush()
        except OSError:
            # It died; the next beat starts another.
            self._process.kill()


@dataclass(slots=True)
class Pulse:
    """What was last seen of the worker."""

    held: list[Job]
    heard: float


def main(stream: IO[bytes]) -> None:
    opening = json.loads(stream.readline() or b"{}")
    if not opening:
        return
    database = open_database(opening["url"])
    pulse = Pulse([], time.monotonic())
    ended = threading.Event()
    threading.Thread(target=_keep_renewing, args=(database, pulse, ended, opening["lease_ms"]), daemon=True).start()
    for line in stream:
        pulse.held = [_job(fields) for fields in json.loads(line)]
        pulse.heard = time.monotonic()
    ended.set()


def _keep_renewing(database: Database, pulse: Pulse, ended: threading.Event, lease_ms: int) -> None:
    worked = _processor_time()
    while not ended.wait(lease_ms / 4000):
        before, worked = worked, _processor_time()
        is_heard = time.monotonic() - pulse.heard < max(3 * BEAT_SECONDS, lease_ms / 4000)
        if is_heard or worked != before:
            _renew(database, pulse.held, lease_ms)


def _renew(database: Database, held: list[Job], lease_ms: int) -> None:
    for job in held:
        try:
            database.write(partial(jobs.renew, job=job, lease_ms=lease_ms))
        except DiglotError:
            # The catalog is away: the next turn is soon enough.
            return


def _processor_time() -> str:
    """Ticks that the worker has used; always the same where the system does not tell."""
    try:
        return " ".join(Path(f"/proc/{os.getppid()}/stat").read_text().rsplit(")", 1)[1].split()[11:13])
    except OSError:
        return ""


def _job(fields: dict[str, Any]) -> Job:
    return Job(**fields | {"kind": JobKind(fields["kind"]), "state": JobState(fields["state"])})


if __name__ == "__main__":
    main(sys.stdin.buffer)
