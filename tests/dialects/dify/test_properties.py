"""Every property that Dify documents, with its type, on real answers: a shape for each kind of answer, a row for each
route. A name of the dialect's own stands in the shape as well: nothing comes that is not said here."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.dify import datasets, documents, downloads
from tests.dialects import recorded
from tests.dialects.dify.objects import A_CHUNK_A_LINE, a_dataset, a_document
from tests.house import finish

both = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True, scope="module")

Shape = dict[str, str]
BIRTHDAY = 1_700_000_000


def _is_uuid(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(recorded.KINDS["uuid"], value) is not None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: value in words


# "?" after a kind: or null. "KIND[]": a list of them. A name of SHAPES is a kind too.
KINDS: dict[str, Callable[[Any], bool]] = {
    "uuid": _is_uuid,
    "text": lambda value: isinstance(value, str),
    "url": lambda value: isinstance(value, str) and value.startswith("http://testserver/"),
    "flag": lambda value: isinstance(value, bool),
    "whole": _is_whole,
    "count": lambda value: _is_whole(value) and value >= 0,
    "seconds": lambda value: _is_whole(value) and BIRTHDAY < value < 10 * BIRTHDAY,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "null": lambda value: value is None,
    "any": lambda value: True,
    "batch": lambda value: isinstance(value, str) and len(value) == 20 and value.isdigit(),
    "success": _one_of("success"),
    "vendor": _one_of("vendor"),
    "upload_file": _one_of("upload_file"),
    "field_type": _one_of("string", "number", "time"),
    "field_id": lambda value: value == "built-in" or _is_uuid(value),
    "knowledge": _one_of("knowledge"),
    "permission": _one_of("only_me", "all_team_members", "partial_members"),
    "technique": _one_of("high_quality", "economy"),
    "form": _one_of("text_model", "qa_model", "hierarchical_model"),
    "search_method": _one_of("semantic_search", "full_text_search", "hybrid_search", "keyword_search"),
    "reranking_mode": _one_of("reranking_model", "weighted_score"),
    "weight_type": _one_of("semantic_first", "keyword_first", "customized"),
    "mode": _one_of("automatic", "custom", "hierarchical"),
    "cleaning_id": _one_of("remove_extra_spaces", "remove_urls_emails"),
    "created_from": _one_of("api", "web", "cli"),
    "indexing_status": _one_of(
        "waiting", "parsing", "cleaning", "splitting", "indexing", "completed", "error", "paused"
    ),
    "display_status": _one_of("queuing", "indexing", "paused", "error", "available", "disabled", "archived"),
}

PAGE = {"has_more": "flag", "limit": "count", "total": "count", "page": "count"}
DATASET = {
    "id": "uuid",
    "name": "text",
    "description": "text?",
    "provider": "vendor",
    "permission": "permission",
    "data_source_type": "upload_file?",
    "indexing_technique": "technique?",
    "app_count": "count",
    "document_count": "count",
    "word_count": "count",
    "created_by": "uuid",
    "author_name": "text?",
    "created_at": "seconds",
    "updated_by": "uuid",
    "updated_at": "seconds",
    "embedding_model": "text?",
    "embedding_model_provider": "text?",
    "embedding_available": "flag?",
    "retrieval_model_dict": "retrieval_model",
    "summary_index_setting": "null",
    "tags": "tag[]",
    "doc_form": "form?",
    "external_knowledge_info": "null",
    "external_retrieval_model": "null",
    "doc_metadata": "field[]",
    "built_in_field_enabled": "flag",
    "pipeline_id": "null",
    "runtime_mode": "text",
    "chunk_structure": "null",
    "icon_info": "null",
    "is_published": "flag",
    "total_documents": "count",
    "total_available_documents": "count",
    "enable_api": "flag",
    "is_multimodal": "flag",
    "maintainer": "null",
}
METADATA_ALONE = {"id": "uuid", "doc_type": "null", "doc_metadata": "value[]?"}
DOCUMENT_EVERYWHERE = {
    "id": "uuid",
    "position": "count",
    "data_source_type": "upload_file",
    "dataset_process_rule_id": "uuid",
    "name": "text",
    "created_from": "created_from",
    "created_by": "uuid",
    "created_at": "seconds",
    "tokens": "count",
    "indexing_status": "indexing_status",
    "error": "text?",
    "enabled": "flag",
    "disabled_at": "seconds?",
    "disabled_by": "uuid?",
    "archived": "flag",
    "display_status": "display_status",
    "hit_count": "count",
    "doc_form": "form",
    "doc_metadata": "value[]?",
    "summary_index_status": "null",
    "need_summary": "flag",
}
DETAIL = DOCUMENT_EVERYWHERE | {
    "data_source_info": "source",
    "dataset_process_rule": "rule",
    "document_process_rule": "rule",
    "doc_language": "text",
    "doc_type": "null",
    "completed_at": "seconds?",
    "updated_at": "seconds",
    "indexing_latency": "number?",
    "segment_count": "count",
    "average_segment_length": "count",
}
UPLOAD_FILE = {
    "id": "uuid",
    "name": "text",
    "size": "count",
    "extension": "text",
    "mime_type": "text",
    "created_by": "uuid",
    "created_at": "seconds",
}
SHAPES: dict[str, Shape] = {
    "dataset": DATASET,
    "dataset_shared": DATASET | {"partial_member_list": "uuid[]"},
    "dataset_page": PAGE | {"data": "dataset[]"},
    "tag": {"id": "uuid", "name": "text", "type": "knowledge"},
    "field": {"id": "field_id", "name": "text", "type": "field_type"},
    "value": {"id": "field_id", "name": "text", "type": "field_type", "value": "any"},
    "retrieval_model": {
        "search_method": "search_method",
        "reranking_enable": "flag",
        "reranking_mode": "reranking_mode?",
        "reranking_model": "reranking_model_named",
        "weights": "weights?",
        "top_k": "count",
        "score_threshold_enabled": "flag",
        "score_threshold": "number?",
    },
    "reranking_model_named": {"reranking_provider_name": "text", "reranking_model_name": "text"},
    "weights": {
        "weight_type": "weight_type",
        "vector_setting": "vector_setting",
        "keyword_setting": "keyword_setting",
    },
    "vector_setting": {
        "vector_weight": "number",
        "embedding_provider_name": "text",
        "embedding_model_name": "text",
    },
    "keyword_setting": {"keyword_weight": "number"},
    "document": DOCUMENT_EVERYWHERE
    | {"data_source_info": "file_id", "data_source_detail_dict": "source", "word_count": "count"},
    "document_page": PAGE | {"data": "document[]"},
    "started": {"document": "document", "batch": "batch"},
    "detail": DETAIL,
    "detail_only": METADATA_ALONE,
    "detail_without": {name: kind for name, kind in DETAIL.items() if name not in ("doc_type", "doc_metadata")},
    "file_id": {"upload_file_id": "uuid"},
    "source": {"upload_file": "file"},
    "file": UPLOAD_FILE,
    "linked_file": UPLOAD_FILE | {"url": "url", "download_url": "url"},
    "link": {"url": "url"},
    "rule": {"id": "uuid", "dataset_id": "uuid", "mode": "mode", "rules": "rules"},
    "rules": {"pre_processing_rules": "cleaning[]", "segmentation": "segmentation"},
    "cleaning": {"id": "cleaning_id", "enabled": "flag"},
    "segmentation": {"separator": "text", "max_tokens": "count", "chunk_overlap": "count"},
    "statuses": {"data": "status[]"},
    "status": {
        "id": "uuid",
        "indexing_status": "indexing_status",
        "processing_started_at": "seconds?",
        "parsing_completed_at": "seconds?",
        "cleaning_completed_at": "seconds?",
        "splitting_completed_at": "seconds?",
        "completed_at": "seconds?",
        "paused_at": "seconds?",
        "error": "text?",
        "stopped_at": "seconds?",
        "completed_segments": "count",
        "total_segments": "count",
    },
    "done": {"result": "success"},
}


@dataclass(frozen=True)
class Row:
    """A route and the shape of its answer. `{ready}` and the like in paths are documents in that state."""

    operation: str
    method: str
    path: str
    shape: str
    body: Any = None
    file: bool = False


ONE = "/v1/datasets/{dataset}"
TEXT = {"name": "a text", "text": "The battery lasts.", "process_rule": A_CHUNK_A_LINE}
CHANGED = {"name": "a text", "text": "The battery lasts longer."}
STATES = ("ready", "waiting", "failed", "disabled", "archived")
ROWS = (
    Row("createDataset", "POST", "/v1/datasets", "dataset", {"name": "made by its row"}),
    Row("listDatasets", "GET", "/v1/datasets", "dataset_page"),
    Row("getDataset", "GET", ONE, "dataset"),
    Row("getDataset", "GET", "/v1/datasets/{bare}", "dataset"),
    Row("getDataset", "GET", "/v1/datasets/{economy}", "dataset"),
    Row("getDataset", "GET", "/v1/datasets/{shared}", "dataset_shared"),
    Row("updateDataset", "PATCH", ONE, "dataset_shared", {"description": "all of it"}),
    Row("updateDataset", "PATCH", "/v1/datasets/{shared}", "dataset_shared", {"description": "all of it"}),
    Row("createDocumentByText", "POST", ONE + "/document/create-by-text", "started", TEXT),
    Row("createDocumentByText2024", "POST", ONE + "/document/create_by_text", "started", TEXT),
    Row("createDocumentByFile", "POST", ONE + "/document/create-by-file", "started", {}, file=True),
    Row("createDocumentByFile2024", "POST", ONE + "/document/create_by_file", "started", {}, file=True),
    Row("updateDocumentByText", "POST", ONE + "/documents/{other}/update-by-text", "started", CHANGED),
    Row("updateDocumentByText2024", "POST", ONE + "/documents/{other}/update_by_text", "started", CHANGED),
    Row("updateDocumentByFile", "POST", ONE + "/documents/{other}/update-by-file", "started", {}, file=True),
    Row("updateDocumentByFile2024", "POST", ONE + "/documents/{other}/update_by_file", "started", {}, file=True),
    Row("updateDocument", "PATCH", ONE + "/documents/{other}", "started", {"name": "b.txt"}, file=True),
    Row("listDocuments", "GET", ONE + "/documents", "document_page"),
    *(Row("getDocument", "GET", f"{ONE}/documents/{{{state}}}", "detail") for state in STATES),
    Row("getDocument", "GET", ONE + "/documents/{ready}?metadata=only", "detail_only"),
    Row("getDocument", "GET", ONE + "/documents/{ready}?metadata=without", "detail_without"),
    Row("getDocumentIndexingStatus", "GET", ONE + "/documents/{ready_batch}/indexing-status", "statuses"),
    Row("getDocumentIndexingStatus", "GET", ONE + "/documents/{failed_batch}/indexing-status", "statuses"),
    Row("getDocumentIndexingStatus", "GET", ONE + "/documents/{waiting_batch}/indexing-status", "statuses"),
    Row("batchUpdateDocumentStatus", "PATCH", ONE + "/documents/status/enable", "done", {"document_ids": ["{ready}"]}),
    Row("getUploadFile", "GET", ONE + "/documents/{ready}/upload-file", "linked_file"),
    Row("downloadDocument", "GET", ONE + "/documents/{ready}/download", "link"),
    Row("deleteDocument", "DELETE", ONE + "/documents/{goes}", "done"),
)


@pytest.fixture(scope="module")
def names(house: Diglot, client: TestClient) -> dict[str, str]:
    """What stands in braces."""
    dataset = a_dataset(client, name="the dataset", description="with everything")
    where = f"/v1/datasets/{dataset}"
    made = {
        "ready": a_document(client, dataset, "The battery lasts ten hours."),
        "disabled": a_document(client, dataset, "It is off."),
        "archived": a_document(client, dataset, "It is old."),
        "other": a_document(client, dataset, "It changes."),
        "goes": a_document(client, dataset, "It goes."),
        "failed": a_document(client, dataset, " \n "),
    }
    finish(house)
    made["waiting"] = a_document(client, dataset, "It waits.")
    for state, action in (("disabled", "disable"), ("archived", "archive")):
        changed = client.patch(f"{where}/documents/status/{action}", json={"document_ids": [made[state]["id"]]})
        assert changed.status_code == 200
    _label(client, dataset, made["ready"]["id"])
    economy = a_dataset(client, indexing_technique="economy", permission="all_team_members")
    shared = a_dataset(client)
    owner = client.get(where).json()["created_by"]
    sharing = {"permission": "partial_members", "partial_member_list": [{"user_id": owner}]}
    assert client.patch(f"/v1/datasets/{shared}", json=sharing).status_code == 200
    ids = {state: document["id"] for state, document in made.items()}
    batches = {f"{state}_batch": document["batch"] for state, document in made.items()}
    return {"dataset": dataset, "bare": a_dataset(client), "economy": economy, "shared": shared} | ids | batches


def _label(client: TestClient, dataset: str, document: str) -> None:
    where = f"/v1/datasets/{dataset}"
    tag = client.post("/v1/datasets/tags", json={"name": "manuals"}).json()["id"]
    client.post("/v1/datasets/tags/binding", json={"tag_ids": [tag], "target_id": dataset})
    field = client.post(f"{where}/metadata", json={"type": "string", "name": "place"}).json()["id"]
    values = [{"id": field, "name": "place", "value": "shelf"}]
    labelled = {"operation_data": [{"document_id": document, "metadata_list": values}]}
    assert client.post(f"{where}/documents/metadata", json=labelled).is_success
    assert client.post(f"{where}/metadata/built-in/enable").is_success


@both
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}")
def test_every_property_is_there_with_its_type(client: TestClient, names: dict[str, str], row: Row) -> None:
    answer = _ask(client, names, row)
    assert answer.status_code == 200, answer.text
    assert differences(answer.json(), row.shape) == []


@both
def test_the_states_are_those_that_are_meant(client: TestClient, names: dict[str, str]) -> None:
    """Else the rows above would say less than they seem to."""
    shown = {state: client.get(f"/v1/datasets/{names['dataset']}/documents/{names[state]}").json() for state in STATES}
    told = {state: document["display_status"] for state, document in shown.items()}
    assert told["failed"] == "error"
    assert shown["failed"]["error"]
    assert (told["disabled"], told["archived"]) == ("disabled", "archived")
    assert (told["ready"], told["waiting"]) == ("available", "queuing")
    assert {one["id"] == "built-in" for one in shown["ready"]["doc_metadata"]} == {True, False}


def test_what_is_not_as_said_is_seen() -> None:
    file = {"url": "http://testserver/file"}
    assert differences(file, "link") == []
    assert differences({}, "link") == [".url: only on one side"]
    assert differences(file | {"more": 1}, "link") == [".more: only on one side"]
    assert differences({"url": None}, "link") == [".url: None is no url"]
    assert differences({"data": [{"upload_file": "x"}]}, "statuses")[0].startswith(".data[0].")


def test_every_route_has_a_row() -> None:
    ours = (*datasets.OPERATIONS, *documents.OPERATIONS, *downloads.OPERATIONS)
    assert {one.id for one in ours if one.answer is not None} == {row.operation for row in ROWS}


def _ask(client: TestClient, names: dict[str, str], row: Row) -> Any:
    path = row.path.format_map(names)
    body = {"document_ids": [names["ready"]]} if row.shape == "done" and row.body else row.body
    if row.file:
        return client.request(row.method, path, files={"file": ("a.txt", b"It is."), "data": (None, json.dumps(body))})
    return client.request(row.method, path, json=body)


def differences(value: Any, kind: str, where: str = "") -> list[str]:
    """What is not as a kind, or a shape of this name, says."""
    if kind.endswith("?"):
        return [] if value is None else differences(value, kind[:-1], where)
    if kind.endswith("[]"):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        return [one for number, item in enumerate(value) for one in differences(item, kind[:-2], f"{where}[{number}]")]
    if kind in KINDS:
        return [] if KINDS[kind](value) else [f"{where}: {value!r} is no {kind}"]
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {kind}"]
    shape = SHAPES[kind]
    lacking = [f"{where}.{name}: only on one side" for name in sorted(shape.keys() ^ value.keys())]
    inside = [differences(value[name], one, f"{where}.{name}") for name, one in shape.items() if name in value]
    return lacking + [one for part in inside for one in part]
