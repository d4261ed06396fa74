"""/datasets/{dataset_id}/document... and /documents..."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from diglot.domain.document import Document, DocumentFilter, DocumentStatus
from diglot.domain.errors import (
    BatchNotFound,
    ChunkFormDiffers,
    DatasetNotFound,
    DiglotError,
    DiskFull,
    DocumentArchived,
    DocumentNotFound,
    FileTooLarge,
    FileTypeUnsupported,
    InvalidAction,
    InvalidArgument,
    ModelNotFound,
    NameInvalid,
    NoFile,
    QueueFull,
    TooManyFiles,
)
from diglot.domain.identity import DocumentId, parse_id
from diglot.http.answers import NOTHING, Answer, json_answer
from diglot.http.bodies import SentFile
from diglot.http.dify import translate, wire, wire_answers
from diglot.http.dify.lookups import dataset_of, document_id
from diglot.http.dify.process_rules import chunking_rules, form_of, rule_body
from diglot.http.dify.searching import settings_to_keep
from diglot.http.dify.shown import Shown
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.library.documents import DocumentChange, Documents, NewDocument

TAG = "Documents"
TEXT_PIECE = 1 << 20
METADATA_FIELDS = ("id", "doc_type", "doc_metadata")
SUCCESS = json_answer({"result": "success"})
ACTIONS: dict[str, Callable[..., None]] = {
    "enable": Documents.enable,
    "disable": Documents.disable,
    "archive": Documents.archive,
    "un_archive": Documents.unarchive,
}


def create_by_text(call: Call, *, as_file_name: bool) -> Answer:
    """`as_file_name`: the API of 2024 called the text "text" a document "text.txt"."""
    sent: wire.CreateByText = call.body
    name = translate.text_name(sent.name) if as_file_name else translate.short_name(sent.name)
    new = replace(_new(call, sent, name), content=_text(call, sent.text), is_text=True)
    return _create(call, sent, new)


def create_by_file(call: Call) -> Answer:
    sent: wire.CreateByFile = call.body
    file = _file(call)
    if file is None:
        raise NoFile
    new = replace(_new(call, sent, translate.short_name(file.name)), content=file.content)
    if sent.original_document_id and sent.name:
        new = replace(new, name=translate.short_name(sent.name), file_name=file.name)
    return _create(call, sent, new)


def update_by_text(call: Call, *, as_file_name: bool) -> Answer:
    sent: wire.UpdateByText = call.body
    if sent.text is not None and not sent.name:
        raise InvalidArgument("name is required when text is provided", "name")
    if not sent.name and sent.process_rule is None:
        raise InvalidArgument("Data source or Process rule is required")
    change = DocumentChange(name=translate.short_name(sent.name) if sent.name else None)
    if sent.text is not None:
        name = translate.text_name(sent.name or "") if as_file_name else change.name
        change = replace(change, name=name, content=_text(call, sent.text), is_text=True)
    return _update(call, document_id(call), change, sent)


def update_by_file(call: Call) -> Answer:
    sent: wire.UpdateByFile = call.body
    file = _file(call)
    if file is None and not sent.name and sent.process_rule is None:
        raise InvalidArgument("Data source or Process rule is required")
    name = sent.name or (file.name if file is not None else None)
    change = DocumentChange(
        name=translate.short_name(name) if name else None,
        content=None if file is None else file.content,
        file_name=None if file is None else file.name,
    )
    return _update(call, document_id(call), change, sent)


def list_documents(call: Call) -> Answer:
    query: wire.DocumentsQuery = call.query
    statuses, enabled, archived = _shown_as(query.status)
    only = DocumentFilter(keyword=query.keyword or "", statuses=statuses or None, enabled=enabled, archived=archived)
    page = call.house.documents.list(
        call.caller, dataset_of(call).id, offset=query.offset, limit=query.per_page, only=only
    )
    shown = Shown.of(call, page.items)
    items = [translate.document_body(one, dataset_of(call), shown.by_field(one)) for one in page.items]
    return json_answer(translate.page_body(items, page, query.page, query.per_page))


def get(call: Call) -> Answer:
    query: wire.DocumentQuery = call.query
    if query.metadata not in ("all", "only", "without"):
        raise InvalidArgument(f"Invalid metadata value: {query.metadata}", "metadata")
    document, rules = call.house.documents.with_rules(call.caller, dataset_of(call).id, document_id(call))
    body = translate.detail_body(
        document,
        dataset_of(call),
        Shown.of(call, [document]).by_field(document),
        rule_body(document.dataset_id, rules.dataset_rule_id, rules.dataset),
        rule_body(document.dataset_id, document.rule_id, rules.document),
    )
    if query.metadata == "only":
        body = {name: body[name] for name in METADATA_FIELDS}
    if query.metadata == "without":
        body = {name: value for name, value in body.items() if name not in METADATA_FIELDS[1:]}
    return json_answer(body)


def status(call: Call) -> Answer:
    batch = call.house.documents.batch(call.caller, dataset_of(call).id, call.path["batch"])
    return json_answer({"data": [translate.progress_body(one) for one in batch]})


def remove(call: Call) -> Answer:
    call.house.documents.remove(call.caller, dataset_of(call).id, document_id(call))
    return removed(call)


def removed(call: Call) -> Answer:
    """The answer to a delete: in the seed's words, or as today."""
    return NOTHING if call.house.settings.dify_profile == "current" else SUCCESS


