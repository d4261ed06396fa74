"""The worker's loop: claim, do, say how it ended."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Protocol

from diglot.catalog import changes, indexable, jobs, leases
from diglot.catalog.database import Database, Watch
from diglot.domain.errors import LeaseLost
from diglot.domain.job import RECOGNITION, Job, JobKind
from diglot.ingestion import purging
from diglot.ingestion.attempt import Attempt
from diglot.ingestion.conclusion import conclude
from diglot.ingestion.home import Home
from diglot.ingestion.indexing import Indexer
from diglot.ingestion.pipeline import Tools, ingest
from diglot.ingestion.purging import Purge
from diglot.ingestion.rebuilding import rebuild_by
from diglot.ingestion.recognising import OcrLimits
from diglot.ports.blobs import Blobs
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index
from diglot.ports.ocr import Ocr
from diglot.ports.parser import ParseLimits, Parser
from diglot.ports.pictures import Pictures
from diglot.ports.tokenizer import Tokenizer
from diglot.settings import Settings
from diglot.worker.attention import Attention
from diglot.worker.badge import Badge
from diglot.worker.bench import Bench, Line

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
SELDOM_SECONDS = 0.5
WAITING_FOR_INDEX = 12
"""Documents beyond those on the bench that only wait for the index."""
STOP_SECONDS = 12.0
LONGEST_PAUSE = 30.0
INDEX_SECONDS = 10.0
INGEST = (JobKind.INGEST,)
SCANS = range(RECOGNITION, (1 << 31) - 1)
SCANS_AT_ONCE = 3
"""Documents whose pages take turns at the one recogniser: a single image need not wait for a whole book."""

CHORES = (JobKind.PURGE, JobKind.REBUILD)
CHORES_AT_ONCE = 2


class House(Protocol):
    """What a worker needs of the house; `assembly.Diglot` has it."""

    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def pictures(self) -> Pictures: ...
    @property
    def index(self) -> Index: ...
    @property
    def parser(self) -> Parser: ...
    @property
    def tokenizer(self) -> Tokenizer: ...
    @property
    def embedders(self) -> Embedders: ...
    @property
    def ocr(self) -> Ocr: ...


class Worker:
    """`run` works until `stop`, which any thread may call. Made for one run."""

    def __init__(self, house: House, stop_seconds: float = STOP_SECONDS) -> None:
        """`stop_seconds`: how long a `stop` lets jobs come to their end before they are given back."""
        settings = house.settings
        self._database = house.database
        self._tokenizer = house.tokenizer
        self._indexer = Indexer(house.database, house.index, house.tokenizer, house.embedders, settings.index_folder)
        self._tools = _tools(house, self._indexer)
        self._purge = Purge(house.database, house.blobs, house.pictures, purging.BLOB_GRACE_MS)
        self._stop_seconds = stop_seconds
        self._lease_ms = round(settings.lease_seconds * 1000)
        self._bench = Bench(settings.slots)
        self._badge = Badge(settings.data / "workers")
        # SQLite's file is on this host anyway.
        home = Home.here(settings.index_folder) if settings.database_url is not None else None
        self._attention = Attention(house.database, settings.catalog_url, self._badge, self._lease_ms, home)
        self._found_none: dict[tuple[tuple[JobKind, ...], range | None], float] = {}
        self._ingesting: set[Attempt] = set()
        self._doing_chores: set[Attempt] = set()
        self._recognising: set[Attempt] = set()
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._wake = threading.Event()
        self._watching: Watch | None = None

    def run(self) -> None:
        threads = [
            threading.Thread(target=self._watch, name="watch", daemon=True),
            threading.Thread(target=self._index, name="indexer", daemon=True),
        ]
        for thread in threads:
            thread.start()
        self._attention.start()
        try:
            self._work()
        finally:
            self._ended.set()
            self._indexer.end()
            if self._watching is not None:
                self._watching.close()
            self._attention.end()
            for thread in threads:
                thread.join()
            self._badge.hand_in()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    @property
    def is_busy(self) -> bool:
        return bool(self._ingesting or self._doing_chores or self._recognising)

    def _work(self) -> None:
        in_all = self._bench.most + WAITING_FOR_INDEX
        with (
            ThreadPoolExecutor(in_all, "ingest") as ingesters,
            ThreadPoolExecutor(SCANS_AT_ONCE, "scans") as readers,
            ThreadPoolExecutor(CHORES_AT_ONCE, "chores") as others,
        ):
            failures = 0
            while not self._stopping.is_set():
                try:
                    self._claim(ingesters, in_all)
                    self._claim_scans(readers)
                    self._claim_chores(others)
                    failures = 0
                except Exception:  # the worker loop's net: a lost catalog or a full disk passes, the worker stays
                    failures += 1
                    logger.exception("no jobs could be claimed")
                self._wake.wait(POLL_SECONDS if not failures else min(LONGEST_PAUSE, 0.5 * 2**failures))
                self._wake.clear()
            self._wind_down()

    def _claim(self, ingesters: ThreadPoolExecutor, in_all: int) -> None:
        quick = self._bench.quick
        found = self._claimed(INGEST, min(quick.wanted, in_all - len(self._ingesting)), quick.priorities)
        self._seat(found, quick, ingesters)
        for line in self._bench.slow:
            wanted = min(line.wanted, in_all - len(self._ingesting))
            self._seat(self._seldom_claimed(INGEST, wanted, line.priorities), line, ingesters)

    def _seat(self, found: list[Job], line: Line, ingesters: ThreadPoolExecutor) -> None:
        self._bench.expect(line, len(found))
        self._begin(found, self._ingesting, ingesters, partial(self._ingest, line))

    def _claim_scans(self, readers: ThreadPoolExecutor) -> None:
        found = self._seldom_claimed(INGEST, SCANS_AT_ONCE - len(self._recognising), SCANS)
        self._begin(found, self._recognising, readers, self._ingest_scan)

    def _claim_chores(self, others: ThreadPoolExecutor) -> None:
        found = self._seldom_claimed(CHORES, CHORES_AT_ONCE - len(self._doing_chores))
        self._begin(found, self._doing_chores, others, self._do_chore)

    def _seldom_claimed(self, kinds: tuple[JobKind, ...], wanted: int, priorities: range | None = None) -> list[Job]:
        """Where there was nothing a moment ago nobody looks at every commit: that costs each document a millisecond."""
        now = time.monotonic()
        if self._ingesting and now - self._found_none.get((kinds, priorities), -math.inf) < SELDOM_SECONDS:
            return []
        found = self._claimed(kinds, wanted, priorities)
        if wanted > len(found):
            self._found_none[kinds, priorities] = now
        return found

    def _claimed(self, kinds: tuple[JobKind, ...], wanted: int, priorities: range | None = None) -> list[Job]:
        if wanted < 1:
            return []
        with self._database.read() as connection:
            if not leases.is_any_due(connection, kinds, priorities):
                return []
        claim = partial(
            jobs.claim,
            owner=self._badge.owner,
            kinds=kinds,
            limit=wanted,
            priorities=priorities,
            lease_ms=self._lease_ms,
        )
        return self._database.write(claim)

    def _begin(
        self, found: list[Job], among: set[Attempt], pool: ThreadPoolExecutor, act: Callable[[Attempt], None]
    ) -> None:
        attempts = [Attempt(self._database, job) for job in found]
        among.update(attempts)
        self._attention.watch_over(attempts)
        for attempt in attempts:
            pool.submit(self._perform, attempt, among, act)

    def _perform(self, attempt: Attempt, among: set[Attempt], act: Callable[[Attempt], None]) -> None:
        try:
            act(attempt)
        except Exception as error:  # noqa: BLE001  # the worker loop: whatever it was is recorded on the job
            self._conclude(attempt, attempt.reason(error))
        finally:
            self._attention.let_go(attempt)
            among.discard(attempt)
            self._wake.set()

    def _ingest(self, line: Line, attempt: Attempt) -> None:
        ingest(attempt, self._tools, self._bench.place(attempt, line))

    def _ingest_scan(self, attempt: Attempt) -> None:
        ingest(attempt, self._tools, nullcontext())

    def _do_chore(self, attempt: Attempt) -> None:
        if attempt.job.kind is JobKind.PURGE:
            self._purge.perform(attempt)
            return
        rebuild_by(self._database, self._tokenizer, attempt.job.dataset_id, attempt.look)
        self._database.write(partial(jobs.finish, job=attempt.job))

    def _conclude(self, attempt: Attempt, error: Exception) -> None:
        """Until it is written, or the lease has passed to somebody else who will do it."""
        deadline = time.monotonic() + 2 * self._lease_ms / 1000
        pause = 0.1
        while True:
            try:
                return conclude(self._database, attempt.job, error)
            except LeaseLost:
                return None
            except Exception:  # the worker loop: without the catalog nothing can be recorded, so later
                logger.exception("the end of job %s cannot be recorded", attempt.job.id)
            if time.monotonic() > deadline or self._stopping.wait(pause):
                return None
            pause = min(2 * pause, LONGEST_PAUSE)

    def _wind_down(self) -> None:
        """Lets what runs come to its end for a while, then has it given back; what takes longer anyway, at once."""
        for attempt in self._attention.attempts():
            if attempt in self._recognising:
                attempt.stop()
        deadline = time.monotonic() + self._stop_seconds
        while self.is_busy and time.monotonic() < deadline:
            time.sleep(0.02)
        for attempt in self._attention.attempts():
            attempt.stop()

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                self._watch_on()
            except Exception:  # the worker loop: the catalog may come back
                logger.exception("the catalog cannot be watched")
                self._ended.wait(POLL_SECONDS)

    def _watch_on(self) -> None:
        self._watching = watch = self._database.watch()
        try:
            while not self._ended.is_set():
                if watch.wait(POLL_SECONDS):
                    self._wake.set()
        finally:
            watch.close()

    def _index(self) -> None:
        while not self._ended.is_set():
            try:
                self._indexer.run()
            except Exception:  # the worker loop: whatever ended its term, it stands for election again
                logger.exception("the indexer stopped")
                self._ended.wait(POLL_SECONDS)


@contextmanager
def running_worker(house: House) -> Iterator[Worker]:
    """A worker in this process for the time of the block."""
    worker = Worker(house)
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join()


def run_once(house: House, seconds: float = 600.0) -> int:
    """Works in this process until nothing is due any more, in the queue or in the index; how many jobs have ended.
    Jobs that wait for a later time are left, and so is an index that gets no further for some seconds. `TimeoutError`
    after that many seconds."""
    before = _ended(house.database)
    deadline = time.monotonic() + seconds
    with running_worker(house) as worker:
        while worker.is_busy or _is_anything_due(house.database):
            if time.monotonic() > deadline:
                raise TimeoutError("there is still work to do")
            time.sleep(0.01)
        behind_until = min(deadline, time.monotonic() + INDEX_SECONDS)
        while _is_index_behind(house) and time.monotonic() < behind_until:
            time.sleep(0.01)
    return _ended(house.database) - before


def _is_index_behind(house: House) -> bool:
    with house.database.read() as connection:
        for dataset_id in changes.datasets_noted(connection):
            span = changes.span(connection, dataset_id)
            generation = indexable.active_generation(connection, dataset_id)
            if span is not None and generation is not None and house.index.applied(generation) < span.last:
                return True
    return False


def _is_anything_due(database: Database) -> bool:
    with database.read() as connection:
        return leases.is_any_due(connection, tuple(JobKind)) or leases.is_any_running(connection)


def _ended(database: Database) -> int:
    with database.read() as connection:
        return leases.count_ended(connection)


def _tools(house: House, indexer: Indexer) -> Tools:
    settings = house.settings
    limits = ParseLimits(
        wall_seconds=settings.parse_seconds,
        cpu_seconds=max(1, round(settings.parse_seconds * 0.8)),
        memory_bytes=settings.parse_memory_bytes,
    )
    return Tools(
        house.database,
        house.blobs,
        house.parser,
        house.tokenizer,
        house.embedders,
        house.index,
        indexer,
        limits,
        house.ocr,
        OcrLimits(settings.ocr_pages, settings.ocr_page_seconds),
    )
