"""What goes back, for the documentation: answers are dicts made by `translate`, never validated at run time."""

from typing import Literal

from pydantic import BaseModel, Field

from diglot.http.dify.wire import DocForm, IndexingTechnique, ParentMode, Permission
from diglot.http.dify.wire_retrieval import RetrievalModel


class Tag(BaseModel):
    id: str = Field(description="UUID of the tag.")
    name: str = Field(description="The tag.")
    type: Literal["knowledge"] = Field(description="Always `knowledge`.")


class MetadataField(BaseModel):
    id: str = Field(description="UUID of the field.")
    name: str = Field(description="Name of the field.")
    type: str = Field(description="`string`, `number` or `time`.")
    value: str | float | None = Field(None, description="The document's value.")


class Dataset(BaseModel):
    id: str = Field(description="UUID of the dataset.")
    name: str = Field(description="Name, unique in the workspace.")
    description: str | None = Field(description="What is in it.")
    provider: Literal["vendor"] = Field(description="Always `vendor`.")
    permission: Permission = Field(description="As it was set; it restricts nobody here.")
    data_source_type: str | None = Field(description="`upload_file`, null before the first document.")
    indexing_technique: IndexingTechnique | None = Field(description="Null until it is fixed.")
    app_count: int = Field(description="Always 0.")
    document_count: int = Field(description="Documents in it.")
    word_count: int = Field(description="Characters of its documents' text.")
    created_by: str = Field(description="UUID of who made it.")
    author_name: str | None = Field(description="Always null.")
    created_at: int = Field(description="When it was made, in seconds since 1970.")
    updated_by: str = Field(description="UUID of who changed it last.")
    updated_at: int = Field(description="When it was changed last, in seconds since 1970.")
    embedding_model: str | None = Field(description="Name of its embedding model, null with `economy`.")
    embedding_model_provider: str | None = Field(description="Where that model comes from.")
    embedding_available: bool | None = Field(description="Whether the server still has that model.")
    retrieval_model_dict: RetrievalModel = Field(description="How it is searched by default.")
    summary_index_setting: None = Field(description="Always null.")
    tags: list[Tag] = Field(description="Its tags.")
    doc_form: DocForm | None = Field(description="Form of its chunks, null before the first document.")
    external_knowledge_info: None = Field(description="Always null.")
    external_retrieval_model: None = Field(description="Always null.")
    doc_metadata: list[MetadataField] = Field(description="Its metadata fields.")
    built_in_field_enabled: bool = Field(description="Whether built-in metadata fields are shown.")
    pipeline_id: None = Field(description="Always null.")
    runtime_mode: str = Field(description="Always `general`.")
    chunk_structure: None = Field(description="Always null.")
    icon_info: None = Field(description="Always null.")
    is_published: bool = Field(description="Always false.")
    total_documents: int = Field(description="Documents in it.")
    total_available_documents: int = Field(description="Documents that can be found.")
    enable_api: bool = Field(description="Whether the API may reach it.")
    is_multimodal: bool = Field(description="Always false.")
    maintainer: None = Field(description="Always null.")


class DatasetDetail(Dataset):
    partial_member_list: list[str] = Field(
        [], description="UUIDs of those who share it; only with the permission `partial_members`."
    )


class ChangedDataset(Dataset):
    partial_member_list: list[str] = Field(description="UUIDs of those who share it.")


class Paged(BaseModel):
    has_more: bool = Field(description="Whether another page follows.")
    limit: int = Field(description="Items a page.")
    total: int = Field(description="Items on all pages.")
    page: int = Field(description="This page's number, from 1.")


class DatasetPage(Paged):
    data: list[Dataset] = Field(description="The datasets of this page.")


class FileId(BaseModel):
    upload_file_id: str = Field(description="UUID of the document's file.")


class UploadFile(BaseModel):
    id: str = Field(description="UUID of the file.")
    name: str = Field(description="Name of the document.")
    size: int = Field(description="Bytes.")
    extension: str = Field(description="Extension of the name, without the dot.")
    mime_type: str = Field(description="Media type, by content.")
    created_by: str = Field(description="UUID of who sent it.")
    created_at: int = Field(description="When it was sent, in seconds since 1970.")


