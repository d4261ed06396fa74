"""What the server says of itself."""

from typing import Any

from starlette.testclient import TestClient

from diglot.domain.identity import now_ms
from tests.dialects.native.conftest import API, Shelf
from tests.dialects.others import a_reader, a_stranger, one_restricted


def _counts(client: TestClient) -> dict[str, Any]:
    counts: dict[str, Any] = client.get(f"{API}/server").json()["counts"]
    return counts


def test_the_server(shelf: Shelf) -> None:
    found = shelf.client.get(f"{API}/server").json()
    assert found["catalog"] == "sqlite"
    assert found["version"]
    assert 0 < found["started_at"] <= now_ms()
    assert 0 < found["disk"]["free"] <= found["disk"]["total"]
    # The house of these tests has `ocr` off.
    assert found["extras"]["ocr"] is False
    assert set(found["doors"].values()) == {True}


def test_counts_are_of_what_the_caller_sees(shelf: Shelf) -> None:
    before = _counts(shelf.client)
    shelf.read("counted.txt", b"one\n\ntwo")
    shelf.add("waiting.txt", b"three")
    after = _counts(a_reader(shelf.house))
    assert after["documents"] == before["documents"] + 2
    assert after["chunks"] > before["chunks"]
    assert after["queued"] >= 1
    assert _counts(a_stranger(shelf.house)) == {"datasets": 0, "documents": 0, "chunks": 0, "queued": 0}
    assert _counts(one_restricted(shelf.house, "counted")) == {"datasets": 1, "documents": 0, "chunks": 0, "queued": 0}
