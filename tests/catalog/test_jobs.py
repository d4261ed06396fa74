import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, update

from diglot.catalog import jobs, leases, revisions
from diglot.catalog.database import Database
from diglot.catalog.tables import jobs as rows
from diglot.domain.chunk import ChunkDraft
from diglot.domain.document import DocumentStatus
from diglot.domain.errors import Cancelled, InvalidAction, JobNotFound, LeaseLost
from diglot.domain.identity import JobId, new_id, now_ms
from diglot.domain.job import Job, JobKind, JobState, Lease
from tests.catalog.rows import Shelf, a_shelf, another, claimed, document_row, publish, upload


def enqueue(database: Database, shelf: Shelf, kind: JobKind = JobKind.REBUILD, **options: object) -> JobId:
    return database.write(
        lambda connection: jobs.enqueue(
            connection,
            kind,
            workspace_id=shelf.workspace_id,
            dataset_id=shelf.dataset_id,
            **options,  # type: ignore[arg-type]  # a test's own
        )
    )


def claim(database: Database, owner: str = "worker", **options: object) -> list[Job]:
    return database.write(lambda connection: jobs.claim(connection, owner, **options))  # type: ignore[arg-type]  # ditto


def get(database: Database, job_id: JobId) -> Job:
    with database.read() as connection:
        return jobs.get(connection, job_id)


def renew(database: Database, job: Job) -> Lease:
    return database.write(lambda connection: jobs.renew(connection, job))


def let_lapse(database: Database, job: Job) -> None:
    lapsed = update(rows).where(rows.c.id == job.id).values(lease_until=1)
    database.write(lambda connection: connection.execute(lapsed).rowcount)


def reap(database: Database, **options: object) -> list[Job]:
    return database.write(lambda connection: jobs.reap(connection, **options))  # type: ignore[arg-type]  # ditto


def ready_now(database: Database) -> None:
    """Nobody waits out a pause any longer."""
    database.write(lambda connection: connection.execute(update(rows).values(run_at=0)).rowcount)


def test_a_claimed_job_is_its_claimers_alone(database: Database) -> None:
    shelf = a_shelf(database)
    job_id = enqueue(database, shelf, payload={"a": [1]}, cost=2.5)
    [job] = claim(database, "first")
    assert claim(database, "second") == []
    assert (job.id, job.owner, job.attempts, job.state) == (job_id, "first", 1, JobState.RUNNING)
    assert (job.payload, job.cost, job.kind) == ({"a": [1]}, 2.5, JobKind.REBUILD)
    assert job.lease_until is not None
    assert 25_000 < job.lease_until - now_ms() <= 31_000
    database.write(lambda connection: jobs.finish(connection, job))
    assert get(database, job_id).state is JobState.DONE
    assert claim(database) == []


def test_concurrent_claims_never_share_a_job(database: Database) -> None:
    shelf = a_shelf(database)
    expected = {enqueue(database, shelf) for _ in range(40)}

    def work(number: int) -> list[JobId]:
        mine: list[JobId] = []
        while len(mine) < 40 and (found := claim(database, f"w{number}", limit=3)):
            mine += [job.id for job in found]
        return mine

    with ThreadPoolExecutor(6) as pool:
        taken = [job_id for mine in pool.map(work, range(6)) for job_id in mine]
    # With SKIP LOCKED a claimer may find nothing while others are about to take the rest.
    taken += [job.id for job in claim(database, limit=40)]
    assert len(taken) == 40
    assert set(taken) == expected


def test_only_jobs_of_the_wanted_kinds_are_claimed(database: Database) -> None:
    shelf = a_shelf(database)
    purge = enqueue(database, shelf, JobKind.PURGE)
    enqueue(database, shelf, JobKind.REBUILD)
    assert [job.id for job in claim(database, kinds=[JobKind.PURGE], limit=5)] == [purge]


