"""Members by HTTP, and what those of each role may do through every door."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.catalog.tables import metadata
from diglot.domain.account import Role
from diglot.domain.api_key import Scope
from diglot.http.data import app as data
from diglot.http.dify import app as dify
from diglot.http.native import app as native
from diglot.http.operations import Operation
from diglot.http.ragflow import app as ragflow
from diglot.http.ragflow_legacy import app as legacy
from tests.dialects.native.conftest import API
from tests.dialects.native.console import PASSWORD, add, at_console, code_of, set_up
from tests.dialects.others import a_stranger
from tests.house import a_house, finish

MEMBERS = f"{API}/members"
UNKNOWN = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
DOORS: dict[str, tuple[Operation, ...]] = {
    "/v1": dify.OPERATIONS,
    "/api/v1": (*ragflow.OPERATIONS, *legacy.OPERATIONS),
    "/v1/": data.OPERATIONS,
    API: native.OPERATIONS,
}
# They ask, or list, by a method that could do more.
READING = {
    "retrieve",
    "retrieveSegments",
    "hitTesting",
    "listDatasetTags2025",
    "searchDataset",
    "searchDatasets",
    "retrieveForDify",
    "explain",
}
ASKING = [
    pytest.param(base, one, id=f"{base} {one.method} {one.path}")
    for base, operations in DOORS.items()
    for one in operations
    if one.method != "GET" and not one.is_open
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house"), ocr="off") as one:
        set_up(one)
        yield one


@pytest.fixture(scope="module")
def owner(house: Diglot) -> TestClient:
    return at_console(house, "ada")


def _add(owner: TestClient, login: str, **changes: Any) -> dict[str, Any]:
    answer = owner.post(MEMBERS, json={"name": login, "login": login, "role": "editor"} | changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_members_life(owner: TestClient, house: Diglot) -> None:
    made = _add(owner, "bea")
    member = made["member"]
    assert (member["login"], member["role"], member["is_disabled"]) == ("bea", "editor", False)
    assert len(made["password"]) == 20
    assert _add(owner, "cy", password=PASSWORD)["password"] is None
    assert member in owner.get(MEMBERS).json()["items"]
    changed = owner.patch(f"{MEMBERS}/{member['id']}", json={"name": "Beatrix", "disabled": True, "role": "viewer"})
    assert changed.json() == member | {"name": "Beatrix", "is_disabled": True, "role": "viewer"}
    assert owner.delete(f"{MEMBERS}/{member['id']}").status_code == 204
    assert code_of(owner.delete(f"{MEMBERS}/{member['id']}")) == (404, "member_not_found")
    assert member["id"] not in [one["id"] for one in owner.get(MEMBERS).json()["items"]]


def test_pages(owner: TestClient) -> None:
    for number in range(3):
        _add(owner, f"page{number}", password=PASSWORD)
    every = owner.get(MEMBERS).json()
    assert every["next"] is None
    paged, cursor = [], None
    while True:
        page = owner.get(MEMBERS, params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        assert len(page["items"]) <= 2
        paged += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == every["items"]
    assert code_of(owner.get(MEMBERS, params={"cursor": "x"})) == (400, "invalid_argument")
    assert code_of(owner.get(MEMBERS, params={"limit": 201})) == (400, "invalid_argument")


def test_refusals(owner: TestClient, house: Diglot) -> None:
    ada = house.keys.owner().user_id
    assert code_of(owner.post(MEMBERS, json={"name": "A", "login": "ADA", "role": "viewer"})) == (409, "login_taken")
    assert code_of(owner.post(MEMBERS, json={"name": "A", "login": "b", "role": "king"})) == (400, "invalid_argument")
    assert code_of(owner.patch(f"{MEMBERS}/{ada}", json={"role": "editor"})) == (409, "last_owner")
    assert code_of(owner.delete(f"{MEMBERS}/{ada}")) == (409, "last_owner")
    assert code_of(owner.patch(f"{MEMBERS}/x", json={})) == (404, "member_not_found")
    assert code_of(owner.patch(f"{MEMBERS}/{UNKNOWN}", json={})) == (404, "member_not_found")


def test_another_workspace_is_invisible(owner: TestClient, house: Diglot) -> None:
    stranger = a_stranger(house, [Scope.ADMIN])
    ada = house.keys.owner().user_id
    assert "ada" not in stranger.get(MEMBERS).text
    for ask in (
        lambda who: stranger.patch(f"{MEMBERS}/{who}", json={"role": "viewer"}),
        lambda who: stranger.delete(f"{MEMBERS}/{who}"),
    ):
        assert code_of(ask(ada)) == (404, "member_not_found")
        assert ask(ada).json() == ask(UNKNOWN).json()


def test_who_is_demoted_or_removed_is_so_at_once(owner: TestClient, house: Diglot) -> None:
    member = add(house, "dan", Role.EDITOR)
    client = at_console(house, "dan")
    assert client.post("/v1/datasets", json={"name": "dan's"}).status_code == 200
    owner.patch(f"{MEMBERS}/{member}", json={"role": "viewer"})
    assert client.post("/v1/datasets", json={"name": "dan's too"}).status_code == 403
    assert client.get("/v1/datasets").status_code == 200
    owner.delete(f"{MEMBERS}/{member}")
    assert client.get("/v1/datasets").status_code == 401


@pytest.fixture(scope="module")
def places(house: Diglot) -> dict[str, str]:
    """What stands in paths: ids of what there is."""
    add(house, "vi", Role.VIEWER)
    add(house, "ed", Role.EDITOR)
    client = at_console(house, "ada")
    dataset = client.post("/v1/datasets", json={"name": "shelf", "indexing_technique": "economy"}).json()["id"]
    body = {"name": "n", "text": "A line.", "indexing_technique": "economy", "process_rule": {"mode": "automatic"}}
    started = client.post(f"/v1/datasets/{dataset}/document/create-by-text", json=body).json()
    finish(house)
    document = started["document"]["id"]
    segment = client.get(f"/v1/datasets/{dataset}/documents/{document}/segments").json()["data"][0]["id"]
    field = client.post(f"/v1/datasets/{dataset}/metadata", json={"type": "string", "name": "author"}).json()["id"]
    number = client.post("/v1/data", json={"name": "resource"}).json()["data"]["id"]
    return {
        "dataset_id": dataset,
        "document_id": document,
        "segment_id": segment,
        "chunk_id": segment,
        "child_chunk_id": segment,
        "metadata_id": field,
        "batch": started["batch"],
        "number": str(number),
        "action": "disable",
        "token": "dataset-kkkkkkkk",
        "member_id": house.keys.owner().user_id,
        "key_id": house.keys.list(house.keys.owner())[0].id,
        "job_id": UNKNOWN,
        "name": "nothing",
    }


def _rows(house: Diglot) -> dict[str, list[Any]]:
    """All that is stored, but the log of questions."""
    kept = {name: table for name, table in metadata.tables.items() if name != "queries"}
    with house.database.read() as connection:
        return {name: sorted(map(str, connection.execute(select(table)))) for name, table in kept.items()}


def _ask(client: TestClient, base: str, operation: Operation, places: dict[str, str]) -> Any:
    path = base.rstrip("/") + operation.path.format(**dict.fromkeys(("image_id", "page"), UNKNOWN) | places)
    return client.request(operation.method, path, json=operation.body_example or {})


def _is_refused(answer: Any) -> bool:
    if answer.status_code >= 400:
        return True
    code = answer.json().get("code", 0) if answer.content else 0
    return bool(code)


@pytest.mark.parametrize(("base", "operation"), ASKING)
def test_a_viewer_writes_through_no_door(
    house: Diglot, places: dict[str, str], base: str, operation: Operation
) -> None:
    viewer = at_console_once(house, "vi")
    before = _rows(house)
    answer = _ask(viewer, base, operation, places)
    assert answer.status_code < 500, answer.text
    assert _rows(house) == before
    if operation.id not in READING:
        assert _is_refused(answer), answer.text


_clients: dict[tuple[int, str], TestClient] = {}


def at_console_once(house: Diglot, login: str) -> TestClient:
    known = _clients.get((id(house), login))
    if known is None:
        known = _clients[id(house), login] = at_console(house, login)
    return known
