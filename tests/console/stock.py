"""A house with more in it than anybody looks through: rows as the catalog writes them, and the indexer's own index."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from benchmarks.corpus import make
from diglot.assembly import Diglot
from diglot.catalog import audit, changes, queries, rules
from diglot.catalog.audit import Entry
from diglot.catalog.queries import DAY_MS, AskedQuery
from diglot.catalog.tables import chunks, datasets, documents, jobs, revisions, users
from diglot.domain.api_key import Caller, Scope
from diglot.domain.chunk import text_hash
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, RuleId, new_id, now_ms
from diglot.domain.job import JobKind, JobState
from diglot.domain.rules import ChunkingRules
from tests.house import a_client, finish, follow

PDF = Path(__file__).parents[2] / "samples" / "halvern-railway-handbook.pdf"
PARTED = {
    "name": "parted.txt",
    "text": "The line has a rack.\nIt climbs to the pass.\n\n" * 60,
    "indexing_technique": "economy",
    "doc_form": "hierarchical_model",
    "process_rule": {
        "mode": "hierarchical",
        "rules": {
            "pre_processing_rules": [],
            "parent_mode": "paragraph",
            "segmentation": {"separator": "\n\n", "max_tokens": 100},
            "subchunk_segmentation": {"separator": "\n", "max_tokens": 50},
        },
    },
}
LONGEST = "The longest of all.txt"
NEEDLE = "zephyrometer"
"""A word of one chunk alone, the last of the longest document."""
SOURCE = "5" * 64
DAYS = 30
DOCUMENTS_A_WRITE = 200
# Every so many documents.
FAILED, DISABLED, ARCHIVED = 97, 89, 83
# Of how many datasets the log of questions speaks.
ASKED = 40


@dataclass(frozen=True)
class Size:
    documents: int = 10_000
    chunks: int = 100_000
    longest: int = 5_000
    datasets: int = 1_000
    waiting: int = 5_000
    logged: int = 100_000
    keys: int = 1_000
    members: int = 1_000


FULL = Size()
TENTH = Size(1_000, 10_000, 1_500, 100, 500, 10_000, 100, 100)


@dataclass(frozen=True)
class Stock:
    """The large dataset, the one that waits to be read, of the longest document the last chunk, and where documents
    with pages and with child chunks are: dataset and document."""

    dataset_id: DatasetId
    waiting_id: DatasetId
    longest_id: DocumentId
    chunk_id: str
    paged: str
    parted: str


def fill(house: Diglot, size: Size) -> Stock:
    caller = house.keys.owner()
    paged, parted = _read(house)
    shelves = [house.datasets.create(caller, f"Shelf {number:04}").id for number in range(size.datasets)]
    archive = house.datasets.create(caller, "Archive", indexing=Indexing.ECONOMY)
    waiting = house.datasets.create(caller, "Arrivals", indexing=Indexing.ECONOMY)
    document_id, chunk_id = _shelve(house, caller, archive, size)
    house.database.write(lambda connection: _queue(connection, waiting, size.waiting))
    house.database.write(lambda connection: _log(connection, caller, [archive.id, *shelves[:ASKED]], size.logged))
    house.database.write(lambda connection: _invite(connection, caller, size.members))
    for number in range(size.keys):
        house.keys.create(caller, f"Program {number:04}", scopes=[Scope.READ])
    follow(house, archive.id)
    return Stock(archive.id, waiting.id, document_id, chunk_id, paged, parted)


def stir(connection: Connection, dataset_id: DatasetId, document_ids: Sequence[str], progress: float) -> None:
    """As if workers had come on with these documents."""
    said = {"status": "parsing", "progress": progress, "pending_key": documents.c.revision_key, "updated_at": now_ms()}
    mine = documents.c.dataset_id == dataset_id, documents.c.id.in_(document_ids)
    connection.execute(update(documents).where(*mine).values(said))


def document_ids(connection: Connection, dataset_id: DatasetId) -> list[str]:
    return list(connection.execute(select(documents.c.id).where(documents.c.dataset_id == dataset_id)).scalars())


def _read(house: Diglot) -> tuple[str, str]:
    """Two documents that a worker reads: one with pages, one whose chunks have children."""
    with a_client(house) as client:
        first, second = (client.post("/v1/datasets", json={"name": name}).json()["id"] for name in ("Pages", "Parts"))
        how = {"data": '{"indexing_technique": "economy", "process_rule": {"mode": "automatic"}}'}
        file = {"file": (PDF.name, PDF.read_bytes(), "application/pdf")}
        paged = client.post(f"/v1/datasets/{first}/document/create-by-file", data=how, files=file).json()
        parted = client.post(f"/v1/datasets/{second}/document/create-by-text", json=PARTED).json()
    finish(house, 120)
    return f"{first}/documents/{paged['document']['id']}", f"{second}/documents/{parted['document']['id']}"


def _shelve(house: Diglot, caller: Caller, dataset: Dataset, size: Size) -> tuple[DocumentId, str]:
    """Documents that are ready, of which the newest is the longest; its id, and that of its last chunk."""
    texts = make(size.chunks, questions=0).texts
    texts[-1] += f" {NEEDLE}"
    rule = house.database.write(lambda connection: rules.add(connection, dataset.id, ChunkingRules(), caller.user_id))
    lengths = _lengths(size)
    last = ("", "")
    for start in range(0, len(lengths), DOCUMENTS_A_WRITE):
        rows = [
            _document(dataset, rule, number, length, len(lengths))
            for number, length in enumerate(lengths[start : start + DOCUMENTS_A_WRITE], start + 1)
        ]
        count = sum(row["chunk_count"] for row in rows)
        part, texts = texts[:count], texts[count:]
        last = house.database.write(partial(_insert, dataset=dataset, rows=rows, texts=part))
    return DocumentId(last[0]), last[1]


def _lengths(size: Size) -> list[int]:
    """How many chunks each document has."""
    rest, left = size.documents - 1, size.chunks - size.longest
    return [left // rest + (number < left % rest) for number in range(rest)] + [size.longest]


def _insert(
    connection: Connection, dataset: Dataset, rows: Sequence[dict[str, Any]], texts: Sequence[str]
) -> tuple[str, str]:
    """The ids of the last document and of its last chunk."""
    keys = _add(connection, rows, "current", "revision_key")
    left = iter(texts)
    pieces = [
        _chunk(row, key, position, next(left))
        for row, key in zip(rows, keys, strict=True)
        for position in range(1, row["chunk_count"] + 1)
    ]
    connection.execute(insert(chunks), pieces)
    changes.note(connection, dataset.id, revisions=keys)
    available = sum(row["enabled"] and not row["archived"] for row in rows)
    _count(connection, dataset, len(rows), available, len(pieces))
    return rows[-1]["id"], pieces[-1]["id"]


def _document(dataset: Dataset, rule_id: RuleId, number: int, length: int, total: int) -> dict[str, Any]:
    is_last = number == total
    has_failed = number % FAILED == 0 and not is_last
    added = now_ms() - DAYS * DAY_MS + number * DAYS * DAY_MS // (total + 1)
    return {
        "id": new_id(),
        "workspace_id": dataset.workspace_id,
        "dataset_id": dataset.id,
        "position": number,
        "name": LONGEST if is_last else f"report {number:05}.txt",
        "source": SOURCE,
        "size": 600 * length,
        "media_type": "text/plain",
        "created_from": "api",
        "batch": "1",
        "rule_id": rule_id,
        "chunk_form": "text",
        "language": "English",
        "status": "failed" if has_failed else "ready",
        "error": "The file is damaged." if has_failed else None,
        "progress": 1.0,
        "enabled": number % DISABLED > 0,
        "archived": number % ARCHIVED == 0,
        "metadata": {},
        "chunk_count": length,
        "word_count": 600 * length,
        "tokens": 100 * length,
        "created_by": dataset.created_by,
        "created_at": added,
        "updated_at": added,
        "completed_at": added,
        "ended_at": added,
    }


def _add(connection: Connection, rows: Sequence[dict[str, Any]], state: str, column: str) -> list[RevisionKey]:
    """The documents, and for each a revision that its `column` names."""
    connection.execute(insert(documents), rows)
    kept = "dataset_id", "source", "rule_id", "created_at"
    made = [{name: row[name] for name in kept} | {"document_id": row["id"], "state": state} for row in rows]
    added = insert(revisions).returning(revisions.c.key, sort_by_parameter_order=True)
    keys = list(connection.execute(added, made).scalars())
    mine = select(revisions.c.key).where(revisions.c.document_id == documents.c.id).scalar_subquery()
    lacking = documents.c.dataset_id == rows[0]["dataset_id"], documents.c[column].is_(None)
    connection.execute(update(documents).where(*lacking).values({column: mine}))
    return keys


def _chunk(document: dict[str, Any], revision: RevisionKey, position: int, text: str) -> dict[str, Any]:
    by, at = document["created_by"], document["created_at"]
    return {
        "id": new_id(),
        "dataset_id": document["dataset_id"],
        "document_id": document["id"],
        "revision_key": revision,
        "position": position,
        "content": text,
        "keywords": [],
        "questions": [],
        "anchors": [],
        "tokens": 100,
        "word_count": len(text),
        "hash": hashlib.sha256(text.encode()).hexdigest(),
        "text_hash": text_hash(text),
        "status": "ready",
        "created_by": by,
        "created_at": at,
        "updated_by": by,
        "updated_at": at,
        "indexed_at": at,
        "completed_at": at,
    }


def _count(connection: Connection, dataset: Dataset, count: int, available: int, pieces: int) -> None:
    columns = datasets.c
    counted = {
        "last_position": columns.last_position + count,
        "document_count": columns.document_count + count,
        "available_count": columns.available_count + available,
        "chunk_count": columns.chunk_count + pieces,
        "word_count": columns.word_count + 600 * pieces,
    }
    connection.execute(update(datasets).where(columns.id == dataset.id).values(counted))


def _queue(connection: Connection, dataset: Dataset, count: int) -> None:
    """Documents that wait for a worker, each behind the one before."""
    rule_id = rules.add(connection, dataset.id, ChunkingRules(), dataset.created_by)
    rows = [_document(dataset, rule_id, number, 0, count + 1) for number in range(1, count + 1)]
    for row in rows:
        row |= {"status": "waiting", "progress": 0.0, "error": None, "enabled": True, "archived": False}
        row |= {"completed_at": None, "ended_at": None}
    for row, key in zip(rows, _add(connection, rows, "pending", "pending_key"), strict=True):
        row["pending_key"] = key
    connection.execute(insert(jobs), [_job(row, float(number)) for number, row in enumerate(rows)])
    _count(connection, dataset, count, 0, 0)


def _job(document: dict[str, Any], tag: float) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": JobKind.INGEST,
        "workspace_id": document["workspace_id"],
        "dataset_id": document["dataset_id"],
        "document_id": document["id"],
        "revision_key": document["pending_key"],
        "tag": tag,
        "state": JobState.QUEUED,
        "run_at": 0,
        "payload": {},
        "created_at": document["created_at"],
    }


def _log(connection: Connection, caller: Caller, asked: Sequence[DatasetId], count: int) -> None:
    """Questions and deeds of the last days, the oldest first."""
    first, step = now_ms() - DAYS * DAY_MS, DAYS * DAY_MS // count
    queries.add(connection, [_query(caller, asked, number, first + number * step) for number in range(count)])
    audit.add(connection, *(_entry(caller, number, first + number * step) for number in range(count)))


def _query(caller: Caller, asked: Sequence[DatasetId], number: int, at: int) -> AskedQuery:
    return AskedQuery(
        id=new_id(),
        workspace_id=caller.workspace_id,
        at=at,
        dialect="dify",
        operation="retrieveChunks",
        key_prefix="dataset-abcdefgh",
        user_name="Ada",
        dataset_ids=[asked[number % len(asked)]],
        question=f"What is number {number} about?",
        method="hybrid",
        ms=2.0 + number % 251,
        hits=number % 11,
        best_score=0.5 if number % 11 else None,
    )


def _entry(caller: Caller, number: int, at: int) -> Entry:
    return Entry(
        id=new_id(),
        workspace_id=caller.workspace_id,
        at=at,
        actor_id=caller.user_id,
        actor_name="Ada",
        key_prefix=None,
        ip="127.0.0.1",
        verb="delete",
        kind="document",
        object_id=new_id(),
        object_name=f"draft {number}.txt",
        result="done",
        request_id=None,
    )


def _invite(connection: Connection, caller: Caller, count: int) -> None:
    """Members without a password, which would take its time to hash."""
    row = {"workspace_id": caller.workspace_id, "role": "viewer", "created_at": now_ms()}
    rows = [row | {"id": new_id(), "name": f"Reader {one:04}", "login": f"reader{one}"} for one in range(count)]
    connection.execute(insert(users), rows)
