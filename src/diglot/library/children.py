"""Child chunks: list, add, edit, remove. Their parent is found by them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import changes, chunks, datasets, documents
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.chunk import ALL_CHUNKS, Chunk, ChunkFilter
from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.errors import ChildNotFound, ChunkNotFound, DocumentArchived, DocumentNotFound, InvalidArgument
from diglot.domain.identity import ChunkId, DatasetId, DocumentId, now_ms
from diglot.domain.page import Page
from diglot.library.access import require, require_reach, there
from diglot.library.chunks import embed, new_row, text_columns
from diglot.ports.embedder import Embedders


class Children:
    def __init__(self, database: Database, embedders: Embedders) -> None:
        self._database = database
        self._embedders = embedders

    def list(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        document_id: DocumentId,
        parent_id: ChunkId,
        *,
        offset: int = 0,
        limit: int | None = None,
        only: ChunkFilter = ALL_CHUNKS,
    ) -> Page[Chunk]:
        """By position; `limit` None: all. `ChunkNotFound` without the parent; a chunk that is none has no children."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            parent = chunks.get(connection, caller.workspace_id, dataset_id, parent_id, document_id)
            if parent is None:
                raise ChunkNotFound
            return chunks.page(connection, parent.revision, offset, limit, only=only, parent_id=parent_id)

    def of(self, caller: Caller, parents: Sequence[Chunk]) -> Mapping[ChunkId | None, Sequence[Chunk]]:
        """The children of chunks that the caller was given, by parent and position."""
        require(caller, Scope.READ)
        asked = [chunk for chunk in parents if chunk.is_parent]
        if not asked:
            return {}
        revisions = {chunk.revision for chunk in asked}
        ids = [chunk.id for chunk in asked]
        with self._database.read() as connection:
            found = [child for revision in revisions for child in chunks.children(connection, revision, ids)]
        return {parent_id: tuple(theirs) for parent_id, theirs in groupby(found, attrgetter("parent_id"))}

    def add(
        self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, parent_id: ChunkId, content: str
    ) -> Chunk:
        """Behind the last one. `ChunkNotFound`, `DocumentArchived`, `ModelFailed`; `InvalidArgument` without content,
        and under a chunk that is found by itself."""
        dataset, document = self._writable(caller, dataset_id, document_id, content)
        self._looked_up(caller, dataset_id, document_id, parent_id)
        embed(self._database, self._embedders, dataset, [content])
        row = new_row(caller, dataset, document, content) | {"parent_id": parent_id, "is_custom": True}

        def work(connection: Connection) -> Chunk:
            parent = self._parent(connection, caller, dataset_id, document_id, parent_id)
            if not parent.is_parent:
                raise InvalidArgument("The chunk has no child chunks: its document is not hierarchical.", "segment_id")
            position = chunks.last_position(connection, parent.revision, parent_id) + 1
            place = {"revision_key": parent.revision, "position": position, "enabled": parent.enabled}
            [child] = chunks.add(connection, [row | place])
            return child

        return self._noted(dataset_id, work)

    def edit(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        document_id: DocumentId,
        parent_id: ChunkId,
        child_id: ChunkId,
        content: str,
    ) -> Chunk:
        """`ChunkNotFound`, `ChildNotFound`, `DocumentArchived`, `InvalidArgument` without content, `ModelFailed`"""
        dataset, _ = self._writable(caller, dataset_id, document_id, content)
        self._looked_up(caller, dataset_id, document_id, parent_id)
        embed(self._database, self._embedders, dataset, [content])
        now = now_ms()
        columns: dict[str, Any] = {"is_custom": True, "updated_by": caller.user_id, "updated_at": now}
        columns |= text_columns(content) | {"indexed_at": now, "completed_at": now}

        def work(connection: Connection) -> Chunk:
            child = self._child(connection, caller, dataset_id, document_id, parent_id, child_id)
            edited = chunks.change(connection, child.key, **columns)
            if edited is None:
                raise ChildNotFound
            return edited

        return self._noted(dataset_id, work)

    def remove(
        self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, parent_id: ChunkId, child_id: ChunkId
    ) -> None:
        """Nothing is found by it from now on. `ChunkNotFound`, `ChildNotFound`, `DocumentArchived`"""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)

        def work(connection: Connection) -> Chunk:
            child = self._child(connection, caller, dataset_id, document_id, parent_id, child_id)
            chunks.remove(connection, [child.key])
            return child

        self._noted(dataset_id, work)

    def _noted(self, dataset_id: DatasetId, work: Callable[[Connection], Chunk]) -> Chunk:
        return self._database.write(partial(_do_and_note, dataset_id=dataset_id, work=work))

    def _writable(
        self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, content: str
    ) -> tuple[Dataset, Document]:
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            dataset = there(datasets.get(connection, caller.workspace_id, dataset_id))
            document = documents.get(connection, caller.workspace_id, dataset_id, document_id)
        if document is None:
            raise DocumentNotFound
        if not content.strip():
            raise InvalidArgument("Content is empty", "content")
        return dataset, document

    def _looked_up(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, parent_id: ChunkId) -> None:
        """Before a model is asked for a vector that nobody may need. `ChunkNotFound`"""
        with self._database.read() as connection:
            if chunks.get(connection, caller.workspace_id, dataset_id, parent_id, document_id) is None:
                raise ChunkNotFound

    def _parent(
        self,
        connection: Connection,
        caller: Caller,
        dataset_id: DatasetId,
        document_id: DocumentId,
        parent_id: ChunkId,
    ) -> Chunk:
        """Behind the document's lock."""
        document = documents.lock(connection, caller.workspace_id, dataset_id, document_id)
        if document is None:
            raise DocumentNotFound
        if document.archived:
            raise DocumentArchived
        parent = chunks.get(connection, caller.workspace_id, dataset_id, parent_id, document_id)
        if parent is None:
            raise ChunkNotFound
        return parent

    def _child(
        self,
        connection: Connection,
        caller: Caller,
        dataset_id: DatasetId,
        document_id: DocumentId,
        parent_id: ChunkId,
        child_id: ChunkId,
    ) -> Chunk:
        self._parent(connection, caller, dataset_id, document_id, parent_id)
        child = chunks.get(connection, caller.workspace_id, dataset_id, child_id, document_id, parent_id)
        if child is None:
            raise ChildNotFound
        return child


def _do_and_note(connection: Connection, dataset_id: DatasetId, work: Callable[[Connection], Chunk]) -> Chunk:
    child = work(connection)
    changes.note(connection, dataset_id, chunks=[child.key])
    return child
