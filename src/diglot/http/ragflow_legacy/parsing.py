""".../status: have documents parsed, stop that, ask how far it is."""

from collections.abc import Iterator, Mapping, Sequence

from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.errors import DatasetNotFound, DiglotError, DiskFull, DocumentNotFound, QueueFull
from diglot.domain.identity import DocumentId, now_ms
from diglot.http.answers import Answer
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.errors import Refused, argument_error, data_error
from diglot.http.ragflow.lookups import dataset_of, document_of
from diglot.http.ragflow_legacy import examples, translate, wire, wire_answers
from diglot.http.ragflow_legacy.examples import said
from diglot.http.ragflow_legacy.lookups import documents_named

TAG = "Parsing"
TOGETHER = 100
NO_DATASET = "This dataset '{}' cannot be found!"
NO_DOCUMENT = "This document '{}' cannot be found!"
# The one route that says it with a colon.
NO_DATASET_TO_SHOW = "This dataset: '{}' cannot be found!"
NO_DOCUMENT_TO_SHOW = "This document: '{}' is not a valid document."


def start(call: Call) -> Answer:
    dataset = _dataset(call)
    document = document_of(call, dataset, _no_document(call.path["document_id"]))
    return done(message=_start(call, dataset, [document]))


def start_many(call: Call) -> Answer:
    dataset = _dataset(call)
    return done(True, _start(call, dataset, _documents(call, dataset, call.body.doc_ids)))


def stop(call: Call) -> Answer:
    dataset = _dataset(call)
    document = document_of(call, dataset, _no_document(call.path["document_id"]))
    call.house.documents.stop(call.caller, dataset.id, [document.id])
    return done(message="")


def stop_many(call: Call) -> Answer:
    dataset = _dataset(call)
    for ids in _batches(_documents(call, dataset, call.body.doc_ids)):
        call.house.documents.stop(call.caller, dataset.id, ids)
    return done(True, "")


def show(call: Call) -> Answer:
    dataset = dataset_of(call, data_error(NO_DATASET_TO_SHOW.format(call.path["dataset_id"])))
    document = document_of(call, dataset, _not_shown(call.path["document_id"]))
    return done(translate.status_body(document, now_ms()))


def show_many(call: Call) -> Answer:
    query: wire.StatusQuery = call.query
    dataset = dataset_of(call, data_error(NO_DATASET_TO_SHOW.format(call.path["dataset_id"])))
    if query.document_id is not None:
        [document] = documents_named(call, dataset, [query.document_id], _not_shown)
        return done(translate.status_body(document, now_ms()))
    sent = [one for part in query.doc_ids for one in part.split(",") if one]
    documents = documents_named(call, dataset, sent, _not_shown) if sent else _all(call, dataset)
    now = now_ms()
    return done([{"document_id": one.id, **translate.status_body(one, now)} for one in documents])


def _dataset(call: Call) -> Dataset:
    return dataset_of(call, data_error(NO_DATASET.format(call.path["dataset_id"])))


def _documents(call: Call, dataset: Dataset, ids: list[str] | None) -> Sequence[Document]:
    """All of the dataset where none are named."""
    return documents_named(call, dataset, ids, _no_document) if ids else _all(call, dataset)


def _all(call: Call, dataset: Dataset) -> Sequence[Document]:
    return call.house.documents.list(call.caller, dataset.id, limit=translate.ENDLESS).items


def _start(call: Call, dataset: Dataset, documents: Sequence[Document]) -> str:
    """What there is to say about it."""
    for ids in _batches(documents):
        call.house.documents.start(call.caller, dataset.id, ids, restarts=True)
    return "".join(f"Empty data in the document: {one.name}; " for one in documents if not one.size)


def _batches(documents: Sequence[Document]) -> Iterator[list[DocumentId]]:
    """A command to a whole dataset is several: nobody else could write while one is obeyed."""
    for start in range(0, len(documents), TOGETHER):
        yield [one.id for one in documents[start : start + TOGETHER]]


