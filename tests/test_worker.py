"""The worker as a process of its own: leases, cancels, crashes, stops. Real processes, killed by their number."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from diglot.assembly import Diglot
from diglot.catalog import jobs, tables
from diglot.domain.api_key import Caller
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import Cancelled
from diglot.domain.identity import JobId
from diglot.domain.job import SLOW, SLOWEST, Job, JobKind, JobState, Lease
from diglot.ingestion.attempt import AnotherLine, Attempt
from diglot.ingestion.checking import fsck
from diglot.library.documents import NewDocument
from diglot.worker.badge import Badge
from diglot.worker.bench import Bench
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


def attempts_at(office: Office, count: int) -> list[Attempt]:
    for number in range(count):
        office.add("claimed", name=f"{number}.md")
    found = office.house.database.write(partial(jobs.claim, owner="me", limit=count))
    return [Attempt(office.house.database, job) for job in found]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Bench:
    """One place, one for the slow and two for the slowest; whoever waits gets the place at once, if somebody may."""
    monkeypatch.setattr("diglot.worker.bench.QUICK_SECONDS", -1.0)
    monkeypatch.setattr("diglot.worker.bench.SLOW_SECONDS", -1.0)
    return Bench(1)


def test_whoever_takes_long_makes_room_for_those_who_wait(small_office: Office, impatient: Bench) -> None:
    *early, late, last = attempts_at(small_office, 5)
    bench, done = impatient, threading.Event()

    def come(attempt: Attempt) -> None:
        bench.expect(bench.quick, 1)
        people.submit(stay, attempt)
        until(lambda: bench.quick.waiting == 0)

    def stay(attempt: Attempt) -> None:
        with bench.place(attempt, bench.quick):
            done.wait(20)

    with ThreadPoolExecutor(5) as people:
        try:
            for attempt in [*early, late]:
                come(attempt)
            assert [line.free for line in (bench.quick, *bench.slow)] == [0, 0, 0]
            # Nobody waits.
            late.look()
            come(last)
            with pytest.raises(AnotherLine) as raised:
                late.look()
            assert raised.value.priority == SLOW
            for attempt in [*early, last]:
                attempt.look()
        finally:
            done.set()
    assert [line.free for line in (bench.quick, *bench.slow)] == [1, 1, 2]
    # It was done before it heard of it.
    late.look()


def test_the_slow_go_to_the_slowest_and_these_stay(small_office: Office, impatient: Bench) -> None:
    bench = impatient
    slow, slowest = bench.slow
    attempts = attempts_at(small_office, 4)
    with ExitStack() as stack:
        for attempt in attempts:
            bench.expect(slow, 1)
            stack.enter_context(bench.place(attempt, slow))
        assert [line.free for line in (bench.quick, slow, slowest)] == [1, 0, 0]
        for attempt in attempts[:2] + attempts[3:]:
            attempt.look()
        with pytest.raises(AnotherLine) as raised:
            attempts[2].look()
        assert raised.value.priority == SLOWEST


def test_a_slow_one_that_is_read_does_not_go_among_the_endless(small_office: Office, impatient: Bench) -> None:
    bench = impatient
    slow, _ = bench.slow
    *early, read, last = attempts_at(small_office, 4)
    with ExitStack() as stack:
        for attempt in [*early, read]:
            bench.expect(slow, 1)
            stack.enter_context(bench.place(attempt, slow))
        read.note(DocumentStatus.EMBEDDING, 0.5)
        bench.expect(slow, 1)
        threading.Timer(0.5, last.told, [Lease.CANCELLED]).start()
        with pytest.raises(Cancelled), bench.place(last, slow):
            pass
        read.look()


def test_whoever_waits_for_a_place_hears_of_a_cancel(small_office: Office) -> None:
    bench = Bench(1)
    first, second = attempts_at(small_office, 2)
    bench.expect(bench.quick, 2)
    with bench.place(first, bench.quick):
        threading.Timer(0.3, second.told, [Lease.CANCELLED]).start()
        began = time.monotonic()
        with pytest.raises(Cancelled), bench.place(second, bench.quick):
            pass
        assert time.monotonic() - began < 0.9
    assert (bench.quick.free, bench.quick.waiting) == (1, 0)


def test_what_a_dead_worker_had_put_aside_is_done_by_the_next(office: Office) -> None:
    documents = [office.add("WAIT and see", name=f"{number}.md") for number in range(12)]
    worker = office.hire()

    def aside() -> list[Job]:
        found = [office.job(document) for document in documents]
        return [job for job in found if (job.state, job.priority) == (JobState.QUEUED, SLOW)]

    until(lambda: len(aside()) >= 3)
    worker.kill()
    worker.wait()
    assert {(job.attempts, job.crashes, job.error) for job in aside()} == {(0, 0, None)}
    waiting = aside()
    go(office)
    office.hire()
    for document in documents:
        until(is_ready(office, document))
    after = [office.job(document) for document in documents]
    assert {job.crashes for job in after if job.id in {one.id for one in waiting}} == {0}
    assert fsck(office.house).is_clean


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