class SourceDetail(BaseModel):
    upload_file: UploadFile = Field(description="The document's file; a text is one too.")


class DocumentCore(BaseModel):
    id: str = Field(description="UUID of the document.")
    position: int = Field(description="Number in the dataset, from 1; gaps stay after deletes.")
    data_source_type: Literal["upload_file"] = Field(description="Always `upload_file`.")
    dataset_process_rule_id: str = Field(description="UUID of the rule it is made by.")
    name: str = Field(description="Name of the document.")
    created_from: str = Field(description="`api`, `web` or `cli`.")
    created_by: str = Field(description="UUID of who added it.")
    created_at: int = Field(description="When it was added, in seconds since 1970.")
    tokens: int = Field(description="Tokens of its chunks, as estimated here; 0 until it is indexed.")
    indexing_status: Literal[
        "waiting", "parsing", "cleaning", "splitting", "indexing", "completed", "error", "paused"
    ] = Field(description="How far it has come.")
    error: str | None = Field(description="Why it failed, in plain words.")
    enabled: bool = Field(description="Whether it may be found.")
    disabled_at: int | None = Field(description="When it was disabled, in seconds since 1970.")
    disabled_by: str | None = Field(description="UUID of who disabled it.")
    archived: bool = Field(description="Whether it is archived: not found and not changed.")
    display_status: Literal["queuing", "indexing", "paused", "error", "available", "disabled", "archived"] = Field(
        description="Progress, `enabled` and `archived` in one word."
    )
    hit_count: int = Field(description="How often its chunks were used by an app.")
    doc_form: DocForm = Field(description="Form of its chunks.")
    doc_metadata: list[MetadataField] | None = Field(description="Metadata, null without any.")
    summary_index_status: None = Field(description="Always null.")
    need_summary: bool = Field(description="Always false.")


class Document(DocumentCore):
    data_source_info: FileId = Field(description="The document's file.")
    data_source_detail_dict: SourceDetail = Field(description="The document's file, in full.")
    word_count: int = Field(description="Characters of its text.")


class DocumentPage(Paged):
    data: list[Document] = Field(description="The documents of this page.")


class Started(BaseModel):
    document: Document = Field(description="The document, waiting for a worker.")
    batch: str = Field(description="Asks for its indexing status; an update keeps the first one.")


class ShownCleaning(BaseModel):
    id: str = Field(description="`remove_extra_spaces` or `remove_urls_emails`.")
    enabled: bool = Field(description="Whether this step is done.")


class ShownSegmentation(BaseModel):
    separator: str = Field(description="Where the text is split.")
    max_tokens: int = Field(description="Longest chunk, in tokens.")
    chunk_overlap: int = Field(description="Tokens repeated of the chunk before.")


class ShownRules(BaseModel):
    pre_processing_rules: list[ShownCleaning] = Field(description="Cleaning steps.")
    segmentation: ShownSegmentation = Field(description="How the text is split.")
    parent_mode: ParentMode = Field(default="paragraph", description="What a parent is. Absent without child chunks.")
    subchunk_segmentation: ShownSegmentation = Field(
        default=ShownSegmentation(separator="\n", max_tokens=512, chunk_overlap=0),
        description="How parents are split. Absent without child chunks.",
    )


class ShownRule(BaseModel):
    id: str = Field(description="UUID of the rule.")
    dataset_id: str = Field(description="UUID of its dataset.")
    mode: str = Field(description="`automatic`, `custom` or `hierarchical`.")
    rules: ShownRules = Field(description="What it says.")


