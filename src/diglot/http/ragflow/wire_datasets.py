"""What clients send about datasets. Strict, as RAGFlow is here: the messages are pydantic's own."""

from collections import Counter
from functools import partial
from typing import Annotated, Any, Literal
from unicodedata import normalize

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from diglot.domain.identity import parse_id
from diglot.http.ragflow.paging import FIRST_SDK, LAST_PAGE, MOST
from diglot.http.ragflow.parser_config import ParserConfig, Strict, Text

NAME_LENGTH = 128
TEXT_LENGTH = 65_535
MOST_IDS = 100
IMAGES = ["image/jpeg", "image/png"]

Method = Literal[
    "naive",
    "book",
    "email",
    "laws",
    "manual",
    "one",
    "paper",
    "picture",
    "presentation",
    "qa",
    "table",
    "tag",
    "resume",
]
Permission = Literal["me", "team"]


def _uuid(sent: Any) -> Any:
    plain = parse_id(sent) if isinstance(sent, str) else None
    if plain is None:
        raise PydanticCustomError("invalid_uuid", "Invalid UUID format")
    return plain


def _avatar(sent: str | None) -> str | None:
    # Clients up to 0.18 send an empty one where there is none.
    if not sent:
        return None
    prefix, comma, _ = sent.partition(",")
    if not comma:
        raise PydanticCustomError("avatar", "missing MIME prefix. Expected format: data:<mime>;base64,<data>")
    if not prefix.startswith("data:"):
        raise PydanticCustomError("avatar", "invalid MIME prefix format. Must start with 'data:'")
    if prefix.removeprefix("data:").partition(";")[0] not in IMAGES:
        raise PydanticCustomError("avatar", f"Unsupported MIME type. Allowed: {IMAGES}")
    return sent


def _stripped(sent: Any) -> Any:
    return sent.strip() if isinstance(sent, str) else sent


def _unless_empty(sent: Any) -> Any:
    return None if sent == {} else sent


def _of_a_size(config: ParserConfig | None) -> ParserConfig | None:
    size = 0 if config is None else len(config.model_dump_json())
    if size > TEXT_LENGTH:
        message = "Parser config exceeds size limit (max 65,535 characters). Current size: {size}"
        raise PydanticCustomError("string_too_long", message, {"size": size})
    return config


Uuid = Annotated[str, BeforeValidator(_uuid)]
Avatar = Annotated[str | None, Field(max_length=TEXT_LENGTH), AfterValidator(_avatar)]
Description = Annotated[str | None, Field(max_length=TEXT_LENGTH)]
# The length belongs to the text: `None` has none.
ModelName = Annotated[str, Field(max_length=255)]
Config = Annotated[ParserConfig | None, BeforeValidator(_unless_empty), AfterValidator(_of_a_size)]


class MetadataField(Strict):
    name: Text = Field(description="Name of the field.", max_length=255)
    type: Literal["string", "list", "time", "number"] = Field(description="Kind of its values.")
    description: Description = Field(None, description="What it says.")
    examples: list[str] | None = Field(None, description="Values it may have.")
    restrict_values: bool = Field(False, description="Whether it may have no others.")


class AutoMetadata(Strict):
    enabled: bool = Field(True, description="Whether a model fills the fields. Kept; none does.")
    fields: list[MetadataField] = Field([], description="The fields.")


class DatasetFields(Strict):
    avatar: Avatar = Field(None, description="A picture, as a data URL of type image/png or image/jpeg.")
    description: Description = Field(None, description="What is in the dataset.")
    embedding_model: Annotated[ModelName | None, BeforeValidator(_stripped)] = Field(
        None, description="`name@provider`, or a name or alias that this server knows; null: its default."
    )
    permission: Permission = Field("me", description="Stored and shown; every key of the workspace sees all datasets.")
    chunk_method: Method = Field("naive", description="How documents become chunks.")
    parser_config: Config = Field(None, description="Options of the method; null or {}: its defaults.")
    parse_type: int | None = Field(None, description="With `pipeline_id`: 2. Kept, pipelines are not run.", ge=0, le=64)
    pipeline_id: str | None = Field(None, description="32 hex digits. Kept, pipelines are not run.")
    auto_metadata_config: AutoMetadata | None = Field(None, description="Metadata fields that a model would fill.")
    language: str | None = Field(None, description="`English` or `Chinese`, for instance.", max_length=32)
    ext: dict[str, Any] = Field({}, description="Taken and ignored.")

    @field_validator("pipeline_id")
    @classmethod
    def _hexadecimal(cls, sent: str | None) -> str | None:
        if not sent:
            return None
        if parse_id(sent) is None or len(sent) != 32:
            raise PydanticCustomError("format_invalid", "pipeline_id must be 32 hex characters")
        return sent.lower()

    @model_validator(mode="after")
    def _a_method_or_a_pipeline(self) -> "DatasetFields":
        sent = {"parse_type": self.parse_type not in (None, 1), "pipeline_id": self.pipeline_id is not None}
        if "chunk_method" in self.model_fields_set:
            _require(not any(sent.values()), "parser_id provided → disallowed fields present: ", sent, True)
        else:
            sent["parse_type"] = self.parse_type is not None
            _require(len(set(sent.values())) == 1, "parser_id omitted → required fields missing: ", sent, False)
        return self


