"""/settings and /datasets/{dataset_id}/api: choices of a running server, and who may use its datasets."""

from typing import Any

from diglot.domain.errors import DatasetNotFound, SwitchedOffByOperator
from diglot.domain.identity import DatasetId, parse_id
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_accounts as wire
from diglot.http.operations import Call, Operation
from diglot.library.access import opened
from diglot.library.datasets import DatasetChange
from diglot.library.switches import Choices

TAG = "Settings"


def show(call: Call) -> Answer:
    return json_answer(_body(call, call.house.switches.shown(call.caller)))


def change(call: Call) -> Answer:
    sent: wire.SettingsChange = call.body
    chosen: dict[str, Any] = {"api_enabled": sent.api_enabled} if "api_enabled" in sent.model_fields_set else {}
    for kept, part in (("query_log", sent.query_log), ("audit", sent.audit)):
        if part is not None:
            chosen |= {f"{kept}_{name}": getattr(part, name) for name in sorted(part.model_fields_set)}
    return json_answer(_body(call, call.house.switches.change(call.caller, **chosen)))


def switch_dataset(call: Call) -> Answer:
    plain = parse_id(call.path["dataset_id"])
    if plain is None:
        raise DatasetNotFound
    sent: wire.DatasetSwitch = call.body
    # A key that is shut out does not let itself in.
    opened(call.caller, call.house.datasets.get(call.caller, DatasetId(plain)))
    changed = call.house.datasets.update(call.caller, DatasetId(plain), DatasetChange(api_enabled=sent.enabled))
    return json_answer({"id": changed.id, "api_enabled": changed.api_enabled})


def _body(call: Call, choices: Choices) -> dict[str, Any]:
    settings = call.house.settings
    return {
        "api_enabled": choices.api_enabled,
        "query_log": {"enabled": choices.query_log_enabled, "days": choices.query_log_days},
        "audit": {"days": choices.audit_days},
        "links": {"edit": settings.docs_edit_url, "report": settings.docs_report_url},
    }


EXAMPLE: dict[str, Any] = {
    "api_enabled": True,
    "query_log": {"enabled": True, "days": 90},
    "audit": {"days": 365},
    "links": {"edit": None, "report": "https://example.com/report"},
}
OPERATIONS = (
    Operation(
        id="showSettings",
        method="GET",
        path="/settings",
        tag=TAG,
        summary="Choices for the whole server",
        description="Those that are made while it runs, and the links of the documentation that its operator has set.",
        handler=show,
        answer=wire.Settings,
        answer_example=EXAMPLE,
        is_light=True,
    ),
    Operation(
        id="changeSettings",
        method="PATCH",
        path="/settings",
        tag=TAG,
        summary="Change choices for the whole server",
        description="What is absent stays. `api_enabled` refuses every API key, the one that asks too; members at the "
        "console go on, and switch it on again. Holds at once in the process that answers, within 5 seconds in every "
        "other. Needs the scope `admin`.",
        handler=change,
        body=wire.SettingsChange,
        body_example={"query_log": {"days": 30}},
        answer=wire.Settings,
        answer_example=EXAMPLE | {"query_log": {"enabled": True, "days": 30}},
        answer_description="As they are now.",
        errors=(SwitchedOffByOperator,),
    ),
    Operation(
        id="switchDataset",
        method="PATCH",
        path="/datasets/{dataset_id}/api",
        tag=TAG,
        summary="Open or close a dataset to API keys",
        description="Closed, it is refused in every dialect; members at the console go on. Needs the scope `write`.",
        handler=switch_dataset,
        body=wire.DatasetSwitch,
        body_example={"enabled": False},
        answer=wire.SwitchedDataset,
        answer_example={"id": "0192f0c4791c7e4fa0b1c2d3e4f5a6b7", "api_enabled": False},
        answer_description="As it is now.",
        errors=(DatasetNotFound,),
    ),
)
