"""Changes of a document's chunks, each a part of a transaction that holds the document's row. What happens to a parent
happens to its children: they are found in its place."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import changes, chunks, datasets, documents, revisions
from diglot.domain.api_key import Caller
from diglot.domain.chunk import Chunk
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import (
    ChunkNotFound,
    DocumentArchived,
    DocumentDisabled,
    DocumentNotFound,
    DocumentNotReady,
)
from diglot.domain.identity import ChunkId, ChunkKey, DatasetId, DocumentId, RevisionKey, now_ms

TAKEN_BY_A_REPEAT = ("keywords", "questions", "tags", "tag_weights", "text_hash", "enabled", "updated_by", "updated_at")


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that is shown with a chunk."""

    media_type: str
    content: bytes


def require_open(document: Document) -> None:
    if document.archived:
        raise DocumentArchived
    if document.status is not DocumentStatus.READY:
        raise DocumentNotReady
    if not document.enabled:
        raise DocumentDisabled


def add(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    document_id: DocumentId,
    rows: Sequence[dict[str, Any]],
) -> list[Chunk]:
    document = _locked(connection, caller, dataset_id, document_id)
    require_open(document)
    revision = _serving(document)
    if not rows:
        return []
    return _add(connection, dataset_id, document_id, revision, rows)


def _add(
    connection: Connection,
    dataset_id: DatasetId,
    document_id: DocumentId,
    revision: RevisionKey,
    rows: Sequence[dict[str, Any]],
) -> list[Chunk]:
    """Children have their positions already."""
    start = chunks.last_position(connection, revision) + 1
    positions = count(start)
    placed = [row | {"revision_key": revision} for row in rows]
    added = chunks.add(connection, [row if row["parent_id"] else row | {"position": next(positions)} for row in placed])
    changes.note(connection, dataset_id, chunks=[chunk.key for chunk in added if not chunk.is_parent])
    shown = [chunk for chunk in added if chunk.parent_id is None]
    _count(connection, dataset_id, document_id, (), shown)
    return shown


def put(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    document_id: DocumentId,
    rows: Sequence[dict[str, Any]],
    image: Image | None,
) -> Chunk:
    """`rows`: the chunk's and its children's."""
    row = rows[0]
    _locked(connection, caller, dataset_id, document_id)
    revision = revisions.open_empty(connection, document_id)
    same = chunks.alike(connection, revision, row["hash"], row["answer"])
    if same is None:
        [chunk] = _add(connection, dataset_id, document_id, revision, rows)
    else:
        taken = {name: row[name] for name in TAKEN_BY_A_REPEAT}
        chunk = _there(chunks.change(connection, same.key, repeats=same.repeats + 1, **taken))
        if chunk.is_parent:
            followed = {name: row[name] for name in ("enabled", "keywords") if row[name]}
            chunks.change_children(connection, revision, [chunk.id], **followed)
        documents.count(connection, document_id, repeats=1)
    if image is not None:
        chunks.set_image(connection, chunk.key, image.media_type, image.content)
        chunk = replace(chunk, has_image=True)
    _note(connection, dataset_id, [chunk])
    return chunk


def _there(chunk: Chunk | None) -> Chunk:
    if chunk is None:
        raise ChunkNotFound
    return chunk


def edit(
    connection: Connection,
    caller: Caller,
    chunk: Chunk,
    columns: dict[str, Any],
    image: Image | None,
    children: Sequence[dict[str, Any]] | None,
    child_columns: dict[str, Any],
) -> Chunk | None:
    """None if the chunk is no longer what the edit was made for. `children` take the place of those there are; None:
    these stay, with `child_columns` changed."""
    document = _locked(connection, caller, chunk.dataset_id, chunk.document_id)
    if document.archived:
        raise DocumentArchived
    before = chunks.get(connection, caller.workspace_id, chunk.dataset_id, chunk.id, chunk.document_id)
    if before is None:
        raise ChunkNotFound
    if _editable(before) != _editable(chunk):
        return None
    after = _there(chunks.change(connection, before.key, **columns))
    if image is not None:
        chunks.set_image(connection, after.key, image.media_type, image.content)
        after = replace(after, has_image=True)
    if children is not None:
        _replace_children(connection, after, children)
    elif after.is_parent and child_columns:
        chunks.change_children(connection, after.revision, [after.id], **child_columns)
    _note(connection, chunk.dataset_id, [after])
    _count(connection, chunk.dataset_id, chunk.document_id, [before], [after])
    return after


