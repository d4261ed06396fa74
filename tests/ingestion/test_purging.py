"""Nothing is left of what was deleted."""

import gc
import os
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from diglot.adapters.index import embedded
from diglot.catalog import jobs, tables
from diglot.domain.dataset import Indexing
from diglot.domain.document import DocumentStatus
from diglot.domain.identity import now_ms
from diglot.domain.job import JobKind, JobState
from diglot.domain.picture import PageImage
from diglot.ingestion import indexing as indexing_module
from diglot.ingestion import purging
from diglot.ingestion.checking import fsck
from diglot.ingestion.indexing import indexing
from diglot.ingestion.purging import sweep_vectors
from diglot.library.documents import DocumentChange
from diglot.worker import run_once, running_worker
from tests.ingestion.conftest import Bench

PICTURE = PageImage(b"a png", 9, 9, 1.0, 1)
LEFT_OF_A_DATASET = ("datasets", "documents", "revisions", "chunks", "generations", "index_changes", "rules", "vectors")


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BLOB_GRACE_MS", -1000)
    monkeypatch.setattr(indexing_module, "RETIRED_SECONDS", 0.0)


def count(bench: Bench, table: str) -> int:
    with bench.house.database.read() as connection:
        return connection.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one()


def everything_now(bench: Bench) -> None:
    """Works until nothing is left to do, jobs for later included."""
    for _ in range(3):
        sooner = update(tables.jobs).where(tables.jobs.c.state == JobState.QUEUED).values(run_at=0)
        bench.house.database.write(lambda connection: connection.execute(sooner).rowcount)  # noqa: B023
        run_once(bench.house)
    sweep_vectors(bench.house.database, grace_ms=-1000)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock")]


