"""Dify's external knowledge API on the wire."""

from typing import Any

from pydantic import BaseModel, Field

from diglot.http.ragflow.wire_chunks import Flag, Sent
from diglot.http.ragflow.wire_searching import OPERATORS

MOST_RECORDS = 1024


class RetrievalSetting(Sent):
    top_k: int = Field(MOST_RECORDS, ge=1, le=MOST_RECORDS, description="How many records at most.")
    score_threshold: float | None = Field(
        0.0, allow_inf_nan=False, description="Records that score lower are left out; 0: none."
    )


DEFAULT_SETTING = RetrievalSetting.model_validate({})


class ExternalQuestion(Sent):
    knowledge_id: str = Field(min_length=1, description="Id of the dataset.")
    query: str = Field(min_length=1, description="What is asked.")
    retrieval_setting: RetrievalSetting | None = Field(None, description="How many records, and how good.")
    metadata_condition: dict[str, Any] | None = Field(
        None, description="`logical_operator` (or `logic`) and `conditions`, a list of objects: `name`, " + OPERATORS
    )
    use_kg: Flag = Field(None, description="Whether to ask a knowledge graph: needs a chat model.")


class ExternalQuery(Sent):
    knowledge_id: str = Field(min_length=1, description="Id of the dataset.")
    query: str = Field(min_length=1, description="What is asked.")
    top_k: int = Field(MOST_RECORDS, ge=1, le=MOST_RECORDS, description="How many records at most.")
    score_threshold: float = Field(
        0.0, allow_inf_nan=False, description="Records that score lower are left out; 0: none."
    )
    use_kg: str | None = Field(None, description="Whether to ask a knowledge graph: needs a chat model.")


class Record(BaseModel):
    content: str = Field(description="The chunk's text.")
    score: float = Field(description="How well it answers, 0 to 1.")
    title: str = Field(description="The document's name.")
    metadata: dict[str, Any] = Field(description="The document's metadata, and its id as `document_id` and `doc_id`.")


class Records(BaseModel):
    records: list[Record] = Field(description="Best first.")


class Healthy(BaseModel):
    code: int = Field(description="Always 0.")
    message: str = Field(description="Always `success`.")
    data: bool = Field(description="Always true.")
