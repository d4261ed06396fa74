"""Models by HTTP: endpoints tried out, added, used and removed; where they may be, and their keys."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diglot.adapters.embedders.store import ModelStore
from diglot.assembly import Diglot, build
from diglot.domain.api_key import Scope
from diglot.domain.dataset import Indexing
from diglot.library.documents import NewDocument
from tests.adapters.embedders.model_server import DIMENSION, ModelServer, model_server
from tests.dialects.native.conftest import API, Shelf
from tests.dialects.others import a_reader, one_restricted
from tests.house import a_client, a_house, finish

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with a_house(tmp_path / "data", ocr="off") as house:
        yield Shelf(house, a_client(house), house.datasets.create(house.keys.owner(), "shelf"))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def _body(server: ModelServer, **changes: Any) -> dict[str, Any]:
    sent = {"type": "embedding", "name": "remote", "base_url": server.url, "model": "their-name", "api_key": KEY}
    return sent | changes


def _refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_an_endpoint_is_tried_out_and_not_kept(shelf: Shelf, server: ModelServer) -> None:
    answer = shelf.client.post(f"{API}/models/test", json=_body(server)).json()
    assert answer | {"ms": 0} == {"ok": True, "dimension": DIMENSION, "ms": 0, "message": ""}
    judged = shelf.client.post(f"{API}/models/test", json=_body(server, type="rerank")).json()
    assert judged | {"ms": 0} == {"ok": True, "dimension": None, "ms": 0, "message": ""}
    server.mode = "refuses"
    server.url = "http://127.0.0.1:9/v1"
    failed = shelf.client.post(f"{API}/models/test", json=_body(server)).json()
    assert (failed["ok"], failed["message"]) == (False, "The model remote cannot be reached.")
    [lexical] = shelf.client.get(f"{API}/models").json()["embedding"]
    assert lexical["name"] == "diglot/lexical"


def test_an_endpoint_is_added(shelf: Shelf, server: ModelServer) -> None:
    added = shelf.client.post(f"{API}/models", json=_body(server))
    assert added.status_code == 201
    assert added.json() == {
        "name": "remote",
        "kind": "openai",
        "dimension": DIMENSION,
        "languages": None,
        "is_default": True,
        "dataset_count": 0,
        "base_url": server.url,
        "key_hint": "…6789",
    }
    judge = shelf.client.post(f"{API}/models", json=_body(server, type="rerank", name="judge", api_key=None)).json()
    assert "key_hint" not in judge
    listed = shelf.client.get(f"{API}/models").json()
    assert [one["name"] for one in listed["embedding"]] == ["diglot/lexical", "remote"]
    assert listed["rerank"] == [judge]
    assert _refusal(shelf.client.post(f"{API}/models", json=_body(server))) == (409, "name_taken")


def test_what_does_not_answer_is_not_added(shelf: Shelf) -> None:
    body = {"type": "rerank", "name": "judge", "base_url": "http://127.0.0.1:9/v1", "model": "m"}
    assert _refusal(shelf.client.post(f"{API}/models", json=body)) == (503, "model_unavailable")
    assert shelf.client.get(f"{API}/models").json()["rerank"] == []


def test_a_dimension_is_asked_for(shelf: Shelf, server: ModelServer) -> None:
    added = shelf.client.post(f"{API}/models", json=_body(server, dimension=8)).json()
    assert added["dimension"] == 8
    assert [request.get("dimensions") for request in server.requests] == [None, 8]
    same = shelf.client.post(f"{API}/models", json=_body(server, name="same", dimension=DIMENSION, model="b")).json()
    assert same["dimension"] == DIMENSION
    assert server.requests[-1].get("dimensions") is None


def _indexed(house: Diglot, shelf: Shelf) -> None:
    new = NewDocument(
        name="a.txt", content=[b"The battery lasts."], indexing=Indexing.HIGH_QUALITY, embedding_model="remote"
    )
    house.documents.add(house.keys.owner(), shelf.dataset.id, new)
    finish(house)


def test_every_process_knows_of_it_at_once(shelf: Shelf, server: ModelServer) -> None:
    with build(shelf.house.settings) as elsewhere:
        assert elsewhere.embedders.names() == ["diglot/lexical"]
        shelf.client.post(f"{API}/models", json=_body(server))
        assert elsewhere.embedders.resolve("remote") == "remote"
        _indexed(elsewhere, shelf)
        assert server.headers[-1]["authorization"] == f"Bearer {KEY}"
        assert shelf.client.get(f"{API}/models").json()["embedding"][1]["dataset_count"] == 1


def test_a_model_in_use_stays(shelf: Shelf, server: ModelServer) -> None:
    shelf.client.post(f"{API}/models", json=_body(server))
    shelf.client.post(f"{API}/models", json=_body(server, type="rerank", name="judge"))
    _indexed(shelf.house, shelf)
    model = {"reranking_enable": True, "reranking_model": {"reranking_model_name": "judge"}}
    patched = shelf.client.patch(
        f"/v1/datasets/{shelf.dataset.id}",
        json={"retrieval_model": model | {"search_method": "semantic_search", "top_k": 3}},
    )
    assert patched.status_code == 200, patched.text
    for name in ("remote", "judge"):
        assert _refusal(shelf.client.delete(f"{API}/models/{name}")) == (409, "model_in_use")
    shelf.house.datasets.remove(shelf.house.keys.owner(), shelf.dataset.id)
    for name in ("remote", "judge"):
        assert shelf.client.delete(f"{API}/models/{name}").status_code == 204
        assert _refusal(shelf.client.delete(f"{API}/models/{name}")) == (404, "model_not_found")
    audit = shelf.client.get(f"{API}/audit").json()["items"]
    told = [(one["verb"], one["object_name"]) for one in audit if one["kind"] == "model"]
    assert told == [("delete", "judge"), ("delete", "remote"), ("create", "judge"), ("create", "remote")]


def test_only_admins_see_models(shelf: Shelf, server: ModelServer) -> None:
    writer = a_client(shelf.house, shelf.house.keys.create(shelf.house.keys.owner(), "w").text)
    for client in (a_reader(shelf.house), writer, one_restricted(shelf.house)):
        answers = [
            client.get(f"{API}/models"),
            client.post(f"{API}/models", json=_body(server)),
            client.post(f"{API}/models/test", json=_body(server)),
            client.delete(f"{API}/models/remote"),
        ]
        assert {_refusal(answer) for answer in answers} == {(403, "scope_missing")}
    assert server.requests == []


def test_the_key_is_sealed_and_told_nowhere(
    shelf: Shelf, server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [shelf.client.post(f"{API}/models{path}", json=_body(server)).text for path in ("", "/test")]
    wrong = _body(server, name="other", api_key=KEY + "\n")
    answers += [shelf.client.post(f"{API}/models", json=wrong).text, shelf.client.get(f"{API}/models").text]
    answers.append(shelf.client.get(f"{API}/audit").text)
    data = shelf.house.settings.data
    files = [path.read_bytes() for path in data.rglob("*") if path.is_file()]
    assert not any(KEY in answer for answer in answers)
    assert KEY not in caplog.text
    assert not any(KEY.encode() in content for content in files)
    store = ModelStore(shelf.house.settings.models_folder)
    assert store.secret("remote") == KEY
    for path in (data / "model-keys.key", data / "models" / "remote" / "secret"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_lost_key_file_is_told_of(shelf: Shelf, server: ModelServer) -> None:
    shelf.client.post(f"{API}/models", json=_body(server))
    (shelf.house.settings.data / "model-keys.key").unlink()
    assert "key_hint" not in shelf.client.get(f"{API}/models").json()["embedding"][1]


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1/v1",
        "http://192.168.1.1:8080/v1",
        "http://169.254.169.254/latest",
        "http://[fd00:ec2::254]/v1",
        "http://[::ffff:10.0.0.1]/v1",
        "http://[64:ff9b::a9fe:a9fe]/v1",
        "http://100.100.100.200/v1",
        "http://0.0.0.0:9/v1",
        "http://168.63.129.16/v1",
        "http://a-name-that-is-nowhere.invalid/v1",
        "ftp://example.com/v1",
        "file:///etc/passwd",
        "http://user:secret@example.com/v1",
        "https:///v1",
    ],
)
@pytest.mark.parametrize("path", ["/models", "/models/test"])
def test_addresses_that_are_not_allowed(shelf: Shelf, path: str, address: str) -> None:
    body = {"type": "embedding", "name": "inner", "base_url": address, "model": "m", "api_key": KEY}
    answer = shelf.client.post(f"{API}{path}", json=body)
    assert _refusal(answer) == (400, "invalid_argument")
    assert answer.json()["error"]["argument"] == "base_url"


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "0x7f.1", "2130706433"])
def test_a_server_for_others_does_not_ask_its_own_machine(tmp_path: Path, server: ModelServer, address: str) -> None:
    sent = _body(server, base_url=server.url.replace("127.0.0.1", address))
    with a_house(tmp_path / "data", host="0.0.0.0") as house:
        assert _refusal(a_client(house).post(f"{API}/models/test", json=sent)) == (400, "invalid_argument")
    assert server.requests == []
    with a_house(tmp_path / "allowed", host="0.0.0.0", model_hosts="localhost, 127.0.0.0/8") as house:
        assert a_client(house).post(f"{API}/models/test", json=sent).json()["ok"] is True


def test_redirects_are_not_followed(shelf: Shelf, server: ModelServer) -> None:
    server.mode = "redirect"
    answer = shelf.client.post(f"{API}/models/test", json=_body(server)).json()
    assert answer["ok"] is False
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"type": "chat"}, {"name": "a/b"}, {"name": ""}, {"dimension": 0}, {"model": ""}, {"extra": 1}, {"api_key": "ü"}],
    ids=str,
)
def test_bodies_that_are_refused(shelf: Shelf, server: ModelServer, wrong: dict[str, Any]) -> None:
    answer = shelf.client.post(f"{API}/models", json=_body(server, **wrong))
    assert answer.status_code == 400
    assert server.requests == []


def test_scopes_are_enough(shelf: Shelf) -> None:
    admin = shelf.house.keys.create(shelf.house.keys.owner(), "a", scopes=[Scope.ADMIN]).text
    assert a_client(shelf.house, admin).get(f"{API}/models").status_code == 200
