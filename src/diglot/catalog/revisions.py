"""Revisions: a new reading of a document is made beside the one that serves, and takes its place in one transaction.

Every step names its job, and a job that is no longer its worker's changes nothing. The document's status speaks for its
newest revision: a step of an overtaken one leaves it alone.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from diglot.catalog import jobs, pending
from diglot.catalog.tables import chunks, datasets, documents, revisions
from diglot.catalog.tables import jobs as job_rows
from diglot.domain.chunk import ChunkDraft, ChunkStatus, text_hash
from diglot.domain.document import DocumentStatus
from diglot.domain.errors import Cancelled, DocumentNotFound
from diglot.domain.identity import DocumentId, RevisionKey, RuleId, new_id, now_ms
from diglot.domain.job import Job, JobKind, JobState

ROWS_A_STEP = 500
MOST_NOTES, LONGEST_NOTE = 20, 500
# A document of this many bytes moves its dataset's line twice as far as an empty one.
BYTES_OF_ONE_COST = 100_000
# Which times are known when a stage begins.
TIMES = {
    DocumentStatus.PARSING: ("started_at",),
    DocumentStatus.CLEANING: ("started_at", "parsed_at"),
    DocumentStatus.SPLITTING: ("started_at", "parsed_at", "cleaned_at"),
    DocumentStatus.EMBEDDING: ("started_at", "parsed_at", "cleaned_at", "split_at"),
    DocumentStatus.INDEXING: ("started_at", "parsed_at", "cleaned_at", "split_at"),
}


class Placed(NamedTuple):
    """A chunk with its place: `position` counts from 1, a child's within its parent."""

    draft: ChunkDraft
    id: str
    position: int
    parent_id: str


WAITING: dict[str, Any] = {
    "status": DocumentStatus.WAITING,
    "progress": 0.0,
    "error": None,
    **dict.fromkeys((*pending.STAGE_TIMES, "completed_at", "paused_at", "stopped_at", "ended_at", "notes")),
}


def begin(connection: Connection, document_id: DocumentId, source: str, rule_id: RuleId) -> RevisionKey:
    """A revision that waits to be made, and its job. One that was being made is dropped and its job cancelled; the one
    that serves goes on serving. `DocumentNotFound` for a deleted document too."""
    document = _lock(connection, document_id)
    if document is None or document.deleted_at is not None:
        raise DocumentNotFound
    jobs.cancel_document(connection, document_id)
    if document.pending_key is not None:
        pending.drop(connection, document.pending_key)
        _purge(connection, document, document.pending_key)
    now = now_ms()
    row = {"document_id": document_id, "dataset_id": document.dataset_id, "source": source, "rule_id": rule_id}
    added = insert(revisions).values(row | {"state": "pending", "created_at": now}).returning(revisions.c.key)
    revision = RevisionKey(connection.execute(added).scalar_one())
    fresh = {"pending_key": revision, "source": source, "rule_id": rule_id, "updated_at": now, "begun_at": now}
    connection.execute(update(documents).where(documents.c.id == document_id).values(fresh | WAITING))
    _enqueue(connection, JobKind.INGEST, document, revision, 1 + document.size / BYTES_OF_ONE_COST)
    return revision


def open_empty(connection: Connection, document_id: DocumentId) -> RevisionKey:
    """A serving revision without chunks, for a document that has none: what people write themselves needs no reading.
    The document's status stays. `DocumentNotFound` for a deleted document too."""
    document = _lock(connection, document_id)
    if document is None or document.deleted_at is not None:
        raise DocumentNotFound
    if document.revision_key is not None:
        return RevisionKey(document.revision_key)
    row = {"document_id": document_id, "dataset_id": document.dataset_id, "source": document.source}
    row |= {"rule_id": document.rule_id, "state": "current", "created_at": now_ms()}
    revision = RevisionKey(connection.execute(insert(revisions).values(row).returning(revisions.c.key)).scalar_one())
    connection.execute(update(documents).where(documents.c.id == document_id).values(revision_key=revision))
    available = int(document.enabled and not document.archived)
    counted = {"available_count": datasets.c.available_count + available}
    connection.execute(update(datasets).where(datasets.c.id == document.dataset_id).values(counted))
    return revision


def open_anew(connection: Connection, document_id: DocumentId) -> None:
    """The serving revision gives way to one without chunks. `DocumentNotFound` for a deleted document too."""
    document = _lock(connection, document_id)
    if document is None or document.deleted_at is not None:
        raise DocumentNotFound
    if document.revision_key is None:
        return
    pending.drop(connection, document.revision_key)
    _purge(connection, document, document.revision_key)
    _take_counts(connection, document)
    open_empty(connection, document_id)


