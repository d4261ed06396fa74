"""What is told of a dataset's indexes."""

from pydantic import BaseModel, Field


class Index(BaseModel):
    embedding_model: str | None = Field(description="What its vectors are made by; null: words alone.")
    created_at: int = Field(description="When it was begun, in milliseconds since 1970.")
    trouble: str | None = Field(description="Why it is not complete, in a sentence; null where nothing is wrong.")


class Indexes(BaseModel):
    active: Index = Field(description="The one that is searched.")
    building: Index | None = Field(description="The one that will take its place; null where none is being built.")
