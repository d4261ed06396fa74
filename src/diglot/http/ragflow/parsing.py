"""Commands to documents: parse, stop, show, hide."""

from collections import Counter
from typing import Any

from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.identity import DatasetId, DocumentId
from diglot.http.answers import Answer
from diglot.http.operations import Call
from diglot.http.ragflow import wire_documents as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.errors import PartialFailure, argument_error, data_error
from diglot.http.ragflow.lookups import dataset_of, split_ids
from diglot.library.access import opened
from diglot.library.documents import Command, DocumentEdit

STARTED, STOPPED = "1", "2"
RUNNING = "Can't parse document that is currently being processed"
NOT_RUNNING = "Can't stop parsing document that has not started or already completed"
NOT_RUNNING_DATA = {"error_code": "DOC_STOP_PARSING_INVALID_STATE"}


class Asked:
    """The documents that a body names, each once, in their order."""

    def __init__(self, sent: Any, name: str = "document_ids") -> None:
        if not sent:
            raise data_error(f"`{name}` is required")
        if not isinstance(sent, list) or not all(isinstance(one, str) for one in sent):
            raise data_error(f"`{name}` should be a list of strings")
        self.spellings = list(dict.fromkeys(sent))
        self.known, _ = split_ids(self.spellings)
        self.repeated = [f"Duplicate document ids: {one}" for one, times in Counter(sent).items() if times > 1]

    @property
    def ids(self) -> list[DocumentId]:
        return [DocumentId(one) for one in self.known.values()]

    def missing(self, command: Command) -> list[str]:
        """As they were written."""
        return [one for one in self.spellings if self.known.get(one) is None or self.known[one] in command.missing]


def start(call: Call) -> Answer:
    """What runs already is refused."""
    dataset, asked = _dataset(call), Asked(call.body.document_ids)
    command = call.house.documents.start(call.caller, dataset.id, asked.ids)
    _require_found(asked, command)
    if command.unfit:
        raise data_error(RUNNING)
    return done(_counted(command, asked.repeated)) if asked.repeated else done()


def parse(call: Call) -> Answer:
    """What runs already begins again."""
    dataset, asked = _dataset(call), Asked(call.body.document_ids)
    command = call.house.documents.start(call.caller, dataset.id, asked.ids, restarts=True)
    _require_found(asked, command)
    return done(_counted(command, asked.repeated))


def cancel(call: Call) -> Answer:
    """What does not run is refused."""
    dataset, asked = _dataset(call), Asked(call.body.document_ids)
    command = call.house.documents.stop(call.caller, dataset.id, asked.ids)
    for one in asked.missing(command):
        raise data_error(f"you don't own the document {one}")
    if command.unfit:
        raise data_error(NOT_RUNNING, NOT_RUNNING_DATA)
    return done(_counted(command, asked.repeated)) if asked.repeated else done()


def stop(call: Call) -> Answer:
    """What does not run is told among the errors."""
    dataset, asked = _dataset(call), Asked(call.body.document_ids)
    command = call.house.documents.stop(call.caller, dataset.id, asked.ids)
    _require_found(asked, command)
    return done(_counted(command, [*asked.repeated, *(f"{NOT_RUNNING}: {one}" for one in command.unfit)]))


def ingest(call: Call) -> Answer:
    sent: wire.Ingest = call.body
    absent = [name for name in ("doc_ids", "run") if not getattr(sent, name)]
    if absent:
        raise argument_error(f"required argument are missing: {','.join(absent)}; ")
    run = str(sent.run)
    if run not in (STARTED, STOPPED):
        raise argument_error("`run` must be either 1 or 2")
    for dataset, ids in _by_dataset(call, Asked(sent.doc_ids, "doc_ids")).items():
        if run == STOPPED:
            call.house.documents.stop(call.caller, dataset, ids)
            continue
        if sent.apply_kb:
            _apply_dataset_rules(call, dataset, ids)
        call.house.documents.start(call.caller, dataset, ids, restarts=True)
    return done(True)


def switch(call: Call) -> Answer:
    sent: wire.SwitchDocuments = call.body
    status = str(sent.status)
    if status not in ("0", "1"):
        raise argument_error('"Status" must be either 0 or 1!')
    dataset, asked = _dataset(call), Asked(sent.doc_ids, "doc_ids")
    command = call.house.documents.switch(call.caller, dataset.id, asked.ids, status == "1")
    missing = asked.missing(command)
    result = {
        one: {"error": "Document not found!"} if one in missing else {"status": status} for one in asked.spellings
    }
    if missing:
        raise PartialFailure(result)
    return done(result)


def _dataset(call: Call) -> Dataset:
    return dataset_of(call, data_error(f"You don't own the dataset {call.path['dataset_id']}."))


def _require_found(asked: Asked, command: Command) -> None:
    missing = asked.missing(command)
    if missing:
        raise data_error(f"Documents not found: {missing}")


def _counted(command: Command, errors: list[str]) -> dict[str, Any]:
    counted: dict[str, Any] = {"success_count": len(set(command.done))}
    return counted | {"errors": errors} if errors else counted


def _by_dataset(call: Call, asked: Asked) -> dict[DatasetId, list[DocumentId]]:
    found: tuple[Document, ...] = call.house.documents.find(call.caller, asked.ids)
    if len(asked.known) < len(asked.spellings) or len(found) < len(set(asked.ids)):
        raise data_error("Document not found!")
    grouped: dict[DatasetId, list[DocumentId]] = {}
    for one in found:
        grouped.setdefault(one.dataset_id, []).append(one.id)
    for dataset_id in grouped:
        opened(call.caller, call.house.datasets.get(call.caller, dataset_id))
    return grouped


def _apply_dataset_rules(call: Call, dataset_id: DatasetId, document_ids: list[DocumentId]) -> None:
    dataset = call.house.datasets.get(call.caller, dataset_id)
    rules = call.house.rulebook.of_datasets([dataset]).get(dataset_id)
    for one in document_ids:
        call.house.documents.edit(call.caller, dataset_id, one, DocumentEdit(rules=rules))
