"""What retrieval asks of the catalog: which index to search, and what stands behind the keys that it answers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, select

from diglot.catalog.tables import chunks, datasets, documents, generations
from diglot.domain.chunk import Chunk, ChunkStatus
from diglot.domain.dataset import Generation
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.identity import DatasetId, DocumentId, WorkspaceId
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
_SEARCHABLE = select(
    datasets.c.id,
    generations.c.id,
    generations.c.embedding_model,
    generations.c.dimension,
    generations.c.tokenizer,
    generations.c.format,
    generations.c.created_at,
).where(
    datasets.c.workspace_id == bindparam("workspace_id"),
    datasets.c.id.in_(bindparam("dataset_ids", expanding=True)),
    datasets.c.deleted_at.is_(None),
    generations.c.id == datasets.c.generation_id,
)
_REVISIONS = select(documents.c.revision_key).where(
    documents.c.workspace_id == bindparam("workspace_id"),
    documents.c.dataset_id.in_(bindparam("dataset_ids", expanding=True)),
    documents.c.id.in_(bindparam("document_ids", expanding=True)),
    documents.c.revision_key.is_not(None),
    documents.c.deleted_at.is_(None),
)
# The one gate every hit passes: whatever the index still says, only this is shown. The dataset is compared on the chunk,
# which has no index by it: on the document a planner may start from all of the dataset's documents.
_HITS = select(*_CHUNK, *_DOCUMENT).where(
    chunks.c.key.in_(bindparam("keys", expanding=True)),
    chunks.c.dataset_id.in_(bindparam("dataset_ids", expanding=True)),
    chunks.c.enabled,
    documents.c.id == chunks.c.document_id,
    documents.c.revision_key == chunks.c.revision_key,
    documents.c.workspace_id == bindparam("workspace_id"),
    documents.c.deleted_at.is_(None),
    documents.c.enabled,
    documents.c.archived.is_(False),
)


def searchable(connection: Connection, workspace_id: WorkspaceId, dataset_ids: Sequence[DatasetId]) -> list[Searchable]:
    """The datasets that exist for this workspace, with their active generations."""
    rows = connection.execute(_SEARCHABLE, {"workspace_id": workspace_id, "dataset_ids": list(dataset_ids)})
    return [Searchable(row[0], Generation(row[1], row[0], *row[2:])) for row in rows]


def revisions(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_ids: Sequence[DatasetId],
    document_ids: Collection[DocumentId],
) -> set[int]:
    """The serving revisions of these documents; documents that are not there are left out."""
    found: set[int] = set()
    ids = sorted(document_ids)
    for start in range(0, len(ids), 500):
        found.update(
            connection.execute(
                _REVISIONS,
                {
                    "workspace_id": workspace_id,
                    "dataset_ids": list(dataset_ids),
                    "document_ids": ids[start : start + 500],
                },
            ).scalars()
        )
    return found


def hits(
    connection: Connection, workspace_id: WorkspaceId, dataset_ids: Sequence[DatasetId], keys: Iterable[int]
) -> dict[int, tuple[Chunk, Document]]:
    """Chunk and document behind each key that may be shown: chunk enabled, its revision the serving one, the document
    enabled, not archived, not deleted, in these datasets of this workspace."""
    rows = connection.execute(
        _HITS, {"workspace_id": workspace_id, "dataset_ids": list(dataset_ids), "keys": list(keys)}
    )
    width = len(_CHUNK)
    seen: dict[str, Document] = {}
    found: dict[int, tuple[Chunk, Document]] = {}
    for row in rows:
        document = seen.get(row[width])
        if document is None:
            document = seen[row[width]] = document_of(row[width:])
        found[row[0]] = (chunk_of(row[:width]), document)
    return found


def chunk_of(row: Sequence[Any]) -> Chunk:
    """A row of `tables.chunks`, all columns in their order, as a value."""
    fields = dict(zip(_CHUNK_NAMES, row, strict=True))
    fields["revision"] = fields.pop("revision_key")
    fields["keywords"] = tuple(fields["keywords"])
    fields["questions"] = tuple(fields["questions"])
    fields["anchors"] = tuple(Anchor.from_json(anchor) for anchor in fields["anchors"])
    fields["status"] = ChunkStatus(fields["status"])
    return Chunk(**fields)


def document_of(row: Sequence[Any]) -> Document:
    """A row of `tables.documents`, the columns of `Document`'s fields in their order, as a value."""
    fields = dict(zip(_DOCUMENT_FIELDS, row, strict=True))
    fields["status"] = DocumentStatus(fields["status"])
    fields["chunk_form"] = ChunkForm(fields["chunk_form"])
    return Document(**fields)


_CHUNK_NAMES = list(map(attrgetter("name"), _CHUNK))
