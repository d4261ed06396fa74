"""Commands to documents: begin, stop, show, hide, remove. Each is a part of a transaction."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from diglot.catalog import changes, datasets, documents, jobs, revisions
from diglot.domain.api_key import Caller
from diglot.domain.document import Document, DocumentStatus, Phase
from diglot.domain.errors import DocumentsMissing, InvalidAction
from diglot.domain.identity import DatasetId, DocumentId, now_ms
from diglot.domain.job import JobKind
from diglot.library import auditing


@dataclass(frozen=True, slots=True)
class Command:
    """What became of a command to several documents: obeyed, not in the state for it, not there."""

    done: tuple[DocumentId, ...]
    unfit: tuple[DocumentId, ...]
    missing: tuple[DocumentId, ...]


def start(
    connection: Connection, caller: Caller, dataset_id: DatasetId, wanted: Sequence[DocumentId], *, restarts: bool
) -> Command:
    found = documents.many(connection, caller.workspace_id, dataset_id, wanted)
    unfit = [one.id for one in found if one.phase is Phase.RUNNING and not restarts]
    for one in found:
        if one.id not in unfit:
            revisions.begin(connection, one.id, one.source, one.rule_id)
    return _command(wanted, found, unfit)


def stop(connection: Connection, caller: Caller, dataset_id: DatasetId, wanted: Sequence[DocumentId]) -> Command:
    found = documents.many(connection, caller.workspace_id, dataset_id, wanted)
    unfit = [one.id for one in found if one.phase is not Phase.RUNNING]
    for one in found:
        if one.id not in unfit:
            revisions.withdraw(connection, one.id, DocumentStatus.CANCELLED)
    return _command(wanted, found, unfit)


def switch(
    connection: Connection, caller: Caller, dataset_id: DatasetId, wanted: Sequence[DocumentId], is_enabled: bool
) -> Command:
    found = documents.many(connection, caller.workspace_id, dataset_id, wanted)
    changed = [document for document in found if document.enabled is not is_enabled]
    apply(connection, dataset_id, changed, switched(caller, is_enabled))
    return _command(wanted, found, ())


def change_those(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    wanted: Iterable[DocumentId],
    changes_it: Callable[[Document], bool],
    columns: Mapping[str, object],
) -> None:
    found = documents.many(connection, caller.workspace_id, dataset_id, wanted)
    apply(connection, dataset_id, [document for document in found if changes_it(document)], columns)


def remove(connection: Connection, caller: Caller, dataset_id: DatasetId, wanted: Sequence[DocumentId]) -> int:
    """`DocumentsMissing`: then none is removed."""
    found = documents.many(connection, caller.workspace_id, dataset_id, wanted)
    known = {document.id for document in found}
    if len(known) < len(wanted):
        raise DocumentsMissing(one for one in wanted if one not in known)
    forget(connection, caller, found)
    return len(found)


def remove_some(connection: Connection, caller: Caller, dataset_id: DatasetId, limit: int) -> int:
    """Whichever there are; how many."""
    some = documents.ids(connection, caller.workspace_id, dataset_id, limit)
    found = documents.many(connection, caller.workspace_id, dataset_id, some)
    forget(connection, caller, found)
    return len(found)


def forget(connection: Connection, caller: Caller, gone: Sequence[Document]) -> None:
    for document in gone:
        _forget(connection, document)
    auditing.note_all(connection, caller, "delete", "document", [(one.id, one.name) for one in gone])


def _forget(connection: Connection, document: Document) -> None:
    dataset_id, document_id, now = document.dataset_id, document.id, now_ms()
    documents.change(connection, document_id, deleted_at=now, updated_at=now)
    datasets.count(
        connection,
        dataset_id,
        documents=-1,
        available=-int(document.is_available),
        chunks=-document.chunk_count,
        words=-document.word_count,
        tokens=-document.tokens,
        size=-document.size,
    )
    changes.note(connection, dataset_id, revisions=document.revisions)
    jobs.cancel_document(connection, document_id)
    jobs.enqueue(
        connection, JobKind.PURGE, workspace_id=document.workspace_id, dataset_id=dataset_id, document_id=document_id
    )


def switched(caller: Caller, is_enabled: bool) -> Mapping[str, object]:
    if is_enabled:
        return {"enabled": True, "disabled_at": None, "disabled_by": None}
    return {"enabled": False, "disabled_at": now_ms(), "disabled_by": caller.user_id}


def _command(wanted: Iterable[DocumentId], found: Iterable[Document], unfit: Collection[DocumentId]) -> Command:
    known = {document.id for document in found}
    return Command(
        done=tuple(one for one in wanted if one in known and one not in unfit),
        unfit=tuple(one for one in wanted if one in unfit),
        missing=tuple(one for one in wanted if one not in known),
    )


def can_be_disabled(document: Document) -> bool:
    if document.enabled and document.status is not DocumentStatus.READY:
        raise InvalidAction(f"Document: {document.name} is not completed.")
    return document.enabled


def apply(
    connection: Connection, dataset_id: DatasetId, changed: list[Document], columns: Mapping[str, object]
) -> None:
    if not changed:
        return
    documents.change_many(connection, [document.id for document in changed], updated_at=now_ms(), **columns)
    before = sum(document.is_available for document in changed)
    after = sum(_would_be_available(document, columns) for document in changed)
    datasets.count(connection, dataset_id, available=after - before)
    changes.note(connection, dataset_id, revisions=[key for document in changed for key in document.revisions])


def _would_be_available(document: Document, columns: Mapping[str, object]) -> bool:
    enabled = columns.get("enabled", document.enabled)
    archived = columns.get("archived", document.archived)
    return document.revision is not None and bool(enabled) and not archived
