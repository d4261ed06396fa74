"""Chunks' rows of the revisions that serve. Chunks of a pending or dropped revision are no document's."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from diglot.catalog.found import chunk_of
from diglot.catalog.tables import chunks, datasets, documents
from diglot.domain.chunk import Chunk, ChunkStatus
from diglot.domain.identity import ChunkId, ChunkKey, DatasetId, DocumentId, RevisionKey, WorkspaceId
from diglot.domain.page import Page

_COLUMNS = list(chunks.c)


def get(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_id: DatasetId,
    chunk_id: ChunkId,
    document_id: DocumentId | None = None,
) -> Chunk | None:
    """Of the document, if one is named, else of any of the dataset."""
    wanted = [*_serving(workspace_id, dataset_id), chunks.c.id == chunk_id]
    if document_id is not None:
        wanted.append(chunks.c.document_id == document_id)
    row = connection.execute(select(*_COLUMNS).where(*wanted)).one_or_none()
    return None if row is None else chunk_of(row)


def page(
    connection: Connection,
    revision: RevisionKey,
    offset: int,
    limit: int | None,
    *,
    keyword: str | None = None,
    statuses: Collection[ChunkStatus] = (),
    total: int | None = None,
) -> Page[Chunk]:
    """By position. `limit` None: all. `total`, where the caller knows it, saves counting the matches."""
    wanted = [chunks.c.revision_key == revision]
    if keyword:
        wanted.append(chunks.c.content.icontains(keyword, autoescape=True))
    if statuses:
        wanted.append(chunks.c.status.in_(sorted(statuses)))
    if total is None:
        total = connection.execute(select(func.count()).select_from(chunks).where(*wanted)).scalar_one()
    listing = select(*_COLUMNS).where(*wanted).order_by(chunks.c.position, chunks.c.key).offset(offset)
    rows = connection.execute(listing if limit is None else listing.limit(limit))
    return Page(tuple(map(chunk_of, rows)), total, offset)


def last_position(connection: Connection, revision: RevisionKey) -> int:
    highest = select(func.max(chunks.c.position)).where(chunks.c.revision_key == revision)
    return connection.execute(highest).scalar() or 0


def add(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[Chunk]:
    """Rows of `tables.chunks` without their keys; the chunks in the order given."""
    added = insert(chunks).returning(*_COLUMNS, sort_by_parameter_order=True)
    return [chunk_of(row) for row in connection.execute(added, list(rows))]


def change(connection: Connection, key: ChunkKey, **columns: Any) -> Chunk | None:
    """The chunk after the change, None if it is gone."""
    changed = update(chunks).where(chunks.c.key == key).values(columns).returning(*_COLUMNS)
    row = connection.execute(changed).one_or_none()
    return None if row is None else chunk_of(row)


def remove(connection: Connection, keys: Iterable[ChunkKey]) -> int:
    """How many were there to remove."""
    return connection.execute(delete(chunks).where(chunks.c.key.in_(sorted(keys)))).rowcount


def _serving(workspace_id: WorkspaceId, dataset_id: DatasetId) -> tuple[ColumnElement[bool], ...]:
    return (
        documents.c.id == chunks.c.document_id,
        documents.c.revision_key == chunks.c.revision_key,
        documents.c.workspace_id == workspace_id,
        documents.c.dataset_id == dataset_id,
        documents.c.deleted_at.is_(None),
        datasets.c.id == documents.c.dataset_id,
        datasets.c.deleted_at.is_(None),
    )
