"""Documents: add, update, remove, list, switch on and off."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import Connection

from diglot.catalog import datasets, documents, rules
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Dataset
from diglot.domain.document import ALL_DOCUMENTS, Document, DocumentFilter, Outline
from diglot.domain.errors import (
    BatchNotFound,
    DiglotError,
    DocumentArchived,
    DocumentNotFound,
    FileTooLarge,
    FileTypeUnsupported,
    InvalidArgument,
    NameInvalid,
)
from diglot.domain.identity import DatasetId, DocumentId, RuleId
from diglot.domain.page import Order, Page
from diglot.domain.rules import AUTOMATIC, ChunkingRules
from diglot.library import adding, commanding, editing
from diglot.library.access import locked_document, present_document, require, require_reach, there
from diglot.library.adding import Arrival, DocumentChange, NewDocument
from diglot.library.capacity import Capacity
from diglot.library.commanding import Command
from diglot.library.editing import DocumentEdit
from diglot.library.generations import Generations
from diglot.library.naming import clean_file_name, clean_name
from diglot.library.uploads import Uploads

__all__ = ["Command", "DocumentChange", "DocumentEdit", "Documents", "NewDocument", "Progress", "Rules"]

TEXT = "text/plain"
REMOVED_TOGETHER = 500


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
        arrival = self._arrival(dataset, new)
        return self._database.write(
            lambda connection: adding.insert(connection, self._generations, caller, dataset_id, arrival)
        )

    def add_many(
        self, caller: Caller, dataset_id: DatasetId, new: Iterable[NewDocument]
    ) -> tuple[Document | DiglotError, ...]:
        """As `add`, in their order and in one transaction; what became of each. A name, a kind or a size that is
        refused is the one document's own misfortune, every other error is all of theirs."""
        dataset = self._writable(caller, dataset_id)
        arrivals = [self._arrival_or_refusal(dataset, one) for one in new]

        def work(connection: Connection) -> tuple[Document | DiglotError, ...]:
            return tuple(
                one
                if isinstance(one, DiglotError)
                else adding.insert(connection, self._generations, caller, dataset_id, one)
                for one in arrivals
            )

        return self._database.write(work)

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
            lambda connection: adding.renew(connection, caller, dataset_id, document_id, name, source, change)
        )

    def remove(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> None:
        """Found no more from now on; a job clears what it left. `DocumentArchived`."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)

        def work(connection: Connection) -> None:
            document = locked_document(connection, caller, dataset_id, document_id)
            if document.archived:
                raise DocumentArchived
            commanding.forget(connection, caller, [document])

        self._database.write(work)

    def get(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> Document:
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            found = documents.get(connection, caller.workspace_id, dataset_id, document_id)
        if found is None:
            raise DocumentNotFound
        return found

    def find(self, caller: Caller, document_ids: Iterable[DocumentId]) -> tuple[Document, ...]:
        """Those of them that are there, in whichever datasets."""
        require(caller, Scope.READ)
        with self._database.read() as connection:
            found = documents.anywhere(connection, caller.workspace_id, document_ids)
        return tuple(one for one in found if caller.datasets is None or one.dataset_id in caller.datasets)

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
        return self._database.write(
            lambda connection: commanding.start(connection, caller, dataset_id, wanted, restarts=restarts)
        )

    def stop(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> Command:
        """Ends the reading of documents and takes away all chunks of them. Those that are not being read are unfit."""
        self._writable(caller, dataset_id)
        wanted = list(dict.fromkeys(document_ids))
        return self._database.write(lambda connection: commanding.stop(connection, caller, dataset_id, wanted))

    def edit(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, edit: DocumentEdit) -> Document:
        """`NameTaken`, `NameInvalid`; all of it happens or nothing."""
        self._writable(caller, dataset_id)
        name = None if edit.name is None else clean_file_name(edit.name)
        return self._database.write(
            lambda connection: editing.apply(connection, caller, dataset_id, document_id, name, edit)
        )

    def remove_many(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> int:
        """All of them or, if one is not there, none; archived ones too; how many. `DocumentsMissing`."""
        self._writable(caller, dataset_id)
        wanted = list(dict.fromkeys(document_ids))
        return self._database.write(lambda connection: commanding.remove(connection, caller, dataset_id, wanted))

    def remove_all(self, caller: Caller, dataset_id: DatasetId) -> int:
        """Every document of the dataset, archived ones too; how many. Not in one transaction: none comes back."""
        self._writable(caller, dataset_id)
        removed = 0
        while part := self._database.write(
            lambda connection: commanding.remove_some(connection, caller, dataset_id, REMOVED_TOGETHER)
        ):
            removed += part
        return removed

    def outlines(self, caller: Caller, dataset_id: DatasetId, only: DocumentFilter) -> tuple[Outline, ...]:
        """Of every match."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            return tuple(documents.outlines(connection, caller.workspace_id, dataset_id, only))

    def waiting(self) -> int:
        """How many documents wait for a worker, everybody's counted, as of the last second."""
        return self._capacity.waiting()

    def can_read(self, name: str) -> bool:
        """Whether a file of this name is of a kind that can be read."""
        return self._uploads.can_read(name)

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
            document = present_document(connection, caller, dataset_id, document_id)
            found = rules.with_latest(connection, dataset_id, document.rule_id)
        return document, Rules(*(found or (AUTOMATIC, document.rule_id, AUTOMATIC)))

    def enable(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> None:
        """Unknown documents are passed over, here and in the three below; each changes all or none."""
        self._switch(
            caller, dataset_id, document_ids, lambda document: not document.enabled, commanding.switched(caller, True)
        )

    def switch(
        self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId], is_enabled: bool
    ) -> Command:
        """Shows or hides documents whatever they are at; those that are so already are done too."""
        self._writable(caller, dataset_id)
        wanted = list(dict.fromkeys(document_ids))
        return self._database.write(
            lambda connection: commanding.switch(connection, caller, dataset_id, wanted, is_enabled)
        )

    def disable(self, caller: Caller, dataset_id: DatasetId, document_ids: Iterable[DocumentId]) -> None:
        """`InvalidAction` if one is not ready."""
        self._switch(caller, dataset_id, document_ids, commanding.can_be_disabled, commanding.switched(caller, False))

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
        self._database.write(
            lambda connection: commanding.change_those(connection, caller, dataset_id, ids, changes_it, columns)
        )

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

    def _arrival(self, dataset: Dataset, new: NewDocument) -> Arrival:
        name = _name(new.name, new.is_text)
        model = self._wanted_model(dataset, new)
        self._capacity.require()
        media_type = TEXT if new.is_text else None
        source = self._uploads.keep(new.file_name or name, new.content, media_type, new.media_type)
        return Arrival(new, name, source, model)

    def _arrival_or_refusal(self, dataset: Dataset, new: NewDocument) -> Arrival | DiglotError:
        try:
            return self._arrival(dataset, new)
        except (NameInvalid, FileTypeUnsupported, FileTooLarge) as error:
            return error


def _name(text: str, is_text: bool) -> str:
    return clean_name(text) if is_text else clean_file_name(text)
