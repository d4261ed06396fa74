"""The published `dify-oapi2`, over every knowledge route that it has: each method, and its asynchronous twin."""

import asyncio
import json
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from dify_oapi.api.knowledge.v1 import model
from dify_oapi.client import Client
from dify_oapi.core.model.request_option import RequestOption
from pydantic import ValidationError

from diglot.assembly import Diglot
from tests.house import KEY, follow, serving, working

TEXT = "The battery lasts ten hours.\n电池可以使用十小时。"


class Asking:
    """Calls a resource's method, or its twin that is awaited, with a request made by its builder."""

    def __init__(self, url: str, runner: asyncio.Runner | None, key: str = KEY) -> None:
        self._client = Client.builder().domain(url).max_retry_count(0).build()
        self._option = RequestOption.builder().api_key(key).build()
        self._runner = runner

    def __call__(self, resource: str, method: str, kind: Any, **parts: Any) -> Any:
        builder = kind.builder()
        for name, value in parts.items():
            getattr(builder, name)(*value if isinstance(value, tuple) else (value,))
        place = getattr(self._client.knowledge.v1, resource)
        if self._runner is None:
            return getattr(place, method)(builder.build(), self._option)
        return self._runner.run(getattr(place, f"a{method}")(builder.build(), self._option))

    def close(self) -> None:
        if self._runner is None:
            self._client.close()
        else:
            self._runner.run(self._client.aclose())


@pytest.fixture(scope="module")
def url(house: Diglot) -> Iterator[str]:
    with serving(house) as base, working(house):
        yield base


@pytest.fixture(params=["called", "awaited"])
def ask(request: pytest.FixtureRequest, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asking]:
    # The client itself puts loopback there.
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    with asyncio.Runner() as runner:
        asking = Asking(url, runner if request.param == "awaited" else None)
        yield asking
        asking.close()


@pytest.fixture
def dataset(ask: Asking, request: pytest.FixtureRequest) -> Iterator[str]:
    body = model.CreateDatasetRequestBody(name=request.node.name[-40:], indexing_technique="high_quality")
    made = ask("dataset", "create", model.CreateDatasetRequest, request_body=body)
    yield made.id
    ask("dataset", "delete", model.DeleteDatasetRequest, dataset_id=made.id)


def _by_text(ask: Asking, dataset: str, name: str, text: str) -> Any:
    body = model.CreateDocumentByTextRequestBody(
        name=name, text=text, indexing_technique="high_quality", process_rule=model.ProcessRule(mode="automatic")
    )
    made = ask("document", "create_by_text", model.CreateDocumentByTextRequest, dataset_id=dataset, request_body=body)
    assert made.success, made.msg
    return made


