"""Jobs: leases in the catalog. A ticket is written in the transaction that makes its work necessary.

Order: lowest priority first; within it start-time fair queueing between datasets (Goyal, Vin, Cheng 1996): a job's tag
is when its dataset's line would start it if each line had the same share. A line that was empty joins at the present,
so a hundred thousand jobs of one dataset delay another's single job by about one.

Fencing: every step of a worker names (owner, attempts). Whoever froze past its lease finds that nothing matches.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, case, delete, func, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from diglot.catalog import lines, pending
from diglot.catalog.clock import database_now
from diglot.catalog.tables import documents, jobs
from diglot.catalog.upsert import insert_into
from diglot.domain.document import DocumentStatus
from diglot.domain.errors import Cancelled, InvalidAction, JobNotFound, LeaseLost
from diglot.domain.identity import DatasetId, DocumentId, JobId, RevisionKey, WorkspaceId, new_id, now_ms
from diglot.domain.job import Job, JobKind, JobState, Lease

LEASE_MS = 30_000
MOST_ATTEMPTS = 8
# A file that crashes its reader is known after three times. The death of a whole worker is nobody's in particular: it
# hits whatever was in hand, and somebody who kills workers must not make innocent documents fail.
MOST_DEATHS = 8
LONGEST_PAUSE_MS = 300_000
JITTER = 0.25
POISON = f"The worker died {MOST_DEATHS} times while it had this file in hand."
PURGE_COST = 0.1
OPEN = (JobState.QUEUED, JobState.RUNNING)
ENDED = tuple(state for state in JobState if state not in OPEN)

_RENAMED = {"revision": "revision_key"}
COLUMNS = [jobs.c[_RENAMED.get(name, name)] for name in Job.__slots__]


def enqueue(
    connection: Connection,
    kind: str,
    *,
    workspace_id: WorkspaceId,
    dataset_id: DatasetId,
    document_id: DocumentId | None = None,
    revision: RevisionKey | None = None,
    payload: dict[str, Any] | None = None,
    cost: float = 1.0,
    priority: int = 0,
    run_at: int | None = None,
) -> JobId:
    """`cost`: how far the job moves its dataset's line, 1 for an ordinary document. If the revision has an open job of
    this kind, that one's id. `run_at` None: at once, even if the clock is set back."""
    row = {
        "id": new_id(),
        "kind": JobKind(kind),
        "workspace_id": workspace_id,
        "dataset_id": dataset_id,
        "document_id": document_id,
        "revision_key": revision,
        "priority": priority,
        "tag": lines.next_tag(connection, dataset_id, priority),
        "cost": cost,
        "state": JobState.QUEUED,
        "run_at": run_at or 0,
        "payload": payload or {},
        "created_at": now_ms(),
    }
    added = insert_into(connection, jobs).values(row).on_conflict_do_nothing().returning(jobs.c.id)
    job_id = connection.execute(added).scalar_one_or_none()
    return JobId(job_id or _open_job(connection, kind, revision))


def claim(
    connection: Connection,
    owner: str,
    *,
    kinds: Collection[JobKind] = tuple(JobKind),
    limit: int = 1,
    per_dataset: int | None = None,
    priorities: range | None = None,
    lease_ms: int = LEASE_MS,
) -> list[Job]:
    """The next jobs, now running and `owner`'s. `priorities` None: whatever theirs are. A dataset gets no more while
    `per_dataset` of its jobs run anywhere."""
    claimed: list[Job] = []
    for _ in range(limit):
        chosen = lines.first(connection, kinds, per_dataset, priorities).scalar_subquery()
        row = connection.execute(_taking(connection, chosen, owner, lease_ms)).one_or_none()
        if row is None:
            break
        claimed.append(job_of(row))
    return claimed


def renew(connection: Connection, job: Job, *, lease_ms: int = LEASE_MS) -> Lease:
    """From outside the process that works: a busy worker keeps its lease, a dead one not."""
    until = database_now(connection) + lease_ms
    renewed = update(jobs).where(*fence(job)).values(lease_until=until).returning(jobs.c.cancel)
    cancel = connection.execute(renewed).scalar_one_or_none()
    if cancel is None:
        return Lease.LOST
    return Lease.CANCELLED if cancel else Lease.HELD


