"""Metadata: fields of one dialect and meta_fields of the other are the same thing."""

from typing import Any

import pytest
from dify_dataset_sdk import DifyDatasetClient
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.catalog import fields
from diglot.domain.identity import DatasetId, parse_id
from tests.dialects.dify.objects import a_dataset, a_document, contents
from tests.house import KEY, finish, serving

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)


def _add(client: TestClient, dataset: str, name: str, kind: str = "string") -> str:
    made = client.post(f"/v1/datasets/{dataset}/metadata", json={"type": kind, "name": name})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def _fields(client: TestClient, dataset: str) -> dict[str, tuple[str, int]]:
    listed = client.get(f"/v1/datasets/{dataset}/metadata").json()["doc_metadata"]
    return {one["name"]: (one["type"], one["count"]) for one in listed}


def _assign(client: TestClient, dataset: str, document: str, values: dict[str, Any], **more: Any) -> Any:
    listed = [{"id": "", "name": name, "value": value} for name, value in values.items()]
    data = {"operation_data": [{"document_id": document, "metadata_list": listed} | more]}
    return client.post(f"/v1/datasets/{dataset}/documents/metadata", json=data)


def _held(client: TestClient, dataset: str, document: str) -> dict[str, Any]:
    shown = client.get(f"/v1/datasets/{dataset}/documents/{document}").json()["doc_metadata"]
    return {one["name"]: one["value"] for one in shown or ()}


def _in_ragflow(client: TestClient, dataset: str, document: str) -> dict[str, Any]:
    [found] = client.get(f"/api/v1/datasets/{dataset}/documents?id={parse_id(document)}").json()["data"]["docs"]
    return dict(found["meta_fields"])


def _set_in_ragflow(client: TestClient, dataset: str, document: str, values: dict[str, Any]) -> None:
    answer = client.put(f"/api/v1/datasets/{dataset}/documents/{document}", json={"meta_fields": values})
    assert answer.json()["code"] == 0, answer.text


@BOTH
def test_what_ragflow_stored_shows_as_fields_and_the_other_way_round(client: TestClient) -> None:
    dataset = a_dataset(client)
    document = a_document(client, dataset)["id"]
    _set_in_ragflow(client, dataset, document, {"author": "Ada", "year": 2020, "tags": ["a", "b"]})
    assert _fields(client, dataset) == {"author": ("string", 1), "tags": ("string", 1), "year": ("number", 1)}
    assert _held(client, dataset, document) == {"author": "Ada", "year": 2020, "tags": "a, b"}
    _add(client, dataset, "seen", "time")
    assert _assign(client, dataset, document, {"seen": "1700000000"}, partial_update=True).is_success
    assert _in_ragflow(client, dataset, document) == {
        "author": "Ada",
        "year": 2020,
        "tags": ["a", "b"],
        "seen": 1700000000,
    }
    assert _assign(client, dataset, document, {"author": "Bob"}).is_success
    assert _in_ragflow(client, dataset, document) == {"author": "Bob"}
    # A field outlives its last value.
    assert _fields(client, dataset)["year"] == ("number", 0)


