"""What clients send, in Dify's words. Unknown fields are passed over; values are taken as widely as they are clear."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

NAME_LENGTH = 40
DESCRIPTION_LENGTH = 400
QUESTION_LENGTH = 250
MOST_PER_PAGE = 100
LAST_PAGE = 1_000_000_000

IndexingTechnique = Literal["high_quality", "economy"]
DocForm = Literal["text_model", "qa_model", "hierarchical_model"]
Permission = Literal["only_me", "all_team_members", "partial_members"]
DisplayStatus = Literal["queuing", "indexing", "paused", "error", "available", "disabled", "archived", "completed"]
STATUS_ALIASES = {"enabled": "available", "active": "available"}
SearchMethod = Literal["semantic_search", "full_text_search", "hybrid_search", "keyword_search"]
RerankingMode = Literal["reranking_model", "weighted_score"]
ParentMode = Literal["paragraph", "full-doc"]
WeightType = Literal["semantic_first", "keyword_first", "customized"]


class Sent(BaseModel):
    model_config = ConfigDict(extra="ignore")


def _whole(value: Any) -> Any:
    """Low-code tools send "3.0" where 3 is meant."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return int(value) if isinstance(value, float) and abs(value) < LAST_PAGE else value


Whole = Annotated[int, BeforeValidator(_whole)]
# Forms with nothing chosen send an empty text.
Unset = BeforeValidator(lambda value: None if value == "" else value)


class PreProcessingRule(Sent):
    id: Literal["remove_extra_spaces", "remove_urls_emails", "remove_stopwords"] = Field(
        description="`remove_extra_spaces` shortens runs of spaces, line breaks and tabs; `remove_urls_emails` deletes "
        "web and e-mail addresses. `remove_stopwords` is accepted and does nothing."
    )
    enabled: bool = Field(description="Whether this step is done.")


class Segmentation(Sent):
    separator: str = Field("\n", description="Literal text at which the document is split.")
    max_tokens: Whole = Field(1000, description="Longest chunk, in tokens as this server estimates them: 50 to 4000.")
    chunk_overlap: Whole | None = Field(0, description="Tokens that a chunk repeats of the one before it.", ge=0)


class ChildSegmentation(Segmentation):
    max_tokens: Whole = Field(512, description="Longest child chunk, in tokens as this server estimates them.")


class Rules(Sent):
    pre_processing_rules: list[PreProcessingRule] = Field(
        description="Cleaning steps; of two with the same id the last one counts."
    )
    segmentation: Segmentation | None = Field(
        None, description="How the text is split into chunks; needed but for `full-doc`."
    )
    parent_mode: Annotated[ParentMode | None, Unset] = Field(
        None, description="With `hierarchical`: parents are `paragraph`s, the default, or the `full-doc`."
    )
    subchunk_segmentation: ChildSegmentation | None = Field(
        None, description="With `hierarchical`: how a parent is split into the child chunks that are searched."
    )


