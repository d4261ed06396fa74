"""The OpenAPI documents say everything, of every dialect."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.testclient import TestClient

from diglot.http.data import app as data
from diglot.http.dify import app as dify
from diglot.http.dify import wire_answers
from diglot.http.dify.errors import FORMS
from diglot.http.native import app as native
from diglot.http.operations import Operation
from diglot.http.ragflow import app as ragflow
from diglot.http.ragflow.wire import Reply
from diglot.http.ragflow_legacy import app as legacy

Document = dict[str, Any]
JSON = "application/json"
OPERATIONS = {
    "dify": dify.OPERATIONS,
    "ragflow": ragflow.OPERATIONS,
    "ragflow-2024": legacy.OPERATIONS,
    "data": data.OPERATIONS,
    "diglot": native.OPERATIONS,
}


class Described(NamedTuple):
    name: str
    operations: tuple[Operation, ...]
    document: Document


@pytest.fixture(scope="module", params=OPERATIONS)
def described(request: pytest.FixtureRequest, client: TestClient) -> Described:
    name = request.param
    return Described(name, OPERATIONS[name], client.get(f"/openapi/{name}.json").json())


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_the_document_is_valid(described: Described) -> None:
    assert described.document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(described.document).iter_errors()] == []


def test_every_operation_is_there_once(described: Described) -> None:
    identities = [operation["operationId"] for _, operation in _operations(described.document)]
    assert sorted(identities) == sorted(one.id for one in described.operations)
    assert len(set(identities)) == len(identities)


def test_nothing_goes_without_a_word(described: Described) -> None:
    missing: list[str] = []
    for place, operation in _operations(described.document):
        missing += [place for part in ("summary", "description", "tags") if not operation[part]]
        missing += [f"{place} {one['name']}" for one in operation["parameters"] if not one["description"]]
        missing += [f"{place} {code}" for code, one in operation["responses"].items() if not one["description"]]
    for name, schema in described.document["components"]["schemas"].items():
        fields = schema.get("properties", {})
        missing += [f"{name}.{field}" for field, one in fields.items() if not one.get("description")]
    assert missing == []


def test_every_success_has_a_shape(described: Described) -> None:
    for place, operation in _operations(described.document):
        for status, response in operation["responses"].items():
            assert status == "204" or response["content"], place
            for kind, content in response.get("content", {}).items():
                assert "schema" in content or int(status) >= 400, (place, status, kind)


def test_refusals_stand_beside_successes(described: Described) -> None:
    """Where both have the status 200, both shapes and examples of both are shown."""
    if described.name not in ("ragflow", "ragflow-2024"):
        pytest.skip("this dialect has a status for every refusal")
    with_data = {one.id for one in described.operations if one.answer not in (None, Reply)}
    for place, operation in _operations(described.document):
        content = operation["responses"]["200"].get("content", {}).get(JSON, {})
        codes = {one["value"].get("code", 0) for one in content.get("examples", {}).values()}
        if operation["operationId"] in with_data and codes - {0}:
            assert len(content["schema"]["anyOf"]) == 2, place
            assert 0 in codes, place


def test_open_operations_ask_for_no_key(described: Described) -> None:
    are_open = {one.id for one in described.operations if one.is_open and not one.takes_cookie}
    by_cookie = {one.id for one in described.operations if one.takes_cookie}
    for place, operation in _operations(described.document):
        is_open = operation["operationId"] in are_open
        assert (operation.get("security") == []) == is_open, place
        assert (operation.get("security") == [{"Session": []}]) == (operation["operationId"] in by_cookie), place
        # Who logs in is refused for the password's sake.
        if operation["operationId"] == "logIn":
            continue
        # Without a key there may be a 403 all the same: a link that is not valid.
        refusals = {"401"} if is_open else {"401", "403"}
        assert is_open != bool(refusals & set(operation["responses"])), place


def test_every_operation_shows_its_errors(client: TestClient) -> None:
    document = client.get("/openapi/dify.json").json()
    codes = {form.code for form in FORMS.values()} | {"invalid_metadata"}
    for place, operation in _operations(document):
        failing = {code: one for code, one in operation["responses"].items() if int(code) >= 400}
        assert {"401", "403"} <= set(failing), place
        for code, response in failing.items():
            examples = response["content"][JSON]["examples"]
            assert examples, (place, code)
            for example in examples.values():
                assert example["value"]["status"] == int(code)
                assert example["value"]["code"] in codes
                assert example["value"]["message"]


def test_every_body_has_an_example_that_is_valid(described: Described) -> None:
    for operation in described.operations:
        model = operation.body or operation.form
        if model is not None and (operation.body is not None or operation.body_example is not None):
            model.model_validate(operation.body_example)


def test_examples_of_answers_are_as_described(described: Described) -> None:
    for operation in described.operations:
        if operation.answer is not None and operation.answer_example is not None:
            operation.answer.model_validate(operation.answer_example)


def test_every_operation_of_ragflow_has_an_example(described: Described) -> None:
    if described.name == "dify":
        pytest.skip("its answers are described field by field")
    missing = [one.id for one in described.operations if one.answer is not None and one.answer_example is None]
    assert missing == []


def test_what_is_referred_to_is_there(described: Described) -> None:
    known = {f"#/components/schemas/{name}" for name in described.document["components"]["schemas"]}
    assert set(_references(described.document)) <= known


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
    dataset = client.post("/v1/datasets", json={"name": "described"}).json()
    assert set(dataset) == set(wire_answers.Dataset.model_fields)
    body = {"name": "n", "text": "t", "indexing_technique": "high_quality"}
    started = client.post(f"/v1/datasets/{dataset['id']}/document/create-by-text", json=body).json()
    assert set(started["document"]) == set(wire_answers.Document.model_fields)
    wire_answers.Started.model_validate(started)
    detail = client.get(f"/v1/datasets/{dataset['id']}/documents/{started['document']['id']}").json()
    assert set(detail) == set(wire_answers.DocumentDetail.model_fields)
    wire_answers.DocumentDetail.model_validate(detail)