def hold(connection: Connection, job: Job) -> None:
    """Nobody takes the job before the transaction ends. `LeaseLost`, `Cancelled`."""
    wanted = select(jobs.c.cancel).where(*fence(job)).with_for_update()
    cancel = connection.execute(wanted).scalar_one_or_none()
    if cancel is None:
        raise LeaseLost
    if cancel:
        raise Cancelled


def fence(job: Job) -> tuple[ColumnElement[bool], ...]:
    """Where only the job's present holder finds it."""
    return (
        jobs.c.id == job.id,
        lines.IS_RUNNING,
        jobs.c.owner == job.owner,
        jobs.c.attempts == job.attempts,
    )


def finish(connection: Connection, job: Job) -> None:
    end(connection, job, JobState.DONE)


def end(connection: Connection, job: Job, state: JobState, error: str | None = None) -> None:
    """The ticket alone: what ends together with a document ends by `revisions`. `LeaseLost`."""
    if not _change(connection, job, _ended(state, error)):
        raise LeaseLost


def retry(connection: Connection, job: Job, error: str) -> bool:
    """Again, after a pause that doubles; False, and nothing changed, when a document was tried often enough. Purges and
    rebuilds are tried for ever. One that is to be cancelled is cancelled. `LeaseLost`."""
    if job.kind is JobKind.INGEST and job.attempts >= MOST_ATTEMPTS:
        return False
    _lock_document(connection, job)
    if not _put_back(connection, job, {"error": error}, _pause_ms(job.attempts)):
        raise LeaseLost
    return True


def release(connection: Connection, job: Job, priority: int | None = None) -> None:
    """Gives the job back, and this attempt does not count: a worker stops, or another line is the right one, of that
    `priority`. One that is to be cancelled is cancelled. `LeaseLost`."""
    _lock_document(connection, job)
    more: dict[str, Any] = {"attempts": jobs.c.attempts - 1}
    if priority is not None:
        more |= {"priority": priority, "tag": lines.next_tag(connection, job.dataset_id, priority)}
    if not _put_back(connection, job, more):
        raise LeaseLost


def reap(connection: Connection, *, lease_ms: int = LEASE_MS, dead_owners: Collection[str] = ()) -> list[Job]:
    """Takes jobs from owners whose lease ran out, or who are known to be dead; those jobs as they were.

    A death counts: a document that was in hand at `MOST_DEATHS` of them is failed, not tried for ever.
    """
    _shorten_leases(connection, lease_ms)
    lapsed = jobs.c.lease_until < database_now(connection)
    if dead_owners:
        lapsed |= jobs.c.owner.in_(sorted(dead_owners))
    expired = select(*COLUMNS).where(lines.IS_RUNNING, lapsed)
    found = sorted(map(job_of, connection.execute(expired)), key=attrgetter("id"))
    return [job for job in found if _take_away(connection, job, lapsed)]


def hasten(connection: Connection, job_id: JobId) -> bool:
    """What waits for a later time may begin at once; False if the job does not wait."""
    waiting = jobs.c.id == job_id, lines.IS_QUEUED
    return connection.execute(update(jobs).where(*waiting).values(run_at=0)).rowcount == 1


def cancel_chore(connection: Connection, job_id: JobId) -> bool:
    """Ends a job that is about no document if it waits, asks it to stop if it runs; False if it is over."""
    waiting = jobs.c.id == job_id, lines.IS_QUEUED
    if connection.execute(update(jobs).where(*waiting).values(_ended(JobState.CANCELLED))).rowcount == 1:
        return True
    running = jobs.c.id == job_id, lines.IS_RUNNING
    return connection.execute(update(jobs).where(*running).values(cancel=True)).rowcount == 1


