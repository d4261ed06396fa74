"""/documents/{document_id} and its chunks, with all that is known of them: what a reader of the source needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from diglot.domain.chunk import Chunk, ChunkFilter
from diglot.domain.document import Document
from diglot.domain.errors import ChunkNotFound, DatasetNotFound, DocumentNotFound
from diglot.domain.identity import ChunkId, DatasetId, DocumentId, parse_id
from diglot.domain.rules import ParentMode
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_documents as wire
from diglot.http.native.lookups import document_of
from diglot.http.native.reasons import reason_of
from diglot.http.operations import Call, Operation
from diglot.library.access import opened
from diglot.library.pages import has_pages

TAG = "Documents"


def get(call: Call) -> Answer:
    asked = document_of(call, call.path["document_id"])
    document, rules = call.house.documents.with_rules(call.caller, asked.dataset_id, asked.id)
    return json_answer(
        {
            "id": document.id,
            "dataset_id": document.dataset_id,
            "name": document.name,
            "status": document.status,
            "phase": document.phase,
            "progress": document.progress,
            "error": document.error,
            **reason_of(document.error),
            "notes": document.notes or [],
            "enabled": document.enabled,
            "archived": document.archived,
            "size": document.size,
            "media_type": document.media_type,
            "has_pages": has_pages(document),
            "form": document.chunk_form,
            "rules": rules.document.to_json(),
            "chunk_count": document.chunk_count,
            "character_count": document.word_count,
            "tokens": document.tokens,
            "metadata": document.metadata,
            "created_at": document.created_at,
            "updated_at": document.updated_at,
            "completed_at": document.completed_at,
        }
    )


def list_failures(call: Call) -> Answer:
    """Of those that are not there, or are no failures, nothing is said."""
    plain = parse_id(call.path["dataset_id"])
    if plain is None:
        raise DatasetNotFound
    dataset = opened(call.caller, call.house.datasets.get(call.caller, DatasetId(plain)))
    ids = [DocumentId(one) for sent in call.query.document_ids.split(",") if (one := parse_id(sent.strip()))]
    found = call.house.documents.find(call.caller, ids)
    items = [_failure(one) for one in found if one.dataset_id == dataset.id and one.error is not None]
    return json_answer({"items": items})


def _failure(document: Document) -> dict[str, Any]:
    return {"document_id": document.id, "error": document.error, **reason_of(document.error)}


def list_chunks(call: Call) -> Answer:
    document = document_of(call, call.path["document_id"])
    query: wire.ChunksQuery = call.query
    only = ChunkFilter(keyword=query.keyword)
    number = query.page if query.chunk_id is None else _page_of(call, document, query.chunk_id, only)
    page = call.house.chunks.list(
        call.caller,
        document.dataset_id,
        document.id,
        offset=(number - 1) * query.limit,
        limit=query.limit,
        only=only,
    )
    counts = _child_counts(call, document, page.items)
    items = [_chunk(chunk, counts.get(chunk.id, 0)) for chunk in page.items]
    return json_answer({"items": items, "page": number, "total": page.total})


def _page_of(call: Call, document: Document, sent: str, only: ChunkFilter) -> int:
    plain = parse_id(sent)
    if plain is None:
        raise ChunkNotFound
    before = call.house.chunks.count_before(call.caller, document.dataset_id, document.id, ChunkId(plain), only)
    limit: int = call.query.limit
    return before // limit + 1


def _child_counts(call: Call, document: Document, chunks: Sequence[Chunk]) -> Mapping[ChunkId | None, int]:
    """A whole document's children are a list of their own, and there is only one parent."""
    parents = [chunk for chunk in chunks if chunk.is_parent]
    if not parents:
        return {}
    rules = call.house.rulebook.many([document.rule_id]).get(document.rule_id)
    if rules is not None and rules.children and rules.children.parent_mode is ParentMode.FULL_DOCUMENT:
        whole = (
            call.house.children.list(call.caller, document.dataset_id, document.id, one.id, limit=1) for one in parents
        )
        return {parent.id: page.total for parent, page in zip(parents, whole, strict=True)}
    return {parent: len(children) for parent, children in call.house.children.of(call.caller, parents).items()}