def _editable(chunk: Chunk) -> tuple[object, ...]:
    return chunk.content, chunk.answer, chunk.keywords, chunk.questions, chunk.enabled


def _replace_children(connection: Connection, parent: Chunk, rows: Sequence[dict[str, Any]]) -> None:
    old = [child.key for child in chunks.children(connection, parent.revision, [parent.id])]
    chunks.remove(connection, old)
    changes.note(connection, parent.dataset_id, chunks=old)
    if rows:
        chunks.add(connection, [row | {"revision_key": parent.revision} for row in rows])


def _note(connection: Connection, dataset_id: DatasetId, touched: Iterable[Chunk]) -> None:
    """Tells the index of chunks, of parents' children in their place."""
    changes.note(connection, dataset_id, chunks=_keys(connection, touched))


def _keys(connection: Connection, touched: Iterable[Chunk]) -> list[ChunkKey]:
    """Their own, and their children's."""
    keys: list[ChunkKey] = []
    parents: dict[RevisionKey, list[ChunkId]] = {}
    for chunk in touched:
        keys.append(chunk.key)
        if chunk.is_parent:
            parents.setdefault(chunk.revision, []).append(chunk.id)
    for revision, ids in parents.items():
        keys += chunks.child_keys(connection, revision, ids)
    return keys


def remove(
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
    keys = [] if chunk is None else _keys(connection, [chunk])
    if chunk is None or not chunks.remove(connection, keys):
        raise ChunkNotFound
    changes.note(connection, dataset_id, chunks=keys)
    _count(connection, dataset_id, document.id, [chunk], ())


def remove_many(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    document_id: DocumentId,
    chunk_ids: Collection[ChunkId],
) -> int:
    """Those of them that are there; how many."""
    document = _locked(connection, caller, dataset_id, document_id)
    found = _present(connection, document, chunk_ids)
    if found:
        keys = _keys(connection, found)
        chunks.remove(connection, keys)
        changes.note(connection, dataset_id, chunks=keys)
        _count(connection, dataset_id, document_id, found, ())
    return len(found)


def remove_all(connection: Connection, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> int:
    """How many there were."""
    document = _locked(connection, caller, dataset_id, document_id)
    revisions.open_anew(connection, document_id)
    return document.chunk_count


def switch(
    connection: Connection,
    caller: Caller,
    dataset_id: DatasetId,
    document_id: DocumentId,
    chunk_ids: Collection[ChunkId],
    is_enabled: bool,
) -> int:
    """How many of them are there."""
    now = now_ms()
    columns = {"enabled": is_enabled, "updated_at": now, "updated_by": caller.user_id}
    columns |= {"disabled_at": None if is_enabled else now, "disabled_by": None if is_enabled else caller.user_id}
    found = _present(connection, _locked(connection, caller, dataset_id, document_id), chunk_ids)
    changed = [chunk for chunk in found if chunk.enabled is not is_enabled]
    for chunk in changed:
        chunks.change(connection, chunk.key, **columns)
        if chunk.is_parent:
            chunks.change_children(connection, chunk.revision, [chunk.id], enabled=is_enabled)
    _note(connection, dataset_id, changed)
    return len(found)


def _present(connection: Connection, document: Document, chunk_ids: Collection[ChunkId]) -> list[Chunk]:
    return [] if document.revision is None else chunks.by_ids(connection, document.revision, chunk_ids)


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
    repeats = sum(chunk.repeats for chunk in after) - sum(chunk.repeats for chunk in before)
    if more or words or tokens or repeats:
        documents.count(connection, document_id, chunks=more, words=words, tokens=tokens, repeats=repeats)
        datasets.count(connection, dataset_id, chunks=more, words=words, tokens=tokens)


def _locked(connection: Connection, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> Document:
    document = documents.lock(connection, caller.workspace_id, dataset_id, document_id)
    if document is None:
        raise DocumentNotFound
    return document


def _serving(document: Document) -> RevisionKey:
    if document.revision is None:
        raise DocumentNotReady
    return document.revision
