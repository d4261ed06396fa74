import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from diglot.catalog import changes, jobs, revisions
from diglot.catalog.database import Database
from diglot.catalog.tables import chunks, documents
from diglot.catalog.tables import revisions as rows
from diglot.domain.chunk import ChunkDraft, text_hash
from diglot.domain.document import DocumentStatus
from diglot.domain.errors import Cancelled, DocumentNotFound, LeaseLost
from diglot.domain.identity import DocumentId, RevisionKey, new_id, now_ms
from diglot.domain.job import Job, JobKind
from diglot.domain.parsed import Anchor
from tests.catalog.rows import (
    SOMEBODY,
    Shelf,
    a_document,
    a_shelf,
    claimed,
    dataset_row,
    document_row,
    publish,
    texts_of,
    update_source,
    upload,
)

WORKING = list(revisions.TIMES)


def states(database: Database, document_id: DocumentId) -> list[str]:
    with database.read() as connection:
        wanted = select(rows.c.state).where(rows.c.document_id == document_id).order_by(rows.c.key)
        return list(connection.execute(wanted).scalars())


def noted(database: Database, shelf: Shelf) -> list[int]:
    with database.read() as connection:
        return [change.key for change in changes.after(connection, shelf.dataset_id, 0, 100)]


def delete(database: Database, document_id: DocumentId) -> None:
    deleted = update(documents).where(documents.c.id == document_id).values(deleted_at=now_ms())
    database.write(lambda connection: connection.execute(deleted).rowcount)


