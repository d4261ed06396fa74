"""What the pages withstand: texts that would run, files that would run, pages of others, and those who guess."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.adapters.embedders.model_server import model_server
from tests.console.conftest import Play
from tests.console.planting import HTML, PAYLOADS, SCRIPT, XHTML, Planted, Planter
from tests.console.playing import OWNER
from tests.house import KEY

HEADERS = {"Authorization": f"Bearer {KEY}"}
OWNER_NAME = "<img src=x onerror=alert('owner')>"


@pytest.fixture(scope="module")
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, headers=HEADERS, timeout=60) as one:
        made = one.post("/diglot/v1/setup", json=OWNER | {"name": OWNER_NAME})
        assert made.status_code == 200, made.text
        one.cookies.clear()
        yield one


@pytest.fixture(scope="module")
def planted(client: httpx.Client) -> Iterator[Planted]:
    with model_server() as endpoint:
        yield Planter(client, endpoint.url).plant()


def test_there_are_texts_of_many_kinds() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 200


def test_nothing_that_is_written_runs(play: Play, planted: Planted, tmp_path: Path) -> None:
    # Too much for a command line.
    facts = tmp_path / "planted.json"
    facts.write_text(json.dumps(asdict(planted) | {"payloads": PAYLOADS}), "utf-8")
    assert play("xss", planted=str(facts), key=KEY)["ran"] > 60


def test_files_that_would_run_are_downloads(play: Play, client: httpx.Client, planted: Planted) -> None:
    links = {name: _link(client, planted, name) for name in planted.files}
    play("originals", pages={name: links[name] for name in (HTML, XHTML)}, script=links[SCRIPT])
    for link in links.values():
        _require_harmless(httpx.get(link))
    for document in planted.files.values():
        plain = document.replace("-", "")
        for path in (f"/datasets/{planted.shelf.replace('-', '')}/documents/{plain}", f"/documents/{plain}"):
            _require_harmless(client.get(f"/api/v1{path}"))
        # What is shown in place runs no more than what is not.
        shown = client.get(f"/api/v1/documents/{plain}/preview")
        _require_harmless(shown, kinds=("attachment", "inline"))


def _link(client: httpx.Client, planted: Planted, name: str) -> str:
    path = f"/v1/datasets/{planted.shelf}/documents/{planted.files[name]}/download"
    return str(client.get(path).json()["url"])


def _require_harmless(answer: httpx.Response, kinds: tuple[str, ...] = ("attachment",)) -> None:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].partition(";")[0] in kinds, answer.text[:200]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert not re.search("script|svg", answer.headers["content-type"])


def test_pages_of_others_change_nothing(play: Play, client: httpx.Client) -> None:
    mallory = {"login": "mallory", "password": "an attacker's password"}
    client.post("/diglot/v1/members", json=mallory | {"name": "Mallory", "role": "viewer"}).raise_for_status()
    newest = _audit(client)[0]
    changes = [
        ("POST", "/setup", mallory | {"name": "Mallory"}),
        ("POST", "/session", mallory),
        ("POST", "/session/token", None),
        ("PUT", "/session/password", {"current": OWNER["password"], "new": "a password of theirs"}),
        ("DELETE", "/session", None),
    ]
    facts = [{"method": method, "path": f"/diglot/v1{path}", "body": body} for method, path, body in changes]
    play("forgery", changes=facts, name=OWNER_NAME)
    since = itertools.takewhile(lambda entry: entry != newest, _audit(client))
    assert [(entry["verb"], entry["actor"], entry["result"]) for entry in since] == [("log in", OWNER_NAME, "done")]


def _audit(client: httpx.Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/diglot/v1/audit", params={"limit": 200}).json()["items"]
    return items


@pytest.mark.usefixtures("client")
def test_no_page_shows_itself_in_a_frame(play: Play) -> None:
    play("framing", paths=["/console/", "/console/login", "/docs/dify", "/docs/guides/quick-start"])


def test_who_guesses_waits(play: Play, client: httpx.Client) -> None:
    guessed = {"login": "guessed", "password": "a long guess away"}
    client.post("/diglot/v1/members", json=guessed | {"name": "G", "role": "viewer"}).raise_for_status()
    waited = play("guessing", guessed=guessed["login"])["wait"]
    answer = httpx.post(f"{client.base_url}/diglot/v1/session", json=guessed)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert waited <= 60
    assert "set-cookie" not in answer.headers
