"""The server's state, its default models and its keys, through RAGFlow's API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.api_key import Scope
from tests.house import KEY, a_client, a_house

API = "/api/v1"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Diglot]:
    with a_house(tmp_path / "house") as opened:
        yield opened


def test_a_part_that_is_not_well(house: Diglot) -> None:
    open_to_all = TestClient(a_client(house).app)
    assert open_to_all.get(f"{API}/system/healthz").status_code == 200
    folder = house.settings.blobs_folder
    assert not folder.exists() or folder.is_dir()
    if folder.exists():
        folder.rename(folder.with_name("elsewhere"))
    folder.write_text("in the way")
    for path in (f"{API}/system/healthz", "/v1/system/healthz"):
        answer = open_to_all.get(path)
        assert answer.status_code == 500
        assert answer.json() == {"db": "ok", "doc_engine": "ok", "storage": "nok", "status": "nok"}
    told = a_client(house).get(f"{API}/system/status").json()["data"]
    assert (told["storage"]["status"], told["database"]["status"]) == ("red", "green")
    assert float(told["database"]["elapsed"]) >= 0


def test_a_key_lives_and_is_revoked(house: Diglot) -> None:
    client = a_client(house)
    made = client.post(f"{API}/system/tokens?name=reader").json()["data"]
    theirs = a_client(house, made["token"])
    assert theirs.get(f"{API}/datasets").json()["code"] == 0
    listed = client.get(f"{API}/system/tokens").json()["data"]
    assert [(one["name"], one["token"]) for one in listed] == [
        ("bootstrap", KEY[: len("dataset-") + 8]),
        ("reader", made["token"][: len("dataset-") + 8]),
    ]
    wrong = made["token"][:-1] + ("a" if made["token"][-1] != "a" else "b")
    assert client.delete(f"{API}/system/tokens/{wrong}").json()["data"] is True
    assert theirs.get(f"{API}/datasets").json()["code"] == 0
    assert client.delete(f"{API}/system/tokens/{listed[1]['token']}").json()["data"] is True
    assert theirs.get(f"{API}/datasets").status_code == 401
    assert [one["name"] for one in client.get(f"{API}/system/tokens").json()["data"]] == ["bootstrap"]


def test_keys_are_managed_by_those_who_may(house: Diglot) -> None:
    plain = a_client(house, house.keys.create(house.keys.owner(), "plain").text)
    for method, path in (("GET", ""), ("POST", ""), ("DELETE", f"/{KEY}")):
        answer = plain.request(method, f"{API}/system/tokens{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, 403)
    assert plain.get(f"{API}/users/me").json()["data"]["is_superuser"] is False
    assert a_client(house).get(f"{API}/datasets").json()["code"] == 0


def test_a_key_made_here_may_read_and_write_and_not_more(house: Diglot) -> None:
    made = a_client(house).post(f"{API}/system/tokens").json()["data"]
    caller = house.keys.verify(made["token"])
    assert (caller.scopes, caller.datasets) == (frozenset({Scope.READ, Scope.WRITE}), None)
    assert caller.workspace_id == made["tenant_id"]


def test_the_default_models_are_named_as_datasets_name_them(house: Diglot) -> None:
    client = a_client(house)
    data = client.get(f"{API}/users/me/models").json()["data"]
    made = client.post(f"{API}/datasets", json={"name": "a", "embedding_model": data["embd_id"]}).json()["data"]
    assert (made["embedding_model"], data["llm_id"]) == (data["embd_id"], "")
    assert made["tenant_id"] == data["tenant_id"]