def cancel_document(connection: Connection, document_id: DocumentId) -> bool:
    """Ends what waits, asks what runs to stop; False if there was nothing to cancel. A running one is the worker's to
    end, within seconds; from here on it cannot become ready."""
    connection.execute(select(documents.c.id).where(documents.c.id == document_id).with_for_update())
    of_document = jobs.c.document_id == document_id, jobs.c.kind == JobKind.INGEST
    asked = update(jobs).where(*of_document, lines.IS_RUNNING).values(cancel=True)
    was_running = connection.execute(asked).rowcount > 0
    ended = update(jobs).where(*of_document, lines.IS_QUEUED).values(_ended(JobState.CANCELLED))
    waiting = [job_of(row) for row in connection.execute(ended.returning(*COLUMNS))]
    for job in waiting:
        abandon(connection, job, DocumentStatus.CANCELLED)
    return was_running or bool(waiting)


def cancel_dataset(connection: Connection, dataset_id: DatasetId, limit: int = 1000) -> int:
    """For a deleted dataset: asks its running jobs to stop and ends those that wait, at most `limit`; how many ended.
    Whoever purges the dataset calls it until none is left. Documents keep their status, since nobody sees it."""
    of_dataset = jobs.c.dataset_id == dataset_id, jobs.c.kind != JobKind.PURGE
    connection.execute(update(jobs).where(*of_dataset, lines.IS_RUNNING).values(cancel=True))
    some = select(jobs.c.id).where(*of_dataset, lines.IS_QUEUED).limit(limit)
    some = some.with_for_update(skip_locked=True)
    return connection.execute(update(jobs).where(jobs.c.id.in_(some)).values(_ended(JobState.CANCELLED))).rowcount


def abandon(connection: Connection, job: Job, status: DocumentStatus, error: str | None = None) -> None:
    """The job's revision will not come to be: its document says so, and a purge removes what there is of it."""
    if job.revision is None:
        return
    pending.abandon(connection, job.revision, status, error)
    enqueue_purge(connection, job)


def enqueue_purge(connection: Connection, job: Job) -> None:
    """Of the job's revision, once that is dropped."""
    enqueue(
        connection,
        JobKind.PURGE,
        workspace_id=job.workspace_id,
        dataset_id=job.dataset_id,
        document_id=job.document_id,
        revision=job.revision,
        cost=PURGE_COST,
    )


def depth(connection: Connection) -> int:
    """How many wait. Counts them: ask once a second, not once a request."""
    return connection.execute(select(func.count()).where(lines.IS_QUEUED)).scalar_one()


def oldest_age_ms(connection: Connection) -> int:
    """How long the oldest waiting job has waited, 0 if none does."""
    created_at = connection.execute(select(func.min(jobs.c.created_at)).where(lines.IS_QUEUED)).scalar()
    return 0 if created_at is None else max(0, now_ms() - created_at)


def counts(connection: Connection) -> dict[JobState, int]:
    """Every state, also those without a job."""
    counted = connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
    return dict.fromkeys(JobState, 0) | {JobState(state): count for state, count in counted}


def get(connection: Connection, job_id: JobId) -> Job:
    """`JobNotFound`"""
    row = connection.execute(select(*COLUMNS).where(jobs.c.id == job_id)).one_or_none()
    if row is None:
        raise JobNotFound
    return job_of(row)


def newest(
    connection: Connection,
    *,
    states: Collection[JobState] = tuple(JobState),
    dataset_id: DatasetId | None = None,
    before: JobId | None = None,
    limit: int = 100,
) -> list[Job]:
    """For operators, newest first; `before` the last one of the page before."""
    wanted = select(*COLUMNS).where(jobs.c.state.in_(sorted(states)))
    if dataset_id is not None:
        wanted = wanted.where(jobs.c.dataset_id == dataset_id)
    if before is not None:
        wanted = wanted.where(jobs.c.id < before)
    return [job_of(row) for row in connection.execute(wanted.order_by(jobs.c.id.desc()).limit(limit))]


def revive(connection: Connection, job_id: JobId) -> None:
    """Queues a failed, dead or cancelled purge or rebuild again. An ingest's revision is gone: `InvalidAction`, begin
    a new one."""
    job = get(connection, job_id)
    if job.kind is JobKind.INGEST or job.state in (*OPEN, JobState.DONE):
        raise InvalidAction
    again = {"state": JobState.QUEUED, "attempts": 0, "crashes": 0, "run_at": 0, "error": None, "finished_at": None}
    again |= {"cancel": False, "owner": None, "tag": lines.next_tag(connection, job.dataset_id, job.priority)}
    connection.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.state == job.state).values(again))


