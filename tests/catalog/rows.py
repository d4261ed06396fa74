"""Rows to begin with, of exactly what the catalog's jobs and revisions need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select

from diglot.catalog import jobs, revisions
from diglot.catalog.database import Database
from diglot.catalog.tables import chunks, datasets, documents, rules, settings, workspaces
from diglot.domain.chunk import ChunkDraft
from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, RuleId, UserId, WorkspaceId, new_id
from diglot.domain.job import Job, JobKind

SOURCE = "5" * 64
SOMEBODY = UserId("a" * 32)


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(connection.execute(select(settings.c.name)).scalars())


def adding(name: str, value: object = 1) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.execute(insert(settings).values(name=name, value=value))
        return name

    return work


@dataclass(frozen=True)
class Shelf:
    """A dataset to put documents in."""

    workspace_id: WorkspaceId
    dataset_id: DatasetId
    rule_id: RuleId


def a_shelf(database: Database) -> Shelf:
    shelf = Shelf(WorkspaceId(new_id()), DatasetId(new_id()), RuleId(new_id()))
    database.write(lambda connection: _insert_shelf(connection, shelf))
    return shelf


def another(database: Database, shelf: Shelf) -> Shelf:
    other = replace(shelf, dataset_id=DatasetId(new_id()), rule_id=RuleId(new_id()))
    database.write(lambda connection: _insert_dataset(connection, other))
    return other


def a_document(connection: Connection, shelf: Shelf, **columns: Any) -> DocumentId:
    """Without a revision."""
    row = {
        "id": new_id(),
        "workspace_id": shelf.workspace_id,
        "dataset_id": shelf.dataset_id,
        "position": 1,
        "name": "a.txt",
        "source": SOURCE,
        "size": 100,
        "media_type": "text/plain",
        "created_from": "api",
        "batch": "b",
        "rule_id": shelf.rule_id,
        "chunk_form": "text",
        "language": "en",
        "status": "waiting",
        "metadata": {},
        "created_by": SOMEBODY,
        "created_at": 1,
        "updated_at": 1,
    } | columns
    connection.execute(insert(documents).values(row))
    return DocumentId(row["id"])


def upload(database: Database, shelf: Shelf, **columns: Any) -> DocumentId:
    """A document that waits, with its revision and its job."""

    def work(connection: Connection) -> DocumentId:
        document_id = a_document(connection, shelf, **columns)
        revisions.begin(connection, document_id, SOURCE, shelf.rule_id)
        return document_id

    return database.write(work)


def update_source(database: Database, shelf: Shelf, document_id: DocumentId) -> RevisionKey:
    return database.write(lambda connection: revisions.begin(connection, document_id, "6" * 64, shelf.rule_id))


def claimed(database: Database, owner: str = "worker", kind: JobKind = JobKind.INGEST, **options: Any) -> Job:
    found = database.write(lambda connection: jobs.claim(connection, owner, kinds=[kind], **options))
    assert len(found) == 1
    return found[0]


def publish(database: Database, job: Job, texts: Sequence[str] = ("one", "two")) -> None:
    drafts = [ChunkDraft(text, tokens=2) for text in texts]
    database.write(lambda connection: revisions.stage(connection, job, revisions.placed(drafts)))
    database.write(lambda connection: revisions.publish(connection, job))


def document_row(database: Database, document_id: DocumentId) -> Any:
    with database.read() as connection:
        return connection.execute(select(documents).where(documents.c.id == document_id)).one()


def dataset_row(database: Database, shelf: Shelf) -> Any:
    with database.read() as connection:
        return connection.execute(select(datasets).where(datasets.c.id == shelf.dataset_id)).one()


def texts_of(database: Database, revision: RevisionKey) -> list[str]:
    with database.read() as connection:
        wanted = select(chunks.c.content).where(chunks.c.revision_key == revision).order_by(chunks.c.position)
        return list(connection.execute(wanted).scalars())


def _insert_shelf(connection: Connection, shelf: Shelf) -> None:
    connection.execute(insert(workspaces).values(id=shelf.workspace_id, name="w", created_at=1))
    _insert_dataset(connection, shelf)


def _insert_dataset(connection: Connection, shelf: Shelf) -> None:
    by = {"created_by": SOMEBODY, "created_at": 1}
    row = {
        "id": shelf.dataset_id,
        "workspace_id": shelf.workspace_id,
        "name": shelf.dataset_id,
        "permission": "only_me",
    }
    row |= {"generation_id": new_id(), "updated_by": SOMEBODY, "updated_at": 1}
    connection.execute(insert(datasets).values(row | by))
    connection.execute(insert(rules).values(id=shelf.rule_id, dataset_id=shelf.dataset_id, rules={}, **by))
