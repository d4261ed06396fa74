"""The worker as a process of its own: leases, cancels, crashes, stops. Real processes, killed by their number."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from diglot.assembly import Diglot
from diglot.catalog import jobs, tables
from diglot.domain.api_key import Caller
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.identity import JobId
from diglot.domain.job import Job, JobKind, JobState, Lease
from diglot.ingestion.checking import fsck
from diglot.library.documents import NewDocument
from diglot.worker.badge import Badge
from diglot.worker.bench import STANDING, Bench
from diglot.worker.heartbeat import Heartbeat
from tests.house import a_house

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")

LEASE = 1.5
SCRIPT = """
import sys
from pathlib import Path
from diglot.assembly import build
from diglot.settings import Settings
from diglot.worker import Worker
import signal
from tests.tricky_parser import tricky
settings = Settings.for_tests(Path(sys.argv[1]), lease_seconds=float(sys.argv[2]), **eval(sys.argv[3]))
with build(settings) as house:
    worker = Worker(tricky(house), stop_seconds=2.0)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()
"""


class Office:
    """A house, its dataset, and workers in other processes."""

    def __init__(self, house: Diglot, options: dict[str, object]) -> None:
        self.house = house
        self.options = options
        self.caller: Caller = house.keys.owner()
        self.dataset: Dataset = house.datasets.create(self.caller, "shelf")
        self.workers: list[subprocess.Popen[bytes]] = []

    def add(self, text: str, name: str = "a.md") -> Document:
        new = NewDocument(name=name, content=[text.encode()], created_from="api", indexing=Indexing.ECONOMY)
        return self.house.documents.add(self.caller, self.dataset.id, new)

    def status(self, document: Document) -> DocumentStatus:
        return self.house.documents.get(self.caller, self.dataset.id, document.id).status

    def get(self, document: Document) -> Document:
        return self.house.documents.get(self.caller, self.dataset.id, document.id)

    def hire(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", SCRIPT, str(self.house.settings.data), str(LEASE), repr(self.options)]
        worker = subprocess.Popen(command, cwd=Path(__file__).parents[1])
        self.workers.append(worker)
        return worker

    def job(self, document: Document) -> Job:
        with self.house.database.read() as connection:
            found = connection.execute(
                select(tables.jobs.c.id).where(tables.jobs.c.document_id == document.id, tables.jobs.c.kind == "ingest")
            ).scalar_one()
            return jobs.get(connection, JobId(found))

    def end_pauses(self) -> None:
        """As if the time before the next attempt had passed."""
        until(lambda: not any(self._owners()))
        self.house.database.write(lambda connection: connection.execute(update(tables.jobs).values(run_at=0)) and None)

    def _owners(self) -> list[str]:
        """Takes from the dead what they held; who still holds something."""
        badge = Badge(self.house.settings.data / "workers")
        dead = badge.dead_owners()
        badge.hand_in()
        self.house.database.write(lambda connection: jobs.reap(connection, dead_owners=dead) and None)
        with self.house.database.read() as connection:
            running = select(tables.jobs.c.owner).where(tables.jobs.c.state == "running")
            return [str(owner) for owner in connection.execute(running).scalars()]

    def dismiss(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()


@contextmanager
def an_office(folder: Path, **options: object) -> Iterator[Office]:
    with a_house(folder, lease_seconds=LEASE, **options) as house:
        office = Office(house, options)
        try:
            yield office
        finally:
            office.dismiss()


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    options = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_url")}
    with an_office(tmp_path / "data", **options) as found:
        yield found


@pytest.fixture
def small_office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path / "data") as found:
        yield found


def until(claim: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_ready(office: Office, document: Document) -> Callable[[], bool]:
    return lambda: office.status(document) is DocumentStatus.READY


def is_parsing(office: Office, document: Document) -> Callable[[], bool]:
    return lambda: office.status(document) is DocumentStatus.PARSING


def go(office: Office) -> None:
    """Whoever waits in a file goes on."""
    (office.house.settings.data / "go").touch()


def seen(office: Office, name: str) -> Callable[[], bool]:
    return (office.house.settings.data / name).exists


def test_a_killed_worker_s_job_passes_to_the_next_at_once(office: Office) -> None:
    document = office.add("WAIT")
    first = office.hire()
    until(is_parsing(office, document))
    first.kill()
    first.wait()
    go(office)
    office.hire()
    until(is_ready(office, document))
    assert office.job(document).crashes == 1
    assert fsck(office.house).is_clean


def test_a_frozen_worker_loses_its_job_and_does_no_harm(office: Office) -> None:
    document = office.add("WAIT and see")
    frozen = office.hire()
    until(is_parsing(office, document))
    before = office.job(document)
    frozen.send_signal(signal.SIGSTOP)
    go(office)
    until(lambda: office.house.database.write(partial(jobs.reap, lease_ms=round(LEASE * 1000))))
    frozen.send_signal(signal.SIGCONT)
    office.hire()
    until(is_ready(office, document))
    after = office.job(document)
    assert (before.attempts, after.attempts, after.state) == (1, 2, JobState.DONE)
    assert office.get(document).chunk_count == 1
    assert frozen.poll() is None
    assert fsck(office.house).is_clean


def test_a_worker_that_computes_for_long_keeps_its_job(small_office: Office) -> None:
    """Four seconds in which none of its threads can run; the lease is one and a half."""
    document = small_office.add("HOLD tight " * 50_000)
    small_office.hire()
    until(seen(small_office, "holding"))
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline and not is_ready(small_office, document)():
        assert small_office.house.database.write(partial(jobs.reap, lease_ms=round(LEASE * 1000))) == []
        time.sleep(0.1)
    until(is_ready(small_office, document))
    assert (small_office.job(document).attempts, small_office.job(document).crashes) == (1, 0)


def test_a_cancel_is_seen_within_two_seconds(office: Office) -> None:
    document = office.add("WAIT for nothing")
    office.hire()
    until(is_parsing(office, document))
    office.house.database.write(partial(jobs.cancel_document, document_id=document.id))
    until(lambda: office.status(document) is DocumentStatus.CANCELLED, seconds=2.5)
    assert seen(office, "cancelled")()
    assert office.job(document).state is JobState.CANCELLED


def test_a_removed_document_stops_being_read(small_office: Office) -> None:
    document = small_office.add("WAIT for nothing")
    small_office.hire()
    until(is_parsing(small_office, document))
    small_office.house.documents.remove(small_office.caller, small_office.dataset.id, document.id)
    until(seen(small_office, "cancelled"), seconds=2.5)


def test_a_file_that_kills_its_worker_again_and_again_is_given_up(small_office: Office) -> None:
    deadly = small_office.add("DIE")
    for _ in range(jobs.MOST_DEATHS):
        assert small_office.hire().wait(20) == 9
        small_office.end_pauses()
    good = small_office.add("live on", name="b.md")
    small_office.hire()
    until(is_ready(small_office, good))
    until(lambda: small_office.status(deadly) is DocumentStatus.FAILED)
    assert small_office.get(deadly).error == jobs.POISON
    assert small_office.job(deadly).state is JobState.DEAD


def test_a_stopped_worker_finishes_what_is_quick(small_office: Office) -> None:
    document = small_office.add("WAIT a little")
    worker = small_office.hire()
    until(is_parsing(small_office, document))
    worker.terminate()
    time.sleep(0.3)
    later = small_office.add("not any more", name="b.md")
    go(small_office)
    assert worker.wait(15) == 0
    assert small_office.status(document) is DocumentStatus.READY
    assert small_office.status(later) is DocumentStatus.WAITING


def test_a_stopped_worker_gives_back_what_takes_long(small_office: Office) -> None:
    document = small_office.add("WAIT for ever")
    worker = small_office.hire()
    until(is_parsing(small_office, document))
    asked = time.monotonic()
    worker.terminate()
    assert worker.wait(20) == 0
    assert time.monotonic() - asked < 20
    job = small_office.job(document)
    assert (job.state, job.attempts, job.crashes, job.owner) == (JobState.QUEUED, 0, 0, None)


def test_endless_documents_do_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(1)
    bench.expect()
    with bench.place():
        monkeypatch.setattr("diglot.worker.bench.SHORT_SECONDS", -1.0)
        assert bench.free == 0
        bench.free_overtime()
        assert bench.free == 1
    assert bench.free == 1


def test_only_a_few_go_on_without_a_place_after_a_short_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diglot.worker.bench.SHORT_SECONDS", -1.0)
    bench = Bench(1)
    done = threading.Event()

    def stay() -> None:
        with bench.place():
            done.wait(20)

    with ThreadPoolExecutor(STANDING + 1) as people:
        try:
            for _ in range(STANDING):
                _come(bench, people, stay)
                bench.free_overtime()
                assert bench.free == 1
            _come(bench, people, stay)
            bench.free_overtime()
            assert bench.free == 0
            monkeypatch.setattr("diglot.worker.bench.LONG_SECONDS", -1.0)
            bench.free_overtime()
            assert bench.free == 1
        finally:
            done.set()
    assert bench.free == 1


def _come(bench: Bench, people: ThreadPoolExecutor, stay: Callable[[], None]) -> None:
    bench.expect()
    people.submit(stay)
    until(lambda: bench.waiting == 0)


def test_a_badge_tells_the_living_from_the_dead(tmp_path: Path) -> None:
    folder = tmp_path / "workers"
    script = "import sys, time; from pathlib import Path; from diglot.worker.badge import Badge\n"
    script += "badge = Badge(Path(sys.argv[1])); print(badge.owner, flush=True); time.sleep(60)"
    mine = Badge(folder)
    process = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    owner = process.stdout.readline().strip()
    try:
        assert mine.dead_owners() == []
    finally:
        process.kill()
        process.communicate()
    assert mine.dead_owners() == [owner]
    mine.forget(owner)
    assert mine.dead_owners() == []
    mine.hand_in()
    assert list(folder.iterdir()) == []


def test_the_heartbeat_ends_with_its_worker_and_comes_back_when_it_dies(small_office: Office) -> None:
    small_office.add("claimed")
    (job,) = small_office.house.database.write(partial(jobs.claim, owner="me", lease_ms=1500))
    heartbeat = Heartbeat(small_office.house.settings.catalog_url, 1500)
    heartbeat.beat([job])
    child = heartbeat._process
    assert child is not None
    until(lambda: (heartbeat.beat([job]), lease_of(small_office, job) > (job.lease_until or 0))[1])
    child.kill()
    child.wait()
    heartbeat.beat([job])
    assert heartbeat._process is not None
    assert heartbeat._process.pid != child.pid
    heartbeat.close()


def lease_of(office: Office, job: Job) -> int:
    with office.house.database.read() as connection:
        return jobs.get(connection, job.id).lease_until or 0


def test_old_jobs_are_forgotten(small_office: Office) -> None:
    document = small_office.add("done and dusted")
    small_office.hire()
    until(is_ready(small_office, document))
    ancient = update(tables.jobs).values(finished_at=1)
    small_office.house.database.write(lambda connection: connection.execute(ancient).rowcount)
    assert small_office.house.database.write(partial(jobs.forget, before_ms=1000)) == 1


def test_a_lease_is_lost_to_whoever_claims_next(small_office: Office) -> None:
    small_office.add("contested")
    (job,) = small_office.house.database.write(partial(jobs.claim, owner="first", kinds=[JobKind.INGEST]))
    small_office.house.database.write(partial(jobs.reap, dead_owners=["first"]))
    assert small_office.house.database.write(partial(jobs.renew, job=job)) is Lease.LOST
