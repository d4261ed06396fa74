"""Every operation, by a stranger, a reader, and a key for other datasets; and the switches of the API."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.domain.document import Document
from diglot.http.native.app import OPERATIONS
from diglot.http.operations import Operation
from diglot.library.datasets import DatasetChange
from tests.adapters.parsers.crafting import Piece, pdf
from tests.dialects.native.conftest import API, Shelf
from tests.dialects.others import a_reader, a_stranger, one_restricted
from tests.house import a_client, a_house

UNKNOWN = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
BY_BODY = {"preview", "explain"}
# What concerns the whole workspace has tests of its own; what asks for no key asks for a session or for a signature:
# tests/dialects/dify/test_downloads.py.
CLOSED = [one for one in OPERATIONS if not one.is_open and ("{document_id}" in one.path or one.id in BY_BODY)]
CONTENT = pdf([[Piece(72, 700, "the secret")]])


def _ask(client: TestClient, operation: Operation, document: Document | None) -> Any:
    """About an unknown document or dataset, if none is given."""
    document_id, dataset_id = (UNKNOWN, UNKNOWN) if document is None else (document.id, document.dataset_id)
    path = API + operation.path.format(document_id=document_id, page=1)
    bodies = {
        "preview": {"document_id": document_id},
        "explain": {"dataset_ids": [dataset_id], "query": "secret"},
    }
    return client.request(operation.method, path, json=bodies.get(operation.id))


@pytest.fixture(scope="module")
def secret(shelf: Shelf) -> Document:
    return shelf.read("secret.pdf", CONTENT)


@pytest.fixture(scope="module")
def others(shelf: Shelf) -> dict[str, TestClient]:
    return {"stranger": a_stranger(shelf.house), "restricted": one_restricted(shelf.house)}


@pytest.mark.parametrize("operation", CLOSED, ids=lambda one: one.id)
@pytest.mark.parametrize("who", ["stranger", "restricted"])
def test_what_is_another_s_looks_unknown(
    shelf: Shelf, secret: Document, others: dict[str, TestClient], operation: Operation, who: str
) -> None:
    assert _ask(shelf.client, operation, secret).status_code == 200
    foreign, unknown = _ask(others[who], operation, secret), _ask(others[who], operation, None)
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()


@pytest.mark.parametrize("operation", CLOSED, ids=lambda one: one.id)
def test_keys(shelf: Shelf, secret: Document, operation: Operation) -> None:
    answer = _ask(a_client(shelf.house, "dataset-" + "x" * 43), operation, secret)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    reader = _ask(a_reader(shelf.house), operation, secret)
    if operation.method == "GET" or operation.id == "explain":
        assert reader.status_code == 200
    else:
        assert (reader.status_code, reader.json()["error"]["code"]) == (403, "scope_missing")


def test_a_reader_previews_no_file(shelf: Shelf) -> None:
    answer = a_reader(shelf.house).post(f"{API}/preview", files={"file": ("a.txt", b"text")})
    assert answer.status_code == 403


@pytest.fixture
def closed(shelf: Shelf, secret: Document) -> Iterator[None]:
    caller = shelf.house.keys.owner()
    shelf.house.datasets.update(caller, shelf.dataset.id, DatasetChange(api_enabled=False))
    yield
    shelf.house.datasets.update(caller, shelf.dataset.id, DatasetChange(api_enabled=True))


@pytest.mark.parametrize("operation", CLOSED, ids=lambda one: one.id)
@pytest.mark.usefixtures("closed")
def test_a_dataset_that_is_closed(shelf: Shelf, secret: Document, operation: Operation) -> None:
    answer = _ask(shelf.client, operation, secret)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "api_disabled")


def test_an_api_that_is_switched_off(tmp_path_factory: pytest.TempPathFactory) -> None:
    with a_house(tmp_path_factory.mktemp("off"), api_enabled=False) as house:
        for operation in CLOSED:
            assert _ask(a_client(house), operation, None).status_code == 403


def test_a_deleted_document_is_gone(shelf: Shelf) -> None:
    document = shelf.add("gone.pdf", CONTENT)
    assert _ask(shelf.client, CLOSED[1], document).status_code == 200
    shelf.house.documents.remove(shelf.house.keys.owner(), shelf.dataset.id, document.id)
    for operation in CLOSED:
        # Who explains a search asks of datasets.
        assert _ask(shelf.client, operation, document).status_code == (200 if operation.id == "explain" else 404)
