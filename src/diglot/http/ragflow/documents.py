"""/datasets/{dataset_id}/documents...: update, delete, download; and every operation on documents."""

from collections.abc import Mapping
from functools import partial

from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.errors import (
    DatasetNotFound,
    DiglotError,
    DiskFull,
    DocumentNotFound,
    DocumentsMissing,
    FileTypeUnsupported,
    Invalid,
    NameTaken,
    QueueFull,
)
from diglot.domain.identity import DocumentId, parse_id
from diglot.domain.rules import ChunkingRules, ChunkMethod
from diglot.http.answers import SANDBOXED, Answer, FileAnswer, disposition
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow import file_kinds, parsing, states, thumbnails
from diglot.http.ragflow import wire_documents as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.chunking import method_of, next_config, rules_of
from diglot.http.ragflow.document_bodies import shown
from diglot.http.ragflow.document_listing import list_documents
from diglot.http.ragflow.errors import MalformedBody, PartialFailure, Refused, argument_error, data_error
from diglot.http.ragflow.lookups import dataset_of, document_of
from diglot.http.ragflow.parser_config import ParserConfig
from diglot.http.ragflow.uploading import LONG_NAME, NAME_BYTES, upload
from diglot.library.access import opened
from diglot.library.documents import DocumentEdit
from diglot.library.rulebook import NextRules

