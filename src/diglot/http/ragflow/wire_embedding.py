"""A look at another embedding model: what is sent, and what goes back."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema

from diglot.http.ragflow.wire import Reply
from diglot.http.ragflow.wire_documents import Sent


class CheckEmbedding(Sent):
    embd_id: Annotated[Any, WithJsonSchema({"type": "string"})] = Field(
        None, description="The other model, as `name@provider` or by a name of this server."
    )
    check_num: Annotated[Any, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 100})] = Field(
        5, description="How many chunks are looked at, 1 to 100; they are chosen by chance."
    )


class CheckSummary(BaseModel):
    kb_id: str = Field(description="Id of the dataset.")
    model: str = Field(description="The other model, as it was named.")
    sampled: int = Field(description="How many chunks were looked at.")
    valid: int = Field(description="How many of them have a vector.")
    avg_cos_sim: float = Field(description="Mean cosine of their vectors to the other model's.")
    min_cos_sim: float = Field(description="The least.")
    max_cos_sim: float = Field(description="The greatest.")
    match_mode: str = Field(description="Always `content_only`: names of files are in no vector.")


class CheckedChunk(BaseModel):
    chunk_id: str = Field(description="The chunk.")
    reason: str | None = Field(None, description="`no_stored_vector`, where the chunk has none.")
    doc_id: str | None = Field(None, description="Its document.")
    doc_name: str | None = Field(None, description="The document's name.")
    vector_field: str | None = Field(None, description="What RAGFlow would call the vector.")
    vector_dim: int | None = Field(None, description="How many numbers the vector has.")
    cos_sim: float | None = Field(None, description="Its cosine to the other model's.")


class EmbeddingCheck(BaseModel):
    summary: CheckSummary = Field(description="All of them together.")
    results: list[CheckedChunk] = Field(description="Each of them.")


class EmbeddingCheckReply(Reply):
    data: EmbeddingCheck = Field(description="What was found.")


class Scheduled(BaseModel):
    scheduled_count: int = Field(description="How many documents wait to be parsed now.")


class ScheduledReply(Reply):
    data: Scheduled = Field(description="What was begun.")
