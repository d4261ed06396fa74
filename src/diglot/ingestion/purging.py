"""Removes what was deleted or overtaken, until nothing of it is left: rows first, then indexes, vectors and blobs.

Nobody sees any of it any more, so a crash only leaves the rest to the next attempt.
"""

from functools import partial

from sqlalchemy import Connection

from diglot.catalog import generations, jobs, recognised, remains, revisions, vectors
from diglot.catalog.database import Database
from diglot.catalog.vectors import Place
from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, now_ms
from diglot.domain.job import Job, JobKind
from diglot.ingestion.attempt import Attempt
from diglot.ports.blobs import Blobs
from diglot.ports.pictures import Pictures

BLOB_GRACE_MS = 3600 * 1000
"""A blob younger than this may belong to an upload whose row is not written yet."""

INDEX_MS = 12_000
"""After which an index that was retired is dropped."""


class Purge:
    """Purges of one catalog. `grace_ms`: see `BLOB_GRACE_MS`."""

    def __init__(self, database: Database, blobs: Blobs, pictures: Pictures, grace_ms: int) -> None:
        self._database = database
        self._blobs = blobs
        self._pictures = pictures
        self._grace_ms = grace_ms

    def perform(self, attempt: Attempt) -> None:
        """What the job names: blobs, a dropped revision, a deleted document or a deleted dataset; then it is done."""
        job = attempt.job
        if "sources" in job.payload:
            self._remove_blobs(job)
        elif job.revision is not None:
            self._remove_revision(attempt, job.revision)
        elif job.document_id is not None:
            self._remove_document(attempt, job.document_id)
        elif not self._remove_dataset(attempt, job.dataset_id):
            return self._database.write(partial(_go_on_later, job=job))
        return self._database.write(partial(jobs.finish, job=job))

    def _remove_revision(self, attempt: Attempt, revision: RevisionKey) -> None:
        with self._database.read() as connection:
            source = remains.source_of(connection, revision)
        if source is None:
            return

        def work(connection: Connection) -> int:
            removed = revisions.purge(connection, revision)
            if removed and remains.source_of(connection, revision) is None:
                # Owed as the row goes, neither before, when the blob still has a name, nor after a crash in between.
                self._let_go(connection, attempt.job, source)
            return removed

        while self._database.write(work):
            attempt.look()

    def _remove_document(self, attempt: Attempt, document_id: DocumentId) -> None:
        """Of a deleted document; of one that lives only nothing."""
        dropped = self._database.write(partial(remains.drop_revisions, document_id=document_id))
        for revision, _ in dropped:
            self._remove_revision(attempt, revision)

        def work(connection: Connection) -> None:
            source = remains.remove_document(connection, document_id)
            if source is not None:
                self._let_go(connection, attempt.job, source)

        self._database.write(work)

    def _remove_dataset(self, attempt: Attempt, dataset_id: DatasetId) -> bool:
        """Of a deleted dataset; of one that lives nothing. False while its indexes are still there."""
        with self._database.read() as connection:
            if not remains.is_deleted(connection, dataset_id):
                return True
        while self._database.write(partial(jobs.cancel_dataset, dataset_id=dataset_id)):
            attempt.look()
        self._database.write(partial(_retire_all, dataset_id=dataset_id))
        while documents := self._database.write(partial(remains.documents_of, dataset_id=dataset_id)):
            for document_id in documents:
                attempt.look()
                self._remove_document(attempt, document_id)
        return self._database.write(partial(remains.remove_dataset, dataset_id=dataset_id))

    def _let_go(self, connection: Connection, job: Job, source: str) -> None:
        """What was recognised goes at once, the blob later."""
        recognised.forget_unnamed(connection, [source])
        remains.owe(connection, job.workspace_id, job.dataset_id, [source], now_ms() + self._grace_ms)

    def _remove_blobs(self, job: Job) -> None:
        sources: list[str] = job.payload["sources"]
        with self._database.read() as connection:
            named = remains.named_sources(connection, sources)
        for one in sources:
            if one not in named:
                self._pictures.forget(one)
        # Two documents that went at the same time may each have seen the other name the file.
        self._database.write(partial(recognised.forget_unnamed, sources=sources))
        latest = now_ms() - self._grace_ms
        young = [one for one in sources if one not in named and not self._blobs.delete(one, unless_after=latest)]
        if young:
            run_at = now_ms() + self._grace_ms
            self._database.write(
                lambda connection: remains.owe(connection, job.workspace_id, job.dataset_id, young, run_at)
            )


def sweep_vectors(database: Database, grace_ms: int = vectors.GRACE_MS) -> int:
    """Removes vectors that no chunk names; how many. Looks at all there are, a few at a time."""
    place: Place | None = None
    total = 0
    while True:
        place, removed = database.write(partial(vectors.sweep, after=place, grace_ms=grace_ms))
        total += removed
        if place is None:
            return total


def _go_on_later(connection: Connection, job: Job) -> None:
    """Another job, when the indexer will have dropped what was retired: nobody waits for that."""
    jobs.finish(connection, job)
    jobs.enqueue(
        connection,
        JobKind.PURGE,
        workspace_id=job.workspace_id,
        dataset_id=job.dataset_id,
        cost=jobs.PURGE_COST,
        run_at=now_ms() + INDEX_MS,
    )


def _retire_all(connection: Connection, dataset_id: DatasetId) -> None:
    for generation in generations.every(connection, dataset_id):
        generations.retire(connection, generation.id)
