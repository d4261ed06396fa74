"""A whole assembled house in a throw-away folder, its HTTP side, and a worker's work done at once."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from starlette.testclient import TestClient

from diglot.assembly import Diglot, open_house
from diglot.catalog import changes, documents, generations, jobs, revisions
from diglot.domain.chunk import ChunkDraft
from diglot.domain.document import Document
from diglot.domain.identity import RevisionKey
from diglot.domain.job import Job, JobKind
from diglot.domain.rules import ChunkForm
from diglot.http.app import create_app
from diglot.http.server import Server
from diglot.ingestion.embedding import ensure_vectors
from diglot.ingestion.following import Follower
from diglot.settings import Settings

KEY = "dataset-" + "k" * 43
Form = Callable[[Document, str], list[ChunkDraft]]


@contextlib.contextmanager
def a_house(folder: Path, **changes: Any) -> Iterator[Diglot]:
    with open_house(Settings.for_tests(folder, bootstrap_key=KEY, **changes)) as house:
        yield house


def a_client(house: Diglot, key: str = KEY) -> TestClient:
    return TestClient(create_app(house), headers={"Authorization": f"Bearer {key}"}, raise_server_exceptions=True)


@contextlib.contextmanager
def serving(house: Diglot) -> Iterator[str]:
    """The base URL of a real server on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(create_app(house), listener, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.stop()
        thread.join(timeout=30)
        listener.close()


def finish(house: Diglot) -> int:
    """Makes every waiting document searchable, a chunk a line; how many there were."""
    done = 0
    while claimed := house.database.write(lambda connection: _claim(connection)):
        for job in claimed:
            _ingest(house, job)
            done += 1
    return done


def follow(house: Diglot, dataset_id: str) -> None:
    """The index learns what was edited."""
    with house.database.read() as connection:
        generation = generations.active(connection, dataset_id)  # type: ignore[arg-type]
    follower = Follower(house.database, house.index, house.tokenizer, house.embedders)
    follower.catch_up(generation)


def _claim(connection: Connection) -> list[Job]:
    return jobs.claim(connection, "test", kinds=[JobKind.INGEST], limit=50)


def _ingest(house: Diglot, job: Job) -> None:
    assert job.document_id is not None
    with house.database.read() as connection:
        document = documents.get(connection, job.workspace_id, job.dataset_id, job.document_id)
    assert document is not None
    with house.blobs.open(document.source) as file:
        text = file.read().decode()
    drafts = [_draft(document, line) for line in text.splitlines() if line.strip()]
    dataset = house.datasets.get(house.keys.owner(), job.dataset_id)
    if dataset.embedding_model is not None:
        ensure_vectors(house.database, house.embedders.get(dataset.embedding_model), [one.content for one in drafts])
    house.database.write(partial(_stage, job=job, drafts=drafts))
    follow(house, job.dataset_id)
    house.database.write(partial(revisions.publish, job=job))


def _draft(document: Document, line: str) -> ChunkDraft:
    if document.chunk_form is ChunkForm.QUESTION_ANSWER:
        question, _, answer = line.partition("|")
        return ChunkDraft(question, answer=answer, tokens=3)
    return ChunkDraft(line, tokens=3)


def _stage(connection: Connection, job: Job, drafts: list[ChunkDraft]) -> None:
    revisions.stage(connection, job, drafts, 1)
    assert job.revision is not None
    changes.note(connection, job.dataset_id, revisions=[RevisionKey(job.revision)])
