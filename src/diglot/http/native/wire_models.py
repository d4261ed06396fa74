"""What those send and get who look after models."""

from typing import Annotated

from pydantic import BaseModel, Field

from diglot.http.native.wire import Strict
from diglot.ports.models import ModelUse

Use = Annotated[ModelUse, Field(strict=False)]


class NewModel(Strict):
    type: Use = Field(description="`embedding`, or `rerank`.")
    name: str = Field(description="What datasets call it: letters, digits, `.`, `_` and `-`.", max_length=100)
    base_url: str = Field(description="The endpoint's address, such as `https://api.example.com/v1`.", max_length=2000)
    model: str = Field(description="What the endpoint calls it.", min_length=1, max_length=500)
    api_key: str | None = Field(
        None,
        description="The endpoint's key: visible characters of ASCII. Kept sealed and never shown again.",
        max_length=2000,
        pattern=r"^[!-~]*$",
    )
    dimension: int | None = Field(
        None,
        description="How long its vectors shall be; the endpoint is asked to shorten them if they are longer.",
        ge=1,
        le=16_384,
    )


class Model(BaseModel):
    name: str = Field(description="What datasets call it.")
    kind: str = Field(description="`lexical`, `onnx`, `onnx_reranker`: here; `openai`, `reranker_endpoint`: elsewhere.")
    dimension: int | None = Field(description="How long its vectors are; null for what reranks.")
    languages: list[str] | None = Field(description="Languages that it reads, by ISO 639-1; null: any.")
    is_default: bool = Field(description="Whether datasets get it that choose none.")
    dataset_count: int = Field(description="Datasets that use it.")
    base_url: str | None = Field(None, description="Where the endpoint is.")
    key_hint: str | None = Field(None, description="The end of the endpoint's key.")


class Models(BaseModel):
    embedding: list[Model] = Field(description="What makes vectors, the oldest first.")
    rerank: list[Model] = Field(description="What reranks.")


class Trial(BaseModel):
    ok: bool = Field(description="Whether it answered as it should.")
    dimension: int | None = Field(description="How long its vectors are.")
    ms: int = Field(description="How long it took, in milliseconds.")
    message: str = Field(description="What went wrong, in a sentence; empty if nothing did.")
