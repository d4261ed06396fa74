"""A whole assembled house in a throw-away folder, its HTTP side, and a worker's work done at once."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from diglot.assembly import Diglot, open_house
from diglot.catalog import generations
from diglot.catalog.tables import jobs
from diglot.domain.job import JobKind, JobState
from diglot.http.app import create_app
from diglot.http.pages.files import FOLDER
from diglot.http.server import Server
from diglot.ingestion.following import Follower
from diglot.settings import Settings
from diglot.worker import Worker

KEY = "dataset-" + "k" * 43


@contextlib.contextmanager
def a_house(folder: Path, **changes: Any) -> Iterator[Diglot]:
    with open_house(Settings.for_tests(folder, bootstrap_key=KEY, **changes)) as house:
        yield house


def a_client(house: Diglot, key: str = KEY) -> TestClient:
    return TestClient(create_app(house), headers={"Authorization": f"Bearer {key}"}, raise_server_exceptions=True)


@contextlib.contextmanager
def serving(house: Diglot, built: Path = FOLDER) -> Iterator[str]:
    """The base URL of a real server on a free port. `built`: where the files of the console are, if any."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(create_app(house, built), listener, "127.0.0.1", 0, house.watching.end)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.stop()
        thread.join(timeout=30)
        listener.close()


@contextlib.contextmanager
def working(house: Diglot) -> Iterator[None]:
    """A worker that does whatever comes. What it has not ended when the block ends, it gives back."""
    worker = Worker(house, stop_seconds=0.1)
    thread = threading.Thread(target=worker.run, name="worker")
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(timeout=30)


def finish(house: Diglot, seconds: float = 30.0) -> None:
    """A worker brings every waiting document to its end."""
    deadline = time.monotonic() + seconds
    with working(house):
        while _is_any_open(house):
            assert time.monotonic() < deadline, "documents are still being worked on"
            time.sleep(0.005)


def _is_any_open(house: Diglot) -> bool:
    open_ones = select(jobs.c.id).where(
        jobs.c.kind == JobKind.INGEST, jobs.c.state.in_([JobState.QUEUED, JobState.RUNNING])
    )
    with house.database.read() as connection:
        return connection.execute(open_ones.limit(1)).first() is not None


def follow(house: Diglot, dataset_id: str) -> None:
    """The index learns what was edited."""
    with house.database.read() as connection:
        generation = generations.active(connection, dataset_id)  # type: ignore[arg-type]
    follower = Follower(house.database, house.index, house.tokenizer, house.embedders)
    follower.catch_up(generation)
