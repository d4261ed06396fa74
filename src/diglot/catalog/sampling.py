"""Some chunks of a dataset, by chance."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from diglot.catalog.tables import chunks, documents
from diglot.domain.identity import ChunkId, DatasetId, DocumentId


class SampledChunk(NamedTuple):
    id: ChunkId
    content: str
    questions: Sequence[str]
    text_hash: bytes
    document_id: DocumentId
    document_name: str


def sample(connection: Connection, dataset_id: DatasetId, count: int) -> list[SampledChunk]:
    """Up to `count` chunks that are searched by a vector of their own, of documents that can be found."""
    keys = (
        select(chunks.c.key)
        .join_from(documents, chunks, chunks.c.revision_key == documents.c.revision_key)
        .where(
            documents.c.dataset_id == dataset_id,
            documents.c.deleted_at.is_(None),
            documents.c.enabled,
            documents.c.archived.is_(False),
            chunks.c.enabled,
            chunks.c.is_parent.is_(False),
        )
        .order_by(func.random())
        .limit(count)
    )
    named = chunks.c.id, chunks.c.content, chunks.c.questions, chunks.c.text_hash, documents.c.id, documents.c.name
    found = select(*named).join_from(chunks, documents, documents.c.id == chunks.c.document_id)
    return [SampledChunk(*row) for row in connection.execute(found.where(chunks.c.key.in_(keys)))]
