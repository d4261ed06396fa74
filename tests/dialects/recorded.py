"""Recorded exchanges: requests as a dialect's documents or clients make them, and the answers they may rely on.

A story is steps in order, over one house. `<kind:name>` in an answer stands for any value of the kind and keeps it
under the name; `{name}` in a later path or body puts it in. A step `{"worker": true}` has all waiting documents read.
"""

import json
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.operations import Operation
from diglot.http.routing import Routes
from tests.house import finish

KINDS = {
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "hex": r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}",
    "thumbnail": r"/api/v1/documents/images/[0-9a-f]{32}-thumbnail_[0-9a-f]{32}\.png",
    "link": r"http://testserver/diglot/v1/files/[0-9a-f-]{36}\?expires=\d{10}&signature=[0-9a-f]{64}",
    "seconds": r"\d{10}",
    "ms": r"\d{13}",
    "date": r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT",
    "batch": r"\d{20}",
    "sha256": r"[0-9a-f]{64}",
    "number": r"-?\d+(\.\d+)?(e-?\d+)?",
    "text": r"(?s).+",
}
PLACEHOLDER = re.compile(r"<(\w+)(?::(\w+))?>")
JSON = "application/json"


def stories(folder: Path) -> list[Path]:
    found = sorted((folder / "exchanges").glob("*.json"))
    assert found, f"there are no stories in {folder}"
    return found


def play(client: TestClient, house: Diglot, story: Path) -> Iterable[tuple[dict[str, Any], Any]]:
    """Every request that was answered as recorded, with what was answered."""
    kept: dict[str, str] = {}
    for step in json.loads(story.read_text("utf-8")):
        if step.get("worker"):
            finish(house)
            continue
        answer = _send(client, _filled(step["request"], kept))
        body = answer.json() if answer.headers.get("content-type") == JSON else answer.text or None
        got = {"status": answer.status_code, "body": body}
        assert _match(step["answer"], got, kept) == [], (story.stem, step["request"])
        yield step["request"], answer


def operation_of(operations: Iterable[Operation], method: str, path: str) -> Operation:
    """`path` as the dialect sees it."""
    found = Routes((one.method, one.path, one) for one in operations).find(path.partition("?")[0])
    assert found is not None, path
    return found[0].methods[method]


def _send(client: TestClient, request: dict[str, Any]) -> Any:
    sent: dict[str, Any] = {"headers": request.get("headers")}
    for name in ("json", "content"):
        if name in request:
            sent[name] = request[name]
    if "files" in request:
        sent["files"] = [(part["part"], (part.get("filename"), part["content"])) for part in request["files"]]
    return client.request(request["method"], request["path"], **sent)


def _filled(part: Any, kept: dict[str, str]) -> Any:
    if isinstance(part, str):
        return re.sub(r"\{(\w+)\}", lambda found: kept.get(found[1], found[0]), part)
    if isinstance(part, list):
        return [_filled(one, kept) for one in part]
    if isinstance(part, dict):
        return {name: _filled(one, kept) for name, one in part.items()}
    return part


def _match(expected: Any, got: Any, kept: dict[str, str], where: str = "") -> list[str]:
    """What differs, in words."""
    if isinstance(expected, dict) and isinstance(got, dict):
        named = sorted(expected.keys() ^ got.keys())
        inside = [_match(expected[name], got[name], kept, f"{where}.{name}") for name in expected if name in got]
        return [f"{where}.{name}: only on one side" for name in named] + list(chain.from_iterable(inside))
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        pairs = zip(expected, got, strict=True)
        return list(chain.from_iterable(_match(*pair, kept, f"{where}[]") for pair in pairs))
    found = PLACEHOLDER.fullmatch(expected) if isinstance(expected, str) else None
    if found is None:
        return [] if _filled(expected, kept) == got and type(expected) is type(got) else [f"{where}: {got!r}"]
    if got is None or not re.fullmatch(KINDS[found[1]], str(got)):
        return [f"{where}: {got!r} is no {found[1]}"]
    if found[2] and kept.setdefault(found[2], str(got)) != str(got):
        return [f"{where}: {got!r} is not {kept[found[2]]}"]
    return []
