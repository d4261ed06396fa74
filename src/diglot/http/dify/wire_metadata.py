"""Metadata fields and documents' values, in Dify's words."""

from typing import Literal

from pydantic import BaseModel, Field

from diglot.http.dify.wire import Sent

Kind = Literal["string", "number", "time"]


class CreateField(Sent):
    type: Kind = Field(description="`string`, `number` or `time` (seconds since 1970).")
    name: str = Field(description="Name of the field, 1 to 255 characters, unique in the dataset.")


class RenameField(Sent):
    name: str = Field(description="The new name; documents' values go with it.")


class SentValue(Sent):
    id: str = Field("", description="UUID of the field; those of built-in fields are passed over.")
    name: str = Field("", description="Name of the field; counts where the id is not known.")
    value: str | bool | int | float | None = Field(None, description="The value; a number may be sent as text.")


class DocumentValues(Sent):
    document_id: str = Field(description="UUID of the document.")
    metadata_list: list[SentValue] = Field(description="The document's values.")
    partial_update: bool | None = Field(False, description="Whether values of fields that are not named here stay.")


class AssignValues(Sent):
    operation_data: list[DocumentValues] = Field(description="One entry a document; all of them are done, or none.")


class ShownField(BaseModel):
    id: str = Field(description="UUID of the field.")
    name: str = Field(description="Name of the field.")
    type: Kind = Field(description="What it holds.")


class CountedField(ShownField):
    count: int = Field(description="How many documents have a value of it.")


class Fields(BaseModel):
    doc_metadata: list[CountedField] = Field(description="The dataset's own fields, oldest first.")
    built_in_field_enabled: bool = Field(description="Whether documents show the built-in fields too.")


class BuiltinField(BaseModel):
    name: str = Field(description="Name of the field.")
    type: Kind = Field(description="What it holds.")


class BuiltinFields(BaseModel):
    fields: list[BuiltinField] = Field(description="What every document has by itself.")