def act(call: Call) -> Answer:
    sent: wire.DocumentIds = call.body
    action = ACTIONS.get(call.path["action"])
    if action is None:
        raise InvalidAction(f"Invalid action: {call.path['action'][:40]}. It must be one of {', '.join(ACTIONS)}.")
    action(call.house.documents, call.caller, dataset_of(call).id, _ids(sent.document_ids))
    return SUCCESS


def _new(call: Call, sent: wire.DocumentSettings, name: str) -> NewDocument:
    dataset = dataset_of(call)
    indexing = translate.indexing_of(sent.indexing_technique)
    if dataset.indexing is None and indexing is None and not sent.original_document_id:
        raise InvalidArgument("indexing_technique is required.", "indexing_technique")
    rules = chunking_rules(sent.process_rule, call.house.settings.max_tokens_limit)
    return NewDocument(
        name=name,
        content=(),
        rules=rules,
        indexing=indexing,
        chunk_form=form_of(sent.doc_form, rules),
        embedding_model=sent.embedding_model or None,
        retrieval=settings_to_keep(call.house, sent.retrieval_model),
        language=sent.doc_language or "English",
        replaces_same_name=bool(sent.duplicate),
    )


def _create(call: Call, sent: wire.DocumentSettings, new: NewDocument) -> Answer:
    if not sent.original_document_id:
        added = call.house.documents.add(call.caller, dataset_of(call).id, new)
        return _started(call, added)
    original = parse_id(sent.original_document_id)
    if original is None:
        raise DocumentNotFound
    change = DocumentChange(new.name, new.content, new.is_text, new.file_name, new.rules, new.chunk_form)
    changed = call.house.documents.update(call.caller, dataset_of(call).id, DocumentId(original), change)
    return _started(call, changed)


def _update(
    call: Call, document: DocumentId, change: DocumentChange, sent: wire.UpdateByText | wire.UpdateByFile
) -> Answer:
    rules = chunking_rules(sent.process_rule, call.house.settings.max_tokens_limit)
    change = replace(change, rules=rules, chunk_form=form_of(sent.doc_form, rules))
    changed = call.house.documents.update(call.caller, dataset_of(call).id, document, change)
    return _started(call, changed)


def _started(call: Call, document: Document) -> Answer:
    metadata = Shown.of(call, [document]).by_field(document)
    return json_answer(translate.started_body(document, dataset_of(call), metadata))


def _file(call: Call) -> SentFile | None:
    """`TooManyFiles`; `NoFile` for one in a part of another name, which must not get lost."""
    if len(call.files) > 1:
        raise TooManyFiles
    if call.files and call.files[0].field != "file":
        raise NoFile
    return call.files[0] if call.files else None


def _text(call: Call, text: str) -> Iterator[bytes]:
    limit = call.house.settings.text_characters
    if len(text) > limit:
        raise InvalidArgument(f"text is longer than {limit} characters.", "text")
    return (text[start : start + TEXT_PIECE].encode() for start in range(0, len(text), TEXT_PIECE))


