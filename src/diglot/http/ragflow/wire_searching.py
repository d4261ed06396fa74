"""Questions on the wire. Of /retrieval the values are taken as they come, nulls too: its errors are RAGFlow's own."""

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, Field, StringConstraints, WithJsonSchema

from diglot.http.ragflow.paging import Whole
from diglot.http.ragflow.wire import Reply
from diglot.http.ragflow.wire_chunks import Flag, Sent, Text, Texts

MOST_NEAREST = 2048
Number = Annotated[Any, WithJsonSchema({"type": "number"})]
Conditions = Annotated[
    Any,
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                "logic": {"type": "string", "enum": ["and", "or"], "default": "and"},
                "conditions": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "name": {"type": "string"},
                            "comparison_operator": {"type": "string"},
                            "value": {},
                        },
                        "required": ["name", "comparison_operator"],
                    },
                },
            },
        }
    ),
]
REFERENCE_METADATA = "`include`: whether the document's metadata comes along; `fields`: which of it."
OPERATORS = (
    "`comparison_operator`: is, =, not is, !=, >, <, >=, <=, contains, not contains, in, not in, start with, end with, "
    "empty, not empty. Conditions that no document meets find nothing."
)


class Retrieve(Sent):
    question: Text = Field(None, description="What is asked; blank: nothing is found.")
    dataset_ids: Texts = Field(
        None,
        description="The datasets to search; the first SDK calls them `datasets`.",
        validation_alias=AliasChoices("dataset_ids", "datasets"),
    )
    document_ids: Texts = Field(
        None,
        description="Only these documents; the first SDK calls them `documents`.",
        validation_alias=AliasChoices("document_ids", "documents"),
    )
    page: Whole = Field(1, description="Which page, from 1.", validation_alias=AliasChoices("page", "offset"))
    page_size: Whole = Field(
        30, description="Chunks a page, 1 to 100.", validation_alias=AliasChoices("page_size", "limit")
    )
    similarity_threshold: Number = Field(0.2, description="Chunks that are less similar are left out.")
    vector_similarity_weight: Number = Field(
        0.3, description="The vectors' share of the similarity, 0 to 1; the words have the rest."
    )
    top_k: Whole = Field(1024, description="With `rerank_id`: how many chunks the reranking model is shown at most.")
    rerank_id: Text = Field(None, description="A reranking model that this server knows.")
    keyword: Flag = Field(None, description="Taken: the words that tell most weigh most in any case.")
    highlight: Flag = Field(None, description="Whether `highlight` shows where the question's words stand.")
    cross_languages: Texts = Field(None, description="Languages to translate the question to: needs a chat model.")
    metadata_condition: Conditions = Field(None, description=OPERATORS + " Passed over where `document_ids` are given.")
    use_kg: Flag = Field(None, description="Whether to ask a knowledge graph: needs a chat model.")
    toc_enhance: Flag = Field(None, description="Whether to follow tables of contents: needs a chat model.")
    reference_metadata: Any = Field(None, description=REFERENCE_METADATA, json_schema_extra={"type": "object"})


class Search(Sent):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = Field(
        description="What is asked."
    )
    doc_ids: list[str] | None = Field(None, description="Only these documents.")
    page: int = Field(1, ge=1, description="Which page, from 1.")
    size: int = Field(30, ge=1, le=1024, description="Chunks a page.")
    top_k: int = Field(1024, ge=1, description=f"How many chunks the reranking model is shown, at most {MOST_NEAREST}.")
    similarity_threshold: float = Field(
        0.0, allow_inf_nan=False, description="Chunks that are less similar are left out."
    )
    vector_similarity_weight: float = Field(
        0.3, allow_inf_nan=False, description="The vectors' share of the similarity, 0 to 1."
    )
    rerank_id: str | None = Field(None, description="A reranking model that this server knows.")
    keyword: bool | None = Field(None, description="Taken: the words that tell most weigh most in any case.")
    highlight: bool | None = Field(None, description="Whether `highlight` shows where the question's words stand.")
    cross_languages: list[str] | None = Field(None, description="Languages to translate to: needs a chat model.")
    use_kg: bool | None = Field(None, description="Whether to ask a knowledge graph: needs a chat model.")
    meta_data_filter: dict[str, Any] | None = Field(
        None,
        description="`method` `manual`, `logic` (and, or) and `manual`: a list of objects with `key`, `op`, `value`.",
    )
    search_id: str | None = Field(None, description="Saved searches are not offered: any is refused.")


