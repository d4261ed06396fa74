"""What the search index should hold, asked of the catalog as it is now.

A revision belongs in the index if its document is not deleted, enabled and not archived, its dataset is not deleted,
and it is the document's current or pending revision. A chunk belongs there if it is enabled, no parent of others, and
its revision does.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, or_, select, tuple_

from diglot.catalog import generations, tables
from diglot.catalog.tables import chunks, datasets, documents, revisions
from diglot.domain.dataset import Generation
from diglot.domain.errors import DatasetNotFound, IndexMissing
from diglot.domain.identity import ChunkKey, DatasetId, GenerationId, RevisionKey

PAGE = 500


class IndexableChunk(NamedTuple):
    key: ChunkKey
    revision: RevisionKey
    content: str
    answer: str | None
    keywords: Sequence[str]
    questions: Sequence[str]
    text_hash: bytes
    position: int
    parent_id: str


_CHUNK = (
    chunks.c.key,
    chunks.c.revision_key,
    chunks.c.content,
    chunks.c.answer,
    chunks.c.keywords,
    chunks.c.questions,
    chunks.c.text_hash,
    chunks.c.position,
    chunks.c.parent_id,
)
_IS_SEARCHED = and_(chunks.c.enabled, chunks.c.is_parent.is_(False))
_PLACE = chunks.c.parent_id, chunks.c.position, chunks.c.key
_IS_SHOWN = and_(
    documents.c.deleted_at.is_(None),
    documents.c.enabled,
    documents.c.archived.is_(False),
)
_BELONGING = (
    select(revisions.c.key, documents.c.name)
    .join(documents, documents.c.id == revisions.c.document_id)
    .join(datasets, datasets.c.id == documents.c.dataset_id)
    .where(
        revisions.c.key.in_(bindparam("keys", expanding=True)),
        or_(documents.c.revision_key == revisions.c.key, documents.c.pending_key == revisions.c.key),
        _IS_SHOWN,
        datasets.c.deleted_at.is_(None),
    )
)
_OF_REVISION = (
    select(*_CHUNK)
    .where(
        chunks.c.revision_key == bindparam("revision"),
        tuple_(*_PLACE) > tuple_(bindparam("parent_id"), bindparam("position"), bindparam("key")),
        _IS_SEARCHED,
    )
    .order_by(*_PLACE)
    .limit(PAGE)
)
_BY_KEY = select(*_CHUNK).where(chunks.c.key.in_(bindparam("keys", expanding=True)), _IS_SEARCHED)
_SHOWN = (
    select(documents.c.id, documents.c.revision_key, documents.c.pending_key)
    .where(documents.c.dataset_id == bindparam("dataset_id"), documents.c.id > bindparam("after"), _IS_SHOWN)
    .order_by(documents.c.id)
    .limit(PAGE)
)


def datasets_after(connection: Connection, after: str) -> list[DatasetId]:
    """A page of all datasets that may have an index, by id."""
    ids = select(datasets.c.id).where(datasets.c.id > after, datasets.c.change_seq > 0)
    return list(connection.execute(ids.order_by(datasets.c.id).limit(PAGE)).scalars())


def being_built(connection: Connection) -> list[DatasetId]:
    building = select(tables.generations.c.dataset_id).where(tables.generations.c.state == "building").distinct()
    return list(connection.execute(building).scalars())


def active_generation(connection: Connection, dataset_id: DatasetId) -> Generation | None:
    """None where there is none yet, or no more."""
    try:
        return generations.active(connection, dataset_id)
    except (DatasetNotFound, IndexMissing):
        return None


def known_generations(connection: Connection, ids: Collection[GenerationId]) -> set[GenerationId]:
    found: set[GenerationId] = set()
    wanted = sorted(ids)
    for start in range(0, len(wanted), PAGE):
        part = select(tables.generations.c.id).where(tables.generations.c.id.in_(wanted[start : start + PAGE]))
        found.update(connection.execute(part).scalars())
    return found


def belonging(connection: Connection, keys: Collection[RevisionKey]) -> dict[RevisionKey, str]:
    """Those of these revisions that belong in the index, with their documents' names."""
    found: dict[RevisionKey, str] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), PAGE):
        rows = connection.execute(_BELONGING, {"keys": wanted[start : start + PAGE]})
        found.update((key, name) for key, name in rows)
    return found


def of_revision(
    connection: Connection, revision: RevisionKey, after: IndexableChunk | None = None
) -> list[IndexableChunk]:
    """The next page of its chunks that are searched, by position."""
    parent_id, position, key = ("", -1, -1) if after is None else (after.parent_id, after.position, after.key)
    parameters = {"revision": revision, "parent_id": parent_id, "position": position, "key": key}
    rows = connection.execute(_OF_REVISION, parameters)
    return [IndexableChunk(*row) for row in rows]


def by_key(connection: Connection, keys: Collection[ChunkKey]) -> list[IndexableChunk]:
    """Those of these chunks that are there and searched."""
    found: list[IndexableChunk] = []
    wanted = sorted(keys)
    for start in range(0, len(wanted), PAGE):
        rows = connection.execute(_BY_KEY, {"keys": wanted[start : start + PAGE]})
        found += [IndexableChunk(*row) for row in rows]
    return found


def shown(connection: Connection, dataset_id: DatasetId, after: str = "") -> tuple[list[RevisionKey], str | None]:
    """The revisions that belong in the dataset's index, of the next page of documents; then where to go on."""
    rows = connection.execute(_SHOWN, {"dataset_id": dataset_id, "after": after}).all()
    keys = [RevisionKey(key) for row in rows for key in (row.revision_key, row.pending_key) if key is not None]
    return keys, rows[-1].id if len(rows) == PAGE else None


def keys(connection: Connection, dataset_id: DatasetId) -> dict[int, int]:
    """Every chunk that belongs in the dataset's index, with its revision."""
    found: dict[int, int] = {}
    for column in (documents.c.revision_key, documents.c.pending_key):
        wanted = (
            select(chunks.c.key, chunks.c.revision_key)
            .join(documents, column == chunks.c.revision_key)
            .where(documents.c.dataset_id == dataset_id, _IS_SHOWN, _IS_SEARCHED)
        )
        found.update(connection.execute(wanted).all())
    return found
