"""Logs of ingestions: what is asked, and what goes back."""

from typing import Any

from pydantic import BaseModel, Field

from diglot.http.ragflow.paging import Whole
from diglot.http.ragflow.wire import Reply


class IngestionsQuery(BaseModel):
    page: Whole = Field(1, description="Which page, from 1.")
    page_size: Whole = Field(30, description="Logs a page, 1 to 100.")
    orderby: str = Field("create_time", description="`create_time` or `update_time`, which are the same.")
    desc: str = Field("true", description="Whether the latest come first; anything but `false` is true.")
    log_type: str = Field("file", description="`file`; of `dataset`, for graphs and summaries, there are none.")
    keywords: str = Field("", description="Part of the document's name, in either case.")
    operation_status: list[str] = Field([], description="DONE, FAIL, CANCEL or their digits 3, 4, 2; repeat it.")
    types: list[str] = Field([], description="Kinds of documents: pdf, doc, visual, aural, virtual, other; repeat it.")
    suffix: list[str] = Field([], description="Extensions of documents, without the dot; repeat it.")
    create_date_from: str = Field("", description="Earliest end, as in 2026-08-23 10:00:00, in UTC.")
    create_date_to: str = Field("", description="Latest end, in the same form.")


class IngestionLog(BaseModel):
    id: str = Field(description="32 hex digits.")
    document_id: str = Field(description="The document.")
    tenant_id: str = Field(description="Id of the workspace.")
    kb_id: str = Field(description="Id of the dataset.")
    pipeline_id: None = Field(description="Always null.")
    pipeline_title: str = Field(description="The chunk method.")
    parser_id: str = Field(description="The document's chunk method as it is now.")
    document_name: str = Field(description="The document's name as it is now.")
    document_suffix: str = Field(description="Extension of the name.")
    document_type: str = Field(description="Kind of file: pdf, doc, visual, aural, virtual, other.")
    source_from: str = Field(description="Always `local`.")
    progress: float = Field(description="1 when done, -1 when it failed, 0 when it was stopped.")
    progress_msg: str = Field(description="What happened, a line each, times in UTC.")
    process_begin_at: str = Field(description="When it was asked for, as a date.")
    process_duration: float = Field(description="Seconds from then to the end.")
    dsl: dict[str, Any] = Field(description="Always empty: there are no pipelines.")
    task_type: str = Field(description="Always `Parse`.")
    operation_status: str = Field(description="2 stopped, 3 done, 4 failed.")
    avatar: str | None = Field(description="Path of a small picture of the document.")
    status: str = Field(description='Always "1".')
    create_date: str = Field(description="When it ended, as a date.")
    create_time: int = Field(description="When it ended, in milliseconds since 1970.")
    update_date: str = Field(description="As `create_date`.")
    update_time: int = Field(description="As `create_time`.")


class IngestionLogs(BaseModel):
    total: int = Field(description="How many there are on all pages.")
    logs: list[IngestionLog] = Field(description="This page.")


class IngestionLogsReply(Reply):
    data: IngestionLogs = Field(description="Logs.")


class IngestionLogReply(Reply):
    data: IngestionLog = Field(description="The log.")
