"""Where the pages of July 2024 and its server disagreed: what each said, and what is answered here."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.house import KEY, finish

URL = "/api/v1/dataset"


class Place(NamedTuple):
    """A dataset with a document, and who asks."""

    client: TestClient
    dataset: str
    document: str

    @property
    def url(self) -> str:
        return f"{URL}/{self.dataset}"

    @property
    def documents(self) -> str:
        return f"{self.url}/documents"


class Row(NamedTuple):
    subject: str
    pages: str
    server: str
    ask: Callable[[Place], Any]
    answer: Any


def _body(answer: Any) -> Any:
    return answer.json()


def _part(answer: Any, *names: str) -> Any:
    body = answer.json()
    for name in names:
        body = body[name]
    return body


def _new_dataset(place: Place) -> str:
    return str(place.client.post(URL, json={"name": "disagreed"}).json()["data"]["dataset_id"])


def _removed(place: Place) -> Any:
    dataset = _new_dataset(place)
    return _body(place.client.delete(f"{URL}/{dataset}")) | {"message": "..."}


def _keys_of(place: Place, body: dict[str, Any]) -> Any:
    return _part(place.client.post(URL, json=body), "data", "dataset_name")[:5]


def _sorted(place: Place, url: str, query: str, *names: str) -> bool:
    times = [one["create_time"] for one in _part(place.client.get(f"{url}?{query}"), *names)]
    return len(times) > 1 and times == sorted(times)


def _with_config(place: Place) -> Any:
    url = f"{URL}/{_new_dataset(place)}"
    return _part(place.client.put(url, json={"layout_recognize": False}), "data", "parser_config")


def _with_method(place: Place) -> Any:
    url = f"{URL}/{_new_dataset(place)}"
    return _part(place.client.put(url, json={"chunk_method": "book"}), "data", "parser_id")


def _without_documents(place: Place) -> Any:
    status = f"{URL}/{_new_dataset(place)}/documents/status"
    return place.client.post(status).json()


ROWS = (
    Row(
        "the key of a new dataset's name",
        "dataset_name",
        "name, and no other key",
        lambda place: _keys_of(place, {"dataset_name": "named"}),
        "named",
    ),
    Row(
        "both keys of the name",
        "",
        "fields: ['dataset_name'], are not allowed in request body.",
        lambda place: _keys_of(place, {"dataset_name": "wrong", "name": "right"}),
        "right",
    ),
    Row(
        "letters of a name",
        "a-z A-Z 0-9 _ - .",
        "any",
        lambda place: _keys_of(place, {"name": "知识 库!"}),
        "知识 库!",
    ),
    Row(
        "a name of 1024 characters",
        "less than 2 ** 10",
        "at most 1024",
        lambda place: _part(place.client.post(URL, json={"name": " " + "n" * 1024}), "code"),
        0,
    ),
    Row(
        "a list of datasets",
        "code 102, attempt to list datasets",
        "code 0, List datasets successfully!",
        lambda place: _part(place.client.get(f"{URL}?count=0"), "message"),
        "List datasets successfully!",
    ),
    Row(
        "desc=False",
        "ascending",
        "any text counts as true",
        lambda place: _sorted(place, URL, "desc=False", "data"),
        True,
    ),
    Row(
        "the answer to the delete of a dataset",
        "success true, Dataset deleted successfully!",
        "code 0, Remove dataset: ID successfully",
        _removed,
        {"code": 0, "message": "...", "success": True},
    ),
    Row(
        "layout_recognize",
        "a parameter",
        "takes the place of the whole parser_config",
        _with_config,
        {"pages": [[1, 1000000]], "layout_recognize": False},
    ),
    Row(
        "chunk_method that is legal",
        "a parameter",
        "code 100, KeyError('template_type')",
        _with_method,
        "book",
    ),
    Row(
        "the message of a list of documents",
        "success",
        "0, a number",
        lambda place: _part(place.client.get(place.documents), "message"),
        "success",
    ),
    Row(
        "descend=false",
        "ascending",
        "neither way: False alone counts",
        lambda place: _sorted(place, place.documents, "descend=false", "data", "docs"),
        True,
    ),
    Row(
        "how long a document took",
        "process_duation in a list, process_duration in an update",
        "process_duation",
        lambda place: (
            {"process_duation", "process_duration"} <= {*_part(place.client.get(place.documents), "data", "docs")[0]}
        ),
        True,
    ),
    Row(
        "an illegal value",
        "Illegal value '?' for 'enable' field.",
        "Illegal value ? for 'enable' field.",
        lambda place: _part(place.client.put(f"{place.documents}/{place.document}", json={"enable": "?"}), "message"),
        "Illegal value ? for 'enable' field.",
    ),
    Row(
        "a download",
        """{"code": "0", "data": "b'...'"}""",
        "the bytes",
        lambda place: place.client.get(f"{place.documents}/{place.document}").content,
        b"first",
    ),
    Row(
        "the message about a dataset without state",
        "This dataset 'x' cannot be found!",
        "This dataset: 'x' cannot be found!",
        lambda place: _part(place.client.get(f"{URL}/x/documents/{place.document}/status"), "message"),
        "This dataset: 'x' cannot be found!",
    ),
    Row(
        "the path of a document's state",
        "/documents/status",
        "/documents/ID/status",
        lambda place: (
            _body(place.client.get(f"{place.documents}/status?document_id={place.document}"))
            == _body(place.client.get(f"{place.documents}/{place.document}/status"))
        ),
        True,
    ),
    Row(
        "the state of a document that nobody had parsed",
        "",
        "RUNNING: another column is read",
        lambda place: _part(place.client.get(f"{place.documents}/{place.document}/status"), "data", "status"),
        "UNSTART",
    ),
    Row(
        "no doc_ids at all",
        "all documents",
        "code 100, KeyError('doc_ids')",
        _without_documents,
        {"code": 0, "message": "", "data": True},
    ),
    Row(
        "the key in the header",
        "Bearer KEY",
        "KEY alone",
        lambda place: {
            place.client.get(URL, headers={"Authorization": form}).status_code
            for form in (KEY, f"Bearer {KEY}", f"bearer {KEY}")
        },
        {200},
    ),
    Row(
        "no key",
        "",
        "HTTP 200 with retcode 401",
        lambda place: place.client.get(URL, headers={"Authorization": ""}).status_code,
        401,
    ),
    Row(
        "the base of the URL",
        "/v1/api/ and /api/v1/dataset",
        "/api/v1/dataset",
        lambda place: _body(place.client.get(f"/v1/api/dataset/{place.dataset}")) == _body(place.client.get(place.url)),
        True,
    ),
)


@pytest.fixture(scope="module")
def place(client: TestClient) -> Place:
    dataset = client.post(URL, json={"name": "disagreements"}).json()["data"]["dataset_id"]
    files = [("file", ("a.txt", b"first")), ("file", ("b.txt", b"second"))]
    added = client.post(f"{URL}/{dataset}/documents", files=files).json()["data"]
    return Place(client, dataset, added[0]["id"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.subject)
def test_what_is_answered(place: Place, row: Row) -> None:
    assert row.ask(place) == row.answer, f"the pages: {row.pages}; the server: {row.server}"


def test_the_message_about_an_empty_file_keeps_its_blank(client: TestClient, house: Diglot) -> None:
    """The pages have it with the blank for several documents and without for one."""
    dataset = client.post(URL, json={"name": "blank"}).json()["data"]["dataset_id"]
    added = client.post(f"{URL}/{dataset}/documents", files=[("file", ("empty.txt", b""))]).json()["data"]
    status = f"{URL}/{dataset}/documents/{added[0]['id']}/status"
    assert client.post(status).json()["message"] == "Empty data in the document: empty.txt; "
    finish(house)
    # Its server left it running for ever.
    assert client.get(f"{URL}/{dataset}/documents").json()["data"]["docs"][0]["run"] == "3"


def test_a_state_that_is_reached_at_once_is_held(client: TestClient, house: Diglot) -> None:
    """RAGFlow's own test starts a document and wants to see it run; without a hold a short one would be done."""
    dataset = client.post(URL, json={"name": "held"}).json()["data"]["dataset_id"]
    added = client.post(f"{URL}/{dataset}/documents", files=[("file", ("a.txt", b"x"))]).json()["data"]
    status = f"{URL}/{dataset}/documents/{added[0]['id']}/status"
    client.post(status)
    assert client.get(status).json()["data"]["status"] == "RUNNING"
    finish(house)
    # Whether that took less than the hold or more: in the list it is told as it is.
    assert client.get(f"{URL}/{dataset}/documents").json()["data"]["docs"][0]["run"] == "3"
