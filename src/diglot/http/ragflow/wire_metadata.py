"""Metadata on the wire. What is wrong with a change is told in RAGFlow's own words, so it is taken as it comes."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema

from diglot.http.ragflow.wire import Reply
from diglot.http.ragflow.wire_documents import Sent

Object = Annotated[Any, WithJsonSchema({"type": "object"})]
Objects = Annotated[Any, WithJsonSchema({"type": "array", "items": {"type": "object"}})]
Fields = list[Any] | dict[str, Any]


class SummaryQuery(Sent):
    doc_ids: str = Field("", description="Ids of documents, separated by commas; empty: all of the dataset.")


class FlattenedQuery(Sent):
    dataset_ids: str = Field("", description="Ids of datasets, separated by commas.")


class UpdateMetadata(Sent):
    selector: Object = Field(
        None, description="`document_ids`: which documents, else all; `metadata_condition`: of these, which."
    )
    updates: Objects = Field(
        None, description="`key`, `value`, and `match` where only fields that read so become the value."
    )
    deletes: Objects = Field(None, description="`key`, and `value` where only fields that read so go.")


class DatasetConfig(Sent):
    metadata: Fields | None = Field(None, description="Metadata fields that a model would fill.")
    built_in_metadata: Fields | None = Field(None, description="Built-in fields.")
    fields: Fields | None = Field(None, description="What clients of 2025 call `metadata`.")
    enabled: bool | None = Field(None, description="Whether a model fills them. Kept; none does.")


class DocumentConfig(Sent):
    metadata: Fields | None = Field(None, description="Metadata fields that a model would fill.")


class Summary(BaseModel):
    type: str = Field(description="string, number, list or time.")
    values: list[tuple[str, int]] = Field(description="Values and how many documents have them, most first.")


class Summaries(BaseModel):
    summary: dict[str, Summary] = Field(description="Of every field.")


class Updated(BaseModel):
    updated: int = Field(description="How many documents have other metadata now.")
    matched_docs: int = Field(description="How many were meant.")


class Config(BaseModel):
    metadata: Fields = Field(description="Metadata fields that a model would fill.")
    built_in_metadata: Fields = Field(description="Built-in fields.")
    fields: Fields | None = Field([], description="Answers a change that calls `metadata` so.")
    enabled: bool | None = Field(False, description="Answers a change that says so.")


class SummaryReply(Reply):
    data: Summaries = Field(description="Which values there are.")


class UpdatedReply(Reply):
    data: Updated = Field(description="What became of it.")


class FlattenedReply(Reply):
    data: dict[str, dict[str, list[str]]] = Field(description="Of each field and value, which documents have it.")


class ConfigReply(Reply):
    data: Config = Field(description="What is kept.")