def _ids(sent: Iterable[str]) -> list[DocumentId]:
    """Those that are ids at all: the others name no document."""
    return [DocumentId(plain) for plain in map(parse_id, sent) if plain is not None]


def _shown_as(display_status: str | None) -> tuple[tuple[DocumentStatus, ...], bool | None, bool | None]:
    """The states, and what must hold of `enabled` and `archived`, behind a display status."""
    if display_status is None:
        return (), None, None
    if display_status in translate.STATUSES_SHOWN_AS:
        return translate.STATUSES_SHOWN_AS[display_status], None, None
    enabled, archived = {
        "available": (True, False),
        "disabled": (False, False),
        "archived": (None, True),
        "completed": (None, None),
    }[display_status]
    return (DocumentStatus.READY,), enabled, archived


UPLOAD_ERRORS: tuple[type[DiglotError], ...] = (
    NoFile,
    TooManyFiles,
    FileTooLarge,
    FileTypeUnsupported,
    QueueFull,
    DiskFull,
)
CREATE_ERRORS: tuple[type[DiglotError], ...] = (
    DatasetNotFound,
    # Of an `original_document_id`.
    DocumentNotFound,
    DocumentArchived,
    NameInvalid,
    ChunkFormDiffers,
    ModelNotFound,
)
UPDATE_ERRORS: tuple[type[DiglotError], ...] = (DatasetNotFound, DocumentNotFound, DocumentArchived, NameInvalid)
RULE_EXAMPLE = {
    "mode": "custom",
    "rules": {
        "pre_processing_rules": [
            {"id": "remove_extra_spaces", "enabled": True},
            {"id": "remove_urls_emails", "enabled": False},
        ],
        "segmentation": {"separator": "\n\n", "max_tokens": 500, "chunk_overlap": 50},
    },
}
CREATED = "Accepted and stored; a worker makes it searchable. Ask for the batch's indexing status."
GONE: dict[type[DiglotError], ErrorForm] = {DocumentNotFound: ErrorForm(404, "not_found", "Document Not Exists.")}
BAD_METADATA: dict[type[DiglotError], ErrorForm] = {InvalidArgument: ErrorForm(400, "invalid_metadata")}


def _create_by_text(path: str, *, as_file_name: bool) -> Operation:
    naming = "The document is named NAME.txt, as in the API of 2024." if as_file_name else "The name stays as it is."
    return Operation(
        id="createDocumentByText2024" if as_file_name else "createDocumentByText",
        method="POST",
        path=path,
        tag=TAG,
        summary="Add a document from text",
        description=naming,
        handler=partial(create_by_text, as_file_name=as_file_name),
        body=wire.CreateByText,
        body_example={
            "name": "Battery",
            "text": "The battery lasts ten hours.",
            "indexing_technique": "high_quality",
            "process_rule": {"mode": "automatic"},
        },
        answer=wire_answers.Started,
        answer_description=CREATED,
        errors=(*CREATE_ERRORS, QueueFull, DiskFull),
        takes_long_text=True,
        is_deprecated=as_file_name,
    )


def _create_by_file(identity: str, path: str, *, is_deprecated: bool = False) -> Operation:
    return Operation(
        id=identity,
        method="POST",
        path=path,
        tag=TAG,
        summary="Add a document from a file",
        description="Multipart: the part `file`, and the part `data` with a JSON object as text.",
        handler=create_by_file,
        form=wire.CreateByFile,
        needs_file=True,
        body_example={"indexing_technique": "high_quality", "process_rule": RULE_EXAMPLE},
        answer=wire_answers.Started,
        answer_description=CREATED,
        errors=(*CREATE_ERRORS, *UPLOAD_ERRORS),
        is_deprecated=is_deprecated,
    )


def _update_by_text(path: str, *, as_file_name: bool) -> Operation:
    return Operation(
        id="updateDocumentByText2024" if as_file_name else "updateDocumentByText",
        method="POST",
        path=path,
        tag=TAG,
        summary="Update a document by text",
        description="New text, a new rule, or a new name. Until the new text is ready the old one is found.",
        handler=partial(update_by_text, as_file_name=as_file_name),
        body=wire.UpdateByText,
        body_example={"name": "Battery", "text": "The battery lasts twelve hours."},
        answer=wire_answers.Started,
        answer_description=CREATED,
        errors=(*UPDATE_ERRORS, QueueFull, DiskFull),
        takes_long_text=True,
        is_deprecated=as_file_name,
    )