def test_a_job_for_later_waits(database: Database) -> None:
    shelf = a_shelf(database)
    enqueue(database, shelf, run_at=now_ms() + 60_000)
    soon = enqueue(database, shelf, run_at=now_ms() - 1)
    assert [job.id for job in claim(database, limit=5)] == [soon]


def test_a_lower_priority_number_goes_first(database: Database) -> None:
    shelf = a_shelf(database)
    later = enqueue(database, shelf, priority=5)
    sooner = enqueue(database, shelf, priority=-1)
    assert [job.id for job in claim(database, limit=2)] == [sooner, later]


def test_one_job_of_another_dataset_waits_for_about_one_of_a_hundred(database: Database) -> None:
    crowd = a_shelf(database)
    for _ in range(100):
        enqueue(database, crowd)
    for _ in range(10):
        claim(database)
    single = enqueue(database, another(database, crowd))
    assert single in [job.id for job in claim(database, limit=2)]


def test_datasets_take_turns_by_cost(database: Database) -> None:
    dear = a_shelf(database)
    cheap = another(database, dear)
    for _ in range(20):
        enqueue(database, dear, cost=3.0)
        enqueue(database, cheap, cost=1.0)
    served = Counter(job.dataset_id for job in claim(database, limit=16))
    assert served[cheap.dataset_id] == pytest.approx(3 * served[dear.dataset_id], abs=1)


def test_a_job_that_was_retried_brings_no_old_turn_along(database: Database) -> None:
    """Else whoever joins while it waits would be put before everyone who waited longer."""
    crowd = a_shelf(database)
    for _ in range(30):
        enqueue(database, crowd)
    [first] = claim(database)
    served = claim(database, limit=20)
    database.write(lambda connection: jobs.retry(connection, first, "later"))
    for job in served:
        database.write(lambda connection, job=job: jobs.finish(connection, job))
    newcomer = another(database, crowd)
    for _ in range(10):
        enqueue(database, newcomer)
    ready_now(database)
    turns = Counter(job.dataset_id for job in claim(database, limit=7))
    assert turns[newcomer.dataset_id] <= 4


def test_a_dataset_at_its_cap_is_passed_over_and_its_line_not_searched(database: Database) -> None:
    crowd = a_shelf(database)
    for _ in range(5):
        enqueue(database, crowd)
    single = another(database, crowd)
    waiting = enqueue(database, single)
    assert len(claim(database, per_dataset=1, kinds=[JobKind.REBUILD], limit=9)) == 2
    assert claim(database, per_dataset=1, limit=9) == []
    assert get(database, waiting).state is JobState.RUNNING
    assert len(claim(database, per_dataset=2, limit=9)) == 1
    assert len(claim(database, limit=9)) == 3


