"""/datasets/{dataset_id}/documents/{document_id}/segments"""

from collections.abc import Mapping, Sequence
from typing import Any

from diglot.domain.chunk import Chunk, ChunkFilter, ChunkStatus
from diglot.domain.dataset import Dataset
from diglot.domain.errors import (
    ChunkDisabled,
    ChunkNotFound,
    DatasetNotFound,
    DiglotError,
    DocumentArchived,
    DocumentDisabled,
    DocumentNotFound,
    DocumentNotReady,
    ModelUnavailable,
)
from diglot.domain.identity import ChunkId
from diglot.domain.page import Page
from diglot.domain.rules import ParentMode
from diglot.http.answers import Answer, json_answer
from diglot.http.dify import translate, wire, wire_answers
from diglot.http.dify.documents import removed
from diglot.http.dify.lookups import dataset_of, document_id, segment_id
from diglot.http.operations import Call, Operation
from diglot.library.chunks import ChunkEdit, NewChunk

TAG = "Chunks"
WHERE = "/datasets/{dataset_id}/documents/{document_id}/segments"


def create(call: Call) -> Answer:
    sent: wire.CreateSegments = call.body
    new = [NewChunk(one.content, one.answer, _words(one.keywords)) for one in sent.segments]
    added = call.house.chunks.add(call.caller, dataset_of(call).id, document_id(call), new)
    return json_answer({"data": _bodies(call, added), "doc_form": _form(dataset_of(call))})


def list_segments(call: Call) -> Answer:
    query: wire.SegmentsQuery = call.query
    number = query.page or 1
    limit = None if query.page is None and query.limit is None else min(query.limit or 20, wire.MOST_PER_PAGE)
    statuses = [translate.STATUSES_OF_SEGMENT.get(name) for name in query.status]
    known: list[ChunkStatus] = [one for one in statuses if one is not None]
    page = call.house.chunks.list(
        call.caller,
        dataset_of(call).id,
        document_id(call),
        offset=(number - 1) * (limit or 0),
        limit=limit,
        only=ChunkFilter(keyword=query.keyword or "", statuses=known or None),
    )
    if query.status and not known:
        page = Page((), 0)
    items = _bodies(call, page.items)
    # Without paging everything stands on the one page there is.
    shown = translate.page_body(items, page, number, max(page.total, 1) if limit is None else limit)
    return json_answer(shown | {"doc_form": _form(dataset_of(call))})


def get(call: Call) -> Answer:
    chunk = call.house.chunks.get(call.caller, dataset_of(call).id, document_id(call), segment_id(call))
    return _one(call, chunk)


def update(call: Call) -> Answer:
    sent: wire.UpdateSegment = call.body
    wanted = sent.segment
    edit = ChunkEdit(
        wanted.content,
        wanted.answer,
        _words(wanted.keywords),
        wanted.enabled,
        regenerates_children=bool(wanted.regenerate_child_chunks),
    )
    edited = call.house.chunks.edit(call.caller, dataset_of(call).id, document_id(call), segment_id(call), edit)
    return _one(call, edited)


def remove(call: Call) -> Answer:
    call.house.chunks.remove(call.caller, dataset_of(call).id, segment_id(call), document_id(call))
    return removed(call)


def remove_anywhere(call: Call) -> Answer:
    call.house.chunks.remove(call.caller, dataset_of(call).id, segment_id(call))
    return removed(call)


def _one(call: Call, chunk: Chunk) -> Answer:
    [body] = _bodies(call, [chunk])
    return json_answer({"data": body, "doc_form": _form(dataset_of(call))})


def _bodies(call: Call, chunks: Sequence[Chunk]) -> list[dict[str, Any]]:
    """Paragraphs with their children; of a whole document they are too many, and a list of their own."""
    children: Mapping[ChunkId | None, Sequence[Chunk]] = {}
    if any(chunk.is_parent for chunk in chunks) and not _is_whole(call):
        children = call.house.children.of(call.caller, chunks)
    return [translate.segment_body(chunk, dataset_of(call), children.get(chunk.id, ())) for chunk in chunks]


def _is_whole(call: Call) -> bool:
    document = call.house.documents.get(call.caller, dataset_of(call).id, document_id(call))
    rules = call.house.rulebook.many([document.rule_id]).get(document.rule_id)
    children = None if rules is None else rules.children
    return children is not None and children.parent_mode is ParentMode.FULL_DOCUMENT


def _form(dataset: Dataset) -> str | None:
    return translate.FORM_NAMES[dataset.chunk_form] if dataset.chunk_form else None


def _words(sent: list[str] | None) -> tuple[str, ...] | None:
    return None if sent is None else tuple(word.strip() for word in sent if word.strip())


PLACE_ERRORS: tuple[type[DiglotError], ...] = (DatasetNotFound, DocumentNotFound)
SEGMENT_EXAMPLE = {"content": "The battery lasts ten hours.", "keywords": ["battery"]}


OPERATIONS = (
    Operation(
        id="createSegments",
        method="POST",
        path=WHERE,
        tag=TAG,
        summary="Add chunks to a document",
        description="Behind the last one, in order. The document must be completed and enabled.",
        handler=create,
        body=wire.CreateSegments,
        body_example={"segments": [SEGMENT_EXAMPLE]},
        answer=wire_answers.Segments,
        errors=(*PLACE_ERRORS, DocumentNotReady, DocumentDisabled, DocumentArchived, ModelUnavailable),
    ),
    Operation(
        id="listSegments",
        method="GET",
        path=WHERE,
        tag=TAG,
        summary="List a document's chunks",
        description="In the order of the document: all of them, or a page when `page` or `limit` is sent.",
        handler=list_segments,
        query=wire.SegmentsQuery,
        answer=wire_answers.SegmentPage,
        errors=PLACE_ERRORS,
    ),
    Operation(
        id="getSegment",
        method="GET",
        path=WHERE + "/{segment_id}",
        tag=TAG,
        summary="Get a chunk",
        description="One chunk of a document.",
        handler=get,
        answer=wire_answers.OneSegment,
        errors=(*PLACE_ERRORS, ChunkNotFound),
        is_light=True,
    ),
    Operation(
        id="updateSegment",
        method="POST",
        path=WHERE + "/{segment_id}",
        tag=TAG,
        summary="Edit a chunk",
        description="Only what is sent changes. A disabled chunk is edited only together with `enabled: true`.",
        handler=update,
        body=wire.UpdateSegment,
        body_example={"segment": SEGMENT_EXAMPLE | {"enabled": True}},
        answer=wire_answers.OneSegment,
        errors=(*PLACE_ERRORS, ChunkNotFound, ChunkDisabled, DocumentArchived, ModelUnavailable),
    ),
    Operation(
        id="deleteSegment",
        method="DELETE",
        path=WHERE + "/{segment_id}",
        tag=TAG,
        summary="Delete a chunk",
        description="From the answer on it is not found. With the setting `dify_profile = current` 204, empty.",
        handler=remove,
        answer=wire_answers.Success,
        errors=(*PLACE_ERRORS, ChunkNotFound, DocumentArchived),
    ),
    Operation(
        id="deleteSegment2024",
        method="DELETE",
        path="/datasets/{dataset_id}/segments/{segment_id}",
        tag=TAG,
        summary="Delete a chunk, by the path that the API's page of 2024 printed",
        description="The same without the document's id.",
        handler=remove_anywhere,
        answer=wire_answers.Success,
        errors=(DatasetNotFound, ChunkNotFound, DocumentArchived),
        is_deprecated=True,
    ),
)
