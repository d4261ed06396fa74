"""How a dataset is searched by default, as it is shown: for the documentation, as `wire_answers`."""

from pydantic import BaseModel, Field

from diglot.http.dify.wire import MetadataFilter, RerankingMode, SearchMethod, WeightType


class RerankingModel(BaseModel):
    reranking_provider_name: str = Field(description="As it was sent, else empty.")
    reranking_model_name: str = Field(description="As it was sent, else empty.")


class VectorSetting(BaseModel):
    vector_weight: float = Field(description="Weight of the vector score.")
    embedding_provider_name: str | None = Field(description="As it was sent.")
    embedding_model_name: str | None = Field(description="As it was sent.")


class KeywordSetting(BaseModel):
    keyword_weight: float = Field(description="Weight of the text score.")


class Weights(BaseModel):
    weight_type: WeightType | None = Field(description="As it was sent.")
    vector_setting: VectorSetting | None = Field(description="The vector score's part.")
    keyword_setting: KeywordSetting | None = Field(description="The text score's part.")


class RetrievalModel(BaseModel):
    search_method: SearchMethod = Field(description="As it was sent; `keyword_search` with `economy`.")
    reranking_enable: bool = Field(description="Whether the reranking model orders what was found.")
    reranking_mode: RerankingMode | None = Field(description="As it was sent.")
    reranking_model: RerankingModel = Field(description="The model for `reranking_enable`.")
    weights: Weights | None = Field(description="Weights of hybrid search, null where none were sent.")
    top_k: int = Field(description="How many chunks are answered at most, 1 to 1024; 2 where nobody chose.")
    score_threshold_enabled: bool = Field(description="Whether `score_threshold` counts.")
    score_threshold: float | None = Field(description="As it was sent.")
    metadata_filtering_conditions: MetadataFilter | None = Field(
        None, description="As they were sent; absent where none were."
    )