def _require(holds: bool, message: str, sent: dict[str, bool], named: bool) -> None:
    if not holds:
        names = ", ".join(name for name, is_there in sent.items() if is_there is named)
        raise PydanticCustomError("dependency_error", message + names)


class CreateDataset(DatasetFields):
    name: Text = Field(description="1 to 128 characters; a name that is taken gets a number.", max_length=NAME_LENGTH)


class UpdateDataset(DatasetFields):
    name: Text = Field(
        default_factory=str, description="1 to 128 characters, not another dataset's name.", max_length=NAME_LENGTH
    )
    pagerank: int = Field(0, description="Added to the score of its chunks, 0 to 100.", ge=0, le=100)
    connectors: list[dict[str, Any]] = Field([], description="Taken and ignored.")


class DeleteDatasets(Strict):
    ids: list[str] | None = Field(None, description="Ids of the datasets; null or []: none.")
    delete_all: bool = Field(False, description="Whether all datasets go, where no ids are given.")

    @field_validator("ids")
    @classmethod
    def _ids_once(cls, sent: list[str] | None) -> list[str] | None:
        if sent is None:
            return None
        ids = [_uuid(one) for one in sent]
        twice = ", ".join(one for one, times in Counter(ids).items() if times > 1)
        if twice:
            raise PydanticCustomError("duplicate_uuids", "Duplicate ids: '{ids}'", {"ids": twice})
        return ids


def _ids(sent: Any) -> Any:
    ids = [one.strip() for part in sent for one in part.split(",") if one.strip()]
    if len(ids) > MOST_IDS:
        raise PydanticCustomError("too_many_ids", "ids must contain at most 100 IDs")
    return [_uuid(one) for one in ids]


def _object(sent: Any) -> Any:
    try:
        return orjson.loads(sent) if isinstance(sent, str) else sent
    except ValueError:
        return sent


class DatasetsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    page: int = Field(1, description="Which page, from 1.", ge=1)
    page_size: int = Field(30, description="Datasets a page, 1 to 100.", ge=1)
    orderby: Literal["create_time", "update_time"] = Field("create_time", description="What the list is sorted by.")
    desc: bool = Field(True, description="Whether the newest come first.")
    name: Annotated[str, AfterValidator(partial(normalize, "NFC"))] = Field(
        "", description="The dataset's name, in either case; empty: any."
    )
    id: Uuid | None = Field(None, description="The dataset's id.")
    ids: Annotated[list[str], BeforeValidator(_ids)] = Field(
        [], description="Ids, at most 100: repeated, or separated by commas. Not with `id`."
    )
    include_parsing_status: bool = Field(False, description="Whether documents are counted by state.")
    type: Literal["filter"] | None = Field(None, description="`filter`: only whose datasets there are.")
    ext: Annotated[dict[str, Any], BeforeValidator(_object)] = Field(
        {}, description='A JSON object: `{"keywords": "part of the name"}`.'
    )

    @field_validator("page_size")
    @classmethod
    def _bounded(cls, sent: int) -> int:
        if sent > MOST and sent != FIRST_SDK:
            raise ValueError(f"page_size must be less than or equal to {MOST}")
        return sent

    @property
    def offset(self) -> int:
        return (min(self.page, LAST_PAGE) - 1) * self.page_size

    @property
    def keywords(self) -> str | None:
        sent = self.ext.get("keywords")
        return sent if isinstance(sent, str) and sent else None
