"""/datasets/{dataset_id}/ingestions: what became of each reading of a document."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from diglot.catalog.ingestions import Ingestion, IngestionFilter
from diglot.domain.dataset import Dataset
from diglot.domain.document import Phase
from diglot.domain.errors import DatasetNotFound, DiglotError
from diglot.domain.identity import JobId, parse_id
from diglot.domain.job import JobState
from diglot.domain.rules import ChunkingRules
from diglot.http.answers import Answer
from diglot.http.operations import Call, ErrorForm, Operation
from diglot.http.ragflow import states
from diglot.http.ragflow import wire_ingestions as wire
from diglot.http.ragflow.answers import done
from diglot.http.ragflow.document_bodies import document_body
from diglot.http.ragflow.document_listing import phases_of, suffixes_of
from diglot.http.ragflow.errors import argument_error, data_error
from diglot.http.ragflow.lookups import dataset_of
from diglot.http.ragflow.paging import paging
from diglot.http.ragflow.times import created_and_updated, http_date

TAG = "Ingestions"
NO_ACCESS = "No authorization."
NOT_FOUND = "Log not found"
LOG_TYPES = frozenset({"file", "dataset"})
ORDERS = frozenset({"create_time", "update_time"})
PHASES = {
    JobState.DONE: Phase.DONE,
    JobState.FAILED: Phase.FAILED,
    JobState.DEAD: Phase.FAILED,
    JobState.CANCELLED: Phase.CANCELLED,
}


def list_logs(call: Call) -> Answer:
    query: wire.IngestionsQuery = call.query
    dataset = _dataset(call)
    wanted = paging(query.page, query.page_size)
    if query.log_type not in LOG_TYPES:
        raise data_error('Invalid "log_type", expected "dataset" or "file"')
    if query.orderby not in ORDERS:
        raise argument_error(f"invalid orderby field: {query.orderby}")
    only = _filter(query)
    if query.log_type == "dataset":
        return done({"total": 0, "logs": []})
    page = call.house.jobs.ingestions(
        call.caller,
        dataset.id,
        only,
        offset=wanted.offset,
        limit=wanted.size,
        is_descending=query.desc.strip().lower() != "false",
    )
    return done({"total": page.total, "logs": _bodies(call, page.items)})


def get_log(call: Call) -> Answer:
    dataset = _dataset(call)
    plain = parse_id(call.path["log_id"])
    if plain is None:
        raise data_error(NOT_FOUND)
    page = call.house.jobs.ingestions(call.caller, dataset.id, IngestionFilter(id=JobId(plain)), limit=1)
    if not page.items:
        raise data_error(NOT_FOUND)
    [body] = _bodies(call, page.items)
    return done(body)


def _dataset(call: Call) -> Dataset:
    return dataset_of(call, data_error(NO_ACCESS))


def _filter(query: wire.IngestionsQuery) -> IngestionFilter:
    phases = phases_of(query.operation_status)
    return IngestionFilter(
        states=None if phases is None else [state for state, phase in PHASES.items() if phase in phases],
        keyword=query.keywords,
        suffixes=suffixes_of(query.suffix, query.types),
        ended_from=_milliseconds("create_date_from", query.create_date_from),
        ended_to=_milliseconds("create_date_to", query.create_date_to),
    )


def _milliseconds(name: str, sent: str) -> int | None:
    if not sent:
        return None
    try:
        found = datetime.fromisoformat(sent)
    except ValueError:
        raise argument_error(f"{name} should be a date as in 2026-08-23 10:00:00") from None
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)


def _bodies(call: Call, found: tuple[Ingestion, ...]) -> list[dict[str, Any]]:
    rules = call.house.rulebook.many(one.document.rule_id for one in found)
    return [_body(one, rules.get(one.document.rule_id)) for one in found]


def _body(ingestion: Ingestion, rules: ChunkingRules | None) -> dict[str, Any]:
    job, document = ingestion.job, document_body(ingestion.document, rules)
    phase, ended = PHASES[job.state], job.finished_at or job.created_at
    return {
        "id": job.id,
        "document_id": document["id"],
        "tenant_id": job.workspace_id,
        "kb_id": job.dataset_id,
        "pipeline_id": None,
        "pipeline_title": document["chunk_method"],
        "parser_id": document["chunk_method"],
        "document_name": document["name"],
        "document_suffix": document["suffix"],
        "document_type": document["type"],
        "source_from": document["source_type"],
        "progress": states.ENDS.get(phase, 0.0),
        "progress_msg": _message(ingestion, phase, ended),
        "process_begin_at": http_date(job.created_at),
        "process_duration": max(0, ended - job.created_at) / 1000,
        "dsl": {},
        "task_type": "Parse",
        "operation_status": states.DIGITS[phase],
        "avatar": document["thumbnail"],
        "status": "1",
        **created_and_updated(ended, ended),
    }


def _message(ingestion: Ingestion, phase: Phase, ended: int) -> str:
    """Of the reading that serves each stage is known, of others how they ended."""
    job, document = ingestion.job, ingestion.document
    if phase is Phase.DONE and document.phase is Phase.DONE and job.revision == document.revision:
        return states.message(document, 0)
    return states.outcome(phase, job.created_at, ended, job.error)


LOG_ID = "0192f0c47e1a7c3b9d523f6b8a1c2d49"
LOG_EXAMPLE: dict[str, Any] = {
    "id": LOG_ID,
    "document_id": "0192f0c47e1a7c3b9d523f6b8a1c2d44",
    "tenant_id": "0192f0c47e1a7c3b9d523f6b8a1c2d40",
    "kb_id": "0192f0c47e1a7c3b9d523f6b8a1c2d3e",
    "pipeline_id": None,
    "pipeline_title": "naive",
    "parser_id": "naive",
    "document_name": "manual.pdf",
    "document_suffix": "pdf",
    "document_type": "pdf",
    "source_from": "local",
    "progress": 1.0,
    "progress_msg": "16:00:05 Task has been received.\n16:00:07 Task done (2.10s)",
    "process_begin_at": "Mon, 17 Jun 2024 16:00:05 GMT",
    "process_duration": 2.1,
    "dsl": {},
    "task_type": "Parse",
    "operation_status": "3",
    "avatar": None,
    "status": "1",
    "create_date": "Mon, 17 Jun 2024 16:00:07 GMT",
    "create_time": 1718640007100,
    "update_date": "Mon, 17 Jun 2024 16:00:07 GMT",
    "update_time": 1718640007100,
}
DONE_EXAMPLE = {"code": 0, "message": "success"}
FORMS: Mapping[type[DiglotError], ErrorForm] = {DatasetNotFound: ErrorForm(200, "102", NO_ACCESS)}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="listIngestionLogs",
        method="GET",
        path="/datasets/{dataset_id}/ingestions",
        tag=TAG,
        summary="List logs of ingestions",
        description="One for each time that a document was parsed, or was to be: done, failed or stopped, of the last "
        "seven days, the latest first. What waits or runs is shown by its document.",
        handler=list_logs,
        query=wire.IngestionsQuery,
        answer=wire.IngestionLogsReply,
        answer_example=DONE_EXAMPLE | {"data": {"total": 1, "logs": [LOG_EXAMPLE]}},
        errors=(DatasetNotFound,),
        forms=FORMS,
    ),
    Operation(
        id="getIngestionLog",
        method="GET",
        path="/datasets/{dataset_id}/ingestions/{log_id}",
        tag=TAG,
        summary="Get a log of an ingestion",
        description="One of those that are listed.",
        handler=get_log,
        answer=wire.IngestionLogReply,
        answer_example=DONE_EXAMPLE | {"data": LOG_EXAMPLE},
        errors=(DatasetNotFound,),
        forms=FORMS,
    ),
)
