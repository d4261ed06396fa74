"""A document: one source, its revisions, and how far it has come."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from diglot.domain.conditions import Conditions
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
    def is_final(self) -> bool:
        return self in FINAL


class Phase(StrEnum):
    """A document's state in one word, for those who give commands. UNSTARTED: nobody has asked for it to be read."""

    UNSTARTED = "unstarted"
    RUNNING = "running"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"

    __hash__ = str.__hash__


PHASES = {
    DocumentStatus.READY: Phase.DONE,
    DocumentStatus.FAILED: Phase.FAILED,
    DocumentStatus.CANCELLED: Phase.CANCELLED,
}
"""Of documents that nothing is being made for."""
FINAL = frozenset({DocumentStatus.READY, DocumentStatus.FAILED, DocumentStatus.CANCELLED})


def phase_of(status: DocumentStatus, is_being_made: bool) -> Phase:
    return Phase.RUNNING if is_being_made else PHASES.get(status, Phase.UNSTARTED)


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What a list of documents is narrowed to; None and the empty text: not narrowed, an empty collection: to nothing.

    `keyword` occurs in the name, in either case. `suffixes` end the name, in lower case, without the dot. Times are
    milliseconds, both ends included. All of `conditions` hold. `has_metadata`: whether there is any.
    """

    keyword: str = ""
    statuses: Collection[DocumentStatus] | None = None
    phases: Collection[Phase] | None = None
    enabled: bool | None = None
    archived: bool | None = None
    ids: Collection[DocumentId] | None = None
    name: str = ""
    suffixes: Collection[str] | None = None
    created_from: int | None = None
    created_to: int | None = None
    conditions: tuple[Conditions, ...] = ()
    has_metadata: bool | None = None


ALL_DOCUMENTS = DocumentFilter()


@dataclass(frozen=True, slots=True)
class Document:
    """`revision` is the one that serves (None until the first is ready); `pending` the one being made.

    `source` is the sha256 of the newest revision's blob, `size` its bytes. `word_count` counts characters, `tokens`
    `count_tokens`. `status` speaks of the newest revision; times are milliseconds since 1970: `begun_at` when its
    newest revision was asked for, `ended_at` when that one was ready, failed or cancelled. `repeat_count` sums its
    chunks' `repeats`. `notes` say what was left out of the serving revision, and why. `attributes` are what dialects
    keep with it; nothing else reads them.
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
    begun_at: int | None = None
    ended_at: int | None = None
    notes: list[str] | None = None
    repeat_count: int = 0
    attributes: dict[str, Any] | None = None

    @property
    def phase(self) -> Phase:
        return phase_of(self.status, self.pending is not None)

    @property
    def revisions(self) -> list[RevisionKey]:
        """The one that serves and the one being made, as far as there are such."""
        return [key for key in (self.revision, self.pending) if key is not None]

    @property
    def is_available(self) -> bool:
        """Whether retrieval may show it: a revision serves, enabled and not archived."""
        return self.revision is not None and self.enabled and not self.archived


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document is sorted by where there are too many to look at each."""

    name: str
    phase: Phase
    metadata: dict[str, Any]
