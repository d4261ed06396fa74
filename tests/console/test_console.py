"""First run, sessions, appearance, and what holds on every page."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.console.conftest import Play
from tests.console.playing import OWNER, ROOT
from tests.house import KEY

FIRST_LOAD_BYTES = 400_000
HOSTILE = "<img src=x onerror=alert(1)>"
ROUTING = (ROOT / "console" / "src" / "app" / "Routing.tsx").read_text("utf-8")


@pytest.fixture(scope="module")
def owned(site: str) -> Iterator[httpx.Client]:
    """The house has its first account; a client with an owner's key."""
    with httpx.Client(base_url=site, headers={"Authorization": f"Bearer {KEY}"}, timeout=30) as client:
        assert client.post("/diglot/v1/setup", json=OWNER).status_code in (200, 201, 409)
        yield client


@pytest.mark.parametrize("path", ["/console/login", "/docs", "/docs/dify", "/docs/guides/quick-start"])
def test_a_first_visit_fetches_little(play: Play, path: str) -> None:
    assert play("first_load", path=path)["bytes"] < FIRST_LOAD_BYTES


def test_the_first_visit_makes_an_account(play: Play) -> None:
    assert play("setup")["bytes"] < FIRST_LOAD_BYTES


@pytest.mark.usefixtures("owned")
def test_in_and_out_again(play: Play) -> None:
    play("sessions")


@pytest.mark.usefixtures("owned")
def test_language_and_scheme(play: Play) -> None:
    play("appearance")


def test_what_the_policy_forbids_does_not_happen(play: Play) -> None:
    play("policy")


@pytest.mark.usefixtures("owned")
def test_foreign_pages_can_do_nothing(play: Play) -> None:
    play("foreign")


def test_every_page_is_sound_and_accessible(play: Play, owned: httpx.Client) -> None:
    places = _places(owned)
    play("pages", paths=[*(f"/console{_filled(path, places)}" for path in _paths()), *_documentation()])


def _paths() -> list[str]:
    """Of the router's places, those that are pages: not the ways in, not the ways on."""
    routes = re.findall(r'path: "([^"]+)",\s+element: <(?!Navigate)', ROUTING)
    nested = re.findall(r'path: "(\w+)", element', ROUTING)
    pages = [path for path in routes if path.startswith("/") and path not in ("/login", "/setup")]
    assert len(pages) > 8
    return [*pages, *(f"/datasets/:datasetId/{path}" for path in nested)]


def _filled(path: str, places: dict[str, str]) -> str:
    return re.sub(r":(\w+)", lambda found: places[found[1]], path)


def _documentation() -> list[str]:
    return ["/docs/dify", "/docs/ragflow", "/docs/diglot", "/docs/guides/quick-start"]


def _places(client: httpx.Client) -> dict[str, str]:
    """A dataset with a document, by the names that the router has for them. All their texts would like to be markup."""
    dataset: dict[str, Any] = client.post("/v1/datasets", json={"name": HOSTILE, "description": HOSTILE}).json()
    text = {"name": HOSTILE, "text": f"{HOSTILE}\n\n" * 30, "indexing_technique": "high_quality"}
    made = client.post(f"/v1/datasets/{dataset['id']}/document/create-by-text", json=text).json()
    return {"datasetId": dataset["id"], "documentId": made["document"]["id"]}