class SearchMany(Search):
    dataset_ids: list[str] = Field(min_length=1, description="The datasets to search.")


class FoundChunk(BaseModel):
    id: str = Field(description="The chunk's id.")
    content: str = Field(description="Its text.")
    content_ltks: str = Field(description="Its text in lower case.")
    document_id: str = Field(description="Its document.")
    document_keyword: str = Field(description="The document's name.")
    dataset_id: str = Field(description="Its dataset.")
    important_keywords: list[str] = Field(description="Words that are searched beside the content.")
    questions: list[str] = Field(description="Questions that it answers.")
    tag_kwd: list[str] = Field(description="Tags.")
    image_id: str = Field(description="Names its picture; empty without one.")
    similarity: float = Field(description="What orders: the words' and the vector's score by their weights.")
    vector_similarity: float = Field(description="Cosine, or the reranking model's score.")
    term_similarity: float = Field(description="The words' score as a share of the question's best.")
    positions: list[list[int]] = Field(description="Page, left, right, top, bottom of each place in the source.")
    doc_type_kwd: str = Field(description="`text`, `table` or `image`.")
    mom_id: str = Field(description="Always empty.")
    row_id: str | None = Field(description="Always null.")
    highlight: str = Field("", description="Sentences with the question's words between `<em>` and `</em>`.")
    document_metadata: dict[str, Any] = Field({}, description="The document's metadata, where it was asked for.")


class RawFoundChunk(BaseModel):
    chunk_id: str = Field(description="The chunk's id.")
    content_with_weight: str = Field(description="Its text.")
    content_ltks: str = Field(description="Its text in lower case.")
    doc_id: str = Field(description="Its document.")
    docnm_kwd: str = Field(description="The document's name.")
    kb_id: str = Field(description="Its dataset.")
    important_kwd: list[str] = Field(description="Words that are searched beside the content.")
    question_kwd: list[str] = Field(description="Questions that it answers.")
    tag_kwd: list[str] = Field(description="Tags.")
    image_id: str = Field(description="Names its picture; empty without one.")
    similarity: float = Field(description="What orders: the words' and the vector's score by their weights.")
    vector_similarity: float = Field(description="Cosine, or the reranking model's score.")
    term_similarity: float = Field(description="The words' score as a share of the question's best.")
    positions: list[list[int]] = Field(description="Page, left, right, top, bottom of each place in the source.")
    doc_type_kwd: str = Field(description="`text`, `table` or `image`.")
    mom_id: str = Field(description="Always empty.")
    row_id: str | None = Field(description="Always null.")
    highlight: str = Field("", description="Sentences with the question's words between `<em>` and `</em>`.")


class Source(BaseModel):
    doc_name: str = Field(description="The document's name.")
    doc_id: str = Field(description="Its id.")
    count: int = Field(description="How many chunks of it were found.")


class Found(BaseModel):
    total: int = Field(description="How many were found, as deep as was looked.")
    chunks: list[FoundChunk] = Field(description="This page, best first.")
    doc_aggs: list[Source] | dict[str, Any] = Field(
        description="The documents they are from, most chunks first; an empty object for a blank question."
    )


class RawFound(BaseModel):
    total: int = Field(description="How many chunks this page has.")
    chunks: list[RawFoundChunk] = Field(description="This page, best first.")
    doc_aggs: list[Source] = Field(description="The documents they are from, most chunks first.")
    labels: dict[str, float] = Field(description="The question's tags, where datasets name tag datasets.")


class FoundReply(Reply):
    data: Found = Field(description="What was found.")


class RawFoundReply(Reply):
    data: RawFound = Field(description="What was found, in the words of the search engine.")
