"""What is left of deleted things, and its removal a few rows at a time."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, select, update

from diglot.catalog import jobs
from diglot.catalog.tables import datasets, documents, generations, index_changes, revisions, rules
from diglot.catalog.tables import jobs as job_rows
from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, WorkspaceId, now_ms
from diglot.domain.job import JobKind, JobState

ROWS = 500
SOURCES = 500
SWEEP_COST = 0.1


def drop_revisions(connection: Connection, document_id: DocumentId) -> list[tuple[RevisionKey, str]]:
    """Marks all revisions of a deleted document as dropped; their keys and sources."""
    is_deleted = select(documents.c.id).where(documents.c.id == document_id, documents.c.deleted_at.is_not(None))
    theirs = revisions.c.document_id.in_(is_deleted)
    connection.execute(update(revisions).where(theirs).values(state="dropped"))
    rows = connection.execute(select(revisions.c.key, revisions.c.source).where(theirs).order_by(revisions.c.key))
    return [(RevisionKey(key), source) for key, source in rows]


def source_of(connection: Connection, revision: RevisionKey) -> str | None:
    """Of a dropped revision; None if it is not there or not dropped."""
    wanted = select(revisions.c.source).where(revisions.c.key == revision, revisions.c.state == "dropped")
    return connection.execute(wanted).scalar_one_or_none()


def remove_document(connection: Connection, document_id: DocumentId) -> str | None:
    """The row of a deleted document whose revisions are gone; its source."""
    gone = delete(documents).where(documents.c.id == document_id, documents.c.deleted_at.is_not(None))
    return connection.execute(gone.returning(documents.c.source)).scalar_one_or_none()


def documents_of(connection: Connection, dataset_id: DatasetId) -> list[DocumentId]:
    """Some documents of a deleted dataset, now deleted too."""
    some = select(documents.c.id).where(documents.c.dataset_id == dataset_id).order_by(documents.c.id).limit(ROWS)
    ids = [DocumentId(one) for one in connection.execute(some).scalars()]
    fresh = documents.c.id.in_(ids), documents.c.deleted_at.is_(None)
    connection.execute(update(documents).where(*fresh).values(deleted_at=now_ms()))
    return ids


def remove_dataset(connection: Connection, dataset_id: DatasetId) -> bool:
    """The last rows of a deleted dataset; False while its indexes are still there."""
    wanted = datasets.c.id == dataset_id, datasets.c.deleted_at.is_not(None)
    if connection.execute(select(generations.c.id).where(generations.c.dataset_id == dataset_id).limit(1)).first():
        return False
    connection.execute(delete(index_changes).where(index_changes.c.dataset_id == dataset_id))
    connection.execute(delete(rules).where(rules.c.dataset_id == dataset_id))
    connection.execute(delete(datasets).where(*wanted))
    return True


def is_deleted(connection: Connection, dataset_id: DatasetId) -> bool:
    wanted = select(datasets.c.id).where(datasets.c.id == dataset_id, datasets.c.deleted_at.is_not(None))
    return connection.execute(wanted).first() is not None


def owe(
    connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, sources: Collection[str], run_at: int
) -> None:
    """Remembers blobs that may be of no use any more, to be looked at after `run_at`: in the transaction that removed
    what named them. Joins a job that waits for the same."""
    waiting = connection.execute(
        select(job_rows.c.id, job_rows.c.payload).where(
            job_rows.c.kind == JobKind.PURGE,
            job_rows.c.state == JobState.QUEUED,
            job_rows.c.dataset_id == dataset_id,
            job_rows.c.document_id.is_(None),
            job_rows.c.run_at > now_ms(),
        )
    )
    for job_id, payload in waiting:
        listed = payload.get("sources")
        if listed is not None and len(listed) + len(sources) <= SOURCES:
            joined = {"sources": sorted({*listed, *sources})}
            values = {"payload": joined, "run_at": run_at}
            connection.execute(update(job_rows).where(job_rows.c.id == job_id).values(values))
            return
    jobs.enqueue(
        connection,
        JobKind.PURGE,
        workspace_id=workspace_id,
        dataset_id=dataset_id,
        payload={"sources": sorted(sources)},
        cost=SWEEP_COST,
        run_at=run_at,
    )


def named_sources(connection: Connection, sources: Collection[str]) -> set[str]:
    """Those that a document or a revision still names."""
    wanted = sorted(sources)
    of_documents = select(documents.c.source).where(documents.c.source.in_(wanted))
    of_revisions = select(revisions.c.source).where(revisions.c.source.in_(wanted))
    return set(connection.execute(of_documents.union(of_revisions)).scalars())
