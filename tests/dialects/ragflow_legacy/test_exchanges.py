"""Every operation and every error of July 2024, as its pages, its SDK or its tests have them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.ragflow_legacy.app import OPERATIONS
from tests.dialects.recorded import operation_of, play, stories
from tests.house import a_client, a_house

PREFIXES = ("/api/v1", "/v1/api")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Diglot]:
    with a_house(tmp_path, file_bytes=2_000, json_bytes=50_000) as one:
        yield one


@pytest.fixture
def client(house: Diglot) -> TestClient:
    return a_client(house)


@pytest.mark.parametrize("story", stories(Path(__file__).parent), ids=lambda path: path.stem)
def test_the_answers_are_as_recorded(client: TestClient, house: Diglot, story: Path) -> None:
    for request, answer in play(client, house, story):
        if not answer.is_success or "content-disposition" in answer.headers or answer.json()["code"] != 0:
            continue
        path = request["path"]
        for prefix in PREFIXES:
            path = path.removeprefix(prefix)
        # All of it stands in the OpenAPI document, and nothing that it promises is missing.
        model = operation_of(OPERATIONS, request["method"], path).answer
        assert model is not None, path
        model.model_validate(answer.json(), extra="forbid")
