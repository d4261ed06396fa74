"""What the recorded exchanges cannot say: other workspaces, other keys, the same dataset seen by another dialect."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.identity import DatasetId
from diglot.http.data.app import OPERATIONS
from diglot.http.operations import Operation
from diglot.library.datasets import DatasetChange
from tests.dialects.others import a_reader, a_stranger, one_restricted
from tests.house import KEY, a_client, a_house

NOT_FOUND = (404, {"success": False, "error": "Not found"})


def _made(client: TestClient, name: str) -> int:
    return int(client.post("/v1/data", json={"name": name}).json()["data"]["id"])


def _ask(client: TestClient, operation: Operation, number: int) -> Any:
    query = f"?id={number}" if operation.query is not None else ""
    path = "/v1" + operation.path.format(number=number) + query
    return client.request(operation.method, path, json=operation.body_example if operation.body else None)


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.id != "createData"], ids=lambda one: one.id)
@pytest.mark.parametrize("who", ["stranger", "restricted"])
def test_what_is_another_s_looks_unknown(house: Diglot, client: TestClient, operation: Operation, who: str) -> None:
    number = _made(client, "mine")
    asker = a_stranger(house) if who == "stranger" else one_restricted(house)
    foreign, unknown = _ask(asker, operation, number), _ask(asker, operation, number + 1000)
    assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json()) == NOT_FOUND
    assert client.get(f"/v1/data?id={number}").json()["data"]["name"] == "mine"


def test_keys_without_the_scope_and_closed_datasets_are_403(house: Diglot, client: TestClient) -> None:
    number = _made(client, "mine")
    owner, reader = house.keys.owner(), a_reader(house)
    assert reader.get(f"/v1/data?id={number}").status_code == 200
    for refused in (
        reader.post("/v1/data", json={"name": "x"}),
        reader.put(f"/v1/data/{number}", json={"name": "x"}),
        reader.delete(f"/v1/data/{number}"),
    ):
        assert (refused.status_code, refused.json()["success"]) == (403, False)
    house.datasets.update(owner, house.datasets.by_number(owner, number).id, DatasetChange(api_enabled=False))
    closed = client.get(f"/v1/data?id={number}")
    assert (closed.status_code, closed.json()["error"]) == (403, "API access is switched off.")


def test_a_resource_is_a_dataset(house: Diglot, client: TestClient) -> None:
    number = _made(client, "from here")
    [listed] = client.get("/v1/datasets").json()["data"]
    assert (listed["name"], listed["indexing_technique"]) == ("from here", "high_quality")
    made = client.post("/v1/datasets", json={"name": "from there", "description": "d"}).json()
    theirs = house.datasets.number(house.keys.owner(), DatasetId(made["id"].replace("-", "")))
    assert theirs != number
    found = client.get(f"/v1/data?id={theirs}").json()["data"]
    assert found == {"id": theirs, "name": "from there", "description": "d"}
    assert client.put(f"/v1/data/{theirs}", json={"name": "renamed"}).status_code == 200
    assert client.get(f"/v1/datasets/{made['id']}").json()["name"] == "renamed"
    assert client.delete(f"/v1/data/{theirs}").status_code == 200
    assert client.get(f"/v1/datasets/{made['id']}").status_code == 404


def test_a_key_is_taken_raw_too(client: TestClient) -> None:
    number = _made(client, "mine")
    assert client.get(f"/v1/data?id={number}", headers={"Authorization": KEY}).status_code == 200


def test_numbers_on_postgres(postgres: Any, tmp_path: Path) -> None:
    with postgres.database() as name, a_house(tmp_path, database_url=postgres.url(name)) as house:
        client = a_client(house)
        assert client.get("/v1/data?id=999999999999999999").status_code == 404
        first, second = _made(client, "a"), _made(client, "A")
        assert client.get(f"/v1/data?id={second}").json()["data"]["name"] == "A(1)"
        assert client.delete(f"/v1/data/{first}").status_code == 200
        assert _made(client, "a") > second
