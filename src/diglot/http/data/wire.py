"""What clients send and get. Unknown fields are passed over."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

# Kept as text: how large a number is, or that it is none, is told in words of our own.
Number = Annotated[str, WithJsonSchema({"type": "integer", "minimum": 1})]
NUMBER = "The number of the resource."


class Sent(BaseModel):
    model_config = ConfigDict(extra="ignore")


class ByNumber(Sent):
    id: Number = Field(description=NUMBER)


class NewResource(Sent):
    name: str = Field(description="Its name. One that is taken gets a number: `name(1)`.")
    description: str | None = Field(None, description="What it is.")


class ResourceChange(Sent):
    name: str | None = Field(None, description="Its new name, which must be free.")
    description: str | None = Field(None, description="What it is; an empty text takes the description away.")


class Resource(BaseModel):
    id: int = Field(description=NUMBER)
    name: str = Field(description="Its name, unique in the workspace.")
    description: str | None = Field(description="What it is.")


class Found(BaseModel):
    success: Literal[True] = Field(description="Always true.")
    data: Resource = Field(description="The resource.")


class Deleted(BaseModel):
    success: Literal[True] = Field(description="Always true.")
    message: str = Field(description="A sentence that says so.")


class Refusal(BaseModel):
    success: Literal[False] = Field(description="Always false.")
    error: str = Field(description="What is wrong, in a sentence.")