class ProcessRule(Sent):
    mode: Literal["automatic", "custom", "hierarchical"] = Field(
        description="`automatic` needs nothing else; `custom` and `hierarchical` need `rules`."
    )
    rules: Rules | None = Field(None, description="Cleaning and splitting, unless the mode is `automatic`.")

    @model_validator(mode="before")
    @classmethod
    def _automatic_has_no_rules(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and sent.get("mode") == "automatic":
            return {"mode": "automatic"}
        return sent


class RerankingModel(Sent):
    reranking_provider_name: str | None = Field(None, description="Taken and not needed: the model's name is enough.")
    reranking_model_name: str | None = Field(None, description="Name of a reranking model that this server knows.")


class VectorSetting(Sent):
    vector_weight: float = Field(description="Weight of the vector score.", ge=0, allow_inf_nan=False)
    embedding_provider_name: str | None = Field(None, description="Taken and ignored.")
    embedding_model_name: str | None = Field(None, description="Taken and ignored: the dataset's own model is used.")


class KeywordSetting(Sent):
    keyword_weight: float = Field(description="Weight of the text score.", ge=0, allow_inf_nan=False)


class Weights(Sent):
    weight_type: Annotated[WeightType | None, Unset] = Field(None, description="A label; only the numbers count.")
    vector_setting: VectorSetting | None = Field(None, description="The vector score's part.")
    keyword_setting: KeywordSetting | None = Field(None, description="The text score's part.")


class MetadataCondition(Sent):
    name: str = Field(description="Name of a metadata field, a built-in one too.", min_length=1)
    comparison_operator: str = Field(
        description="Text: `contains`, `not contains`, `start with`, `end with`, `is`, `is not`, `in`, `not in`, "
        "`empty`, `not empty`; numbers: `=`, `≠`, `>`, `<`, `≥`, `≤`; times: `before`, `after`."
    )
    value: str | bool | int | float | list[str | bool | int | float] | None = Field(
        None,
        description="What is compared with; for `in` and `not in` a list, or items with commas between them. Times of "
        "fields are seconds since 1970.",
    )


class MetadataFilter(Sent):
    logical_operator: Literal["and", "or"] | None = Field("and", description="Whether all conditions hold, or any.")
    conditions: list[MetadataCondition] | None = Field(
        None, description="The conditions; one without a value asks nothing, but for `empty` and `not empty`."
    )


class RetrievalModel(Sent):
    search_method: SearchMethod = Field(
        "semantic_search",
        description="By vectors, by words (BM25), by both, or by keywords; with `economy` there are words only.",
    )
    reranking_enable: bool | None = Field(False, description="Whether the reranking model orders what was found.")
    reranking_mode: Annotated[RerankingMode | None, Unset] = Field(
        None, description="`reranking_model`, or `weighted_score` for hybrid search by the weights below."
    )
    reranking_model: RerankingModel | None = Field(None, description="The model for `reranking_enable`.")
    weights: Weights | None = Field(None, description="Weights of hybrid search; unset: the embedding model's advice.")
    top_k: Whole | None = Field(4, description="How many chunks are answered at most.", ge=1)
    score_threshold_enabled: bool | None = Field(False, description="Whether `score_threshold` counts.")
    score_threshold: float | None = Field(
        None, description="Chunks that score lower are left out.", allow_inf_nan=False
    )
    metadata_filtering_conditions: MetadataFilter | None = Field(
        None,
        description="Only documents whose metadata meets this. A dataset's own holds for questions that come without "
        "a `retrieval_model`.",
    )


class CreateDataset(Sent):
    name: str = Field(description="Name of the dataset, 1 to 40 characters, unique in the workspace.")
    description: str | None = Field(None, description="What is in it.", max_length=DESCRIPTION_LENGTH)
    indexing_technique: IndexingTechnique | None = Field(
        None, description="`high_quality`: words and vectors; `economy`: words only. Unset: the first document decides."
    )
    permission: Permission | None = Field("only_me", description="Stored and shown; every key sees all datasets.")
    provider: Literal["vendor", "external"] | None = Field("vendor", description="Taken and ignored.")
    embedding_model: str | None = Field(None, description="A model that this server knows; unset: its default.")
    embedding_model_provider: str | None = Field(None, description="Taken and ignored: the name is enough.")
    retrieval_model: RetrievalModel | None = Field(None, description="How the dataset is searched by default.")


def _member(sent: Any) -> Any:
    """As answers show members, or as Dify has them sent."""
    return {"user_id": sent} if isinstance(sent, str) else sent


class Member(Sent):
    user_id: str = Field(description="UUID of a user of the workspace.")


class UpdateDataset(Sent):
    name: str | None = Field(None, description="New name, 1 to 40 characters.")
    description: str | None = Field(None, description="New description.", max_length=DESCRIPTION_LENGTH)
    indexing_technique: IndexingTechnique | None = Field(
        None, description="Another one has a new index built; the old one answers until it is complete."
    )
    permission: Permission | None = Field(None, description="Stored and shown; every key sees all datasets.")
    embedding_model: str | None = Field(
        None, description="Another one has a new index built; the old one answers until it is complete."
    )
    embedding_model_provider: str | None = Field(None, description="Taken and ignored: the name is enough.")
    retrieval_model: RetrievalModel | None = Field(None, description="How the dataset is searched by default.")
    partial_member_list: list[Annotated[Member, BeforeValidator(_member)]] | None = Field(
        None, description="With the permission `partial_members`: those who share it, stored and shown."
    )


class DocumentSettings(Sent):
    indexing_technique: IndexingTechnique | None = Field(
        None, description="Needed for a dataset's first document, which fixes it; ignored later."
    )
    process_rule: ProcessRule | None = Field(
        None, description="How the text is cleaned and split; unset: the dataset's latest rule, else `automatic`."
    )
    doc_form: DocForm | None = Field(
        None,
        description="`text_model`, `qa_model` for pairs of question and answer, or `hierarchical_model` for chunks "
        "that are found by their child chunks; fixed by the first document. Unset: as `process_rule` says.",
    )
    doc_language: str | None = Field(None, description="Language of the document, a note.", max_length=32)
    retrieval_model: RetrievalModel | None = Field(None, description="With the first document: the dataset's default.")
    embedding_model: str | None = Field(None, description="With the first document: the dataset's embedding model.")
    embedding_model_provider: str | None = Field(None, description="Taken and ignored: the name is enough.")
    original_document_id: str | None = Field(None, description="This document is updated instead of adding one.")
    duplicate: bool | None = Field(
        False, description="Whether a document of the same name is updated instead of adding a second one."
    )


class CreateByText(DocumentSettings):
    name: str = Field(description="Name of the document; cut to 200 characters.")
    text: str = Field(description="The document's text.")


class CreateByFile(DocumentSettings):
    name: str | None = Field(None, description="Ignored when adding: the file's name counts. Used when updating.")


class UpdateByText(Sent):
    name: str | None = Field(None, description="New name; needed with `text`, alone it renames.")
    text: str | None = Field(None, description="New text.")
    process_rule: ProcessRule | None = Field(None, description="New rule; unset: the document keeps its own.")
    doc_form: DocForm | None = Field(None, description="Must not differ from the dataset's.")


class UpdateByFile(Sent):
    name: str | None = Field(None, description="New name; unset: that of the new file.")
    process_rule: ProcessRule | None = Field(None, description="New rule; unset: the document keeps its own.")
    doc_form: DocForm | None = Field(None, description="Must not differ from the dataset's.")


class DocumentIds(Sent):
    document_ids: list[str] = Field(description="Documents of the dataset; unknown ones are passed over.")


class SegmentContent(Sent):
    content: str = Field(description="The chunk's text, or its question in `qa_model`.")
    answer: str | None = Field(None, description="The answer; needed in `qa_model`, ignored otherwise.")
    keywords: list[str] | None = Field(None, description="Words that are searched beside the content.")


class CreateSegments(Sent):
    segments: list[SegmentContent] = Field(description="The chunks, in order.")


class SegmentEdit(Sent):
    content: str | None = Field(None, description="New text; unset: it stays.")
    answer: str | None = Field(None, description="New answer, in `qa_model`.")
    keywords: list[str] | None = Field(None, description="New keywords.")
    enabled: bool | None = Field(None, description="Whether the chunk can be found.")
    regenerate_child_chunks: bool | None = Field(
        False, description="Whether a parent's child chunks are made anew from its content."
    )


class ChildContent(Sent):
    content: str = Field(description="The child chunk's text.")


class UpdateSegment(Sent):
    segment: SegmentEdit = Field(description="What shall be different.")


class Retrieve(Sent):
    query: str | None = Field(None, description="The question, 1 to 250 characters.")
    retrieval_model: RetrievalModel | None = Field(None, description="How to search; unset: the dataset's own way.")
    external_retrieval_model: dict[str, Any] | None = Field(None, description="Taken and ignored.")
    attachment_ids: list[str] | None = Field(None, description="Taken and ignored.")


class PageQuery(Sent):
    page: int = Field(1, description="Which page, from 1.", ge=1, le=LAST_PAGE)
    limit: int = Field(20, description="Items a page, 1 to 100; more is cut to 100.", ge=1)

    @property
    def per_page(self) -> int:
        return min(self.limit, MOST_PER_PAGE)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page


class ChildrenQuery(PageQuery):
    keyword: str | None = Field(None, description="Part of the text, in either case.")


class DatasetsQuery(PageQuery):
    keyword: str | None = Field(None, description="Part of the name, in either case.")
    tag_ids: list[str] = Field([], description="Only datasets that have one of these tags; repeat it.")
    include_all: bool | None = Field(None, description="Taken and ignored.")


def _display_status(sent: Any) -> Any:
    """Dify's console says `enabled` and `active` too, and case does not matter to it."""
    return STATUS_ALIASES.get(sent.lower(), sent.lower()) if isinstance(sent, str) else sent


class DocumentsQuery(PageQuery):
    keyword: str | None = Field(None, description="Part of the name, in either case.")
    status: Annotated[DisplayStatus | None, BeforeValidator(_display_status)] = Field(
        None, description="Only documents with this `display_status`; `completed` means any finished one."
    )


class DocumentQuery(Sent):
    metadata: str = Field("all", description="`all`; `only`: id, doc_type, doc_metadata; `without`: all but those two.")


class SegmentsQuery(Sent):
    keyword: str | None = Field(None, description="Part of the content, in either case.")
    status: list[str] = Field([], description="Only chunks in one of these states, such as `completed`; repeat it.")
    page: int | None = Field(None, description="Which page, from 1.", ge=1, le=LAST_PAGE)
    limit: int | None = Field(
        None, description="Items a page, 1 to 100; more is cut to 100. With neither page nor limit: all.", ge=1
    )