def test_a_frozen_worker_can_do_nothing_after_its_lease(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    frozen = claimed(database, "frozen")
    database.write(lambda connection: revisions.stage(connection, frozen, revisions.placed([ChunkDraft("old")])))
    let_lapse(database, frozen)
    assert [job.id for job in reap(database)] == [frozen.id]
    ready_now(database)
    # The same owner, to see that the attempt is part of the token.
    current = claimed(database, "frozen")
    assert current.id == frozen.id
    before = document_row(database, document_id)
    steps = [
        lambda connection: jobs.finish(connection, frozen),
        lambda connection: jobs.end(connection, frozen, JobState.FAILED, "no"),
        lambda connection: jobs.retry(connection, frozen, "no"),
        lambda connection: jobs.release(connection, frozen),
        lambda connection: jobs.hold(connection, frozen),
        lambda connection: revisions.progress(connection, frozen, DocumentStatus.EMBEDDING, 0.5),
        lambda connection: revisions.stage(connection, frozen, revisions.placed([ChunkDraft("x")], 2)),
        lambda connection: revisions.unstage(connection, frozen),
        lambda connection: revisions.publish(connection, frozen),
        lambda connection: revisions.fail(connection, frozen, "no"),
        lambda connection: revisions.cancel(connection, frozen),
    ]
    for step in steps:
        with pytest.raises(LeaseLost):
            database.write(step)
    assert renew(database, frozen) is Lease.LOST
    assert document_row(database, document_id) == before
    assert renew(database, current) is Lease.HELD
    assert database.write(lambda connection: revisions.unstage(connection, current)) == 1
    publish(database, current)


def test_renewing_keeps_a_lease_and_tells_of_a_cancel(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    job = claimed(database, lease_ms=60)
    assert database.write(lambda connection: jobs.renew(connection, job, lease_ms=60_000)) is Lease.HELD
    time.sleep(0.1)
    assert reap(database, lease_ms=60_000) == []
    assert database.write(lambda connection: jobs.cancel_document(connection, document_id))
    assert renew(database, job) is Lease.CANCELLED


def test_a_lease_runs_out_by_the_databases_clock(database: Database) -> None:
    upload(database, a_shelf(database))
    job = claimed(database, lease_ms=150)
    assert reap(database) == []
    time.sleep(0.3)
    assert [taken.id for taken in reap(database)] == [job.id]
    assert get(database, job.id).state is JobState.QUEUED


def test_a_clock_set_back_keeps_no_lease_for_days(database: Database) -> None:
    upload(database, a_shelf(database))
    job = claimed(database, lease_ms=3 * 24 * 3600 * 1000)
    assert reap(database, lease_ms=100) == []
    time.sleep(0.2)
    assert [taken.id for taken in reap(database, lease_ms=100)] == [job.id]


def test_jobs_of_an_owner_known_to_be_dead_are_taken_at_once(database: Database) -> None:
    shelf = a_shelf(database)
    enqueue(database, shelf)
    enqueue(database, shelf)
    [dead] = claim(database, "dead")
    [alive] = claim(database, "alive")
    assert [job.id for job in reap(database, dead_owners=["dead", "other"])] == [dead.id]
    assert renew(database, alive) is Lease.HELD


def test_a_file_in_hand_at_too_many_deaths_is_failed(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    for crashes in range(1, jobs.MOST_DEATHS):
        let_lapse(database, claimed(database))
        [taken] = reap(database)
        assert get(database, taken.id).crashes == crashes
        assert document_row(database, document_id).status == DocumentStatus.WAITING
        assert claim(database) == []
        ready_now(database)
    job = claimed(database)
    let_lapse(database, job)
    reap(database)
    assert get(database, job.id).state is JobState.DEAD
    document = document_row(database, document_id)
    assert (document.status, document.error) == (DocumentStatus.FAILED, jobs.POISON)
    assert document.pending_key is None
    assert [job.kind for job in claim(database, limit=5)] == [JobKind.PURGE]


def test_purges_are_tried_for_ever(database: Database) -> None:
    job_id = enqueue(database, a_shelf(database), JobKind.PURGE)
    for _ in range(10):
        [job] = claim(database)
        let_lapse(database, job)
        reap(database)
        ready_now(database)
        [job] = claim(database)
        assert database.write(lambda connection, job=job: jobs.retry(connection, job, "busy"))
        ready_now(database)
    assert get(database, job_id).state is JobState.QUEUED


def test_retries_pause_longer_each_time_and_end(database: Database) -> None:
    document_id = upload(database, a_shelf(database))
    pauses: list[int] = []
    for _ in range(jobs.MOST_ATTEMPTS - 1):
        job = claimed(database)
        assert database.write(lambda connection, job=job: jobs.retry(connection, job, "The model is away."))
        pauses.append(get(database, job.id).run_at - now_ms())
        assert document_row(database, document_id).error == "The model is away."
        ready_now(database)
    assert 1_500 < pauses[0] < 2_600
    assert pauses == sorted(pauses)
    assert max(pauses) <= jobs.LONGEST_PAUSE_MS * (1 + jobs.JITTER)
    job = claimed(database)
    assert not database.write(lambda connection: jobs.retry(connection, job, "The model is away."))
    assert renew(database, job) is Lease.HELD


def test_a_released_job_is_queued_and_its_attempt_not_counted(database: Database) -> None:
    document_id = upload(database, a_shelf(database))
    job = claimed(database)
    database.write(lambda connection: revisions.progress(connection, job, DocumentStatus.SPLITTING, 0.4))
    database.write(lambda connection: jobs.release(connection, job))
    document = document_row(database, document_id)
    assert (document.status, document.progress, document.started_at) == (DocumentStatus.WAITING, 0.0, None)
    again = claimed(database, "another")
    assert (again.id, again.attempts) == (job.id, 1)


def test_cancelling_what_waits_ends_it_at_once(database: Database) -> None:
    document_id = upload(database, a_shelf(database))
    assert database.write(lambda connection: jobs.cancel_document(connection, document_id))
    assert claim(database, kinds=[JobKind.INGEST]) == []
    document = document_row(database, document_id)
    assert (document.status, document.pending_key) == (DocumentStatus.CANCELLED, None)
    assert document.stopped_at is not None
    assert not database.write(lambda connection: jobs.cancel_document(connection, document_id))


def test_cancelling_what_runs_keeps_it_from_becoming_ready(database: Database) -> None:
    document_id = upload(database, a_shelf(database))
    job = claimed(database)
    database.write(lambda connection: revisions.stage(connection, job, revisions.placed([ChunkDraft("x")])))
    assert database.write(lambda connection: jobs.cancel_document(connection, document_id))
    for step in (
        lambda connection: revisions.stage(connection, job, revisions.placed([ChunkDraft("y")], 2)),
        lambda connection: revisions.progress(connection, job, DocumentStatus.INDEXING, 0.9),
        lambda connection: revisions.publish(connection, job),
    ):
        with pytest.raises(Cancelled):
            database.write(step)
    database.write(lambda connection: revisions.cancel(connection, job))
    assert document_row(database, document_id).status == DocumentStatus.CANCELLED
    assert get(database, job.id).state is JobState.CANCELLED


def test_a_cancelled_job_whose_worker_died_is_cancelled_by_the_reaper(database: Database) -> None:
    document_id = upload(database, a_shelf(database))
    job = claimed(database)
    database.write(lambda connection: jobs.cancel_document(connection, document_id))
    let_lapse(database, job)
    reap(database)
    assert document_row(database, document_id).status == DocumentStatus.CANCELLED
    assert get(database, job.id).state is JobState.CANCELLED


def test_cancelling_a_dataset_spares_its_purges_and_the_others(database: Database) -> None:
    shelf = a_shelf(database)
    other = another(database, shelf)
    for _ in range(3):
        upload(database, shelf)
    running = claimed(database)
    purge, foreign = enqueue(database, shelf, JobKind.PURGE), enqueue(database, other)
    cancel = lambda connection: jobs.cancel_dataset(connection, shelf.dataset_id, limit=1)  # noqa: E731
    assert [database.write(cancel) for _ in range(3)] == [1, 1, 0]
    assert renew(database, running) is Lease.CANCELLED
    assert {get(database, purge).state, get(database, foreign).state} == {JobState.QUEUED}


def test_a_revision_has_one_open_job(database: Database) -> None:
    shelf = a_shelf(database)
    document_id = upload(database, shelf)
    job = claimed(database)
    again = enqueue(database, shelf, JobKind.INGEST, document_id=document_id, revision=job.revision)
    assert again == job.id
    assert claim(database) == []
    publish(database, job)
    assert enqueue(database, shelf, JobKind.INGEST, document_id=document_id, revision=job.revision) != job.id


def test_what_operators_see(database: Database) -> None:
    shelf = a_shelf(database)
    other = another(database, shelf)
    ids: list[JobId] = []
    for each in (shelf, other, shelf):
        ids.append(enqueue(database, each))
        time.sleep(0.002)
    [job] = claim(database)
    database.write(lambda connection: jobs.end(connection, job, JobState.FAILED, "why"))
    with database.read() as connection:
        assert jobs.depth(connection) == 2
        assert 0 <= jobs.oldest_age_ms(connection) < 60_000
        counted = jobs.counts(connection)
        assert [each.id for each in jobs.newest(connection)] == ids[::-1]
        assert [each.id for each in jobs.newest(connection, before=ids[2], limit=1)] == [ids[1]]
        assert [each.id for each in jobs.newest(connection, dataset_id=other.dataset_id)] == [ids[1]]
        assert [each.error for each in jobs.newest(connection, states=[JobState.FAILED])] == ["why"]
    assert counted == dict.fromkeys(JobState, 0) | {JobState.QUEUED: 2, JobState.FAILED: 1}


def test_reviving_queues_a_purge_or_a_rebuild_again(database: Database) -> None:
    shelf = a_shelf(database)
    job_id = enqueue(database, shelf)
    revive = lambda connection: jobs.revive(connection, job_id)  # noqa: E731
    with pytest.raises(InvalidAction):
        database.write(revive)
    [job] = claim(database)
    database.write(lambda connection: jobs.end(connection, job, JobState.FAILED, "why"))
    database.write(revive)
    [again] = claim(database)
    assert (again.id, again.attempts, again.error) == (job_id, 1, None)


def test_an_ingest_is_not_revived_and_an_unknown_job_not_found(database: Database) -> None:
    upload(database, a_shelf(database))
    job = claimed(database)
    database.write(lambda connection: revisions.fail(connection, job, "why"))
    with pytest.raises(InvalidAction):
        database.write(lambda connection: jobs.revive(connection, job.id))
    with pytest.raises(JobNotFound):
        get(database, JobId(new_id()))


def test_old_tickets_are_forgotten_and_open_ones_kept(database: Database) -> None:
    shelf = a_shelf(database)
    ids = [enqueue(database, shelf) for _ in range(4)]
    for job in claim(database, limit=3):
        if job.id != ids[2]:
            database.write(lambda connection, job=job: jobs.finish(connection, job))

    def forget(connection: Connection) -> int:
        return jobs.forget(connection, now_ms() + 1, limit=1)

    assert [database.write(forget) for _ in range(3)] == [1, 1, 0]
    with database.read() as connection:
        assert {job.id for job in jobs.newest(connection)} == {ids[2], ids[3]}


def test_chores_are_not_searched_for_among_documents(database: Database) -> None:
    """Among 100,000 documents that wait, a purge was found in 12 to 30 ms; by an index of chores, in less than one."""
    shelf = a_shelf(database)
    row = {"kind": JobKind.INGEST, "workspace_id": shelf.workspace_id, "dataset_id": shelf.dataset_id, "payload": {}}
    row |= {"state": JobState.QUEUED, "run_at": 0, "created_at": 0}
    waiting = [row | {"id": new_id(), "revision_key": number, "tag": number} for number in range(5000)]

    def work(connection: Connection) -> None:
        connection.execute(insert(rows), waiting)
        connection.exec_driver_sql("ANALYZE jobs")

    database.write(work)
    purge = enqueue(database, shelf, JobKind.PURGE)
    chores = (JobKind.PURGE, JobKind.REBUILD)

    def explained(connection: Connection) -> list[str]:
        statements: list[tuple[str, Any]] = []
        event.listen(connection, "before_cursor_execute", lambda *heard: statements.append((heard[2], heard[3])))
        assert leases.is_any_due(connection, chores)
        assert [job.id for job in jobs.claim(connection, "w", kinds=chores)] == [purge]
        how = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        searching = [one for one in statements if "jobs.kind" in one[0]]
        assert len(searching) == 2
        return [str(connection.exec_driver_sql(f"{how} {text}", given).all()) for text, given in searching]

    assert all("ix_jobs_chores" in plan for plan in database.write(explained))
