"""/datasets/{dataset_id}/documents/{document_id}/segments/{segment_id}/child_chunks"""

from diglot.domain.chunk import ChunkFilter
from diglot.domain.errors import (
    ChildNotFound,
    ChunkNotFound,
    DatasetNotFound,
    DiglotError,
    DocumentArchived,
    DocumentNotFound,
    ModelUnavailable,
)
from diglot.http.answers import Answer, json_answer
from diglot.http.dify import translate, wire, wire_answers
from diglot.http.dify.documents import removed
from diglot.http.dify.lookups import child_id, dataset_of, document_id, segment_id
from diglot.http.operations import Call, Operation

TAG = "Chunks"
WHERE = "/datasets/{dataset_id}/documents/{document_id}/segments/{segment_id}/child_chunks"


def create(call: Call) -> Answer:
    place = dataset_of(call).id, document_id(call), segment_id(call)
    return json_answer({"data": translate.child_body(call.house.children.add(call.caller, *place, call.body.content))})


def list_children(call: Call) -> Answer:
    query: wire.ChildrenQuery = call.query
    page = call.house.children.list(
        call.caller,
        dataset_of(call).id,
        document_id(call),
        segment_id(call),
        offset=query.offset,
        limit=query.per_page,
        only=ChunkFilter(keyword=query.keyword or ""),
    )
    return json_answer(
        {
            "data": [translate.child_body(child) for child in page.items],
            "total": page.total,
            "total_pages": -(-page.total // query.per_page),
            "page": query.page,
            "limit": query.per_page,
        }
    )


def update(call: Call) -> Answer:
    place = dataset_of(call).id, document_id(call), segment_id(call), child_id(call)
    return json_answer({"data": translate.child_body(call.house.children.edit(call.caller, *place, call.body.content))})


def remove(call: Call) -> Answer:
    call.house.children.remove(call.caller, dataset_of(call).id, document_id(call), segment_id(call), child_id(call))
    return removed(call)


PLACE_ERRORS: tuple[type[DiglotError], ...] = (DatasetNotFound, DocumentNotFound, ChunkNotFound)
CHILD_EXAMPLE = {"content": "Ten hours of battery."}


OPERATIONS = (
    Operation(
        id="createChildChunk",
        method="POST",
        path=WHERE,
        tag=TAG,
        summary="Add a child chunk",
        description="One more text that the chunk is found by, behind the last. The document must be hierarchical.",
        handler=create,
        body=wire.ChildContent,
        body_example=CHILD_EXAMPLE,
        answer=wire_answers.OneChildChunk,
        errors=(*PLACE_ERRORS, DocumentArchived, ModelUnavailable),
    ),
    Operation(
        id="listChildChunks",
        method="GET",
        path=WHERE,
        tag=TAG,
        summary="List a chunk's child chunks",
        description="In their order. A chunk that is found by itself has none.",
        handler=list_children,
        query=wire.ChildrenQuery,
        answer=wire_answers.ChildChunkPage,
        errors=PLACE_ERRORS,
    ),
    Operation(
        id="updateChildChunk",
        method="PATCH",
        path=WHERE + "/{child_chunk_id}",
        tag=TAG,
        summary="Edit a child chunk",
        description="Its type is `customized` from then on.",
        handler=update,
        body=wire.ChildContent,
        body_example=CHILD_EXAMPLE,
        answer=wire_answers.OneChildChunk,
        errors=(*PLACE_ERRORS, ChildNotFound, DocumentArchived, ModelUnavailable),
    ),
    Operation(
        id="deleteChildChunk",
        method="DELETE",
        path=WHERE + "/{child_chunk_id}",
        tag=TAG,
        summary="Delete a child chunk",
        description="Nothing is found by it from the answer on. With the setting `dify_profile = current` 204, empty.",
        handler=remove,
        answer=wire_answers.Success,
        errors=(*PLACE_ERRORS, ChildNotFound, DocumentArchived),
    ),
)