def _update_by_file(identity: str, method: str, path: str, *, is_deprecated: bool = False) -> Operation:
    return Operation(
        id=identity,
        method=method,
        path=path,
        tag=TAG,
        summary="Update a document by file",
        description="A new file, a new rule, or a new name. Until the new file is ready the old one is found.",
        handler=update_by_file,
        form=wire.UpdateByFile,
        body_example={"name": "manual.pdf", "process_rule": RULE_EXAMPLE},
        answer=wire_answers.Started,
        answer_description=CREATED,
        errors=(*UPDATE_ERRORS, *UPLOAD_ERRORS),
        is_deprecated=is_deprecated,
    )


OPERATIONS = (
    _create_by_text("/datasets/{dataset_id}/document/create-by-text", as_file_name=False),
    _create_by_text("/datasets/{dataset_id}/document/create_by_text", as_file_name=True),
    _create_by_file("createDocumentByFile", "/datasets/{dataset_id}/document/create-by-file"),
    _create_by_file("createDocumentByFile2024", "/datasets/{dataset_id}/document/create_by_file", is_deprecated=True),
    _update_by_text("/datasets/{dataset_id}/documents/{document_id}/update-by-text", as_file_name=False),
    _update_by_text("/datasets/{dataset_id}/documents/{document_id}/update_by_text", as_file_name=True),
    _update_by_file("updateDocumentByFile", "POST", "/datasets/{dataset_id}/documents/{document_id}/update-by-file"),
    _update_by_file(
        "updateDocumentByFile2024",
        "POST",
        "/datasets/{dataset_id}/documents/{document_id}/update_by_file",
        is_deprecated=True,
    ),
    _update_by_file("updateDocument", "PATCH", "/datasets/{dataset_id}/documents/{document_id}"),
    Operation(
        id="listDocuments",
        method="GET",
        path="/datasets/{dataset_id}/documents",
        tag=TAG,
        summary="List documents",
        description="The documents of a dataset, newest first.",
        handler=list_documents,
        query=wire.DocumentsQuery,
        answer=wire_answers.DocumentPage,
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="getDocument",
        method="GET",
        path="/datasets/{dataset_id}/documents/{document_id}",
        tag=TAG,
        summary="Get a document",
        description="One document with its rules, times and counts.",
        handler=get,
        query=wire.DocumentQuery,
        answer=wire_answers.DocumentDetail,
        errors=(DatasetNotFound, DocumentNotFound),
        forms=BAD_METADATA,
        is_light=True,
    ),
    Operation(
        id="deleteDocument",
        method="DELETE",
        path="/datasets/{dataset_id}/documents/{document_id}",
        tag=TAG,
        summary="Delete a document",
        description="From the answer on, nothing of it is found. With the setting `dify_profile = current` 204, empty.",
        handler=remove,
        answer=wire_answers.Success,
        errors=(DatasetNotFound, DocumentNotFound, DocumentArchived),
        forms=GONE,
    ),
    Operation(
        id="getDocumentIndexingStatus",
        method="GET",
        path="/datasets/{dataset_id}/documents/{batch}/indexing-status",
        tag=TAG,
        summary="Get a batch's indexing status",
        description="How far the documents of a batch are; the batch is in the answer to every create and update.",
        handler=status,
        answer=wire_answers.IndexingStatuses,
        errors=(DatasetNotFound, BatchNotFound),
    ),
    Operation(
        id="batchUpdateDocumentStatus",
        method="PATCH",
        path="/datasets/{dataset_id}/documents/status/{action}",
        tag=TAG,
        summary="Enable, disable, archive documents",
        description="`enable`, `disable`, `archive` or `un_archive`. Disabled and archived documents are not found.",
        handler=act,
        body=wire.DocumentIds,
        body_example={"document_ids": ["0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e"]},
        answer=wire_answers.Success,
        errors=(DatasetNotFound, InvalidAction),
    ),
)
