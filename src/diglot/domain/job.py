"""A job: a ticket for work that must happen. What users ask about stands on the document, not here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from diglot.domain.identity import DatasetId, DocumentId, JobId, RevisionKey, WorkspaceId


class JobKind(StrEnum):
    """INGEST makes a revision ready; PURGE removes what is deleted or dropped; REBUILD makes a dataset's index anew."""

    INGEST = "ingest"
    PURGE = "purge"
    REBUILD = "rebuild"


AT_ONCE, SLOW, SLOWEST, RECOGNITION = 0, 4, 5, 10
"""Priorities, each a line of its own: documents that took longer than others may wait for, those that took long even
there, and those whose text is recognised from pictures, seconds a page."""


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DEAD = "dead"


class Lease(StrEnum):
    """What a renewal tells the worker: go on, stop and say so, or stop at once and touch nothing more."""

    HELD = "held"
    CANCELLED = "cancelled"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Job:
    """`owner` and `attempts` together are the fencing token: whoever shows an older pair can change nothing.

    `crashes` counts attempts that ended by the death of a process. Times are milliseconds since 1970.
    """

    id: JobId
    kind: JobKind
    workspace_id: WorkspaceId
    dataset_id: DatasetId
    document_id: DocumentId | None
    revision: RevisionKey | None
    priority: int
    cost: float
    state: JobState
    run_at: int
    attempts: int
    crashes: int
    owner: str | None
    lease_until: int | None
    cancel: bool
    error: str | None
    payload: dict[str, Any]
    created_at: int
    finished_at: int | None