@BOTH
def test_renaming_and_deleting_reach_the_documents(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    documents = [a_document(client, dataset, f"The battery lasts {number}.")["id"] for number in range(3)]
    author, year = _add(client, dataset, "author"), _add(client, dataset, "year", "number")
    for document in documents[:2]:
        assert _assign(client, dataset, document, {"author": "Ada", "year": 2020}).is_success
    assert _assign(client, dataset, documents[2], {"author": None}).is_success
    finish(house)
    is_ada = {"comparison_operator": "is", "value": "Ada"}
    writers = {"conditions": [is_ada | {"name": "writer"}]}
    authors = {"conditions": [is_ada | {"name": "author"}]}
    assert len(contents(client, dataset, "battery", metadata_filtering_conditions=authors)) == 2
    client.patch(f"/v1/datasets/{dataset}/metadata/{author}", json={"name": "writer"})
    assert [_held(client, dataset, one) for one in documents] == [
        {"writer": "Ada", "year": 2020},
        {"writer": "Ada", "year": 2020},
        {"writer": None},
    ]
    assert contents(client, dataset, "battery", metadata_filtering_conditions=authors) == []
    assert len(contents(client, dataset, "battery", metadata_filtering_conditions=writers)) == 2
    assert client.patch(f"/v1/datasets/{dataset}/metadata/{author}", json={"name": "writer"}).is_success

    assert client.delete(f"/v1/datasets/{dataset}/metadata/{author}").status_code == 204
    assert [_held(client, dataset, one) for one in documents] == [{"year": 2020}, {"year": 2020}, {}]
    assert _in_ragflow(client, dataset, documents[0]) == {"year": 2020}
    assert contents(client, dataset, "battery", metadata_filtering_conditions=writers) == []
    assert _fields(client, dataset) == {"year": ("number", 2)}
    assert client.patch(f"/v1/datasets/{dataset}/metadata/{year}", json={"name": "writer"}).is_success


@BOTH
def test_a_value_that_is_none_is_told_in_plain_words(client: TestClient) -> None:
    dataset = a_dataset(client)
    value = {"document_id": a_document(client, dataset)["id"], "metadata_list": [{"name": "text", "value": {}}]}
    answer = client.post(f"/v1/datasets/{dataset}/documents/metadata", json={"operation_data": [value]})
    assert answer.json()["message"] == "operation_data.metadata_list.value: Input should be a text or a number"


def test_values_become_what_their_field_holds(client: TestClient) -> None:
    dataset = a_dataset(client)
    document = a_document(client, dataset)["id"]
    for name, kind in (("text", "string"), ("number", "number"), ("time", "time")):
        _add(client, dataset, name, kind)

    def kept(name: str, value: Any) -> Any:
        answer = _assign(client, dataset, document, {name: value})
        return _held(client, dataset, document)[name] if answer.is_success else answer.status_code

    assert [kept("text", one) for one in ("2020", 2020, True, "")] == ["2020", "2020", "true", ""]
    assert [kept("number", one) for one in ("2020", " 2.5 ", -3, 1e3, "many", "")] == [2020, 2.5, -3, 1000, 400, 400]
    assert [kept("time", one) for one in (1700000000, "1700000000", "2023-11-14T22:13:20", "soon")] == [
        1700000000,
        1700000000,
        1700000000,
        400,
    ]
    assert kept("time", None) is None


@BOTH
def test_all_documents_or_none(client: TestClient) -> None:
    dataset, other = a_dataset(client), a_dataset(client)
    mine, another = a_document(client, dataset)["id"], a_document(client, other)["id"]
    _add(client, dataset, "author")
    value = [{"id": "", "name": "author", "value": "Ada"}]
    data = {"operation_data": [{"document_id": one, "metadata_list": value} for one in (mine, another)]}
    answer = client.post(f"/v1/datasets/{dataset}/documents/metadata", json=data)
    assert (answer.status_code, answer.json()["message"]) == (400, "Document not found.")
    assert _held(client, dataset, mine) == {}
    assert _held(client, other, another) == {}


def test_built_in_fields_are_shown_when_they_are_on(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    made = a_document(client, dataset, name="note")
    finish(house)
    assert _held(client, dataset, made["id"]) == {}
    assert client.post(f"/v1/datasets/{dataset}/metadata/built-in/enable").json() == {"result": "success"}
    shown = client.get(f"/v1/datasets/{dataset}/documents/{made['id']}").json()["doc_metadata"]
    assert [(one["id"], one["name"], one["type"]) for one in shown] == [
        ("built-in", "document_name", "string"),
        ("built-in", "uploader", "string"),
        ("built-in", "upload_date", "time"),
        ("built-in", "last_update_date", "time"),
        ("built-in", "source", "string"),
    ]
    held = _held(client, dataset, made["id"])
    assert (held["document_name"], held["upload_date"], held["source"]) == ("note", made["created_at"], "file_upload")
    assert held["uploader"]
    asked = {"query": "battery"}
    [record, *_] = client.post(f"/v1/datasets/{dataset}/retrieve", json=asked).json()["records"]
    assert record["segment"]["document"]["doc_metadata"] == held
    about = client.get(f"/v1/datasets/{dataset}").json()
    assert (about["built_in_field_enabled"], len(about["doc_metadata"])) == (True, 5)
    # What is sent back of them changes nothing.
    data = {"operation_data": [{"document_id": made["id"], "metadata_list": shown}]}
    assert client.post(f"/v1/datasets/{dataset}/documents/metadata", json=data).is_success
    client.post(f"/v1/datasets/{dataset}/metadata/built-in/disable")
    assert _held(client, dataset, made["id"]) == {}


@BOTH
def test_a_value_whose_field_was_just_deleted_gets_one(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_document(client, dataset)["id"]
    _set_in_ragflow(client, dataset, document, {"author": "Ada"})
    plain = DatasetId(parse_id(dataset) or "")
    [field] = house.fields.of_dataset(house.keys.owner(), plain)
    house.database.write(lambda connection: fields.remove(connection, field.id))
    assert _held(client, dataset, document) == {"author": "Ada"}
    assert _fields(client, dataset) == {"author": ("string", 1)}


def test_names(client: TestClient) -> None:
    dataset, other = a_dataset(client), a_dataset(client)
    _add(client, dataset, "x" * 255)
    _add(client, dataset, "作者")
    _add(client, other, "作者")
    for wrong in ("", "  ", "x" * 256, "uploader", " uploader "):
        answer = client.post(f"/v1/datasets/{dataset}/metadata", json={"type": "string", "name": wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_param"), wrong


def test_another_dataset_s_field_is_unknown(client: TestClient) -> None:
    dataset, other = a_dataset(client), a_dataset(client)
    field = _add(client, other, "author")
    for ask in (client.patch, client.delete):
        more = {"json": {"name": "x"}} if ask == client.patch else {}
        answer = ask(f"/v1/datasets/{dataset}/metadata/{field}", **more)  # type: ignore[operator]
        assert (answer.status_code, answer.json()["message"]) == (404, "Metadata not found.")
    assert _fields(client, other) == {"author": ("string", 0)}


def test_dify_dataset_sdk(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_document(client, dataset)["id"]
    with serving(house) as url, DifyDatasetClient(KEY, url) as sdk:
        author = sdk.metadata.create(dataset, "string", "author")
        year = sdk.metadata.create(dataset, "number", "year")
        assert sdk.metadata.update(dataset, author.id, "writer").name == "writer"
        values = [{"id": author.id, "name": "writer", "value": "Ada"}, {"id": year.id, "name": "year", "value": "2020"}]
        sdk.metadata.update_document_metadata(dataset, [{"document_id": document, "metadata_list": values}])
        assert _held(client, dataset, document) == {"writer": "Ada", "year": 2020}
        assert len(sdk.metadata.list(dataset).doc_metadata) == 2
        sdk.metadata.toggle_built_in(dataset, "enable")
        sdk.metadata.delete(dataset, year.id)

        tag = sdk.tags.create("by the sdk")
        sdk.tags.bind_to_dataset(dataset, [tag.id])
        assert [one.binding_count for one in sdk.tags.list() if one.id == tag.id] == [1]
        assert [one.name for one in sdk.tags.get_dataset_tags(dataset)] == ["by the sdk"]
        assert sdk.tags.update(tag.id, "renamed").name == "renamed"
        sdk.tags.unbind_from_dataset(dataset, tag.id)
        sdk.tags.delete(tag.id)
        assert [one for one in sdk.tags.list() if one.id == tag.id] == []
