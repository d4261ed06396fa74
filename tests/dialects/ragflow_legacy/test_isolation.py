"""Every operation, by a stranger, a reader, and a key for other datasets: nothing is seen, nothing is changed."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.dataset import Dataset
from diglot.domain.identity import DatasetId
from diglot.http.operations import Operation
from diglot.http.ragflow_legacy.app import OPERATIONS
from diglot.library.datasets import DatasetChange
from tests.dialects.others import a_reader, a_stranger, one_restricted
from tests.house import a_client, a_house, finish

UNKNOWN = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
NAMED = [operation for operation in OPERATIONS if "{dataset_id}" in operation.path]
WRITING = [operation for operation in OPERATIONS if operation.method != "GET"]


class World:
    def __init__(self, house: Diglot) -> None:
        self.house = house
        self.client = a_client(house)
        self.dataset = self.client.post("/api/v1/dataset", json={"name": "mine"}).json()["data"]["dataset_id"]
        self.url = f"/api/v1/dataset/{self.dataset}"
        added = self.client.post(f"{self.url}/documents", files={"file": ("a.txt", b"text")}).json()["data"]
        self.document = added[0]["id"]
        self.client.post(f"{self.url}/documents/status")
        finish(self.house)
        deadline = time.monotonic() + 10
        while not self.is_done():
            # A reading is told as running for a moment after it began, however soon it ended.
            assert time.monotonic() < deadline
            time.sleep(0.02)
        self.stranger = a_stranger(self.house)
        self.restricted = one_restricted(self.house)
        self.reader = a_reader(self.house)

    def ask(self, client: TestClient, operation: Operation, dataset: str, document: str) -> Any:
        path = "/api/v1" + operation.path.format(dataset_id=dataset, document_id=document)
        if operation.form is not None:
            return client.request(operation.method, path, files={"file": ("b.txt", b"x")})
        body = operation.body_example if operation.body else None
        if operation.body_example and "doc_ids" in operation.body_example:
            body = {"doc_ids": [document]}
        return client.request(operation.method, path, json=body)

    def state(self) -> list[Any]:
        return [self.client.get(f"{self.url}{path}").json() for path in ("", "/documents", "/documents/status")]

    def is_done(self) -> bool:
        return all(one["status"] == "DONE" for one in self.state()[2]["data"])

    def mine(self) -> Dataset:
        return self.house.datasets.get(self.house.keys.owner(), DatasetId(self.dataset))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_house(tmp_path_factory.mktemp("house")) as house:
        yield World(house)


@pytest.mark.parametrize("operation", NAMED, ids=lambda one: one.id)
@pytest.mark.parametrize("who", ["stranger", "restricted"])
def test_what_is_another_s_looks_unknown(world: World, operation: Operation, who: str) -> None:
    before = world.state()
    ask = partial(world.ask, getattr(world, who), operation)
    foreign, unknown = ask(world.dataset, world.document), ask(UNKNOWN, UNKNOWN)
    told = foreign.text.replace(world.dataset, UNKNOWN).replace(world.document, UNKNOWN)
    assert (foreign.status_code, told) == (unknown.status_code, unknown.text)
    assert foreign.json()["code"] != 0 or foreign.json()["data"] == {"total": 0, "docs": []}
    assert world.state() == before


@pytest.mark.parametrize("operation", WRITING, ids=lambda one: one.id)
def test_a_reader_changes_nothing(world: World, operation: Operation) -> None:
    before = world.state()
    answer = world.ask(world.reader, operation, world.dataset, world.document)
    assert (answer.status_code, answer.json()["code"]) == (403, 403)
    assert world.state() == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_nobody_gets_in_without_a_key(world: World, operation: Operation) -> None:
    answer = world.ask(TestClient(world.client.app), operation, world.dataset, world.document)
    assert (answer.status_code, answer.json()["code"], answer.json()["retcode"]) == (401, 401, 401)


@pytest.mark.parametrize("operation", NAMED, ids=lambda one: one.id)
def test_a_closed_dataset_is_closed_to_all(world: World, operation: Operation) -> None:
    owner = world.house.keys.owner()
    world.house.datasets.update(owner, world.mine().id, DatasetChange(api_enabled=False))
    answer = world.ask(world.client, operation, world.dataset, world.document)
    world.house.datasets.update(owner, world.mine().id, DatasetChange(api_enabled=True))
    assert (answer.status_code, answer.json()["code"]) == (403, 403)


def test_another_s_datasets_are_not_listed(world: World) -> None:
    assert world.stranger.get("/api/v1/dataset").json()["data"] == []
    assert [one["name"] for one in world.restricted.get("/api/v1/dataset").json()["data"]] == ["another"]