def withdraw(connection: Connection, document_id: DocumentId, status: DocumentStatus) -> None:
    """The document has no chunks any more, neither those that serve nor those that are being made, and the status that
    is given: WAITING as if nobody had asked for it yet, or CANCELLED. `DocumentNotFound` for a deleted document too."""
    document = _lock(connection, document_id)
    if document is None or document.deleted_at is not None:
        raise DocumentNotFound
    jobs.cancel_document(connection, document_id)
    for revision in (document.pending_key, document.revision_key):
        if revision is not None:
            pending.drop(connection, revision)
            _purge(connection, document, revision)
    _take_counts(connection, document)
    now = now_ms()
    none: dict[str, Any] = {"pending_key": None, "updated_at": now}
    said = WAITING | {"begun_at": None} if status is DocumentStatus.WAITING else {"status": status, "progress": 0.0}
    if status is DocumentStatus.CANCELLED:
        said |= {"error": None, "stopped_at": now, "ended_at": now, "completed_at": None}
    connection.execute(update(documents).where(documents.c.id == document_id).values(none | said))


def _take_counts(connection: Connection, document: Row[*tuple[Any, ...]]) -> None:
    """The document serves nothing any more, and its dataset counts it so."""
    none: dict[str, Any] = {"revision_key": None}
    none |= dict.fromkeys(("chunk_count", "word_count", "tokens", "repeat_count"), 0)
    connection.execute(update(documents).where(documents.c.id == document.id).values(none))
    was_available = document.revision_key is not None and document.enabled and not document.archived
    counted = {
        "chunk_count": datasets.c.chunk_count - document.chunk_count,
        "word_count": datasets.c.word_count - document.word_count,
        "token_count": datasets.c.token_count - document.tokens,
        "available_count": datasets.c.available_count - int(was_available),
    }
    connection.execute(update(datasets).where(datasets.c.id == document.dataset_id).values(counted))


def progress(connection: Connection, job: Job, status: DocumentStatus, fraction: float) -> None:
    """Notes the stage, when it began, and how far it is (0..1). `LeaseLost`, `Cancelled`."""
    now = now_ms()
    values: dict[str, Any] = {"status": status, "progress": min(max(fraction, 0.0), 1.0), "updated_at": now}
    values |= {name: func.coalesce(documents.c[name], now) for name in TIMES[status]}
    held = select(job_rows.c.id).where(*jobs.fence(job), job_rows.c.cancel.is_(False)).exists()
    noted = update(documents).where(documents.c.pending_key == job.revision, documents.c.deleted_at.is_(None), held)
    if connection.execute(noted.values(values)).rowcount == 0:
        jobs.hold(connection, job)
        raise Cancelled


def placed(drafts: Iterable[ChunkDraft], first: int = 1) -> list[Placed]:
    """Each chunk, and behind it its children; `first` is the position of the first."""
    rows: list[Placed] = []
    for position, draft in enumerate(drafts, first):
        chunk_id = new_id()
        rows.append(Placed(draft, chunk_id, position, ""))
        rows += (Placed(child, new_id(), place, chunk_id) for place, child in enumerate(draft.children, 1))
    return rows


def stage(connection: Connection, job: Job, chunks_placed: Sequence[Placed]) -> None:
    """Stores chunks under the job's pending revision, where nobody sees them yet. At most `ROWS_A_STEP` at once.
    `LeaseLost`, `Cancelled`."""
    document = _pending(connection, job)
    now = now_ms()
    rows = [_row(document, one, now) for one in chunks_placed]
    if rows:
        connection.execute(insert(chunks), rows)


def unstage(connection: Connection, job: Job) -> int:
    """Removes chunks that an earlier attempt staged; how many: fewer than `ROWS_A_STEP` means that none is left.
    `LeaseLost`, `Cancelled`."""
    document = _pending(connection, job)
    return _remove_chunks(connection, document.pending_key, ROWS_A_STEP)


def publish(connection: Connection, job: Job, notes: Sequence[str] = ()) -> None:
    """The pending revision becomes the document's, with its counts; the one before is dropped; the job is done.
    `notes` say what was left out of it; the first `MOST_NOTES` are kept.

    `LeaseLost`, and `Cancelled` also if a newer revision or the document's end came in between.
    """
    document = _pending(connection, job)
    counted = _count(connection, document.pending_key)
    _serve(connection, document, counted, notes)
    _count_in_dataset(connection, document, counted)
    if document.revision_key is not None:
        pending.drop(connection, document.revision_key)
        _purge(connection, document, document.revision_key)
    jobs.finish(connection, job)


def fail(connection: Connection, job: Job, reason: str) -> None:
    """For good: the document says why, and what served before goes on serving. `LeaseLost`."""
    _give_up(connection, job, JobState.FAILED, DocumentStatus.FAILED, reason)


def cancel(connection: Connection, job: Job) -> None:
    """The worker's answer to a cancel. `LeaseLost`."""
    _give_up(connection, job, JobState.CANCELLED, DocumentStatus.CANCELLED, None)


