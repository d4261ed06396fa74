"""What clients of today may send as a dataset's parser_config: strict, because the messages are pydantic's."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

LEAST_SUMMARY_TOKENS = 512
# Of older servers. They are taken and forgotten.
OLD_RAPTOR_FIELDS = frozenset({"threshold", "clustering_method", "tree_builder", "ext"})
ENTITY_TYPES = ("organization", "person", "geo", "event", "category")
SUMMARY_PROMPT = (
    "Write one short summary of the passages below. Keep their numbers and add nothing.\n\n{cluster_content}"
)

DAY_SECONDS = 86_400
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Raptor(Strict):
    use_raptor: bool = Field(False, description="Whether summaries are wanted. Kept; none are made.")
    prompt: Text = Field(SUMMARY_PROMPT, description="What a summary is asked for with.")
    max_token: Annotated[int, AfterValidator(lambda sent: max(sent, LEAST_SUMMARY_TOKENS))] = Field(
        512, description="Longest summary, in tokens; less than 512 is taken as 512.", ge=1, le=2048
    )
    clustering_threshold: float = Field(0.3, description="How alike passages of one cluster are.", ge=0, le=1)
    clustering_ratio: float = Field(0.5, description="How many clusters a level has.", ge=0, le=1)
    max_cluster: int = Field(64, description="Most clusters.", ge=1, le=1024)
    random_seed: int = Field(0, description="Where chance begins.", ge=0)
    scope: Literal["file", "dataset"] = Field("file", description="What one tree is made of.")
    auto_disable_for_structured_data: bool = Field(True, description="Whether tables go without.")

    @model_validator(mode="before")
    @classmethod
    def _without_old_fields(cls, sent: Any) -> Any:
        if not isinstance(sent, dict):
            return sent
        return {name: value for name, value in sent.items() if name not in OLD_RAPTOR_FIELDS}


class Graphrag(Strict):
    use_graphrag: bool = Field(False, description="Whether a knowledge graph is wanted. Kept; none is made.")
    entity_types: list[str] = Field(list(ENTITY_TYPES), description="What the graph's nodes are.")
    method: Literal["light", "general", "ner"] = Field("light", description="How entities are found.")
    community: bool = Field(False, description="Whether communities are reported.")
    resolution: bool = Field(False, description="Whether entities that are the same are joined.")
    batch_chunk_token_size: int = Field(4096, description="Tokens of one request.", ge=512, le=8196)
    retry_attempts: int = Field(2, description="Attempts.", ge=1, le=10)
    retry_backoff_seconds: float = Field(2.0, description="Seconds before the second attempt.", ge=0, le=600)
    retry_backoff_max_seconds: float = Field(60.0, description="Most seconds between attempts.", ge=0, le=3600)
    build_subgraph_timeout_per_chunk_seconds: int = Field(300, description="Seconds a chunk.", ge=1, le=DAY_SECONDS)
    build_subgraph_min_timeout_seconds: int = Field(600, description="Least seconds a document.", ge=1, le=DAY_SECONDS)
    merge_timeout_seconds: int = Field(180, description="Seconds for joining graphs.", ge=0, le=DAY_SECONDS)
    resolution_timeout_seconds: int = Field(1800, description="Seconds for joining entities.", ge=0, le=DAY_SECONDS)
    community_timeout_seconds: int = Field(1800, description="Seconds for communities.", ge=0, le=DAY_SECONDS)
    lock_acquire_timeout_seconds: int = Field(600, description="Seconds of waiting for others.", ge=0, le=DAY_SECONDS)


class ParentChild(Strict):
    use_parent_child: bool = Field(False, description="Whether chunks are found by parts of them, not by themselves.")
    children_delimiter: str = Field("\n", description="Where a chunk is divided.", min_length=1)


class ParserConfig(Strict):
    chunk_token_num: int = Field(512, description="Target size of a chunk, in tokens: 1 to 2048.", ge=1, le=2048)
    delimiter: str = Field(
        "\n", description="Each character separates; text in backquotes separates as a whole.", min_length=1
    )
    layout_recognize: str = Field("DeepDOC", description="How PDF is read. Kept; the text layer is read.")
    html4excel: bool = Field(False, description="Whether sheets become HTML tables.")
    auto_keywords: int = Field(0, description="Keywords that a model adds to a chunk. Kept.", ge=0, le=32)
    auto_questions: int = Field(0, description="Questions that a model adds to a chunk. Kept.", ge=0, le=10)
    topn_tags: int = Field(1, description="Tags that a chunk gets at most.", ge=1, le=10)
    tag_kb_ids: list[str] = Field(
        [], description="Tag datasets: their chunks that are nearest to a chunk or a question give it their tags."
    )
    filename_embd_weight: float | None = Field(
        0.1, description="Share of the file's name in a vector. Kept.", ge=0, le=1
    )
    task_page_size: int | None = Field(None, description="PDF pages of one task. Kept.", ge=1)
    pages: list[list[int]] | None = Field(None, description="Ranges of pages from 1, both ends included; null: all.")
    overlapped_percent: int | None = Field(None, description="Share of a chunk that the next repeats.", ge=0, le=90)
    image_context_size: int = Field(0, description="Text around pictures. Kept.", ge=0)
    table_context_size: int = Field(0, description="Text around tables. Kept.", ge=0)
    raptor: Raptor = Field(default_factory=lambda: Raptor.model_validate({}), description="Summaries of clusters.")
    graphrag: Graphrag = Field(default_factory=lambda: Graphrag.model_validate({}), description="The knowledge graph.")
    parent_child: ParentChild = Field(
        default_factory=lambda: ParentChild.model_validate({}), description="Smaller chunks for matching."
    )
    children_delimiter: str | None = Field(None, description="As in `parent_child`; written by the server.")
    enable_children: bool | None = Field(None, description="As in `parent_child`; written by the server.")
    table_column_mode: Literal["auto", "manual"] | None = Field(
        None, description="`manual`: `table_column_roles` count, with the method `table`."
    )
    table_column_roles: dict[str, Literal["indexing", "vectorize", "metadata", "both"]] | None = Field(
        None, description="What each column is for; `vectorize` is `indexing`."
    )
    table_column_names: list[str] | None = Field(None, description="Names of the columns. Kept.")
    metadata: list[Any] | dict[str, Any] | None = Field(None, description="Metadata fields. Kept.")
    built_in_metadata: list[Any] | None = Field(None, description="Built-in metadata fields. Kept.")
    enable_metadata: bool | None = Field(None, description="Whether a model fills metadata. Kept.")
    llm_id: str | None = Field(None, description="Chat model. Kept.")
    ext: dict[str, Any] = Field({}, description="More fields, kept beside the others.")
