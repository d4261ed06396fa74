"""What bad requests get: Dify's form, and nothing half-done."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.dialects.dify.objects import a_dataset, a_document, a_ready_document

UNKNOWN = "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e"
CREATE = "/v1/datasets/{}/document/create-by-text"


def _told(answer: Any) -> tuple[int, str, str]:
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"], body["message"]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (None, "Authorization header must be provided and start with 'Bearer'"),
        ("nonsense", "Authorization header must be provided and start with 'Bearer'"),
        ("Basic abc", "Authorization scheme must be 'Bearer'"),
        ("Bearer dataset-unknown", "Access token is invalid"),
        ("Bearer ", "Authorization header must be provided and start with 'Bearer'"),
        ("dataset-unknown", "Access token is invalid"),
        ("Bearer " + "k" * 5000, "Access token is invalid"),
        ("Bearer ключ".encode(), "Access token is invalid"),
    ],
)
def test_without_a_key(house: Diglot, client: TestClient, header: Any, message: str) -> None:
    headers = {} if header is None else {"Authorization": header}
    bare = TestClient(client.app, headers=headers)
    for path in ("/v1/datasets", f"/v1/datasets/{UNKNOWN}"):
        answer = bare.get(path)
        assert _told(answer) == (401, "unauthorized", message)
        assert answer.headers["www-authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("scheme", ["bearer ", "BEARER  ", ""])
def test_keys_are_taken_in_several_forms(client: TestClient, scheme: str) -> None:
    key = client.headers["Authorization"].split()[1]
    assert TestClient(client.app, headers={"Authorization": scheme + key}).get("/v1/datasets").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/", 404),
        ("PUT", "/v1/datasets", 405),
        ("OPTIONS", "/v1/datasets", 405),
        ("GET", f"/v1/datasets/{UNKNOWN}/document/create-by-text", 405),
    ],
)
def test_paths_and_methods_that_are_not_there(client: TestClient, method: str, path: str, code: int) -> None:
    answer = client.request(method, path)
    assert _told(answer)[:2] == (code, "not_found" if code == 404 else "method_not_allowed")
    assert ("allow" in answer.headers) == (code == 405)


@pytest.mark.parametrize("dataset", [UNKNOWN, "nonsense", "0" * 32, "%00", "..", "1' or '1'='1"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/documents"),
        ("POST", "/document/create-by-text"),
        ("POST", "/document/create_by_file"),
        ("POST", "/retrieve"),
        ("GET", f"/documents/{UNKNOWN}"),
        ("GET", "/documents/20230921150427533684/indexing-status"),
        ("POST", f"/documents/{UNKNOWN}/segments"),
    ],
)
def test_an_unknown_dataset_comes_before_the_body(client: TestClient, method: str, path: str, dataset: str) -> None:
    answer = client.request(method, f"/v1/datasets/{dataset}{path}", content=b"{not json")
    assert answer.status_code == 404
    if dataset != "..":
        assert _told(answer) == (404, "not_found", "Dataset not found.")


@pytest.mark.parametrize(
    "body",
    [
        b"{not json",
        b"[]",
        b'"text"',
        b"null",
        b'{"name": NaN}',
        b'{"name": Infinity}',
        rb'{"name": "\ud800"}',
        rb'{"name": "a\u0000b"}',
        b'{"name": "\xff"}',
        b'{"a":' * 100_000,
        b'{"name": ["a"]}',
        b'{"name": null}',
        b"{}",
        b"",
    ],
)
def test_bodies_that_are_no_request(client: TestClient, body: bytes) -> None:
    before = client.get("/v1/datasets").json()["total"]
    answer = client.post("/v1/datasets", content=body[:40_000], headers={"Content-Type": "application/json"})
    assert _told(answer)[:2] == (400, "invalid_param")
    assert client.get("/v1/datasets").json()["total"] == before


def test_a_large_body_is_not_read(client: TestClient) -> None:
    answer = client.post("/v1/datasets", content=b'{"name": "' + b"x" * 60_000 + b'"}')
    assert _told(answer)[:2] == (413, "request_entity_too_large")


def test_the_argument_to_blame(client: TestClient) -> None:
    body = client.post("/v1/datasets", json={}).json()
    assert body == {"code": "invalid_param", "message": "name is required.", "status": 400, "params": "name"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_names_of_datasets(client: TestClient, name: str) -> None:
    answer = client.post("/v1/datasets", json={"name": name})
    assert _told(answer) == (400, "invalid_param", "Name must be between 1 to 40 characters.")


def test_a_taken_name(client: TestClient) -> None:
    a_dataset(client, name="taken")
    answer = client.post("/v1/datasets", json={"name": " taken "})
    assert _told(answer) == (
        409,
        "dataset_name_duplicate",
        "The dataset name already exists. Please modify your dataset name.",
    )
    other = a_dataset(client)
    answer = client.patch(f"/v1/datasets/{other}", json={"name": "taken"})
    assert _told(answer) == (400, "invalid_param", "Dataset name already exists")
    assert client.patch(f"/v1/datasets/{other}", json={"name": "free"}).json()["name"] == "free"


def test_an_unknown_embedding_model(client: TestClient) -> None:
    for sent in ({"embedding_model": "nope", "indexing_technique": "high_quality"}, {"embedding_model": "nope"}):
        answer = client.post("/v1/datasets", json={"name": "with a model", **sent})
        assert _told(answer)[:2] == (400, "invalid_param")
        assert _told(answer)[2].startswith("No Embedding Model available.")


def _custom(rules: Any) -> dict[str, Any]:
    return {"mode": "custom", "rules": rules}


CLEANING = [{"id": "remove_extra_spaces", "enabled": True}]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({}, "Process rule mode is required"),
        ({"mode": "clever"}, "Process rule mode is invalid"),
        ({"mode": "custom"}, "Process rule rules is required"),
        (_custom({}), "Process rule pre_processing_rules is required"),
        (_custom({"pre_processing_rules": []}), "Process rule segmentation is required"),
        (
            _custom({"pre_processing_rules": [{"enabled": True}], "segmentation": {}}),
            "Process rule pre_processing_rules id is required",
        ),
        (
            _custom({"pre_processing_rules": [{"id": "x", "enabled": True}], "segmentation": {}}),
            "Process rule pre_processing_rules id is invalid",
        ),
        (
            _custom(
                {"pre_processing_rules": [{"id": "remove_extra_spaces", "enabled": "perhaps"}], "segmentation": {}}
            ),
            "Process rule pre_processing_rules enabled is invalid",
        ),
        (
            _custom({"pre_processing_rules": CLEANING, "segmentation": {"separator": ""}}),
            "Process rule segmentation separator is required",
        ),
        (
            _custom({"pre_processing_rules": CLEANING, "segmentation": {"separator": 5}}),
            "Process rule segmentation separator is invalid",
        ),
        (
            _custom({"pre_processing_rules": CLEANING, "segmentation": {"max_tokens": "many"}}),
            "Process rule segmentation max_tokens is invalid",
        ),
        *(
            (
                _custom({"pre_processing_rules": CLEANING, "segmentation": {"max_tokens": size}}),
                "Custom segment length should be between 50 and 4000.",
            )
            for size in (49, 4001, -1, 10**9)
        ),
    ],
)
def test_process_rules(client: TestClient, rule: Any, message: str) -> None:
    dataset = a_dataset(client)
    body = {"name": "n", "text": "t", "indexing_technique": "economy", "process_rule": rule}
    assert _told(client.post(CREATE.format(dataset), json=body)) == (400, "invalid_param", message)
    assert client.get(f"/v1/datasets/{dataset}/documents").json()["total"] == 0


def test_process_rules_that_are_taken(client: TestClient) -> None:
    dataset = a_dataset(client)
    for rule in (
        {"mode": "automatic", "rules": {"nonsense": 1}},
        {"mode": "automatic", "rules": {}},
        _custom({"pre_processing_rules": CLEANING, "segmentation": {}}),
        _custom({"pre_processing_rules": CLEANING, "segmentation": {"separator": "###", "max_tokens": "50.0"}}),
        None,
    ):
        a_document(client, dataset, process_rule=rule)


@pytest.mark.parametrize("query", [None, "", "  ", "x" * 251])
def test_questions(client: TestClient, query: str | None) -> None:
    answer = client.post(f"/v1/datasets/{a_dataset(client)}/retrieve", json={"query": query})
    assert _told(answer) == (400, "invalid_param", "Query is required and cannot exceed 250 characters")


@pytest.mark.parametrize(
    "retrieval",
    [
        {"search_method": "magic"},
        {"top_k": 0},
        {"top_k": "many"},
        {"search_method": "semantic_search", "metadata_filtering_conditions": {"conditions": [{"name": "x"}]}},
        {"reranking_enable": True, "reranking_model": {"reranking_model_name": "nope"}},
    ],
)
def test_retrieval_models(client: TestClient, retrieval: dict[str, Any]) -> None:
    answer = client.post(
        f"/v1/datasets/{a_dataset(client)}/retrieve", json={"query": "q", "retrieval_model": retrieval}
    )
    assert _told(answer)[:2] == (400, "invalid_param")


@pytest.mark.parametrize("top_k", [3.0, "3", "3.7", 3, None])
def test_top_k_as_low_code_tools_send_it(client: TestClient, house: Diglot, top_k: Any) -> None:
    dataset = a_dataset(client)
    a_ready_document(client, house, dataset, "\n".join(f"battery {number}" for number in range(9)))
    answer = client.post(
        f"/v1/datasets/{dataset}/retrieve",
        json={"query": "battery", "retrieval_model": {"search_method": "full_text_search", "top_k": top_k}},
    )
    assert len(answer.json()["records"]) == (3 if top_k else 4)


def test_text_that_is_too_long(client: TestClient) -> None:
    dataset = a_dataset(client)
    body = {"name": "n", "text": "x" * 20_001, "indexing_technique": "economy"}
    assert _told(client.post(CREATE.format(dataset), json=body)) == (
        400,
        "invalid_param",
        "text is longer than 20000 characters.",
    )


@pytest.mark.parametrize(
    "name", ["a\u202eb", "a\u0007b", "line\nbreak", "", " ", "../secret", "a/../b", "..\\b", "x\u2028y"]
)
def test_names_of_texts(client: TestClient, name: str) -> None:
    body = {"name": name, "text": "t", "indexing_technique": "economy"}
    assert _told(client.post(CREATE.format(a_dataset(client)), json=body))[:2] == (400, "invalid_param")


@pytest.mark.parametrize(
    "name", ["名字", "e\u0301", "𠀀𝒳🦓", "a/b: c?*", "x" * 300, "ﷺ" * 200, "العربية", json.dumps({"a": 1})]
)
def test_names_in_any_script(client: TestClient, house: Diglot, name: str) -> None:
    dataset = a_dataset(client)
    text = f"{name} 🦓 𠀀 \u200b\u0301"
    document = a_ready_document(client, house, dataset, text, name=name)
    shown = client.get(f"/v1/datasets/{dataset}/documents/{document}").json()["name"]
    assert 0 < len(shown) <= 200
    segments = client.get(f"/v1/datasets/{dataset}/documents/{document}/segments").json()["data"]
    assert [one["content"] for one in segments] == [text]


def test_the_dataset_s_switch(client: TestClient, house: Diglot) -> None:
    from diglot.library.datasets import DatasetChange

    dataset = a_dataset(client)
    house.datasets.update(house.keys.owner(), dataset.replace("-", ""), DatasetChange(api_enabled=False))  # type: ignore[arg-type]
    for answer in (
        client.get(f"/v1/datasets/{dataset}"),
        client.post(f"/v1/datasets/{dataset}/retrieve", content=b"{not json"),
    ):
        assert _told(answer) == (403, "forbidden", "Dataset api access is not enabled.")


def test_query_parameters_with_nul_or_too_many(client: TestClient) -> None:
    assert _told(client.get("/v1/datasets?keyword=%00"))[:2] == (400, "invalid_param")
    assert _told(client.get("/v1/datasets?" + "&".join(f"a{n}=1" for n in range(300))))[:2] == (400, "invalid_param")
    assert client.get("/v1/datasets?keyword=%ff%fe").json()["total"] == 0
