"""The queue: what waits and why, what failed; trying again and cancelling; what became of each reading."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from diglot.catalog import datasets, documents, ingestions, jobs, queue
from diglot.catalog.database import Database
from diglot.catalog.ingestions import Ingestion, IngestionFilter
from diglot.catalog.queue import ListedJob, Sight
from diglot.domain.api_key import Caller, Scope
from diglot.domain.document import Phase
from diglot.domain.errors import InvalidAction, JobNotFound
from diglot.domain.identity import DatasetId, JobId, now_ms
from diglot.domain.job import RECOGNITION, SLOW, Job, JobKind, JobState
from diglot.domain.page import Page
from diglot.library import commanding
from diglot.library.access import opened, require, require_reach, there
from diglot.library.capacity import Capacity

MOST_AHEAD = 1000
COUNTED = (JobState.QUEUED, JobState.RUNNING, JobState.FAILED, JobState.DEAD)
ALL_INGESTIONS = IngestionFilter()
TROUBLED = frozenset({Phase.FAILED, Phase.CANCELLED})


class WaitingLine(StrEnum):
    """SLOW: documents that took longer than others may wait for."""

    WORKER = "worker"
    SLOW = "slow"
    RECOGNITION = "recognition"


@dataclass(frozen=True, slots=True)
class Wait:
    """What a queued job waits for: a time, if `until` is one, else for those before it in its line, of which `ahead` is
    the number, `MOST_AHEAD` for that many or more. `is_again`: it was tried before."""

    until: int | None
    ahead: int
    is_again: bool
    line: WaitingLine


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """`wait` None: it does not wait."""

    listed: ListedJob
    wait: Wait | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`next`: what to ask for to have those after it, None at the end. `counts` are of all, whatever was asked for."""

    items: tuple[QueueEntry, ...]
    next: JobId | None
    counts: dict[JobState, int]


class Jobs:
    def __init__(self, database: Database, capacity: Capacity) -> None:
        self._database = database
        self._capacity = capacity

    def list(
        self,
        caller: Caller,
        *,
        states: Collection[JobState] = tuple(JobState),
        dataset_id: DatasetId | None = None,
        before: JobId | None = None,
        limit: int = 50,
    ) -> QueuePage:
        """Newest first. `DatasetNotFound`, `ApiDisabled` for the dataset that is named."""
        require(caller, Scope.READ)
        sight = sight_of(caller)
        with self._database.read() as connection:
            if dataset_id is not None:
                require_open(connection, caller, dataset_id)
                sight = Sight(caller.workspace_id, (dataset_id,))
            found = queue.listed(connection, sight, states, before, limit + 1)
            counts = queue.counts(connection, sight, COUNTED)
            items = tuple(_entries(connection, found[:limit]))
        return QueuePage(items, items[-1].listed.job.id if len(found) > limit else None, counts)

    def ingestions(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        only: IngestionFilter = ALL_INGESTIONS,
        *,
        offset: int = 0,
        limit: int = 50,
        is_descending: bool = True,
    ) -> Page[Ingestion]:
        """Readings of a dataset's documents that are over, the latest first; those of the last seven days are kept.
        `DatasetNotFound`, `ApiDisabled`."""
        require(caller, Scope.READ)
        with self._database.read() as connection:
            require_open(connection, caller, dataset_id)
            return ingestions.page(
                connection,
                caller.workspace_id,
                dataset_id,
                only,
                offset=offset,
                limit=limit,
                is_descending=is_descending,
            )

    def retry(self, caller: Caller, job_id: JobId) -> QueueEntry:
        """What waits for a later time is due at once; what failed or was cancelled begins anew, a document by a new
        job, which is the answer. `JobNotFound`, `InvalidAction`, `QueueFull`, `DiskFull`."""
        require(caller, Scope.WRITE)
        self._capacity.require()

        def work(connection: Connection) -> QueueEntry:
            job = _reached(connection, caller, job_id).job
            return _entry(connection, _reached(connection, caller, _begun_anew(connection, caller, job)))

        return self._database.write(work)

    def cancel(self, caller: Caller, job_id: JobId) -> QueueEntry:
        """What runs stops within seconds. A document keeps what serves. `JobNotFound`, `InvalidAction` for what is over
        and for clearing up, which must happen."""
        require(caller, Scope.WRITE)

        def work(connection: Connection) -> QueueEntry:
            _cancel(connection, _reached(connection, caller, job_id).job)
            return _entry(connection, _reached(connection, caller, job_id))

        return self._database.write(work)


def sight_of(caller: Caller) -> Sight:
    return Sight(caller.workspace_id, caller.datasets, sees_closed=caller.key_id is None)


def require_open(connection: Connection, caller: Caller, dataset_id: DatasetId) -> None:
    """`DatasetNotFound`, `ApiDisabled`"""
    require_reach(caller, dataset_id)
    opened(caller, there(datasets.get(connection, caller.workspace_id, dataset_id)))


def _reached(connection: Connection, caller: Caller, job_id: JobId) -> ListedJob:
    found = queue.get(connection, sight_of(caller), job_id)
    if found is None:
        raise JobNotFound
    return found


def _begun_anew(connection: Connection, caller: Caller, job: Job) -> JobId:
    if jobs.hasten(connection, job.id):
        return job.id
    if job.kind is not JobKind.INGEST:
        jobs.revive(connection, job.id)
        return job.id
    document = job.document_id and documents.get(connection, caller.workspace_id, job.dataset_id, job.document_id)
    if not document or document.phase not in TROUBLED:
        raise InvalidAction("There is nothing to try again: the document is gone, is being read, or was read since.")
    commanding.start(connection, caller, document.dataset_id, [document.id], restarts=False)
    return queue.open_of(connection, document.id) or job.id


def _cancel(connection: Connection, job: Job) -> None:
    if job.kind is JobKind.PURGE:
        raise InvalidAction("What was deleted is cleared up in any case.")
    if job.state not in jobs.OPEN:
        raise InvalidAction("The job is over.")
    if job.kind is JobKind.INGEST and job.document_id is not None:
        jobs.cancel_document(connection, job.document_id)
    else:
        jobs.cancel_chore(connection, job.id)


def _entries(connection: Connection, listed: Iterable[ListedJob]) -> Iterator[QueueEntry]:
    # One walk along each line tells of all who stand in it; one for each of them would be felt.
    fronts: dict[int, dict[JobId, int]] = {}
    now = now_ms()
    for one in listed:
        job = one.job
        if job.state is not JobState.QUEUED:
            yield QueueEntry(one, None)
        elif job.run_at > now:
            yield QueueEntry(one, _wait(job, until=job.run_at))
        else:
            if job.priority not in fronts:
                fronts[job.priority] = queue.front(connection, job.priority, MOST_AHEAD)
            front = fronts[job.priority]
            yield QueueEntry(one, _wait(job, ahead=front.get(job.id, len(front))))


def _entry(connection: Connection, listed: ListedJob) -> QueueEntry:
    [entry] = _entries(connection, [listed])
    return entry


def _wait(job: Job, *, until: int | None = None, ahead: int = 0) -> Wait:
    return Wait(until, ahead, job.error is not None, _line(job))


def _line(job: Job) -> WaitingLine:
    if job.priority >= RECOGNITION:
        return WaitingLine.RECOGNITION
    return WaitingLine.SLOW if job.priority >= SLOW else WaitingLine.WORKER