def purge(connection: Connection, revision: RevisionKey) -> int:
    """Removes chunks of a dropped revision, at last its row; how many rows went: 0 means that nothing is left."""
    dropped = revisions.c.key == revision, revisions.c.state == "dropped"
    if connection.execute(select(revisions.c.key).where(*dropped)).one_or_none() is None:
        return 0
    removed = _remove_chunks(connection, revision, ROWS_A_STEP)
    return removed or connection.execute(delete(revisions).where(*dropped)).rowcount


def _lock(connection: Connection, document_id: DocumentId | None) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(select(documents).where(documents.c.id == document_id).with_for_update()).one_or_none()


def _pending(connection: Connection, job: Job) -> Row[*tuple[Any, ...]]:
    """The job's document, locked, if all is still as the job was meant."""
    document = _lock(connection, job.document_id)
    jobs.hold(connection, job)
    if document is None or document.deleted_at is not None or document.pending_key != job.revision:
        raise Cancelled
    return document


def _give_up(connection: Connection, job: Job, state: JobState, status: DocumentStatus, error: str | None) -> None:
    _lock(connection, job.document_id)
    jobs.end(connection, job, state, error)
    jobs.abandon(connection, job, status, error)


def _row(document: Row[*tuple[Any, ...]], one: Placed, now: int) -> dict[str, Any]:
    draft = one.draft
    return {
        "id": one.id,
        "dataset_id": document.dataset_id,
        "document_id": document.id,
        "revision_key": document.pending_key,
        "position": one.position,
        "content": draft.content,
        "answer": draft.answer,
        "keywords": list(draft.keywords),
        "questions": [],
        "anchors": [anchor.to_json() for anchor in draft.anchors],
        "tokens": draft.tokens,
        "word_count": len(draft.content) + len(draft.answer or ""),
        "hash": hashlib.sha256(draft.content.encode()).hexdigest(),
        "text_hash": text_hash(draft.content),
        "status": ChunkStatus.READY,
        "created_by": document.created_by,
        "created_at": now,
        "updated_by": document.created_by,
        "updated_at": now,
        "indexed_at": now,
        "completed_at": now,
        "kind": draft.kind,
        "tags": list(draft.tags) or None,
        "tag_weights": dict(draft.tag_weights) if draft.tag_weights else None,
        "parent_id": one.parent_id,
        "is_parent": bool(draft.children),
    }


def _count(connection: Connection, revision: RevisionKey) -> Row[*tuple[Any, ...]]:
    sums = (func.coalesce(func.sum(column), 0) for column in (chunks.c.word_count, chunks.c.tokens))
    counted = chunks.c.revision_key == revision, chunks.c.parent_id == ""
    return connection.execute(select(func.count(), *sums).where(*counted)).one()


def _serve(
    connection: Connection, document: Row[*tuple[Any, ...]], counted: Row[*tuple[Any, ...]], notes: Sequence[str]
) -> None:
    now = now_ms()
    values: dict[str, Any] = dict(zip(("chunk_count", "word_count", "tokens"), counted, strict=True))
    values |= {"revision_key": document.pending_key, "pending_key": None, "status": DocumentStatus.READY}
    values |= {"progress": 1.0, "error": None, "completed_at": now, "ended_at": now, "updated_at": now}
    values |= {"repeat_count": 0, "notes": [note[:LONGEST_NOTE] for note in notes[:MOST_NOTES]] or None}
    values |= {name: func.coalesce(documents.c[name], now) for name in TIMES[DocumentStatus.INDEXING]}
    connection.execute(update(documents).where(documents.c.id == document.id).values(values))
    connection.execute(update(revisions).where(revisions.c.key == document.pending_key).values(state="current"))


def _count_in_dataset(connection: Connection, document: Row[*tuple[Any, ...]], counted: Row[*tuple[Any, ...]]) -> None:
    chunk_count, word_count, tokens = counted
    is_newly_available = document.revision_key is None and document.enabled and not document.archived
    values = {
        "chunk_count": datasets.c.chunk_count + (chunk_count - document.chunk_count),
        "word_count": datasets.c.word_count + (word_count - document.word_count),
        "token_count": datasets.c.token_count + (tokens - document.tokens),
        "available_count": datasets.c.available_count + int(is_newly_available),
    }
    connection.execute(update(datasets).where(datasets.c.id == document.dataset_id).values(values))


def _remove_chunks(connection: Connection, revision: RevisionKey, limit: int) -> int:
    some = select(chunks.c.key).where(chunks.c.revision_key == revision).limit(limit)
    return connection.execute(delete(chunks).where(chunks.c.key.in_(some))).rowcount


def _purge(connection: Connection, document: Row[*tuple[Any, ...]], revision: RevisionKey) -> None:
    _enqueue(connection, JobKind.PURGE, document, revision, jobs.PURGE_COST)


def _enqueue(
    connection: Connection, kind: JobKind, document: Row[*tuple[Any, ...]], revision: RevisionKey, cost: float
) -> None:
    jobs.enqueue(
        connection,
        kind,
        workspace_id=document.workspace_id,
        dataset_id=document.dataset_id,
        document_id=document.id,
        revision=revision,
        cost=cost,
    )
