"""Tag datasets: chunks and questions get the tags of what is nearest to them, and hits with the same tags go first."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.catalog.tables import chunks, documents
from diglot.domain.api_key import Scope
from diglot.domain.identity import DatasetId
from tests.dialects.others import a_stranger
from tests.house import a_client, finish, follow

API = "/api/v1"
TAGS = (
    'ships and boats lie at the quay,"harbour,sea"\n'
    'bread and cake from the oven,"bakery"\n'
    'hammers and saws in the workshop,"tools.hand"\n'
)


@pytest.fixture(scope="module")
def client(house: Diglot) -> TestClient:
    return a_client(house)


@pytest.fixture(scope="module")
def tags(house: Diglot, client: TestClient) -> str:
    dataset = _dataset(client, chunk_method="tag")
    _parse(house, client, dataset, "tags.csv", TAGS)
    return dataset


def _dataset(client: TestClient, **fields: Any) -> str:
    answer = client.post(f"{API}/datasets", json={"name": "shelf", **fields}).json()
    assert answer["code"] == 0, answer
    return str(answer["data"]["id"])


def _labelled(client: TestClient, tags: str, **config: Any) -> str:
    return _dataset(client, parser_config={"tag_kb_ids": [tags], "delimiter": "`##`", **config})


def _parse(house: Diglot, client: TestClient, dataset: str, name: str, text: str) -> None:
    [document] = client.post(f"{API}/datasets/{dataset}/documents", files=[("file", (name, text))]).json()["data"]
    client.post(f"{API}/datasets/{dataset}/chunks", json={"document_ids": [document["id"]]})
    finish(house)


def _weights(client: TestClient, dataset: str) -> dict[str, dict[str, float]]:
    """What each chunk was labelled with, by its content."""
    [document] = client.get(f"{API}/datasets/{dataset}/documents").json()["data"]["docs"]
    place = f"{API}/datasets/{dataset}/documents/{document['id']}/chunks"
    chunks = client.get(place).json()["data"]["chunks"]
    return {one["content"]: client.get(f"{place}/{one['id']}").json()["data"]["tag_feas"] for one in chunks}


def _search(client: TestClient, dataset: str, question: str) -> dict[str, Any]:
    answer = client.post(f"{API}/datasets/{dataset}/search", json={"question": question}).json()
    assert answer["code"] == 0, answer
    data: dict[str, Any] = answer["data"]
    return data


def test_chunks_are_labelled(house: Diglot, client: TestClient, tags: str) -> None:
    dataset = _labelled(client, tags, topn_tags=2)
    _parse(house, client, dataset, "a.txt", "Two ships and a boat##A cake was baked##Nothing of all that")
    assert _weights(client, dataset) == {
        "Two ships and a boat": {"harbour": 1.0, "sea": 1.0},
        "A cake was baked": {"bakery": 1.0},
        "Nothing of all that": {},
    }


def test_as_many_tags_as_are_wanted(house: Diglot, client: TestClient, tags: str) -> None:
    dataset = _labelled(client, tags, topn_tags=1)
    _parse(house, client, dataset, "a.txt", "Two ships and a boat")
    assert _weights(client, dataset) == {"Two ships and a boat": {"harbour": 1.0}}


def test_hits_with_the_question_s_tags_go_first(house: Diglot, client: TestClient, tags: str) -> None:
    plain, labelled = _dataset(client, parser_config={"delimiter": "`##`"}), _labelled(client, tags, topn_tags=3)
    text = "Boats are washed in spring before anything else##The key to the office is in the office"
    for dataset in (plain, labelled):
        _parse(house, client, dataset, "a.txt", text)
    asked = "Where is the key to the office of the boats and ships?"
    found, without = _search(client, labelled, asked), _search(client, plain, asked)
    assert (found["labels"], without["labels"]) == ({"harbour": 1.0, "sea": 1.0}, {})
    best, other = found["chunks"]
    assert best["similarity"] > 10 > other["similarity"]
    assert best["content_with_weight"].startswith("Boats")
    assert without["chunks"][0]["content_with_weight"] == other["content_with_weight"]


def test_what_is_switched_off_or_gone_labels_nothing(house: Diglot, client: TestClient) -> None:
    tags = _dataset(client, chunk_method="tag")
    _parse(house, client, tags, "tags.csv", TAGS)
    dataset = _labelled(client, tags)
    assert _search(client, dataset, "ships")["labels"] == {"harbour": 1.0, "sea": 1.0}
    [document] = client.get(f"{API}/datasets/{tags}/documents").json()["data"]["docs"]
    client.put(f"{API}/datasets/{tags}/documents/{document['id']}", json={"enabled": 0})
    assert _search(client, dataset, "ships")["labels"] == {}
    client.request("DELETE", f"{API}/datasets", json={"ids": [tags]})
    assert _search(client, dataset, "ships")["labels"] == {}
    _parse(house, client, dataset, "a.txt", "Two ships and a boat")
    assert _weights(client, dataset) == {"Two ships and a boat": {}}


def test_another_workspace_s_tags_stay_there(house: Diglot, client: TestClient, tags: str) -> None:
    stranger = a_stranger(house)
    dataset = _labelled(stranger, tags)
    _parse(house, stranger, dataset, "a.txt", "Two ships and a boat")
    assert _weights(stranger, dataset) == {"Two ships and a boat": {}}
    assert _search(stranger, dataset, "ships")["labels"] == {}


def test_a_key_names_only_tag_datasets_that_it_reaches(house: Diglot, client: TestClient, tags: str) -> None:
    dataset = _dataset(client)
    restricted = a_client(house, house.keys.create(house.keys.owner(), "k", datasets=[DatasetId(dataset)]).text)
    answer = restricted.put(f"{API}/datasets/{dataset}", json={"parser_config": {"tag_kb_ids": [tags]}}).json()
    assert (answer["code"], answer["message"]) == (101, "Tags may come only from datasets that the API key reaches.")
    client.put(f"{API}/datasets/{dataset}", json={"parser_config": {"tag_kb_ids": [tags]}})
    assert _search(restricted, dataset, "ships")["labels"] == {}
    assert _search(client, dataset, "ships")["labels"] == {"harbour": 1.0, "sea": 1.0}
    # What another key chose does not keep this one from changing the rest.
    answer = restricted.put(f"{API}/datasets/{dataset}", json={"parser_config": {"topn_tags": 2}}).json()
    assert (answer["code"], answer["data"]["parser_config"]["tag_kb_ids"]) == (0, [tags])


def test_a_restricted_key_changes_what_else_a_document_s_rules_say(
    house: Diglot, client: TestClient, tags: str
) -> None:
    dataset = _dataset(client)
    restricted = a_client(house, house.keys.create(house.keys.owner(), "k", datasets=[DatasetId(dataset)]).text)
    [document] = client.post(f"{API}/datasets/{dataset}/documents", files={"file": ("a.txt", "ships")}).json()["data"]
    place = f"{API}/datasets/{dataset}/documents/{document['id']}"
    assert restricted.put(place, json={"parser_config": {"tag_kb_ids": [tags]}}).json()["code"] == 102
    client.put(place, json={"parser_config": {"tag_kb_ids": [tags]}})
    answer = restricted.put(place, json={"parser_config": {"topn_tags": 2}}).json()
    assert (answer["code"], answer["data"]["parser_config"]["tag_kb_ids"]) == (0, [tags])


def test_a_restricted_key_makes_no_dataset_with_tags_of_others(house: Diglot, client: TestClient, tags: str) -> None:
    own = _dataset(client, chunk_method="tag")
    scopes = [Scope.READ, Scope.WRITE, Scope.ADMIN]
    key = house.keys.create(house.keys.owner(), "k", scopes=scopes, datasets=[DatasetId(own)])
    restricted = a_client(house, key.text)
    body = {"name": "spy", "parser_config": {"tag_kb_ids": [tags]}}
    answer = restricted.post(f"{API}/datasets", json=body).json()
    assert (answer["code"], answer["message"]) == (101, "Tags may come only from datasets that the API key reaches.")
    assert client.get(f"{API}/datasets", params={"name": "spy"}).json()["code"] == 102
    body["parser_config"] = {"tag_kb_ids": [own]}
    assert restricted.post(f"{API}/datasets", json=body).json()["code"] == 0


def test_pages_hold_each_tagged_hit_once(house: Diglot, client: TestClient, tags: str) -> None:
    dataset = _labelled(client, tags, topn_tags=1)
    # What has the question's tags is far behind by words.
    texts = [f"office {number} in the office" for number in range(100)]
    texts += [f"the quay where long lines of people {number} wait for what comes to an office" for number in range(30)]
    _parse(house, client, dataset, "a.txt", "##".join(texts))
    asked = {"question": "office ships", "dataset_ids": [dataset], "similarity_threshold": 0, "page_size": 32}
    answers = [client.post(f"{API}/retrieval", json=asked | {"page": page}).json()["data"] for page in range(1, 6)]
    found = [chunk["content"] for answer in answers for chunk in answer["chunks"]]
    assert sorted(found) == sorted(texts)


def test_a_rename_keeps_what_is_edited_meanwhile(house: Diglot, client: TestClient) -> None:
    dataset = _dataset(client, chunk_method="tag")
    _parse(house, client, dataset, "tags.csv", "ships,harbour\n")
    is_edited = threading.Event()

    def edit(connection: Connection) -> None:
        wanted = select(documents.c.revision_key).where(documents.c.dataset_id == dataset)
        change = update(chunks).where(chunks.c.revision_key.in_(wanted)).values(tags=["harbour", "sea"])
        connection.execute(change)
        is_edited.set()
        time.sleep(0.3)

    with ThreadPoolExecutor(1) as pool:
        edited = pool.submit(house.database.write, edit)
        is_edited.wait(10)
        client.put(f"{API}/datasets/{dataset}/tags", json={"from_tag": "harbour", "to_tag": "port"})
        edited.result()
    assert client.get(f"{API}/datasets/{dataset}/tags").json()["data"] == [["port", 1], ["sea", 1]]


def test_what_is_no_id_is_kept_and_names_nothing(house: Diglot, client: TestClient) -> None:
    dataset = _labelled(client, "1")
    _parse(house, client, dataset, "a.txt", "Two ships and a boat")
    assert _weights(client, dataset) == {"Two ships and a boat": {}}


def test_an_explained_score_names_what_tags_add(house: Diglot, client: TestClient, tags: str) -> None:
    dataset = _labelled(client, tags)
    _parse(house, client, dataset, "a.txt", "Two ships and a boat")
    follow(house, dataset)
    body = {"question": "ships", "dataset_ids": [dataset]}
    answer = client.post("/diglot/v1/explain", json={"ragflow": body}).json()
    [hit] = answer["hits"]
    assert hit["parts"]["tags"] > 5
    assert sum(hit["parts"].values()) == pytest.approx(hit["scores"]["final"])
