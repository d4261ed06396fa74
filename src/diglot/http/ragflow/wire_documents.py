"""Documents on the wire. Where RAGFlow answers in pydantic's words the models are strict, else they take what comes."""

from collections import Counter
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictStr, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from diglot.domain.rules import ChunkMethod
from diglot.http.ragflow.paging import Whole
from diglot.http.ragflow.parser_config import ParserConfig, Strict
from diglot.http.ragflow.wire import Reply

# Of a document; a dataset cannot have all of them.
METHODS = frozenset(ChunkMethod) - {ChunkMethod.GENERAL, ChunkMethod.RESUME}

Ids = Annotated[Any, WithJsonSchema({"type": "array", "items": {"type": "string"}})]
Milliseconds = Annotated[Any, WithJsonSchema({"type": "integer", "minimum": 0})]
Flag = Annotated[Any, WithJsonSchema({"type": "boolean"})]
Digit = Annotated[Any, WithJsonSchema({"type": "string", "enum": ["0", "1"]})]


class Sent(BaseModel):
    model_config = ConfigDict(extra="ignore")


class UploadQuery(Sent):
    type: str = Field("local", description="`local`: files; `empty`: a document without a file, by `name`.")
    return_raw_files: str = Field("false", description="`true`: fields under the names of RAGFlow's tables.")


class Upload(Sent):
    parser_config: Any = Field(
        None,
        description="A JSON object that is laid over the dataset's parser_config.",
        json_schema_extra={"type": "string"},
    )
    parent_path: str = Field("", description="Taken and ignored: there is no file manager.")
    name: Any = Field(None, description="With `type=empty`: the name.", json_schema_extra={"type": "string"})
    file: Any = Field(
        None,
        description="The files; repeat the part.",
        json_schema_extra={"type": "array", "items": {"type": "string", "format": "binary"}},
    )


class DocumentsQuery(Sent):
    page: Whole = Field(1, description="Which page, from 1.")
    page_size: Whole = Field(None, description="Documents a page, 1 to 100; unset: 30.")
    offset: Whole = Field(None, description="What the first SDK calls `page`.")
    limit: Whole = Field(None, description="What the first SDK calls `page_size`.")
    orderby: str = Field("create_time", description="`create_time`, `update_time` or `name`.")
    desc: str = Field("true", description="`false`: ascending.")
    keywords: str = Field("", description="Part of the name, in either case.")
    id: str = Field("", description="One document's id; it must be there.")
    ids: list[str] = Field([], description="Ids of at most 100 documents; repeat it, or separate by commas.")
    name: str = Field("", description="The whole name; it must be there.")
    suffix: list[str] = Field([], description="Extensions, without the dot; repeat it.")
    run: list[str] = Field([], description="UNSTART, RUNNING, CANCEL, DONE, FAIL or their digits 0 to 4; repeat it.")
    types: list[str] = Field([], description="pdf, doc, visual, aural, virtual, other; repeat it.")
    create_time_from: Milliseconds = Field(0, description="Earliest create_time on the page; 0: any.")
    create_time_to: Milliseconds = Field(0, description="Latest create_time on the page; 0: any.")
    metadata_condition: str = Field("", description="A JSON object: logic, and conditions on metadata.")
    metadata: str = Field("", description="A JSON object: field to the value, or list of values, that it may have.")
    return_empty_metadata: str = Field("false", description="`true`: only documents without metadata.")
    type: str = Field("", description="`filter`: not the documents, but what they could be narrowed to.")


class UpdateDocument(Sent):
    name: StrictStr = Field("", description="New name, with the same extension; at most 255 bytes.")
    chunk_method: StrictStr | None = Field(
        None, description="Another one takes the document's chunks away, and it waits to be parsed."
    )
    parser_config: ParserConfig | None = Field(None, description="Laid over the present one; for the next parse.")
    enabled: int | None = Field(None, description="1: it is found; 0: it is not, from the answer on.", ge=0, le=1)
    meta_fields: dict[str, Any] | None = Field(
        None, description="Takes the place of all metadata: texts, numbers, or lists of them."
    )
    chunk_count: int | None = Field(None, description="Cannot be changed.", ge=0)
    token_count: int | None = Field(None, description="Cannot be changed.", ge=0)
    progress: float | None = Field(None, description="Cannot be changed.", ge=0, le=1)
    pipeline_id: Any = Field(None, description="Taken and ignored.", json_schema_extra={"type": "string"})

    @field_validator("chunk_method")
    @classmethod
    def _known(cls, sent: str | None) -> str | None:
        if sent and sent not in METHODS:
            raise PydanticCustomError("format_invalid", "`chunk_method` {sent} doesn't exist", {"sent": sent})
        return sent

    @field_validator("meta_fields")
    @classmethod
    def _of_plain_values(cls, sent: dict[str, Any] | None) -> dict[str, Any] | None:
        for value in (sent or {}).values():
            if isinstance(value, list):
                if not all(_is_plain(item) for item in value):
                    raise PydanticCustomError(
                        "format_invalid", "The type is not supported in list: {value}", {"value": str(value)}
                    )
            elif not _is_plain(value):
                raise PydanticCustomError("format_invalid", "The type is not supported: {value}", {"value": str(value)})
        return sent


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


