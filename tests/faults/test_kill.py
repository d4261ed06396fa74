"""Acknowledged writes survive kill -9 of anything at any moment; what got no answer happened wholly or not at all."""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from diglot.assembly import open_house
from diglot.ingestion.checking import fsck
from diglot.settings import Settings
from tests.faults.clients import Promise, Writer, paragraphs
from tests.faults.commanders import Commander
from tests.faults.group import Group, signal_one

KILLS = int(os.environ.get("DIGLOT_TEST_KILLS", "30"))
SEED = int(os.environ.get("DIGLOT_TEST_SEED", "1"))
WRITERS = 4
COMMANDERS = 2
LEASE_SECONDS = 3.0
SETTLE_SECONDS = 120.0
KEY = "dataset-" + "k" * 43

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find processes")]


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    return None if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def group(tmp_path: Path, database_url: str | None) -> Iterator[Group]:
    environment = {
        "DIGLOT_BOOTSTRAP_KEY": KEY,
        "DIGLOT_LEASE_SECONDS": str(LEASE_SECONDS),
        "DIGLOT_DISK_RESERVE_BYTES": "0",
        "DIGLOT_LOG_LEVEL": "warning",
    }
    if database_url is not None:
        environment["DIGLOT_DATABASE_URL"] = database_url
    group = Group(tmp_path / "data", environment)
    group.start()
    yield group
    group.stop()


def test_nothing_acknowledged_is_lost_whoever_is_killed(group: Group, database_url: str | None, tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    with (
        httpx.Client(base_url=f"{group.url}/v1", headers=headers, timeout=30) as client,
        httpx.Client(base_url=f"{group.url}/api/v1", headers=headers, timeout=30) as ragflow,
    ):
        dataset = client.post("/datasets", json={"name": "kept"}).raise_for_status().json()["id"]
        other = ragflow.post("/datasets", json={"name": "commanded"}).raise_for_status().json()["data"]["id"]
        writers, commanders = _write_while_killing(group, dataset, other)
        promises = [promise for writer in writers for promise in writer.promises]
        _settle(client, dataset)
        assert [broken for writer in writers for broken in writer.broken] == []
        assert sum(writer.acknowledged for writer in writers) > 2 * KILLS
        _check_documents(client, dataset, promises)
        _check_search(client, dataset, promises)
        assert [broken for commander in commanders for broken in commander.broken] == []
        assert sum(commander.acknowledged for commander in commanders) > KILLS
        _check_commanded(ragflow, other, commanders)
    group.stop()
    _check_store(tmp_path / "data", database_url)


def _write_while_killing(group: Group, dataset: str, other: str) -> tuple[list[Writer], list[Commander]]:
    stop = threading.Event()
    writers = [Writer(SEED * 100 + number, group.url, KEY, dataset, stop) for number in range(WRITERS)]
    commanders = [Commander(SEED * 200 + number, group.url, KEY, other, stop) for number in range(COMMANDERS)]
    threads: tuple[threading.Thread, ...] = (*writers, *commanders)
    for thread in threads:
        thread.start()
    chance = random.Random(SEED)
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 1.0))
            chance.choice(FAULTS)(group, chance)
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    return writers, commanders


def _kill_all(group: Group, _chance: random.Random) -> None:
    group.kill_all()
    group.start()


def _kill_supervisor(group: Group, _chance: random.Random) -> None:
    group.kill_supervisor()
    group.start()


def _kill_one(group: Group, chance: random.Random) -> None:
    members = list(group.members())[1:]
    if members:
        signal_one(chance.choice(members), signal.SIGKILL)


def _kill_worker(group: Group, chance: random.Random) -> None:
    if workers := _workers(group):
        signal_one(chance.choice(workers), signal.SIGKILL)


def _freeze_worker(group: Group, chance: random.Random) -> None:
    """Long enough for its lease to pass to another; then it comes back and must not harm what that one did."""
    if not (workers := _workers(group)):
        return
    frozen = chance.choice(workers)
    signal_one(frozen, signal.SIGSTOP)
    time.sleep(LEASE_SECONDS + 2)
    signal_one(frozen, signal.SIGCONT)


def _workers(group: Group) -> list[int]:
    return [pid for pid, command in group.members().items() if "diglot.roles worker" in command]


FAULTS: tuple[Callable[[Group, random.Random], None], ...] = (
    _kill_all,
    _kill_supervisor,
    _kill_one,
    _kill_one,
    _kill_one,
    _kill_worker,
    _kill_worker,
    _freeze_worker,
)


