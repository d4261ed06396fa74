"""What clients of July 2024 send. Whether a key was sent at all counts, so unknown ones are kept."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

LANGUAGE_LENGTH = 32
PHOTO_LENGTH = 65535
METHODS = "`naive`, `qa`, `table`, `one`, `laws`, `book`, `manual`, `paper`, `presentation`, `picture` or `resume`."

# Kept as text: what is no number is told in words of its own.
Whole = Annotated[str, WithJsonSchema({"type": "integer"})]
Flag = Annotated[str, WithJsonSchema({"type": "boolean"})]


class Sent(BaseModel):
    model_config = ConfigDict(extra="allow")

    @property
    def is_empty(self) -> bool:
        return not self.model_fields_set

    def has(self, name: str) -> bool:
        return name in self.model_fields_set


class CreateDataset(Sent):
    name: str | None = Field(
        None, description="Name of the dataset, at most 1024 characters. One that is taken gets a number: `name(1)`."
    )
    dataset_name: str | None = Field(None, description="The same; `name` counts if both are there.")


class DatasetsQuery(BaseModel):
    offset: Whole = Field("0", description="How many to pass over.")
    count: Whole = Field("-1", description="How many to list; negative: all that follow.")
    orderby: str = Field("create_time", description="`create_time`, `update_time` (or `..._date`) or `name`.")
    desc: Flag = Field("true", description="Whether the newest, or the last by name, comes first.")


class UpdateDataset(Sent):
    name: str | None = Field(None, description="New name, which must be free.")
    description: str | None = Field(None, description="What is in it.")
    permission: str | None = Field(None, description="`me` or `team`; it restricts nobody here.")
    language: str | None = Field(None, description="Language of its documents.", max_length=LANGUAGE_LENGTH)
    chunk_method: Any = Field(None, description=f"How documents to come are cut: {METHODS}")
    embedding_model_id: str | None = Field(None, description="Another embedding model, while there are no chunks.")
    photo: str | None = Field(None, description="A picture, as a data URL.", max_length=PHOTO_LENGTH)
    layout_recognize: Any = Field(None, description="Kept in `parser_config`.")
    token_num: Any = Field(None, description="Taken and ignored: tokens are counted.")
    chunk_num: Any = Field(None, description="Taken and ignored: chunks are counted.")
    id: Any = Field(None, description="Taken and ignored: ids never change.")


class Upload(Sent):
    file: Any = Field(
        None,
        description="One part of this name for each file, at most 256, each with its name.",
        json_schema_extra={"type": "array", "items": {"type": "string", "format": "binary"}},
    )


class DocumentsQuery(BaseModel):
    offset: Whole = Field("0", description="How many to pass over.")
    count: Whole = Field("-1", description="How many to list; negative: all that follow.")
    order_by: str = Field("create_time", description="`create_time`, `update_time` (or `..._date`) or `name`.")
    descend: Flag = Field("true", description="Whether the newest, or the last by name, comes first.")
    keywords: str = Field("", description="Part of the name, in either case.")


class UpdateDocument(Sent):
    name: str | None = Field(None, description="New name, which must be free and keep its extension.")
    enable: Any = Field(None, description="`0` hides the document from searches, `1` shows it.")
    template_type: Any = Field(None, description=f"How it is cut when it is parsed next: {METHODS}")


class DocumentIds(BaseModel):
    doc_ids: list[str] | None = Field(None, description="Ids of documents; none, or null: all of the dataset.")


class StatusQuery(BaseModel):
    document_id: str | None = Field(None, description="Id of the one document to tell of.")
    doc_ids: list[str] = Field(
        default_factory=list, description="Ids of documents, repeated or with commas; none: all of the dataset."
    )
