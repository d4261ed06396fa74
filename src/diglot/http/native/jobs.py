"""/jobs: the queue, and what can be done about it."""

from datetime import UTC, datetime
from typing import Any

from diglot.domain.errors import (
    Conflict,
    DatasetNotFound,
    DiskFull,
    InvalidArgument,
    JobNotFound,
    Overloaded,
)
from diglot.domain.identity import DatasetId, JobId, parse_id
from diglot.domain.job import JobState
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_operations as wire
from diglot.http.native.reasons import reason_of
from diglot.http.operations import Call, Operation
from diglot.library.jobs import MOST_AHEAD, QueueEntry, Wait, WaitingLine

TAG = "Jobs"
# A job whose workers died eight times has failed as well.
STATES = {
    "queued": (JobState.QUEUED,),
    "running": (JobState.RUNNING,),
    "done": (JobState.DONE,),
    "failed": (JobState.FAILED, JobState.DEAD),
    "cancelled": (JobState.CANCELLED,),
}
TURNS = {
    WaitingLine.SLOW: "For its turn among documents that take long",
    WaitingLine.RECOGNITION: "For its turn in recognition",
}
NAMES = {state: name for name, states in STATES.items() for state in states}


def list_jobs(call: Call) -> Answer:
    sent: wire.JobsQuery = call.query
    page = call.house.jobs.list(
        call.caller,
        states=tuple(JobState) if sent.state is None else STATES[sent.state],
        dataset_id=dataset_named(sent.dataset_id),
        before=_cursor(sent.cursor),
        limit=sent.limit,
    )
    counts = page.counts
    return json_answer(
        {
            "items": [_body(one) for one in page.items],
            "next": page.next,
            "counts": {name: sum(counts[state] for state in STATES[name]) for name in wire.JobCounts.model_fields},
        }
    )


def retry(call: Call) -> Answer:
    return json_answer(_body(call.house.jobs.retry(call.caller, _job_id(call))))


def cancel(call: Call) -> Answer:
    return json_answer(_body(call.house.jobs.cancel(call.caller, _job_id(call))))


def dataset_named(sent: str | None) -> DatasetId | None:
    """What a parameter names, None where there is none. `DatasetNotFound` for what is no id."""
    if sent is None:
        return None
    plain = parse_id(sent)
    if plain is None:
        raise DatasetNotFound
    return DatasetId(plain)


def _cursor(sent: str | None) -> JobId | None:
    plain = None if sent is None else parse_id(sent)
    if sent is not None and plain is None:
        raise InvalidArgument("This is no cursor of a page.", "cursor")
    return None if plain is None else JobId(plain)


def _job_id(call: Call) -> JobId:
    plain = parse_id(call.path["job_id"])
    if plain is None:
        raise JobNotFound
    return JobId(plain)


def _body(entry: QueueEntry) -> dict[str, Any]:
    listed, job = entry.listed, entry.listed.job
    return {
        "id": job.id,
        "kind": job.kind,
        "state": NAMES[job.state],
        "dataset_id": job.dataset_id,
        "dataset_name": listed.dataset_name,
        "document_id": job.document_id,
        "document_name": listed.document_name,
        "stage": listed.stage,
        "progress": listed.progress,
        "attempts": job.attempts,
        "error": job.error,
        **reason_of(job.error),
        "created_at": job.created_at,
        "run_at": job.run_at or None,
        "waits_for": None if entry.wait is None else _sentence(entry.wait),
        **_line(entry.wait),
    }


def _line(wait: Wait | None) -> dict[str, str | int | None]:
    if wait is None or wait.until is not None:
        return {"line": None, "ahead": None}
    return {"line": wait.line, "ahead": wait.ahead}


def _sentence(wait: Wait) -> str:
    if wait.until is not None:
        time = datetime.fromtimestamp(wait.until / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return f"Until {time}, after a failure." if wait.is_again else f"Until {time}."
    number = f"{MOST_AHEAD} or more" if wait.ahead >= MOST_AHEAD else str(wait.ahead)
    others = f"behind {number} other{'' if wait.ahead == 1 else 's'}"
    if wait.line is WaitingLine.WORKER:
        return f"For a worker, {others}." if wait.ahead else "For a worker: it is the next."
    return f"{TURNS[wait.line]}, {others}." if wait.ahead else f"{TURNS[wait.line]}."


EXAMPLE = {
    "id": "0192f0c47e1a7c3b9d523f6b8a1c2d3e",
    "kind": "ingest",
    "state": "queued",
    "dataset_id": "0192f0c4791c7e4fa0b1c2d3e4f5a6b7",
    "dataset_name": "handbooks",
    "document_id": "0192f0c47a0b7d2c8e613f5a9b0c1d2e",
    "document_name": "manual.pdf",
    "stage": "waiting",
    "progress": 0.0,
    "attempts": 0,
    "error": None,
    "error_code": None,
    "error_facts": None,
    "created_at": 1750000000000,
    "run_at": None,
    "waits_for": "For a worker, behind 12 others.",
    "line": "worker",
    "ahead": 12,
}


def _command(identity: str, word: str, summary: str, description: str, handler: Any) -> Operation:
    return Operation(
        id=identity,
        method="POST",
        path=f"/jobs/{{job_id}}/{word}",
        tag=TAG,
        summary=summary,
        description=description,
        handler=handler,
        answer=wire.Job,
        answer_example=EXAMPLE,
        answer_description="The job.",
        errors=(JobNotFound, Conflict, Overloaded, DiskFull),
    )


OPERATIONS = (
    Operation(
        id="listJobs",
        method="GET",
        path="/jobs",
        tag=TAG,
        summary="List jobs",
        description="The newest first: documents that are read, what is cleared up, indexes that are made anew. Those "
        "that have ended are kept for seven days.",
        handler=list_jobs,
        query=wire.JobsQuery,
        answer=wire.JobList,
        answer_example={"items": [EXAMPLE], "next": None, "counts": {"queued": 13, "running": 2, "failed": 0}},
        errors=(DatasetNotFound,),
    ),
    _command(
        "retryJob",
        "retry",
        "Try a job again",
        "One that waits for a later time is due at once; one that failed or was cancelled begins anew. A document gets "
        "a new job, which is the answer.",
        retry,
    ),
    _command(
        "cancelJob",
        "cancel",
        "Cancel a job",
        "One that runs stops within seconds. A document keeps the chunks that are found. What clears up after deletes "
        "cannot be cancelled.",
        cancel,
    ),
)
