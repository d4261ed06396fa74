"""/dataset/{dataset_id}/documents and /dataset/{dataset_id}/documents/{document_id}"""

from collections.abc import Iterable
from functools import partial
from pathlib import PurePosixPath

from diglot.domain.document import Document, DocumentFilter
from diglot.domain.errors import (
    DatasetNotFound,
    DiglotError,
    DiskFull,
    DocumentNotFound,
    FileTooLarge,
    NameInvalid,
    NameTaken,
)
from diglot.domain.identity import DocumentId, parse_id
from diglot.domain.rules import ChunkingRules, ChunkMethod
from diglot.http.answers import SANDBOXED, Answer, FileAnswer, disposition
from diglot.http.bodies import SentFile
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.chunking import config_of, method_of, rules_of
from diglot.http.ragflow.codes import Code
from diglot.http.ragflow.document_bodies import shown
from diglot.http.ragflow.errors import Refused, Unconvertible, argument_error, data_error
from diglot.http.ragflow.lookups import dataset_of, document_of
from diglot.http.ragflow.uploading import MOST_FILES, dataset_rules, is_accepted, new_document, rules_for
from diglot.http.ragflow_legacy import examples, translate, wire, wire_answers
from diglot.http.ragflow_legacy.datasets import NOTHING_TO_UPDATE
from diglot.http.ragflow_legacy.errors import Elsewhere
from diglot.http.ragflow_legacy.examples import said
from diglot.http.ragflow_legacy.lookups import dataset_if_any
from diglot.library.access import opened
from diglot.library.documents import DocumentEdit
from diglot.library.rulebook import NextRules

TAG = "Documents"
FILE = "file"
BYTES = b"application/octet-stream"
ENABLED = {"0": False, "1": True}
NO_DATASET = "Can't find this dataset"
NAMELESS = "There is a file without name!"
DUPLICATE = "Duplicated document name in the same dataset."
EMPTY = "This file is empty."


def upload(call: Call) -> Answer:
    files = _files(call)
    dataset = dataset_of(call, data_error(NO_DATASET))
    _require_names(call, files)
    rules = dataset_rules(call, dataset)
    new = [new_document(dataset, one.name, one.content, rules_for(rules, one.name, None), None) for one in files]
    added = call.house.documents.add_many(call.caller, dataset.id, new)
    failed = [f"{file.name}: {one}" for file, one in zip(files, added, strict=True) if isinstance(one, DiglotError)]
    if failed:
        raise Refused(Code.SERVER, "\n".join(failed))
    documents = [one for one in added if isinstance(one, Document)]
    return done(shown(call.house, documents, translate.new_document_body))


def remove(call: Call) -> Answer:
    document = _to_remove(call)
    call.house.documents.remove_many(call.caller, document.dataset_id, [document.id])
    return done(True)


def list_documents(call: Call) -> Answer:
    query: wire.DocumentsQuery = call.query
    window = translate.window_of(query.offset, query.count)
    order = translate.order_of(query.order_by, "Document")
    dataset = dataset_if_any(call)
    if dataset is None:
        window.within(0)
        return done({"total": 0, "docs": []})
    page = call.house.documents.list(
        call.caller,
        dataset.id,
        offset=window.offset,
        limit=window.limit,
        only=DocumentFilter(keyword=query.keywords),
        order=order,
        is_descending=translate.flag_of(query.descend),
    )
    window.within(page.total)
    return done({"total": page.total, "docs": shown(call.house, page.items, translate.document_body)})


def update(call: Call) -> Answer:
    sent: wire.UpdateDocument = call.body
    for name in sent.model_extra or ():
        raise argument_error(f"{name} is an illegal parameter.")
    if sent.is_empty:
        raise data_error(NOTHING_TO_UPDATE)
    dataset = dataset_of(call, data_error(f"This dataset {call.path['dataset_id']} cannot be found!"))
    document = document_of(call, dataset, argument_error(f"This document {call.path['document_id']} cannot be found!"))
    changed = call.house.documents.edit(call.caller, dataset.id, document.id, _edit(call, document, sent))
    [body] = shown(call.house, [changed], translate.document_body)
    return done(body, "Success")


def download(call: Call) -> Answer:
    dataset = dataset_of(call, data_error(f"This dataset '{call.path['dataset_id']}' cannot be found!"))
    missing = argument_error(f"This document '{call.path['document_id']}' cannot be found!")
    document = document_of(call, dataset, missing)
    if not document.size:
        raise data_error(EMPTY)
    document, content = call.house.documents.source(call.caller, dataset.id, document.id)
    headers = (disposition("attachment", document.name), SANDBOXED)
    return FileAnswer(200, media_type=BYTES, headers=headers, content=content, size=document.size)


def _files(call: Call) -> list[SentFile]:
    files = [file for file in call.files if file.field == FILE]
    if not files and not call.body.has(FILE):
        raise argument_error("There is no file!")
    if len(files) > MOST_FILES:
        raise data_error(
            f"You try to upload {len(files)} files, which exceeds the maximum number of uploading files: {MOST_FILES}"
        )
    return files


def _require_names(call: Call, files: Iterable[SentFile]) -> None:
    """A part without a file name is among the fields."""
    if call.body.has(FILE):
        raise argument_error(NAMELESS)
    for file in files:
        if "http" in file.name:
            raise argument_error("Remote files have not unsupported.")
    for file in files:
        if not is_accepted(call, file.name):
            raise data_error("This type of file has not been supported yet!")


