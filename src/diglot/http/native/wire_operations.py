"""What operators send and get: jobs, events, usage, the log of queries, the audit, the server itself."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from diglot.domain.document import DocumentStatus, Phase
from diglot.domain.job import JobKind
from diglot.http.native.wire import ERROR_CODE, ERROR_FACTS

MOST_ITEMS = 200
ID = "Id of the dataset: a UUID, with or without dashes."
JobStateName = Literal["queued", "running", "done", "failed", "cancelled"]


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ListQuery(Query):
    limit: int = Field(50, description="How many items at most.", ge=1, le=MOST_ITEMS)
    cursor: str | None = Field(None, description="The `next` of the page before.", max_length=200)


class JobsQuery(ListQuery):
    state: JobStateName | None = Field(None, description="Only jobs in this state.")
    dataset_id: str | None = Field(None, description=ID)


class EventsQuery(Query):
    dataset_id: str | None = Field(None, description=ID)


class UsageQuery(Query):
    days: int = Field(30, description="How many days, today the last.", ge=1, le=366)


class QueriesQuery(ListQuery):
    dataset_id: str | None = Field(None, description=ID)
    zero_hits: bool = Field(False, description="Only questions that found nothing.")


class Listed(BaseModel):
    next: str | None = Field(description="The `cursor` of the next page; null where there is none.")


class Job(BaseModel):
    id: str = Field(description="The job's id.")
    kind: JobKind = Field(
        description="`ingest` reads a document, `purge` clears up after deletes, `rebuild` makes an index anew."
    )
    state: JobStateName = Field(description="Where it stands.")
    dataset_id: str = Field(description="The dataset it is about.")
    dataset_name: str | None = Field(description="The dataset's name; null once it is gone.")
    document_id: str | None = Field(description="The document it is about, where it is one.")
    document_name: str | None = Field(description="The document's name; null once it is gone.")
    stage: DocumentStatus | None = Field(description="What is being done with the document.")
    progress: float = Field(description="How far it is, from 0 to 1.")
    attempts: int = Field(description="How often it was begun.")
    error: str | None = Field(description="Why it failed, or the last attempt did.")
    error_code: str | None = Field(description=ERROR_CODE)
    error_facts: dict[str, str] | None = Field(description=ERROR_FACTS)
    created_at: int = Field(description="When it was asked for, in milliseconds since 1970.")
    run_at: int | None = Field(description="The time before which it does not begin, where there is one.")
    waits_for: str | None = Field(description="What a queued job waits for, in a sentence.")
    line: Literal["worker", "slow", "recognition"] | None = Field(
        description="Whose turn a queued job waits for; null where it waits for a time."
    )
    ahead: int | None = Field(description="How many jobs come before it there, up to 1000.")


class JobCounts(BaseModel):
    queued: int = Field(description="Jobs that wait.")
    running: int = Field(description="Jobs under way.")
    failed: int = Field(description="Jobs of the last seven days that were given up.")


class JobList(Listed):
    items: list[Job] = Field(description="The newest first.")
    counts: JobCounts = Field(description="Of all jobs, or of those of the dataset that is named.")


class DocumentEvent(BaseModel):
    """The `data` of an event named `document`."""

    id: str = Field(description="The document's id.")
    dataset_id: str = Field(description="Its dataset's id.")
    name: str = Field(description="Its name.")
    status: DocumentStatus = Field(description="The stage it is in.")
    phase: Phase = Field(description="The same in one word.")
    progress: float = Field(description="How far it is, from 0 to 1.")
    error: str | None = Field(description="Why it failed.")
    error_code: str | None = Field(description=ERROR_CODE)
    error_facts: dict[str, str] | None = Field(description=ERROR_FACTS)
    chunk_count: int = Field(description="Chunks that are found.")
    updated_at: int = Field(description="When it changed, in milliseconds since 1970.")


class Disk(BaseModel):
    free: int = Field(description="Free bytes of the disk that holds the data folder.")
    total: int = Field(description="All its bytes.")


class ServerCounts(BaseModel):
    datasets: int = Field(description="Datasets.")
    documents: int = Field(description="Documents.")
    chunks: int = Field(description="Chunks.")
    queued: int = Field(description="Jobs that wait for a worker.")


class Extras(BaseModel):
    ocr: bool = Field(description="Whether the text of scans is recognised here.")
    legacy: bool = Field(description="Whether Word and PowerPoint before 2007 are read here.")


class Doors(BaseModel):
    dify: bool = Field(description="Dify's API, under `/v1`.")
    ragflow: bool = Field(description="RAGFlow's API, under `/api/v1`.")
    data: bool = Field(description="The data API, under `/v1/data`.")
    diglot: bool = Field(description="Our own API, under `/diglot/v1`.")


class Server(BaseModel):
    version: str = Field(description="The program's version.")
    started_at: int = Field(description="When the process that answers began, in milliseconds since 1970.")
    catalog: Literal["sqlite", "postgresql"] = Field(description="Where the catalog is.")
    disk: Disk = Field(description="Room for data.")
    counts: ServerCounts = Field(description="What is there.")
    extras: Extras = Field(description="What is installed beside the program.")
    doors: Doors = Field(description="The APIs that are answered.")
    console: bool = Field(description="Whether the console is served.")


class DocsLinks(BaseModel):
    edit: str | None = Field(description="A link in which `{path}` stands for the file of a page; null: none is set.")
    report: str | None = Field(
        description="A link in which `{page}` stands for a page's address, `{title}` for its name; null: none is set."
    )


class UsageSum(BaseModel):
    queries: int = Field(description="Questions that were asked by any API.")
    zero_hits: int = Field(description="How many of them found nothing.")
    p50_ms: int | None = Field(description="What half of them took at most, in milliseconds.")
    p95_ms: int | None = Field(description="What 95 of 100 took at most, in milliseconds.")
    documents: int = Field(description="Documents that were added and are still there.")


class UsageDay(UsageSum):
    date: str = Field(description="The day in UTC, YYYY-MM-DD.")


class Usage(BaseModel):
    days: list[UsageDay] = Field(description="Each of the days, the oldest first.")
    totals: UsageSum = Field(description="All of them together.")


class AskedQuery(BaseModel):
    id: str = Field(description="The entry's id.")
    at: int = Field(description="When it was asked, in milliseconds since 1970.")
    dialect: str = Field(description="The API: `dify`, `ragflow`, or `external` for a Dify elsewhere.")
    operation: str = Field(description="The operation: `retrieve` or `search`.")
    key_prefix: str | None = Field(description="What is shown of the API key; null for a member at the console.")
    user_name: str | None = Field(description="In whose name it was asked.")
    dataset_ids: list[str] = Field(description="The datasets that were asked.")
    question: str = Field(description="The question, of which 2,000 characters are kept.")
    method: str = Field(description="How it was searched.")
    ms: float = Field(description="Time to the hits, in milliseconds.")
    hits: int = Field(description="How many there were.")
    best_score: float | None = Field(description="The best one's score.")


class QueryPage(Listed):
    items: list[AskedQuery] = Field(description="The newest first.")
    dataset_names: dict[str, str] = Field(description="By id, the names of the datasets that are still there.")


class AuditEntry(BaseModel):
    id: str = Field(description="The entry's id.")
    at: int = Field(description="When it happened, in milliseconds since 1970.")
    actor: str | None = Field(description="Who did it, by name.")
    key_prefix: str | None = Field(description="What is shown of the API key; null for a member at the console.")
    ip: str | None = Field(description="Where the request came from.")
    verb: str = Field(description="What was done, in a word.")
    kind: str = Field(description="To what kind of thing.")
    object_id: str | None = Field(description="The thing's id.")
    object_name: str | None = Field(description="The thing's name at the time.")
    result: str = Field(description="`done` or `refused`.")


class AuditPage(Listed):
    items: list[AuditEntry] = Field(description="The newest first.")
