"""Chunks on the wire. Most values are taken as they come: what is wrong with them is told in RAGFlow's own words."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from diglot.http.ragflow.paging import Whole
from diglot.http.ragflow.wire import Reply

Text = Annotated[Any, WithJsonSchema({"type": "string"})]
Texts = Annotated[Any, WithJsonSchema({"type": "array", "items": {"type": "string"}})]
Flag = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "integer", "enum": [0, 1]}]})]
Weights = Annotated[Any, WithJsonSchema({"type": "object", "additionalProperties": {"type": "number"}})]
Places = Annotated[
    Any,
    WithJsonSchema(
        {"type": "array", "items": {"type": "array", "items": {"type": "number"}, "minItems": 5, "maxItems": 5}}
    ),
]


class Sent(BaseModel):
    model_config = ConfigDict(extra="ignore")


class ChunksQuery(Sent):
    keywords: str = Field("", description="Words of which one at least occurs in the chunk; they come back marked.")
    page: Whole = Field(1, description="Which page, from 1.")
    page_size: Whole = Field(None, description="Chunks a page, 1 to 100; unset: 30.")
    offset: Whole = Field(None, description="What the first SDK calls `page`.")
    limit: Whole = Field(None, description="What the first SDK calls `page_size`.")
    id: str = Field("", description="One chunk's id; the other parameters are passed over then.")
    chunk_ids: list[str] = Field([], description="Ids of at most 100 chunks; repeat it, or separate by commas.")
    available: str | None = Field(None, description="`true`: only chunks that can be found; else only the others.")


class AddChunk(Sent):
    content: Text = Field(None, description="The text; of a `qa` document question and answer, separated by a TAB.")
    important_keywords: Texts = Field(None, description="Words that are searched beside the content.")
    questions: Texts = Field(None, description="Questions that it answers: searched, and what its vector is made of.")
    tag_kwd: Texts = Field(None, description="Tags.")
    tag_feas: Weights = Field(None, description="Weights of tags.")
    image_base64: Text = Field(None, description="A PNG, JPEG, GIF or WebP picture that is shown with it.")


class UpdateChunk(AddChunk):
    content: Text = Field(None, description="New text; of a `qa` document question and answer, separated by a TAB.")
    available: Flag = Field(None, description="Whether it can be found.")
    positions: Places = Field(None, description="Places in the source: page, left, right, top, bottom each.")


class SwitchChunks(Sent):
    chunk_ids: Texts = Field(None, description="The chunks.")
    available: Flag = Field(None, description="Whether they can be found.")
    available_int: Flag = Field(None, description="The same as a number; it goes first.")


class DeleteChunks(Sent):
    chunk_ids: Texts = Field(None, description="The chunks; with none, nothing is deleted.")
    ids: Texts = Field(None, description="What the first SDK calls `chunk_ids`.")
    delete_all: Any = Field(
        None, description="`true`, without ids: every chunk of the document.", json_schema_extra={"type": "boolean"}
    )


class AddedChunk(BaseModel):
    id: str = Field(description="The chunk's id.")
    content: str = Field(description="Its text.")
    document_id: str = Field(description="Its document.")
    dataset_id: str = Field(description="Its dataset.")
    important_keywords: list[str] = Field(description="Words that are searched beside the content.")
    questions: list[str] = Field(description="Questions that it answers.")
    create_time: str = Field(description="When, `YYYY-MM-DD HH:MM:SS`, UTC.")
    create_timestamp: float = Field(description="The same as seconds since 1970.")
    doc_type_kwd: str = Field(description="`text`, `table` or `image`.")
    tag_kwd: list[str] = Field([], description="Tags, where there are some.")
    image_id: str = Field("", description="Names its picture, where there is one.")


class Added(BaseModel):
    chunk: AddedChunk = Field(description="The chunk.")


class ListedChunk(BaseModel):
    id: str = Field(description="The chunk's id.")
    content: str = Field(description="Its text; with `keywords`, what was found between `<em>` and `</em>`.")
    document_id: str = Field(description="Its document.")
    docnm_kwd: str = Field(description="The document's name.")
    important_keywords: list[str] = Field(description="Words that are searched beside the content.")
    tag_kwd: list[str] = Field(description="Tags.")
    questions: list[str] = Field(description="Questions that it answers.")
    dataset_id: str = Field(description="Its dataset.")
    image_id: str = Field(description="Names its picture; empty without one.")
    doc_type_kwd: str = Field(description="`text`, `table` or `image`.")
    available: bool = Field(description="Whether it can be found.")
    positions: list[list[int]] = Field(description="Page, left, right, top, bottom of each place in the source.")
    tag_feas: dict[str, float] = Field({}, description="Weights of tags, where one chunk was asked for by `id`.")


class ListedChunks(BaseModel):
    total: int = Field(description="How many there are on all pages.")
    chunks: list[ListedChunk] = Field(description="This page, in the order of the document.")
    doc: dict[str, Any] = Field(description="The document.")


class RawChunk(BaseModel):
    id: str = Field(description="The chunk's id.")
    content_with_weight: str = Field(description="Its text.")
    doc_id: str = Field(description="Its document.")
    kb_id: str = Field(description="Its dataset.")
    docnm_kwd: str = Field(description="The document's name.")
    important_kwd: list[str] = Field(description="Words that are searched beside the content.")
    question_kwd: list[str] = Field(description="Questions that it answers.")
    tag_kwd: list[str] = Field(description="Tags.")
    tag_feas: dict[str, float] = Field(description="Weights of tags.")
    img_id: str = Field(description="Names its picture; empty without one.")
    doc_type_kwd: str = Field(description="`text`, `table` or `image`.")
    available_int: int = Field(description="1 if it can be found, else 0.")
    position_int: list[list[int]] = Field(description="Page, left, right, top, bottom of each place in the source.")
    create_time: str = Field(description="When, `YYYY-MM-DD HH:MM:SS`, UTC.")
    create_timestamp_flt: float = Field(description="The same as seconds since 1970.")


class RemovedChunks(BaseModel):
    success_count: int = Field(description="How many were deleted.")
    errors: list[str] = Field(description="Which ids were given more than once.")


class AddedReply(Reply):
    data: Added = Field(description="What was added.")


class ChunksReply(Reply):
    data: ListedChunks = Field(description="The chunks, and their document.")


class RawReply(Reply):
    data: RawChunk = Field(description="The chunk, in the words of the search engine.")


class SwitchedChunksReply(Reply):
    data: bool = Field(description="Always true.")


class RemovedChunksReply(Reply):
    data: RemovedChunks | None = Field(None, description="Only where ids were given more than once.")