class DocumentDetail(DocumentCore):
    data_source_info: SourceDetail = Field(description="The document's file, in full.")
    dataset_process_rule: ShownRule = Field(description="The dataset's latest rule.")
    document_process_rule: ShownRule = Field(description="The rule that this document is made by.")
    doc_language: str = Field(description="Language, as it was sent.")
    doc_type: None = Field(description="Always null.")
    completed_at: int | None = Field(description="When it became ready, in seconds since 1970.")
    updated_at: int = Field(description="When it was changed last, in seconds since 1970.")
    indexing_latency: float | None = Field(description="Seconds that its making took.")
    segment_count: int = Field(description="Its chunks.")
    average_segment_length: int = Field(description="Characters a chunk.")


class IndexingStatus(BaseModel):
    id: str = Field(description="UUID of the document.")
    indexing_status: str = Field(description="How far it has come.")
    processing_started_at: int | None = Field(description="When a worker took it, in seconds since 1970.")
    parsing_completed_at: int | None = Field(description="When it was read.")
    cleaning_completed_at: int | None = Field(description="When it was cleaned.")
    splitting_completed_at: int | None = Field(description="When it was split.")
    completed_at: int | None = Field(description="When it became ready.")
    paused_at: int | None = Field(description="When it was paused.")
    error: str | None = Field(description="Why it failed, in plain words.")
    stopped_at: int | None = Field(description="When it failed or was cancelled.")
    completed_segments: int = Field(description="Chunks that are done.")
    total_segments: int = Field(description="Chunks there are.")


class IndexingStatuses(BaseModel):
    data: list[IndexingStatus] = Field(description="One entry a document of the batch.")


class Success(BaseModel):
    result: Literal["success"] = Field(description="Always `success`.")


class SegmentCore(BaseModel):
    id: str = Field(description="UUID of the chunk.")
    position: int = Field(description="Number in the document, from 1; gaps stay after deletes.")
    document_id: str = Field(description="UUID of its document.")
    content: str = Field(description="Its text; its question in `qa_model`.")
    sign_content: str = Field(description="The same.")
    answer: str | None = Field(description="Its answer, in `qa_model`.")
    word_count: int = Field(description="Characters, the answer's too.")
    tokens: int = Field(description="Tokens, as estimated here.")
    keywords: list[str] = Field(description="Words that are searched beside the content.")
    index_node_id: str = Field(description="The chunk's id again.")
    index_node_hash: str = Field(description="SHA-256 of the content, in hex.")
    hit_count: int = Field(description="How often it was used by an app.")
    enabled: bool = Field(description="Whether it may be found.")
    disabled_at: int | None = Field(description="When it was disabled, in seconds since 1970.")
    disabled_by: str | None = Field(description="UUID of who disabled it.")
    status: Literal["waiting", "completed", "error"] = Field(description="How far it has come.")
    created_by: str = Field(description="UUID of who made it.")
    created_at: int = Field(description="When it was made, in seconds since 1970.")
    indexing_at: int = Field(description="When its indexing began, in seconds since 1970.")
    completed_at: int = Field(description="When it became searchable, in seconds since 1970.")
    error: str | None = Field(description="Why it failed.")
    stopped_at: None = Field(description="Always null.")


class ChildChunk(BaseModel):
    id: str = Field(description="UUID of the child chunk.")
    segment_id: str = Field(description="UUID of its parent.")
    content: str = Field(description="Its text.")
    position: int = Field(description="Number in its parent, from 1; gaps stay after deletes.")
    word_count: int = Field(description="Characters.")
    type: Literal["automatic", "customized"] = Field(description="Whether the rules or somebody wrote it.")
    created_at: int = Field(description="When it was made, in seconds since 1970.")
    updated_at: int = Field(description="When it was changed last, in seconds since 1970.")


class OneChildChunk(BaseModel):
    data: ChildChunk = Field(description="The child chunk.")


class ChildChunkPage(BaseModel):
    data: list[ChildChunk] = Field(description="The child chunks of this page.")
    total: int = Field(description="How many there are.")
    total_pages: int = Field(description="How many pages.")
    page: int = Field(description="Which page this is, from 1.")
    limit: int = Field(description="Items a page.")


class MatchedChildChunk(BaseModel):
    id: str = Field(description="UUID of the child chunk.")
    content: str = Field(description="Its text.")
    position: int = Field(description="Number in its parent.")
    score: float = Field(description="What it scores itself.")


