"""/datasets/{dataset_id}/documents/{document_id}/chunks, and the pictures of chunks."""

from collections import Counter
from typing import Any

from diglot.domain.chunk import Chunk, ChunkFilter
from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.errors import ChunkNotFound, DatasetNotFound, ModelUnavailable
from diglot.domain.identity import ChunkId, DatasetId, parse_id
from diglot.http.answers import Answer
from diglot.http.operations import Call, Operation
from diglot.http.ragflow import thumbnails
from diglot.http.ragflow import wire_chunks as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.chunk_bodies import added_body, listed_body, raw_body
from diglot.http.ragflow.chunk_fields import edit_of, new_chunk, whole
from diglot.http.ragflow.chunk_texts import content_of, marked
from diglot.http.ragflow.document_bodies import document_body
from diglot.http.ragflow.errors import Refused, Unconvertible, argument_error, data_error
from diglot.http.ragflow.lookups import dataset_of, document_of, split_ids
from diglot.http.ragflow.paging import paging
from diglot.http.ragflow.wire import Reply
from diglot.library.access import opened
from diglot.library.chunks import ChunkEdit
from diglot.ports.tokenizer import Tokenizer
from diglot.retrieval.highlighting import highlight

TAG = "Chunks"
WHERE = "/datasets/{dataset_id}/documents/{document_id}/chunks"
MOST_IDS = 100
MOST_WORDS = 32
NO_IMAGE = "Image not found."
# A picture is what somebody sent: nobody shall take it for a page.
IMAGE_HEADERS = ((b"content-security-policy", b"sandbox"),)


def add(call: Call) -> Answer:
    dataset, document = _place(call)
    chunks = call.house.chunks
    added = chunks.put(call.caller, dataset.id, document.id, new_chunk(call.body, document.chunk_form))
    return done({"chunk": added_body(added)})


def list_chunks(call: Call) -> Answer:
    dataset, document = _place(call)
    query: wire.ChunksQuery = call.query
    if query.id:
        chunk = _chunk(call, document, query.id, data_error(f"Chunk not found: {call.path['dataset_id']}/{query.id}"))
        return _listed(call, document, 1, [listed_body(chunk, document.name) | {"tag_feas": chunk.tag_weights}])
    wanted = paging(query.page if query.offset is None else query.offset, query.page_size or query.limit)
    page = call.house.chunks.list(
        call.caller, dataset.id, document.id, offset=wanted.offset, limit=wanted.size, only=_filter(call)
    )
    bodies = [listed_body(one, document.name, _found(call, one)) for one in page.items]
    return _listed(call, document, page.total, bodies)


def get(call: Call) -> Answer:
    _, document = _place(call)
    chunk = _chunk(call, document, call.path["chunk_id"], data_error("Chunk not found!", False))
    return done(raw_body(chunk, document.name))


def update(call: Call) -> Answer:
    _, document = _place(call)
    missing = data_error(f"Can't find this chunk {call.path['chunk_id']}")
    chunk = _chunk(call, document, call.path["chunk_id"], missing)
    edit = edit_of(call.body, document.chunk_form)
    if edit == ChunkEdit():
        return done()
    try:
        call.house.chunks.edit(call.caller, document.dataset_id, document.id, chunk.id, edit, even_disabled=True)
    except ChunkNotFound as error:
        raise missing from error
    return done()


def switch(call: Call) -> Answer:
    dataset = dataset_of(call, _not_owned(call))
    sent: wire.SwitchChunks = call.body
    if not sent.chunk_ids:
        raise data_error("`chunk_ids` is required.")
    named = _ids(sent.chunk_ids)
    is_enabled = _wanted_state(sent)
    document = document_of(call, dataset, data_error("document not found"))
    known, wrong = split_ids(named)
    chunks = {ChunkId(one) for one in known.values()}
    there = call.house.chunks.switch(call.caller, dataset.id, document.id, chunks, is_enabled)
    if wrong or there < len(chunks):
        raise data_error("Index updating failure")
    return done(True)


def delete(call: Call) -> Answer:
    dataset, document = _place(call)
    sent: wire.DeleteChunks = call.body
    given = sent.chunk_ids or sent.ids
    if not given:
        if sent.delete_all is not True:
            return done()
        removed = call.house.chunks.remove_all(call.caller, dataset.id, document.id)
        return done(message=f"deleted {removed} chunks")
    named = Counter(_ids(given))
    known, _ = split_ids(named)
    chunks = {ChunkId(one) for one in known.values()}
    removed = call.house.chunks.remove_many(call.caller, dataset.id, document.id, chunks)
    if removed < len(named):
        raise data_error(f"rm_chunk deleted chunks {removed}, expect {len(named)}")
    twice = [f"Duplicate chunk ids: {one}" for one, times in named.items() if times > 1]
    if not twice:
        return done(message=f"deleted {removed} chunks")
    words = f"Partially deleted {removed} chunks with {len(twice)} errors"
    return done({"success_count": removed, "errors": twice}, words)


