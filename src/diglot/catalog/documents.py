"""Documents' rows. A deleted one is there for the purge alone: nothing here shows it."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, false, func, insert, not_, or_, select, update

from diglot.catalog.conditions import passing
from diglot.catalog.found import document_of
from diglot.catalog.prepared import Prepared
from diglot.catalog.tables import chunks, datasets, documents, metadata_values
from diglot.domain.document import (
    ALL_DOCUMENTS,
    PHASES,
    Document,
    DocumentFilter,
    DocumentStatus,
    Outline,
    Phase,
    phase_of,
)
from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, WorkspaceId
from diglot.domain.page import Order, Page

_RENAMED = {"revision": "revision_key", "pending": "pending_key"}
_COLUMNS = [documents.c[_RENAMED.get(name, name)] for name in Document.__slots__]
# Deleting a dataset marks its own row alone: with it its documents are gone.
_IN_LIVING_DATASET = (
    select(datasets.c.id)
    .where(datasets.c.id == documents.c.dataset_id, datasets.c.deleted_at.is_(None))
    .correlate(documents)
    .exists()
)
_HAS_METADATA = (
    select(metadata_values.c.document_id)
    .where(metadata_values.c.document_id == documents.c.id)
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
_LIVING = documents.c.deleted_at.is_(None), _IN_LIVING_DATASET
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


def anywhere(connection: Connection, workspace_id: WorkspaceId, document_ids: Iterable[DocumentId]) -> list[Document]:
    """Those of them that are there, in whichever dataset of the workspace, in the order of their ids."""
    found: list[Document] = []
    ids = sorted(set(document_ids))
    for start in range(0, len(ids), IDS_A_QUERY):
        some = documents.c.id.in_(ids[start : start + IDS_A_QUERY])
        query = select(*_COLUMNS).where(documents.c.workspace_id == workspace_id, *_LIVING, some)
        found += [document_of(row) for row in connection.execute(query.order_by(documents.c.id))]
    return found


def by_id(connection: Connection, document_id: DocumentId) -> Document | None:
    """Of whichever workspace: for those who were given its id by one who may see it."""
    row = connection.execute(select(*_COLUMNS).where(documents.c.id == document_id, *_LIVING)).one_or_none()
    return None if row is None else document_of(row)


def outlines(
    connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, only: DocumentFilter
) -> list[Outline]:
    """Of every match."""
    columns = documents.c.name, documents.c.status, documents.c.pending_key, documents.c.metadata
    query = select(*columns).where(*_living(workspace_id, dataset_id), *_filters(dataset_id, only))
    return [
        Outline(name, phase_of(DocumentStatus(status), pending is not None), metadata)
        for name, status, pending, metadata in connection.execute(query)
    ]


def page(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_id: DatasetId,
    offset: int,
    limit: int,
    *,
    only: DocumentFilter = ALL_DOCUMENTS,
    order: Order = Order.CREATED,
    is_descending: bool = True,
    total: int | None = None,
) -> Page[Document]:
    """`total`, where the caller knows it, saves counting the matches."""
    wanted = [*_living(workspace_id, dataset_id), *_filters(dataset_id, only)]
    if total is None:
        total = connection.execute(select(func.count()).select_from(documents).where(*wanted)).scalar_one()
    listing = select(*_COLUMNS).where(*wanted).offset(offset).limit(limit)
    # None of them has a `deleted_at`: without it PostgreSQL would sort what the index has in order.
    by = (documents.c.deleted_at, documents.c[order], documents.c.position)
    rows = connection.execute(listing.order_by(*(column.desc() if is_descending else column for column in by)))
    return Page(tuple(map(document_of, rows)), total, offset)


def ids(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, limit: int) -> list[DocumentId]:
    """Some that are there."""
    some = select(documents.c.id).where(*_living(workspace_id, dataset_id)).order_by(documents.c.id).limit(limit)
    return list(connection.execute(some).scalars())


def names(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, stem: str) -> set[str]:
    """Those that begin with it."""
    begun = documents.c.name.startswith(stem, autoescape=True)
    found = select(documents.c.name).where(*_living(workspace_id, dataset_id), begun)
    return set(connection.execute(found).scalars())


def is_name_taken(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, name: str) -> bool:
    found = select(documents.c.id).where(*_living(workspace_id, dataset_id), documents.c.name == name).limit(1)
    return connection.execute(found).first() is not None


def phases(connection: Connection, dataset_ids: Collection[DatasetId]) -> dict[DatasetId, dict[Phase, int]]:
    """How many documents of each dataset are in which phase; every phase has a number."""
    found: dict[DatasetId, dict[Phase, int]] = {one: dict.fromkeys(Phase, 0) for one in dataset_ids}
    is_pending = documents.c.pending_key.is_not(None)
    counted = (
        select(documents.c.dataset_id, documents.c.status, is_pending, func.count())
        .where(documents.c.dataset_id.in_(sorted(dataset_ids)), documents.c.deleted_at.is_(None))
        .group_by(documents.c.dataset_id, documents.c.status, is_pending)
    )
    for dataset_id, status, pending, count in connection.execute(counted):
        found[dataset_id][phase_of(DocumentStatus(status), pending)] += count
    return found


def phase_counts(connection: Connection) -> dict[Phase, int]:
    """How many documents of all workspaces are in which phase. Looks at each of them."""
    is_pending = documents.c.pending_key.is_not(None)
    counted = (
        select(documents.c.status, is_pending, func.count())
        .join(datasets, datasets.c.id == documents.c.dataset_id)
        .where(documents.c.deleted_at.is_(None), datasets.c.deleted_at.is_(None))
        .group_by(documents.c.status, is_pending)
    )
    found = dict.fromkeys(Phase, 0)
    for status, pending, count in connection.execute(counted):
        found[phase_of(DocumentStatus(status), pending)] += count
    return found


def change(connection: Connection, document_id: DocumentId, **columns: Any) -> None:
    connection.execute(update(documents).where(documents.c.id == document_id).values(columns))


def change_many(connection: Connection, document_ids: Iterable[DocumentId], **columns: Any) -> None:
    ids = sorted(document_ids)
    for start in range(0, len(ids), IDS_A_QUERY):
        some = documents.c.id.in_(ids[start : start + IDS_A_QUERY])
        connection.execute(update(documents).where(some).values(columns))


def count(
    connection: Connection,
    document_id: DocumentId,
    *,
    chunks: int = 0,
    words: int = 0,
    tokens: int = 0,
    repeats: int = 0,
) -> None:
    """Adds to the document's counters."""
    columns = documents.c
    connection.execute(
        update(documents)
        .where(columns.id == document_id)
        .values(
            chunk_count=columns.chunk_count + chunks,
            word_count=columns.word_count + words,
            tokens=columns.tokens + tokens,
            repeat_count=columns.repeat_count + repeats,
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


def _filters(dataset_id: DatasetId, only: DocumentFilter) -> list[ColumnElement[bool]]:
    columns = documents.c
    wanted: list[ColumnElement[bool]] = []
    if only.keyword:
        wanted.append(columns.name.icontains(only.keyword, autoescape=True))
    if only.name:
        wanted.append(columns.name == only.name)
    if only.statuses is not None:
        wanted.append(columns.status.in_(sorted(only.statuses)))
    if only.phases is not None:
        wanted.append(or_(false(), *map(_in_phase, sorted(only.phases))))
    if only.ids is not None:
        wanted.append(columns.id.in_(sorted(only.ids)))
    if only.suffixes is not None:
        ends = (columns.name.iendswith(f".{suffix}", autoescape=True) for suffix in sorted(only.suffixes))
        wanted.append(or_(false(), *ends))
    wanted += [
        columns[name].is_(value) for name in ("enabled", "archived") if (value := getattr(only, name)) is not None
    ]
    if only.created_from is not None:
        wanted.append(columns.created_at >= only.created_from)
    if only.created_to is not None:
        wanted.append(columns.created_at <= only.created_to)
    wanted += [passing(one, [dataset_id]) for one in only.conditions]
    if only.has_metadata is not None:
        wanted.append(_HAS_METADATA if only.has_metadata else not_(_HAS_METADATA))
    return wanted


def _in_phase(phase: Phase) -> ColumnElement[bool]:
    if phase is Phase.RUNNING:
        return documents.c.pending_key.is_not(None)
    statuses = [status for status, known in PHASES.items() if known is phase]
    if statuses:
        return and_(documents.c.pending_key.is_(None), documents.c.status.in_(statuses))
    return and_(documents.c.pending_key.is_(None), documents.c.status.not_in(list(PHASES)))


def _living(workspace_id: WorkspaceId, dataset_id: DatasetId) -> tuple[ColumnElement[bool], ...]:
    return (
        documents.c.dataset_id == dataset_id,
        documents.c.workspace_id == workspace_id,
        *_LIVING,
    )
