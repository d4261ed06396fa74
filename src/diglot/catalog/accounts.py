"""What the catalog says of itself, for checking: references, counters, and rows that nothing names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select, update

from diglot.catalog import metadata
from diglot.catalog.jobs import enqueue
from diglot.catalog.tables import chunks, datasets, documents, generations, jobs, revisions, vectors
from diglot.domain.identity import ChunkKey, DatasetId, DocumentId, RevisionKey, WorkspaceId
from diglot.domain.job import JobKind, JobState

PAGE = 500
DATASET_COUNTERS = ("document_count", "available_count", "chunk_count", "word_count", "token_count", "size")
DOCUMENT_COUNTERS = ("chunk_count", "word_count", "tokens", "repeat_count")

_IS_LIVING = documents.c.deleted_at.is_(None)


@dataclass(frozen=True, slots=True)
class Reference:
    """A living document's blob."""

    source: str
    size: int
    document_id: DocumentId


@dataclass(frozen=True, slots=True)
class LostRevision:
    workspace_id: WorkspaceId
    dataset_id: DatasetId
    document_id: DocumentId
    key: RevisionKey


@dataclass(frozen=True, slots=True)
class Count:
    """Counters of a row, as they stand there and as they should."""

    id: str
    stored: tuple[int, ...]
    real: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.id}: {self.stored} should be {self.real}"


def references(connection: Connection) -> Iterator[Reference]:
    after = ""
    while True:
        rows = connection.execute(
            select(documents.c.id, documents.c.source, documents.c.size)
            .where(documents.c.id > after, documents.c.deleted_at.is_(None))
            .order_by(documents.c.id)
            .limit(PAGE)
        ).all()
        if not rows:
            return
        yield from (Reference(row.source, row.size, row.id) for row in rows)
        after = rows[-1].id


def document_counts(connection: Connection) -> tuple[int, list[Count]]:
    """How many documents there are, and those whose counters are wrong."""
    stored = tuple(documents.c[name] for name in DOCUMENT_COUNTERS)
    sums = (chunks.c.word_count, chunks.c.tokens, chunks.c.repeats)
    real = (func.count(chunks.c.key), *(func.coalesce(func.sum(column), 0) for column in sums))
    counted = (
        select(documents.c.id, *stored, *real)
        .outerjoin(chunks, and_(chunks.c.revision_key == documents.c.revision_key, chunks.c.parent_id == ""))
        .where(documents.c.deleted_at.is_(None))
        .group_by(documents.c.id, *stored)
    )
    return _compared(connection, counted)


def dataset_counts(connection: Connection) -> tuple[int, list[Count]]:
    """How many datasets there are, and those whose counters are wrong."""
    available = and_(documents.c.revision_key.is_not(None), documents.c.enabled, documents.c.archived.is_(False))
    stored = tuple(datasets.c[name] for name in DATASET_COUNTERS)
    real = (
        func.count(documents.c.id),
        func.count(documents.c.id).filter(available),
        func.coalesce(func.sum(documents.c.chunk_count), 0),
        *(func.coalesce(func.sum(documents.c[name]), 0) for name in ("word_count", "tokens", "size")),
    )
    counted = (
        select(datasets.c.id, *stored, *real)
        .outerjoin(documents, and_(documents.c.dataset_id == datasets.c.id, documents.c.deleted_at.is_(None)))
        .where(datasets.c.deleted_at.is_(None))
        .group_by(datasets.c.id, *stored)
    )
    return _compared(connection, counted)


def mend_document(connection: Connection, count: Count) -> None:
    values = dict(zip(DOCUMENT_COUNTERS, count.real, strict=True))
    connection.execute(update(documents).where(documents.c.id == count.id).values(values))


def mend_dataset(connection: Connection, count: Count) -> None:
    values = dict(zip(DATASET_COUNTERS, count.real, strict=True))
    connection.execute(update(datasets).where(datasets.c.id == count.id).values(values))


def metadata_not_spread(connection: Connection) -> tuple[int, list[DocumentId]]:
    """How many documents there are, and those whose metadata and the rows made of it differ."""
    total, after = 0, ""
    differing: list[DocumentId] = []
    while True:
        held = connection.execute(
            select(documents.c.id, documents.c.dataset_id, documents.c.metadata)
            .where(documents.c.id > after, _IS_LIVING)
            .order_by(documents.c.id)
            .limit(PAGE)
        ).all()
        if not held:
            return total, differing
        total, after = total + len(held), held[-1].id
        rows = metadata.rows_held(connection, [one.id for one in held])
        differing += [
            DocumentId(one.id)
            for one in held
            if rows.get(one.id, []) != metadata.rows_of(one.id, one.dataset_id, one.metadata)
        ]