def forget(connection: Connection, before_ms: int, limit: int = 1000) -> int:
    """Removes jobs that ended before that time; how many: fewer than `limit` means that none is left."""
    ended = select(jobs.c.id).where(jobs.c.state.in_(ENDED), jobs.c.finished_at < before_ms).limit(limit)
    return connection.execute(delete(jobs).where(jobs.c.id.in_(ended))).rowcount


def _taking(
    connection: Connection, chosen: "ScalarSelect[str]", owner: str, lease_ms: int
) -> "ReturningUpdate[tuple[Any, ...]]":
    taken = {
        "state": JobState.RUNNING,
        "owner": owner,
        "attempts": jobs.c.attempts + 1,
        "lease_until": database_now(connection) + lease_ms,
        "cancel": False,
    }
    return update(jobs).where(jobs.c.id == chosen).values(taken).returning(*COLUMNS)


def _open_job(connection: Connection, kind: str, revision: RevisionKey | None) -> str:
    wanted = select(jobs.c.id).where(jobs.c.kind == kind, jobs.c.revision_key == revision, jobs.c.state.in_(OPEN))
    return str(connection.execute(wanted).scalar_one())


def _lock_document(connection: Connection, job: Job) -> None:
    # Always the document before its job: two who take both cannot wait for each other.
    connection.execute(select(documents.c.id).where(documents.c.id == job.document_id).with_for_update())


def _shorten_leases(connection: Connection, lease_ms: int) -> None:
    # A clock that was set back would make leases last for days.
    now = database_now(connection)
    too_long = lines.IS_RUNNING, jobs.c.lease_until > now + 2 * lease_ms
    connection.execute(update(jobs).where(*too_long).values(lease_until=now + lease_ms))


def _take_away(connection: Connection, job: Job, lapsed: ColumnElement[bool]) -> bool:
    _lock_document(connection, job)
    crashes = job.crashes + 1
    if job.kind is not JobKind.INGEST or crashes < MOST_DEATHS:
        return _put_back(connection, job, {"crashes": crashes}, _pause_ms(crashes), lapsed)
    if not _change(connection, job, _ended(JobState.DEAD, POISON) | {"crashes": crashes}, lapsed):
        return False
    abandon(connection, job, DocumentStatus.FAILED, POISON)
    return True


def _put_back(
    connection: Connection, job: Job, more: dict[str, Any], pause_ms: int = 0, *also: ColumnElement[bool]
) -> bool:
    """Queued again, or cancelled if somebody asked for that; False if it is not the holder's any more."""
    if _change(connection, job, _ended(JobState.CANCELLED), jobs.c.cancel, *also):
        abandon(connection, job, DocumentStatus.CANCELLED)
        return True
    now = lines.present(connection, job.priority)
    values = {
        "state": JobState.QUEUED,
        "owner": None,
        "lease_until": None,
        "run_at": database_now(connection) + pause_ms if pause_ms else 0,
        # What has waited out a pause must not bring its old place in line along, which newcomers would take for now.
        "tag": case((jobs.c.tag < now, now), else_=jobs.c.tag),
    }
    if not _change(connection, job, values | more, *also):
        return False
    if job.kind is JobKind.INGEST and job.revision is not None:
        pending.wait_again(connection, job.revision, more.get("error"))
    return True


def _change(connection: Connection, job: Job, values: dict[str, Any], *also: ColumnElement[bool]) -> bool:
    return connection.execute(update(jobs).where(*fence(job), *also).values(values)).rowcount == 1


def _ended(state: JobState, error: str | None = None) -> dict[str, Any]:
    return {"state": state, "error": error, "lease_until": None, "finished_at": now_ms()}


def _pause_ms(failures: int) -> int:
    doubled = min(1000 * 2 ** min(failures, 20), LONGEST_PAUSE_MS)
    return int(doubled * random.uniform(1, 1 + JITTER))


def job_of(row: Sequence[Any]) -> Job:
    job = Job(*row)
    return replace(job, kind=JobKind(job.kind), state=JobState(job.state))
