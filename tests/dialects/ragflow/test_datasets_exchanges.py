"""Logs of ingestions, tags, models to be compared, graphs: recorded answers, and who gets others."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.operations import Operation
from diglot.http.ragflow import embedding, graphs, ingestions, tags
from diglot.http.ragflow.app import OPERATIONS
from tests.adapters.embedders.model_server import DIMENSION, model_server
from tests.dialects.others import a_reader, a_stranger, one_restricted
from tests.dialects.recorded import operation_of, play, stories
from tests.house import a_client, a_house, finish

API = "/api/v1"
STORIES = [one for one in stories(Path(__file__).parent) if one.stem in ("ingestions", "tags", "embedding")]
OF_DATASETS = [*ingestions.OPERATIONS, *embedding.OPERATIONS, *tags.OPERATIONS, *graphs.OPERATIONS]
CHANGING = [one for one in OF_DATASETS if one.method != "GET"]
BODIES = {
    "renameTag": {"from_tag": "harbour", "to_tag": "port"},
    "deleteTags": {"tags": ["harbour"]},
    "checkEmbedding": {"embd_id": "diglot/lexical"},
}


@pytest.fixture(scope="module")
def client(house: Diglot) -> TestClient:
    return a_client(house)


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_the_answers_are_as_recorded(house: Diglot, client: TestClient, story: Path) -> None:
    for request, answer in play(client, house, story):
        if answer.json()["code"] == 0:
            model = operation_of(OPERATIONS, request["method"], request["path"].removeprefix(API)).answer
            assert model is not None, request["path"]
            model.model_validate(answer.json(), extra="forbid")


def test_there_are_stories() -> None:
    assert len(STORIES) == 3


def _created(client: TestClient, method: str = "one", *files: tuple[str, str]) -> tuple[str, list[str]]:
    """A dataset, and documents in it that are to be parsed."""
    dataset = client.post(f"{API}/datasets", json={"name": "shelf", "chunk_method": method}).json()["data"]["id"]
    if not files:
        return dataset, []
    sent = [("file", (name, content)) for name, content in files]
    documents = client.post(f"{API}/datasets/{dataset}/documents", files=sent).json()["data"]
    ids = [document["id"] for document in documents]
    client.post(f"{API}/datasets/{dataset}/chunks", json={"document_ids": ids})
    return dataset, ids


def _logs(client: TestClient, dataset: str) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/datasets/{dataset}/ingestions").json()
    logs: list[dict[str, Any]] = answer["data"]["logs"]
    assert answer["data"]["total"] == len(logs)
    return logs


def test_each_reading_has_a_log_of_its_own(house: Diglot, client: TestClient) -> None:
    dataset, ids = _created(client, "one", ("a.txt", "The harbour opens at six."))
    assert _logs(client, dataset) == []
    finish(house)
    client.post(f"{API}/datasets/{dataset}/chunks", json={"document_ids": ids})
    client.request("DELETE", f"{API}/datasets/{dataset}/chunks", json={"document_ids": ids})
    assert [log["operation_status"] for log in _logs(client, dataset)] == ["2", "3"]
    stopped, read = _logs(client, dataset)
    assert (stopped["progress"], read["progress"]) == (0.0, 1.0)
    assert stopped["progress_msg"].endswith(" Task stopped by user.")
    assert " Task done (" in read["progress_msg"]
    client.request("DELETE", f"{API}/datasets/{dataset}/documents", json={"ids": ids})
    assert _logs(client, dataset) == []


def test_a_failure_says_why_as_the_document_does(house: Diglot, client: TestClient) -> None:
    dataset, _ = _created(client, "one", ("broken.docx", "no archive"))
    finish(house)
    [document] = client.get(f"{API}/datasets/{dataset}/documents").json()["data"]["docs"]
    [log] = _logs(client, dataset)
    assert log["operation_status"] == "4"
    reason = document["progress_msg"].partition("[ERROR]")[2]
    assert reason
    assert log["progress_msg"].endswith(f"[ERROR]{reason}")


def test_another_model_is_compared(tmp_path: Path) -> None:
    with model_server() as server, a_house(tmp_path / "data") as house:
        client = a_client(house)
        # A model of that family has a prefix before each text, so that its vectors are others.
        for name, remote in (("present", "one"), ("same", "two"), ("different", "multilingual-e5-small")):
            endpoint = {"type": "embedding", "name": name, "base_url": server.url, "model": remote}
            assert client.post("/diglot/v1/models", json=endpoint).status_code == 201
        fields = {"name": "shelf", "chunk_method": "one", "embedding_model": "present@openai"}
        dataset = client.post(f"{API}/datasets", json=fields).json()["data"]["id"]
        _parsed(house, client, dataset, "The harbour opens at six.")
        same, different, short = (
            client.post(f"{API}/datasets/{dataset}/embedding/check", json={"embd_id": name, "check_num": 3}).json()
            for name in ("same@openai", "different@openai", "diglot/lexical@diglot")
        )
    assert (same["code"], same["data"]["summary"]["avg_cos_sim"]) == (0, pytest.approx(1.0, abs=1e-4))
    assert (different["code"], different["data"]["summary"]["avg_cos_sim"] < 0.9) == (10, True)
    assert {one["vector_dim"] for one in different["data"]["results"]} == {DIMENSION}
    assert (short["code"], f"original ({DIMENSION})" in short["message"]) == (102, True)


def _parsed(house: Diglot, client: TestClient, dataset: str, text: str) -> None:
    [document] = client.post(f"{API}/datasets/{dataset}/documents", files=[("file", ("a.txt", text))]).json()["data"]
    client.post(f"{API}/datasets/{dataset}/chunks", json={"document_ids": [document["id"]]})
    finish(house)


def test_renaming_reaches_every_chunk(house: Diglot, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diglot.catalog.chunk_tags.PAGE", 2)
    rows = "".join(f"ship number {number},harbour\n" for number in range(5))
    dataset, _ = _created(client, "tag", ("a.csv", rows))
    finish(house)
    place = f"{API}/datasets/{dataset}/tags"
    assert client.put(place, json={"from_tag": "harbour", "to_tag": "port"}).json()["code"] == 0
    assert client.get(place).json()["data"] == [["port", 5]]
    together = client.get(f"{API}/datasets/tags/aggregation", params={"dataset_ids": f"{dataset}, {dataset}"}).json()
    assert together["data"] == [{"value": "port", "count": 5}]


@pytest.mark.parametrize("operation", OF_DATASETS, ids=lambda one: one.id)
def test_others_get_nothing(house: Diglot, client: TestClient, operation: Operation) -> None:
    dataset, _ = _created(client)
    for other in (a_stranger(house), one_restricted(house)):
        assert _asked(other, operation, dataset)["code"] in (102, 109)


@pytest.mark.parametrize("operation", CHANGING, ids=lambda one: one.id)
def test_a_reader_changes_nothing(house: Diglot, client: TestClient, operation: Operation) -> None:
    dataset, _ = _created(client, "one", ("a.txt", "text"))
    assert _asked(a_reader(house), operation, dataset)["code"] == 403


def _asked(client: TestClient, operation: Operation, dataset: str) -> dict[str, Any]:
    path = API + operation.path.format(dataset_id=dataset, log_id=dataset)
    query = {"dataset_ids": dataset} if operation.id == "aggregateTags" else {"type": "graph"}
    answer = client.request(operation.method, path, params=query, json=BODIES.get(operation.id, {}))
    body: dict[str, Any] = answer.json()
    return body