def _no_document(document_id: str) -> Refused:
    return argument_error(NO_DOCUMENT.format(document_id))


def _not_shown(document_id: str) -> Refused:
    return data_error(NO_DOCUMENT_TO_SHOW.format(document_id))


FORMS: Mapping[type[DiglotError], ErrorForm] = {
    DatasetNotFound: ErrorForm(200, "102", NO_DATASET.format(examples.DATASET_ID)),
    DocumentNotFound: ErrorForm(200, "101", NO_DOCUMENT.format(examples.DOCUMENT_ID)),
}
SHOWN_FORMS: Mapping[type[DiglotError], ErrorForm] = {
    DatasetNotFound: ErrorForm(200, "102", NO_DATASET_TO_SHOW.format(examples.DATASET_ID)),
    DocumentNotFound: ErrorForm(200, "102", NO_DOCUMENT_TO_SHOW.format(examples.DOCUMENT_ID)),
}
ERRORS: tuple[type[DiglotError], ...] = (DatasetNotFound, DocumentNotFound)
FULL: tuple[type[DiglotError], ...] = (QueueFull, DiskFull)
RUNNING = {"progress": 0.01, "status": "RUNNING"}
OPERATIONS = (
    Operation(
        id="parseDocument",
        method="POST",
        path="/dataset/{dataset_id}/documents/{document_id}/status",
        tag=TAG,
        summary="Parse a document",
        description="It is read in the background, anew if it was read before.",
        handler=start,
        answer=wire_answers.Answer,
        answer_example=said(""),
        errors=(*ERRORS, *FULL),
        forms=FORMS,
    ),
    Operation(
        id="parseDocuments",
        method="POST",
        path="/dataset/{dataset_id}/documents/status",
        tag=TAG,
        summary="Parse several documents",
        description="Those that are named, or all of the dataset. If one is not there, none is begun.",
        handler=start_many,
        body=wire.DocumentIds,
        body_example={"doc_ids": [examples.DOCUMENT_ID]},
        answer=wire_answers.Confirmed,
        answer_example=said("", data=True),
        errors=(*ERRORS, *FULL),
        forms=FORMS,
    ),
    Operation(
        id="stopParsingDocument",
        method="DELETE",
        path="/dataset/{dataset_id}/documents/{document_id}/status",
        tag=TAG,
        summary="Stop parsing a document",
        description="A document that is not being parsed is left alone.",
        handler=stop,
        answer=wire_answers.Answer,
        answer_example=said(""),
        errors=ERRORS,
        forms=FORMS,
    ),
    Operation(
        id="stopParsingDocuments",
        method="DELETE",
        path="/dataset/{dataset_id}/documents/status",
        tag=TAG,
        summary="Stop parsing several documents",
        description="Those that are named, or all of the dataset. Those that are not being parsed are left alone.",
        handler=stop_many,
        body=wire.DocumentIds,
        body_example={"doc_ids": [examples.DOCUMENT_ID]},
        answer=wire_answers.Confirmed,
        answer_example=said("", data=True),
        errors=ERRORS,
        forms=FORMS,
    ),
    Operation(
        id="showParsingStatus",
        method="GET",
        path="/dataset/{dataset_id}/documents/{document_id}/status",
        tag=TAG,
        summary="How far a document is",
        description="A document is shown as running for a moment after it was begun, however short it is.",
        handler=show,
        answer=wire_answers.StatusAnswer,
        answer_example=said(data=RUNNING),
        errors=ERRORS,
        forms=SHOWN_FORMS,
        is_light=True,
    ),
    Operation(
        id="showParsingStatuses",
        method="GET",
        path="/dataset/{dataset_id}/documents/status",
        tag=TAG,
        summary="How far several documents are",
        description="Those that are named, or all of the dataset.",
        handler=show_many,
        query=wire.StatusQuery,
        answer=wire_answers.StatusesAnswer,
        answer_example=said(data=[{"document_id": examples.DOCUMENT_ID, **RUNNING}]),
        errors=ERRORS,
        forms=SHOWN_FORMS,
    ),
)
