"""What became of the readings of a dataset's documents: jobs that are over, with the documents as they are now."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, false, func, or_, select

from diglot.catalog import documents as rows
from diglot.catalog.jobs import COLUMNS, ENDED, job_of
from diglot.catalog.tables import documents, jobs
from diglot.domain.document import Document
from diglot.domain.identity import DatasetId, JobId, WorkspaceId
from diglot.domain.job import Job, JobKind, JobState
from diglot.domain.page import Page


@dataclass(frozen=True, slots=True)
class Ingestion:
    """`document` may have been read again since."""

    job: Job
    document: Document


@dataclass(frozen=True, slots=True)
class IngestionFilter:
    """`keyword` occurs in the document's name, in either case; `suffixes` end it, in lower case, without the dot. Times
    of the end are milliseconds, both ends included. None and the empty text: not narrowed."""

    states: Collection[JobState] | None = None
    keyword: str = ""
    suffixes: Collection[str] | None = None
    ended_from: int | None = None
    ended_to: int | None = None
    id: JobId | None = None


def page(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_id: DatasetId,
    only: IngestionFilter,
    *,
    offset: int,
    limit: int,
    is_descending: bool,
) -> Page[Ingestion]:
    """By when they ended. Those of deleted documents are not there."""
    wanted = _wanted(workspace_id, dataset_id, only)
    total = connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
    order = [column.desc() if is_descending else column.asc() for column in (jobs.c.finished_at, jobs.c.id)]
    found = [job_of(row) for row in connection.execute(wanted.order_by(*order).offset(offset).limit(limit))]
    read = {job.document_id for job in found if job.document_id is not None}
    of_id = {one.id: one for one in rows.anywhere(connection, workspace_id, read)}
    items = tuple(Ingestion(job, of_id[job.document_id]) for job in found if job.document_id in of_id)
    return Page(items, total, offset)


def _wanted(workspace_id: WorkspaceId, dataset_id: DatasetId, only: IngestionFilter) -> "Select[tuple[object, ...]]":
    found = select(*COLUMNS).join_from(jobs, documents, documents.c.id == jobs.c.document_id)
    return found.where(
        documents.c.dataset_id == dataset_id,
        documents.c.workspace_id == workspace_id,
        documents.c.deleted_at.is_(None),
        jobs.c.kind == JobKind.INGEST,
        jobs.c.state.in_(sorted(set(ENDED) if only.states is None else set(ENDED) & set(only.states))),
        *_narrowed(only),
    )


def _narrowed(only: IngestionFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if only.id is not None:
        wanted.append(jobs.c.id == only.id)
    if only.keyword:
        wanted.append(documents.c.name.icontains(only.keyword, autoescape=True))
    if only.suffixes is not None:
        ends = (documents.c.name.iendswith(f".{suffix}", autoescape=True) for suffix in sorted(only.suffixes))
        wanted.append(or_(false(), *ends))
    if only.ended_from is not None:
        wanted.append(jobs.c.finished_at >= only.ended_from)
    if only.ended_to is not None:
        wanted.append(jobs.c.finished_at <= only.ended_to)
    return wanted
