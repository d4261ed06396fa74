"""The answers to deletes, as the server is set: of every route that deletes, and as its OpenAPI document says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.dify.app import OPERATIONS, operations_of
from tests.dialects.dify.objects import PARENTS_AND_CHILDREN, a_dataset, a_ready_document
from tests.house import a_client, a_house

# What both ages answer alike.
ALWAYS_EMPTY = {"deleteDataset", "deleteMetadataField", "deleteTag"}
DELETES = [one for one in OPERATIONS if one.method == "DELETE"]


@pytest.fixture(scope="module", params=["seed", "current"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(Path(tmp_path_factory.mktemp("house")), dify_profile=request.param) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(house: Diglot) -> TestClient:
    return a_client(house)


@pytest.mark.parametrize("operation", DELETES, ids=lambda one: one.id)
def test_every_delete_answers_by_the_profile(house: Diglot, client: TestClient, operation: Any) -> None:
    made = _made(house, client)
    body = {"tag_id": made["tag_id"]} if operation.id == "deleteTag" else None
    answer = client.request("DELETE", "/v1" + operation.path.format_map(made), json=body)
    if house.settings.dify_profile == "current" or operation.id in ALWAYS_EMPTY:
        assert (answer.status_code, answer.content) == (204, b"")
    else:
        assert (answer.status_code, answer.json()) == (200, {"result": "success"})


def test_the_openapi_document_says_so(house: Diglot, client: TestClient) -> None:
    document = client.get("/openapi/dify.json").json()
    for operation in DELETES:
        responses = document["paths"][operation.path]["delete"]["responses"]
        is_empty = house.settings.dify_profile == "current" or operation.id in ALWAYS_EMPTY
        assert [code for code in responses if code < "300"] == ["204" if is_empty else "200"], operation.id


def test_nothing_else_differs() -> None:
    pairs = zip(operations_of("seed"), operations_of("current"), strict=True)
    assert [seed.id for seed, today in pairs if seed != today] == [
        one.id for one in DELETES if one.id not in ALWAYS_EMPTY
    ]


def _made(house: Diglot, client: TestClient) -> dict[str, str]:
    """One of everything that can be deleted."""
    dataset = a_dataset(client)
    where = f"/v1/datasets/{dataset}"
    document = a_ready_document(
        client, house, dataset, doc_form="hierarchical_model", process_rule=PARENTS_AND_CHILDREN
    )
    segments = f"{where}/documents/{document}/segments"
    segment = client.get(segments).json()["data"][0]["id"]
    child = client.post(f"{segments}/{segment}/child_chunks", json={"content": "ten hours"}).json()["data"]["id"]
    field = client.post(f"{where}/metadata", json={"type": "string", "name": "place"}).json()["id"]
    tag = client.post("/v1/datasets/tags", json={"name": dataset[-12:]}).json()["id"]
    return {
        "dataset_id": dataset,
        "document_id": document,
        "segment_id": segment,
        "child_chunk_id": child,
        "metadata_id": field,
        "tag_id": tag,
    }
