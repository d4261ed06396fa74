"""Requests of the seed or of today's API, and the answers that a client may rely on: `tests/dialects/recorded.py`."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.dify.app import OPERATIONS
from tests.dialects.recorded import operation_of, play, stories

STORIES = stories(Path(__file__).parent)


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_the_answers_are_as_recorded(client: TestClient, house: Diglot, story: Path) -> None:
    for request, answer in play(client, house, story):
        # With metadata=only a client asks for less than the document shows.
        if not answer.is_success or not answer.content or "metadata=" in request["path"]:
            continue
        # All of it stands in the OpenAPI document, and nothing that it promises is missing.
        model = operation_of(OPERATIONS, request["method"], request["path"].removeprefix("/v1")).answer
        assert model is not None, request["path"]
        model.model_validate(answer.json(), extra="forbid")


def test_there_are_stories() -> None:
    assert len(STORIES) >= 6
