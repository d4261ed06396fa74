"""Documents and chunks as our own API shows them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from diglot.domain.chunk import ChunkKind, ChunkStatus
from diglot.domain.document import DocumentStatus, Phase
from diglot.domain.rules import ChunkForm
from diglot.http.native.wire import ERROR_CODE, ERROR_FACTS

LAST_PAGE = 1_000_000
MOST_PER_PAGE = 200


class ChunksQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    page: int = Field(1, description="Which page, from 1.", ge=1, le=LAST_PAGE)
    limit: int = Field(50, description="Chunks a page.", ge=1, le=MOST_PER_PAGE)
    keyword: str = Field("", description="Part of the content, in either case.", max_length=255)
    chunk_id: str | None = Field(None, description="In place of `page`: the page on which this chunk is.")


class FailuresQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    document_ids: str = Field(description="Ids of the documents, separated by commas.", max_length=37 * MOST_PER_PAGE)


class Failure(BaseModel):
    document_id: str = Field(description="The document's id.")
    error: str = Field(description="Why it failed.")
    error_code: str = Field(description=ERROR_CODE)
    error_facts: dict[str, str] = Field(description=ERROR_FACTS)


class Failures(BaseModel):
    items: list[Failure] = Field(description="Those that failed, in no order.")


class ShownDocument(BaseModel):
    id: str = Field(description="The document's id.")
    dataset_id: str = Field(description="Its dataset.")
    name: str = Field(description="Its name.")
    status: DocumentStatus = Field(description="The stage that its newest file has come to.")
    phase: Phase = Field(description="Its state in one word.")
    progress: float = Field(description="How far its making is, 0 to 1.")
    error: str | None = Field(description="Why it failed.")
    error_code: str | None = Field(description=ERROR_CODE)
    error_facts: dict[str, str] | None = Field(description=ERROR_FACTS)
    notes: list[str] = Field(description="What was left out, and why, a sentence each.")
    enabled: bool = Field(description="Whether it may be found.")
    archived: bool = Field(description="Whether it is archived.")
    size: int = Field(description="Bytes of its file.")
    media_type: str = Field(description="Media type, by content.")
    has_pages: bool = Field(description="Whether its pages can be seen as pictures.")
    form: ChunkForm = Field(description="What a chunk holds.")
    rules: dict[str, Any] = Field(description="The rules that it is made by, in our form.")
    chunk_count: int = Field(description="Its chunks; of parents and children the parents.")
    character_count: int = Field(description="Characters of its text.")
    tokens: int = Field(description="Tokens of its chunks, by this server's estimate.")
    metadata: dict[str, Any] = Field(description="Its metadata by name.")
    created_at: int = Field(description="When it was added, in milliseconds since 1970.")
    updated_at: int = Field(description="When it was changed last.")
    completed_at: int | None = Field(description="When it became ready.")


class ShownChunk(BaseModel):
    id: str = Field(description="The chunk's id.")
    position: int = Field(description="Number in the document, from 1; gaps stay after deletes.")
    content: str = Field(description="Its text, or its question.")
    answer: str | None = Field(description="The answer, in the form `question_answer`.")
    keywords: list[str] = Field(description="Words that are searched beside the content.")
    questions: list[str] = Field(description="Questions that it answers.")
    tags: list[str] = Field(description="Tags.")
    kind: ChunkKind = Field(description="What it shows: `text`, `table` or `image`.")
    tokens: int = Field(description="Tokens, by this server's estimate.")
    characters: int = Field(description="Characters, those of the answer too.")
    enabled: bool = Field(description="Whether it may be found.")
    status: ChunkStatus = Field(description="Whether it is ready.")
    error: str | None = Field(description="Why it is not.")
    is_parent: bool = Field(description="Whether it is found by its children alone.")
    child_count: int = Field(description="How many they are.")
    anchors: list[dict[str, Any]] = Field(
        description="Where in the file it stands: page and boxes (page, left, top, right, bottom in points), headings, "
        "characters from `start` to `end`, sheet and cells, slide and shape, part of a mail or archive, time from "
        "`start_ms` to `end_ms` in a recording."
    )
    updated_at: int = Field(description="When it was changed last, in milliseconds since 1970.")


class ShownChunks(BaseModel):
    items: list[ShownChunk] = Field(description="The chunks of this page, in the order of the document.")
    page: int = Field(description="Which page it is.")
    total: int = Field(description="How many chunks there are on all pages.")
