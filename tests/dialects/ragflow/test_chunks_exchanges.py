"""Requests about chunks and questions, and the answers that a client may rely on: `tests/dialects/recorded.py`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from diglot.assembly import Diglot
from diglot.http.ragflow.app import OPERATIONS
from tests.dialects.recorded import operation_of, play, stories
from tests.house import a_client, a_house

STORIES = [one for one in stories(Path(__file__).parent) if one.stem in ("chunks", "retrieval")]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_the_answers_are_as_recorded(house: Diglot, story: Path) -> None:
    for request, answer in play(a_client(house), house, story):
        if answer.status_code != 200 or answer.json().get("code", 0) != 0:
            continue
        # All of it stands in the OpenAPI document, and nothing that it promises is missing.
        model = operation_of(OPERATIONS, request["method"], request["path"].removeprefix("/api/v1")).answer
        assert model is not None, request["path"]
        model.model_validate(answer.json(), extra="forbid")


def test_there_are_stories() -> None:
    assert len(STORIES) == 2
