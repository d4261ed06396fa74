"""Documents: add, update, remove, list, switch on and off."""

import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from sqlalchemy import Connection

from diglot.catalog import changes, datasets, documents, jobs, revisions, rules
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import (
    BatchNotFound,
    ChunkFormDiffers,
    DocumentArchived,
    DocumentNotFound,
    InvalidAction,
    InvalidArgument,
)
from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, RuleId, new_id, now_ms
from diglot.domain.job import JobKind
from diglot.domain.page import Page
from diglot.domain.rules import AUTOMATIC, ChunkForm, ChunkingRules
from diglot.domain.search import RetrievalSettings
from diglot.library.access import require, require_reach, there
from diglot.library.capacity import Capacity
from diglot.library.generations import Generations
from diglot.library.naming import clean_file_name, clean_name
from diglot.library.uploads import Source, Uploads

TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class NewDocument:
    """`content` is a file's bytes, or a text in UTF-8 if `is_text`. `file_name` tells what kind of file it is where the
    document is to be called otherwise. `rules` None: the dataset's latest, else automatic.

    `indexing`, `chunk_form`, `embedding_model` and `retrieval` matter for a dataset's first document, which fixes them;
    `chunk_form` must not differ later. `replaces_same_name`: an available document of that name is updated instead.
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
        source = self._uploads.keep(new.file_name or name, new.content, TEXT if new.is_text else None)
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
        keyword: str | None = None,
        statuses: Collection[DocumentStatus] = (),
        enabled: bool | None = None,
        archived: bool | None = None,
    ) -> Page[Document]:
        """Newest first; `keyword` occurs in the name, in either case."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        is_filtered = bool(keyword or statuses) or enabled is not None or archived is not None
        with self._database.read() as connection:
            dataset = there(datasets.get(connection, caller.workspace_id, dataset_id))
            return documents.page(
                connection,
                caller.workspace_id,
                dataset_id,
                offset,
                limit,
                keyword=keyword,
                statuses=statuses,
                enabled=enabled,
                archived=archived,
                total=None if is_filtered else dataset.document_count,
            )

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
        columns = {"enabled": True, "disabled_at": None, "disabled_by": None}
        self._switch(caller, dataset_id, document_ids, lambda document: not document.enabled, columns)

    def disable(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> None:
        """`InvalidAction` if one is not ready."""
        columns = {"enabled": False, "disabled_at": now_ms(), "disabled_by": caller.user_id}
        self._switch(caller, dataset_id, document_ids, _can_be_disabled, columns)

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
        document = _waiting(
            caller, dataset, position, name, new, source, _rule(connection, caller, dataset.id, new.rules)
        )
        documents.add(connection, document)
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


def _rule(connection: Connection, caller: Caller, dataset_id: DatasetId, wanted: ChunkingRules | None) -> RuleId:
    latest = rules.latest(connection, dataset_id)
    if latest is not None and wanted in (None, latest[1]):
        return latest[0]
    return rules.add(connection, dataset_id, wanted or AUTOMATIC, caller.user_id)


def _waiting(
    caller: Caller, dataset: Dataset, position: int, name: str, new: NewDocument, source: Source, rule_id: RuleId
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
        chunk_form=dataset.chunk_form or ChunkForm.TEXT,
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
    rule_id = document.rule_id if change.rules is None else _rule(connection, caller, dataset_id, change.rules)
    documents.change(connection, document_id, rule_id=rule_id)
    revisions.begin(connection, document_id, source.sha256 if source else document.source, rule_id)
    return _present(connection, caller, dataset_id, document_id)


def _remove(connection: Connection, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> None:
    document = _locked(connection, caller, dataset_id, document_id)
    if document.archived:
        raise DocumentArchived
    now = now_ms()
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
        connection, JobKind.PURGE, workspace_id=caller.workspace_id, dataset_id=dataset_id, document_id=document_id
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
