"""Documents: add, update, remove, list, switch on and off."""

import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

from sqlalchemy import Connection

from diglot.catalog import changes, datasets, documents, jobs, metadata, revisions, rules
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import ALL_DOCUMENTS, Document, DocumentFilter, DocumentStatus, Phase
from diglot.domain.errors import (
    BatchNotFound,
    ChunkFormDiffers,
    DocumentArchived,
    DocumentNotFound,
    DocumentsMissing,
    InvalidAction,
    InvalidArgument,
    NameTaken,
)
from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, RuleId, new_id, now_ms
from diglot.domain.job import JobKind
from diglot.domain.page import Order, Page
from diglot.domain.rules import AUTOMATIC, ChunkForm, ChunkingRules, ChunkMethod
from diglot.domain.search import RetrievalSettings
from diglot.library.access import require, require_reach, there
from diglot.library.capacity import Capacity
from diglot.library.generations import Generations
from diglot.library.naming import clean_file_name, clean_name, numbered, unnumbered
from diglot.library.uploads import Source, Uploads

TEXT = "text/plain"
REMOVED_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class NewDocument:
    """`content` is a file's bytes, or a text in UTF-8 if `is_text`. `file_name` tells what kind of file it is where the
    document is to be called otherwise. `rules` None: the dataset's latest, else automatic.

    `indexing`, `chunk_form`, `embedding_model` and `retrieval` matter for a dataset's first document, which fixes them;
    `chunk_form` must not differ later. `replaces_same_name`: an available document of that name is updated instead.
    `is_numbered`: a name that is taken gets a number. `begins`: it is read at once, else when somebody says so.
    `media_type`: what it is taken for, whether it can be read or not; None: found by content and name.
    """

    name: str
    content: Iterable[bytes] | BinaryIO
    created_from: str = "api"
    is_text: bool = False
    file_name: str | None = None
    rules: ChunkingRules | None = None
    indexing: Indexing | None = None
    chunk_form: ChunkForm | None = None
    embedding_model: str | None = None
    retrieval: RetrievalSettings | None = None
    language: str = "English"
    replaces_same_name: bool = False
    is_numbered: bool = False
    begins: bool = True
    media_type: str | None = None
    attributes: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """None leaves as it is. New content or new rules make a new revision; the old one serves until that is ready."""

    name: str | None = None
    content: Iterable[bytes] | BinaryIO | None = None
    is_text: bool = False
    file_name: str | None = None
    rules: ChunkingRules | None = None
    chunk_form: ChunkForm | None = None