def _to_remove(call: Call) -> Document:
    """The document wherever it is: that it is in another dataset is told."""
    plain = parse_id(call.path["document_id"])
    found = () if plain is None else call.house.documents.find(call.caller, [DocumentId(plain)])
    if not found:
        raise data_error(f"Document {call.path['document_id']} not found!")
    [document] = found
    if parse_id(call.path["dataset_id"]) != document.dataset_id:
        raise Elsewhere(call.path["document_id"], call.path["dataset_id"], document.dataset_id)
    opened(call.caller, call.house.datasets.get(call.caller, document.dataset_id))
    return document


def _edit(call: Call, document: Document, sent: wire.UpdateDocument) -> DocumentEdit:
    return DocumentEdit(
        name=_new_name(call, document, sent) if sent.has("name") else None,
        enabled=_enabled(sent.enable) if sent.has("enable") else None,
        next_rules=_next_rules(sent.template_type) if sent.has("template_type") else None,
    )


def _new_name(call: Call, document: Document, sent: wire.UpdateDocument) -> str:
    name = (sent.name or "").strip()
    if not name:
        raise data_error("There is no new name.")
    if _suffix(name) != _suffix(document.name):
        raise Refused(Code.ARGUMENT, "The extension of file cannot be changed", False)
    if call.house.documents.is_name_taken(call.caller, document.dataset_id, name):
        raise argument_error(DUPLICATE)
    return name


def _enabled(value: object) -> bool:
    if not isinstance(value, str) or value not in ENABLED:
        raise data_error(f"Illegal value {value} for 'enable' field.")
    return ENABLED[value]


def _next_rules(method: object) -> NextRules:
    return partial(_after, chosen=translate.method_named(method, "template_type"))


def _after(before: ChunkingRules | None, chosen: ChunkMethod) -> ChunkingRules | None:
    """Another method; the rest of the document's rules stays."""
    return None if before is not None and chosen is method_of(before) else rules_of(chosen, config_of(before))


def _suffix(name: str) -> str:
    return PurePosixPath(name.lower()).suffix


OPERATIONS = (
    Operation(
        id="uploadDocuments",
        method="POST",
        path="/dataset/{dataset_id}/documents",
        tag=TAG,
        summary="Upload documents",
        description="One part `file` for each file. Nothing is parsed yet. A name that is taken gets a number.",
        handler=upload,
        form=wire.Upload,
        body_example={},
        needs_file=True,
        answer=wire_answers.NewDocuments,
        answer_example=said(data=[examples.NEW_DOCUMENT]),
        errors=(DatasetNotFound, NameInvalid, FileTooLarge, DiskFull),
        forms={DatasetNotFound: ErrorForm(200, "102", NO_DATASET)},
    ),
    Operation(
        id="deleteDocument",
        method="DELETE",
        path="/dataset/{dataset_id}/documents/{document_id}",
        tag=TAG,
        summary="Delete a document",
        description="From the answer on, nothing of it is found.",
        handler=remove,
        answer=wire_answers.Confirmed,
        answer_example=said(data=True),
        errors=(DocumentNotFound, Elsewhere),
        forms={
            DocumentNotFound: ErrorForm(200, "102", f"Document {examples.DOCUMENT_ID} not found!"),
            Elsewhere: ErrorForm(200, "101"),
        },
    ),
    Operation(
        id="listDocuments",
        method="GET",
        path="/dataset/{dataset_id}/documents",
        tag=TAG,
        summary="List documents",
        description="Newest first. A dataset that is not there has none.",
        handler=list_documents,
        query=wire.DocumentsQuery,
        answer=wire_answers.DocumentList,
        answer_example=said(data={"total": 1, "docs": [examples.DOCUMENT]}),
        errors=(Unconvertible,),
    ),
    Operation(
        id="updateDocument",
        method="PUT",
        path="/dataset/{dataset_id}/documents/{document_id}",
        tag=TAG,
        summary="Rename a document, show or hide it, choose its method",
        description="Only the fields that are sent change; at least one must be, and no other.",
        handler=update,
        body=wire.UpdateDocument,
        body_example={"name": "new_name.txt", "enable": "1"},
        answer=wire_answers.DocumentAnswer,
        answer_example=said("Success", data=examples.DOCUMENT),
        errors=(DatasetNotFound, DocumentNotFound, NameTaken, NameInvalid),
        forms={
            DatasetNotFound: ErrorForm(200, "102", f"This dataset {examples.DATASET_ID} cannot be found!"),
            DocumentNotFound: ErrorForm(200, "101", f"This document {examples.DOCUMENT_ID} cannot be found!"),
            NameTaken: ErrorForm(200, "101", DUPLICATE),
        },
    ),
    Operation(
        id="downloadDocument",
        method="GET",
        path="/dataset/{dataset_id}/documents/{document_id}",
        tag=TAG,
        summary="Download a document",
        description="The bytes of the file as it was uploaded, as `application/octet-stream`.",
        handler=download,
        answer_media="application/octet-stream",
        answer_description="The file.",
        errors=(DatasetNotFound, DocumentNotFound),
        forms={
            DatasetNotFound: ErrorForm(200, "102", f"This dataset '{examples.DATASET_ID}' cannot be found!"),
            DocumentNotFound: ErrorForm(200, "101", f"This document '{examples.DOCUMENT_ID}' cannot be found!"),
        },
    ),
)
