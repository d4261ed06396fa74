"""Whatever doors, workers, crashes and purges do in whatever order: what must always be true of documents and jobs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection, Row, delete, func, select, update

from diglot.catalog import jobs, revisions
from diglot.catalog.database import Database, migrate, open_database
from diglot.catalog.tables import chunks, datasets, documents
from diglot.catalog.tables import jobs as tickets
from diglot.catalog.tables import revisions as readings
from diglot.domain.chunk import ChunkDraft
from diglot.domain.document import FINAL, DocumentStatus
from diglot.domain.errors import Cancelled, LeaseLost
from diglot.domain.identity import DocumentId
from diglot.domain.job import Job, JobKind, JobState
from tests.catalog.rows import a_shelf, update_source, upload

EXAMPLES = 20

numbers = some.integers(0, 1000)


class Catalog(RuleBasedStateMachine):
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.shelf = a_shelf(self.database)
        self.documents: list[DocumentId] = []
        self.held: list[Job] = []

    def teardown(self) -> None:
        self.database.write(lambda connection: connection.execute(delete(tickets)).rowcount)

    @rule()
    def upload(self) -> None:
        self.documents.append(upload(self.database, self.shelf))

    @precondition(lambda self: self.documents)
    @rule(number=numbers)
    def update(self, number: int) -> None:
        update_source(self.database, self.shelf, self.documents[number % len(self.documents)])

    @precondition(lambda self: self.documents)
    @rule(number=numbers)
    def cancel(self, number: int) -> None:
        document_id = self.documents[number % len(self.documents)]
        self.database.write(lambda connection: jobs.cancel_document(connection, document_id))

    @rule(limit=some.integers(1, 3))
    def claim(self, limit: int) -> None:
        self.held += self.database.write(lambda connection: jobs.claim(connection, "w", limit=limit))

    @precondition(lambda self: self.held)
    @rule(number=numbers, count=some.integers(0, 3))
    def stage(self, number: int, count: int) -> None:
        job = self.held[number % len(self.held)]
        drafts = [ChunkDraft("x" * (number % 7), tokens=1)] * count
        self._step(lambda connection: revisions.stage(connection, job, revisions.placed(drafts)))

    @precondition(lambda self: self.held)
    @rule(number=numbers, status=some.sampled_from(list(revisions.TIMES)))
    def progress(self, number: int, status: DocumentStatus) -> None:
        job = self.held[number % len(self.held)]
        if job.kind is JobKind.INGEST:
            self._step(lambda connection: revisions.progress(connection, job, status, 0.5))

    @precondition(lambda self: self.held)
    @rule(number=numbers, end=some.sampled_from(["publish", "fail", "cancel", "retry", "release", "purge"]))
    def end(self, number: int, end: str) -> None:
        # A worker that lost its job may well come back: it stays among the held for a while.
        job = self.held.pop(number % len(self.held)) if number % 3 else self.held[number % len(self.held)]
        if job.kind is JobKind.PURGE:
            self._step(lambda connection: _purge(connection, job))
        elif end != "purge":
            self._step(lambda connection: ENDS[end](connection, job))

    @rule(number=numbers)
    def crash(self, number: int) -> None:
        lapsed = update(tickets).where(tickets.c.state == JobState.RUNNING).values(lease_until=1)
        self.database.write(lambda connection: connection.execute(lapsed).rowcount)
        self.database.write(jobs.reap)
        if number % 2:
            self.database.write(lambda connection: connection.execute(update(tickets).values(run_at=0)).rowcount)

    def _step(self, work: Callable[[Connection], object]) -> None:
        with suppress(LeaseLost, Cancelled):
            self.database.write(work)

    @invariant()
    def all_is_well(self) -> None:
        with self.database.read() as connection:
            mine = documents.c.dataset_id == self.shelf.dataset_id
            rows = connection.execute(select(documents).where(mine)).all()
            for document in rows:
                _check_document(connection, document)
            totals = [sum(each.revision_key is not None for each in rows)]
            totals += [sum(each.chunk_count for each in rows), sum(each.word_count for each in rows)]
            counters = (datasets.c.available_count, datasets.c.chunk_count, datasets.c.word_count)
            found = connection.execute(select(*counters).where(datasets.c.id == self.shelf.dataset_id)).one()
            assert list(found) == totals


ENDS = {
    "publish": revisions.publish,
    "fail": lambda connection, job: revisions.fail(connection, job, "why"),
    "cancel": revisions.cancel,
    "retry": lambda connection, job: jobs.retry(connection, job, "later"),
    "release": jobs.release,
}


def _purge(connection: Connection, job: Job) -> None:
    jobs.hold(connection, job)
    assert job.revision is not None
    while revisions.purge(connection, job.revision):
        pass
    jobs.finish(connection, job)


def _check_document(connection: Connection, document: Row[*tuple[object, ...]]) -> None:
    states = select(readings.c.key, readings.c.state).where(readings.c.document_id == document.id)
    living = {state: key for key, state in connection.execute(states) if state != "dropped"}
    expected = {"current": document.revision_key, "pending": document.pending_key}
    assert living == {state: key for state, key in expected.items() if key is not None}
    sums = select(func.count(), func.coalesce(func.sum(chunks.c.word_count), 0))
    counted = connection.execute(sums.where(chunks.c.revision_key == document.revision_key)).one()
    assert tuple(counted) == (document.chunk_count, document.word_count)
    _check_status(connection, document)


def _check_status(connection: Connection, document: Row[*tuple[object, ...]]) -> None:
    """Pending, exactly if it is not final, and exactly then one job will see to it, unless that is to be cancelled."""
    assert (document.pending_key is None) == (DocumentStatus(document.status) in FINAL)
    assert (document.status == DocumentStatus.READY) <= (document.revision_key is not None)
    assert (document.status == DocumentStatus.FAILED) <= bool(document.error)
    of_document = tickets.c.document_id == document.id, tickets.c.kind == JobKind.INGEST
    wanted = select(tickets.c.revision_key).where(*of_document, tickets.c.state.in_(jobs.OPEN))
    assert list(connection.execute(wanted.where(tickets.c.cancel.is_(False))).scalars()) in (
        [document.pending_key],
        [],
    )
    every = list(connection.execute(wanted).scalars())
    assert document.pending_key is None or document.pending_key in every


@contextmanager
def a_catalog() -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'catalog.sqlite3'}"
        migrate(url)
        database = open_database(url)
        try:
            yield database
        finally:
            database.close()


def test_documents_and_jobs_agree_whatever_happens() -> None:
    with a_catalog() as database:
        machine = type("Machine", (Catalog,), {"database": database})
        run_state_machine_as_test(
            machine, settings=settings(max_examples=EXAMPLES, stateful_step_count=30, deadline=None, database=None)
        )
