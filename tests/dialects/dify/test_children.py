"""Chunks that are found by their child chunks, through Dify's API."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.dialects.dify.objects import a_dataset, a_document, a_ready_document, contents
from tests.house import finish, follow

pytestmark = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True, scope="module")

TEXT = "Zebras have stripes.\nThey live in herds.\n\nOkapis are shy.\nThey live alone."


def hierarchical(**rules: Any) -> dict[str, Any]:
    said = {
        "pre_processing_rules": [],
        "segmentation": {"separator": "\\n\\n", "max_tokens": 500},
        "parent_mode": "paragraph",
        "subchunk_segmentation": {"separator": "\\n", "max_tokens": 100},
    }
    return {"doc_form": "hierarchical_model", "process_rule": {"mode": "hierarchical", "rules": said | rules}}


@pytest.fixture
def place(client: TestClient, house: Diglot) -> tuple[str, str]:
    """A dataset, and where the segments of its one document are."""
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, TEXT, **hierarchical())
    return dataset, f"/v1/datasets/{dataset}/documents/{document}/segments"


def segments(client: TestClient, where: str) -> list[dict[str, Any]]:
    answer = client.get(where)
    assert answer.status_code == 200, answer.text
    assert answer.json()["doc_form"] == "hierarchical_model"
    return list(answer.json()["data"])


def records(client: TestClient, dataset: str, question: str, **retrieval: Any) -> list[dict[str, Any]]:
    model = {"search_method": "full_text_search", "reranking_enable": False, "top_k": 10}
    body = {"query": question, "retrieval_model": model | {"score_threshold_enabled": False} | retrieval}
    answer = client.post(f"/v1/datasets/{dataset}/retrieve", json=body)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["records"])


def matched(client: TestClient, dataset: str, question: str) -> list[tuple[str, list[str]]]:
    return [
        (record["segment"]["content"], [child["content"] for child in record["child_chunks"]])
        for record in records(client, dataset, question)
    ]


def test_parents_are_listed_with_their_children(client: TestClient, place: tuple[str, str]) -> None:
    dataset, where = place
    first, second = segments(client, where)
    assert (first["content"], first["position"]) == ("Zebras have stripes.\nThey live in herds.", 1)
    assert (second["content"], second["position"]) == ("Okapis are shy.\nThey live alone.", 2)
    [stripes, herds] = first["child_chunks"]
    assert stripes == {
        "id": stripes["id"],
        "segment_id": first["id"],
        "content": "Zebras have stripes.",
        "position": 1,
        "word_count": 20,
        "type": "automatic",
        "created_at": stripes["created_at"],
        "updated_at": stripes["updated_at"],
    }
    assert (herds["content"], herds["position"]) == ("They live in herds.", 2)
    document = client.get(where.removesuffix("/segments")).json()
    assert (document["segment_count"], document["doc_form"]) == (2, "hierarchical_model")
    rules = document["document_process_rule"]
    assert (rules["mode"], rules["rules"]["parent_mode"]) == ("hierarchical", "paragraph")
    assert rules["rules"]["subchunk_segmentation"] == {"separator": "\n", "max_tokens": 100, "chunk_overlap": 0}
    assert client.get(f"/v1/datasets/{dataset}").json()["doc_form"] == "hierarchical_model"


def test_a_parent_is_found_by_its_best_child(client: TestClient, place: tuple[str, str]) -> None:
    dataset, _ = place
    assert matched(client, dataset, "zebras") == [
        ("Zebras have stripes.\nThey live in herds.", ["Zebras have stripes."])
    ]
    both = records(client, dataset, "live alone")
    assert [record["segment"]["content"] for record in both] == [
        "Okapis are shy.\nThey live alone.",
        "Zebras have stripes.\nThey live in herds.",
    ]
    for record in both:
        assert record["score"] == max(child["score"] for child in record["child_chunks"])
    assert len(records(client, dataset, "live", top_k=1)) == 1


@pytest.mark.parametrize("method", ["semantic_search", "full_text_search", "hybrid_search", "keyword_search"])
@pytest.mark.parametrize("indexing", ["high_quality", "economy"])
def test_by_every_method(client: TestClient, house: Diglot, method: str, indexing: str) -> None:
    dataset = a_dataset(client)
    a_ready_document(client, house, dataset, TEXT, indexing_technique=indexing, **hierarchical())
    best = records(client, dataset, "Okapis are shy.", search_method=method)[0]
    assert best["segment"]["content"] == "Okapis are shy.\nThey live alone."
    assert best["child_chunks"][0]["content"] == "Okapis are shy."


def test_the_whole_document(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    rules = hierarchical(parent_mode="full-doc")
    del rules["process_rule"]["rules"]["segmentation"]
    document = a_ready_document(client, house, dataset, TEXT, **rules)
    where = f"/v1/datasets/{dataset}/documents/{document}/segments"
    [segment] = segments(client, where)
    assert (segment["content"], segment["child_chunks"]) == (TEXT, [])
    page = client.get(f"{where}/{segment['id']}/child_chunks", params={"limit": 3, "page": 2}).json()
    assert [child["content"] for child in page["data"]] == ["They live alone."]
    assert {name: page[name] for name in ("total", "total_pages", "page", "limit")} == {
        "total": 4,
        "total_pages": 2,
        "page": 2,
        "limit": 3,
    }
    assert matched(client, dataset, "okapis") == [(TEXT, ["Okapis are shy."])]


def test_the_rule_s_mode_says_the_form(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    a_ready_document(client, house, dataset, TEXT, process_rule=hierarchical()["process_rule"])
    assert client.get(f"/v1/datasets/{dataset}").json()["doc_form"] == "hierarchical_model"
    body = {"name": "n", "text": "t", "doc_form": "text_model", "process_rule": {"mode": "automatic"}}
    refused = client.post(f"/v1/datasets/{dataset}/document/create-by-text", json=body)
    assert refused.status_code == 400


def test_the_form_alone_takes_the_defaults(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    automatic = {"doc_form": "hierarchical_model", "process_rule": {"mode": "automatic"}}
    a_ready_document(client, house, dataset, TEXT, **automatic)
    assert [children for _, children in matched(client, dataset, "zebras")] == [["Zebras have stripes."]]


def test_children_by_hand(client: TestClient, house: Diglot, place: tuple[str, str]) -> None:
    dataset, where = place
    first = segments(client, where)[0]
    children = f"{where}/{first['id']}/child_chunks"
    made = client.post(children, json={"content": "Quaggas were zebras too."})
    assert made.status_code == 200, made.text
    child = made.json()["data"]
    assert (child["type"], child["position"], child["segment_id"]) == ("customized", 3, first["id"])
    follow(house, dataset.replace("-", ""))
    assert matched(client, dataset, "quaggas") == [(first["content"], ["Quaggas were zebras too."])]
    one = f"{children}/{child['id']}"
    edited = client.patch(one, json={"content": "Tarpans were horses."}).json()["data"]
    assert (edited["id"], edited["content"], edited["type"]) == (child["id"], "Tarpans were horses.", "customized")
    assert edited["word_count"] == 20
    follow(house, dataset.replace("-", ""))
    assert matched(client, dataset, "quaggas") == []
    assert matched(client, dataset, "tarpans") == [(first["content"], ["Tarpans were horses."])]
    assert client.get(children, params={"keyword": "TARPANS"}).json()["total"] == 1
    removed = client.delete(one)
    assert (removed.status_code, removed.json()) == (200, {"result": "success"})
    assert matched(client, dataset, "tarpans") == []
    assert client.delete(one).json()["message"] == "Child chunk not found."


def test_what_happens_to_a_parent_happens_to_its_children(
    client: TestClient, house: Diglot, place: tuple[str, str]
) -> None:
    dataset, where = place
    first, second = segments(client, where)
    one = f"{where}/{first['id']}"
    assert client.post(one, json={"segment": {"enabled": False}}).status_code == 200
    assert matched(client, dataset, "zebras") == []
    follow(house, dataset.replace("-", ""))
    assert client.post(one, json={"segment": {"enabled": True}}).status_code == 200
    follow(house, dataset.replace("-", ""))
    assert len(matched(client, dataset, "zebras")) == 1
    client.post(one, json={"segment": {"keywords": ["hippotigris"]}})
    follow(house, dataset.replace("-", ""))
    assert [content for content, _ in matched(client, dataset, "hippotigris")] == [first["content"]]
    assert client.delete(f"{where}/{second['id']}").status_code == 200
    assert matched(client, dataset, "okapis") == []
    assert client.get(f"{where}/{second['id']}/child_chunks").status_code == 404
    assert client.get(where.removesuffix("/segments")).json()["segment_count"] == 1


def test_regenerated_or_left(client: TestClient, house: Diglot, place: tuple[str, str]) -> None:
    dataset, where = place
    one = f"{where}/{segments(client, where)[0]['id']}"
    left = client.post(one, json={"segment": {"content": "Giraffes are tall.\nThey eat leaves."}}).json()["data"]
    assert [child["content"] for child in left["child_chunks"]] == ["Zebras have stripes.", "They live in herds."]
    anew = client.post(one, json={"segment": {"content": left["content"], "regenerate_child_chunks": True}}).json()
    assert [child["content"] for child in anew["data"]["child_chunks"]] == ["Giraffes are tall.", "They eat leaves."]
    assert matched(client, dataset, "zebras") == []
    follow(house, dataset.replace("-", ""))
    assert matched(client, dataset, "giraffes") == [(left["content"], ["Giraffes are tall."])]


def test_an_added_chunk_gets_children(client: TestClient, house: Diglot, place: tuple[str, str]) -> None:
    dataset, where = place
    added = client.post(where, json={"segments": [{"content": "Lions roar.\nThey sleep."}, {"content": "Ants."}]})
    assert [len(one["child_chunks"]) for one in added.json()["data"]] == [2, 1]
    assert [one["position"] for one in added.json()["data"]] == [3, 4]
    follow(house, dataset.replace("-", ""))
    assert matched(client, dataset, "lions") == [("Lions roar.\nThey sleep.", ["Lions roar."])]


def test_a_new_reading_replaces_all(client: TestClient, house: Diglot, place: tuple[str, str]) -> None:
    dataset, where = place
    document = where.removesuffix("/segments")
    answer = client.post(f"{document}/update-by-text", json={"name": "n", "text": "Whales sing.\nThey dive."})
    assert answer.status_code == 200, answer.text
    finish(house)
    assert matched(client, dataset, "zebras") == []
    assert matched(client, dataset, "whales") == [("Whales sing.\nThey dive.", ["Whales sing."])]
    assert len(segments(client, where)) == 1


def test_disabled_and_deleted_documents(client: TestClient, place: tuple[str, str]) -> None:
    dataset, where = place
    ids = {"document_ids": [where.split("/")[-2]]}
    status = f"/v1/datasets/{dataset}/documents/status"
    assert client.patch(f"{status}/disable", json=ids).status_code == 200
    assert matched(client, dataset, "zebras") == []
    assert client.patch(f"{status}/enable", json=ids).status_code == 200
    assert client.delete(where.removesuffix("/segments")).status_code == 200
    assert contents(client, dataset, "zebras") == []


def test_what_is_refused(client: TestClient, house: Diglot, place: tuple[str, str]) -> None:
    dataset, where = place
    first = segments(client, where)[0]
    children = f"{where}/{first['id']}/child_chunks"
    assert client.post(children, json={"content": "  "}).json()["code"] == "invalid_param"
    assert client.post(children, json={}).json()["code"] == "invalid_param"
    assert client.get(f"{where}/{first['child_chunks'][0]['id']}").status_code == 404
    assert client.delete(f"{where}/{first['child_chunks'][0]['id']}").status_code == 404
    gone = first["id"]
    assert client.patch(f"{children}/{gone}", json={"content": "x"}).status_code == 404
    plain = a_dataset(client)
    document = a_ready_document(client, house, plain)
    there = f"/v1/datasets/{plain}/documents/{document}/segments"
    segment = client.get(there).json()["data"][0]["id"]
    refused = client.post(f"{there}/{segment}/child_chunks", json={"content": "x"})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_param")
    assert client.get(f"{there}/{segment}/child_chunks").json()["total"] == 0
    archived = {"document_ids": [where.split("/")[-2]]}
    client.patch(f"/v1/datasets/{dataset}/documents/status/archive", json=archived)
    assert client.post(children, json={"content": "x"}).json()["code"] == "archived_document_immutable"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"segmentation": None}, "Process rule segmentation is required"),
        ({"parent_mode": "chapter"}, "Process rule parent_mode is invalid"),
        ({"subchunk_segmentation": {"max_tokens": 10}}, "Custom segment length should be between 50 and 4000."),
    ],
)
def test_rules_that_are_refused(client: TestClient, rules: dict[str, Any], message: str) -> None:
    body = {"name": "n", "text": "t", "indexing_technique": "economy", **hierarchical(**rules)}
    answer = client.post(f"/v1/datasets/{a_dataset(client)}/document/create-by-text", json=body)
    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_ragflow_shows_and_edits_parents(client: TestClient, house: Diglot, place: tuple[str, str]) -> None:
    dataset, where = place
    document = where.split("/")[-2]
    chunks = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
    listed = client.get(chunks).json()["data"]
    assert (listed["total"], listed["chunks"][0]["content"]) == (
        2,
        "Zebras have stripes.\nThey live in herds.",
    )
    edited = client.put(f"{chunks}/{listed['chunks'][0]['id']}", json={"content": "Camels spit.\nThey walk far."})
    assert edited.json()["code"] == 0, edited.text
    follow(house, dataset.replace("-", ""))
    assert matched(client, dataset, "zebras") == []
    assert matched(client, dataset, "camels") == [("Camels spit.\nThey walk far.", ["Camels spit."])]
    question = {"question": "camels", "dataset_ids": [dataset], "similarity_threshold": 0.0}
    found = client.post("/api/v1/retrieval", json=question).json()["data"]["chunks"]
    assert found[0]["content"] == "Camels spit.\nThey walk far."


def test_a_document_that_ragflow_divides(client: TestClient, house: Diglot) -> None:
    config = {"delimiter": "`##`", "parent_child": {"use_parent_child": True, "children_delimiter": "`;`"}}
    body = {"name": "divided", "chunk_method": "naive", "parser_config": config}
    dataset = client.post("/api/v1/datasets", json=body).json()["data"]["id"]
    files = {"file": ("a.txt", b"red fox; blue jay##green frog", "text/plain")}
    document = client.post(f"/api/v1/datasets/{dataset}/documents", files=files).json()["data"][0]["id"]
    client.post(f"/api/v1/datasets/{dataset}/chunks", json={"document_ids": [document]})
    finish(house)
    assert matched(client, dataset, "jay") == [("red fox; blue jay", ["blue jay"])]
    shown = segments_of(client, dataset, document)
    assert [len(one["child_chunks"]) for one in shown] == [2, 1]


def segments_of(client: TestClient, dataset: str, document: str) -> list[dict[str, Any]]:
    return list(client.get(f"/v1/datasets/{dataset}/documents/{document}/segments").json()["data"])


def test_an_unfinished_document_has_no_children_yet(client: TestClient) -> None:
    dataset = a_dataset(client)
    made = a_document(client, dataset, TEXT, **hierarchical())
    assert segments_of(client, dataset, made["id"]) == []
