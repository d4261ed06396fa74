"""API keys by HTTP: their life, their limits, what is shown of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.api_key import Scope
from diglot.domain.identity import now_ms
from tests.dialects.native.conftest import API
from tests.dialects.native.console import at_console, code_of, set_up
from tests.dialects.others import a_stranger
from tests.house import KEY, a_client, a_house

KEYS = f"{API}/keys"
UNKNOWN = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house")) as one:
        set_up(one)
        yield one


@pytest.fixture(scope="module")
def owner(house: Diglot) -> TestClient:
    return at_console(house, "ada")


def _make(owner: TestClient, **changes: Any) -> tuple[dict[str, Any], str]:
    answer = owner.post(KEYS, json={"name": "desk", "scopes": ["read", "write"]} | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()["key"], answer.json()["text"]


def _status(house: Diglot, text: str) -> int:
    return a_client(house, text).get("/v1/datasets").status_code


def test_a_keys_life(house: Diglot, owner: TestClient) -> None:
    key, text = _make(owner)
    assert text.startswith(key["prefix"])
    assert text not in owner.get(KEYS).text
    assert (key["scopes"], key["datasets"], key["last_used_at"]) == (["read", "write"], None, None)
    assert key["user"]["name"] == "Ada"
    assert _status(house, text) == 200
    (shown,) = [one for one in owner.get(KEYS).json()["items"] if one["id"] == key["id"]]
    assert shown["last_used_at"] is not None
    assert shown["last_used_ip"] == "testclient"
    path = f"{KEYS}/{key['id']}"
    assert owner.patch(path, json={"is_disabled": True}).json()["is_disabled"]
    assert _status(house, text) == 401
    assert owner.patch(path, json={"name": "help desk", "is_disabled": False}).json()["name"] == "help desk"
    assert _status(house, text) == 200
    assert owner.delete(path).status_code == 204
    assert _status(house, text) == 401
    assert code_of(owner.delete(path)) == (404, "key_not_found")


def test_a_key_is_replaced(house: Diglot, owner: TestClient) -> None:
    key, text = _make(owner, scopes=["read"], expires_at=now_ms() + HOUR_MS)
    made = owner.post(f"{KEYS}/{key['id']}/rotate", json={"grace_seconds": 60})
    assert made.status_code == 201
    assert made.json()["key"]["scopes"] == ["read"]
    assert _status(house, text) == _status(house, made.json()["text"]) == 200
    again = owner.post(f"{KEYS}/{made.json()['key']['id']}/rotate", json={"grace_seconds": 0})
    assert _status(house, made.json()["text"]) == 401
    assert _status(house, again.json()["text"]) == 200
    refused = owner.post(f"{KEYS}/{made.json()['key']['id']}/rotate", json={})
    assert code_of(refused) == (409, "key_not_in_force")


def test_a_key_for_some_datasets(house: Diglot, owner: TestClient) -> None:
    mine = owner.post("/v1/datasets", json={"name": "mine"}).json()["id"]
    owner.post("/v1/datasets", json={"name": "other"})
    key, text = _make(owner, datasets=[mine], scopes=["read", "write", "admin"])
    assert key["datasets"] == [mine.replace("-", "")]
    client = a_client(house, text)
    assert [one["name"] for one in client.get("/v1/datasets").json()["data"]] == ["mine"]
    for method, path in (("GET", KEYS), ("POST", KEYS), ("GET", f"{API}/members"), ("PATCH", f"{API}/settings")):
        body = {"name": "wider", "scopes": ["read"]} if path == KEYS else {"api_enabled": True}
        answer = client.request(method, path, json=body if method != "GET" else None)
        assert code_of(answer) == (403, "scope_missing"), path


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"scopes": []}, 400, "invalid_argument"),
        ({"scopes": ["root"]}, 400, "invalid_argument"),
        ({"expires_at": 1}, 400, "invalid_argument"),
        ({"expires_at": 10**18}, 400, "invalid_argument"),
        ({"name": ""}, 400, "name_invalid"),
        ({"datasets": ["x"]}, 404, "dataset_not_found"),
        ({"datasets": [UNKNOWN]}, 404, "dataset_not_found"),
        ({"text": KEY}, 400, "invalid_argument"),
    ],
)
def test_what_is_refused(owner: TestClient, changes: dict[str, Any], status: int, code: str) -> None:
    assert code_of(owner.post(KEYS, json={"name": "desk", "scopes": ["read"]} | changes)) == (status, code)


def test_keys_of_another_workspace_are_unknown(house: Diglot, owner: TestClient) -> None:
    key, text = _make(owner)
    stranger = a_stranger(house, [Scope.ADMIN])
    assert [one["name"] for one in stranger.get(KEYS).json()["items"]] == ["k"]
    for known in (key["id"], UNKNOWN, "x"):
        assert code_of(stranger.patch(f"{KEYS}/{known}", json={"is_disabled": True})) == (404, "key_not_found")
        assert code_of(stranger.post(f"{KEYS}/{known}/rotate", json={})) == (404, "key_not_found")
        assert code_of(stranger.delete(f"{KEYS}/{known}")) == (404, "key_not_found")
    assert _status(house, text) == 200


def test_keys_are_for_owners(house: Diglot, owner: TestClient) -> None:
    _, text = _make(owner)
    assert code_of(a_client(house, text).get(KEYS)) == (403, "scope_missing")


def test_pages(owner: TestClient) -> None:
    for _ in range(3):
        _make(owner)
    every = owner.get(KEYS).json()["items"]
    first = owner.get(KEYS, params={"limit": len(every) - 1}).json()
    second = owner.get(KEYS, params={"limit": len(every) - 1, "cursor": first["next"]}).json()
    assert first["items"] + second["items"] == every
    assert second["next"] is None
