"""Every operation and every error of the data API."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.data.app import OPERATIONS
from tests.dialects.recorded import operation_of, play, stories


@pytest.mark.parametrize("story", stories(Path(__file__).parent), ids=lambda path: path.stem)
def test_the_answers_are_as_recorded(client: TestClient, house: Diglot, story: Path) -> None:
    for request, answer in play(client, house, story):
        if answer.is_success:
            model = operation_of(OPERATIONS, request["method"], request["path"].removeprefix("/v1")).answer
            assert model is not None
            model.model_validate(answer.json(), extra="forbid")