class DeleteDocuments(Strict):
    ids: list[str] | None = Field(None, description="The documents.")
    delete_all: bool = Field(False, description="`true`, without ids: every document of the dataset.")

    @field_validator("ids")
    @classmethod
    def _once(cls, sent: list[str] | None) -> list[str] | None:
        twice = ", ".join(one for one, times in Counter(sent or ()).items() if times > 1)
        if twice:
            raise PydanticCustomError("duplicate_uuids", "Duplicate ids: '{ids}'", {"ids": twice})
        return sent


class DocumentIds(Sent):
    document_ids: Ids = Field(None, description="The documents.")


class Ingest(Sent):
    doc_ids: Ids = Field(None, description="Documents, of whichever datasets.")
    run: Digit = Field(None, description="`1`: parse them; `2`: stop.", json_schema_extra={"enum": ["1", "2"]})
    delete: Flag = Field(None, description="Whether their present chunks go. They do, once there are new ones.")
    apply_kb: Flag = Field(None, description="Whether they take the method and parser_config of their dataset first.")


class SwitchDocuments(Sent):
    doc_ids: Ids = Field(None, description="The documents.")
    status: Digit = Field(None, description="`1`: found; `0`: not.")


class ThumbnailsQuery(Sent):
    doc_ids: list[str] = Field([], description="The documents, 100 at most; repeat it, or separate by commas.")


class Document(BaseModel):
    id: str = Field(description="The document's id.")
    thumbnail: str | None = Field(description="Path of a small picture, of PDFs and pictures.")
    dataset_id: str = Field(description="Its dataset.")
    chunk_method: str = Field(description="How it becomes chunks.")
    pipeline_id: str | None = Field(description="Always null.")
    parser_config: dict[str, Any] = Field(description="Options of the method.")
    source_type: str = Field(description="Always `local`.")
    type: str = Field(description="pdf, doc, visual, aural, virtual or other, by the extension.")
    created_by: str = Field(description="The user of the key that uploaded it.")
    name: str = Field(description="Its name.")
    location: str = Field(description="Its name.")
    size: int = Field(description="Bytes.")
    token_count: int = Field(description="Tokens of its chunks, by this server's estimate.")
    chunk_count: int = Field(description="Its chunks.")
    progress: float = Field(description="0 to 1; -1 if it failed.")
    progress_msg: str = Field(description="What happened, a line each; why it failed.")
    process_begin_at: str | None = Field(description="When its parsing was asked for.")
    process_duration: float = Field(description="Seconds since then, or till it ended.")
    suffix: str = Field(description="Extension, without the dot.")
    content_hash: str = Field(description="sha256 of the file.")
    run: str = Field(description="UNSTART, RUNNING, CANCEL, DONE or FAIL.")
    status: str = Field(description="`1` if it is found, else `0`.")
    meta_fields: dict[str, Any] = Field(description="Metadata.")
    create_date: str = Field(description="When it was uploaded.")
    create_time: int = Field(description="The same, in milliseconds since 1970.")
    update_date: str = Field(description="When it changed.")
    update_time: int = Field(description="The same, in milliseconds since 1970.")


class Listed(BaseModel):
    total: int = Field(description="How many there are on all pages.")
    docs: list[Document] = Field([], description="This page.")
    filter: dict[str, dict[str, Any]] | None = Field(
        None, description="With `type=filter`: how many documents have each suffix, run_status (a digit), metadata."
    )


class Counted(BaseModel):
    success_count: int = Field(description="How many did as they were told.")
    errors: list[str] = Field([], description="Which ids were given more than once, or did not; absent where none.")


class Deleted(BaseModel):
    deleted: int = Field(description="How many.")


class UploadedReply(Reply):
    data: list[Document] | Document = Field(description="What was stored; with `type=empty` the one document.")


class ListedReply(Reply):
    data: Listed = Field(description="The documents.")


class DocumentReply(Reply):
    data: Document = Field(description="The document as it is now.")


class DeletedReply(Reply):
    data: Deleted = Field(description="What went.")


class CountedReply(Reply):
    data: Counted | None = Field(None, description="Absent where there is nothing to tell.")


class DoneReply(Reply):
    data: bool = Field(description="Always true.")


class SwitchedReply(Reply):
    data: dict[str, dict[str, str]] = Field(description="Of each id its `status`, or an `error`.")


class ThumbnailsReply(Reply):
    data: dict[str, str] = Field(description="Of each document that has one, a data URL.")
