"""The whole life of a dataset over real HTTP, as a program of July 2024 lives it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from diglot.assembly import Diglot
from tests.dialects.ragflow_legacy.july_client import JulyClient
from tests.house import KEY, serving, working

TEXT = b"The battery lasts ten hours.\nCharging takes ninety minutes."


@pytest.fixture(scope="module")
def url(house: Diglot) -> Iterator[str]:
    with serving(house) as base:
        yield base


@pytest.fixture(params=[("/api/v1", False), ("/v1/api", True)], ids=["raw key", "bearer, the other base"])
def july(request: pytest.FixtureRequest, url: str) -> Iterator[JulyClient]:
    prefix, is_bearer = request.param
    with JulyClient(url, KEY, prefix=prefix, is_bearer=is_bearer) as one:
        yield one


def _ids(uploaded: Any) -> list[str]:
    assert (uploaded["code"], uploaded["message"]) == (0, "success")
    return [one["id"] for one in uploaded["data"]]


def _ended(july: JulyClient, dataset: str, document: str) -> Any:
    deadline = time.monotonic() + 30
    while (status := july.status(dataset, document)["data"])["status"] == "RUNNING":
        assert 0 < status["progress"] < 1
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return status


def test_the_whole_life(house: Diglot, july: JulyClient) -> None:
    created = july.create_dataset("life")
    assert (created["code"], created["message"]) == (0, "success")
    name, dataset = created["data"]["dataset_name"], created["data"]["dataset_id"]
    assert july.id_of(name) == dataset
    assert july.get_dataset(name)["data"]["name"] == name
    assert july.update_dataset(name, description="d", language="Chinese")["data"]["language"] == "Chinese"

    uploaded = july.upload(
        dataset, [("a.txt", TEXT), ("a.txt", TEXT), ("empty.txt", b""), ("说明.md", "# 电池".encode())]
    )
    first, second, empty, note = _ids(uploaded)
    assert [one["name"] for one in uploaded["data"]] == ["a.txt", "a(1).txt", "empty.txt", "说明.md"]
    assert [one["id"] for one in july.list_files(dataset)["data"]["docs"]] == [note, empty, second, first]
    assert [one["id"] for one in july.list_files(dataset, descend=False)["data"]["docs"]] == [
        first,
        second,
        empty,
        note,
    ]
    assert [one["id"] for one in july.list_files(dataset, 1, 2)["data"]["docs"]] == [empty, second]
    assert july.list_files(dataset, keywords="EMPTY")["data"]["total"] == 1
    assert july.status(dataset, first)["data"] == {"progress": 0.0, "status": "UNSTART"}

    with working(house):
        assert july.start(dataset, first) == {"code": 0, "message": ""}
        assert july.status(dataset, first)["data"]["status"] == "RUNNING"
        assert _ended(july, dataset, first) == {"progress": 1.0, "status": "DONE"}
        assert july.start_many(dataset) == {
            "code": 0,
            "data": True,
            "message": "Empty data in the document: empty.txt; ",
        }
        for document in (first, second, empty, note):
            assert _ended(july, dataset, document) == {"progress": 1.0, "status": "DONE"}
        parsed = {one["id"]: one for one in july.list_files(dataset)["data"]["docs"]}
        assert [parsed[one]["chunk_num"] for one in (first, empty)] == [1, 0]
        assert parsed[first]["run"] == "3"
        assert july.update_file(dataset, first, template_type="laws")["data"]["parser_id"] == "laws"
        assert july.start_many(dataset, [first])["message"] == ""
        assert _ended(july, dataset, first)["status"] == "DONE"

    assert july.download(dataset, note) == "# 电池".encode()
    assert july.download(dataset, empty) == {"code": 102, "message": "This file is empty."}
    assert july.update_file(dataset, second, name="b.txt", enable="0")["data"]["status"] == "0"
    assert july.delete_file(second, dataset)["data"] is True
    assert july.list_files(dataset)["data"]["total"] == 3
    assert july.delete_dataset(name)["message"] == f"Remove dataset: {dataset} successfully"
    assert july.delete_dataset(name)["code"] == 103


def test_what_is_stopped_is_stopped(july: JulyClient) -> None:
    dataset = july.create_dataset("to stop")["data"]["dataset_id"]
    one, other = _ids(july.upload(dataset, [("a.txt", TEXT), ("b.txt", TEXT)]))
    assert july.stop(dataset, one) == {"code": 0, "message": ""}
    assert july.status(dataset, one)["data"]["status"] == "UNSTART"
    july.start_many(dataset)
    assert july.stop(dataset, one) == {"code": 0, "message": ""}
    assert july.status(dataset, one)["data"] == {"progress": 0.0, "status": "CANCEL"}
    assert july.status(dataset, other)["data"]["status"] == "RUNNING"
    assert july.stop_many(dataset) == {"code": 0, "data": True, "message": ""}
    assert july.status(dataset, other)["data"]["status"] == "CANCEL"


def test_as_many_files_as_there_may_be(july: JulyClient) -> None:
    dataset = july.create_dataset("many")["data"]["dataset_id"]
    ids = _ids(july.upload(dataset, [("test.txt", TEXT)] * 256))
    listed = july.list_files(dataset, descend=False)["data"]
    assert listed["total"] == 256
    assert [one["id"] for one in listed["docs"]] == ids
    assert len({one["name"] for one in listed["docs"]}) == 256
    refused = july.upload(dataset, [("test.txt", TEXT), ("test1.txt", TEXT)] * 256)
    assert refused == {
        "code": 102,
        "message": "You try to upload 512 files, which exceeds the maximum number of uploading files: 256",
    }
    assert july.list_files(dataset)["data"]["total"] == 256


def test_a_hundred_datasets_of_one_name(july: JulyClient) -> None:
    names = [july.create_dataset("dataset1")["data"]["dataset_name"] for _ in range(100)]
    assert len(set(names)) == 100
    listed = july.list_dataset(0, 100)["data"]
    assert [one["name"] for one in listed] == names[::-1]
    for name in names:
        assert july.delete_dataset(name)["code"] == 0


def test_a_wrong_key(url: str) -> None:
    with JulyClient(url, "ragflow-wrong") as stranger:
        answer = stranger.http.get("/dataset")
    assert answer.status_code == 401
    assert answer.json()["retcode"] == answer.json()["code"] == 401
