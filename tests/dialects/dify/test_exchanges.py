"""Recorded exchanges: a request of the seed or of today's API, and the answer that a client may rely on.

Each file is a story: steps in order, over one house. `<kind:name>` in an answer stands for any value of the kind and
keeps it under the name; `{name}` in a later path or body puts it in.
"""

import json
import re
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.dify.app import OPERATIONS
from diglot.http.routing import Routes
from tests.house import finish

STORIES = sorted((Path(__file__).parent / "exchanges").glob("*.json"))
KINDS = {
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "seconds": r"\d{10}",
    "batch": r"\d{20}",
    "sha256": r"[0-9a-f]{64}",
    "number": r"-?\d+(\.\d+)?(e-?\d+)?",
}
ROUTES = Routes((one.method, one.path, one) for one in OPERATIONS)
PLACEHOLDER = re.compile(r"<(\w+)(?::(\w+))?>")


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_the_answers_are_as_recorded(client: TestClient, house: Diglot, story: Path) -> None:
    kept: dict[str, str] = {}
    for step in json.loads(story.read_text()):
        if step.get("worker"):
            finish(house)
            continue
        answer = _send(client, _filled(step["request"], kept))
        got = {"status": answer.status_code, "body": answer.json() if answer.content else None}
        assert _match(step["answer"], got, kept) == [], (story.stem, step["request"]["path"])
        # With metadata=only a client asks for less than the document shows.
        if answer.is_success and answer.content and "metadata=" not in step["request"]["path"]:
            _require_documented(step["request"], got["body"])


def _require_documented(request: dict[str, Any], body: Any) -> None:
    """All of it stands in the OpenAPI document, and nothing that it promises is missing."""
    found = ROUTES.find(request["path"].partition("?")[0].removeprefix("/v1"))
    assert found is not None
    model = found[0].methods[request["method"]].answer
    assert model is not None, request["path"]
    model.model_validate(body, extra="forbid")


def test_there_are_stories() -> None:
    assert len(STORIES) >= 6


def _send(client: TestClient, request: dict[str, Any]) -> Any:
    sent: dict[str, Any] = {"headers": request.get("headers")}
    if "json" in request:
        sent["json"] = request["json"]
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