def spread_metadata(connection: Connection, document_id: DocumentId) -> None:
    """Makes the rows of its metadata anew."""
    query = select(documents.c.dataset_id, documents.c.metadata).where(documents.c.id == document_id)
    held = connection.execute(query.with_for_update()).one_or_none()
    if held is not None:
        metadata.spread(connection, held.dataset_id, {document_id: held.metadata})


def lost_revisions(connection: Connection) -> tuple[int, list[LostRevision]]:
    """How many revisions there are, and those that are neither dropped nor their document's: nobody would ever remove
    them."""
    total = connection.execute(select(func.count()).select_from(revisions)).scalar_one()
    rows = connection.execute(
        select(documents.c.workspace_id, revisions.c.dataset_id, revisions.c.document_id, revisions.c.key)
        .join(documents, documents.c.id == revisions.c.document_id)
        .where(revisions.c.state != "dropped", ~_is_named())
    )
    return total, [LostRevision(*row) for row in rows]


def drop_lost_revision(connection: Connection, lost: LostRevision) -> None:
    """For the purge."""
    connection.execute(update(revisions).where(revisions.c.key == lost.key).values(state="dropped"))
    enqueue(
        connection,
        JobKind.PURGE,
        workspace_id=lost.workspace_id,
        dataset_id=lost.dataset_id,
        document_id=lost.document_id,
        revision=lost.key,
    )


def chunks_without_vector(connection: Connection) -> tuple[int, dict[DatasetId, list[ChunkKey]]]:
    """How many chunks of datasets that are searched by a model there are, and those whose text was never embedded by
    it."""
    total = 0
    missing: dict[DatasetId, list[ChunkKey]] = {}
    for model, names in _vectors_names(connection).items():
        of_model = (
            select(chunks.c.dataset_id, chunks.c.key)
            .join(documents, documents.c.revision_key == chunks.c.revision_key)
            .join(datasets, datasets.c.id == documents.c.dataset_id)
            .join(generations, generations.c.id == datasets.c.generation_id)
            .where(generations.c.embedding_model == model, datasets.c.deleted_at.is_(None), _IS_LIVING)
            .where(chunks.c.is_parent.is_(False))
        )
        there = select(vectors.c.model).where(vectors.c.model.in_(names), vectors.c.text_hash == chunks.c.text_hash)
        total += connection.execute(select(func.count()).select_from(of_model.subquery())).scalar_one()
        for dataset_id, key in connection.execute(of_model.where(~there.exists())):
            missing.setdefault(dataset_id, []).append(key)
    return total, missing


def _vectors_names(connection: Connection) -> dict[str, list[str]]:
    """What the vectors of each model that is searched by are kept under: its name, or that, an @ and what they changed
    with."""
    used = (
        select(generations.c.embedding_model)
        .join(datasets, datasets.c.generation_id == generations.c.id)
        .where(generations.c.embedding_model.is_not(None), datasets.c.deleted_at.is_(None))
    )
    names: dict[str, list[str]] = {model: [] for model in connection.execute(used.distinct()).scalars()}
    for name in connection.execute(select(vectors.c.model).distinct()).scalars():
        names.get(name.partition("@")[0], []).append(name)
    return names


def owed_sources(connection: Connection) -> set[str]:
    """Blobs that a waiting purge will look at."""
    waiting = select(jobs.c.payload).where(
        jobs.c.kind == JobKind.PURGE, jobs.c.state.in_([JobState.QUEUED, JobState.RUNNING])
    )
    return {source for payload in connection.execute(waiting).scalars() for source in payload.get("sources", ())}


def living_datasets(connection: Connection) -> list[DatasetId]:
    return list(connection.execute(select(datasets.c.id).where(datasets.c.deleted_at.is_(None))).scalars())


def _is_named() -> ColumnElement[bool]:
    return func.coalesce(
        or_(documents.c.revision_key == revisions.c.key, documents.c.pending_key == revisions.c.key), false()
    )


def _compared(connection: Connection, counted: "Select[Any]") -> tuple[int, list[Count]]:
    rows = [tuple(row) for row in connection.execute(counted)]
    width = (len(rows[0]) - 1) // 2 if rows else 0
    counts = [Count(row[0], tuple(map(int, row[1 : 1 + width])), tuple(map(int, row[1 + width :]))) for row in rows]
    return len(counts), [count for count in counts if count.stored != count.real]
