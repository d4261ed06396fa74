"""Jobs as people look at them: with the names of what they are about, newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from diglot.catalog import lines
from diglot.catalog.jobs import COLUMNS, OPEN, job_of
from diglot.catalog.tables import datasets, documents, jobs
from diglot.domain.document import DocumentStatus
from diglot.domain.identity import DatasetId, DocumentId, JobId, WorkspaceId
from diglot.domain.job import Job, JobKind, JobState


@dataclass(frozen=True, slots=True)
class ListedJob:
    """Names are None where the thing is gone. `stage` and `progress` (0..1) are those of the document that it reads,
    while it does."""

    job: Job
    dataset_name: str | None
    document_name: str | None
    stage: DocumentStatus | None
    progress: float


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see: a workspace, of it `among` alone unless that is None, and without what is closed to the
    API unless `sees_closed`."""

    workspace_id: WorkspaceId
    among: Collection[DatasetId] | None = None
    sees_closed: bool = True


_LISTING: "Select[tuple[Any, ...]]" = select(
    *COLUMNS,
    datasets.c.name.label("dataset_name"),
    documents.c.name.label("document_name"),
    documents.c.pending_key,
    documents.c.status.label("stage"),
    documents.c.progress,
).select_from(
    jobs.outerjoin(datasets, datasets.c.id == jobs.c.dataset_id).outerjoin(
        documents, documents.c.id == jobs.c.document_id
    )
)


def listed(
    connection: Connection, sight: Sight, states: Collection[JobState], before: JobId | None, limit: int
) -> list[ListedJob]:
    """`before`: the last one of the page before."""
    page = select(jobs.c.id).where(*_seen(sight), *_among(states))
    if before is not None:
        page = page.where(jobs.c.id < before)
    # Chosen before names are looked up: else every job that waits would have its names looked up for nothing.
    chosen = page.order_by(jobs.c.id.desc()).limit(limit)
    rows = connection.execute(_LISTING.where(jobs.c.id.in_(chosen)).order_by(jobs.c.id.desc()))
    return [_listed(row) for row in rows]


def get(connection: Connection, sight: Sight, job_id: JobId) -> ListedJob | None:
    row = connection.execute(_LISTING.where(jobs.c.id == job_id, *_seen(sight))).one_or_none()
    return None if row is None else _listed(row)


def open_of(connection: Connection, document_id: DocumentId) -> JobId | None:
    """The job that reads the document, or will."""
    reading = jobs.c.document_id == document_id, jobs.c.kind == JobKind.INGEST, jobs.c.state.in_(OPEN)
    return connection.execute(select(jobs.c.id).where(*reading).order_by(jobs.c.id.desc()).limit(1)).scalar()


def counts(connection: Connection, sight: Sight, states: Collection[JobState]) -> dict[JobState, int]:
    """Each of `states` has a number."""
    counted = select(jobs.c.state, func.count()).where(jobs.c.state.in_(sorted(states)), *_seen(sight))
    rows = connection.execute(counted.group_by(jobs.c.state))
    return dict.fromkeys(states, 0) | {JobState(state): count for state, count in rows}


def front(connection: Connection, priority: int, most: int) -> dict[JobId, int]:
    """The first of that line, `most` at most: how many stand before each."""
    line = select(jobs.c.id).where(*lines.IN_ORDER, jobs.c.priority == priority).order_by(jobs.c.tag, jobs.c.id)
    found = connection.execute(line.limit(most)).scalars()
    return {JobId(job_id): place for place, job_id in enumerate(found)}


def _among(states: Collection[JobState]) -> tuple[ColumnElement[bool], ...]:
    if set(states) == set(JobState):
        return ()
    wanted = sorted(states)
    # Most jobs are done: the newest are found by walking back, in a form that keeps planners from sorting all of them.
    return ((func.coalesce(jobs.c.state, "") if JobState.DONE in states else jobs.c.state).in_(wanted),)


def _seen(sight: Sight) -> tuple[ColumnElement[bool], ...]:
    seen = [jobs.c.workspace_id == sight.workspace_id]
    if sight.among is not None:
        seen.append(jobs.c.dataset_id.in_(sorted(sight.among)))
    if not sight.sees_closed:
        closed = datasets.c.workspace_id == sight.workspace_id, datasets.c.api_enabled.is_(False)
        seen.append(jobs.c.dataset_id.not_in(select(datasets.c.id).where(*closed)))
    return tuple(seen)


def _listed(row: Any) -> ListedJob:
    job = job_of(row[: len(COLUMNS)])
    dataset_name, document_name, pending, stage, progress = row[len(COLUMNS) :]
    is_read = job.kind is JobKind.INGEST and job.state in OPEN and job.revision is not None and job.revision == pending
    if not is_read:
        return ListedJob(job, dataset_name, document_name, None, float(job.state is JobState.DONE))
    return ListedJob(job, dataset_name, document_name, DocumentStatus(stage), progress)