def _chunk(chunk: Chunk, children: int) -> dict[str, Any]:
    return {
        "id": chunk.id,
        "position": chunk.position,
        "content": chunk.content,
        "answer": chunk.answer,
        "keywords": chunk.keywords,
        "questions": chunk.questions,
        "tags": chunk.tags,
        "kind": chunk.kind,
        "tokens": chunk.tokens,
        "characters": chunk.word_count,
        "enabled": chunk.enabled,
        "status": chunk.status,
        "error": chunk.error,
        "is_parent": chunk.is_parent,
        "child_count": children,
        "anchors": [anchor.to_json() for anchor in chunk.anchors],
        "updated_at": chunk.updated_at,
    }


ID = "0192f0c47a0b7d2c8e613f5a9b0c1d2e"
DOCUMENT_EXAMPLE: dict[str, Any] = {
    "id": ID,
    "dataset_id": "0192f0c4791c7e4fa0b1c2d3e4f5a6b7",
    "name": "manual.pdf",
    "status": "ready",
    "phase": "done",
    "progress": 1.0,
    "error": None,
    "error_code": None,
    "error_facts": None,
    "notes": [],
    "enabled": True,
    "archived": False,
    "size": 48211,
    "media_type": "application/pdf",
    "has_pages": True,
    "form": "text",
    "rules": {"mode": "automatic", "method": "general"},
    "chunk_count": 1,
    "character_count": 28,
    "tokens": 6,
    "metadata": {"year": 2024},
    "created_at": 1750000000000,
    "updated_at": 1750000004000,
    "completed_at": 1750000004000,
}
FAILURE_EXAMPLE: dict[str, Any] = {
    "document_id": ID,
    "error": "The file has more than 10,000 pages.",
    "error_code": "limit_exceeded_pages",
    "error_facts": {"pages": "10,000"},
}
CHUNK_EXAMPLE: dict[str, Any] = {
    "id": "0192f0c47e1a7c3b9d523f6b8a1c2d3e",
    "position": 1,
    "content": "The battery lasts ten hours.",
    "answer": None,
    "keywords": ["battery"],
    "questions": [],
    "tags": [],
    "kind": "text",
    "tokens": 6,
    "characters": 28,
    "enabled": True,
    "status": "ready",
    "error": None,
    "is_parent": False,
    "child_count": 0,
    "anchors": [{"page": 3, "boxes": [[3, 72.0, 90.5, 310.0, 102.0]], "headings": ["Power"]}],
    "updated_at": 1750000004000,
}

OPERATIONS = (
    Operation(
        id="getDocument",
        method="GET",
        path="/documents/{document_id}",
        tag=TAG,
        summary="Get a document",
        description="How far it is, why it failed, what was left out of it, the rules that it is made by, its counts.",
        handler=get,
        answer=wire.ShownDocument,
        answer_example=DOCUMENT_EXAMPLE,
        answer_description="The document.",
        errors=(DocumentNotFound,),
    ),
    Operation(
        id="listFailures",
        method="GET",
        path="/datasets/{dataset_id}/failures",
        tag=TAG,
        summary="Why documents failed",
        description="Of the documents that are named those that failed, so that a list of another API can say why in "
        "the reader's language.",
        handler=list_failures,
        query=wire.FailuresQuery,
        answer=wire.Failures,
        answer_example={"items": [FAILURE_EXAMPLE]},
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="listChunks",
        method="GET",
        path="/documents/{document_id}/chunks",
        tag=TAG,
        summary="List a document's chunks, with their places",
        description="In the order of the document, a page at a time; with `chunk_id` the page on which that chunk is.",
        handler=list_chunks,
        query=wire.ChunksQuery,
        answer=wire.ShownChunks,
        answer_example={"items": [CHUNK_EXAMPLE], "page": 1, "total": 1},
        answer_description="A page of chunks.",
        errors=(DocumentNotFound, ChunkNotFound),
    ),
)
