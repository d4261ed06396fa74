"""A chunk: the unit that is searched and shown."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from diglot.domain.identity import ChunkId, ChunkKey, DatasetId, DocumentId, RevisionKey, UserId
from diglot.domain.parsed import Anchor


class ChunkStatus(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ChunkDraft:
    """A chunk as a splitter makes it, before it is stored. `answer` only in the question-answer form."""

    content: str
    anchors: tuple[Anchor, ...] = ()
    answer: str | None = None
    keywords: tuple[str, ...] = ()
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """`keywords` and `questions` are searched beside the content. `word_count` counts characters, the answer's too.

    `hash` is sha256 of the content, hex; `text_hash` (sha256 of what is embedded) names its vector.
    """

    key: ChunkKey
    id: ChunkId
    dataset_id: DatasetId
    document_id: DocumentId
    revision: RevisionKey
    position: int
    content: str
    answer: str | None
    keywords: tuple[str, ...]
    questions: tuple[str, ...]
    anchors: tuple[Anchor, ...]
    tokens: int
    word_count: int
    hash: str
    text_hash: bytes
    enabled: bool
    disabled_at: int | None
    disabled_by: UserId | None
    status: ChunkStatus
    error: str | None
    hit_count: int
    created_by: UserId
    created_at: int
    updated_by: UserId
    updated_at: int
    indexed_at: int | None
    completed_at: int | None


def text_hash(text: str) -> bytes:
    """The name of a text's vector: sha256 of its UTF-8."""
    return hashlib.sha256(text.encode()).digest()
