"""Chunks: add, edit, remove, list. What changes is embedded before the transaction that shows it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from diglot.catalog import chunks, datasets, documents, generations, rules
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.chunk import ALL_CHUNKS, Chunk, ChunkDraft, ChunkFilter, ChunkStatus, embedded_text, text_hash
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document
from diglot.domain.errors import (
    ChunkDisabled,
    ChunkNotFound,
    DocumentArchived,
    DocumentBusy,
    DocumentNotFound,
    InvalidArgument,
)
from diglot.domain.identity import ChunkId, DatasetId, DocumentId, new_id, now_ms
from diglot.domain.page import Page
from diglot.domain.parsed import Anchor
from diglot.domain.rules import AUTOMATIC, ChunkForm
from diglot.domain.tokens import count_tokens
from diglot.ingestion.chunking import divided
from diglot.ingestion.embedding import embed_by_one
from diglot.library import chunk_changes
from diglot.library.access import require, require_reach, there
from diglot.library.chunk_changes import Image
from diglot.ports.embedder import Embedders
from diglot.ports.tokenizer import Tokenizer

Rows = Sequence[dict[str, Any]]

KEYWORDS = 10
TRIES = 10


@dataclass(frozen=True, slots=True)
class NewChunk:
    """`answer` in the question-answer form only; without `keywords` we find some where words alone are indexed.

    `questions` that it answers are what its vector is made of."""

    content: str
    answer: str | None = None
    keywords: tuple[str, ...] | None = None
    questions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tag_weights: Mapping[str, float] | None = None
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class ChunkEdit:
    """None leaves as it is. `regenerates_children` None: a parent gets new children where its content changes."""

    content: str | None = None
    answer: str | None = None
    keywords: tuple[str, ...] | None = None
    enabled: bool | None = None
    questions: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    tag_weights: Mapping[str, float] | None = None
    anchors: tuple[Anchor, ...] | None = None
    image: Image | None = None
    regenerates_children: bool | None = None


class Chunks:
    def __init__(self, database: Database, embedders: Embedders, tokenizer: Tokenizer) -> None:
        self._database = database
        self._embedders = embedders
        self._tokenizer = tokenizer

    def add(
        self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, new: Sequence[NewChunk]
    ) -> Sequence[Chunk]:
        """Behind the last one, in order; searchable when the indexer has seen them, at most a second or two later.

        `DocumentNotReady`, `DocumentDisabled`, `DocumentArchived`, `InvalidArgument` (no content; no answer in the
        question-answer form), `ModelFailed`: then none was added.
        """
        dataset, document = self._writable(caller, dataset_id, document_id)
        chunk_changes.require_open(document)
        for chunk in new:
            _require_whole(document.chunk_form, chunk.content, chunk.answer)
        rows = [row for chunk in new for row in self._rows(caller, dataset, document, chunk)]
        self._embed(dataset, rows)
        return self._database.write(
            lambda connection: chunk_changes.add(connection, caller, dataset_id, document_id, rows)
        )

    def put(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, new: NewChunk) -> Chunk:
        """Like `add` of one, to a document in any state, whether it was ever read or not. A content that the document
        has already is one chunk: that one takes what is new, and counts as repeated. `InvalidArgument`, `ModelFailed`.
        """
        dataset, document = self._writable(caller, dataset_id, document_id)
        _require_whole(document.chunk_form, new.content, new.answer)
        rows = self._rows(caller, dataset, document, new)
        self._embed(dataset, rows)
        return self._database.write(
            lambda connection: chunk_changes.put(connection, caller, dataset_id, document_id, rows, new.image)
        )

    def edit(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        document_id: DocumentId,
        chunk_id: ChunkId,
        edit: ChunkEdit,
        *,
        even_disabled: bool = False,
    ) -> Chunk:
        """`ChunkDisabled` unless the edit enables it or `even_disabled`; `DocumentArchived`, `InvalidArgument`,
        `ModelFailed`.

        Several edits at once follow each other; `DocumentBusy` if they never let this one through.
        """
        for _ in range(TRIES):
            dataset, document = self._writable(caller, dataset_id, document_id)
            chunk = self.get(caller, dataset_id, document_id, chunk_id)
            if document.archived:
                raise DocumentArchived
            if not (chunk.enabled or edit.enabled or even_disabled):
                raise ChunkDisabled
            columns = self._edited(caller, dataset, document, chunk, edit)
            change = partial(
                chunk_changes.edit,
                caller=caller,
                chunk=chunk,
                columns=columns,
                image=edit.image,
                children=self._regenerated(caller, dataset, document, chunk, columns, edit),
                child_columns=_of_children(columns, edit),
            )
            edited = self._database.write(change)
            if edited is not None:
                return edited
        raise DocumentBusy

    def remove(
        self, caller: Caller, dataset_id: DatasetId, chunk_id: ChunkId, document_id: DocumentId | None = None
    ) -> None:
        """Found no more from now on. `document_id` None: whichever document of the dataset it is in."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        self._database.write(
            lambda connection: chunk_changes.remove(connection, caller, dataset_id, chunk_id, document_id)
        )

    def remove_many(
        self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, chunk_ids: Iterable[ChunkId]
    ) -> int:
        """Those of them that are there; how many."""
        self._writable(caller, dataset_id, document_id)
        wanted = set(chunk_ids)
        return self._database.write(
            lambda connection: chunk_changes.remove_many(connection, caller, dataset_id, document_id, wanted)
        )

    def remove_all(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> int:
        """How many there were."""
        self._writable(caller, dataset_id, document_id)
        return self._database.write(
            lambda connection: chunk_changes.remove_all(connection, caller, dataset_id, document_id)
        )

    def switch(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        document_id: DocumentId,
        chunk_ids: Iterable[ChunkId],
        is_enabled: bool,
    ) -> int:
        """Shows or hides those of them that are there; how many are there."""
        self._writable(caller, dataset_id, document_id)
        wanted = set(chunk_ids)
        return self._database.write(
            lambda connection: chunk_changes.switch(connection, caller, dataset_id, document_id, wanted, is_enabled)
        )

    def image(self, caller: Caller, dataset_id: DatasetId, chunk_id: ChunkId) -> Image:
        """`ChunkNotFound` also for a chunk without a picture."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            chunk = chunks.get(connection, caller.workspace_id, dataset_id, chunk_id)
            found = None if chunk is None else chunks.image(connection, chunk.key)
        if found is None:
            raise ChunkNotFound
        return Image(*found)

    def get(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, chunk_id: ChunkId) -> Chunk:
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            found = chunks.get(connection, caller.workspace_id, dataset_id, chunk_id, document_id)
        if found is None:
            raise ChunkNotFound
        return found

    def count_before(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        document_id: DocumentId,
        chunk_id: ChunkId,
        only: ChunkFilter = ALL_CHUNKS,
    ) -> int:
        """How many chunks a `list` has before this one. `ChunkNotFound`"""
        chunk = self.get(caller, dataset_id, document_id, chunk_id)
        with self._database.read() as connection:
            return chunks.count_before(connection, chunk.revision, chunk, only)

    def list(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        document_id: DocumentId,
        *,
        offset: int = 0,
        limit: int | None = None,
        only: ChunkFilter = ALL_CHUNKS,
    ) -> Page[Chunk]:
        """By position; `limit` None: all."""
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            document = documents.get(connection, caller.workspace_id, dataset_id, document_id)
            if document is None:
                raise DocumentNotFound
            if document.revision is None:
                return Page((), 0, offset)
            total = document.chunk_count if only == ALL_CHUNKS else None
            return chunks.page(connection, document.revision, offset, limit, only=only, total=total)

    def _writable(self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> tuple[Dataset, Document]:
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            dataset = there(datasets.get(connection, caller.workspace_id, dataset_id))
            document = documents.get(connection, caller.workspace_id, dataset_id, document_id)
        if document is None:
            raise DocumentNotFound
        return dataset, document

    def _embed(self, dataset: Dataset, rows: Iterable[Mapping[str, Any]]) -> None:
        texts = [embedded_text(row["content"], row["questions"]) for row in rows if not row["is_parent"]]
        embed(self._database, self._embedders, dataset, texts)

    def _rows(self, caller: Caller, dataset: Dataset, document: Document, new: NewChunk) -> Rows:
        """The chunk's, and those of its children in a document of that form."""
        answer = new.answer if document.chunk_form is ChunkForm.QUESTION_ANSWER else None
        row = new_row(caller, dataset, document, new.content, answer, new.questions) | {
            "tags": list(new.tags) or None,
            "tag_weights": dict(new.tag_weights) if new.tag_weights else None,
            "keywords": list(new.keywords or ()) or self._keywords(dataset, new.content),
        }
        if document.chunk_form is not ChunkForm.HIERARCHICAL:
            return [row]
        return [row | {"is_parent": True}, *self._children(caller, dataset, document, row, new.keywords or ())]

    def _children(
        self, caller: Caller, dataset: Dataset, document: Document, parent: Mapping[str, Any], keywords: Sequence[str]
    ) -> Rows:
        """By the document's rules. Keywords that somebody gave the parent are theirs: it is not found by itself."""
        with self._database.read() as connection:
            known = rules.many(connection, [document.rule_id]).get(document.rule_id, AUTOMATIC)
        drafts = divided(ChunkDraft(parent["content"]), known).children
        common = {"parent_id": parent["id"], "enabled": parent["enabled"]}
        return [
            new_row(caller, dataset, document, draft.content)
            | {"position": place, "keywords": list(keywords) or self._keywords(dataset, draft.content)}
            | common
            for place, draft in enumerate(drafts, 1)
        ]

    def _regenerated(
        self,
        caller: Caller,
        dataset: Dataset,
        document: Document,
        chunk: Chunk,
        columns: Mapping[str, Any],
        edit: ChunkEdit,
    ) -> Rows | None:
        """A parent's new children, None where the old ones stay."""
        wanted = "content" in columns if edit.regenerates_children is None else edit.regenerates_children
        if not (wanted and chunk.is_parent):
            return None
        parent = {"id": chunk.id, "content": chunk.content, "enabled": chunk.enabled, **columns}
        rows = self._children(caller, dataset, document, parent, edit.keywords or ())
        self._embed(dataset, rows)
        return rows

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
        columns |= {name: list(value) for name in ("questions", "tags") if (value := getattr(edit, name)) is not None}
        if edit.tag_weights is not None:
            columns["tag_weights"] = dict(edit.tag_weights)
        if edit.anchors is not None:
            columns["anchors"] = [anchor.to_json() for anchor in edit.anchors]
        questions = chunk.questions if edit.questions is None else edit.questions
        content = chunk.content if edit.content is None else edit.content
        answer = chunk.answer
        if document.chunk_form is ChunkForm.QUESTION_ANSWER and edit.answer is not None:
            answer = edit.answer
        _require_whole(document.chunk_form, content, answer)
        if (content, answer, questions) != (chunk.content, chunk.answer, chunk.questions):
            if not chunk.is_parent:
                embed(self._database, self._embedders, dataset, [embedded_text(content, questions)])
            columns |= text_columns(content, answer, questions) | {"indexed_at": now, "completed_at": now}
        if content != chunk.content and not edit.keywords:
            columns["keywords"] = self._keywords(dataset, content) or columns.get("keywords", list(chunk.keywords))
        return columns

    def _keywords(self, dataset: Dataset, content: str) -> Sequence[str]:
        return self._tokenizer.keywords(content, KEYWORDS) if dataset.indexing is Indexing.ECONOMY else []


def _of_children(columns: Mapping[str, Any], edit: ChunkEdit) -> dict[str, Any]:
    """What an edit of a parent changes in children that stay: whether, and by which keywords, they are found."""
    names = {"enabled"} if edit.keywords is None else {"enabled", "keywords"}
    return {name: value for name, value in columns.items() if name in names}


def _require_whole(form: ChunkForm, content: str, answer: str | None) -> None:
    if not content.strip():
        raise InvalidArgument("Content is empty", "content")
    if form is ChunkForm.QUESTION_ANSWER and not (answer and answer.strip()):
        raise InvalidArgument("Answer is required", "answer")


def embed(database: Database, embedders: Embedders, dataset: Dataset, texts: Sequence[str]) -> None:
    """Sees to it that the dataset's index will have their vectors. `ModelFailed`"""
    with database.read() as connection:
        models = generations.embedding_models(connection, dataset.id)
    embed_by_one(database, embedders, models, texts)


def new_row(
    caller: Caller,
    dataset: Dataset,
    document: Document,
    content: str,
    answer: str | None = None,
    questions: Sequence[str] = (),
) -> dict[str, Any]:
    """Of `tables.chunks`, for a chunk that somebody wrote, without its place."""
    now = now_ms()
    return {
        "id": new_id(),
        "dataset_id": dataset.id,
        "document_id": document.id,
        "questions": list(questions),
        "tags": None,
        "tag_weights": None,
        "anchors": [],
        "enabled": True,
        "status": ChunkStatus.READY,
        "created_by": caller.user_id,
        "created_at": now,
        "updated_by": caller.user_id,
        "updated_at": now,
        "indexed_at": now,
        "completed_at": now,
        "keywords": [],
        "parent_id": "",
        "is_parent": False,
        "is_custom": False,
        **text_columns(content, answer, questions),
    }


def text_columns(content: str, answer: str | None = None, questions: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "content": content,
        "answer": answer,
        "tokens": count_tokens(content),
        "word_count": len(content) + len(answer or ""),
        "hash": hashlib.sha256(content.encode()).hexdigest(),
        "text_hash": text_hash(embedded_text(content, questions)),
    }
