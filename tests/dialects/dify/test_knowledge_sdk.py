"""The published `dify-knowledge-sdk`, over every route that it has, against a real server with a real worker."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dify_knowledge_sdk import DifyDatasetClient
from dify_knowledge_sdk.exceptions import (
    DifyAPIError,
    DifyAuthenticationError,
    DifyConflictError,
    DifyNotFoundError,
    DifyValidationError,
)
from pydantic import ValidationError

from diglot.assembly import Diglot
from tests.house import KEY, serving, working


@pytest.fixture(scope="module")
def url(house: Diglot) -> Iterator[str]:
    with serving(house) as base, working(house):
        yield base


@pytest.fixture
def sdk(url: str) -> Iterator[DifyDatasetClient]:
    with DifyDatasetClient(KEY, url) as client:
        yield client


@pytest.fixture
def dataset(sdk: DifyDatasetClient, request: pytest.FixtureRequest) -> str:
    return str(sdk.create_dataset(request.node.name[-40:]).id)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "说明.txt"
    path.write_text("The battery lasts ten hours.\n电池可以使用十小时。")
    return path


BY_LINES = {"rules": {"pre_processing_rules": [], "segmentation": {"separator": "\n", "max_tokens": 500}}}


def _completed(sdk: DifyDatasetClient, dataset: str, batch: str) -> Any:
    deadline = time.monotonic() + 60
    while True:
        [status] = sdk.get_document_indexing_status(dataset, batch).data
        if status.indexing_status == "completed":
            return status
        assert time.monotonic() < deadline, status
        time.sleep(0.05)


def test_datasets(sdk: DifyDatasetClient) -> None:
    made = sdk.create_dataset("by the knowledge sdk", "all_team_members", "about manuals")
    assert (made.permission, made.description) == ("all_team_members", "about manuals")
    assert made.created_by == made.updated_by
    page = sdk.list_datasets(page=1, limit=100)
    assert (page.data[0]["id"], page.has_more, page.limit, page.total) == (made.id, False, 100, len(page.data))
    with pytest.raises(DifyConflictError) as refused:
        sdk.create_dataset("by the knowledge sdk")
    assert refused.value.error_code == "dataset_name_duplicate"
    assert sdk.delete_dataset(made.id) == {"status": "success"}
    assert made.id not in [one["id"] for one in sdk.list_datasets().data]
    with pytest.raises(DifyNotFoundError):
        sdk.delete_dataset(made.id)


def test_documents(sdk: DifyDatasetClient, dataset: str, file: Path) -> None:
    text = sdk.create_document_by_text(dataset, "notes", "Cats sleep all day.", "economy")
    assert (text.document.name, text.document.indexing_status, text.document.position) == ("notes.txt", "waiting", 1)
    by_file = sdk.create_document_by_file(dataset, file, "economy", "custom", BY_LINES)
    assert (by_file.document.name, by_file.document.doc_form) == ("说明.txt", "text_model")
    assert _completed(sdk, dataset, text.batch).id == text.document.id
    status = _completed(sdk, dataset, by_file.batch)
    assert (status.completed_segments, status.total_segments, status.error) == (2, 2, None)
    assert status.processing_started_at <= status.parsing_completed_at <= status.completed_at
    page = sdk.list_documents(dataset, page=1, limit=1)
    assert ([one["name"] for one in page.data], page.has_more, page.total) == (["说明.txt"], True, 2)

    updated = sdk.update_document_by_text(dataset, text.document.id, "dogs", "Dogs bark.")
    assert (updated.document.id, updated.document.name) == (text.document.id, "dogs.txt")
    assert _completed(sdk, dataset, updated.batch).total_segments == 1
    assert [one.content for one in sdk.list_segments(dataset, text.document.id).data] == ["Dogs bark."]
    updated = sdk.update_document_by_file(dataset, text.document.id, file, "manual.txt", "economy", "custom", BY_LINES)
    assert (updated.document.id, updated.document.name) == (text.document.id, "manual.txt")
    assert _completed(sdk, dataset, updated.batch).total_segments == 2
    assert sdk.delete_document(dataset, text.document.id).result == "success"
    assert [one["id"] for one in sdk.list_documents(dataset).data] == [by_file.document.id]


def test_segments(sdk: DifyDatasetClient, dataset: str) -> None:
    made = sdk.create_document_by_text(dataset, "notes", "Cats sleep all day.")
    _completed(sdk, dataset, made.batch)
    document = made.document.id
    added = sdk.create_segments(dataset, document, [{"content": "Zebras graze.", "keywords": ["zebra"]}])
    [segment] = added.data
    assert (segment.content, segment.keywords, segment.position, added.doc_form) == (
        "Zebras graze.",
        ["zebra"],
        2,
        "text_model",
    )
    # It awaits the list that the page of 2024 printed; the object that every Dify answers it cannot read.
    with pytest.raises(ValidationError):
        sdk.update_segment(dataset, document, segment.id, {"content": "Okapis graze."})
    listed = sdk.list_segments(dataset, document)
    assert [one.content for one in listed.data] == ["Cats sleep all day.", "Okapis graze."]
    assert sdk.delete_segment(dataset, document, segment.id).result == "success"
    assert [one.position for one in sdk.list_segments(dataset, document).data] == [1]
    with pytest.raises(DifyNotFoundError):
        sdk.delete_segment(dataset, document, segment.id)


def test_metadata(sdk: DifyDatasetClient, dataset: str) -> None:
    made = sdk.create_document_by_text(dataset, "notes", "Cats sleep all day.")
    _completed(sdk, dataset, made.batch)
    author = sdk.create_metadata_field(dataset, "string", "author")
    year = sdk.create_metadata_field(dataset, "number", "year")
    assert (author.type, author.name, year.type) == ("string", "author", "number")
    assert sdk.update_metadata_field(dataset, author.id, "writer").name == "writer"
    values = [{"id": author.id, "name": "writer", "value": "Ada"}, {"id": year.id, "name": "year", "value": "2020"}]
    change = {"document_id": made.document.id, "metadata_list": values}
    assert sdk.update_document_metadata(dataset, [change]) == {"result": "success"}
    [document] = sdk.list_documents(dataset).data
    assert {one["name"]: one["value"] for one in document["doc_metadata"]} == {"writer": "Ada", "year": 2020}
    # In Dify too there is no DELETE for this: fields are switched on by POST.
    with pytest.raises(DifyAPIError) as refused:
        sdk.toggle_built_in_metadata_field(dataset, "enable")
    assert refused.value.status_code == 405
    assert sdk.delete_metadata_field(dataset, year.id) == {"status": "success"}
    fields = sdk.list_metadata_fields(dataset)
    assert [(one.name, one.type) for one in fields.doc_metadata] == [("writer", "string")]
    assert fields.built_in_field_enabled is False


def test_what_is_refused(sdk: DifyDatasetClient, url: str, dataset: str, tmp_path: Path) -> None:
    with DifyDatasetClient("dataset-wrong", url) as stranger, pytest.raises(DifyAuthenticationError):
        stranger.list_datasets()
    program = tmp_path / "a.exe"
    program.write_bytes(b"MZ\x90\x00\x03\x00\x00\x00\x04")
    with pytest.raises(DifyValidationError) as refused:
        sdk.create_document_by_file(dataset, program)
    assert refused.value.error_code == "unsupported_file_type"
    with pytest.raises(DifyValidationError) as refused:
        sdk.create_document_by_text(dataset, "notes", "Cats.", process_rule_mode="no such mode")
    assert (refused.value.status_code, refused.value.error_code) == (400, "invalid_param")
