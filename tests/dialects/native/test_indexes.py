"""Which index answers, and which is being built beside it."""

import time
from typing import Any

import pytest

from diglot.domain.dataset import Indexing
from diglot.library.datasets import DatasetChange
from tests.dialects.native.conftest import API, Shelf
from tests.dialects.others import a_stranger
from tests.house import working


def _index(shelf: Shelf) -> dict[str, Any]:
    answer = shelf.client.get(f"{API}/datasets/{shelf.dataset.id}/index")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_change_of_the_model_is_told_until_the_new_index_answers(shelf: Shelf) -> None:
    shelf.read("one.txt", b"Lubricate the chain.")
    before = _index(shelf)
    assert (before["active"]["embedding_model"], before["building"]) == (None, None)
    change = DatasetChange(indexing=Indexing.HIGH_QUALITY, embedding_model="diglot/lexical")
    shelf.house.datasets.update(shelf.house.keys.owner(), shelf.dataset.id, change)
    meanwhile = _index(shelf)
    assert meanwhile["active"] == before["active"]
    assert meanwhile["building"] | {"created_at": 0} == {
        "embedding_model": "diglot/lexical",
        "created_at": 0,
        "trouble": None,
    }
    deadline = time.monotonic() + 30
    with working(shelf.house):
        while (after := _index(shelf))["building"] is not None:
            assert time.monotonic() < deadline, "the new index is still being built"
            time.sleep(0.02)
    assert after == {"active": meanwhile["building"], "building": None}


@pytest.mark.parametrize("sent", ["no-id", "0192f0c47e1a7c3b9d523f6b8a1c2d3e", None])
def test_what_is_not_there_and_what_is_another_s_are_unknown(shelf: Shelf, sent: str | None) -> None:
    client = shelf.client if sent else a_stranger(shelf.house)
    answer = client.get(f"{API}/datasets/{sent or shelf.dataset.id}/index")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "dataset_not_found")
