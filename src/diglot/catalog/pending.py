"""The revision that a document is waiting for: what becomes of it short of being published."""

from typing import Any

from sqlalchemy import Connection, func, update

from diglot.catalog import changes
from diglot.catalog.tables import documents, revisions
from diglot.domain.document import DocumentStatus
from diglot.domain.identity import DatasetId, RevisionKey, now_ms

STAGE_TIMES = ("started_at", "parsed_at", "cleaned_at", "split_at")


def drop(connection: Connection, revision: RevisionKey) -> DatasetId | None:
    """Marks a revision as one to purge and has the index forget it; its dataset, None if it was dropped before."""
    living = revisions.c.key == revision, revisions.c.state != "dropped"
    dropped = update(revisions).where(*living).values(state="dropped").returning(revisions.c.dataset_id)
    dataset_id: DatasetId | None = connection.execute(dropped).scalar_one_or_none()
    if dataset_id is not None:
        changes.note(connection, dataset_id, revisions=[revision])
    return dataset_id


def abandon(connection: Connection, revision: RevisionKey, status: DocumentStatus, error: str | None) -> bool:
    """Its document stays with the revision that serves, if any, and says what happened. False if it was not pending:
    then a newer revision speaks for the document."""
    now = now_ms()
    said: dict[str, Any] = {"pending_key": None, "status": status, "error": error, "updated_at": now}
    said |= {"ended_at": now, "stopped_at": now}
    if status is DocumentStatus.FAILED:
        # What failed at once never came to note that it had begun.
        said["started_at"] = func.coalesce(documents.c.started_at, now)
    told = connection.execute(update(documents).where(documents.c.pending_key == revision).values(said))
    return drop(connection, revision) is not None and told.rowcount == 1


def wait_again(connection: Connection, revision: RevisionKey, error: str | None) -> None:
    """Between two attempts: waiting, and why."""
    said = {"status": DocumentStatus.WAITING, "progress": 0.0, "error": error, "updated_at": now_ms()}
    connection.execute(
        update(documents).where(documents.c.pending_key == revision).values(said | dict.fromkeys(STAGE_TIMES))
    )
