"""The published `dify-dataset-sdk`, over every route that it has, against a real server.

Its metadata and tags are in `test_metadata`.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from dify_dataset_sdk import DifyDatasetClient
from dify_dataset_sdk._exceptions import DifyConflictError, DifyNotFoundError, DifyValidationError
from dify_dataset_sdk.datasets.models import RetrievalModel
from dify_dataset_sdk.documents.models import (
    PreProcessingRule,
    ProcessRule,
    ProcessRuleConfig,
    Segmentation,
    SubchunkSegmentation,
)

from diglot.assembly import Diglot
from tests.house import KEY, finish, follow, serving


@pytest.fixture(scope="module")
def url(house: Diglot) -> Iterator[str]:
    with serving(house) as base:
        yield base


@pytest.fixture
def sdk(url: str) -> Iterator[DifyDatasetClient]:
    with DifyDatasetClient(KEY, url) as client:
        yield client


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "说明.txt"
    path.write_text("The battery lasts ten hours.\n电池可以使用十小时。")
    return path


RULE = ProcessRule(
    mode="custom",
    rules=ProcessRuleConfig(
        pre_processing_rules=[PreProcessingRule(id="remove_extra_spaces", enabled=True)],
        segmentation=Segmentation(separator="\n", max_tokens=500),
    ),
)

PARENTS = ProcessRule(
    mode="hierarchical",
    rules=ProcessRuleConfig(
        pre_processing_rules=[],
        segmentation=Segmentation(separator="\n\n", max_tokens=500),
        parent_mode="paragraph",
        subchunk_segmentation=SubchunkSegmentation(separator="\n", max_tokens=200),
    ),
)


def test_a_dataset_lives_by_the_client(house: Diglot, sdk: DifyDatasetClient, file: Path) -> None:
    dataset = sdk.datasets.create("by the sdk", description="d", permission="only_me")
    assert sdk.datasets.get(dataset.id).name == "by the sdk"
    assert sdk.datasets.update(dataset.id, description="changed").description == "changed"
    assert dataset.id in [one["id"] for one in sdk.datasets.list().data]
    with pytest.raises(DifyConflictError):
        sdk.datasets.create("by the sdk")

    text = sdk.documents.create_by_text(dataset.id, "a text", "Cats sleep all day.")
    by_file = sdk.documents.create_by_file(dataset.id, file, process_rule=RULE)
    assert (text.document.name, by_file.document.name) == ("a text", "说明.txt")
    assert sdk.documents.get_indexing_status(dataset.id, text.batch).data[0].indexing_status == "waiting"
    finish(house)
    assert sdk.documents.get_indexing_status(dataset.id, by_file.batch).data[0].completed_segments == 2
    assert sdk.documents.list(dataset.id, keyword="说明").total == 1
    assert sdk.documents.get(dataset.id, text.document.id).indexing_status == "completed"

    info = sdk.documents.get_upload_file(dataset.id, by_file.document.id)
    assert (info["name"], info["mime_type"]) == ("说明.txt", "text/plain")
    assert httpx.get(info["download_url"]).content == file.read_bytes()
    _retrieve(sdk, dataset.id)
    _segments(house, sdk, dataset.id, text.document.id)

    updated = sdk.documents.update_by_text(dataset.id, text.document.id, "b", "Dogs bark.", RULE)
    assert updated.document.id == text.document.id
    finish(house)
    assert sdk.documents.update_by_file(dataset.id, text.document.id, file, name="c.txt").document.name == "c.txt"
    finish(house)
    for action in ("disable", "enable", "archive", "un_archive"):
        sdk.documents.batch_update_status(dataset.id, action, [text.document.id])
    sdk.documents.delete(dataset.id, text.document.id)
    with pytest.raises(DifyNotFoundError):
        sdk.documents.get(dataset.id, text.document.id)
    sdk.datasets.delete(dataset.id)
    with pytest.raises(DifyNotFoundError):
        sdk.datasets.get(dataset.id)


def _retrieve(sdk: DifyDatasetClient, dataset: str) -> None:
    for method in ("semantic_search", "full_text_search", "hybrid_search", "keyword_search"):
        model = RetrievalModel(search_method=method, reranking_enable=False, top_k=1, score_threshold_enabled=False)
        found = sdk.datasets.retrieve(dataset, "how long does the battery last", retrieval_model=model)
        assert [record.segment.content for record in found.records] == ["The battery lasts ten hours."], method
    assert sdk.datasets.retrieve(dataset, "电池").records[0].segment.content == "电池可以使用十小时。"


def _segments(house: Diglot, sdk: DifyDatasetClient, dataset: str, document: str) -> None:
    added = sdk.segments.create(dataset, document, [{"content": "Zebras graze.", "keywords": ["zebra"]}])
    segment = added.data[0].id
    follow(house, dataset.replace("-", ""))
    assert len(sdk.segments.list(dataset, document).data) == 2
    assert sdk.segments.get(dataset, document, segment)["data"]["keywords"] == ["zebra"]
    edited = sdk.segments.update(dataset, document, segment, {"content": "Okapis graze."})
    assert edited["data"]["content"] == "Okapis graze."
    sdk.segments.delete(dataset, document, segment)
    assert len(sdk.segments.list(dataset, document, keyword="okapis").data) == 0


def test_child_chunks(house: Diglot, sdk: DifyDatasetClient) -> None:
    dataset = sdk.datasets.create("of parents and children").id
    text = "Cats sleep.\nCats purr.\n\nDogs bark."
    made = sdk.documents.create_by_text(dataset, "parents", text, doc_form="hierarchical_model", process_rule=PARENTS)
    document = made.document.id
    finish(house)
    parent, other = sdk.segments.list(dataset, document).data
    assert [one.content for one in sdk.segments.list_child_chunks(dataset, document, other.id).data] == ["Dogs bark."]
    added = sdk.segments.create_child_chunk(dataset, document, parent.id, "Cats climb.")["data"]
    assert (added["content"], added["position"], added["type"]) == ("Cats climb.", 3, "customized")
    follow(house, dataset.replace("-", ""))
    found = sdk.datasets.retrieve(dataset, "who can climb").records[0]
    assert found.segment.id == parent.id
    edited = sdk.segments.update_child_chunk(dataset, document, parent.id, added["id"], "Cats jump.")["data"]
    assert edited["content"] == "Cats jump."
    listed = sdk.segments.list_child_chunks(dataset, document, parent.id, keyword="jump").data
    assert [one.id for one in listed] == [added["id"]]
    sdk.segments.delete_child_chunk(dataset, document, parent.id, added["id"])
    listed = sdk.segments.list_child_chunks(dataset, document, parent.id, page=1, limit=5).data
    assert [one.content for one in listed] == ["Cats sleep.", "Cats purr."]
    with pytest.raises(DifyNotFoundError):
        sdk.segments.delete_child_chunk(dataset, document, parent.id, added["id"])


def test_its_errors(sdk: DifyDatasetClient, tmp_path: Path) -> None:
    dataset = sdk.datasets.create("for errors")
    program = tmp_path / "a.exe"
    program.write_bytes(b"MZ\x90\x00\x03\x00\x00\x00\x04")
    with pytest.raises(DifyValidationError) as refused:
        sdk.documents.create_by_file(dataset.id, program)
    assert refused.value.error_code == "unsupported_file_type"
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 5_000_000)
    with pytest.raises(DifyValidationError) as refused:
        sdk.documents.create_by_file(dataset.id, large)
    assert refused.value.error_code == "file_too_large"


def test_models(house: Diglot, sdk: DifyDatasetClient) -> None:
    [*providers] = sdk.models.list_embedding_models().data
    assert [one["model"] for provider in providers for one in provider["models"]] == house.embedders.names()
