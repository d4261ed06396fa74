"""A chunk: the unit that is searched and shown."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from diglot.domain.identity import ChunkId, ChunkKey, DatasetId, DocumentId, RevisionKey, UserId
from diglot.domain.parsed import Anchor


class ChunkStatus(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class ChunkKind(StrEnum):
    """What a chunk shows."""

    TEXT = "text"
    TABLE = "table"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class ChunkDraft:
    """A chunk as a splitter makes it, before it is stored. `answer` only in the question-answer form, `children` in the
    hierarchical one; children have none."""

    content: str
    anchors: tuple[Anchor, ...] = ()
    answer: str | None = None
    keywords: tuple[str, ...] = ()
    tokens: int = 0
    kind: ChunkKind = ChunkKind.TEXT
    tags: tuple[str, ...] = ()
    children: tuple["ChunkDraft", ...] = ()
    tag_weights: Mapping[str, float] | None = None

    @property
    def searched(self) -> tuple["ChunkDraft", ...]:
        """What is found in its place."""
        return self.children or (self,)


@dataclass(frozen=True, slots=True)
class Chunk:
    """`keywords` and `questions` are searched beside the content. `word_count` counts characters, the answer's too.

    `hash` is sha256 of the content, hex; `text_hash` (sha256 of what is embedded) names its vector. `repeats`: how
    often the same content was added once more where one content is one chunk. `has_image`: the catalog keeps a picture.

    A chunk that `is_parent` is found by its children alone; a child names it by `parent_id` (else None), counts its
    `position` within it, is enabled with it, and `is_custom` if somebody wrote it.
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
    kind: ChunkKind
    tags: tuple[str, ...]
    tag_weights: dict[str, float]
    repeats: int
    has_image: bool
    parent_id: ChunkId | None
    is_parent: bool
    is_custom: bool


@dataclass(frozen=True, slots=True)
class ChunkFilter:
    """What a list of chunks is narrowed to; None and the empty text: not narrowed. `keyword` occurs in the content, one
    of `words` in content, answer, keywords or questions, all in either case."""

    keyword: str = ""
    words: Collection[str] | None = None
    statuses: Collection[ChunkStatus] | None = None
    ids: Collection[ChunkId] | None = None
    enabled: bool | None = None


ALL_CHUNKS = ChunkFilter()


def embedded_text(content: str, questions: Sequence[str] = ()) -> str:
    """What a chunk's vector is made of: the questions that it answers, where somebody wrote them down."""
    return "\n".join(questions) or content


def text_hash(text: str) -> bytes:
    """The name of a text's vector: sha256 of its UTF-8."""
    return hashlib.sha256(text.encode()).digest()