def until(claim: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_nothing_is_left_of_a_document(either: Bench) -> None:
    kept = either.add("stays for ever", indexing=Indexing.HIGH_QUALITY)
    gone = either.add("leaves no trace", indexing=Indexing.HIGH_QUALITY)
    run_once(either.house)
    for one in (kept, gone):
        either.house.pictures.put(one.source, 1, (9, 9), PICTURE)
    either.house.documents.remove(either.caller, either.dataset.id, gone.id)
    everything_now(either)
    assert [either.house.pictures.get(one.source, 1, (9, 9)) for one in (kept, gone)] == [PICTURE, None]
    assert [count(either, table) for table in ("documents", "revisions", "chunks", "vectors")] == [1, 1, 1, 1]
    assert [blob.sha256 for blob in either.house.blobs.list()] == [kept.source]
    assert not either.found("trace")
    assert either.texts(kept) == ["stays for ever"]
    assert fsck(either.house).is_clean


def test_nothing_is_left_of_an_overtaken_revision(either: Bench) -> None:
    document = either.add("first words", indexing=Indexing.HIGH_QUALITY)
    run_once(either.house)
    change = DocumentChange(content=[b"second words"])
    updated = either.house.documents.update(either.caller, either.dataset.id, document.id, change)
    run_once(either.house)
    everything_now(either)
    assert [count(either, table) for table in ("documents", "revisions", "chunks", "vectors")] == [1, 1, 1, 1]
    assert [blob.sha256 for blob in either.house.blobs.list()] == [updated.source]
    assert not either.found("first")
    assert fsck(either.house).is_clean


def test_nothing_is_left_of_a_failed_or_cancelled_revision(bench: Bench) -> None:
    failed = bench.add(b"  ", name="empty.txt")
    cancelled = bench.add("never read")
    bench.house.database.write(lambda connection: jobs.cancel_document(connection, cancelled.id))
    everything_now(bench)
    assert count(bench, "revisions") == 0
    assert count(bench, "chunks") == 0
    assert {blob.sha256 for blob in bench.house.blobs.list()} == {failed.source, cancelled.source}


def test_nothing_is_left_of_a_dataset(either: Bench) -> None:
    for number in range(3):
        either.add(f"text number {number}", indexing=Indexing.HIGH_QUALITY)
    run_once(either.house)
    either.add("still waiting", indexing=Indexing.HIGH_QUALITY)
    either.house.datasets.remove(either.caller, either.dataset.id)
    everything_now(either)
    assert {table: count(either, table) for table in LEFT_OF_A_DATASET} == dict.fromkeys(LEFT_OF_A_DATASET, 0)
    assert list(either.house.blobs.list()) == []
    assert either.house.index.generations() == []
    assert files(either.house.settings.index_folder) == []
    assert files(either.house.settings.blobs_folder) == []


def test_a_blob_that_another_document_names_stays(bench: Bench) -> None:
    first, second = bench.add("the same"), bench.add("the same")
    assert first.source == second.source
    run_once(bench.house)
    bench.house.documents.remove(bench.caller, bench.dataset.id, first.id)
    everything_now(bench)
    assert bench.house.blobs.size(first.source) is not None


def test_a_young_blob_waits_for_its_grace(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BLOB_GRACE_MS", 3600_000)
    document = bench.add("young and gone")
    run_once(bench.house)
    bench.house.documents.remove(bench.caller, bench.dataset.id, document.id)
    everything_now(bench)
    assert bench.house.blobs.size(document.source) is not None
    with bench.house.database.read() as connection:
        (owed,) = jobs.newest(connection, states=[JobState.QUEUED])
    assert owed.payload == {"sources": [document.source]}
    assert owed.run_at > now_ms() + 3000_000
    folder = bench.house.settings.blobs_folder
    (path,) = folder.rglob(document.source)
    os.utime(path, (0, 0))
    everything_now(bench)
    assert bench.house.blobs.size(document.source) is None


def test_many_deletes_owe_their_blobs_in_one_job(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BLOB_GRACE_MS", 3600_000)
    for document in [bench.add(f"number {number}") for number in range(10)]:
        bench.house.documents.remove(bench.caller, bench.dataset.id, document.id)
    run_once(bench.house)
    with bench.house.database.read() as connection:
        assert jobs.depth(connection) == 1


def test_a_purge_of_what_lives_does_nothing(bench: Bench) -> None:
    document = bench.add("alive")
    run_once(bench.house)
    names = {"workspace_id": document.workspace_id, "dataset_id": document.dataset_id}
    enqueue = partial(jobs.enqueue, kind=JobKind.PURGE, **names)
    bench.house.database.write(lambda connection: enqueue(connection))
    bench.house.database.write(lambda connection: enqueue(connection, document_id=document.id))
    bench.house.database.write(lambda connection: enqueue(connection, document_id=document.id, revision=1))
    everything_now(bench)
    assert bench.texts(document) == ["alive"]
    assert fsck(bench.house).is_clean


def test_retired_indexes_go_while_idle(bench: Bench) -> None:
    bench.add("to be dropped")
    run_once(bench.house)
    bench.house.datasets.remove(bench.caller, bench.dataset.id)
    with indexing(bench.indexer):
        run_once(bench.house)
        until(lambda: bench.house.index.generations() == [])


def test_a_worker_forgets_deleted_datasets(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the process grows with their number."""
    monkeypatch.setattr(purging, "INDEX_MS", 300)
    monkeypatch.setattr(embedded, "_FORGET_SECONDS", 0.2)
    monkeypatch.setattr(embedded, "_WRITER_IDLE_SECONDS", 0.2)
    bench.add("stays for ever")
    gone: list[str] = []
    with running_worker(bench.house):
        for number in range(4):
            dataset = bench.house.datasets.create(bench.caller, f"passing {number}")
            shelf = replace(bench, dataset=dataset)
            document = shelf.add("words that pass")
            until(lambda: shelf.get(document).status is DocumentStatus.READY)  # noqa: B023
            gone += [dataset.id, shelf.generation.id]
            bench.house.datasets.remove(bench.caller, dataset.id)
        until(lambda: count(bench, "datasets") == 1)
        until(lambda: not named(gone))
        assert named([bench.generation.id])


def named(ids: Collection[str]) -> int:
    """How many dicts of this process have one of them for a key."""
    wanted = frozenset(ids)
    # The collector does not list dicts of mere strings and numbers, only what holds them.
    dicts = {id(one): one for holder in gc.get_objects() for one in gc.get_referents(holder) if type(one) is dict}
    return sum(not wanted.isdisjoint(one) for one in dicts.values())


def test_datasets_on_their_way_out_hold_up_no_other_purge(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing_module, "RETIRED_SECONDS", 600.0)
    kept, gone = bench.add("stays"), bench.add("goes")
    passing = [bench.house.datasets.create(bench.caller, f"passing {number}") for number in range(4)]
    for dataset in passing:
        replace(bench, dataset=dataset).add("words that pass")
    run_once(bench.house)
    for dataset in passing:
        bench.house.datasets.remove(bench.caller, dataset.id)
    bench.house.documents.remove(bench.caller, bench.dataset.id, gone.id)
    with running_worker(bench.house):
        until(lambda: count(bench, "documents") == 1, seconds=8.0)
        assert count(bench, "datasets") == 5
    assert bench.texts(kept) == ["stays"]
