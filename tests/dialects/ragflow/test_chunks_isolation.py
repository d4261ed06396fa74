"""Whose chunks are found and changed: nobody else's."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.operations import Operation
from diglot.http.ragflow import chunks, external, searching
from tests.dialects.others import a_reader, a_stranger, one_restricted
from tests.dialects.ragflow.places import API, PIXEL, UNKNOWN, a_place
from tests.house import a_house

OPERATIONS = [one for one in (*chunks.OPERATIONS, *searching.OPERATIONS, *external.OPERATIONS) if not one.is_open]
WRITING = [one for one in chunks.OPERATIONS if one.method != "GET"]


class World:
    def __init__(self, house: Diglot) -> None:
        self.place = a_place(house, is_read=True)
        self.chunk = self.place.add("the secret", image_base64=PIXEL)["id"]
        self.place.follow()
        self.who = {"stranger": a_stranger(house), "restricted": one_restricted(house), "reader": a_reader(house)}

    def ask(self, client: TestClient, operation: Operation, dataset: str | None = None) -> Any:
        named = dataset or self.place.dataset
        path = operation.path.format(
            dataset_id=named,
            document_id=self.place.document,
            chunk_id=self.chunk,
            image_id=f"{named}-{self.chunk}",
        )
        body = self._body(operation, named)
        query = {"knowledge_id": named, "query": "secret"} if operation.method == "GET" else None
        return client.request(operation.method, API + path, json=body, params=query)

    def _body(self, operation: Operation, dataset: str) -> dict[str, Any] | None:
        if operation.body is None:
            return None
        asked = {"question": "secret", "dataset_ids": [dataset], "knowledge_id": dataset, "query": "secret"}
        return asked | {"content": "stolen", "chunk_ids": [self.chunk], "available": False}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_house(tmp_path_factory.mktemp("house")) as house:
        yield World(house)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
@pytest.mark.parametrize("name", ["stranger", "restricted"])
def test_what_is_another_s_looks_unknown(world: World, operation: Operation, name: str) -> None:
    before = world.place.listed()["chunks"]
    foreign, unknown = world.ask(world.who[name], operation), world.ask(world.who[name], operation, UNKNOWN)
    assert foreign.json()["code"] != 0
    assert "secret" not in foreign.text
    assert foreign.status_code == unknown.status_code
    assert foreign.text.replace(world.place.dataset, UNKNOWN) == unknown.text
    assert world.place.listed()["chunks"] == before


@pytest.mark.parametrize("operation", WRITING, ids=lambda one: one.id)
def test_a_reader_changes_nothing(world: World, operation: Operation) -> None:
    before = world.place.listed()["chunks"]
    answer = world.ask(world.who["reader"], operation)
    assert (answer.status_code, answer.json()["code"]) == (403, 403)
    assert world.place.listed()["chunks"] == before


def test_a_reader_searches(world: World) -> None:
    body = {"question": "secret", "dataset_ids": [world.place.dataset]}
    found = world.who["reader"].post(f"{API}/retrieval", json=body).json()["data"]["chunks"]
    assert [chunk["content"] for chunk in found] == ["the secret"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_nobody_gets_in_without_a_key(world: World, operation: Operation) -> None:
    answer = world.ask(TestClient(world.place.client.app), operation)
    assert answer.status_code == (403 if operation.tag == external.TAG else 401)
