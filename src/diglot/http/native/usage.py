"""/usage, /queries, /audit: what was asked, and who did what."""

from dataclasses import asdict
from typing import Any

from diglot.catalog.queries import Place
from diglot.domain.errors import DatasetNotFound, InvalidArgument
from diglot.domain.identity import DatasetId, parse_id
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_operations as wire
from diglot.http.native.jobs import dataset_named
from diglot.http.operations import Call, Operation
from diglot.library.datasets import DatasetFilter

TAG = "Usage"
# Past this no time was ever counted.
TIME_DIGITS = 15


def usage(call: Call) -> Answer:
    report = call.house.usage.report(call.caller, call.query.days)
    days = [{"date": date, **asdict(one)} for date, one in report.days.items()]
    return json_answer({"days": days, "totals": asdict(report.total)})


def queries(call: Call) -> Answer:
    sent: wire.QueriesQuery = call.query
    found, behind = call.house.usage.queries(
        call.caller,
        dataset_id=dataset_named(sent.dataset_id),
        zero_hits=sent.zero_hits,
        before=_place(sent.cursor),
        limit=sent.limit,
    )
    reach = call.caller.datasets
    items = [
        {name: getattr(one, name) for name in wire.AskedQuery.model_fields}
        | {"dataset_ids": [each for each in one.dataset_ids if reach is None or each in reach]}
        for one in found
    ]
    names = _names(call, [dataset_id for item in items for dataset_id in item["dataset_ids"]])
    return json_answer({"items": items, "next": _cursor(behind), "dataset_names": names})


def audit(call: Call) -> Answer:
    sent: wire.ListQuery = call.query
    found, behind = call.house.usage.audit(call.caller, before=_place(sent.cursor), limit=sent.limit)
    items = [
        {name: getattr(one, "actor_name" if name == "actor" else name) for name in wire.AuditEntry.model_fields}
        for one in found
    ]
    return json_answer({"items": items, "next": _cursor(behind)})


def _names(call: Call, dataset_ids: list[DatasetId]) -> dict[DatasetId, str]:
    """Of those that are there, by one question for a whole page."""
    wanted = set(dataset_ids)
    there = call.house.datasets.list(call.caller, limit=len(wanted), only=DatasetFilter(ids=wanted))
    return {dataset.id: dataset.name for dataset in there.items}


def _cursor(place: Place | None) -> str | None:
    return None if place is None else f"{place[0]}-{place[1]}"


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    at, _, sent = cursor.partition("-")
    plain = parse_id(sent)
    if plain is None or not (at.isascii() and at.isdigit() and len(at) <= TIME_DIGITS):
        raise InvalidArgument("This is no cursor of a page.", "cursor")
    return int(at), plain


SUM_EXAMPLE = {"queries": 240, "zero_hits": 12, "p50_ms": 14, "p95_ms": 60, "documents": 8}
QUERY_EXAMPLE: dict[str, Any] = {
    "id": "0192f0c47e1a7c3b9d523f6b8a1c2d3e",
    "at": 1750000000000,
    "dialect": "dify",
    "operation": "retrieve",
    "key_prefix": "dataset-1a2b3c4d",
    "user_name": "owner",
    "dataset_ids": ["0192f0c4791c7e4fa0b1c2d3e4f5a6b7"],
    "question": "How long does the battery last?",
    "method": "hybrid",
    "ms": 14.2,
    "hits": 3,
    "best_score": 0.86,
}
AUDIT_EXAMPLE: dict[str, Any] = {
    "id": "0192f0c47e1a7c3b9d523f6b8a1c2d3e",
    "at": 1750000000000,
    "actor": "owner",
    "key_prefix": "dataset-1a2b3c4d",
    "ip": "127.0.0.1",
    "verb": "delete",
    "kind": "dataset",
    "object_id": "0192f0c4791c7e4fa0b1c2d3e4f5a6b7",
    "object_name": "handbooks",
    "result": "done",
}
OPERATIONS = (
    Operation(
        id="usage",
        method="GET",
        path="/usage",
        tag=TAG,
        summary="Use by day",
        description="Questions by all APIs and documents that came, day by day in UTC. Not for keys that are "
        "restricted to some datasets.",
        handler=usage,
        query=wire.UsageQuery,
        answer=wire.Usage,
        answer_example={"days": [{"date": "2025-06-15", **SUM_EXAMPLE}], "totals": SUM_EXAMPLE},
    ),
    Operation(
        id="listQueries",
        method="GET",
        path="/queries",
        tag=TAG,
        summary="List questions",
        description="What was asked, the newest first, while the log is switched on, and for as long as it keeps "
        "them. Asks for the scope `write`. A key that is restricted to some datasets must name one of them.",
        handler=queries,
        query=wire.QueriesQuery,
        answer=wire.QueryPage,
        answer_example={
            "items": [QUERY_EXAMPLE],
            "next": None,
            "dataset_names": {"0192f0c4791c7e4fa0b1c2d3e4f5a6b7": "handbooks"},
        },
        errors=(DatasetNotFound,),
    ),
    Operation(
        id="listAudit",
        method="GET",
        path="/audit",
        tag=TAG,
        summary="Who did what",
        description="Logins, and changes of members, keys, settings and models, and what was deleted by any API; the "
        "newest first. Kept for as many days as the settings say. Asks for the scope `admin`.",
        handler=audit,
        query=wire.ListQuery,
        answer=wire.AuditPage,
        answer_example={"items": [AUDIT_EXAMPLE], "next": None},
    ),
)
