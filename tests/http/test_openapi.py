"""The OpenAPI document says everything."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.http.dify.app import OPERATIONS
from diglot.http.dify.errors import FORMS

Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(client: TestClient) -> Document:
    return dict(client.get("/openapi/dify.json").json())


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_every_operation_is_there_once(document: Document) -> None:
    identities = [operation["operationId"] for _, operation in _operations(document)]
    assert sorted(identities) == sorted(one.id for one in OPERATIONS)
    assert len(set(identities)) == len(identities)


def test_nothing_goes_without_a_word(document: Document) -> None:
    missing: list[str] = []
    for place, operation in _operations(document):
        missing += [place for part in ("summary", "description", "tags") if not operation[part]]
        missing += [f"{place} {one['name']}" for one in operation["parameters"] if not one["description"]]
        missing += [f"{place} {code}" for code, one in operation["responses"].items() if not one["description"]]
    for name, schema in document["components"]["schemas"].items():
        missing += [f"{name}.{field}" for field, one in schema["properties"].items() if not one.get("description")]
    assert missing == []


def test_every_operation_shows_its_errors(document: Document) -> None:
    codes = {form.code for form in FORMS.values()} | {"invalid_metadata"}
    for place, operation in _operations(document):
        failing = {code: one for code, one in operation["responses"].items() if int(code) >= 400}
        assert {"401", "403"} <= set(failing), place
        for code, response in failing.items():
            examples = response["content"]["application/json"]["examples"]
            assert examples, (place, code)
            for example in examples.values():
                assert example["value"]["status"] == int(code)
                assert example["value"]["code"] in codes
                assert example["value"]["message"]


def test_every_body_has_an_example_that_is_valid(document: Document) -> None:
    for operation in OPERATIONS:
        model = operation.body or operation.form
        if model is not None:
            model.model_validate(operation.body_example)


def test_what_is_referred_to_is_there(document: Document) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(_references(document)) <= known


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _references(one)
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for one in part.values():
            yield from _references(one)


def test_servers_come_from_the_request(client: TestClient) -> None:
    answer = client.get("/openapi/dify.json", headers={"Host": "wiki.example:8443"}).json()
    assert answer["servers"][0]["url"] == "http://wiki.example:8443/v1"
    assert answer["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"


def test_answers_are_as_described(client: TestClient) -> None:
    """The fields of an answer are those of its description, no more and no fewer."""
    from diglot.http.dify import wire_answers

    dataset = client.post("/v1/datasets", json={"name": "described"}).json()
    assert set(dataset) == set(wire_answers.Dataset.model_fields)
    body = {"name": "n", "text": "t", "indexing_technique": "high_quality"}
    started = client.post(f"/v1/datasets/{dataset['id']}/document/create-by-text", json=body).json()
    assert set(started["document"]) == set(wire_answers.Document.model_fields)
    wire_answers.Started.model_validate(started)
    detail = client.get(f"/v1/datasets/{dataset['id']}/documents/{started['document']['id']}").json()
    assert set(detail) == set(wire_answers.DocumentDetail.model_fields)
    wire_answers.DocumentDetail.model_validate(detail)
