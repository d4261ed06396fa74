"""Chunks that somebody asks about by name, whatever state they are in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select

from diglot.catalog.conditions import passing
from diglot.catalog.found import chunk_of, document_of
from diglot.catalog.tables import chunks, datasets, documents, index_changes
from diglot.domain.chunk import Chunk
from diglot.domain.conditions import Conditions
from diglot.domain.document import Document
from diglot.domain.identity import ChunkId, ChunkKey, DatasetId, DocumentId, RevisionKey, WorkspaceId

IDS_A_QUERY = 500

_RENAMED = {"revision": "revision_key", "pending": "pending_key"}
_CHUNK = list(chunks.c)
_DOCUMENT = [documents.c[_RENAMED.get(name, name)] for name in Document.__slots__]


@dataclass(frozen=True, slots=True)
class Named:
    """`is_deleted`: the document, or its dataset, though the purge has not been there yet."""

    chunk: Chunk
    document: Document
    is_deleted: bool


def named(
    connection: Connection,
    workspace_id: WorkspaceId,
    chunk_ids: Iterable[ChunkId],
    reach: Collection[DatasetId] | None = None,
) -> dict[ChunkId, Named]:
    """Those of them that are in these datasets (None: any) of the workspace."""
    found: dict[ChunkId, Named] = {}
    wanted = sorted(set(chunk_ids))
    width = len(_CHUNK)
    for start in range(0, len(wanted), IDS_A_QUERY):
        query = select(*_CHUNK, *_DOCUMENT, documents.c.deleted_at, datasets.c.deleted_at).where(
            chunks.c.id.in_(wanted[start : start + IDS_A_QUERY]),
            documents.c.id == chunks.c.document_id,
            documents.c.workspace_id == workspace_id,
            datasets.c.id == documents.c.dataset_id,
        )
        for row in connection.execute(query):
            chunk, document = chunk_of(row[:width]), document_of(row[width:-2])
            if reach is None or document.dataset_id in reach:
                found[chunk.id] = Named(chunk, document, any(at is not None for at in row[-2:]))
    return found


def children(connection: Connection, revision: RevisionKey, parent_id: ChunkId) -> list[ChunkKey]:
    query = select(chunks.c.key).where(chunks.c.revision_key == revision, chunks.c.parent_id == parent_id)
    return list(connection.execute(query).scalars())


def count(connection: Connection, revision: RevisionKey) -> int:
    """All chunks of the revision."""
    query = select(func.count()).select_from(chunks).where(chunks.c.revision_key == revision)
    return connection.execute(query).scalar_one()


def meeting(
    connection: Connection,
    dataset_ids: Sequence[DatasetId],
    document_ids: Iterable[DocumentId],
    conditions: Conditions,
) -> set[DocumentId]:
    """Those of the documents, all of these datasets, that meet the conditions."""
    found: set[DocumentId] = set()
    wanted = sorted(set(document_ids))
    meets = passing(conditions, dataset_ids)
    for start in range(0, len(wanted), IDS_A_QUERY):
        some = documents.c.id.in_(wanted[start : start + IDS_A_QUERY])
        found.update(connection.execute(select(documents.c.id).where(some, meets)).scalars())
    return found


def is_noted(connection: Connection, chunk: Chunk, applied: int) -> bool:
    """Whether a change of the chunk or of its revision comes after the one numbered `applied`."""
    of_dataset = index_changes.c.dataset_id == chunk.dataset_id
    names_it = or_(
        and_(index_changes.c.kind == "chunk", index_changes.c.key == chunk.key),
        and_(index_changes.c.kind == "revision", index_changes.c.key == chunk.revision),
    )
    noted = select(index_changes.c.seq).where(of_dataset, index_changes.c.seq > applied, names_it).limit(1)
    return connection.execute(noted).first() is not None
