"""Tags and models, in Dify's words."""

from typing import Any, Literal

from pydantic import BaseModel, Field, RootModel

from diglot.http.dify.wire import Sent


class CreateTag(Sent):
    name: str = Field(description="The tag, 1 to 50 characters, unique in the workspace.")


class RenameTag(Sent):
    tag_id: str = Field(description="UUID of the tag.")
    name: str = Field(description="What it is called from now on.")


class DeleteTag(Sent):
    tag_id: str = Field(description="UUID of the tag.")


class Bind(Sent):
    target_id: str = Field(description="UUID of the dataset.")
    tag_ids: list[str] = Field([], description="UUIDs of the tags; unknown ones are passed over.")
    tag_id: str | None = Field(None, description="One more tag.")


class CountedTag(BaseModel):
    id: str = Field(description="UUID of the tag.")
    name: str = Field(description="The tag.")
    type: Literal["knowledge"] = Field(description="Always `knowledge`.")
    binding_count: str = Field(description="How many datasets have it, as text.")


class Tags(RootModel[list[CountedTag]]):
    """All tags of the workspace, newest first."""


class BoundTag(BaseModel):
    id: str = Field(description="UUID of the tag.")
    name: str = Field(description="The tag.")


class BoundTags(BaseModel):
    data: list[BoundTag] = Field(description="The dataset's tags, by name.")
    total: int = Field(description="How many they are.")


class Translated(BaseModel):
    en_US: str = Field(description="In English.")
    zh_Hans: str = Field(description="In Chinese.")


class Model(BaseModel):
    model: str = Field(description="What datasets and requests call it.")
    label: Translated = Field(description="The same, for people.")
    model_type: str = Field(description="What it is for.")
    features: None = Field(description="Always null.")
    fetch_from: str = Field(description="`predefined-model` where it comes with the server, else `customizable-model`.")
    model_properties: dict[str, Any] = Field(description="`context_size`: tokens of a text that it reads, if known.")
    status: Literal["active"] = Field(description="Always `active`.")
    deprecated: bool = Field(description="Always false.")
    load_balancing_enabled: bool = Field(description="Always false.")
    has_invalid_load_balancing_configs: bool = Field(description="Always false.")


class Provider(BaseModel):
    tenant_id: str = Field(description="UUID of the workspace.")
    provider: str = Field(description="Where the models come from.")
    label: Translated = Field(description="The same, for people.")
    icon_small: Translated = Field(description="Empty: there are no icons.")
    icon_small_dark: None = Field(description="Always null.")
    status: Literal["active"] = Field(description="Always `active`.")
    models: list[Model] = Field(description="Its models of this type.")


class Providers(BaseModel):
    data: list[Provider] = Field(description="Who has models of this type; empty where there are none.")