def _completed(ask: Asking, dataset: str, batch: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        kind = model.GetBatchIndexingStatusRequest
        answer = ask("document", "get_batch_status", kind, dataset_id=dataset, batch=batch)
        # It awaits one status where Dify answers a list of them, and so shows nothing of it.
        assert answer.success
        assert answer.indexing_status is None
        [status] = json.loads(answer.raw.content)["data"]
        if status["indexing_status"] == "completed":
            return dict(status)
        assert time.monotonic() < deadline, status
        time.sleep(0.05)


def _document(ask: Asking, dataset: str, name: str, text: str = TEXT) -> str:
    made = _by_text(ask, dataset, name, text)
    _completed(ask, dataset, made.batch)
    return str(made.document.id)


def test_datasets(ask: Asking, dataset: str) -> None:
    shown = ask("dataset", "get", model.GetDatasetRequest, dataset_id=dataset)
    assert (shown.id, shown.indexing_technique, shown.permission, shown.tags) == (
        dataset,
        "high_quality",
        "only_me",
        [],
    )
    assert shown.doc_metadata == []
    assert shown.retrieval_model_dict.search_method == "semantic_search"
    wanted = model.RetrievalModel(
        search_method="hybrid_search", reranking_enable=False, top_k=3, score_threshold_enabled=False
    )
    body = model.UpdateDatasetRequestBody(name="renamed", permission="all_team_members", retrieval_model=wanted)
    changed = ask("dataset", "update", model.UpdateDatasetRequest, dataset_id=dataset, request_body=body)
    assert (changed.name, changed.permission) == ("renamed", "all_team_members")
    assert (changed.retrieval_model_dict.search_method, changed.retrieval_model_dict.top_k) == ("hybrid_search", 3)
    page = ask("dataset", "list", model.ListDatasetsRequest, page=1, limit=1)
    assert ([one.id for one in page.data], page.page, page.limit) == ([dataset], 1, 1)
    taken = ask(
        "dataset", "create", model.CreateDatasetRequest, request_body=model.CreateDatasetRequestBody(name="renamed")
    )
    assert (taken.success, taken.code, taken.raw.status_code) == (False, "dataset_name_duplicate", 409)
    other = ask("dataset", "create", model.CreateDatasetRequest, request_body=model.CreateDatasetRequestBody(name="o"))
    assert ask("dataset", "delete", model.DeleteDatasetRequest, dataset_id=other.id).result == "success"
    gone = ask("dataset", "get", model.GetDatasetRequest, dataset_id=other.id)
    assert (gone.success, gone.code, gone.msg) == (False, "not_found", "Dataset not found.")


def test_documents(ask: Asking, dataset: str) -> None:
    made = _by_text(ask, dataset, "notes", "Cats sleep all day.")
    assert (made.document.name, made.document.indexing_status, made.document.display_status) == (
        "notes",
        "waiting",
        "queuing",
    )
    document = made.document.id
    assert _completed(ask, dataset, made.batch)["id"] == document
    file = _by_file(ask, dataset)
    page = ask("document", "list", model.ListDocumentsRequest, dataset_id=dataset, keyword="说明", page=1, limit=5)
    assert ([one.id for one in page.data], page.total, page.has_more) == ([file], 1, False)
    assert page.data[0].data_source_detail_dict.upload_file.extension == "txt"
    info = ask("document", "file_info", model.GetUploadFileInfoRequest, dataset_id=dataset, document_id=file)
    assert (info.name, info.size, info.extension) == ("说明.txt", len(TEXT.encode()), "txt")
    # It knows the file's name and size, but keeps no link to it.
    assert httpx.get(json.loads(info.raw.content)["download_url"]).text == TEXT
    shown = ask("document", "get", model.GetDocumentRequest, dataset_id=dataset, document_id=document)
    assert (shown.name, shown.indexing_status, shown.enabled, shown.doc_form) == (
        "notes",
        "completed",
        True,
        "text_model",
    )
    assert shown.doc_metadata is None

    place = {"dataset_id": dataset, "document_id": document}
    body = model.UpdateDocumentByTextRequestBody(name="dogs", text="Dogs bark.")
    updated = ask("document", "update_by_text", model.UpdateDocumentByTextRequest, **place, request_body=body)
    assert (updated.document.id, updated.document.name) == (document, "dogs")
    _completed(ask, dataset, updated.batch)
    assert [one.content for one in ask("segment", "list", model.ListSegmentsRequest, **place).data] == ["Dogs bark."]
    data = model.UpdateDocumentByFileRequestBodyData(name="manual.txt", process_rule=_by_lines())
    body = model.UpdateDocumentByFileRequestBody.builder().data(data).build()
    updated = ask(
        "document",
        "update_by_file",
        model.UpdateDocumentByFileRequest,
        **place,
        request_body=body,
        file=(BytesIO(TEXT.encode()), "说明.txt"),
    )
    assert (updated.document.id, updated.document.name) == (document, "manual.txt")
    assert _completed(ask, dataset, updated.batch)["total_segments"] == 2
    assert ask("document", "delete", model.DeleteDocumentRequest, **place).result == "success"
    gone = ask("document", "get", model.GetDocumentRequest, **place)
    assert (gone.success, gone.msg) == (False, "Document not found.")


def _by_lines() -> Any:
    rules = model.ProcessRules(
        pre_processing_rules=[model.PreprocessingRule(id="remove_extra_spaces", enabled=True)],
        segmentation=model.SegmentationRule(separator="\n", max_tokens=500, chunk_overlap=0),
    )
    return model.ProcessRule(mode="custom", rules=rules)


def _by_parents() -> Any:
    rules = model.ProcessRules(
        pre_processing_rules=[],
        parent_mode="paragraph",
        segmentation=model.SegmentationRule(separator="\n\n", max_tokens=500, chunk_overlap=0),
        subchunk_segmentation=model.SubChunkSegmentationRule(separator="\n", max_tokens=200, chunk_overlap=0),
    )
    return model.ProcessRule(mode="hierarchical", rules=rules)


def _by_file(ask: Asking, dataset: str) -> str:
    data = model.CreateDocumentByFileRequestBodyData(indexing_technique="high_quality", process_rule=_by_lines())
    made = ask(
        "document",
        "create_by_file",
        model.CreateDocumentByFileRequest,
        dataset_id=dataset,
        request_body=model.CreateDocumentByFileRequestBody.builder().data(data).build(),
        file=(BytesIO(TEXT.encode()), "说明.txt"),
    )
    assert (made.document.name, made.document.display_status) == ("说明.txt", "queuing")
    assert _completed(ask, dataset, made.batch)["completed_segments"] == 2
    return str(made.document.id)


def test_status_of_documents(ask: Asking, dataset: str) -> None:
    document = _document(ask, dataset, "notes")

    def display_status(action: str) -> str | None:
        body = model.UpdateDocumentStatusRequestBody(document_ids=[document])
        kind = model.UpdateDocumentStatusRequest
        done = ask("document", "update_status", kind, dataset_id=dataset, action=action, request_body=body)
        assert done.result == "success"
        [shown] = ask("document", "list", model.ListDocumentsRequest, dataset_id=dataset).data
        return str(shown.display_status)

    # `disabled`, which every Dify answers then, is not among the values that it knows.
    with pytest.raises(ValidationError):
        display_status("disable")
    assert display_status("enable") == "available"
    assert display_status("archive") == "archived"
    assert display_status("un_archive") == "available"


def test_retrieval(ask: Asking, dataset: str) -> None:
    document = _document(ask, dataset, "battery")

    def found(**more: Any) -> Any:
        body = model.RetrieveFromDatasetRequestBody(query="how long does the battery last", **more)
        answer = ask("dataset", "retrieve", model.RetrieveFromDatasetRequest, dataset_id=dataset, request_body=body)
        assert answer.query.content == "how long does the battery last"
        return answer.records

    for method in ("semantic_search", "full_text_search", "hybrid_search", "keyword_search"):
        asked = model.RetrievalModel(
            search_method=method, reranking_enable=False, top_k=2, score_threshold_enabled=False
        )
        [record] = found(retrieval_model=asked)
        assert (record.segment.document.id, record.segment.document.name) == (document, "battery"), method
        assert record.segment.content == TEXT
        assert 0 < record.score <= 1
    # What stands beside `retrieval_model` is no word of the API.
    assert len(found(top_k=1, score_threshold=1.0)) == 1
    weights = model.Weights(
        weight_type="customized",
        keyword_setting=model.KeywordSetting(keyword_weight=1.0),
        vector_setting=model.VectorSetting(vector_weight=0.0, embedding_model_name="", embedding_provider_name=""),
    )
    asked = model.RetrievalModel(
        search_method="hybrid_search",
        reranking_enable=False,
        reranking_mode="weighted_score",
        weights=weights,
        top_k=2,
        score_threshold_enabled=True,
        score_threshold=0.5,
    )
    assert [one.score for one in found(retrieval_model=asked)] == pytest.approx([1.0])


def test_segments(ask: Asking, dataset: str, house: Diglot) -> None:
    place = {"dataset_id": dataset, "document_id": _document(ask, dataset, "notes", "Cats sleep all day.")}
    body = model.CreateSegmentRequestBody(segments=[model.SegmentContent(content="Zebras graze.", keywords=["zebra"])])
    [added] = ask("segment", "create", model.CreateSegmentRequest, **place, request_body=body).data
    assert (added.content, added.keywords, added.position, added.word_count) == ("Zebras graze.", ["zebra"], 2, 13)
    follow(house, dataset.replace("-", ""))
    one = {**place, "segment_id": added.id}
    assert ask("segment", "get", model.GetSegmentRequest, **one).data.status == "completed"
    body = model.UpdateSegmentRequestBody(segment=model.SegmentContent(content="Okapis graze.", keywords=["okapi"]))
    edited = ask("segment", "update", model.UpdateSegmentRequest, **one, request_body=body)
    assert (edited.data.content, edited.data.keywords, edited.doc_form) == ("Okapis graze.", ["okapi"], "text_model")
    page = ask(
        "segment", "list", model.ListSegmentsRequest, **place, keyword="graze", status="completed", page=1, limit=9
    )
    assert ([chunk.id for chunk in page.data], page.total, page.limit) == ([added.id], 1, 9)
    assert ask("segment", "delete", model.DeleteSegmentRequest, **one).result == "success"
    gone = ask("segment", "get", model.GetSegmentRequest, **one)
    assert (gone.success, gone.msg) == (False, "Segment not found.")


def test_child_chunks(ask: Asking, dataset: str) -> None:
    body = model.CreateDocumentByTextRequestBody(
        name="parents",
        text="Cats sleep.\nCats purr.\n\nDogs bark.",
        indexing_technique="high_quality",
        doc_form="hierarchical_model",
        process_rule=_by_parents(),
    )
    made = ask("document", "create_by_text", model.CreateDocumentByTextRequest, dataset_id=dataset, request_body=body)
    assert made.document.doc_form == "hierarchical_model"
    _completed(ask, dataset, made.batch)
    place = {"dataset_id": dataset, "document_id": made.document.id}
    parents = ask("segment", "list", model.ListSegmentsRequest, **place).data
    assert [one.content for one in parents] == ["Cats sleep.\nCats purr.", "Dogs bark."]
    parent = {**place, "segment_id": parents[0].id}

    def children(**more: Any) -> list[str]:
        answer = ask("chunk", "list", model.ListChildChunksRequest, **parent, **more)
        assert (answer.total, answer.total_pages, answer.page) == (len(answer.data), 1, 1)
        return [child.content for child in answer.data]

    assert children() == ["Cats sleep.", "Cats purr."]
    assert children(keyword="PURR", page=1, limit=5) == ["Cats purr."]
    # It sends a list of chunks where the API takes one content.
    body = model.CreateChildChunkRequestBody.builder().add_chunk("Cats climb.").build()
    refused = ask("chunk", "create", model.CreateChildChunkRequest, **parent, request_body=body)
    assert (refused.success, refused.code, refused.raw.status_code) == (False, "invalid_param", 400)
    child = {**parent, "child_chunk_id": ask("chunk", "list", model.ListChildChunksRequest, **parent).data[0].id}
    body = model.UpdateChildChunkRequestBody(content="Cats climb.")
    edited = ask("chunk", "update", model.UpdateChildChunkRequest, **child, request_body=body)
    assert (edited.data.id, edited.data.content) == (child["child_chunk_id"], "Cats climb.")
    assert edited.data.segment_id == parents[0].id
    asked = model.RetrieveFromDatasetRequestBody(query="who can climb")
    [first, *_] = ask(
        "dataset", "retrieve", model.RetrieveFromDatasetRequest, dataset_id=dataset, request_body=asked
    ).records
    assert first.segment.id == parents[0].id
    assert ask("chunk", "delete", model.DeleteChildChunkRequest, **child).result == "success"
    assert children() == ["Cats purr."]


def test_tags(ask: Asking, dataset: str) -> None:
    body = model.CreateTagRequestBody(name="manuals", type="knowledge")
    tag = ask("tag", "create", model.CreateTagRequest, request_body=body)
    assert (tag.name, tag.type, tag.binding_count) == ("manuals", "knowledge", 0)
    body = model.BindTagsToDatasetRequestBody(target_id=dataset, tag_ids=[tag.id])
    assert ask("tag", "bind", model.BindTagsToDatasetRequest, request_body=body).result == "success"
    bound = ask("tag", "get_dataset_tags", model.GetDatasetTagsRequest, dataset_id=dataset)
    assert ([one.name for one in bound.data], bound.total) == (["manuals"], 1)
    assert [one.id for one in ask("dataset", "get", model.GetDatasetRequest, dataset_id=dataset).tags] == [tag.id]
    body = model.UpdateTagRequestBody(tag_id=tag.id, name="guides")
    assert ask("tag", "update", model.UpdateTagRequest, request_body=body).name == "guides"
    listed = {one.id: one for one in ask("tag", "list", model.ListTagsRequest, type="knowledge").data}
    assert _told(listed[tag.id]) == ("guides", 1)
    body = model.UnbindTagsFromDatasetRequestBody(target_id=dataset, tag_id=tag.id)
    assert ask("tag", "unbind", model.UnbindTagsFromDatasetRequest, request_body=body).result == "success"
    assert ask("tag", "get_dataset_tags", model.GetDatasetTagsRequest, dataset_id=dataset).data == []
    body = model.DeleteTagRequestBody(tag_id=tag.id)
    assert ask("tag", "delete", model.DeleteTagRequest, request_body=body).result == "success"
    assert tag.id not in [one.id for one in ask("tag", "list", model.ListTagsRequest).data]


def _told(tag: Any) -> tuple[str, int]:
    return tag.name, tag.binding_count


def test_models(ask: Asking, house: Diglot) -> None:
    providers = ask("model", "embedding_models", model.GetTextEmbeddingModelsRequest).data
    assert [one.model for provider in providers for one in provider.models] == house.embedders.names()
    assert {one.status for provider in providers for one in provider.models} == {"active"}


def test_a_wrong_key(url: str, ask: Asking) -> None:
    stranger = Asking(url, ask._runner, "dataset-wrong")
    refused = stranger("dataset", "list", model.ListDatasetsRequest)
    assert (refused.success, refused.code, refused.raw.status_code) == (False, "unauthorized", 401)
