"""What goes back about datasets, for the documentation: answers are dicts made by `dataset_bodies`."""

from typing import Any

from pydantic import BaseModel, Field

from diglot.http.ragflow.wire import Reply
from diglot.http.ragflow.wire_datasets import Permission


class Dataset(BaseModel):
    id: str = Field(description="32 hex digits.")
    name: str = Field(description="Name, unique in the workspace.")
    avatar: str | None = Field(description="A picture, as a data URL.")
    description: str | None = Field(description="What is in it.")
    language: str = Field(description="`English`, unless another was set.")
    tenant_id: str = Field(description="Id of the workspace.")
    created_by: str = Field(description="Id of the user who made it.")
    embedding_model: str = Field(description="`name@provider`; empty where words alone are indexed.")
    permission: Permission = Field(description="As it was set; it restricts nobody here.")
    document_count: int = Field(description="Documents in it.")
    chunk_count: int = Field(description="Chunks of its documents.")
    token_num: int = Field(description="Tokens of its documents, as this server estimates them.")
    chunk_method: str = Field(description="How documents become chunks.")
    parser_config: dict[str, Any] = Field(description="Options of the method.")
    pagerank: int = Field(description="Added to the score of its chunks.")
    similarity_threshold: float = Field(description="Always 0.2.")
    vector_similarity_weight: float = Field(description="Always 0.3.")
    status: str = Field(description='Always "1".')
    pipeline_id: str | None = Field(description="As it was set.")
    create_date: str = Field(description="When it was made, as in `Mon, 17 Jun 2024 16:00:05 GMT`.")
    create_time: int = Field(description="When it was made, in milliseconds since 1970.")
    update_date: str = Field(description="When it was changed last, as a date.")
    update_time: int = Field(description="When it was changed last, in milliseconds since 1970.")


class ChangedDataset(Dataset):
    connectors: list[Any] = Field(description="Always empty.")


class WholeDataset(ChangedDataset):
    size: int = Field(description="Bytes of its documents' files.")


class ParsingStatus(BaseModel):
    unstart_count: int = Field(description="Documents that nobody has asked to be parsed.")
    running_count: int = Field(description="Documents that wait or are being parsed.")
    cancel_count: int = Field(description="Documents whose parsing was stopped.")
    done_count: int = Field(description="Documents that can be found.")
    fail_count: int = Field(description="Documents that could not be parsed.")


class ListedDataset(Dataset):
    nickname: str = Field(description="Always empty.")
    tenant_avatar: None = Field(description="Always null.")
    embedding_model_name: str = Field(description="The embedding model without its provider.")
    parsing_status: ParsingStatus | None = Field(None, description="With `include_parsing_status`.")
    unstart_count: int | None = Field(None, description="With `include_parsing_status`, as in `parsing_status`.")
    running_count: int | None = Field(None, description="With `include_parsing_status`, as in `parsing_status`.")
    cancel_count: int | None = Field(None, description="With `include_parsing_status`, as in `parsing_status`.")
    done_count: int | None = Field(None, description="With `include_parsing_status`, as in `parsing_status`.")
    fail_count: int | None = Field(None, description="With `include_parsing_status`, as in `parsing_status`.")


class Owner(BaseModel):
    id: str = Field(description="Id of the workspace.")
    label: str = Field(description="Always empty.")
    count: int = Field(description="How many datasets it has.")


class OwnerFilter(BaseModel):
    owner: list[Owner] = Field(description="Whose datasets there are.")


class OwnerFilters(BaseModel):
    filter: OwnerFilter = Field(description="What a list can be narrowed to.")
    total: int = Field(description="How many datasets there are.")


class DeletedDatasets(BaseModel):
    success_count: int = Field(description="How many were deleted.")


class Graph(BaseModel):
    graph: dict[str, Any] = Field(description="Always empty: no graph is made.")
    mind_map: dict[str, Any] = Field(description="Always empty.")


class Ingestions(BaseModel):
    doc_num: int = Field(description="Documents.")
    chunk_num: int = Field(description="Chunks.")
    token_num: int = Field(description="Tokens, as this server estimates them.")
    status: ParsingStatus = Field(description="Documents by state.")


class DatasetReply(Reply):
    data: Dataset = Field(description="The dataset.")


class ChangedDatasetReply(Reply):
    data: ChangedDataset = Field(description="The dataset as it is now.")


class WholeDatasetReply(Reply):
    data: WholeDataset = Field(description="The dataset.")


class DatasetsReply(Reply):
    data: list[ListedDataset] | OwnerFilters = Field(
        description="This page; with `type=filter` whose datasets there are."
    )
    total_datasets: int | None = Field(None, description="How many there are on all pages.")


class DeletedDatasetsReply(Reply):
    data: DeletedDatasets = Field(description="How many were deleted.")


class GraphReply(Reply):
    data: Graph = Field(description="Nothing.")


class TraceReply(Reply):
    data: dict[str, Any] = Field(description="Always empty.")


class IndexQuery(BaseModel):
    type: str = Field("", description="`graph`, `raptor` or `mindmap`.")


class DeletedIndexReply(Reply):
    data: dict[str, Any] = Field(description="Always empty.")


class DeletedGraphReply(Reply):
    data: bool = Field(description="Always true.")


class IngestionsReply(Reply):
    data: Ingestions = Field(description="Counts.")
