"""fsck finds what is wrong, mends what is derived, and is quiet otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update

from diglot.catalog import tables
from diglot.domain.dataset import Indexing
from diglot.domain.document import Document
from diglot.ingestion import checking
from diglot.ingestion.checking import Report, fsck
from diglot.worker import run_once
from tests.ingestion.conftest import Bench

Harm = Callable[[Bench, Document], None]


def wrong(report: Report) -> dict[str, int]:
    return {row.check: row.wrong for row in report.rows if row.wrong}


def ready(bench: Bench) -> Document:
    document = bench.add("blue stone\n\ngreen leaf", indexing=Indexing.HIGH_QUALITY)
    run_once(bench.house)
    return document


def blob_of(bench: Bench, document: Document) -> Path:
    (path,) = bench.house.settings.blobs_folder.rglob(document.source)
    return path


def change(bench: Bench, statement: object) -> None:
    bench.house.database.write(lambda connection: connection.execute(statement).rowcount)  # type: ignore[call-overload]


def miscount_document(bench: Bench, document: Document) -> None:
    change(bench, update(tables.documents).where(tables.documents.c.id == document.id).values(tokens=4711))


def miscount_dataset(bench: Bench, _document: Document) -> None:
    change(bench, update(tables.datasets).values(available_count=4711))


def lose_metadata_value(bench: Bench, document: Document) -> None:
    bench.house.metadata.set(bench.caller, bench.dataset.id, document.id, {"author": "Ann", "tags": ["a", "b"]})
    assert wrong(fsck(bench.house)) == {}
    change(bench, delete(tables.metadata_values).where(tables.metadata_values.c.text == "b"))


def bend_metadata_value(bench: Bench, document: Document) -> None:
    bench.house.metadata.set(bench.caller, bench.dataset.id, document.id, {"year": 1999})
    change(bench, update(tables.metadata_values).values(number=2000.0))


def lose_index_row(bench: Bench, _document: Document) -> None:
    applied = bench.house.index.applied(bench.generation)
    key = next(iter(bench.house.index.keys(bench.generation)))
    bench.house.index.apply(bench.generation, rows=[], removed_groups=[], removed_keys=[key], applied=applied)


def leave_index_row(bench: Bench, document: Document) -> None:
    """A chunk that goes without a word to the index."""
    del document
    key = next(iter(bench.house.index.keys(bench.generation)))
    change(bench, delete(tables.chunks).where(tables.chunks.c.key == key))
    change(bench, update(tables.documents).values(chunk_count=0, word_count=0, tokens=0))
    change(bench, update(tables.datasets).values(chunk_count=0, word_count=0))


def lose_vectors(bench: Bench, _document: Document) -> None:
    change(bench, delete(tables.vectors))


def forget_revision(bench: Bench, document: Document) -> None:
    row = {"document_id": document.id, "dataset_id": document.dataset_id, "source": document.source}
    change(bench, insert(tables.revisions).values(**row, rule_id=document.rule_id, state="pending", created_at=1))


def leave_recognised_page(bench: Bench, document: Document) -> None:
    """Of a workspace that has the file no more."""
    row = {"source": document.source, "page": 1, "edition": "e", "content": b""}
    change(bench, insert(tables.recognised_pages).values(**row, workspace_id=document.workspace_id))
    assert wrong(fsck(bench.house)) == {}
    change(bench, insert(tables.recognised_pages).values(**row, workspace_id="0" * 32))


def leave_blob(bench: Bench, _document: Document) -> None:
    bench.house.blobs.put([b"nobody's"])


def test_a_healthy_house_is_clean(either: Bench) -> None:
    ready(either)
    report = fsck(either.house)
    assert report.is_clean
    assert wrong(report) == {}
    assert report.to_json()["clean"] is True
    unseen = {row.check for row in report.rows if not row.looked_at}
    assert unseen <= {"blobs nobody names", "recognised pages nobody names"}


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        (miscount_document, "counters of documents"),
        (miscount_dataset, "counters of datasets"),
        (lose_metadata_value, "metadata values"),
        (bend_metadata_value, "metadata values"),
        (lose_index_row, "rows of search indexes"),
        (leave_index_row, "rows of search indexes"),
        (lose_vectors, "vectors of chunks"),
        (forget_revision, "revisions nobody names"),
        (leave_recognised_page, "recognised pages nobody names"),
        (leave_blob, "blobs nobody names"),
    ],
)
def test_what_is_derived_is_found_and_mended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, harm: Harm, check: str
) -> None:
    monkeypatch.setattr(checking, "BLOB_GRACE_MS", -1000)
    document = ready(bench)
    harm(bench, document)
    found = fsck(bench.house)
    assert check in wrong(found)
    assert not found.is_clean
    assert check in wrong(fsck(bench.house)), "looking alone must not mend"
    assert fsck(bench.house, repair=True).is_clean
    run_once(bench.house)
    assert wrong(fsck(bench.house)) == {}


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b"other bytes"), "damaged"),
    ],
)
def test_a_lost_blob_is_found_and_cannot_be_mended(bench: Bench, harm: Callable[[Path], object], says: str) -> None:
    document = ready(bench)
    harm(blob_of(bench, document))
    report = fsck(bench.house, repair=True)
    (row,) = [row for row in report.rows if row.wrong]
    assert row.check == "blobs of documents"
    assert row.first is not None
    assert document.id in row.first
    assert says in row.first
    assert not report.is_clean
