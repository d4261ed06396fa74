"""The switches of the API: in every dialect they refuse keys, and never members at the console."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.account import Role
from diglot.library.switches import KNOWN_SECONDS, Switches
from tests.dialects.native.conftest import API
from tests.dialects.native.console import add, at_console, code_of, set_up
from tests.dialects.others import a_reader, a_stranger
from tests.house import a_client, a_house, finish

SETTINGS = f"{API}/settings"
ON = {
    "api_enabled": True,
    "query_log": {"enabled": True, "days": 90},
    "audit": {"days": 365},
    "links": {"edit": None, "report": None},
}
DOORS = ["/v1/datasets", "/api/v1/datasets", "/v1/data?id=1", "/v0.24/api/v1/datasets", f"{API}/settings"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Diglot]:
    with a_house(tmp_path, ocr="off") as one:
        set_up(one)
        yield one


@pytest.fixture
def owner(house: Diglot) -> TestClient:
    return at_console(house, "ada")


def _places(client: TestClient) -> dict[str, str]:
    dataset = client.post("/v1/data", json={"name": "shelf"}).json()["data"]["id"]
    hexed = client.get("/api/v1/datasets", params={"name": "shelf"}).json()["data"][0]["id"]
    body = {"name": "n", "text": "A line.", "indexing_technique": "economy", "process_rule": {"mode": "automatic"}}
    started = client.post(f"/v1/datasets/{hexed}/document/create-by-text", json=body)
    return {"number": str(dataset), "dataset": hexed, "document": started.json()["document"]["id"].replace("-", "")}


def _asked(places: dict[str, str]) -> list[tuple[str, str, dict[str, Any] | None]]:
    """What concerns one dataset, at every door."""
    dataset, document, number = places["dataset"], places["document"], places["number"]
    question = {"question": "line", "dataset_ids": [dataset]}
    return [
        ("GET", f"/v1/datasets/{dataset}", None),
        ("GET", f"/v1/datasets/{dataset}/documents", None),
        ("POST", f"/v1/datasets/{dataset}/retrieve", {"query": "line"}),
        ("GET", f"/api/v1/datasets/{dataset}/documents", None),
        ("GET", f"/api/v1/datasets/{dataset}/documents/{document}/chunks", None),
        ("POST", "/api/v1/retrieval", question),
        ("POST", "/v1/dify/retrieval", {"knowledge_id": dataset, "query": "line", "retrieval_setting": {"top_k": 1}}),
        ("GET", f"/api/v1/dataset/{dataset}", None),
        ("GET", f"/v1/data?id={number}", None),
        ("POST", f"{API}/explain", {"dataset_ids": [dataset], "query": "line"}),
        ("POST", f"{API}/preview", {"document_id": document}),
        ("PATCH", f"{API}/datasets/{dataset}/api", {"enabled": False}),
    ]


def _is_refused(answer: Any) -> bool:
    return answer.status_code == 403 or answer.json().get("code") in (403, 102, 109, 1002)


def test_a_dataset_is_closed_to_keys_and_open_to_members(house: Diglot, owner: TestClient) -> None:
    add(house, "ed", Role.EDITOR)
    places = _places(owner)
    finish(house)
    key, editor = a_client(house), at_console(house, "ed")
    path = f"{API}/datasets/{places['dataset']}/api"
    for method, where, body in _asked(places)[:-1]:
        assert not _is_refused(key.request(method, where, json=body)), where
    closed = owner.patch(path, json={"enabled": False})
    assert closed.json() == {"id": places["dataset"], "api_enabled": False}
    for method, where, body in _asked(places):
        assert _is_refused(key.request(method, where, json=body)), where
        answer = editor.request(method, where, json=body)
        assert answer.status_code == 200, (where, answer.text)
        assert answer.json().get("code", 0) == 0, (where, answer.text)
    assert code_of(key.patch(path, json={"enabled": True})) == (403, "api_disabled")
    assert editor.patch(path, json={"enabled": True}).json()["api_enabled"]
    assert key.get(f"/v1/datasets/{places['dataset']}").status_code == 200


def test_the_whole_api_is_closed_to_keys_and_open_to_members(house: Diglot, owner: TestClient) -> None:
    places = _places(owner)
    finish(house)
    key = a_client(house)
    assert owner.get(SETTINGS).json() == ON
    assert owner.patch(SETTINGS, json={"api_enabled": False}).json() == ON | {"api_enabled": False}
    for path in DOORS:
        assert _is_refused(key.get(path)), path
        assert not _is_refused(owner.get(path)), path
    for method, where, body in _asked(places)[:-1]:
        assert _is_refused(key.request(method, where, json=body)), where
        assert not _is_refused(owner.request(method, where, json=body)), where
    assert code_of(key.patch(SETTINGS, json={"api_enabled": True})) == (403, "api_disabled")
    owner.patch(SETTINGS, json={"api_enabled": True})
    assert all(not _is_refused(key.get(path)) for path in DOORS)


def test_links_to_files_follow_the_switches(house: Diglot, owner: TestClient) -> None:
    dataset = owner.post("/v1/datasets", json={"name": "shelf"}).json()["id"]
    data = {"data": '{"indexing_technique": "economy", "process_rule": {"mode": "automatic"}}'}
    path = f"/v1/datasets/{dataset}/document/create-by-file"
    made = owner.post(path, data=data, files={"file": ("a.txt", b"A line.")}).json()["document"]["id"]
    link = owner.get(f"/v1/datasets/{dataset}/documents/{made}/download").json()["url"].partition("9380")[2]
    assert owner.get(link).content == b"A line."
    owner.patch(SETTINGS, json={"api_enabled": False})
    assert code_of(owner.get(link)) == (403, "api_disabled")
    owner.patch(SETTINGS, json={"api_enabled": True})
    owner.patch(f"{API}/datasets/{dataset}/api", json={"enabled": False})
    assert code_of(owner.get(link)) == (403, "api_disabled")


def test_other_processes_follow_within_seconds(
    house: Diglot, owner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("diglot.library.switches.time.monotonic", lambda: now[0])
    elsewhere = Switches(house.database, is_api_allowed=True)
    assert elsewhere.now().api_enabled
    owner.patch(SETTINGS, json={"api_enabled": False})
    now[0] += KNOWN_SECONDS + 0.1
    assert elsewhere.known() is None
    assert not elsewhere.now().api_enabled


def test_what_is_absent_stays(owner: TestClient) -> None:
    owner.patch(SETTINGS, json={"query_log": {"days": 7}})
    owner.patch(SETTINGS, json={"query_log": {"enabled": False}})
    owner.patch(SETTINGS, json={"audit": {"days": 0}})
    assert owner.patch(SETTINGS, json={"audit": {}}).json() == ON | {
        "query_log": {"enabled": False, "days": 7},
        "audit": {"days": 0},
    }


@pytest.mark.parametrize(
    "sent",
    [{"query_log": {"days": 0}}, {"audit": {"days": -1}}, {"api_enabled": None}, {"color": 1}, {"links": {}}],
)
def test_what_is_refused(owner: TestClient, sent: dict[str, Any]) -> None:
    assert code_of(owner.patch(SETTINGS, json=sent)) == (400, "invalid_argument")
    assert owner.get(SETTINGS).json() == ON


def test_who_may_switch(house: Diglot, owner: TestClient) -> None:
    dataset = _places(owner)["dataset"]
    path = f"{API}/datasets/{dataset}/api"
    add(house, "ed", Role.EDITOR)
    add(house, "vi", Role.VIEWER)
    editor, viewer, stranger = at_console(house, "ed"), at_console(house, "vi"), a_stranger(house)
    assert code_of(editor.patch(SETTINGS, json={"api_enabled": False})) == (403, "scope_missing")
    assert viewer.get(SETTINGS).status_code == 200
    for reader in (viewer, a_reader(house)):
        assert code_of(reader.patch(path, json={"enabled": False})) == (403, "scope_missing")
    for unknown in (path, f"{API}/datasets/x/api"):
        assert code_of(stranger.patch(unknown, json={"enabled": False})) == (404, "dataset_not_found")


def test_the_operators_setting_is_stronger(tmp_path: Path) -> None:
    with a_house(tmp_path, api_enabled=False, docs_edit_url="https://example.com/edit") as house:
        set_up(house)
        owner = at_console(house, "ada")
        shown = owner.get(SETTINGS).json()
        assert (shown["api_enabled"], shown["links"]["edit"]) == (False, "https://example.com/edit")
        assert code_of(owner.patch(SETTINGS, json={"api_enabled": True})) == (409, "switched_off_by_operator")
        # What is changed otherwise does not fix the operator's choice for the time after.
        owner.patch(SETTINGS, json={"query_log": {"days": 7}})
    with a_house(tmp_path) as house:
        assert house.switches.now().api_enabled
