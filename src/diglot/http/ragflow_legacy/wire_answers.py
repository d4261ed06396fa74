"""What goes back, for the documentation: answers are dicts made by `translate`, never validated at run time."""

from typing import Any, Literal

from pydantic import BaseModel, Field

Permission = Literal["me", "team"]
Switch = Literal["0", "1"]
State = Literal["UNSTART", "RUNNING", "CANCEL", "DONE", "FAIL"]


class Answer(BaseModel):
    code: int = Field(description="0; whatever else is an error.")
    message: str = Field(description="`success`, or what there is to say.")


class NewName(BaseModel):
    dataset_name: str = Field(description="The name it got.")
    dataset_id: str = Field(description="Its id: 32 hex digits.")


class ShortDataset(BaseModel):
    avatar: str | None = Field(description="Its picture, as a data URL.")
    chunk_num: int = Field(description="Chunks in it.")
    description: str | None = Field(description="What is in it.")
    doc_num: int = Field(description="Documents in it.")
    embd_id: str = Field(description="Name of its embedding model, empty where words alone are indexed.")
    id: str = Field(description="Its id: 32 hex digits.")
    language: str = Field(description="Language of its documents, as it was set.")
    name: str = Field(description="Its name, unique in the workspace.")
    parser_config: dict[str, Any] = Field(description="How its documents are cut, as it was set.")
    parser_id: str = Field(description="The method by which its documents are cut.")
    permission: Permission = Field(description="As it was set; it restricts nobody here.")
    token_num: int = Field(description="Tokens of its chunks.")


class Dataset(ShortDataset):
    create_date: str = Field(description="When it was made.")
    create_time: int = Field(description="The same in milliseconds since 1970.")
    created_by: str = Field(description="Id of who made it.")
    similarity_threshold: float = Field(description="Always 0.2.")
    status: Switch = Field(description="Always `1`.")
    tenant_id: str = Field(description="Id of the workspace.")
    update_date: str = Field(description="When it was changed last.")
    update_time: int = Field(description="The same in milliseconds since 1970.")
    vector_similarity_weight: float = Field(description="Always 0.3.")


class Created(Answer):
    data: NewName = Field(description="The new dataset.")


class DatasetList(Answer):
    data: list[Dataset] = Field(description="The datasets.")


class ShortDatasetAnswer(Answer):
    data: ShortDataset = Field(description="The dataset.")


class DatasetAnswer(Answer):
    data: Dataset = Field(description="The dataset as it is now.")


class Removed(Answer):
    success: Literal[True] = Field(description="Always true.")


class NewDocument(BaseModel):
    created_by: str = Field(description="Id of who uploaded it.")
    id: str = Field(description="Its id: 32 hex digits.")
    kb_id: str = Field(description="Id of its dataset.")
    location: str = Field(description="The same as its name.")
    name: str = Field(description="Its name, unique in the dataset.")
    parser_config: dict[str, Any] = Field(description="How it is cut, as it was set.")
    parser_id: str = Field(description="The method by which it is cut.")
    size: int = Field(description="Bytes of the file.")
    thumbnail: str | None = Field(description="Always null.")
    type: str = Field(description="`doc`, `pdf`, `visual` or `aural`.")


class Document(NewDocument):
    chunk_num: int = Field(description="Its chunks.")
    create_date: str = Field(description="When it was uploaded.")
    create_time: int = Field(description="The same in milliseconds since 1970.")
    process_begin_at: str | None = Field(description="When its parsing was asked for last.")
    process_duation: float = Field(description="Seconds that took, spelt as it always was.")
    process_duration: float = Field(description="The same, spelt right.")
    progress: float = Field(description="0 to 1; -1 after a failure.")
    progress_msg: str = Field(description="What has happened, a line for each step.")
    run: str = Field(description="`0` not parsed, `1` being parsed, `2` stopped, `3` done, `4` failed.")
    source_type: str = Field(description="Always `local`.")
    status: Switch = Field(description="Whether it can be found.")
    token_num: int = Field(description="Tokens of its chunks.")
    update_date: str = Field(description="When it was changed last.")
    update_time: int = Field(description="The same in milliseconds since 1970.")


class DocumentPage(BaseModel):
    total: int = Field(description="How many there are.")
    docs: list[Document] = Field(description="Those that were asked for.")


class NewDocuments(Answer):
    data: list[NewDocument] = Field(description="The new documents, in the order of their files.")


class DocumentList(Answer):
    data: DocumentPage = Field(description="The documents.")


class DocumentAnswer(Answer):
    data: Document = Field(description="The document as it is now.")


class Confirmed(Answer):
    data: Literal[True] = Field(description="Always true.")


class Status(BaseModel):
    progress: float = Field(description="0 to 1; -1 after a failure.")
    status: State = Field(description="How far it is.")


class DocumentStatus(Status):
    document_id: str = Field(description="Id of the document.")


class StatusAnswer(Answer):
    data: Status = Field(description="How far the document is.")


class StatusesAnswer(Answer):
    data: list[DocumentStatus] | Status = Field(
        description="How far each document is; with `document_id` in the query, that one alone."
    )
