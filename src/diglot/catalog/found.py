"""What retrieval asks of the catalog: which index to search, and what stands behind the keys that it answers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from diglot.catalog.conditions import passing
from diglot.catalog.prepared import Prepared
from diglot.catalog.tables import chunks, datasets, documents, generations
from diglot.domain.chunk import Chunk, ChunkKind, ChunkStatus
from diglot.domain.conditions import Conditions
from diglot.domain.dataset import Generation
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.identity import ChunkId, DatasetId, DocumentId, WorkspaceId
from diglot.domain.parsed import Anchor
from diglot.domain.rules import ChunkForm


@dataclass(frozen=True, slots=True)
class Searchable:
    """A dataset's active generation, and the model that its questions are embedded by (None: words only)."""

    dataset_id: DatasetId
    generation: Generation


_CHUNK = list(chunks.c)
_DOCUMENT_FIELDS = list(Document.__slots__)
_RENAMED = {"revision": "revision_key", "pending": "pending_key"}
_DOCUMENT = [documents.c[_RENAMED.get(name, name)] for name in _DOCUMENT_FIELDS]
_STATUS_PLACE, _FORM_PLACE = _DOCUMENT_FIELDS.index("status"), _DOCUMENT_FIELDS.index("chunk_form")
_GENERATION = [generations.c[name] for name in Generation.__slots__]
_IDS_A_QUERY = 500


def _any_of(column: ColumnElement[Any], name: str, count: int) -> ColumnElement[bool]:
    """The column is one of `count` parameters, name0, name1, ..."""
    return column.in_([bindparam(f"{name}{place}") for place in range(count)])


def _named(name: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{name}{place}": value for place, value in enumerate(values)}


@lru_cache(maxsize=64)
def _searchable_of(dataset_count: int) -> Prepared:
    return Prepared(
        select(*_GENERATION).where(
            datasets.c.workspace_id == bindparam("workspace_id"),
            _any_of(datasets.c.id, "dataset", dataset_count),
            datasets.c.deleted_at.is_(None),
            generations.c.id == datasets.c.generation_id,
        )
    )


@lru_cache(maxsize=256)
def _hits_of(key_count: int, dataset_count: int) -> Prepared:
    """The one gate every hit passes: whatever the index still says, only this is shown. The dataset is compared on the
    chunk, which has no index by it: on the document a planner may start from all of the dataset's documents."""
    return Prepared(
        select(*_CHUNK, *_DOCUMENT).where(
            _any_of(chunks.c.key, "key", key_count),
            _any_of(chunks.c.dataset_id, "dataset", dataset_count),
            chunks.c.enabled,
            documents.c.id == chunks.c.document_id,
            documents.c.revision_key == chunks.c.revision_key,
            documents.c.workspace_id == bindparam("workspace_id"),
            documents.c.deleted_at.is_(None),
            documents.c.enabled,
            documents.c.archived.is_(False),
        )
    )


@lru_cache(maxsize=64)
def _chunks_of(id_count: int) -> Prepared:
    return Prepared(select(*_CHUNK).where(_any_of(chunks.c.id, "id", id_count)))


# Without a word on datasets, which callers compare themselves: with one, SQLite walks through all of a dataset's
# documents (33 ms of 100,000) to find the 50 whose ids another list has (0.2 ms).
_SERVING = select(documents.c.id, documents.c.dataset_id, documents.c.revision_key).where(
    documents.c.workspace_id == bindparam("workspace_id"),
    documents.c.revision_key.is_not(None),
    documents.c.deleted_at.is_(None),
    documents.c.enabled,
    documents.c.archived.is_(False),
)


def searchable(connection: Connection, workspace_id: WorkspaceId, dataset_ids: Sequence[DatasetId]) -> list[Searchable]:
    """The datasets that exist for this workspace, with their active generations."""
    parameters = {"workspace_id": workspace_id, **_named("dataset", dataset_ids)}
    rows = _searchable_of(len(dataset_ids)).all(connection, parameters)
    made = (Generation(*row) for row in rows)
    return [Searchable(generation.dataset_id, generation) for generation in made]


def revisions(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_ids: Collection[DatasetId],
    document_ids: Collection[DocumentId] | None,
    conditions: Conditions | None,
) -> set[int]:
    """The serving revisions of those of the documents (None: all of the datasets) that meet the conditions (None: any);
    documents that are not there or may not be shown are left out."""
    among = frozenset(dataset_ids)
    if conditions is not None:
        ways = [passing(conditions, sorted(among))]
    elif document_ids is not None:
        ids = sorted(document_ids)
        parts = (ids[start : start + _IDS_A_QUERY] for start in range(0, len(ids), _IDS_A_QUERY))
        ways = [documents.c.id.in_(part) for part in parts]
    else:
        ways = [documents.c.dataset_id.in_(sorted(among))]
    rows = (row for way in ways for row in connection.execute(_SERVING.where(way), {"workspace_id": workspace_id}))
    return {
        key
        for document_id, dataset_id, key in rows
        if dataset_id in among and (document_ids is None or document_id in document_ids)
    }


def hits(
    connection: Connection, workspace_id: WorkspaceId, dataset_ids: Sequence[DatasetId], keys: Sequence[int]
) -> dict[int, tuple[Chunk, Document]]:
    """Chunk and document behind each key that may be shown: chunk enabled, its revision the serving one, the document
    enabled, not archived, not deleted, in these datasets of this workspace."""
    width = len(_CHUNK)
    seen: dict[str, Document] = {}
    found: dict[int, tuple[Chunk, Document]] = {}
    for start in range(0, len(keys), _IDS_A_QUERY):
        part = keys[start : start + _IDS_A_QUERY]
        parameters = {"workspace_id": workspace_id, **_named("dataset", dataset_ids), **_named("key", part)}
        for row in _hits_of(len(part), len(dataset_ids)).all(connection, parameters):
            document = seen.get(row[width])
            if document is None:
                document = seen[row[width]] = document_of(row[width:])
            found[row[0]] = (chunk_of(row[:width]), document)
    return found


def parents(connection: Connection, children: Iterable[Chunk]) -> dict[ChunkId, Chunk]:
    """Of chunks that `hits` answered, in the same transaction: where a child may be shown, its parent may be."""
    ids = sorted({child.parent_id for child in children if child.parent_id is not None})
    found: dict[ChunkId, Chunk] = {}
    for start in range(0, len(ids), _IDS_A_QUERY):
        part = ids[start : start + _IDS_A_QUERY]
        rows = _chunks_of(len(part)).all(connection, _named("id", part))
        found.update((chunk.id, chunk) for chunk in map(chunk_of, rows))
    return found


def chunk_of(row: Sequence[Any]) -> Chunk:
    """A row of `tables.chunks`, all columns in their order, which is that of `Chunk`'s fields, as a value."""
    values = list(row)
    values[8:11] = tuple(values[8]), tuple(values[9]), tuple(map(Anchor.from_json, values[10]))
    values[18] = ChunkStatus(values[18])
    values[27:30] = ChunkKind(values[27]), tuple(values[28] or ()), values[29] or {}
    values[32] = values[32] or None
    return Chunk(*values)


def document_of(row: Sequence[Any]) -> Document:
    """A row of `tables.documents`, the columns of `Document`'s fields in their order, as a value."""
    values = list(row)
    values[_STATUS_PLACE] = DocumentStatus(values[_STATUS_PLACE])
    values[_FORM_PLACE] = ChunkForm(values[_FORM_PLACE])
    return Document(*values)
