"""Every operation, by a stranger, a reader, and a key for other datasets: nothing is seen, nothing is changed."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.catalog import users, workspaces
from diglot.domain.api_key import Caller, Scope
from diglot.http.dify.app import OPERATIONS
from diglot.http.operations import Operation
from tests.dialects.dify.objects import PARENTS_AND_CHILDREN, a_dataset, a_ready_document
from tests.house import a_client, a_house

UNKNOWN = "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e"
BODIES: dict[str, Any] = {
    "retrieveSegments": {"query": "battery"},
    "hitTesting": {"query": "battery"},
    "createSegments": {"segments": [{"content": "x"}]},
    "updateSegment": {"segment": {"content": "x"}},
}
TAGGING = ("updateTag", "deleteTag", "bindTags", "unbindTags")
NAMED = [operation for operation in OPERATIONS if "{dataset_id}" in operation.path]
READING = ("retrieveSegments", "hitTesting", "listDatasetTags2025", "downloadDocumentsZip")
WRITING = [one for one in OPERATIONS if one.method != "GET" and one.id not in READING]


def _other_workspace(connection: Connection) -> Caller:
    workspace = workspaces.create(connection, "other")
    return Caller(workspace, users.create(connection, workspace, "other", "owner"), frozenset(Scope))


class World:
    def __init__(self, house: Diglot) -> None:
        self.house = house
        self.client = a_client(house)
        self.dataset = a_dataset(self.client)
        form = {"doc_form": "hierarchical_model", "process_rule": PARENTS_AND_CHILDREN}
        self.document = a_ready_document(self.client, house, self.dataset, **form)
        where = f"/v1/datasets/{self.dataset}/documents/{self.document}/segments"
        self.segment = self.client.get(where).json()["data"][0]["id"]
        self.children = f"{where}/{self.segment}/child_chunks"
        self.child = self.client.get(self.children).json()["data"][0]["id"]
        field = {"type": "string", "name": "place"}
        self.field = self.client.post(f"/v1/datasets/{self.dataset}/metadata", json=field).json()["id"]
        self.tag = self.client.post("/v1/datasets/tags", json={"name": "a tag"}).json()["id"]
        owner = house.keys.owner()
        other = house.datasets.create(owner, "another")
        stranger = house.database.write(_other_workspace)
        create = house.keys.create
        self.stranger = a_client(house, create(stranger, "k").text)
        self.reader = a_client(house, create(owner, "k", scopes=[Scope.READ]).text)
        self.restricted = a_client(house, create(owner, "k", datasets=[other.id]).text)

    def ask(self, client: TestClient, operation: Operation, dataset: str | None = None) -> Any:
        known = {"document_id": self.document, "segment_id": self.segment, "batch": "1", "action": "disable"}
        known |= {"metadata_id": self.field, "model_type": "rerank", "child_chunk_id": self.child}
        path = operation.path.format(dataset_id=dataset or self.dataset, **known)
        if operation.form is not None:
            data = '{"indexing_technique": "economy"}'
            return client.request(operation.method, f"/v1{path}", files={"file": ("a.txt", b"x"), "data": (None, data)})
        body = BODIES.get(operation.id, operation.body_example)
        if operation.id in ("updateTag", "deleteTag"):
            body = {"tag_id": self.tag, "name": "another's"}
        if operation.id in ("bindTags", "unbindTags"):
            body = {"tag_id": self.tag, "target_id": dataset or self.dataset}
        if operation.id == "updateDocumentsMetadata":
            values = [{"id": self.field, "name": "place", "value": "x"}]
            body = {"operation_data": [{"document_id": self.document, "metadata_list": values}]}
        return client.request(operation.method, f"/v1{path}", json=body if operation.body else None)

    def state(self) -> list[Any]:
        paths = (
            "",
            "/metadata",
            "/tags",
            "/documents",
            f"/documents/{self.document}",
            f"/documents/{self.document}/segments",
        )
        paths = (*(f"/v1/datasets/{self.dataset}{path}" for path in paths), self.children, "/v1/datasets/tags")
        return [self.client.get(path).json() for path in paths]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_house(Path(tmp_path_factory.mktemp("house"))) as house:
        yield World(house)


@pytest.mark.parametrize("operation", NAMED, ids=lambda one: one.id)
@pytest.mark.parametrize("who", ["stranger", "restricted"])
def test_what_is_another_s_looks_unknown(world: World, operation: Operation, who: str) -> None:
    before = world.state()
    ask = partial(world.ask, getattr(world, who), operation)
    foreign, unknown = ask(), ask(UNKNOWN)
    assert foreign.status_code == 404
    assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
    assert world.state() == before


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.id in TAGGING], ids=lambda one: one.id)
def test_another_s_tags_look_unknown(world: World, operation: Operation) -> None:
    before = world.state()
    answer = world.ask(world.stranger, operation)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert world.stranger.get("/v1/datasets/tags").json() == []
    assert world.state() == before


def test_a_restricted_key_neither_makes_nor_changes_tags(world: World) -> None:
    before = world.state()
    for operation in OPERATIONS:
        if operation.id in ("createTag", "updateTag", "deleteTag"):
            assert world.ask(world.restricted, operation).status_code == 403
    assert world.state() == before


@pytest.mark.parametrize("operation", WRITING, ids=lambda one: one.id)
def test_a_reader_changes_nothing(world: World, operation: Operation) -> None:
    before = world.state()
    answer = world.ask(world.reader, operation)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert world.state() == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_nobody_gets_in_without_a_key(world: World, operation: Operation) -> None:
    assert world.ask(TestClient(world.client.app), operation).status_code == 401


def test_another_s_datasets_are_not_listed(world: World) -> None:
    assert world.stranger.get("/v1/datasets").json()["total"] == 0
    assert world.dataset not in world.restricted.get("/v1/datasets").text
