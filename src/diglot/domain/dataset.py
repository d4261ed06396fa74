"""A dataset: documents that are searched together, by one embedding model."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from diglot.domain.identity import DatasetId, GenerationId, RuleId, UserId, WorkspaceId
from diglot.domain.rules import ChunkForm

NAME_LENGTH = 1024


class Indexing(StrEnum):
    """Words only, or words and vectors."""

    ECONOMY = "economy"
    HIGH_QUALITY = "high_quality"


@dataclass(frozen=True, slots=True)
class Dataset:
    """`indexing`, `chunk_form` and `embedding_model` are None until the first document fixes them.

    `retrieval` holds `domain.search.RetrievalSettings.to_json()`, None where nobody chose. Times are milliseconds.
    `rule_id` is the rule that somebody chose for its documents to come. `avatar` is a data URL. `boost` is added to the
    score of its chunks where a dialect asks for that. `token_count` and `size` (bytes of the newest files) sum its
    documents'. `attributes` are what dialects keep with it; nothing else reads them.
    """

    id: DatasetId
    workspace_id: WorkspaceId
    name: str
    description: str | None
    permission: str
    indexing: Indexing | None
    chunk_form: ChunkForm | None
    embedding_model: str | None
    retrieval: dict[str, Any] | None
    api_enabled: bool
    generation_id: GenerationId
    document_count: int
    available_count: int
    chunk_count: int
    word_count: int
    created_by: UserId
    created_at: int
    updated_by: UserId
    updated_at: int
    rule_id: RuleId | None = None
    avatar: str | None = None
    language: str | None = None
    boost: int = 0
    token_count: int = 0
    size: int = 0
    attributes: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of a dataset's search index: its folder's name is the id. Only the dataset's active one is searched."""

    id: GenerationId
    dataset_id: DatasetId
    embedding_model: str | None
    dimension: int | None
    tokenizer: str
    format: int
    created_at: int
