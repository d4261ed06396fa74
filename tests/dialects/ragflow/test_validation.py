"""What no operation takes: keys, paths, methods and bodies, told in RAGFlow's envelope."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.api_key import Scope
from diglot.http.openapi import PATH_VARIABLES
from diglot.http.operations import Operation
from diglot.http.ragflow.app import OPERATIONS
from tests.house import KEY, a_client, a_house

API = "/api/v1"
UNKNOWN = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
UNAUTHORIZED = {"code": 401, "message": "<Unauthorized '401: Unauthorized'>", "data": None}
MALFORMED = "Malformed JSON syntax: Missing commas/brackets or invalid encoding"
CHECKED = [one for one in OPERATIONS if one.checks_media_type]
LIMIT = 50_000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house"), json_bytes=LIMIT) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(house: Diglot) -> TestClient:
    return a_client(house)


def _path(operation: Operation) -> str:
    return API + operation.path.format(**dict.fromkeys(PATH_VARIABLES, UNKNOWN))


def _ask(client: TestClient, operation: Operation, **sent: Any) -> Any:
    return client.request(operation.method, _path(operation), **sent)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "nonsense",
        "Basic abc",
        "Bearer",
        "Bearer dataset-unknown",
        "ragflow-unknown",
        "Bearer " + "k" * 5000,
        "Bearer ключ".encode(),
    ],
)
def test_without_a_key(client: TestClient, header: Any) -> None:
    bare = TestClient(client.app, headers={} if header is None else {"Authorization": header})
    for method, path in (("GET", "/datasets"), ("POST", "/datasets"), ("GET", f"/datasets/{UNKNOWN}")):
        answer = bare.request(method, API + path)
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_only_open_operations_ask_for_no_key(client: TestClient, operation: Operation) -> None:
    answer = _ask(TestClient(client.app), operation)
    # Dify's own shape of external knowledge has 403 for it.
    assert (answer.status_code in (401, 403)) == (not operation.is_open)


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   ", ""])
def test_keys_are_taken_in_several_forms(client: TestClient, scheme: str) -> None:
    answer = TestClient(client.app, headers={"Authorization": scheme + KEY}).get(f"{API}/datasets")
    assert answer.json()["code"] == 0


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.path == "/datasets" and one.method != "GET"], ids=lambda one: one.id
)
def test_a_reader_changes_nothing(house: Diglot, operation: Operation) -> None:
    reader = a_client(house, house.keys.create(house.keys.owner(), "reader", scopes=[Scope.READ]).text)
    answer = _ask(reader, operation, json={"name": "x"} if operation.method == "POST" else {"delete_all": True})
    if operation.method == "POST":
        assert (answer.status_code, answer.json()["code"]) == (403, 403)
    assert house.datasets.list(house.keys.owner()).total == 0


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("text/xml", "text/xml"),
        ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("multipart/form-data; boundary=x", "multipart/form-data; boundary=x"),
    ],
)
@pytest.mark.parametrize("operation", CHECKED, ids=lambda one: one.id)
def test_bodies_that_do_not_call_themselves_json(
    client: TestClient, operation: Operation, kind: str, told: str
) -> None:
    answer = _ask(client, operation, content="{}", headers={"Content-Type": kind})
    message = f"Unsupported content type: Expected application/json, got {told}"
    assert (answer.status_code, answer.json()) == (200, {"code": 101, "message": message})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a", MALFORMED),
        (b"", MALFORMED),
        (b'{"name": ', MALFORMED),
        (b'{"name": NaN}', MALFORMED),
        (rb'{"name": "\ud800"}', MALFORMED),
        (b'{"name": "\xff"}', MALFORMED),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, MALFORMED),
        (rb'{"name": "a\u0000"}', "Text must not contain the NUL character."),
        (b'"a"', "Invalid request payload: expected object, got str"),
        (b"[1]", "Invalid request payload: expected object, got list"),
        (b"7", "Invalid request payload: expected object, got int"),
        (b"null", "Invalid request payload: expected object, got NoneType"),
    ],
)
@pytest.mark.parametrize("operation", CHECKED, ids=lambda one: one.id)
def test_bodies_that_are_no_object(client: TestClient, operation: Operation, content: bytes, message: str) -> None:
    answer = _ask(client, operation, content=content, headers={"Content-Type": "application/json; charset=utf-8"})
    assert (answer.status_code, answer.json()) == (200, {"code": 101, "message": message})


def test_a_body_that_is_too_large(client: TestClient) -> None:
    answer = client.post(f"{API}/datasets", content=b'"' + b"a" * LIMIT + b'"')
    assert (answer.status_code, answer.json()["code"]) == (413, 101)


def test_every_wrong_field_has_a_line(client: TestClient) -> None:
    told = client.post(f"{API}/datasets", json={"name": "", "permission": "x", "a": "b" * 200}).json()
    assert told["code"] == 101
    assert told["message"].split("\n") == [
        "Field: <permission> - Message: <Input should be 'me' or 'team'> - Value: <x>",
        "Field: <name> - Message: <String should have at least 1 character> - Value: <>",
        f"Field: <a> - Message: <Extra inputs are not permitted> - Value: <{'b' * 125}...>",
    ]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/", 404),
        ("GET", f"/datasets/{UNKNOWN}/nothing", 404),
        ("GET", "/chats", 404),
        ("POST", "/chat/completions", 404),
        ("GET", "/agents", 404),
        ("GET", "/files", 404),
        ("PUT", "/datasets", 405),
        ("POST", "/system/ping", 405),
    ],
)
def test_paths_and_methods_that_are_not_there(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, API + path)
    body = answer.json()
    assert (answer.status_code, body["data"], "allow" in answer.headers) == (status, None, status == 405)
    if status == 404:
        assert (body["code"], body["message"], body["error"]) == (404, f"Not Found: {API}{path}", "Not Found")


@pytest.mark.parametrize("path", ["/datasets", "/datasets/", "//datasets", "/datasets//"])
def test_slashes_do_not_matter(client: TestClient, path: str) -> None:
    assert client.get(API + path).json()["code"] == 0


@pytest.mark.parametrize("named", ["nonsense", "0" * 31, UNKNOWN, "%00", "1' or '1'='1", "data%2Fsets", "é"])
def test_ids_that_name_nothing(client: TestClient, named: str) -> None:
    told = client.get(f"{API}/datasets/{named}").json()
    assert (told["code"] in (102, 404), "data" in told) == (True, told["code"] == 404)


def test_the_api_can_be_switched_off(tmp_path: Path) -> None:
    with a_house(tmp_path, api_enabled=False) as closed:
        client = a_client(closed)
        answer = client.get(f"{API}/datasets")
        assert (answer.status_code, answer.json()) == (403, {"code": 403, "message": "API access is switched off."})
        assert client.get(f"{API}/system/ping").text == "pong"
