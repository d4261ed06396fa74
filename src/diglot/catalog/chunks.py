"""Chunks' rows of the revisions that serve. Chunks of a pending or dropped revision are no document's.

Children are a list of their own: whoever asks for a document's chunks does not get them, who names their parent does.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, delete, false, func, insert, or_, select, update

from diglot.catalog.found import chunk_of
from diglot.catalog.tables import chunk_images, chunks, datasets, documents
from diglot.domain.chunk import ALL_CHUNKS, Chunk, ChunkFilter
from diglot.domain.identity import ChunkId, ChunkKey, DatasetId, DocumentId, RevisionKey, WorkspaceId
from diglot.domain.page import Page
from diglot.domain.parsed import Anchor

_COLUMNS = list(chunks.c)
IDS_A_QUERY = 500


def get(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_id: DatasetId,
    chunk_id: ChunkId,
    document_id: DocumentId | None = None,
    parent_id: ChunkId | None = None,
) -> Chunk | None:
    """Of the document, if one is named, else of any of the dataset; a child only under its parent."""
    wanted = [*_serving(workspace_id, dataset_id), chunks.c.id == chunk_id, _under(parent_id)]
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
    only: ChunkFilter = ALL_CHUNKS,
    total: int | None = None,
    parent_id: ChunkId | None = None,
) -> Page[Chunk]:
    """By position. `limit` None: all. `total`, where the caller knows it, saves counting the matches."""
    wanted = [chunks.c.revision_key == revision, _under(parent_id), *_filters(only)]
    listing = select(*_COLUMNS).where(*wanted).order_by(chunks.c.position, chunks.c.key).offset(offset)
    rows = connection.execute(listing if limit is None else listing.limit(limit)).all()
    if total is None:
        # What matches a rare word is all on one page: no second look at every chunk.
        is_last = (limit is None or len(rows) < limit) and (bool(rows) or offset == 0)
        total = offset + len(rows) if is_last else _count(connection, wanted)
    return Page(tuple(map(chunk_of, rows)), total, offset)


def _count(connection: Connection, wanted: Sequence[ColumnElement[bool]]) -> int:
    return connection.execute(select(func.count()).select_from(chunks).where(*wanted)).scalar_one()


def count_before(connection: Connection, revision: RevisionKey, chunk: Chunk, only: ChunkFilter = ALL_CHUNKS) -> int:
    """How many chunks a `page` has before this one."""
    earlier = or_(
        chunks.c.position < chunk.position, and_(chunks.c.position == chunk.position, chunks.c.key < chunk.key)
    )
    wanted = [chunks.c.revision_key == revision, _under(None), *_filters(only), earlier]
    return connection.execute(select(func.count()).select_from(chunks).where(*wanted)).scalar_one()


def by_ids(connection: Connection, revision: RevisionKey, chunk_ids: Iterable[ChunkId]) -> list[Chunk]:
    """Those of them that the revision has, by position."""
    found: list[Chunk] = []
    wanted = sorted(set(chunk_ids))
    for start in range(0, len(wanted), IDS_A_QUERY):
        some = chunks.c.id.in_(wanted[start : start + IDS_A_QUERY])
        of_revision = chunks.c.revision_key == revision, _under(None)
        found += map(chunk_of, connection.execute(select(*_COLUMNS).where(*of_revision, some)))
    return sorted(found, key=lambda chunk: (chunk.position, chunk.key))


def children(connection: Connection, revision: RevisionKey, parent_ids: Iterable[ChunkId]) -> list[Chunk]:
    """Those of all these chunks, by parent and position."""
    order = chunks.c.parent_id, chunks.c.position, chunks.c.key
    found: list[Chunk] = []
    for theirs in _theirs(revision, parent_ids):
        found += map(chunk_of, connection.execute(select(*_COLUMNS).where(*theirs).order_by(*order)))
    return found


def child_keys(connection: Connection, revision: RevisionKey, parent_ids: Iterable[ChunkId]) -> list[ChunkKey]:
    """Those of all these chunks."""
    found: list[ChunkKey] = []
    for theirs in _theirs(revision, parent_ids):
        found += connection.execute(select(chunks.c.key).where(*theirs)).scalars()
    return found


def change_children(
    connection: Connection, revision: RevisionKey, parent_ids: Iterable[ChunkId], **columns: Any
) -> None:
    for theirs in _theirs(revision, parent_ids):
        connection.execute(update(chunks).where(*theirs).values(columns))


def _theirs(revision: RevisionKey, parent_ids: Iterable[ChunkId]) -> Iterator[tuple[ColumnElement[bool], ...]]:
    wanted = sorted(set(parent_ids))
    for start in range(0, len(wanted), IDS_A_QUERY):
        yield chunks.c.revision_key == revision, chunks.c.parent_id.in_(wanted[start : start + IDS_A_QUERY])


def alike(connection: Connection, revision: RevisionKey, content_hash: str, answer: str | None) -> Chunk | None:
    """The first that has this very content and answer."""
    same = (
        chunks.c.revision_key == revision,
        _under(None),
        chunks.c.hash == content_hash,
        chunks.c.answer.is_not_distinct_from(answer),
    )
    found = select(*_COLUMNS).where(*same).order_by(chunks.c.position, chunks.c.key).limit(1)
    row = connection.execute(found).one_or_none()
    return None if row is None else chunk_of(row)


def set_image(connection: Connection, key: ChunkKey, media_type: str, content: bytes) -> None:
    connection.execute(delete(chunk_images).where(chunk_images.c.chunk_key == key))
    connection.execute(insert(chunk_images).values(chunk_key=key, media_type=media_type, content=content))
    connection.execute(update(chunks).where(chunks.c.key == key).values(has_image=True))


def image(connection: Connection, key: ChunkKey) -> tuple[str, bytes] | None:
    """Media type and bytes."""
    found = select(chunk_images.c.media_type, chunk_images.c.content).where(chunk_images.c.chunk_key == key)
    row = connection.execute(found).one_or_none()
    return None if row is None else (row[0], row[1])


def places(connection: Connection, revision: RevisionKey) -> list[tuple[ChunkId, int, tuple[Anchor, ...]]]:
    """Of every chunk its id, its position and where it stands, by position."""
    of_revision = chunks.c.revision_key == revision, _under(None)
    wanted = select(chunks.c.id, chunks.c.position, chunks.c.anchors).where(*of_revision)
    rows = connection.execute(wanted.order_by(chunks.c.position, chunks.c.key))
    return [(chunk_id, position, tuple(map(Anchor.from_json, anchors))) for chunk_id, position, anchors in rows]


def last_position(connection: Connection, revision: RevisionKey, parent_id: ChunkId | None = None) -> int:
    highest = select(func.max(chunks.c.position)).where(chunks.c.revision_key == revision, _under(parent_id))
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
    wanted = sorted(keys)
    parts = (wanted[start : start + IDS_A_QUERY] for start in range(0, len(wanted), IDS_A_QUERY))
    return sum(connection.execute(delete(chunks).where(chunks.c.key.in_(part))).rowcount for part in parts)


def _filters(only: ChunkFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if only.keyword:
        wanted.append(chunks.c.content.icontains(only.keyword, autoescape=True))
    if only.words is not None:
        written = (cast(chunks.c.keywords, Text), cast(chunks.c.questions, Text))
        texts = (chunks.c.content, func.coalesce(chunks.c.answer, ""), *written)
        wanted.append(or_(false(), *(text.icontains(word, autoescape=True) for word in only.words for text in texts)))
    if only.statuses is not None:
        wanted.append(chunks.c.status.in_(sorted(only.statuses)))
    if only.ids is not None:
        wanted.append(chunks.c.id.in_(sorted(only.ids)))
    if only.enabled is not None:
        wanted.append(chunks.c.enabled.is_(only.enabled))
    return wanted


def _under(parent_id: ChunkId | None) -> ColumnElement[bool]:
    return chunks.c.parent_id == (parent_id or "")


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
