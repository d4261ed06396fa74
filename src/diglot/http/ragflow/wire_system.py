"""What goes to and fro about the server, its user and its keys."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from diglot.http.ragflow.wire import Reply


class NewTokenQuery(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str = Field("RAGFlow", description="What the key is called in lists.", min_length=1, max_length=255)


class VersionReply(Reply):
    data: str = Field(description="The server's version.")


class Health(BaseModel):
    db: str = Field(description="`ok` or `nok`: the catalog's database.")
    doc_engine: str = Field(description="`ok` or `nok`: the folder of search indexes.")
    storage: str = Field(description="`ok` or `nok`: the folder of files.")
    status: str = Field(description="`ok` if all of them are, else `nok`.")


class Part(BaseModel):
    status: str = Field(description="`green` or `red`.")
    elapsed: str = Field(description="Milliseconds that asking took.")


class SearchPart(Part):
    type: str = Field(description="Name of the search index.")


class FilesPart(Part):
    storage: str = Field(description="Where files are.")


class CatalogPart(Part):
    database: str = Field(description="`sqlite` or `postgresql`.")


class Status(BaseModel):
    doc_engine: SearchPart = Field(description="The search index.")
    storage: FilesPart = Field(description="The files.")
    database: CatalogPart = Field(description="The catalog.")
    task_executor_heartbeats: dict[str, Any] = Field(description="Always empty.")


class StatusReply(Reply):
    data: Status = Field(description="How each part does.")


class LoginConfig(BaseModel):
    registerEnabled: int = Field(description="Always 0: nobody registers.")
    disablePasswordLogin: bool = Field(description="Always true: keys are the only way in.")


class LoginConfigReply(Reply):
    data: LoginConfig = Field(description="What a login page must know.")


class Token(BaseModel):
    tenant_id: str = Field(description="Id of the workspace.")
    token: str = Field(description="The key where it was just made, else its first characters.")
    beta: str = Field(description="Always empty.")
    name: str = Field(description="What the key is called.")
    create_time: int = Field(description="When it was made, in milliseconds since 1970.")
    create_date: str = Field(description="When it was made, as in `Mon, 17 Jun 2024 16:00:05 GMT`.")
    update_time: None = Field(description="Always null.")
    update_date: None = Field(description="Always null.")


class TokenReply(Reply):
    data: Token = Field(description="The key, shown this once.")


class TokensReply(Reply):
    data: list[Token] = Field(description="Keys that are in force, oldest first.")


class RevokedReply(Reply):
    data: bool = Field(description="Always true.")


class User(BaseModel):
    id: str = Field(description="Id of the user.")
    nickname: str = Field(description="Always empty.")
    email: str = Field(description="Always empty.")
    avatar: None = Field(description="Always null.")
    language: str = Field(description="Always `English`.")
    is_superuser: bool = Field(description="Whether the key may manage keys.")
    status: str = Field(description='Always "1".')


class UserReply(Reply):
    data: User = Field(description="Who the key belongs to.")


class Models(BaseModel):
    tenant_id: str = Field(description="Id of the workspace.")
    name: str = Field(description="Always empty.")
    role: str = Field(description="Always `owner`.")
    llm_id: str = Field(description="Chat model: empty, there is none.")
    embd_id: str = Field(description="Embedding model of datasets that choose none, `name@provider`.")
    rerank_id: str = Field(description="The first reranker, empty without one.")
    asr_id: str = Field(description="Speech model: empty, there is none.")
    img2txt_id: str = Field(description="Image model: empty, there is none.")
    tts_id: str = Field(description="Voice model: empty, there is none.")
    parser_ids: str = Field(description="Chunk methods and what they are called, `naive:General,qa:Q&A,...`.")


class ModelsReply(Reply):
    data: Models = Field(description="The models that are used where nobody chooses.")
