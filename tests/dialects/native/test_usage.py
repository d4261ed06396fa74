"""What was asked, day by day and one by one; and who did what."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from starlette.testclient import TestClient

from diglot.catalog import queries as query_rows
from diglot.catalog.queries import DAY_MS, AskedQuery
from diglot.catalog.tables import audit
from diglot.domain.api_key import Scope
from diglot.domain.identity import new_id, now_ms
from diglot.domain.search import Hits, RetrievalPlan, RetrievalSettings
from diglot.library import auditing, querylog
from diglot.library.querylog import forget_old
from tests.dialects.native.conftest import API, Shelf
from tests.dialects.others import a_reader, a_stranger, one_restricted
from tests.house import a_client, a_house


@pytest.fixture
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with a_house(tmp_path_factory.mktemp("house"), ocr="off") as house:
        yield Shelf(house, a_client(house), house.datasets.create(house.keys.owner(), "shelf"))


def _queries(shelf: Shelf, client: TestClient | None = None, **sent: Any) -> list[dict[str, Any]]:
    shelf.house.querylog.flush()
    answer = (client or shelf.client).get(f"{API}/queries", params=sent)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def _stored(shelf: Shelf, at: int, ms: float, hits: int = 1, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "id": new_id(),
        "workspace_id": shelf.dataset.workspace_id,
        "at": at,
        "dialect": "dify",
        "operation": "retrieve",
        "key_prefix": None,
        "user_name": "owner",
        "dataset_ids": [shelf.dataset.id],
        "question": "q",
        "method": "hybrid",
        "ms": ms,
        "hits": hits,
        "best_score": None,
    }
    asked = AskedQuery(**(fields | changes))
    shelf.house.database.write(lambda connection: query_rows.add(connection, [asked]))


def _ask_all(shelf: Shelf, question: str) -> None:
    """By every way to ask."""
    dataset_id = shelf.dataset.id
    settings = {"top_k": 3, "score_threshold": 0.0}
    calls: list[tuple[str, dict[str, Any]]] = [
        (f"/v1/datasets/{dataset_id}/retrieve", {"query": question}),
        (f"/v1/datasets/{dataset_id}/hit-testing", {"query": question}),
        ("/api/v1/retrieval", {"question": question, "dataset_ids": [dataset_id], "similarity_threshold": 0}),
        (f"/api/v1/datasets/{dataset_id}/search", {"question": question}),
        ("/api/v1/datasets/search", {"question": question, "dataset_ids": [dataset_id]}),
        ("/v1/dify/retrieval", {"knowledge_id": dataset_id, "query": question, "retrieval_setting": settings}),
    ]
    for path, body in calls:
        answer = shelf.client.post(path, json=body)
        assert answer.status_code == 200, (path, answer.text)


def test_every_way_to_ask_is_written_down(shelf: Shelf) -> None:
    shelf.read("battery.txt", b"The battery lasts ten hours.")
    _ask_all(shelf, "battery")
    found = _queries(shelf)
    assert sorted((one["dialect"], one["operation"]) for one in found) == [
        ("dify", "retrieve"),
        ("dify", "retrieve"),
        ("external", "retrieve"),
        ("ragflow", "retrieve"),
        ("ragflow", "search"),
        ("ragflow", "search"),
    ]
    for one in found:
        assert (one["question"], one["dataset_ids"], one["hits"]) == ("battery", [shelf.dataset.id], 1)
        assert one["best_score"] > 0
        assert 0 < one["ms"] < 60_000
        assert one["key_prefix"].startswith("dataset-kkkk")
        assert one["user_name"] == "owner"
        assert abs(one["at"] - now_ms()) < 60_000


def test_what_found_nothing(shelf: Shelf) -> None:
    # Nothing is searched where there is nothing, and it is a question all the same.
    shelf.client.post(f"/v1/datasets/{shelf.dataset.id}/retrieve", json={"query": "empty"})
    shelf.read("battery.txt", b"The battery lasts ten hours.")
    for question in ("battery", "submarine"):
        shelf.client.post(f"/v1/datasets/{shelf.dataset.id}/retrieve", json={"query": question})
    assert [one["question"] for one in _queries(shelf)] == ["submarine", "battery", "empty"]
    lost = _queries(shelf, zero_hits=True)
    assert [(one["question"], one["best_score"]) for one in lost] == [("submarine", None), ("empty", None)]


def test_explanations_are_no_questions(shelf: Shelf) -> None:
    shelf.read("battery.txt", b"The battery lasts ten hours.")
    body = {"dataset_ids": [shelf.dataset.id], "query": "battery"}
    assert shelf.client.post(f"{API}/explain", json=body).status_code == 200
    assert _queries(shelf) == []


def test_the_thread_writes_by_itself(shelf: Shelf) -> None:
    shelf.client.post(f"/v1/datasets/{shelf.dataset.id}/retrieve", json={"query": "by itself"})
    deadline = time.monotonic() + 10
    while not shelf.client.get(f"{API}/queries").json()["items"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_was_noted_is_written_before_the_house_closes(shelf: Shelf) -> None:
    shelf.client.post(f"/v1/datasets/{shelf.dataset.id}/retrieve", json={"query": "last words"})
    shelf.house.querylog.close()
    assert [one["question"] for one in shelf.client.get(f"{API}/queries").json()["items"]] == ["last words"]


def test_a_log_that_is_switched_off_keeps_nothing(shelf: Shelf) -> None:
    shelf.house.switches.change(shelf.house.keys.owner(), query_log_enabled=False)
    shelf.client.post(f"/v1/datasets/{shelf.dataset.id}/retrieve", json={"query": "private"})
    assert _queries(shelf) == []


def test_overload_loses_questions_and_waits_for_nobody(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(querylog, "MOST_WAITING", 10)
    caller = shelf.house.keys.owner()
    plan = RetrievalPlan(caller.workspace_id, (shelf.dataset.id,), "q", RetrievalSettings())
    is_held, may_go = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        is_held.set()
        may_go.wait(20)

    holder = threading.Thread(target=lambda: shelf.house.database.write(hold))
    holder.start()
    is_held.wait(20)
    began = time.monotonic()
    for _ in range(2000):
        shelf.house.querylog.note(caller, "dify", "retrieve", plan, Hits(()), 0.001)
    took = time.monotonic() - began
    may_go.set()
    holder.join()
    assert took < 1.0
    # What the thread had taken already, and what waited then.
    assert 10 <= len(_queries(shelf, limit=200)) <= 20


def test_old_questions_are_forgotten(shelf: Shelf) -> None:
    now = now_ms()
    shelf.house.switches.change(shelf.house.keys.owner(), query_log_days=2)
    _stored(shelf, now - 2 * DAY_MS - 60_000, 1, question="old")
    _stored(shelf, now - 2 * DAY_MS + 60_000, 1, question="young")
    forget_old(shelf.house.database, shelf.house.switches)
    assert [one["question"] for one in _queries(shelf)] == ["young"]


def test_use_by_day(shelf: Shelf) -> None:
    today = now_ms() // DAY_MS * DAY_MS
    for ms in range(1, 101):
        _stored(shelf, today - DAY_MS + ms, ms, hits=0 if ms <= 7 else 1)
    _stored(shelf, today, 500.4)
    _stored(shelf, today - 3 * DAY_MS - 1, 9)
    shelf.add("a.txt", b"a")
    shelf.house.documents.remove(shelf.house.keys.owner(), shelf.dataset.id, shelf.add("b.txt", b"b").id)
    report = shelf.client.get(f"{API}/usage", params={"days": 3}).json()
    dates = [datetime.fromtimestamp((today - back * DAY_MS) / 1000, UTC).date().isoformat() for back in (2, 1, 0)]
    assert report["days"] == [
        {"date": dates[0], "queries": 0, "zero_hits": 0, "p50_ms": None, "p95_ms": None, "documents": 0},
        {"date": dates[1], "queries": 100, "zero_hits": 7, "p50_ms": 50, "p95_ms": 95, "documents": 0},
        {"date": dates[2], "queries": 1, "zero_hits": 0, "p50_ms": 500, "p95_ms": 500, "documents": 1},
    ]
    assert report["totals"] == {"queries": 101, "zero_hits": 7, "p50_ms": 51, "p95_ms": 96, "documents": 1}


def test_pages(shelf: Shelf) -> None:
    for place in range(5):
        # Two at the same time: neither is lost between pages.
        _stored(shelf, now_ms() // 1000 * 1000 - place // 2, 1, question=str(place))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = shelf.client.get(f"{API}/queries", params={"limit": 2, **cursor}).json()
        seen += [one["question"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(seen) == list("01234")
    for wrong in ("x", "1-x", "9999999999999999-" + new_id()):
        assert shelf.client.get(f"{API}/queries", params={"cursor": wrong}).status_code == 400


def test_whose_questions(shelf: Shelf) -> None:
    owner = shelf.house.keys.owner()
    other = shelf.house.datasets.create(owner, "other")
    _stored(shelf, now_ms(), 1, question="both", dataset_ids=[shelf.dataset.id, other.id])
    _stored(shelf, now_ms(), 1, question="ours")
    key = shelf.house.keys.create(owner, "k", datasets=[other.id], scopes=[Scope.WRITE]).text
    restricted = a_client(shelf.house, key)
    [seen] = _queries(shelf, restricted, dataset_id=other.id)
    assert (seen["question"], seen["dataset_ids"]) == ("both", [other.id])
    assert restricted.get(f"{API}/queries").status_code == 403
    assert restricted.get(f"{API}/queries", params={"dataset_id": shelf.dataset.id}).status_code == 404
    assert a_reader(shelf.house).get(f"{API}/queries").status_code == 403
    stranger = a_stranger(shelf.house)
    assert _queries(shelf, stranger) == []
    assert stranger.get(f"{API}/usage").json()["totals"]["queries"] == 0
    for client in (restricted, one_restricted(shelf.house)):
        assert client.get(f"{API}/usage").status_code == 403
        assert client.get(f"{API}/audit").status_code == 403
    assert a_reader(shelf.house).get(f"{API}/usage").status_code == 200


def test_names_of_the_datasets_that_were_asked(shelf: Shelf) -> None:
    owner = shelf.house.keys.owner()
    other = shelf.house.datasets.create(owner, "other")
    _stored(shelf, now_ms(), 1, dataset_ids=[shelf.dataset.id, other.id])
    key = shelf.house.keys.create(owner, "k", datasets=[other.id], scopes=[Scope.WRITE]).text
    path = f"{API}/queries"
    seen = a_client(shelf.house, key).get(path, params={"dataset_id": other.id}).json()
    assert seen["dataset_names"] == {other.id: "other"}
    assert shelf.client.get(path).json()["dataset_names"] == {shelf.dataset.id: "shelf", other.id: "other"}
    shelf.house.datasets.remove(owner, other.id)
    assert shelf.client.get(path).json()["dataset_names"] == {shelf.dataset.id: "shelf"}


def _audit(shelf: Shelf, kind: str) -> list[tuple[str, str, str]]:
    admin = a_client(shelf.house, shelf.house.keys.create(shelf.house.keys.owner(), "a", scopes=[Scope.ADMIN]).text)
    items = admin.get(f"{API}/audit").json()["items"]
    assert all(one["result"] == "done" and one["actor"] == "owner" for one in items)
    return [(one["verb"], one["object_name"], one["key_prefix"]) for one in items if one["kind"] == kind]


def test_deletes_by_every_api_are_in_the_audit(shelf: Shelf) -> None:
    prefix = "dataset-" + "k" * 8
    dataset_id = shelf.dataset.id
    ids = {name: shelf.add(f"{name}.txt", b"text").id for name in ("dify", "ragflow", "old")}
    shelf.client.delete(f"/v1/datasets/{dataset_id}/documents/{ids['dify']}")
    shelf.client.request("DELETE", f"/api/v1/datasets/{dataset_id}/documents", json={"ids": [ids["ragflow"]]})
    shelf.client.request("DELETE", f"/api/v1/dataset/{dataset_id}/documents/{ids['old']}")
    deleted = _audit(shelf, "document")
    assert deleted[-2:] == [("delete", "ragflow.txt", prefix), ("delete", "dify.txt", prefix)]
    owner = shelf.house.keys.owner()
    for name in ("by dify", "by ragflow"):
        shelf.house.datasets.create(owner, name)
    named = {one.name: one.id for one in shelf.house.datasets.every(owner)}
    shelf.client.delete(f"/v1/datasets/{named['by dify']}")
    shelf.client.request("DELETE", "/api/v1/datasets", json={"ids": [named["by ragflow"]]})
    assert _audit(shelf, "dataset") == [("delete", "by ragflow", prefix), ("delete", "by dify", prefix)]


def test_what_is_undone_is_not_in_the_audit(shelf: Shelf) -> None:
    document = shelf.add("stays.txt", b"text")
    body = {"ids": [document.id, new_id()]}
    shelf.client.request("DELETE", f"/api/v1/datasets/{shelf.dataset.id}/documents", json=body)
    assert _audit(shelf, "document") == []


@pytest.mark.parametrize(("days", "kept"), [(2, ["young"]), (365, ["young", "old"]), (0, ["young", "old", "ancient"])])
def test_the_audit_is_kept_for_as_long_as_the_settings_say(shelf: Shelf, days: int, kept: list[str]) -> None:
    owner = shelf.house.keys.owner()
    if days != 365:
        shelf.house.switches.change(owner, audit_days=days)
    for name, age in (("ancient", 3000), ("old", 3), ("young", 1)):
        shelf.house.database.write(lambda connection, name=name: auditing.note(connection, owner, "x", name))
        moved = update(audit).where(audit.c.kind == name).values(at=now_ms() - age * DAY_MS)
        shelf.house.database.write(lambda connection, moved=moved: connection.execute(moved))
    auditing.forget_old(shelf.house.database, shelf.house.switches.now().audit_days)
    with shelf.house.database.read() as connection:
        kinds = connection.execute(select(audit.c.kind).where(audit.c.verb == "x").order_by(audit.c.at.desc()))
        assert list(kinds.scalars()) == kept


def test_only_admins_read_the_audit(shelf: Shelf) -> None:
    writer = a_client(shelf.house, shelf.house.keys.create(shelf.house.keys.owner(), "w").text)
    assert writer.get(f"{API}/audit").status_code == 403
    assert a_stranger(shelf.house).get(f"{API}/audit").status_code == 403
