"""Refused before it is accepted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from diglot.assembly import Diglot
from diglot.domain.dataset import Indexing
from diglot.domain.errors import DiskFull, FileTooLarge
from diglot.library.capacity import Capacity
from diglot.library.documents import NewDocument
from tests.house import a_client, a_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Diglot]:
    with a_house(tmp_path, queue_limit=1, file_bytes=1000) as one:
        yield one


def test_a_full_queue(house: Diglot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diglot.library.capacity.FRESH_SECONDS", -1.0)
    client = a_client(house)
    dataset = client.post("/v1/datasets", json={"name": "a"}).json()["id"]
    body = {"name": "n", "text": "t", "indexing_technique": "economy"}
    path = f"/v1/datasets/{dataset}/document/create-by-text"
    first = client.post(path, json=body)
    assert first.status_code == 200
    full = client.post(path, json=body)
    assert (full.status_code, full.json()["code"]) == (429, "too_many_requests")
    assert int(full.headers["retry-after"]) > 0
    document = first.json()["document"]["id"]
    assert client.delete(f"/v1/datasets/{dataset}/documents/{document}").status_code == 200


def test_a_full_disk(house: Diglot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    capacity = Capacity(house.database, tmp_path, disk_reserve_bytes=1 << 60, queue_limit=10)
    monkeypatch.setattr("diglot.library.capacity.SMALL_DISK_SHARE", 1.0)
    with pytest.raises(DiskFull):
        capacity.require()


def test_an_endless_file_stops_at_the_limit(house: Diglot) -> None:
    owner = house.keys.owner()
    dataset = house.datasets.create(owner, "a")
    given = 0

    def endless() -> Iterator[bytes]:
        nonlocal given
        while True:
            given += 100
            yield b"x" * 100

    with pytest.raises(FileTooLarge):
        house.documents.add(owner, dataset.id, NewDocument("a.txt", endless(), indexing=Indexing.ECONOMY))
    assert given < 10_000
    assert list(house.blobs.list()) == []
    assert house.documents.list(owner, dataset.id).total == 0
