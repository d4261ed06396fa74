"""Dify's external knowledge API: a Dify elsewhere asks a dataset of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.api_key import Scope
from diglot.domain.identity import DatasetId, DocumentId, dashed
from diglot.library.datasets import DatasetChange
from tests.dialects.ragflow.places import UNKNOWN, Place, a_dataset, a_place
from tests.house import a_client, a_house

PATHS = ("/api/v1/dify/retrieval", "/v1/dify/retrieval", "/v0.24/api/v1/dify/retrieval")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="module")
def place(house: Diglot) -> Place:
    made = a_place(house, is_read=True, text="The battery lasts ten hours.")
    made.add("The cat sleeps.")
    made.follow()
    owner, dataset = house.keys.owner(), DatasetId(made.dataset)
    house.metadata.set(owner, dataset, DocumentId(made.document), {"author": "Ada"})
    return made


def _ask(place: Place, path: str = PATHS[0], client: TestClient | None = None, **fields: Any) -> Any:
    sent = {
        "knowledge_id": place.dataset,
        "query": "battery",
        "retrieval_setting": {"top_k": 3, "score_threshold": 0.0},
    }
    return (client or place.client).post(path, json=sent | fields)


@pytest.mark.parametrize("path", PATHS)
def test_the_shape(place: Place, path: str) -> None:
    answer = _ask(place, path)
    assert answer.status_code == 200
    [record] = answer.json()["records"]
    assert 0.0 < record["score"] <= 1.0
    assert answer.json() == {
        "records": [
            {
                "content": "The battery lasts ten hours.",
                "score": record["score"],
                "title": "test.txt",
                "metadata": {"author": "Ada", "doc_id": place.document, "document_id": place.document},
            }
        ]
    }


def test_by_get(place: Place) -> None:
    query = {"knowledge_id": place.dataset, "query": "battery", "top_k": "1", "score_threshold": "0.1"}
    answer = place.client.get(PATHS[0], params=query)
    assert answer.json() == _ask(place).json()
    assert place.client.get(PATHS[0], params=query | {"score_threshold": "1.5"}).json() == {"records": []}
    assert place.client.get(PATHS[0], params=query | {"top_k": "x"}).status_code == 400


def test_ids_with_dashes(place: Place) -> None:
    assert _ask(place, knowledge_id=dashed(place.dataset)).json() == _ask(place).json()


def test_how_many_and_how_good(place: Place) -> None:
    both = "battery cat"
    assert len(_ask(place, query=both).json()["records"]) == 2
    assert len(_ask(place, query=both, retrieval_setting={"top_k": 1}).json()["records"]) == 1
    assert len(_ask(place, query=both, retrieval_setting=None).json()["records"]) == 2
    assert _ask(place, retrieval_setting={"top_k": 3, "score_threshold": 1.5}).json() == {"records": []}


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ({"logical_operator": "and", "conditions": [_one]}, count)
        for _one, count in (
            ({"name": ["author"], "comparison_operator": "is", "value": "Ada"}, 1),
            ({"name": "author", "comparison_operator": "is not", "value": "Ada"}, 0),
            ({"name": ["author"], "comparison_operator": "contains", "value": "da"}, 1),
            ({"name": ["author"], "comparison_operator": "start with", "value": "B"}, 0),
            ({"name": ["other"], "comparison_operator": "not empty"}, 0),
        )
    ]
    + [({}, 1), (None, 1), ({"conditions": []}, 1)],
)
def test_metadata_conditions(place: Place, condition: Any, count: int) -> None:
    assert len(_ask(place, metadata_condition=condition).json()["records"]) == count


def _error(status: int, code: int, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"error_code": code, "error_msg": message, "code": code, "message": message}


def _told(answer: Any) -> tuple[int, Any]:
    return answer.status_code, answer.json()


def test_unknown_and_foreign_datasets_look_the_same(house: Diglot, place: Place) -> None:
    missing = _error(404, 2001, "The knowledge does not exist")
    assert _told(_ask(place, knowledge_id=UNKNOWN)) == missing
    assert _told(_ask(place, knowledge_id="manuals")) == missing
    key = house.keys.create(house.keys.owner(), "k", scopes=[Scope.READ], datasets=[DatasetId(a_dataset(house))])
    assert _told(_ask(place, client=a_client(house, key.text))) == missing


def test_keys(house: Diglot, place: Place) -> None:
    no_header = _error(403, 1001, "Invalid Authorization header format. Expected 'Bearer <api-key>' format.")
    nobody = TestClient(place.client.app)
    assert _told(_ask(place, client=nobody)) == no_header
    nobody.headers["Authorization"] = "Basic abc"
    assert _told(_ask(place, client=nobody)) == no_header
    assert _told(_ask(place, client=a_client(house, "ragflow-wrong"))) == _error(403, 1002, "Authorization failed")


@pytest.mark.parametrize(
    "fields",
    [
        {"knowledge_id": ""},
        {"query": ""},
        {"query": None},
        {"retrieval_setting": {"top_k": 0}},
        {"retrieval_setting": {"top_k": 1025}},
        {"retrieval_setting": "x"},
        {"retrieval_setting": {"score_threshold": "high"}},
        {"metadata_condition": {"conditions": [{"name": "a", "comparison_operator": "like", "value": 1}]}},
        {"use_kg": True},
    ],
)
def test_what_is_no_question(place: Place, fields: dict[str, Any]) -> None:
    answer = _ask(place, **fields)
    assert (answer.status_code, answer.json()["error_code"]) == (400, 400)
    assert answer.json()["error_msg"]


def test_a_body_that_is_no_json(place: Place) -> None:
    answer = place.client.post(PATHS[0], content=b"{")
    assert (answer.status_code, answer.json()["error_code"]) == (400, 400)


def test_a_closed_dataset(house: Diglot) -> None:
    made = a_place(house)
    house.datasets.update(house.keys.owner(), DatasetId(made.dataset), DatasetChange(api_enabled=False))
    assert _told(_ask(made)) == _error(403, 1002, "API access is switched off.")


def test_health_asks_for_no_key(place: Place) -> None:
    for path in PATHS:
        answer = TestClient(place.client.app).get(f"{path}/health")
        assert (answer.status_code, answer.json()) == (200, {"code": 0, "message": "success", "data": True})