class Segment(SegmentCore):
    updated_by: str = Field(description="UUID of who changed it last.")
    updated_at: int = Field(description="When it was changed last, in seconds since 1970.")
    child_chunks: list[ChildChunk] = Field(
        description="What the chunk is found by in `hierarchical_model`; empty in `full-doc`: there may be very many."
    )
    attachments: list[str] = Field(description="Always empty.")
    summary: None = Field(description="Always null.")


class Segments(BaseModel):
    data: list[Segment] = Field(description="The chunks that were added, in order.")
    doc_form: DocForm = Field(description="Form of the dataset's chunks.")


class SegmentPage(Paged):
    data: list[Segment] = Field(description="The chunks of this page.")
    doc_form: DocForm = Field(description="Form of the dataset's chunks.")


class OneSegment(BaseModel):
    data: Segment = Field(description="The chunk.")
    doc_form: DocForm = Field(description="Form of the dataset's chunks.")


class SegmentDocument(BaseModel):
    id: str = Field(description="UUID of the document.")
    data_source_type: str = Field(description="Always `upload_file`.")
    name: str = Field(description="Its name.")
    doc_type: None = Field(description="Always null.")
    doc_metadata: dict[str, str | float] | None = Field(description="Its metadata by name, null without any.")


class FoundSegment(SegmentCore):
    document: SegmentDocument = Field(description="Where the chunk stands.")


class RecordScores(BaseModel):
    bm25: float | None = Field(description="Raw BM25 of the words; null where they were not asked or did not match.")
    bm25_share: float | None = Field(description="BM25 as a share of this question's best, 0 to 1.")
    cosine: float | None = Field(description="Cosine of question and chunk, -1 to 1; null where it was not asked.")
    fused: float | None = Field(description="What words and vectors make together.")
    rerank: float | None = Field(description="The reranker's own score; null without one.")


class RecordAnchor(BaseModel):
    page: int = Field(default=0, description="Page of the document, from 1. Absent where the format has no pages.")
    boxes: list[list[float]] = Field(
        default=[], description="Places on pages: [page, left, top, right, bottom] in points from the top left corner."
    )
    headings: list[str] = Field(default=[], description="The headings above the chunk, outermost first.")
    start: int = Field(default=0, description="First character in the source text, from 0. Text formats only.")
    end: int = Field(default=0, description="The character after the last. Text formats only.")
    sheet: str = Field(default="", description="Name of the sheet. Spreadsheets only.")
    cells: str = Field(default="", description="Range of cells, such as A1:C7. Spreadsheets only.")
    slide: int = Field(default=0, description="Slide, from 1. Presentations only.")
    shape: str = Field(default="", description="Name of the shape on the slide. Presentations only.")
    part: str = Field(default="", description="Name of the part of a mail or an archive.")
    start_ms: int = Field(
        default=0, description="When it is said, in milliseconds from the beginning of the recording. Subtitles only."
    )
    end_ms: int = Field(default=0, description="When it has been said, in the same. Subtitles only.")


class Record(BaseModel):
    segment: FoundSegment = Field(description="The chunk.")
    child_chunks: list[MatchedChildChunk] = Field(
        description="The child chunks that were found, best first; empty but in `hierarchical_model`."
    )
    score: float = Field(description="What it is ordered by: cosine, share of the best BM25, both weighed, or rerank.")
    tsne_position: None = Field(description="Always null.")
    files: list[str] = Field(description="Always empty.")
    summary: None = Field(description="Always null.")
    scores: RecordScores = Field(description="Every score of the chunk, each on its own scale. Ours; Dify has none.")
    anchors: list[RecordAnchor] = Field(
        description="Where the chunk stands in its source; what the format has not is left out. Ours; Dify has none."
    )


class Query(BaseModel):
    content: str = Field(description="The question.")


class Retrieved(BaseModel):
    query: Query = Field(description="What was asked.")
    records: list[Record] = Field(description="What was found, best first.")
