"""Documents' rows. A deleted one is there for the purge alone: nothing here shows it."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from diglot.catalog.found import document_of
from diglot.catalog.prepared import Prepared
from diglot.catalog.tables import chunks, datasets, documents
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, WorkspaceId
from diglot.domain.page import Page

_RENAMED = {"revision": "revision_key", "pending": "pending_key"}
_COLUMNS = [documents.c[_RENAMED.get(name, name)] for name in Document.__slots__]
# Deleting a dataset marks its own row alone: with it its documents are gone.
_IN_LIVING_DATASET = (
    select(datasets.c.id)
    .where(datasets.c.id == documents.c.dataset_id, datasets.c.deleted_at.is_(None))
    .correlate(documents)
    .exists()
)
_GET = select(*_COLUMNS).where(
    documents.c.id == bindparam("document_id"),
    documents.c.workspace_id == bindparam("workspace_id"),
    documents.c.dataset_id == bindparam("dataset_id"),
    documents.c.deleted_at.is_(None),
    _IN_LIVING_DATASET,
)
_GET_QUICKLY = Prepared(_GET)
IDS_A_QUERY = 500


def add(connection: Connection, document: Document) -> None:
    stored = {_RENAMED.get(name, name): getattr(document, name) for name in Document.__slots__}
    connection.execute(insert(documents).values(stored))


def get(
    connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, document_id: DocumentId
) -> Document | None:
    wanted = {"workspace_id": workspace_id, "dataset_id": dataset_id, "document_id": document_id}
    row = _GET_QUICKLY.one(connection, wanted)
    return None if row is None else document_of(row)


def lock(
    connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, document_id: DocumentId
) -> Document | None:
    """The same, and nobody else changes the row till the end of the transaction."""
    wanted = {"workspace_id": workspace_id, "dataset_id": dataset_id, "document_id": document_id}
    row = connection.execute(_GET.with_for_update(), wanted).one_or_none()
    return None if row is None else document_of(row)


def by_name(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, name: str) -> Document | None:
    """The newest of that name that is enabled and not archived."""
    found = (
        select(*_COLUMNS)
        .where(
            *_living(workspace_id, dataset_id),
            documents.c.name == name,
            documents.c.enabled,
            documents.c.archived.is_(False),
        )
        .order_by(documents.c.id.desc())
        .limit(1)
    )
    row = connection.execute(found).one_or_none()
    return None if row is None else document_of(row)


def batch(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, name: str) -> list[Document]:
    """The documents of a batch, by position."""
    found = select(*_COLUMNS).where(*_living(workspace_id, dataset_id), documents.c.batch == name)
    return [document_of(row) for row in connection.execute(found.order_by(documents.c.position))]


def many(
    connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, document_ids: Iterable[DocumentId]
) -> list[Document]:
    """Those of them that are there, locked till the end of the transaction, in the order of their ids, so that two
    callers who lock the same documents cannot wait for each other."""
    found: list[Document] = []
    ids = sorted(set(document_ids))
    for start in range(0, len(ids), IDS_A_QUERY):
        some = documents.c.id.in_(ids[start : start + IDS_A_QUERY])
        query = select(*_COLUMNS).where(*_living(workspace_id, dataset_id), some).order_by(documents.c.id)
        found += [document_of(row) for row in connection.execute(query.with_for_update())]
    return found


def page(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_id: DatasetId,
    offset: int,
    limit: int,
    *,
    keyword: str | None = None,
    statuses: Collection[DocumentStatus] = (),
    enabled: bool | None = None,
    archived: bool | None = None,
    total: int | None = None,
) -> Page[Document]:
    """Newest first. `total`, where the caller knows it, saves counting the matches."""
    wanted = [*_living(workspace_id, dataset_id), *_filters(keyword, statuses, enabled, archived)]
    if total is None:
        total = connection.execute(select(func.count()).select_from(documents).where(*wanted)).scalar_one()
    listing = select(*_COLUMNS).where(*wanted).offset(offset).limit(limit)
    rows = connection.execute(listing.order_by(documents.c.created_at.desc(), documents.c.position.desc()))
    return Page(tuple(map(document_of, rows)), total, offset)


def change(connection: Connection, document_id: DocumentId, **columns: Any) -> None:
    connection.execute(update(documents).where(documents.c.id == document_id).values(columns))


def change_many(connection: Connection, document_ids: Iterable[DocumentId], **columns: Any) -> None:
    ids = sorted(document_ids)
    for start in range(0, len(ids), IDS_A_QUERY):
        some = documents.c.id.in_(ids[start : start + IDS_A_QUERY])
        connection.execute(update(documents).where(some).values(columns))


def count(connection: Connection, document_id: DocumentId, *, chunks: int = 0, words: int = 0, tokens: int = 0) -> None:
    """Adds to the document's counters."""
    columns = documents.c
    connection.execute(
        update(documents)
        .where(columns.id == document_id)
        .values(
            chunk_count=columns.chunk_count + chunks,
            word_count=columns.word_count + words,
            tokens=columns.tokens + tokens,
        )
    )


def chunk_counts(connection: Connection, revisions: Iterable[RevisionKey]) -> dict[RevisionKey, tuple[int, int]]:
    """Of each revision that has any: how many of its chunks are completed, and how many there are."""
    counted = (
        select(chunks.c.revision_key, func.count(chunks.c.completed_at), func.count())
        .where(chunks.c.revision_key.in_(sorted(revisions)))
        .group_by(chunks.c.revision_key)
    )
    return {key: (completed, total) for key, completed, total in connection.execute(counted)}


def _filters(
    keyword: str | None, statuses: Collection[DocumentStatus], enabled: bool | None, archived: bool | None
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if keyword:
        wanted.append(documents.c.name.icontains(keyword, autoescape=True))
    if statuses:
        wanted.append(documents.c.status.in_(sorted(statuses)))
    if enabled is not None:
        wanted.append(documents.c.enabled.is_(enabled))
    if archived is not None:
        wanted.append(documents.c.archived.is_(archived))
    return wanted


def _living(workspace_id: WorkspaceId, dataset_id: DatasetId) -> tuple[ColumnElement[bool], ...]:
    return (
        documents.c.dataset_id == dataset_id,
        documents.c.workspace_id == workspace_id,
        documents.c.deleted_at.is_(None),
        _IN_LIVING_DATASET,
    )