def _settle(client: httpx.Client, dataset: str) -> None:
    """Until every document is completed; none may fail, for none is at fault."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            states = {row["id"]: row["indexing_status"] for row in _every_document(client, dataset)}
        except (httpx.TransportError, httpx.HTTPStatusError):
            states = {"server": "starting"}
        if all(state == "completed" for state in states.values()):
            return
        assert "error" not in states.values(), states
        assert time.monotonic() < deadline, {state: list(states.values()).count(state) for state in states.values()}
        time.sleep(0.5)


def _every_document(client: httpx.Client, dataset: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    page = 1
    while True:
        answer = client.get(f"/datasets/{dataset}/documents", params={"page": page, "limit": 100}).raise_for_status()
        rows += answer.json()["data"]
        if not answer.json()["has_more"]:
            return rows
        page += 1


def _check_documents(client: httpx.Client, dataset: str, promises: list[Promise]) -> None:
    """Each acknowledged document is there once, with exactly the chunks of one text that it may hold, or deleted."""
    rows = _every_document(client, dataset)
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names)), "a document stands there twice"
    by_name = {row["name"]: row for row in rows}
    for promise in promises:
        row = by_name.pop(promise.name, None)
        if row is None:
            assert promise.id is None or promise.may_be_deleted, f"{promise.name} is lost"
            continue
        assert not promise.is_deleted, f"{promise.name} came back"
        assert promise.id in (None, row["id"])
        segments = client.get(f"/datasets/{dataset}/documents/{row['id']}/segments").raise_for_status().json()["data"]
        contents = [segment["content"] for segment in segments]
        assert contents in [paragraphs(word) for word in promise.words], (promise, contents)
        assert [segment["position"] for segment in segments] == list(range(1, len(contents) + 1))
        promise.dead_words |= {word for word in promise.words if contents != paragraphs(word)}
        promise.words -= promise.dead_words
    assert not by_name, f"nobody asked for {list(by_name)}"


def _check_search(client: httpx.Client, dataset: str, promises: list[Promise]) -> None:
    """Each living word finds its own document and no other; no dead word finds anything."""
    names = {row["name"] for row in _every_document(client, dataset)}
    for promise in promises:
        is_there = promise.name in names
        for word in promise.words:
            found = _found(client, dataset, word)
            assert found == ({promise.name} if is_there else set()), (promise, found)
        for word in promise.dead_words:
            assert _found(client, dataset, word) == set(), (promise, word)


def _found(client: httpx.Client, dataset: str, word: str) -> set[str]:
    settings = {
        "search_method": "full_text_search",
        "reranking_enable": False,
        "top_k": 10,
        "score_threshold_enabled": False,
    }
    answer = client.post(f"/datasets/{dataset}/retrieve", json={"query": word, "retrieval_model": settings})
    return {record["segment"]["document"]["name"] for record in answer.raise_for_status().json()["records"]}


def _check_commanded(client: httpx.Client, dataset: str, commanders: list[Commander]) -> None:
    """What was read is there whole or not at all, as the last command has it; no note that was acknowledged is lost."""
    runs = _settled_runs(client, dataset)
    known = [one for commander in commanders for one in (*commander.commanded, *commander.noted)]
    for document in known:
        contents = _contents(client, dataset, document.id)
        run = runs.pop(document.id)
        assert run in document.states, (document, run)
        written = [content for content in contents if content.startswith("A note")]
        assert set(document.notes) <= set(written) <= {*document.notes, *document.lost_notes}, document
        assert len(set(written)) == len(written), document
        read = "".join(content for content in contents if content not in written)
        assert read.count(document.word) == (len(paragraphs(document.word)) if run == "DONE" else 0), (document, read)
    assert set(runs.values()) <= {"UNSTART"}, "of these the answer to the upload was lost"


def _settled_runs(client: httpx.Client, dataset: str) -> dict[str, str]:
    """Each document's state, once none is being read any more."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        runs: dict[str, str] = {}
        page = 1
        while answer := _listed(client, f"/datasets/{dataset}/documents", page)["docs"]:
            runs |= {row["id"]: row["run"] for row in answer}
            page += 1
        if "RUNNING" not in runs.values():
            return runs
        assert time.monotonic() < deadline, runs
        time.sleep(0.5)


def _contents(client: httpx.Client, dataset: str, document: str) -> list[str]:
    contents: list[str] = []
    page = 1
    while answer := _listed(client, f"/datasets/{dataset}/documents/{document}/chunks", page)["chunks"]:
        contents += [chunk["content"] for chunk in answer]
        page += 1
    return contents


def _listed(client: httpx.Client, path: str, page: int) -> dict[str, Any]:
    answer = client.get(path, params={"page": page, "page_size": 50}).raise_for_status().json()
    assert answer["code"] == 0, answer
    return dict(answer["data"])


def _check_store(data: Path, database_url: str | None) -> None:
    """Catalog, blobs and index agree."""
    with open_house(Settings.for_tests(data, database_url=database_url)) as diglot:
        report = fsck(diglot, repair=False)
    assert report.is_clean, report