def test_a_new_document_waits_with_a_pending_revision(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    document = document_row(database, document_id)
    assert (document.status, document.progress, document.error) == (DocumentStatus.WAITING, 0.0, None)
    assert (document.revision_key, states(database, document_id)) == (None, ["pending"])
    job = claimed(database)
    assert (job.document_id, job.revision, job.kind) == (document_id, document.pending_key, JobKind.INGEST)
    assert job.workspace_id == shelf.workspace_id


def test_stages_are_noted_with_their_times(database: Database) -> None:
    document_id = upload(database, a_shelf(database))
    job = claimed(database)
    known: dict[str, int] = {}
    for number, status in enumerate(WORKING):
        time.sleep(0.002)
        database.write(lambda connection, s=status, n=number: revisions.progress(connection, job, s, n / 4))
        document = document_row(database, document_id)
        assert (document.status, document.progress) == (status, number / 4)
        times = {name: getattr(document, name) for name in ("started_at", "parsed_at", "cleaned_at", "split_at")}
        assert {name for name, at in times.items() if at} == set(revisions.TIMES[status])
        assert {name: times[name] for name in known} == known
        known = {name: at for name, at in times.items() if at}
    assert list(known.values()) == sorted(known.values())


@pytest.mark.parametrize(("given", "kept"), [(-1.0, 0.0), (0.25, 0.25), (7.0, 1.0)])
def test_progress_stays_between_0_and_1(database: Database, given: float, kept: float) -> None:
    document_id = upload(database, a_shelf(database))
    job = claimed(database)
    database.write(lambda connection: revisions.progress(connection, job, DocumentStatus.PARSING, given))
    assert document_row(database, document_id).progress == kept


def test_publishing_makes_the_chunks_the_documents(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    job = claimed(database)
    anchor = Anchor(page=3, headings=("A", "甲"))
    draft = ChunkDraft("问题", anchors=(anchor,), answer="答案!", keywords=("k",), tokens=7)
    database.write(lambda connection: revisions.stage(connection, job, revisions.placed([draft])))
    assert document_row(database, document_id).chunk_count == 0
    database.write(lambda connection: revisions.publish(connection, job))
    document = document_row(database, document_id)
    assert (document.status, document.progress, document.error) == (DocumentStatus.READY, 1.0, None)
    assert (document.revision_key, document.pending_key) == (job.revision, None)
    assert (document.chunk_count, document.word_count, document.tokens) == (1, 5, 7)
    assert None not in (document.started_at, document.parsed_at, document.split_at, document.completed_at)
    with database.read() as connection:
        chunk = connection.execute(select(chunks)).one()
    assert (chunk.content, chunk.answer, chunk.keywords, chunk.tokens) == ("问题", "答案!", ["k"], 7)
    assert (chunk.text_hash, chunk.position, chunk.enabled) == (text_hash("问题"), 1, True)
    assert [Anchor.from_json(stored) for stored in chunk.anchors] == [anchor]
    assert chunk.created_by == SOMEBODY


def test_the_datasets_counts_follow(database: Database) -> None:
    shelf = a_shelf(database)
    first = upload(database, shelf)
    publish(database, claimed(database), ["ab", "cde"])
    upload(database, shelf, enabled=False)
    publish(database, claimed(database), ["x"])
    upload(database, shelf, archived=True)
    publish(database, claimed(database), [])
    dataset = dataset_row(database, shelf)
    assert (dataset.available_count, dataset.chunk_count, dataset.word_count) == (1, 3, 6)
    update_source(database, shelf, first)
    publish(database, claimed(database), ["z"])
    dataset = dataset_row(database, shelf)
    assert (dataset.available_count, dataset.chunk_count, dataset.word_count) == (1, 2, 2)


def test_an_update_serves_the_old_revision_till_the_new_one_is_there(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    publish(database, claimed(database), ["old"])
    old = document_row(database, document_id)
    update_source(database, shelf, document_id)
    during = document_row(database, document_id)
    assert (during.status, during.revision_key, during.chunk_count) == (DocumentStatus.WAITING, old.revision_key, 1)
    assert (during.completed_at, during.started_at, during.source) == (None, None, "6" * 64)
    job = claimed(database)
    database.write(lambda connection: revisions.stage(connection, job, revisions.placed([ChunkDraft("new")])))
    assert texts_of(database, old.revision_key) == ["old"]
    assert noted(database, shelf) == []
    database.write(lambda connection: revisions.publish(connection, job))
    after = document_row(database, document_id)
    assert (after.revision_key, after.status) == (during.pending_key, DocumentStatus.READY)
    assert states(database, document_id) == ["dropped", "current"]
    assert noted(database, shelf) == [old.revision_key]
    assert claimed(database, kind=JobKind.PURGE).revision == old.revision_key


def test_an_update_that_fails_leaves_the_old_revision_serving(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    publish(database, claimed(database), ["old"])
    old = document_row(database, document_id)
    update_source(database, shelf, document_id)
    job = claimed(database)
    database.write(lambda connection: revisions.stage(connection, job, revisions.placed([ChunkDraft("new")])))
    database.write(lambda connection: revisions.fail(connection, job, "The file is damaged."))
    after = document_row(database, document_id)
    assert (after.status, after.error) == (DocumentStatus.FAILED, "The file is damaged.")
    assert (after.revision_key, after.pending_key, after.chunk_count) == (old.revision_key, None, 1)
    assert states(database, document_id) == ["current", "dropped"]
    assert noted(database, shelf) == [job.revision]
    purge = claimed(database, kind=JobKind.PURGE)
    assert purge.revision == job.revision
    assert database.write(lambda connection: revisions.purge(connection, job.revision)) == 1
    assert database.write(lambda connection: revisions.purge(connection, job.revision)) == 1
    assert database.write(lambda connection: revisions.purge(connection, job.revision)) == 0
    assert texts_of(database, old.revision_key) == ["old"]
    update_source(database, shelf, document_id)
    assert document_row(database, document_id).error is None


Step = Callable[[Connection, Job], object]
STEPS: dict[str, Step] = {
    "progress": lambda connection, job: revisions.progress(connection, job, DocumentStatus.EMBEDDING, 0.5),
    "stage": lambda connection, job: revisions.stage(connection, job, revisions.placed([ChunkDraft("late")], 9)),
    "unstage": revisions.unstage,
    "publish": revisions.publish,
    "fail": lambda connection, job: revisions.fail(connection, job, "late"),
    "cancel": revisions.cancel,
    "retry": lambda connection, job: jobs.retry(connection, job, "late"),
    "release": jobs.release,
}
ENDS_QUIETLY = ("fail", "cancel", "retry", "release")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_an_overtaken_revision_leaves_the_document_alone(database: Database, step: str) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    overtaken = claimed(database)
    database.write(lambda connection: revisions.stage(connection, overtaken, revisions.placed([ChunkDraft("early")])))
    newest = update_source(database, shelf, document_id)
    before = document_row(database, document_id)
    assert (before.pending_key, before.status) == (newest, DocumentStatus.WAITING)
    if step in ENDS_QUIETLY:
        database.write(lambda connection: STEPS[step](connection, overtaken))
    else:
        with pytest.raises(Cancelled):
            database.write(lambda connection: STEPS[step](connection, overtaken))
    assert document_row(database, document_id) == before
    assert states(database, document_id) == ["dropped", "pending"]
    assert claimed(database).revision == newest
    assert database.write(lambda connection: jobs.claim(connection, "w", kinds=[JobKind.INGEST])) == []


@pytest.mark.parametrize("step", ["progress", "stage", "unstage", "publish"])
def test_nothing_happens_to_a_deleted_document(database: Database, step: str) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    job = claimed(database)
    delete(database, document_id)
    with pytest.raises(Cancelled):
        database.write(lambda connection: STEPS[step](connection, job))
    database.write(lambda connection: revisions.cancel(connection, job))
    with pytest.raises(DocumentNotFound):
        update_source(database, shelf, document_id)
    assert dataset_row(database, shelf).available_count == 0


@pytest.mark.parametrize("last", ["publish", "fail", "cancel"])
@pytest.mark.parametrize("step", STEPS)
def test_after_the_end_no_step_is_possible(database: Database, last: str, step: str) -> None:
    document_id = upload(database, a_shelf(database))
    job = claimed(database)
    database.write(lambda connection: STEPS[last](connection, job))
    before = document_row(database, document_id)
    with pytest.raises(LeaseLost):
        database.write(lambda connection: STEPS[step](connection, job))
    assert document_row(database, document_id) == before


def test_an_unknown_document_has_no_revisions(database: Database) -> None:
    with pytest.raises(DocumentNotFound):
        update_source(database, a_shelf(database), DocumentId(new_id()))


def test_many_updates_leave_one_pending_and_purge_the_rest(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    for _ in range(5):
        update_source(database, shelf, document_id)
    assert states(database, document_id) == ["dropped"] * 5 + ["pending"]
    publish(database, claimed(database), ["only"])
    with database.read() as connection:
        assert jobs.depth(connection) == 5
    assert document_row(database, document_id).chunk_count == 1


def test_a_big_document_costs_its_dataset_more(database: Database) -> None:
    shelf = a_shelf(database)
    upload(database, shelf, size=0)
    upload(database, shelf, size=1_000_000)
    assert [claimed(database).cost for _ in range(2)] == [1.0, 11.0]


def test_a_key_is_never_given_away_twice(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    keys: set[int] = set()
    for _ in range(3):
        job = claimed(database)
        keys.add(job.revision or 0)
        database.write(lambda connection, job=job: revisions.fail(connection, job, "x"))
        assert database.write(lambda connection, job=job: revisions.purge(connection, job.revision)) == 1
        update_source(database, shelf, document_id)
    assert len(keys) == 3


def test_only_dropped_revisions_are_purged(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    publish(database, claimed(database), ["a"])
    current = document_row(database, document_id).revision_key
    pending = update_source(database, shelf, document_id)
    for key in (current, pending, RevisionKey(999_999)):
        assert database.write(lambda connection, key=key: revisions.purge(connection, key)) == 0
    assert states(database, document_id) == ["current", "pending"]


def test_a_large_revision_is_purged_and_unstaged_in_steps(database: Database) -> None:
    document_id = upload(database, a_shelf(database))
    job = claimed(database)
    for first in range(1, 1201, 400):
        drafts = [ChunkDraft(f"{first + number}") for number in range(400)]
        database.write(lambda connection, d=drafts, f=first: revisions.stage(connection, job, revisions.placed(d, f)))
    unstage = lambda connection: revisions.unstage(connection, job)  # noqa: E731
    assert [database.write(unstage) for _ in range(4)] == [500, 500, 200, 0]
    database.write(lambda connection: revisions.stage(connection, job, revisions.placed([ChunkDraft("x")] * 501)))
    database.write(lambda connection: revisions.fail(connection, job, "x"))
    purge = lambda connection: revisions.purge(connection, job.revision)  # noqa: E731
    assert [database.write(purge) for _ in range(4)] == [500, 1, 1, 0]
    assert states(database, document_id) == []


def test_updates_and_publishing_at_once_end_in_one_truth(database: Database) -> None:
    """Doors and workers meet at one document; whoever loses changes nothing."""
    shelf = a_shelf(database)
    document_id = database.write(lambda connection: a_document(connection, shelf))

    def door(number: int) -> None:
        for _ in range(6):
            update_source(database, shelf, document_id)

    def worker(number: int) -> None:
        for _ in range(12):
            for job in database.write(lambda connection: jobs.claim(connection, f"w{number}", kinds=[JobKind.INGEST])):
                _ingest(database, job)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda work: work(1), [door, worker, door, worker]))
    for _ in range(3):
        worker(9)
    document = document_row(database, document_id)
    assert (document.status, document.pending_key) == (DocumentStatus.READY, None)
    assert texts_of(database, document.revision_key) == [f"of {document.revision_key}"]
    assert states(database, document_id).count("current") == 1
    assert dataset_row(database, shelf).chunk_count == 1
    with database.read() as connection:
        assert connection.execute(select(func.count()).where(rows.c.state == "pending")).scalar() == 0


def _ingest(database: Database, job: Job) -> None:
    steps: list[Callable[[Connection], Any]] = [
        lambda connection: revisions.progress(connection, job, DocumentStatus.PARSING, 0.1),
        lambda connection: revisions.stage(connection, job, revisions.placed([ChunkDraft(f"of {job.revision}")])),
        lambda connection: revisions.publish(connection, job),
    ]
    try:
        for step in steps:
            database.write(step)
    except Cancelled:
        database.write(lambda connection: revisions.cancel(connection, job))
