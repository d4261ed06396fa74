"""What a worker does beside its jobs: keeps their leases, hears of cancels, takes jobs from the dead."""

import logging
import random
import threading
import time
from collections.abc import Callable
from functools import partial

from diglot.catalog import jobs, leases
from diglot.catalog import settings as remembered
from diglot.catalog.database import Database
from diglot.domain.identity import now_ms
from diglot.ingestion.attempt import Attempt
from diglot.ingestion.home import REFRESH_SECONDS, Home, move_in
from diglot.ingestion.purging import sweep_vectors
from diglot.library import auditing, querylog
from diglot.library.attempts import forget_attempts
from diglot.library.switches import Switches
from diglot.worker.badge import Badge
from diglot.worker.heartbeat import BEAT_SECONDS, Heartbeat

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
REAP_SECONDS = 5.0
HOUSEKEEPING_SECONDS = 600.0
KEPT_JOBS_MS = 7 * 24 * 3600 * 1000
SWEEP_MS = 24 * 3600 * 1000
SWEPT = "vectors_swept_at"
IDLE_HEARTBEAT_SECONDS = 60.0
LARGE_COST = 5.0
"""Of a job: some hundred kilobytes to read."""


class Attention:
    """A thread of its own. It renews leases itself; a second process does too while a job takes long, because a
    computation that never lets another thread run would starve this one."""

    def __init__(self, database: Database, url: str, badge: Badge, lease_ms: int, home: Home | None) -> None:
        self._database = database
        self._badge = badge
        self._lease_ms = lease_ms
        self._home = home
        self._switches = Switches(database, is_api_allowed=True)
        self._heartbeat = Heartbeat(url, lease_ms)
        self._attempts: dict[str, Attempt] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attention", daemon=True)
        self._due: dict[str, float] = {"housekeeping": time.monotonic() + random.uniform(10, 60)}
        self._beat_at = 0.0

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        self._heartbeat.close()

    def watch_over(self, attempts: list[Attempt]) -> None:
        """Before they begin. Large documents may mean long computations, in which this thread gets no turn: the second
        process hears of them at once."""
        with self._lock:
            self._attempts |= {attempt.job.id: attempt for attempt in attempts}
        if any(attempt.job.cost > LARGE_COST for attempt in attempts):
            self._beat_with(self.attempts())

    def let_go(self, attempt: Attempt) -> None:
        with self._lock:
            # A job that goes back to the queue may be in hand again by now, in another attempt.
            if self._attempts.get(attempt.job.id) is attempt:
                del self._attempts[attempt.job.id]

    def attempts(self) -> list[Attempt]:
        with self._lock:
            return list(self._attempts.values())

    def _run(self) -> None:
        failures = 0
        while not self._ended.wait(min(LOOK_SECONDS * 2**failures, 10.0)):
            try:
                self._turn()
                failures = 0
            except Exception:  # the worker loop's own net: a lost catalog or a full disk passes, the worker stays
                failures = min(failures + 1, 10)
                logger.exception("the worker cannot look after its jobs")

    def _turn(self) -> None:
        self._look()
        for name, seconds, act in (
            ("renew", self._lease_ms / 3000, self._renew),
            ("beat", min(BEAT_SECONDS, self._lease_ms / 4000), self._beat),
            ("reap", random.uniform(0.8, 1.2) * min(REAP_SECONDS, self._lease_ms / 2000), self._reap),
            ("housekeeping", HOUSEKEEPING_SECONDS, self._keep_house),
            ("home", REFRESH_SECONDS, self._stay_home),
        ):
            self._if_due(name, seconds, act)

    def _if_due(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        now = time.monotonic()
        if now >= self._due.get(name, 0.0):
            self._due[name] = now + seconds
            act()

    def _look(self) -> None:
        held = {attempt.job.id: attempt for attempt in self.attempts()}
        if not held:
            return
        with self._database.read() as connection:
            found = leases.look(connection, [attempt.job for attempt in held.values()])
        for job_id, lease in found.items():
            held[job_id].told(lease)

    def _renew(self) -> None:
        for attempt in self._older_than(self._lease_ms / 4000):
            attempt.told(self._database.write(partial(jobs.renew, job=attempt.job, lease_ms=self._lease_ms)))

    def _beat(self) -> None:
        old = self._older_than(self._lease_ms / 4000)
        if old or (self._heartbeat.is_beating and self.attempts()):
            self._beat_with(self.attempts())
        elif time.monotonic() - self._beat_at > IDLE_HEARTBEAT_SECONDS:
            self._heartbeat.close()

    def _beat_with(self, attempts: list[Attempt]) -> None:
        self._beat_at = time.monotonic()
        self._heartbeat.beat([attempt.job for attempt in attempts])

    def _older_than(self, seconds: float) -> list[Attempt]:
        latest = time.monotonic() - seconds
        return [attempt for attempt in self.attempts() if attempt.began < latest]

    def _reap(self) -> None:
        dead = self._badge.dead_owners()
        for job in self._database.write(partial(jobs.reap, lease_ms=self._lease_ms, dead_owners=dead)):
            logger.warning("job %s was taken from %s, which is dead or silent", job.id, job.owner)
        for owner in dead:
            self._badge.forget(owner)

    def _stay_home(self) -> None:
        if self._home is not None:
            move_in(self._database, self._home)

    def _keep_house(self) -> None:
        while self._database.write(partial(jobs.forget, before_ms=now_ms() - KEPT_JOBS_MS)) >= 1000:
            pass
        querylog.forget_old(self._database, self._switches)
        auditing.forget_old(self._database, self._switches.now().audit_days)
        forget_attempts(self._database)
        with self._database.read() as connection:
            swept_at = remembered.get(connection, SWEPT) or 0
        if now_ms() - swept_at > SWEEP_MS:
            # Noted first: of several workers one sweeps.
            self._database.write(partial(remembered.put, name=SWEPT, value=now_ms()))
            threading.Thread(target=self._sweep, name="sweep", daemon=True).start()

    def _sweep(self) -> None:
        try:
            logger.info("%d vectors that no chunk names were removed", sweep_vectors(self._database))
        except Exception:  # the worker loop's own net: tomorrow is soon enough
            logger.exception("unused vectors were not swept")
