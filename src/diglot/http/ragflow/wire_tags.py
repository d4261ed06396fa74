"""Tags of chunks: what is sent, and what goes back."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema

from diglot.http.ragflow.wire import Reply
from diglot.http.ragflow.wire_documents import Sent

Text = Annotated[Any, WithJsonSchema({"type": "string"})]
Texts = Annotated[Any, WithJsonSchema({"type": "array", "items": {"type": "string"}})]


class TagsQuery(Sent):
    dataset_ids: str = Field("", description="Ids of datasets, separated by commas.")


class DeleteTags(Sent):
    tags: Texts = Field(None, description="The tags that go.")


class RenameTag(Sent):
    from_tag: Text = Field(None, description="The tag as it is.")
    to_tag: Text = Field(None, description="What it becomes; where a chunk has that already, it has it once.")


class CountedTag(BaseModel):
    value: str = Field(description="The tag.")
    count: int = Field(description="How many chunks have it.")


class RenamedTag(BaseModel):
    from_tag: str = Field(alias="from", description="The tag as it was.")
    to_tag: str = Field(alias="to", description="What it is now.")


class TagsReply(Reply):
    data: list[tuple[str, int]] = Field(description="Each tag and how many chunks have it, most first.")


class CountedTagsReply(Reply):
    data: list[CountedTag] = Field(description="The tags, those of the most chunks first.")


class RenamedTagReply(Reply):
    data: RenamedTag = Field(description="Both names.")


class NothingReply(Reply):
    data: dict[str, Any] = Field(description="Always empty.")
