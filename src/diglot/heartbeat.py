"""Keeps the leases of a worker that is too busy to do it itself: `python -m diglot.heartbeat`, see
`diglot.worker.heartbeat`.

It is another process, so that no long computation inside the worker holds it up. It renews only while the worker shows
life: a beat on the pipe, or processor time that moves. A worker that is frozen shows neither and loses its jobs; when
the worker dies the pipe ends and so does this process.
"""

import json
import os
import sys
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from diglot.catalog import jobs
from diglot.catalog.database import Database, open_database
from diglot.domain.errors import DiglotError
from diglot.domain.job import Job, JobKind, JobState

SILENCE_SECONDS = 3.0
"""How long a living worker may say nothing."""


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
        is_heard = time.monotonic() - pulse.heard < min(SILENCE_SECONDS, lease_ms / 2000)
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
