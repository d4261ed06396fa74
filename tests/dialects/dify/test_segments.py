"""Chunks by hand, through Dify's API."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.dialects.dify.objects import a_dataset, a_document, a_ready_document, contents
from tests.house import follow

pytestmark = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True, scope="module")


@pytest.fixture
def place(client: TestClient, house: Diglot) -> tuple[str, str]:
    """A dataset, and where the segments of its one document are."""
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, "One line.\nAnother line.\n第三行。")
    return dataset, f"/v1/datasets/{dataset}/documents/{document}/segments"


def _add(client: TestClient, where: str, *segments: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post(where, json={"segments": list(segments)})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


def test_the_shape(client: TestClient, place: tuple[str, str]) -> None:
    added = _add(client, place[1], {"content": "1", "answer": "1", "keywords": ["a"]})[0]
    expected = {
        "position": 4,
        "content": "1",
        "answer": None,
        "word_count": 1,
        "keywords": ["a"],
        "hit_count": 0,
        "enabled": True,
        "disabled_at": None,
        "disabled_by": None,
        "status": "completed",
        "error": None,
        "stopped_at": None,
    }
    assert {name: added[name] for name in expected} == expected
    assert isinstance(added["indexing_at"], int)


def test_added_edited_and_deleted_chunks_are_found_as_they_are(
    client: TestClient, house: Diglot, place: tuple[str, str]
) -> None:
    dataset, where = place
    added = _add(client, where, {"content": "Zebras have stripes."}, {"content": "斑马有条纹。"})
    follow(house, dataset.replace("-", ""))
    assert "Zebras have stripes." in contents(client, dataset, "zebras", search_method="full_text_search")
    assert contents(client, dataset, "斑马", search_method="full_text_search") == ["斑马有条纹。"]
    one = f"{where}/{added[0]['id']}"
    edited = client.post(one, json={"segment": {"content": "Okapis have stripes."}}).json()
    assert edited["data"]["content"] == "Okapis have stripes."
    assert edited["doc_form"] == "text_model"
    follow(house, dataset.replace("-", ""))
    assert contents(client, dataset, "okapis", search_method="full_text_search") == ["Okapis have stripes."]
    assert contents(client, dataset, "zebras", search_method="full_text_search") == []
    assert client.delete(one).json() == {"result": "success"}
    assert contents(client, dataset, "okapis", search_method="full_text_search") == []
    assert client.delete(one).json() == {"code": "not_found", "message": "Segment not found.", "status": 404}
    assert client.get(one).status_code == 404


def test_the_path_that_the_page_of_2024_printed(client: TestClient, place: tuple[str, str]) -> None:
    dataset, where = place
    added = _add(client, where, {"content": "gone"})[0]
    assert client.delete(f"/v1/datasets/{dataset}/segments/{added['id']}").json() == {"result": "success"}


def test_switching_off_and_on(client: TestClient, house: Diglot, place: tuple[str, str]) -> None:
    dataset, where = place
    one = f"{where}/{client.get(where).json()['data'][0]['id']}"
    off = client.post(one, json={"segment": {"content": "One line!", "enabled": False}}).json()["data"]
    assert (off["enabled"], off["content"]) == (False, "One line!")
    assert off["disabled_at"] is not None
    assert "One line!" not in contents(client, dataset, "one line")
    refused = client.post(one, json={"segment": {"content": "x"}})
    assert refused.json() == {"code": "invalid_param", "message": "Can't update disabled segment", "status": 400}
    on = client.post(one, json={"segment": {"enabled": True}}).json()["data"]
    assert (on["enabled"], on["disabled_at"], on["disabled_by"]) == (True, None, None)
    follow(house, dataset.replace("-", ""))
    assert "One line!" in contents(client, dataset, "one line")


def test_counters_follow(client: TestClient, place: tuple[str, str]) -> None:
    dataset, where = place
    document = where.removesuffix("/segments")
    before = client.get(f"/v1/datasets/{dataset}").json()["word_count"]
    added = _add(client, where, {"content": "12345"})[0]
    assert client.get(f"/v1/datasets/{dataset}").json()["word_count"] == before + 5
    assert client.get(document).json()["segment_count"] == 4
    client.post(f"{where}/{added['id']}", json={"segment": {"content": "12"}})
    assert client.get(f"/v1/datasets/{dataset}").json()["word_count"] == before + 2
    client.delete(f"{where}/{added['id']}")
    assert client.get(f"/v1/datasets/{dataset}").json()["word_count"] == before
    assert client.get(document).json()["segment_count"] == 3


def test_all_or_a_page(client: TestClient, place: tuple[str, str]) -> None:
    where = place[1]
    _add(client, where, *({"content": f"line {number}"} for number in range(30)))
    everything = client.get(where).json()
    assert (len(everything["data"]), everything["total"], everything["has_more"]) == (33, 33, False)
    assert [one["position"] for one in everything["data"]] == list(range(1, 34))
    page = client.get(where, params={"page": 2, "limit": 10}).json()
    assert [one["position"] for one in page["data"]] == list(range(11, 21))
    assert page["has_more"] is True
    assert len(client.get(where, params={"page": 1}).json()["data"]) == 20
    assert client.get(where, params={"keyword": "LINE 29"}).json()["total"] == 1
    assert client.get(where, params={"keyword": "第三"}).json()["total"] == 1
    assert client.get(where, params={"keyword": "%"}).json()["total"] == 0
    assert client.get(where, params={"status": ["completed", "waiting"]}).json()["total"] == 33
    assert client.get(where, params={"status": "error"}).json()["total"] == 0
    assert client.get(where, params={"status": "re_segment"}).json()["data"] == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "segments is required."),
        ({"segments": None}, "segments is required."),
        ({"segments": [{"content": " "}]}, "Content is empty"),
        ({"segments": [{}]}, "segments.content is required."),
        ({"segments": [{"content": 3}]}, "segments.content: Input should be a valid string"),
    ],
)
def test_what_is_refused(client: TestClient, place: tuple[str, str], body: dict[str, Any], message: str) -> None:
    answer = client.post(place[1], json=body)
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (400, "invalid_param", message)


def test_questions_need_answers(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, "Q: Why? A: Because.", doc_form="qa_model")
    where = f"/v1/datasets/{dataset}/documents/{document}/segments"
    assert client.post(where, json={"segments": [{"content": "Who?"}]}).json()["message"] == "Answer is required"
    added = _add(client, where, {"content": "Who?", "answer": "Me."})[0]
    assert (added["answer"], added["word_count"]) == ("Me.", 7)
    edited = client.post(f"{where}/{added['id']}", json={"segment": {"answer": "You."}}).json()["data"]
    assert (edited["content"], edited["answer"], edited["word_count"]) == ("Who?", "You.", 8)


def test_words_alone_get_keywords(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, indexing_technique="economy")
    where = f"/v1/datasets/{dataset}/documents/{document}/segments"
    added = _add(client, where, {"content": "Zebras eat grass."})[0]
    assert added["keywords"]
    assert added["tokens"] == 0


def test_only_finished_and_enabled_documents_take_chunks(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    made = a_document(client, dataset)["id"]
    where = f"/v1/datasets/{dataset}/documents/{made}/segments"
    body = {"segments": [{"content": "x"}]}
    assert client.post(where, json=body).json() == {
        "code": "not_found",
        "message": "Document is not completed.",
        "status": 404,
    }
    assert client.get(where).json()["data"] == []
    ready = a_ready_document(client, house, dataset)
    client.patch(f"/v1/datasets/{dataset}/documents/status/disable", json={"document_ids": [ready]})
    answer = client.post(f"/v1/datasets/{dataset}/documents/{ready}/segments", json=body)
    assert (answer.status_code, answer.json()["message"]) == (404, "Document is disabled.")


def test_a_segment_of_another_document_is_not_there(client: TestClient, house: Diglot, place: tuple[str, str]) -> None:
    dataset, where = place
    segment = client.get(where).json()["data"][0]["id"]
    other = a_ready_document(client, house, dataset)
    answer = client.get(f"/v1/datasets/{dataset}/documents/{other}/segments/{segment}")
    assert answer.json()["message"] == "Segment not found."