def image(call: Call) -> Answer:
    """Named by dataset and chunk, with a dash between; or a document's thumbnail."""
    thumbnail = thumbnails.image(call, data_error(NO_IMAGE))
    if thumbnail is not None:
        return thumbnail
    plain = call.path["image_id"].replace("-", "")
    dataset_id, chunk = parse_id(plain[:32]), parse_id(plain[32:])
    if dataset_id is None or chunk is None:
        raise data_error(NO_IMAGE)
    try:
        opened(call.caller, call.house.datasets.get(call.caller, DatasetId(dataset_id)))
        found = call.house.chunks.image(call.caller, DatasetId(dataset_id), ChunkId(chunk))
    except (DatasetNotFound, ChunkNotFound) as error:
        raise data_error(NO_IMAGE) from error
    return Answer(200, found.content, found.media_type.encode(), IMAGE_HEADERS)


def _place(call: Call) -> tuple[Dataset, Document]:
    dataset = dataset_of(call, _not_owned(call))
    return dataset, document_of(call, dataset, data_error(f"you don't own the document {call.path['document_id']}"))


def _not_owned(call: Call) -> Refused:
    return data_error(f"You don't own the dataset {call.path['dataset_id']}.")


def _chunk(call: Call, document: Document, sent: str, missing: Refused) -> Chunk:
    plain = parse_id(sent)
    if plain is None:
        raise missing
    try:
        return call.house.chunks.get(call.caller, document.dataset_id, document.id, ChunkId(plain))
    except ChunkNotFound as error:
        raise missing from error


def _listed(call: Call, document: Document, total: int, bodies: list[dict[str, Any]]) -> Answer:
    rules = call.house.rulebook.many([document.rule_id]).get(document.rule_id)
    return done({"total": total, "chunks": bodies, "doc": document_body(document, rules)})


def _filter(call: Call) -> ChunkFilter:
    query: wire.ChunksQuery = call.query
    named = {one.strip() for sent in query.chunk_ids for one in sent.split(",") if one.strip()}
    if len(named) > MOST_IDS:
        raise argument_error(f"chunk_ids must contain at most {MOST_IDS} IDs")
    known, _ = split_ids(named)
    return ChunkFilter(
        words=_words(query.keywords, call.house.tokenizer) if query.keywords.strip() else None,
        ids=frozenset(ChunkId(one) for one in known.values()) if named else None,
        enabled=None if query.available is None else query.available.strip().lower() == "true",
    )


def _words(keywords: str, tokenizer: Tokenizer) -> frozenset[str]:
    """As they are written. Of a script without spaces the pairs of characters, since single ones are everywhere."""
    asked = frozenset(tokenizer.query_terms(keywords))
    places = [term for term in tokenizer.located(keywords) if term.text in asked]
    words = list(dict.fromkeys(keywords[term.start : term.end] for term in places))
    telling = [word for word in words if word.isascii() or len(word) > 1]
    return frozenset((telling or words)[:MOST_WORDS])


def _found(call: Call, chunk: Chunk) -> str | None:
    keywords: str = call.query.keywords
    if not keywords.strip():
        return None
    text = content_of(chunk)
    return marked(text, highlight(text, keywords, call.house.tokenizer))


def _wanted_state(sent: wire.SwitchChunks) -> bool:
    if "available_int" in sent.model_fields_set:
        return bool(whole(sent.available_int))
    if "available" not in sent.model_fields_set:
        raise data_error("`available_int` or `available` is required.")
    if isinstance(sent.available, str):
        return sent.available.strip().lower() in ("true", "1")
    return bool(sent.available)


def _ids(sent: Any) -> list[str]:
    if not isinstance(sent, list) or not all(isinstance(one, str) for one in sent):
        raise data_error("`chunk_ids` should be a list of strings")
    return sent


