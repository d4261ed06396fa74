"""Chunks: add, edit, remove, list. What changes is embedded before the transaction that shows it."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import changes, chunks, datasets, documents
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.chunk import Chunk, ChunkStatus, text_hash
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import (
    ChunkDisabled,
    ChunkNotFound,
    DocumentArchived,
    DocumentBusy,
    DocumentDisabled,
    DocumentNotFound,
    DocumentNotReady,
    InvalidArgument,
)
from diglot.domain.identity import ChunkId, DatasetId, DocumentId, RevisionKey, new_id, now_ms
from diglot.domain.page import Page
from diglot.domain.rules import ChunkForm
from diglot.domain.tokens import count_tokens
from diglot.ingestion.embedding import ensure_vectors
from diglot.library.access import require, require_reach, there
from diglot.ports.embedder import Embedders
from diglot.ports.tokenizer import Tokenizer

KEYWORDS = 10
TRIES = 10


@dataclass(frozen=True, slots=True)
class NewChunk:
    """`answer` in the question-answer form only; without `keywords` we find some where words alone are indexed."""

    content: str
    answer: str | None = None
    keywords: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ChunkEdit:
    """None leaves as it is."""

    content: str | None = None
    answer: str | None = None
    keywords: tuple[str, ...] | None = None
    enabled: bool | None = None


class Chunks:
    def __init__(self, database: Database, embedders: Embedders, tokenizer: Tokenizer) -> None:
        self._database = database
        self._embedders = embedders
        self._tokenizer = tokenizer

    def add(
        self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, new: Sequence[NewChunk]
    ) -> list[Chunk]:
        """Behind the last one, in order; searchable when the indexer has seen them, at most a second or two later.

        `DocumentNotReady`, `DocumentDisabled`, `DocumentArchived`, `InvalidArgument` (no content; no answer in the
        question-answer form), `ModelFailed`: then none was added.
        """
        dataset, document = self._writable(caller, dataset_id, document_id)
        _require_open(document)
        for chunk in new:
            _require_whole(document.chunk_form, chunk.content, chunk.answer)
        self._embed(dataset, [chunk.content for chunk in new])
        rows = [self._row(caller, dataset, document, chunk) for chunk in new]
        return self._database.write(lambda connection: _add(connection, caller, dataset_id, document_id, rows))

    def edit(
        self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, chunk_id: ChunkId, edit: ChunkEdit
    ) -> Chunk:
        """`ChunkDisabled` unless the edit enables it; `DocumentArchived`, `InvalidArgument`, `ModelFailed`.

        Several edits at once follow each other; `DocumentBusy` if they never let this one through.
        """
        for _ in range(TRIES):
            dataset, document = self._writable(caller, dataset_id, document_id)
            chunk = self.get(caller, dataset_id, document_id, chunk_id)
            if document.archived:
                raise DocumentArchived
            if not chunk.enabled and not edit.enabled:
                raise ChunkDisabled
            columns = self._edited(caller, dataset, document, chunk, edit)
            edited = self._database.write(partial(_edit, caller=caller, chunk=chunk, columns=columns))
            if edited is not None:
                return edited
        raise DocumentBusy

    def remove(
        self, caller: Caller, dataset_id: DatasetId, chunk_id: ChunkId, document_id: DocumentId | None = None
    ) -> None:
        """Found no more from now on. `document_id` None: whichever document of the dataset it is in."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        self._database.write(lambda connection: _remove(connection, caller, dataset_id, chunk_id, document_id))

    def get(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, chunk_id: ChunkId) -> Chunk:
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            found = chunks.get(connection, caller.workspace_id, dataset_id, chunk_id, document_id)
        if found is None:
            raise ChunkNotFound
        return found

    def list(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        document_id: DocumentId,
        *,
        offset: int = 0,
        limit: int | None = None,
        keyword: str | None = None,
        statuses: Collection[ChunkStatus] = (),
    ) -> Page[Chunk]:
        """By position; `limit` None: all. `keyword` occurs in the content, in either case."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            document = documents.get(connection, caller.workspace_id, dataset_id, document_id)
            if document is None:
                raise DocumentNotFound
            if document.revision is None:
                return Page((), 0, offset)
            total = None if keyword or statuses else document.chunk_count
            return chunks.page(
                connection, document.revision, offset, limit, keyword=keyword, statuses=statuses, total=total
            )

    def _writable(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> tuple[Dataset, Document]:
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            dataset = there(datasets.get(connection, caller.workspace_id, dataset_id))
            document = documents.get(connection, caller.workspace_id, dataset_id, document_id)
        if document is None:
            raise DocumentNotFound
        return dataset, document

    def _embed(self, dataset: Dataset, texts: Sequence[str]) -> None:
        if dataset.embedding_model is not None and texts:
            ensure_vectors(self._database, self._embedders.get(dataset.embedding_model), texts)

    def _row(self, caller: Caller, dataset: Dataset, document: Document, new: NewChunk) -> dict[str, Any]:
        now = now_ms()
        answer = new.answer if document.chunk_form is ChunkForm.QUESTION_ANSWER else None
        return {
            "id": new_id(),
            "dataset_id": dataset.id,
            "document_id": document.id,
            "questions": [],
            "anchors": [],
            "enabled": True,
            "status": ChunkStatus.READY,
            "created_by": caller.user_id,
            "created_at": now,
            "updated_by": caller.user_id,
            "updated_at": now,
            "indexed_at": now,
            "completed_at": now,
            "keywords": list(new.keywords or ()) or self._keywords(dataset, new.content),
            **_text_columns(dataset, new.content, answer),
        }

    def _edited(
        self, caller: Caller, dataset: Dataset, document: Document, chunk: Chunk, edit: ChunkEdit
    ) -> dict[str, Any]:
        now = now_ms()
        columns: dict[str, Any] = {"updated_by": caller.user_id, "updated_at": now}
        if edit.enabled is not None and edit.enabled != chunk.enabled:
            columns["enabled"] = edit.enabled
            columns["disabled_at"] = None if edit.enabled else now
            columns["disabled_by"] = None if edit.enabled else caller.user_id
        if edit.keywords is not None:
            columns["keywords"] = list(edit.keywords)
        content = chunk.content if edit.content is None else edit.content
        answer = chunk.answer
        if document.chunk_form is ChunkForm.QUESTION_ANSWER and edit.answer is not None:
            answer = edit.answer
        _require_whole(document.chunk_form, content, answer)
        if (content, answer) != (chunk.content, chunk.answer):
            self._embed(dataset, [content])
            columns |= _text_columns(dataset, content, answer) | {"indexed_at": now, "completed_at": now}
        if content != chunk.content and not edit.keywords:
            columns["keywords"] = self._keywords(dataset, content) or columns.get("keywords", list(chunk.keywords))
        return columns

    def _keywords(self, dataset: Dataset, content: str) -> Sequence[str]:
        return self._tokenizer.keywords(content, KEYWORDS) if dataset.indexing is Indexing.ECONOMY else []


def _require_open(document: Document) -> None:
    if document.archived:
        raise DocumentArchived
    if document.status is not DocumentStatus.READY:
        raise DocumentNotReady
    if not document.enabled:
        raise DocumentDisabled


def _require_whole(form: ChunkForm, content: str, answer: str | None) -> None:
    if not content.strip():
        raise InvalidArgument("Content is empty", "content")
    if form is ChunkForm.QUESTION_ANSWER and not (answer and answer.strip()):
        raise InvalidArgument("Answer is required", "answer")


def _text_columns(dataset: Dataset, content: str, answer: str | None) -> dict[str, Any]:
    """Tokens are those that a model reads; words alone cost none."""
    tokens = 0 if dataset.embedding_model is None else count_tokens(content)
    return {
        "content": content,
        "answer": answer,
        "tokens": tokens,
        "word_count": len(content) + len(answer or ""),
        "hash": hashlib.sha256(content.encode()).hexdigest(),
        "text_hash": text_hash(content),
    }


def _add(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    document_id: DocumentId,
    rows: Sequence[dict[str, Any]],
) -> list[Chunk]:
    document = _locked(connection, caller, dataset_id, document_id)
    _require_open(document)
    revision = _serving(document)
    if not rows:
        return []
    start = chunks.last_position(connection, revision) + 1
    placed = [row | {"revision_key": revision, "position": start + offset} for offset, row in enumerate(rows)]
    added = chunks.add(connection, placed)
    changes.note(connection, dataset_id, chunks=[chunk.key for chunk in added])
    _count(connection, dataset_id, document_id, (), added)
    return added


def _edit(connection: Connection, caller: Caller, chunk: Chunk, columns: dict[str, Any]) -> Chunk | None:
    """None if the chunk is no longer what the edit was made for."""
    document = _locked(connection, caller, chunk.dataset_id, chunk.document_id)
    if document.archived:
        raise DocumentArchived
    before = chunks.get(connection, caller.workspace_id, chunk.dataset_id, chunk.id, chunk.document_id)
    if before is None:
        raise ChunkNotFound
    if _editable(before) != _editable(chunk):
        return None
    after = chunks.change(connection, before.key, **columns)
    if after is None:
        raise ChunkNotFound
    changes.note(connection, chunk.dataset_id, chunks=[after.key])
    _count(connection, chunk.dataset_id, chunk.document_id, [before], [after])
    return after


def _editable(chunk: Chunk) -> tuple[object, ...]:
    return chunk.content, chunk.answer, chunk.keywords, chunk.enabled


def _remove(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    chunk_id: ChunkId,
    document_id: DocumentId | None,
) -> None:
    found = chunks.get(connection, caller.workspace_id, dataset_id, chunk_id, document_id)
    if found is None:
        raise ChunkNotFound
    document = _locked(connection, caller, dataset_id, found.document_id)
    if document.archived:
        raise DocumentArchived
    # Seen again behind the lock: its length may have changed, and the counters with it.
    chunk = chunks.get(connection, caller.workspace_id, dataset_id, chunk_id, document.id)
    if chunk is None or not chunks.remove(connection, [chunk.key]):
        raise ChunkNotFound
    changes.note(connection, dataset_id, chunks=[chunk.key])
    _count(connection, dataset_id, document.id, [chunk], ())


def _count(
    connection: Connection,
    dataset_id: DatasetId,
    document_id: DocumentId,
    before: Sequence[Chunk],
    after: Sequence[Chunk],
) -> None:
    """The counters of document and dataset, when `after` takes the place of `before`."""
    more = len(after) - len(before)
    words = sum(chunk.word_count for chunk in after) - sum(chunk.word_count for chunk in before)
    tokens = sum(chunk.tokens for chunk in after) - sum(chunk.tokens for chunk in before)
    if more or words or tokens:
        documents.count(connection, document_id, chunks=more, words=words, tokens=tokens)
        datasets.count(connection, dataset_id, chunks=more, words=words)


def _locked(connection: Connection, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> Document:
    document = documents.lock(connection, caller.workspace_id, dataset_id, document_id)
    if document is None:
        raise DocumentNotFound
    return document


def _serving(document: Document) -> RevisionKey:
    if document.revision is None:
        raise DocumentNotReady
    return document.revision
