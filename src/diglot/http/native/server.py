"""/server: what this server is, and how it stands."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from diglot.http import pages
from diglot.http.answers import Answer, json_answer
from diglot.http.native import wire_operations as wire
from diglot.http.operations import Call, Operation

VERSION = version("diglot")
CONSOLE = Path(pages.__file__).with_name("built") / "index.html"


def server(call: Call) -> Answer:
    state = call.house.standing.now(call.caller)
    counts = state.counts
    return json_answer(
        {
            "version": VERSION,
            "started_at": state.started_at,
            "catalog": "sqlite" if call.house.settings.database_url is None else "postgresql",
            "disk": {"free": state.free, "total": state.total},
            "counts": {
                "datasets": counts.datasets,
                "documents": counts.documents,
                "chunks": counts.chunks,
                "queued": state.queued,
            },
            "extras": {"ocr": state.has_ocr, "legacy": state.reads_legacy},
            "doors": dict.fromkeys(wire.Doors.model_fields, True),
            "console": CONSOLE.is_file(),
        }
    )


EXAMPLE: dict[str, Any] = {
    "version": "0.1.0",
    "started_at": 1750000000000,
    "catalog": "sqlite",
    "disk": {"free": 50_000_000_000, "total": 100_000_000_000},
    "counts": {"datasets": 3, "documents": 120, "chunks": 4800, "queued": 0},
    "extras": {"ocr": True, "legacy": False},
    "doors": {"dify": True, "ragflow": True, "data": True, "diglot": True},
    "console": True,
}
OPERATIONS = (
    Operation(
        id="server",
        method="GET",
        path="/server",
        tag="Server",
        summary="The server",
        description="What this server is, how much room it has, what is there. Counts are of what the caller may see.",
        handler=server,
        answer=wire.Server,
        answer_example=EXAMPLE,
    ),
)
