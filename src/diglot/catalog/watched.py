"""Documents as those see them who watch them change: all workspaces in one query."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from diglot.catalog import lines
from diglot.catalog.queue import Sight
from diglot.catalog.tables import datasets, documents, jobs
from diglot.domain.document import DocumentStatus, Phase, phase_of
from diglot.domain.identity import DatasetId, DocumentId, WorkspaceId
from diglot.domain.job import JobKind

ROWS_A_QUERY = 1000
IDS_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class DocumentState:
    """`is_open`: whether its dataset is open to the API."""

    id: DocumentId
    workspace_id: WorkspaceId
    dataset_id: DatasetId
    name: str
    status: DocumentStatus
    phase: Phase
    progress: float
    error: str | None
    chunk_count: int
    updated_at: int
    is_open: bool


_STATES: "Select[tuple[Any, ...]]" = (
    select(
        documents.c.id,
        documents.c.workspace_id,
        documents.c.dataset_id,
        documents.c.name,
        documents.c.status,
        documents.c.pending_key,
        documents.c.progress,
        documents.c.error,
        documents.c.chunk_count,
        documents.c.updated_at,
        datasets.c.api_enabled,
    )
    .join_from(documents, datasets, datasets.c.id == documents.c.dataset_id)
    .where(documents.c.deleted_at.is_(None), datasets.c.deleted_at.is_(None))
)
_ORDER = documents.c.updated_at, documents.c.id


def changed(connection: Connection, since: int) -> Iterator[DocumentState]:
    """What was changed at `since` or later, the oldest change first."""
    place: tuple[ColumnElement[bool], ...] = (documents.c.updated_at >= since,)
    while True:
        rows = connection.execute(_STATES.where(*place).order_by(*_ORDER).limit(ROWS_A_QUERY)).all()
        yield from map(_state, rows)
        if len(rows) < ROWS_A_QUERY:
            return
        last = rows[-1]
        same_time = and_(documents.c.updated_at == last.updated_at, documents.c.id > last.id)
        place = documents.c.updated_at >= last.updated_at, or_(documents.c.updated_at > last.updated_at, same_time)


def under_way(connection: Connection, sight: Sight, limit: int) -> list[DocumentState]:
    """Documents that are being read, and those that wait for it behind them, the next first; at most `limit`."""
    found: list[str] = []
    for line in ((lines.IS_RUNNING,), lines.IN_ORDER):
        reading = select(jobs.c.document_id).where(
            *line, jobs.c.kind == JobKind.INGEST, jobs.c.workspace_id == sight.workspace_id
        )
        if sight.among is not None:
            reading = reading.where(jobs.c.dataset_id.in_(sorted(sight.among)))
        ordered = reading.order_by(jobs.c.priority, jobs.c.tag, jobs.c.id).limit(limit - len(found))
        found += connection.execute(ordered).scalars()
    return list(_by_id(connection, sight, found))


def _by_id(connection: Connection, sight: Sight, ids: list[str]) -> Iterator[DocumentState]:
    for start in range(0, len(ids), IDS_A_QUERY):
        some = documents.c.id.in_(ids[start : start + IDS_A_QUERY]), documents.c.pending_key.is_not(None)
        rows = map(_state, connection.execute(_STATES.where(*some)))
        yield from (one for one in rows if sight.sees_closed or one.is_open)


def _state(row: Any) -> DocumentState:
    status = DocumentStatus(row.status)
    return DocumentState(
        id=row.id,
        workspace_id=row.workspace_id,
        dataset_id=row.dataset_id,
        name=row.name,
        status=status,
        phase=phase_of(status, row.pending_key is not None),
        progress=row.progress,
        error=row.error,
        chunk_count=row.chunk_count,
        updated_at=row.updated_at,
        is_open=row.api_enabled,
    )
