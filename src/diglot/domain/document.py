"""A document: one source, its revisions, and how far it has come."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, RuleId, UserId, WorkspaceId
from diglot.domain.rules import ChunkForm


class DocumentStatus(StrEnum):
    WAITING = "waiting"
    PARSING = "parsing"
    CLEANING = "cleaning"
    SPLITTING = "splitting"
    EMBEDDING = "embedding"
    INDEXING = "indexing"
    READY = "ready"
    FAILED = "failed"
    PAUSED = "paused"
    CANCELLED = "cancelled"

    # Enum hashes in Python; as a key of tables, once for each listed document, that is felt.
    __hash__ = str.__hash__

    @property
    def is_working(self) -> bool:
        return self in WORKING

    @property
    def is_final(self) -> bool:
        return self in FINAL


WORKING = frozenset(
    {
        DocumentStatus.PARSING,
        DocumentStatus.CLEANING,
        DocumentStatus.SPLITTING,
        DocumentStatus.EMBEDDING,
        DocumentStatus.INDEXING,
    }
)
FINAL = frozenset({DocumentStatus.READY, DocumentStatus.FAILED, DocumentStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Document:
    """`revision` is the one that serves (None until the first is ready); `pending` the one being made.

    `source` is the sha256 of the newest revision's blob, `size` its bytes. `word_count` counts characters, `tokens`
    `count_tokens`. `status` speaks of the newest revision; times are milliseconds since 1970.
    """

    id: DocumentId
    workspace_id: WorkspaceId
    dataset_id: DatasetId
    position: int
    name: str
    source: str
    size: int
    media_type: str
    created_from: str
    batch: str
    rule_id: RuleId
    chunk_form: ChunkForm
    language: str
    revision: RevisionKey | None
    pending: RevisionKey | None
    status: DocumentStatus
    progress: float
    error: str | None
    enabled: bool
    disabled_at: int | None
    disabled_by: UserId | None
    archived: bool
    metadata: dict[str, Any]
    word_count: int
    tokens: int
    chunk_count: int
    hit_count: int
    started_at: int | None
    parsed_at: int | None
    cleaned_at: int | None
    split_at: int | None
    completed_at: int | None
    paused_at: int | None
    stopped_at: int | None
    created_by: UserId
    created_at: int
    updated_at: int

    @property
    def is_available(self) -> bool:
        """Whether retrieval may show it: a revision serves, enabled and not archived."""
        return self.revision is not None and self.enabled and not self.archived
