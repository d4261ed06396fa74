"""POST /datasets/{id}/search and /datasets/search."""

from collections.abc import Iterator
from typing import Any

import pytest

from diglot.assembly import Diglot
from diglot.domain.identity import DatasetId, DocumentId
from tests.dialects.ragflow.places import UNKNOWN, Place, a_place
from tests.house import a_house

QUESTION = "How long does the battery last?"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="module")
def place(house: Diglot) -> Place:
    made = a_place(house, is_read=True, text="The battery lasts ten hours.")
    made.add("The cat sleeps all day long.")
    made.follow()
    owner, dataset = house.keys.owner(), DatasetId(made.dataset)
    house.metadata.set(owner, dataset, DocumentId(made.document), {"author": "qa_batch2"})
    return made


def _search(place: Place, **fields: Any) -> dict[str, Any]:
    return dict(place.post(f"/datasets/{place.dataset}/search", {"question": QUESTION, **fields}))


def test_the_shape(place: Place) -> None:
    data = _search(place, highlight=True)["data"]
    first = data["chunks"][0]
    scores = {name: first[name] for name in ("similarity", "vector_similarity", "term_similarity")}
    assert first == scores | {
        "chunk_id": first["chunk_id"],
        "content_with_weight": "The battery lasts ten hours.",
        "content_ltks": "the battery lasts ten hours.",
        "doc_id": place.document,
        "docnm_kwd": "test.txt",
        "kb_id": place.dataset,
        "important_kwd": [],
        "question_kwd": [],
        "tag_kwd": [],
        "image_id": "",
        "positions": [[1, 1, 1, 1, 1]],
        "doc_type_kwd": "text",
        "mom_id": "",
        "row_id": None,
        "highlight": "The <em>battery</em> <em>lasts</em> ten hours.",
    }
    # Without a threshold whatever shares a word is there too.
    assert data["total"] == 2
    assert data["doc_aggs"] == [{"doc_name": "test.txt", "doc_id": place.document, "count": 2}]
    assert data["labels"] == {}


def test_pages_and_thresholds(place: Place) -> None:
    assert [one["docnm_kwd"] for one in _search(place, page=2, size=1)["data"]["chunks"]] == ["test.txt"]
    assert _search(place, page=3, size=1)["data"]["chunks"] == []
    assert _search(place, similarity_threshold=0.5)["data"]["total"] == 1
    assert _search(place, similarity_threshold=0.5, vector_similarity_weight=0)["data"]["total"] == 2


def test_several_datasets(house: Diglot, place: Place) -> None:
    other = a_place(house, is_read=True, text="Another battery.")
    body = place.post("/datasets/search", {"question": "battery", "dataset_ids": [place.dataset, other.dataset]})
    assert {chunk["kb_id"] for chunk in body["data"]["chunks"]} == {place.dataset, other.dataset}


@pytest.mark.parametrize(
    ("sent", "total"),
    [
        ({"method": "manual", "logic": "and", "manual": [{"key": "author", "op": "=", "value": "qa_batch2"}]}, 2),
        ({"method": "manual", "manual": [{"key": "author", "op": "≠", "value": "qa_batch2"}]}, 0),
        ({"method": "manual", "manual": []}, 2),
        ({"method": "disabled", "manual": [{"key": "author", "op": "=", "value": "x"}]}, 2),
        ({}, 2),
        (None, 2),
    ],
)
def test_metadata_filters(place: Place, sent: Any, total: int) -> None:
    assert _search(place, meta_data_filter=sent)["data"]["total"] == total


def test_some_documents(place: Place) -> None:
    assert _search(place, doc_ids=[place.document])["data"]["total"] == 2
    assert _search(place, doc_ids=[])["data"]["total"] == 2
    assert _search(place, doc_ids=[UNKNOWN])["message"] == f"The datasets don't own the document {UNKNOWN}"


SHORT = "Field: <question> - Message: <String should have at least 1 character> - Value: < >"


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ({"question": " "}, 101, SHORT),
        ({"page": 0}, 101, "Field: <page> - Message: <Input should be greater than or equal to 1> - Value: <0>"),
        ({"search_id": "x"}, 102, "Invalid search_id"),
        ({"use_kg": True}, 102, "`use_kg` needs a chat model, and none is configured."),
        (
            {"meta_data_filter": {"method": "auto"}},
            102,
            "The metadata filter 'auto' needs a chat model, and none is configured.",
        ),
        ({"rerank_id": "x"}, 102, "`rerank_id` x doesn't exist"),
    ],
)
def test_refusals(place: Place, fields: dict[str, Any], code: int, message: str) -> None:
    assert _search(place, **fields) == {"code": code, "message": message}


def test_unknown_datasets(place: Place) -> None:
    words = f"Only owner of dataset {UNKNOWN} authorized for this operation."
    assert place.post(f"/datasets/{UNKNOWN}/search", {"question": "x"}) == {"code": 102, "message": words}
    sent = {"question": "x", "dataset_ids": [place.dataset, UNKNOWN]}
    assert place.post("/datasets/search", sent) == {"code": 102, "message": words}
    assert place.post("/datasets/search", {"question": "x"})["code"] == 101