@dataclass(frozen=True, slots=True)
class DocumentEdit:
    """What needs no new content; None leaves as it is. New rules count from the next reading; `resets` takes away what
    the present ones made, and the document waits to be started. `name` must be free in the dataset."""

    name: str | None = None
    rules: ChunkingRules | None = None
    resets: bool = False
    enabled: bool | None = None
    metadata: Mapping[str, Any] | None = None
    attributes: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """What became of a command to several documents: obeyed, not in the state for it, not there."""

    done: tuple[DocumentId, ...]
    unfit: tuple[DocumentId, ...]
    missing: tuple[DocumentId, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many chunks of a document's newest revision there are, and how many of them are completed."""

    document: Document
    completed: int
    total: int


@dataclass(frozen=True, slots=True)
class Rules:
    """A document's rule and its dataset's latest."""

    document: ChunkingRules
    dataset_rule_id: RuleId
    dataset: ChunkingRules


class Documents:
    def __init__(self, database: Database, uploads: Uploads, capacity: Capacity, generations: Generations) -> None:
        self._database = database
        self._uploads = uploads
        self._capacity = capacity
        self._generations = generations

    def add(self, caller: Caller, dataset_id: DatasetId, new: NewDocument) -> Document:
        """The content is durable and the document waits for a worker when this returns.

        `DatasetNotFound`, `NameInvalid`, `FileTypeUnsupported`, `FileTooLarge`, `DiskFull`, `QueueFull`,
        `InvalidArgument`, `ChunkFormDiffers`, `ModelNotFound`: then nothing was added.
        """
        dataset = self._writable(caller, dataset_id)
        name = _name(new.name, new.is_text)
        model = self._wanted_model(dataset, new)
        self._capacity.require()
        media_type = TEXT if new.is_text else new.media_type
        source = self._uploads.keep(new.file_name or name, new.content, media_type)
        insert = partial(self._insert, caller=caller, dataset_id=dataset_id, name=name, new=new, source=source)
        return self._database.write(partial(insert, model=model))

    def update(
        self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, change: DocumentChange
    ) -> Document:
        """An update overtakes one that is still being worked on. `DocumentArchived`, and the errors of `add`."""
        self._writable(caller, dataset_id)
        document = self.get(caller, dataset_id, document_id)
        if document.archived:
            raise DocumentArchived
        name = None if change.name is None else _name(change.name, change.is_text or change.content is None)
        source = None
        if change.content is not None:
            self._capacity.require()
            called = change.file_name or name or document.name
            source = self._uploads.keep(called, change.content, TEXT if change.is_text else None)
        return self._database.write(
            lambda connection: _update(connection, caller, dataset_id, document_id, name, source, change)
        )

    def remove(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> None:
        """Found no more from now on; a job clears what it left. `DocumentArchived`."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        self._database.write(lambda connection: _remove(connection, caller, dataset_id, document_id))

    def get(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> Document:
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            found = documents.get(connection, caller.workspace_id, dataset_id, document_id)
        if found is None:
            raise DocumentNotFound
        return found

    def list(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        *,
        offset: int = 0,
        limit: int = 20,
        only: DocumentFilter = ALL_DOCUMENTS,
        order: Order = Order.CREATED,
        is_descending: bool = True,
    ) -> Page[Document]:
        """Newest first, if not asked otherwise."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            dataset = there(datasets.get(connection, caller.workspace_id, dataset_id))
            return documents.page(
                connection,
                caller.workspace_id,
                dataset_id,
                offset,
                limit,
                only=only,
                order=order,
                is_descending=is_descending,
                total=dataset.document_count if only == ALL_DOCUMENTS else None,
            )

    def start(
        self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId], *, restarts: bool = False
    ) -> Command:
        """Has documents read anew, by their rules of now. What served goes on serving until the new is ready. Those
        that are being read are unfit, unless `restarts`. `QueueFull`, `DiskFull`."""
        self._writable(caller, dataset_id)
        self._capacity.require()
        wanted = list(dict.fromkeys(document_ids))

        def work(connection: Connection) -> Command:
            found = documents.many(connection, caller.workspace_id, dataset_id, wanted)
            unfit = [one.id for one in found if one.phase is Phase.RUNNING and not restarts]
            for one in found:
                if one.id not in unfit:
                    revisions.begin(connection, one.id, one.source, one.rule_id)
            return _command(wanted, found, unfit)

        return self._database.write(work)

    def stop(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> Command:
        """Ends the reading of documents and takes away all chunks of them. Those that are not being read are unfit."""
        self._writable(caller, dataset_id)
        wanted = list(dict.fromkeys(document_ids))

        def work(connection: Connection) -> Command:
            found = documents.many(connection, caller.workspace_id, dataset_id, wanted)
            unfit = [one.id for one in found if one.phase is not Phase.RUNNING]
            for one in found:
                if one.id not in unfit:
                    revisions.withdraw(connection, one.id, DocumentStatus.CANCELLED)
            return _command(wanted, found, unfit)

        return self._database.write(work)

    def edit(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, edit: DocumentEdit) -> Document:
        """`NameTaken`, `NameInvalid`; all of it happens or nothing."""
        self._writable(caller, dataset_id)
        name = None if edit.name is None else clean_file_name(edit.name)
        return self._database.write(
            lambda connection: _edit(connection, caller, dataset_id, document_id, name, edit),
        )

    def remove_many(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> int:
        """All of them or, if one is not there, none; archived ones too; how many. `DocumentsMissing`."""
        self._writable(caller, dataset_id)
        wanted = list(dict.fromkeys(document_ids))

        def work(connection: Connection) -> int:
            found = documents.many(connection, caller.workspace_id, dataset_id, wanted)
            known = {document.id for document in found}
            if len(known) < len(wanted):
                raise DocumentsMissing(one for one in wanted if one not in known)
            for document in found:
                _forget(connection, document)
            return len(found)

        return self._database.write(work)

    def remove_all(self, caller: Caller, dataset_id: DatasetId) -> int:
        """Every document of the dataset, archived ones too; how many. Not in one transaction: none comes back."""
        self._writable(caller, dataset_id)

        def work(connection: Connection) -> int:
            some = documents.ids(connection, caller.workspace_id, dataset_id, REMOVED_TOGETHER)
            found = documents.many(connection, caller.workspace_id, dataset_id, some)
            for document in found:
                _forget(connection, document)
            return len(found)

        removed = 0
        while part := self._database.write(work):
            removed += part
        return removed

    def is_name_taken(self, caller: Caller, dataset_id: DatasetId, name: str) -> bool:
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            return documents.is_name_taken(connection, caller.workspace_id, dataset_id, name)

    def source(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> tuple[Document, BinaryIO]:
        """The document and its newest file, open; whoever asked closes it."""
        document = self.get(caller, dataset_id, document_id)
        return document, self._uploads.open(document.source)

    def batch(self, caller: Caller, dataset_id: DatasetId, batch: str) -> tuple[Progress, ...]:
        """How far the documents are that came together. `BatchNotFound`."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            found = documents.batch(connection, caller.workspace_id, dataset_id, batch)
            newest = [document.pending or document.revision for document in found]
            counts = documents.chunk_counts(connection, [key for key in newest if key is not None])
        if not found:
            raise BatchNotFound
        pairs = [(one, counts.get(key, (0, 0)) if key else (0, 0)) for one, key in zip(found, newest, strict=True)]
        return tuple(Progress(one, *count) for one, count in pairs)

    def with_rules(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> tuple[Document, Rules]:
        """The document, by what rule it was made, and what the dataset's latest is."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            document = _present(connection, caller, dataset_id, document_id)
            found = rules.with_latest(connection, dataset_id, document.rule_id)
        return document, Rules(*(found or (AUTOMATIC, document.rule_id, AUTOMATIC)))

    def enable(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> None:
        """Unknown documents are passed over, here and in the three below; each changes all or none."""
        self._switch(caller, dataset_id, document_ids, lambda document: not document.enabled, _switched(caller, True))

    def switch(
        self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId], is_enabled: bool
    ) -> Command:
        """Shows or hides documents whatever they are at; those that are so already are done too."""
        self._writable(caller, dataset_id)
        wanted = list(dict.fromkeys(document_ids))

        def work(connection: Connection) -> Command:
            found = documents.many(connection, caller.workspace_id, dataset_id, wanted)
            changed = [document for document in found if document.enabled is not is_enabled]
            _apply(connection, dataset_id, changed, _switched(caller, is_enabled))
            return _command(wanted, found, ())

        return self._database.write(work)

    def disable(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> None:
        """`InvalidAction` if one is not ready."""
        self._switch(caller, dataset_id, document_ids, _can_be_disabled, _switched(caller, False))

    def archive(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> None:
        self._switch(caller, dataset_id, document_ids, lambda document: not document.archived, {"archived": True})

    def unarchive(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> None:
        self._switch(caller, dataset_id, document_ids, lambda document: document.archived, {"archived": False})

    def _switch(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        document_ids: Iterable[DocumentId],
        changes_it: Callable[[Document], bool],
        columns: Mapping[str, object],
    ) -> None:
        self._writable(caller, dataset_id)
        ids = list(document_ids)

        def work(connection: Connection) -> None:
            found = documents.many(connection, caller.workspace_id, dataset_id, ids)
            _apply(connection, dataset_id, [document for document in found if changes_it(document)], columns)

        self._database.write(work)

    def _writable(self, caller: Caller, dataset_id: DatasetId) -> Dataset:
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            return there(datasets.get(connection, caller.workspace_id, dataset_id))

    def _wanted_model(self, dataset: Dataset, new: NewDocument) -> str | None:
        """What the dataset is embedded by if this turns out to be its first document."""
        indexing = dataset.indexing or new.indexing
        if indexing is None:
            raise InvalidArgument("The dataset's first document must say how it is to be indexed.", "indexing")
        return dataset.embedding_model or self._generations.model_for(indexing, new.embedding_model)

    def _insert(
        self,
        connection: Connection,
        caller: Caller,
        dataset_id: DatasetId,
        name: str,
        new: NewDocument,
        source: Source,
        model: str | None,
    ) -> Document:
        if new.replaces_same_name:
            same = documents.by_name(connection, caller.workspace_id, dataset_id, name)
            if same is not None:
                change = DocumentChange(rules=new.rules, chunk_form=new.chunk_form)
                return _update(connection, caller, dataset_id, same.id, None, source, change)
        admitted = datasets.admit(connection, caller.workspace_id, dataset_id)
        dataset, position = admitted if admitted is not None else (there(None), 0)
        dataset = self._settle(connection, dataset, new, model)
        if new.is_numbered:
            name = _numbered(connection, dataset, name)
        rule_id, rules = _rule(connection, caller, dataset, new.rules)
        document = _waiting(caller, dataset, position, name, new, source, rule_id, rules)
        documents.add(connection, document)
        if new.begins:
            revisions.begin(connection, document.id, source.sha256, document.rule_id)
        return _present(connection, caller, dataset_id, document.id)

    def _settle(self, connection: Connection, dataset: Dataset, new: NewDocument, model: str | None) -> Dataset:
        """The first document fixes what its dataset left open."""
        if new.chunk_form is not None and dataset.chunk_form not in (None, new.chunk_form):
            raise ChunkFormDiffers
        if dataset.indexing and dataset.chunk_form and dataset.retrieval:
            return dataset
        indexing = dataset.indexing or new.indexing
        # Another first document may have fixed words alone while this one was uploaded.
        settled_model = model if indexing is Indexing.HIGH_QUALITY else None
        if dataset.indexing is not None:
            settled_model = dataset.embedding_model
        elif settled_model != dataset.embedding_model:
            self._generations.begin(connection, dataset.id, settled_model)
        retrieval = dataset.retrieval or (new.retrieval or RetrievalSettings()).to_json()
        settled = datasets.change(
            connection,
            dataset.workspace_id,
            dataset.id,
            indexing=indexing,
            embedding_model=settled_model,
            chunk_form=dataset.chunk_form or new.chunk_form or ChunkForm.TEXT,
            retrieval=retrieval,
        )
        return there(settled)


def _name(text: str, is_text: bool) -> str:
    return clean_name(text) if is_text else clean_file_name(text)


def _new_batch() -> str:
    """When, to the second, and six random digits: it sorts by time and two uploads do not share it."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime()) + str(random.randint(100_000, 999_999))


def _rule(
    connection: Connection, caller: Caller, dataset: Dataset, wanted: ChunkingRules | None
) -> tuple[RuleId, ChunkingRules]:
    """The wanted rule, else the one that was chosen for the dataset, else the one that was used last."""
    known = rules.latest(connection, dataset.id)
    if wanted is None and dataset.rule_id is not None:
        known = dataset.rule_id, rules.many(connection, [dataset.rule_id])[dataset.rule_id]
    if known is not None and wanted in (None, known[1]):
        return known
    new = wanted or AUTOMATIC
    return rules.add(connection, dataset.id, new, caller.user_id), new


def _form(dataset: Dataset, rules: ChunkingRules) -> ChunkForm:
    """A method of its own decides for its document alone."""
    if rules.method is not ChunkMethod.GENERAL:
        return rules.method.form
    return dataset.chunk_form or ChunkForm.TEXT


def _numbered(connection: Connection, dataset: Dataset, name: str) -> str:
    if not documents.is_name_taken(connection, dataset.workspace_id, dataset.id, name):
        return name
    return numbered(name, documents.names(connection, dataset.workspace_id, dataset.id, unnumbered(name)))


def _waiting(
    caller: Caller,
    dataset: Dataset,
    position: int,
    name: str,
    new: NewDocument,
    source: Source,
    rule_id: RuleId,
    rules: ChunkingRules,
) -> Document:
    now = now_ms()
    return Document(
        id=DocumentId(new_id()),
        workspace_id=dataset.workspace_id,
        dataset_id=dataset.id,
        position=position,
        name=name,
        source=source.sha256,
        size=source.size,
        media_type=source.media_type,
        created_from=new.created_from,
        batch=_new_batch(),
        rule_id=rule_id,
        chunk_form=_form(dataset, rules),
        language=new.language,
        revision=None,
        pending=None,
        status=DocumentStatus.WAITING,
        progress=0.0,
        error=None,
        enabled=True,
        disabled_at=None,
        disabled_by=None,
        archived=False,
        metadata={},
        word_count=0,
        tokens=0,
        chunk_count=0,
        hit_count=0,
        started_at=None,
        parsed_at=None,
        cleaned_at=None,
        split_at=None,
        completed_at=None,
        paused_at=None,
        stopped_at=None,
        created_by=caller.user_id,
        created_at=now,
        updated_at=now,
        attributes=new.attributes,
    )


def _update(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    document_id: DocumentId,
    name: str | None,
    source: Source | None,
    change: DocumentChange,
) -> Document:
    document = _locked(connection, caller, dataset_id, document_id)
    if document.archived:
        raise DocumentArchived
    if change.chunk_form not in (None, document.chunk_form):
        raise ChunkFormDiffers
    columns: dict[str, object] = {"updated_at": now_ms()}
    if name is not None:
        columns["name"] = name
    if source is not None:
        columns |= {"source": source.sha256, "size": source.size, "media_type": source.media_type}
    documents.change(connection, document_id, **columns)
    if source is None and change.rules is None:
        # The name is searched too.
        changes.note(connection, dataset_id, revisions=_revisions(document))
        return _present(connection, caller, dataset_id, document_id)
    rule_id = document.rule_id
    if change.rules is not None:
        dataset = there(datasets.get(connection, caller.workspace_id, dataset_id))
        rule_id, _ = _rule(connection, caller, dataset, change.rules)
    documents.change(connection, document_id, rule_id=rule_id)
    revisions.begin(connection, document_id, source.sha256 if source else document.source, rule_id)
    return _present(connection, caller, dataset_id, document_id)


def _remove(connection: Connection, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> None:
    document = _locked(connection, caller, dataset_id, document_id)
    if document.archived:
        raise DocumentArchived
    _forget(connection, document)


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
    )
    changes.note(connection, dataset_id, revisions=_revisions(document))
    jobs.cancel_document(connection, document_id)
    jobs.enqueue(
        connection, JobKind.PURGE, workspace_id=document.workspace_id, dataset_id=dataset_id, document_id=document_id
    )


def _edit(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    document_id: DocumentId,
    name: str | None,
    edit: DocumentEdit,
) -> Document:
    document = _locked(connection, caller, dataset_id, document_id)
    columns: dict[str, object] = {"updated_at": now_ms()}
    if name is not None and name != document.name:
        if documents.is_name_taken(connection, caller.workspace_id, dataset_id, name):
            raise NameTaken(name=name)
        columns["name"] = name
    if edit.rules is not None:
        dataset = there(datasets.get(connection, caller.workspace_id, dataset_id))
        rule_id, chosen = _rule(connection, caller, dataset, edit.rules)
        columns |= {"rule_id": rule_id, "chunk_form": _form(dataset, chosen)}
    if edit.attributes is not None:
        columns["attributes"] = {**(document.attributes or {}), **edit.attributes}
    documents.change(connection, document_id, **columns)
    if edit.metadata is not None:
        metadata.store(connection, dataset_id, {document_id: edit.metadata})
    if edit.resets:
        revisions.withdraw(connection, document_id, DocumentStatus.WAITING)
    if edit.enabled is not None and edit.enabled is not document.enabled:
        changed = _present(connection, caller, dataset_id, document_id)
        _apply(connection, dataset_id, [changed], _switched(caller, edit.enabled))
    elif "name" in columns and not edit.resets:
        # The name is searched too.
        changes.note(connection, dataset_id, revisions=_revisions(document))
    return _present(connection, caller, dataset_id, document_id)


def _switched(caller: Caller, is_enabled: bool) -> Mapping[str, object]:
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


def _can_be_disabled(document: Document) -> bool:
    if document.enabled and document.status is not DocumentStatus.READY:
        raise InvalidAction(f"Document: {document.name} is not completed.")
    return document.enabled


def _apply(
    connection: Connection, dataset_id: DatasetId, changed: list[Document], columns: Mapping[str, object]
) -> None:
    if not changed:
        return
    documents.change_many(connection, [document.id for document in changed], updated_at=now_ms(), **columns)
    before = sum(document.is_available for document in changed)
    after = sum(_would_be_available(document, columns) for document in changed)
    datasets.count(connection, dataset_id, available=after - before)
    changes.note(connection, dataset_id, revisions=[key for document in changed for key in _revisions(document)])


def _would_be_available(document: Document, columns: Mapping[str, object]) -> bool:
    enabled = columns.get("enabled", document.enabled)
    archived = columns.get("archived", document.archived)
    return document.revision is not None and bool(enabled) and not archived


def _revisions(document: Document) -> list[RevisionKey]:
    return [key for key in (document.revision, document.pending) if key is not None]


def _locked(connection: Connection, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> Document:
    found = documents.lock(connection, caller.workspace_id, dataset_id, document_id)
    if found is None:
        raise DocumentNotFound
    return found


def _present(connection: Connection, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> Document:
    found = documents.get(connection, caller.workspace_id, dataset_id, document_id)
    if found is None:
        raise DocumentNotFound
    return found
