"""What operators see while the catalog is away, and after."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.domain.document import Phase
from tests.house import a_client, a_house, finish
from tests.postgres import Cluster

SOON = 5.0


@pytest.fixture
def away(postgres: Cluster, tmp_path: Path) -> Iterator[TestClient]:
    """A client of a house whose PostgreSQL has just died."""
    with postgres.database() as name, a_house(tmp_path, database_url=postgres.url(name)) as house:
        client = a_client(house)
        client.post("/v1/datasets", json={"name": "before"})
        assert client.get("/readyz").status_code == 200
        postgres.kill()
        try:
            yield client
        finally:
            postgres.restart()
        _is_back(client)


def _is_back(client: TestClient) -> None:
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/v1/datasets").json()["total"] == 1
    assert _number(client, "diglot_datasets") == 1


def test_without_a_catalog(away: TestClient) -> None:
    began = time.monotonic()
    ready = away.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
    assert ready.json()["reason"]
    assert away.get("/healthz").status_code == 200
    assert _number(away, "diglot_catalog_up") == 0
    assert "diglot_http_requests_total" in away.get("/metrics").text
    answer = away.get("/v1/datasets")
    said = {"code": "service_unavailable", "message": "The catalog's database cannot be used.", "status": 503}
    assert answer.json() == said
    assert int(answer.headers["retry-after"]) > 0
    assert time.monotonic() - began < SOON


def _number(client: TestClient, name: str) -> float:
    lines: Any = client.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def test_numbers_of_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diglot.http.measuring.PHASES_SECONDS", 0.0)
    monkeypatch.setattr("diglot.http.measuring.PHASES_SHARE", float("inf"))
    with a_house(tmp_path) as house:
        client = a_client(house)
        dataset = client.post("/v1/datasets", json={"name": "a"}).json()["id"]
        body = {"name": "n", "text": "t", "indexing_technique": "economy"}
        client.post(f"/v1/datasets/{dataset}/document/create-by-text", json=body)
        shown = {name: _number(client, f"diglot_{name}") for name in ("catalog_up", "datasets", "chunks")}
        assert shown == {"catalog_up": 1, "datasets": 1, "chunks": 0}
        assert _by_phase(client) == dict.fromkeys(Phase, 0) | {Phase.RUNNING: 1}
        finish(house)
        assert _by_phase(client) == dict.fromkeys(Phase, 0) | {Phase.DONE: 1}
        client.delete(f"/v1/datasets/{dataset}")
        assert _number(client, "diglot_datasets") == 0
        assert _number(client, "diglot_documents_available") == 0
        assert _by_phase(client) == dict.fromkeys(Phase, 0)


def test_documents_are_not_counted_at_every_look(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        client = a_client(house)
        dataset = client.post("/v1/datasets", json={"name": "a"}).json()["id"]
        assert _by_phase(client)[Phase.RUNNING] == 0
        body = {"name": "n", "text": "t", "indexing_technique": "economy"}
        client.post(f"/v1/datasets/{dataset}/document/create-by-text", json=body)
        assert _by_phase(client)[Phase.RUNNING] == 0


def _by_phase(client: TestClient) -> dict[Phase, float]:
    return {phase: _number(client, f'diglot_documents{{phase="{phase}"}}') for phase in Phase}