TAG = "Documents"
TAKEN = "Duplicated document name in the same dataset."
# What a browser may show in place: nothing that runs scripts.
SHOWN_IN_PLACE = frozenset(
    {"application/pdf", "text/plain", "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}
)


def update(call: Call) -> Answer:
    sent: wire.UpdateDocument = call.body
    dataset = dataset_of(call, data_error("you don't own the dataset"))
    document = document_of(call, dataset, data_error("the dataset doesn't own the document"))
    _require_unchanged(sent, document)
    before = call.house.rulebook.many([document.rule_id]).get(document.rule_id)
    method = _method(sent, document, before)
    edit = DocumentEdit(
        name=_name(sent, document),
        next_rules=_next_rules(sent, method),
        resets=method is not method_of(before),
        enabled=None if sent.enabled is None else bool(sent.enabled),
        metadata=sent.meta_fields,
    )
    return done(shown(call.house, [call.house.documents.edit(call.caller, dataset.id, document.id, edit)])[0])


def delete(call: Call) -> Answer:
    sent: wire.DeleteDocuments = call.body
    given = call.path["dataset_id"]
    dataset = dataset_of(call, data_error(f"You don't own the dataset {given}. "))
    if not sent.ids and not sent.delete_all:
        raise data_error(f"should either provide doc ids or set delete_all(true), dataset: {given}. ")
    if sent.ids and sent.delete_all:
        raise data_error(f"should not provide both doc ids and delete_all(true), dataset: {given}. ")
    if sent.delete_all:
        return done({"deleted": call.house.documents.remove_all(call.caller, dataset.id)})
    return done({"deleted": _remove(call, dataset, sent.ids or [])})


def download(call: Call) -> Answer:
    refusal = data_error(f"The dataset not own the document {call.path['document_id']}.")
    dataset = dataset_of(call, refusal)
    return _file(call, document_of(call, dataset, refusal), "attachment")


def download_anywhere(call: Call, *, kind: str) -> Answer:
    plain = parse_id(call.path["document_id"])
    found = call.house.documents.find(call.caller, [DocumentId(plain)] if plain else ())
    if not found:
        raise data_error("document not found")
    opened(call.caller, call.house.datasets.get(call.caller, found[0].dataset_id))
    return _file(call, found[0], kind if found[0].media_type in SHOWN_IN_PLACE else "attachment")


def _file(call: Call, document: Document, kind: str) -> Answer:
    if not document.size:
        raise data_error("This file is empty.")
    document, content = call.house.documents.source(call.caller, document.dataset_id, document.id)
    return FileAnswer(
        200,
        media_type=document.media_type.encode(),
        headers=(disposition(kind, document.name), SANDBOXED),
        content=content,
        size=document.size,
    )


def _remove(call: Call, dataset: Dataset, sent: list[str]) -> int:
    known = {one: parse_id(one) for one in sent}
    wrong = [one for one, plain in known.items() if plain is None]
    ids = [DocumentId(plain) for plain in known.values() if plain is not None]
    if wrong:
        found = {one.id for one in call.house.documents.find(call.caller, ids) if one.dataset_id == dataset.id}
        raise _not_there(call, [one for one, plain in known.items() if plain not in found])
    try:
        return call.house.documents.remove_many(call.caller, dataset.id, ids)
    except DocumentsMissing as error:
        raise _not_there(call, [one for one, plain in known.items() if plain in error.ids]) from error


def _not_there(call: Call, missing: list[str]) -> Refused:
    place = f"These documents do not belong to dataset {call.path['dataset_id']} or Document not found"
    return data_error(f"{place}: {', '.join(missing)}")


def _require_unchanged(sent: wire.UpdateDocument, document: Document) -> None:
    present: Mapping[str, float] = {
        "chunk_count": document.chunk_count + document.repeat_count,
        "token_count": document.tokens,
        "progress": states.progress(document),
    }
    for name, value in present.items():
        if getattr(sent, name) not in (None, value):
            raise data_error(f"can't change `{name}`")


def _name(sent: wire.UpdateDocument, document: Document) -> str | None:
    if "name" not in sent.model_fields_set or sent.name == document.name:
        return None
    if len(sent.name.encode()) > NAME_BYTES:
        raise argument_error(LONG_NAME)
    if file_kinds.extension(sent.name) != file_kinds.extension(document.name):
        raise argument_error("The extension of file can't be changed")
    return sent.name


def _method(sent: wire.UpdateDocument, document: Document, before: ChunkingRules | None) -> ChunkMethod:
    present = method_of(before)
    if sent.chunk_method == "":
        raise data_error("`chunk_method` (empty string) is not valid")
    wanted = present if sent.chunk_method is None else ChunkMethod(sent.chunk_method)
    automatic = file_kinds.automatic_method(document.name)
    if wanted is not present and automatic not in (None, wanted):
        raise data_error("the automatically detected parser type cannot be changed")
    return wanted


def _next_rules(sent: wire.UpdateDocument, method: ChunkMethod) -> NextRules | None:
    given = sent.parser_config if sent.parser_config and sent.parser_config.model_fields_set else None
    chosen = method if sent.chunk_method else None
    return None if given is None and chosen is None else partial(_after, chosen=chosen, given=given)


def _after(
    before: ChunkingRules | None, chosen: ChunkMethod | None, given: ParserConfig | None
) -> ChunkingRules | None:
    method = chosen or method_of(before)
    if method is method_of(before):
        return None if given is None else rules_of(method, next_config(before, method, given))
    # Another method begins with its own defaults, whatever was given before.
    fresh = rules_of(method, next_config(before, method, None))
    return fresh if given is None else rules_of(method, next_config(fresh, method, given))


WHERE = "/datasets/{dataset_id}/documents"
ONE = WHERE + "/{document_id}"
PLACED: tuple[type[DiglotError], ...] = (DatasetNotFound, DocumentNotFound)
STARTING: tuple[type[DiglotError], ...] = (DatasetNotFound, QueueFull, DiskFull)
DONE = {"code": 0, "message": "success"}
ID = "0198f3a1b0c17d2e9f8a7b6c5d4e3f2a"
EXAMPLE = {
    "id": ID,
    "thumbnail": None,
    "dataset_id": "0198f3a19e8d7c6bb5a4938271605f4e",
    "chunk_method": "naive",
    "pipeline_id": None,
    "parser_config": {"chunk_token_num": 512, "delimiter": "\n"},
    "source_type": "local",
    "type": "doc",
    "created_by": "0198f39f00c17d2e9f8a7b6c5d4e3f2a",
    "name": "battery.txt",
    "location": "battery.txt",
    "size": 28,
    "token_count": 6,
    "chunk_count": 1,
    "progress": 1.0,
    "progress_msg": "10:33:58 Task has been received.\n10:33:59 Generate 1 chunks\n10:33:59 Task done (0.84s)",
    "process_begin_at": "Mon, 09 Mar 2026 10:33:58 GMT",
    "process_duration": 0.84,
    "suffix": "txt",
    "content_hash": "5f1c0e9d6a2b48f39c7d1e0b4a68f2d35f1c0e9d6a2b48f39c7d1e0b4a68f2d3",
    "run": "DONE",
    "status": "1",
    "meta_fields": {"author": "Ada"},
    "create_date": "Mon, 09 Mar 2026 10:33:50 GMT",
    "create_time": 1773052430000,
    "update_date": "Mon, 09 Mar 2026 10:33:59 GMT",
    "update_time": 1773052439000,
}
DOCUMENT_IDS = {"document_ids": [ID]}
IN_DATA_CODE: Mapping[type[DiglotError], ErrorForm] = {
    NameTaken: ErrorForm(200, "102", TAKEN),
    Invalid: ErrorForm(200, "102"),
}


def _update_operation(identity: str, method: str, *, is_deprecated: bool = False) -> Operation:
    return Operation(
        id=identity,
        method=method,
        path=ONE,
        tag=TAG,
        summary="Update a document",
        description="Only what is sent changes, all of it or nothing. Another `chunk_method` takes the chunks away.",
        handler=update,
        body=wire.UpdateDocument,
        body_example={"name": "accumulator.txt", "parser_config": {"chunk_token_num": 256}, "enabled": 1},
        answer=wire.DocumentReply,
        answer_example=DONE | {"data": EXAMPLE},
        errors=(*PLACED, NameTaken, MalformedBody),
        forms=IN_DATA_CODE,
        is_deprecated=is_deprecated,
    )


def _download_operation(identity: str, path: str, kind: str, description: str) -> Operation:
    return Operation(
        id=identity,
        method="GET",
        path=path,
        tag=TAG,
        summary="Download a document",
        description=description,
        handler=download if path == ONE else partial(download_anywhere, kind=kind),
        answer_media="*/*",
        answer_description="The file's bytes, under its own media type.",
        errors=PLACED,
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="uploadDocuments",
        method="POST",
        path=WHERE,
        tag=TAG,
        summary="Upload documents",
        description="Up to 256 files; they wait until their parsing is asked for. A file that is refused does not stop "
        "the others: then the code is 500, the message names what was refused, `data` holds the rest.",
        handler=upload,
        query=wire.UploadQuery,
        form=wire.Upload,
        body_example={"parser_config": '{"chunk_token_num": 256}'},
        answer=wire.UploadedReply,
        answer_example=DONE | {"data": [EXAMPLE]},
        errors=(*STARTING, FileTypeUnsupported),
    ),
    Operation(
        id="listDocuments",
        method="GET",
        path=WHERE,
        tag=TAG,
        summary="List documents",
        description="The documents of a dataset, newest first. A page that is no number is the first.",
        handler=list_documents,
        query=wire.DocumentsQuery,
        answer=wire.ListedReply,
        answer_example=DONE | {"data": {"total": 1, "docs": [EXAMPLE]}},
        errors=PLACED,
    ),
    Operation(
        id="deleteDocuments",
        method="DELETE",
        path=WHERE,
        tag=TAG,
        summary="Delete documents",
        description="All that are named or, if one is not there, none. From the answer on they are not found.",
        handler=delete,
        body=wire.DeleteDocuments,
        body_example={"ids": [ID]},
        answer=wire.DeletedReply,
        answer_example=DONE | {"data": {"deleted": 1}},
        errors=PLACED,
        checks_media_type=True,
    ),
    _update_operation("updateDocument", "PATCH"),
    _update_operation("updateDocumentByPut", "PUT", is_deprecated=True),
    _download_operation("downloadDocument", ONE, "attachment", "The file as it was uploaded."),
    _download_operation("downloadDocumentById", "/documents/{document_id}", "attachment", "Without its dataset."),
    _download_operation(
        "previewDocument",
        "/documents/{document_id}/preview",
        "inline",
        "For a browser to show: PDF, plain text and pictures in place, everything else as a download.",
    ),
    Operation(
        id="startParsing",
        method="POST",
        path="/datasets/{dataset_id}/chunks",
        tag=TAG,
        summary="Parse documents",
        description="They become chunks in the background; ask the list for `run`. One that is parsed already refuses. "
        "Chunks that are there serve until the new ones take their place.",
        handler=parsing.start,
        body=wire.DocumentIds,
        body_example=DOCUMENT_IDS,
        answer=wire.CountedReply,
        answer_example=DONE,
        errors=STARTING,
    ),
    Operation(
        id="stopParsing",
        method="DELETE",
        path="/datasets/{dataset_id}/chunks",
        tag=TAG,
        summary="Stop parsing documents",
        description="Their chunks are gone from the answer on. One that is not being parsed refuses.",
        handler=parsing.cancel,
        body=wire.DocumentIds,
        body_example=DOCUMENT_IDS,
        answer=wire.CountedReply,
        answer_example=DONE,
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="parseDocuments",
        method="POST",
        path=WHERE + "/parse",
        tag=TAG,
        summary="Parse documents, anew if need be",
        description="As `POST /datasets/{dataset_id}/chunks`, but one that is being parsed begins again.",
        handler=parsing.parse,
        body=wire.DocumentIds,
        body_example=DOCUMENT_IDS,
        answer=wire.CountedReply,
        answer_example=DONE | {"data": {"success_count": 1}},
        errors=STARTING,
    ),
    Operation(
        id="stopDocuments",
        method="POST",
        path=WHERE + "/stop",
        tag=TAG,
        summary="Stop parsing those that run",
        description="As `DELETE /datasets/{dataset_id}/chunks`, but what does not run is told among `errors`.",
        handler=parsing.stop,
        body=wire.DocumentIds,
        body_example=DOCUMENT_IDS,
        answer=wire.CountedReply,
        answer_example=DONE | {"data": {"success_count": 1}},
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="ingestDocuments",
        method="POST",
        path="/documents/ingest",
        tag=TAG,
        summary="Parse or stop documents of any dataset",
        description="All of them must be there.",
        handler=parsing.ingest,
        body=wire.Ingest,
        body_example={"doc_ids": [ID], "run": "1"},
        answer=wire.DoneReply,
        answer_example=DONE | {"data": True},
        errors=(DocumentNotFound, QueueFull, DiskFull),
    ),
    Operation(
        id="switchDocuments",
        method="POST",
        path=WHERE + "/batch-update-status",
        tag=TAG,
        summary="Show or hide documents",
        description="A document that is hidden is not found from the answer on.",
        handler=parsing.switch,
        body=wire.SwitchDocuments,
        body_example={"doc_ids": [ID], "status": "0"},
        answer=wire.SwitchedReply,
        answer_example=DONE | {"data": {ID: {"status": "0"}}},
        errors=(DatasetNotFound, PartialFailure),
    ),
    Operation(
        id="listThumbnails",
        method="GET",
        path="/thumbnails",
        tag=TAG,
        summary="List thumbnails",
        description="Of PDFs and pictures, as data URLs of type image/png, 256 pixels at most. Those that are not made "
        "within a few seconds come the next time.",
        handler=thumbnails.listed,
        query=wire.ThumbnailsQuery,
        answer=wire.ThumbnailsReply,
        answer_example=DONE | {"data": {ID: "data:image/png;base64,iVBORw0KGgo="}},
    ),
)
