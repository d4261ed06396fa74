"""The queue: what is in it, what it waits for, and what can be done about it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, update
from starlette.testclient import TestClient

from diglot.catalog.tables import jobs
from diglot.domain.document import Document
from diglot.domain.identity import now_ms
from diglot.domain.job import RECOGNITION, SLOW, JobState
from diglot.library.datasets import DatasetChange
from tests.dialects.native.conftest import API, Shelf
from tests.dialects.others import a_reader, a_stranger, one_restricted
from tests.house import a_client, a_house, finish


@pytest.fixture
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with a_house(tmp_path_factory.mktemp("house"), ocr="off") as house:
        yield Shelf(house, a_client(house), house.datasets.create(house.keys.owner(), "shelf"))


def _list(client: TestClient, **sent: Any) -> dict[str, Any]:
    answer = client.get(f"{API}/jobs", params=sent)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _change(shelf: Shelf, job_id: str, **columns: Any) -> None:
    def work(connection: Connection) -> None:
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(columns))

    shelf.house.database.write(work)


def _failed(shelf: Shelf) -> tuple[Document, str]:
    """A document that cannot be read, and its job."""
    document = shelf.read("broken.pdf", b"%PDF-1.7 nothing")
    [job] = _list(shelf.client, state="failed")["items"]
    return document, job["id"]


def test_a_job_tells_what_it_is_about(shelf: Shelf) -> None:
    document = shelf.add("first.txt", b"one")
    [job] = _list(shelf.client)["items"]
    assert job | {"id": "", "created_at": 0} == {
        "id": "",
        "kind": "ingest",
        "state": "queued",
        "dataset_id": shelf.dataset.id,
        "dataset_name": "shelf",
        "document_id": document.id,
        "document_name": "first.txt",
        "stage": "waiting",
        "progress": 0.0,
        "attempts": 0,
        "error": None,
        "error_code": None,
        "error_facts": None,
        "created_at": 0,
        "run_at": None,
        "waits_for": "For a worker: it is the next.",
        "line": "worker",
        "ahead": 0,
    }


def test_done_and_failed(shelf: Shelf) -> None:
    shelf.add("good.txt", b"good")
    document, job_id = _failed(shelf)
    [failed] = _list(shelf.client, state="failed")["items"]
    assert (failed["id"], failed["document_id"], failed["progress"]) == (job_id, document.id, 0.0)
    assert failed["error"]
    assert failed["waits_for"] is None
    ended = _list(shelf.client, state="done", dataset_id=shelf.dataset.id)["items"]
    # What is left of a document that failed is cleared up.
    [done] = [one for one in ended if one["kind"] == "ingest"]
    assert (done["document_name"], done["progress"], done["stage"]) == ("good.txt", 1.0, None)
    assert _list(shelf.client)["counts"]["failed"] == 1


def test_a_job_says_what_it_waits_for(shelf: Shelf) -> None:
    for place in range(3):
        shelf.add(f"{place}.txt", b"text")
    third, second, first = _list(shelf.client)["items"]
    assert first["waits_for"] == "For a worker: it is the next."
    assert second["waits_for"] == "For a worker, behind 1 other."
    assert third["waits_for"] == "For a worker, behind 2 others."
    assert [(one["line"], one["ahead"]) for one in (first, second, third)] == [("worker", ahead) for ahead in range(3)]
    _change(shelf, first["id"], priority=RECOGNITION)
    _change(shelf, third["id"], priority=SLOW)
    _change(shelf, second["id"], run_at=now_ms() + 60_000, error="The model cannot be reached.")
    third, second, first = _list(shelf.client)["items"]
    assert first["waits_for"] == "For its turn in recognition."
    assert (first["line"], first["ahead"], second["line"], second["ahead"]) == ("recognition", 0, None, None)
    assert (third["line"], third["waits_for"]) == ("slow", "For its turn among documents that take long.")
    assert second["waits_for"].startswith("Until 20")
    assert second["waits_for"].endswith(" UTC, after a failure.")


def test_pages(shelf: Shelf) -> None:
    for place in range(5):
        shelf.add(f"{place}.txt", b"text")
    names, cursor = [], None
    while True:
        page = _list(shelf.client, limit=2, **({} if cursor is None else {"cursor": cursor}))
        names.append([one["document_name"] for one in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert names == [["4.txt", "3.txt"], ["2.txt", "1.txt"], ["0.txt"]]
    assert page["counts"] == {"queued": 5, "running": 0, "failed": 0}


@pytest.mark.parametrize(
    "sent", [{"limit": 0}, {"limit": 201}, {"cursor": "x"}, {"state": "dead"}, {"unknown": 1}], ids=str
)
def test_what_is_no_question_is_refused(shelf: Shelf, sent: dict[str, Any]) -> None:
    answer = shelf.client.get(f"{API}/jobs", params=sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_argument")


def test_a_failed_document_is_tried_again(shelf: Shelf) -> None:
    document, job_id = _failed(shelf)
    again = shelf.client.post(f"{API}/jobs/{job_id}/retry").json()
    assert (again["state"], again["document_id"]) == ("queued", document.id)
    assert again["id"] != job_id
    # It is under way now.
    answer = shelf.client.post(f"{API}/jobs/{job_id}/retry")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    finish(shelf.house)
    assert shelf.now(document).status == "failed"


def test_what_waits_for_a_time_is_due_at_once(shelf: Shelf) -> None:
    document = shelf.add("later.txt", b"text")
    [job] = _list(shelf.client)["items"]
    _change(shelf, job["id"], run_at=now_ms() + 3_600_000)
    again = shelf.client.post(f"{API}/jobs/{job['id']}/retry").json()
    assert (again["id"], again["run_at"]) == (job["id"], None)
    finish(shelf.house)
    assert shelf.now(document).status == "ready"


def test_what_went_well_is_not_tried_again(shelf: Shelf) -> None:
    shelf.read("good.txt", b"good")
    [job] = _list(shelf.client)["items"]
    assert shelf.client.post(f"{API}/jobs/{job['id']}/retry").status_code == 409


def test_a_waiting_document_is_cancelled(shelf: Shelf) -> None:
    document = shelf.add("no.txt", b"text")
    [job] = _list(shelf.client)["items"]
    assert shelf.client.post(f"{API}/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    assert shelf.now(document).status == "cancelled"
    assert shelf.client.post(f"{API}/jobs/{job['id']}/cancel").status_code == 409
    again = shelf.client.post(f"{API}/jobs/{job['id']}/retry").json()
    assert again["state"] == "queued"
    finish(shelf.house)
    assert shelf.now(document).status == "ready"


def test_a_running_one_is_asked_to_stop(shelf: Shelf) -> None:
    shelf.add("slow.txt", b"text")
    [job] = _list(shelf.client)["items"]
    _change(shelf, job["id"], state=JobState.RUNNING, owner="somebody", lease_until=now_ms() + 60_000)
    assert shelf.client.post(f"{API}/jobs/{job['id']}/cancel").json()["state"] == "running"
    with shelf.house.database.read() as connection:
        assert connection.execute(jobs.select()).one().cancel


def test_clearing_up_is_not_cancelled(shelf: Shelf) -> None:
    document = shelf.read("gone.txt", b"text")
    shelf.house.documents.remove(shelf.house.keys.owner(), shelf.dataset.id, document.id)
    [job] = [one for one in _list(shelf.client)["items"] if one["kind"] == "purge"]
    assert (job["document_name"], job["stage"]) == ("gone.txt", None)
    assert shelf.client.post(f"{API}/jobs/{job['id']}/cancel").status_code == 409


def test_others_see_nothing(shelf: Shelf) -> None:
    shelf.add("secret.txt", b"text")
    [job] = _list(shelf.client)["items"]
    for other in (a_stranger(shelf.house), one_restricted(shelf.house)):
        found = _list(other)
        assert (found["items"], found["counts"]["queued"]) == ([], 0)
        assert other.get(f"{API}/jobs", params={"dataset_id": shelf.dataset.id}).status_code == 404
        for word in ("retry", "cancel"):
            answer = other.post(f"{API}/jobs/{job['id']}/{word}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "job_not_found")


def test_a_reader_looks_and_touches_nothing(shelf: Shelf) -> None:
    shelf.add("a.txt", b"text")
    reader = a_reader(shelf.house)
    [job] = _list(reader)["items"]
    for word in ("retry", "cancel"):
        assert reader.post(f"{API}/jobs/{job['id']}/{word}").status_code == 403


def test_a_dataset_that_is_closed_to_the_api(shelf: Shelf) -> None:
    shelf.add("a.txt", b"text")
    [job] = _list(shelf.client)["items"]
    shelf.house.datasets.update(shelf.house.keys.owner(), shelf.dataset.id, DatasetChange(api_enabled=False))
    assert _list(shelf.client)["items"] == []
    assert _list(shelf.client)["counts"]["queued"] == 0
    answer = shelf.client.get(f"{API}/jobs", params={"dataset_id": shelf.dataset.id})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "api_disabled")
    assert shelf.client.post(f"{API}/jobs/{job['id']}/cancel").status_code == 404