ADDED = {
    "content": "The battery lasts ten hours.",
    "important_keywords": ["battery"],
    "questions": ["How long does the battery last?"],
}
DONE_EXAMPLE = {"code": 0, "message": "success"}
CHUNK_EXAMPLE = {
    "id": "0198f3a1c2d37e4f8a9b0c1d2e3f4a5b",
    "content": "The battery lasts ten hours.",
    "document_id": "0198f3a1b0c17d2e9f8a7b6c5d4e3f2a",
    "dataset_id": "0198f3a19e8d7c6bb5a4938271605f4e",
    "important_keywords": ["battery"],
    "questions": ["How long does the battery last?"],
}
LISTED_EXAMPLE = CHUNK_EXAMPLE | {
    "docnm_kwd": "manual.pdf",
    "tag_kwd": [],
    "image_id": "",
    "doc_type_kwd": "text",
    "available": True,
    "positions": [[1, 72, 523, 90, 118]],
}
CREATED_EXAMPLE = {
    "create_time": "2026-03-09 18:57:13",
    "create_timestamp": 1773082633.0,
    "doc_type_kwd": "text",
}
RAW_EXAMPLE = {
    "id": CHUNK_EXAMPLE["id"],
    "content_with_weight": CHUNK_EXAMPLE["content"],
    "doc_id": CHUNK_EXAMPLE["document_id"],
    "kb_id": CHUNK_EXAMPLE["dataset_id"],
    "docnm_kwd": "manual.pdf",
    "important_kwd": ["battery"],
    "question_kwd": ["How long does the battery last?"],
    "tag_kwd": [],
    "tag_feas": {},
    "img_id": "",
    "doc_type_kwd": "text",
    "available_int": 1,
    "position_int": [[1, 72, 523, 90, 118]],
    "create_time": "2026-03-09 18:57:13",
    "create_timestamp_flt": 1773082633.0,
}


def _update_operation(identity: str, method: str, *, is_deprecated: bool = False) -> Operation:
    return Operation(
        id=identity,
        method=method,
        path=WHERE + "/{chunk_id}",
        tag=TAG,
        summary="Edit a chunk",
        description="Only what is sent changes. Its vector is made anew, and the next search within a second or two "
        "finds what is new; switched off, it is found no more from the answer on.",
        handler=update,
        body=wire.UpdateChunk,
        body_example={"content": "The battery lasts eleven hours.", "available": True},
        answer=Reply,
        answer_example=DONE_EXAMPLE,
        errors=(DatasetNotFound, ChunkNotFound, ModelUnavailable, Unconvertible),
        is_deprecated=is_deprecated,
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="addChunk",
        method="POST",
        path=WHERE,
        tag=TAG,
        summary="Add a chunk",
        description="Behind the last one, whether the document was ever parsed or not. A text that the document has "
        "already stays one chunk, which takes the new keywords and questions; the document counts it once more.",
        handler=add,
        body=wire.AddChunk,
        body_example=ADDED,
        answer=wire.AddedReply,
        answer_example=DONE_EXAMPLE | {"data": {"chunk": CHUNK_EXAMPLE | CREATED_EXAMPLE}},
        errors=(DatasetNotFound, ModelUnavailable),
    ),
    Operation(
        id="listChunks",
        method="GET",
        path=WHERE,
        tag=TAG,
        summary="List a document's chunks",
        description="In the order of the document, with the document itself. A page that is no number is the first.",
        handler=list_chunks,
        query=wire.ChunksQuery,
        answer=wire.ChunksReply,
        answer_example=DONE_EXAMPLE | {"data": {"total": 1, "chunks": [LISTED_EXAMPLE], "doc": {}}},
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="switchChunks",
        method="PATCH",
        path=WHERE,
        tag=TAG,
        summary="Switch chunks on or off",
        description="A chunk that is off stays in the document and is found no more from the answer on.",
        handler=switch,
        body=wire.SwitchChunks,
        body_example={"chunk_ids": [CHUNK_EXAMPLE["id"]], "available": False},
        answer=wire.SwitchedChunksReply,
        answer_example=DONE_EXAMPLE | {"data": True},
        errors=(DatasetNotFound, Unconvertible),
    ),
    Operation(
        id="deleteChunks",
        method="DELETE",
        path=WHERE,
        tag=TAG,
        summary="Delete chunks",
        description="From the answer on they are not found. Without ids and without `delete_all` nothing is deleted; "
        "where some ids are unknown, the others are deleted and the answer says how many.",
        handler=delete,
        body=wire.DeleteChunks,
        body_example={"chunk_ids": [CHUNK_EXAMPLE["id"]]},
        answer=wire.RemovedChunksReply,
        answer_example=DONE_EXAMPLE | {"message": "deleted 1 chunks"},
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="getChunk",
        method="GET",
        path=WHERE + "/{chunk_id}",
        tag=TAG,
        summary="Get a chunk",
        description="Under the names that RAGFlow's search engine has for its fields.",
        handler=get,
        answer=wire.RawReply,
        answer_example=DONE_EXAMPLE | {"data": RAW_EXAMPLE},
        errors=(DatasetNotFound, ChunkNotFound),
        is_light=True,
    ),
    _update_operation("updateChunk", "PATCH"),
    _update_operation("updateChunkByPut", "PUT", is_deprecated=True),
    Operation(
        id="getChunkImage",
        method="GET",
        path="/documents/images/{image_id}",
        tag=TAG,
        summary="Get the picture of a chunk",
        description="The bytes of the picture whose `image_id` a chunk shows.",
        handler=image,
        answer_description="The picture.",
        answer_media="image/*",
        errors=(ChunkNotFound,),
    ),
)
