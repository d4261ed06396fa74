"""First run, sessions, appearance, and what holds on every page."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.console.conftest import Play
from tests.console.playing import OWNER, ROOT
from tests.house import a_client

FIRST_LOAD_BYTES = 400_000
ROUTING = (ROOT / "console" / "src" / "app" / "Routing.tsx").read_text("utf-8")


@pytest.fixture(scope="module")
def owned(house: Diglot) -> TestClient:
    """The house has its first account."""
    client = a_client(house)
    sent = client.post("/diglot/v1/setup", json=OWNER)
    assert sent.status_code in (200, 201, 409), sent.text
    return client


def test_the_first_visit_makes_an_account(play: Play) -> None:
    assert play("setup")["bytes"] < FIRST_LOAD_BYTES


@pytest.mark.usefixtures("owned")
def test_in_and_out_again(play: Play) -> None:
    play("sessions")


@pytest.mark.usefixtures("owned")
def test_language_and_scheme(play: Play) -> None:
    play("appearance")


def test_every_page_is_sound_and_accessible(play: Play, owned: TestClient) -> None:
    places = _places(owned)
    play("pages", paths=[*(f"/console{_filled(path, places)}" for path in _paths()), *_documentation()])


def _paths() -> list[str]:
    """Of the router's places, those that are pages: not the ways in, not the ways on."""
    routes = re.findall(r'path: "([^"]+)", element: <(?!Navigate)', ROUTING)
    nested = re.findall(r'path: "(\w+)", element', ROUTING)
    pages = [path for path in routes if path.startswith("/") and path not in ("/login", "/setup")]
    assert len(pages) > 8
    return [*pages, *(f"/datasets/:datasetId/{path}" for path in nested)]


def _filled(path: str, places: dict[str, str]) -> str:
    return re.sub(r":(\w+)", lambda found: places[found[1]], path)


def _documentation() -> list[str]:
    return ["/docs/dify", "/docs/ragflow", "/docs/diglot", "/docs/guides"]


def _places(client: TestClient) -> dict[str, str]:
    """A dataset with a document, by the names that the router has for them."""
    dataset: dict[str, Any] = client.post("/v1/datasets", json={"name": "Railway"}).json()
    text = {"name": "a", "text": "The line has a rack.\n\n" * 30, "indexing_technique": "high_quality"}
    made = client.post(f"/v1/datasets/{dataset['id']}/document/create-by-text", json=text).json()
    return {"datasetId": dataset["id"], "documentId": made["document"]["id"]}
