"""A document's whole life through RAGFlow's API."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Connection
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.catalog import users, workspaces
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Indexing
from diglot.http.ragflow.app import OPERATIONS
from diglot.library.datasets import DatasetChange
from tests.dialects.ragflow.places import API, UNKNOWN, seconds_until
from tests.house import a_client, finish, serving, working
from tests.tricky_parser import tricky

BATTERY = "The battery lasts ten hours."
SEGMENTATION = {"separator": "###", "max_tokens": 60}


class Shelf:
    """A dataset's documents, seen through the API."""

    def __init__(self, client: TestClient, dataset: str | None = None, **fields: Any) -> None:
        self.client = client
        self.dataset = dataset or client.post(f"{API}/datasets", json={"name": "shelf", **fields}).json()["data"]["id"]
        self.where = f"{API}/datasets/{self.dataset}"

    def upload(self, *files: tuple[str, str | bytes], code: int = 0, **form: str) -> list[dict[str, Any]]:
        parts = [("file", file) for file in files]
        answer = self.client.post(f"{self.where}/documents", files=parts, data=form).json()
        assert answer["code"] == code, answer
        return list(answer.get("data", ()))

    def ask(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        return dict(self.client.request(method, self.where + path, json=body).json())

    def update(self, document: str, **fields: Any) -> dict[str, Any]:
        answer = self.ask("PATCH", f"/documents/{document}", **fields)
        assert answer["code"] == 0, answer
        return dict(answer["data"])

    def start(self, *documents: str) -> None:
        assert self.ask("POST", "/chunks", document_ids=list(documents)) == {"code": 0, "message": "success"}

    def listed(self, **query: Any) -> list[dict[str, Any]]:
        answer = self.client.get(f"{self.where}/documents", params=query).json()
        assert answer["code"] == 0, answer
        return list(answer["data"]["docs"])

    def one(self, document: str) -> dict[str, Any]:
        return self.listed(id=document)[0]

    def run(self, document: str) -> str:
        return str(self.one(document)["run"])

    def found(self, question: str) -> list[str]:
        body = {"question": question, "dataset_ids": [self.dataset], "similarity_threshold": 0}
        answer = self.client.post(f"{API}/retrieval", json=body).json()
        assert answer["code"] == 0, answer
        return [chunk["content"] for chunk in answer["data"]["chunks"]]


@pytest.fixture
def shelf(house: Diglot) -> Shelf:
    return Shelf(a_client(house))


def test_upload_parse_find_update_delete(house: Diglot, shelf: Shelf) -> None:
    [uploaded] = shelf.upload(("battery.txt", BATTERY))
    finish(house)
    assert (uploaded["run"], shelf.run(uploaded["id"])) == ("UNSTART", "UNSTART")
    shelf.start(uploaded["id"])
    finish(house)
    ready = shelf.one(uploaded["id"])
    assert (ready["run"], ready["progress"], ready["chunk_count"]) == ("DONE", 1.0, 1)
    assert "Task done" in ready["progress_msg"]
    assert ready["process_begin_at"]
    assert shelf.found("battery") == [BATTERY]
    assert shelf.update(uploaded["id"], enabled=0)["status"] == "0"
    assert shelf.found("battery") == []
    assert shelf.update(uploaded["id"], enabled=1)["status"] == "1"
    assert shelf.ask("DELETE", "/documents", ids=[uploaded["id"]])["data"] == {"deleted": 1}
    assert (shelf.listed(), shelf.found("battery")) == ([], [])


def test_reading_again_replaces(house: Diglot, shelf: Shelf) -> None:
    [uploaded] = shelf.upload(("lines.txt", "One line.\nAnother line."))
    for size, count in ((512, 1), (1, 2)):
        shelf.update(uploaded["id"], parser_config={"chunk_token_num": size})
        shelf.start(uploaded["id"])
        finish(house)
        assert shelf.one(uploaded["id"])["chunk_count"] == count
    assert len(shelf.found("line")) == 2


def test_another_method_takes_the_chunks_away(house: Diglot, shelf: Shelf) -> None:
    [uploaded] = shelf.upload(("battery.txt", BATTERY))
    shelf.start(uploaded["id"])
    finish(house)
    # The same method again changes nothing.
    assert shelf.update(uploaded["id"], chunk_method="naive")["run"] == "DONE"
    changed = shelf.update(uploaded["id"], chunk_method="one", meta_fields={"author": "Ada"})
    assert (changed["run"], changed["progress"], changed["chunk_count"]) == ("UNSTART", 0.0, 0)
    assert changed["process_begin_at"] is None
    assert (changed["chunk_method"], changed["meta_fields"]) == ("one", {"author": "Ada"})
    assert "chunk_token_num" not in changed["parser_config"]
    assert shelf.found("battery") == []


def test_a_config_is_laid_over_the_present_one(shelf: Shelf) -> None:
    [uploaded] = shelf.upload(("battery.txt", BATTERY), parser_config='{"delimiter": "##"}')
    assert uploaded["parser_config"]["delimiter"] == "##"
    changed = shelf.update(uploaded["id"], parser_config={"chunk_token_num": 64, "raptor": {"max_cluster": 3}})
    config = changed["parser_config"]
    assert (config["delimiter"], config["chunk_token_num"], config["raptor"]["max_cluster"]) == ("##", 64, 3)
    assert config["raptor"]["use_raptor"] is True
    fresh = shelf.update(uploaded["id"], chunk_method="manual", parser_config={"raptor": {"use_raptor": False}})
    assert "delimiter" not in fresh["parser_config"]


def test_a_failed_edit_changes_nothing(shelf: Shelf) -> None:
    first, _ = shelf.upload(("one.txt", "1"), ("two.txt", "2"))
    answer = shelf.ask(
        "PATCH", f"/documents/{first['id']}", name="two.txt", enabled=0, meta_fields={"a": "b"}, chunk_method="qa"
    )
    assert answer["message"] == "Duplicated document name in the same dataset."
    after = shelf.one(first["id"])
    assert (after["name"], after["status"], after["meta_fields"], after["chunk_method"]) == (
        "one.txt",
        "1",
        {},
        "naive",
    )


def test_stopped_while_it_is_read(house: Diglot, shelf: Shelf) -> None:
    slow, waits = shelf.upload(("slow.txt", "WAIT"), ("waits.txt", BATTERY))
    with working(tricky(house)):
        shelf.start(slow["id"])
        seconds_until(lambda: shelf.one(slow["id"])["progress_msg"].endswith("Task has been received."))
        running = shelf.one(slow["id"])
        assert running["run"] == "RUNNING"
        assert 0 < running["progress"] < 1
        busy = shelf.ask("POST", "/chunks", document_ids=[slow["id"]])
        assert busy["message"] == "Can't parse document that is currently being processed"
        assert shelf.ask("DELETE", "/chunks", document_ids=[slow["id"]])["code"] == 0
        stopped = shelf.one(slow["id"])
        assert (stopped["run"], stopped["progress"], stopped["chunk_count"]) == ("CANCEL", 0.0, 0)
        assert stopped["progress_msg"].endswith("Task stopped by user.")
        seconds_until((house.settings.data / "cancelled").exists)
        shelf.start(waits["id"])
        seconds_until(lambda: shelf.run(waits["id"]) == "DONE")
    assert shelf.run(slow["id"]) == "CANCEL"
    (house.settings.data / "cancelled").unlink()


def test_deleted_while_it_is_read(house: Diglot, shelf: Shelf) -> None:
    slow, stays = shelf.upload(("slow.txt", "WAIT"), ("stays.txt", BATTERY))
    with working(tricky(house)):
        shelf.start(slow["id"])
        seconds_until(lambda: shelf.one(slow["id"])["progress_msg"].endswith("Task has been received."))
        assert shelf.ask("DELETE", "/documents", ids=[slow["id"]])["data"] == {"deleted": 1}
        seconds_until((house.settings.data / "cancelled").exists)
    assert [one["id"] for one in shelf.listed()] == [stays["id"]]
    (house.settings.data / "cancelled").unlink()


def test_commands_in_any_form_of_id(house: Diglot, shelf: Shelf) -> None:
    [uploaded] = shelf.upload(("battery.txt", BATTERY))
    plain = uploaded["id"]
    dashed = f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}".upper()
    shelf.start(dashed)
    answer = shelf.ask("POST", "/documents/stop", document_ids=[dashed, plain])
    assert answer["data"]["success_count"] == 1
    assert shelf.one(dashed)["run"] == "CANCEL"


def test_a_setting_of_the_dataset_reaches_documents_that_ask_for_it(house: Diglot) -> None:
    shelf = Shelf(a_client(house), chunk_method="book")
    [uploaded] = shelf.upload(("battery.txt", BATTERY))
    assert uploaded["chunk_method"] == "book"
    shelf.update(uploaded["id"], chunk_method="one")
    body = {"doc_ids": [uploaded["id"], str(UUID(uploaded["id"]))], "run": "1", "apply_kb": True}
    assert shelf.client.post(f"{API}/documents/ingest", json=body).json()["data"] is True
    finish(house)
    assert (shelf.one(uploaded["id"])["chunk_method"], shelf.run(uploaded["id"])) == ("book", "DONE")


def test_dify_sees_an_upload_as_waiting_and_may_update_it(house: Diglot, shelf: Shelf) -> None:
    [uploaded] = shelf.upload(("battery.txt", BATTERY))
    where = f"/v1/datasets/{shelf.dataset}/documents/{uploaded['id']}"
    assert shelf.client.get(where).json()["indexing_status"] == "waiting"
    answer = shelf.client.post(f"{where}/update-by-text", json={"name": "battery.txt", "text": "Twelve hours."})
    assert answer.status_code == 200, answer.text
    finish(house)
    assert (shelf.run(uploaded["id"]), shelf.found("hours")) == ("DONE", ["Twelve hours."])


def test_a_dataset_of_dify_keeps_its_rules(house: Diglot) -> None:
    client = a_client(house)
    dataset = house.datasets.create(house.keys.owner(), "of Dify").id
    shelf = Shelf(client, dataset)
    body = {
        "name": "n",
        "text": "a b c",
        "indexing_technique": "economy",
        "process_rule": {"mode": "custom", "rules": {"pre_processing_rules": [], "segmentation": SEGMENTATION}},
    }
    assert client.post(f"/v1/datasets/{dataset}/document/create-by-text", json=body).status_code == 200
    [uploaded] = shelf.upload(("battery.txt", "one###two"))
    shelf.start(uploaded["id"])
    finish(house)
    ready = shelf.one(uploaded["id"])
    assert (ready["run"], ready["chunk_method"], ready["chunk_count"]) == ("DONE", "naive", 2)
    assert ready["parser_config"]["delimiter"] == "###"


def test_rules_of_a_document_s_own_reach_no_other(house: Diglot) -> None:
    """In a dataset for which nobody chose any, the latest would go to whoever brings none."""
    shelf = Shelf(a_client(house), house.datasets.create(house.keys.owner(), "without rules").id)
    uploaded = shelf.upload(("photo.jpg", "x"), ("mail.eml", "x"), ("notes.txt", "x"))
    assert [one["chunk_method"] for one in uploaded] == ["picture", "email", "naive"]
    shelf.update(uploaded[2]["id"], chunk_method="qa")
    assert shelf.upload(("more.txt", "x"))[0]["chunk_method"] == "naive"
    body = {"name": "text", "text": "One\n\nTwo", "indexing_technique": "high_quality"}
    made = shelf.client.post(f"/v1/datasets/{shelf.dataset}/document/create-by-text", json=body).json()["document"]
    shown = shelf.client.get(f"/v1/datasets/{shelf.dataset}/documents/{made['id']}").json()
    assert shown["document_process_rule"]["mode"] == "automatic"


def test_names_that_are_taken_get_numbers(shelf: Shelf) -> None:
    names = [one["name"] for one in shelf.upload(*[("a.txt", str(number)) for number in range(3)])]
    assert names == ["a.txt", "a(1).txt", "a(2).txt"]
    assert [one["name"] for one in shelf.listed()] == names[::-1]


def test_concurrent_deletes_of_what_came_together(house: Diglot) -> None:
    with serving(house) as url:
        shelf = Shelf(a_client(house))
        ids = [one["id"] for one in shelf.upload(*[(f"{number}.txt", "x") for number in range(40)])]
        headers = dict(shelf.client.headers)

        def remove(document: str) -> int:
            path = f"{url}{shelf.where}/documents"
            return int(
                httpx.request("DELETE", path, json={"ids": [document]}, headers=headers, timeout=60).json()["code"]
            )

        with ThreadPoolExecutor(8) as hands:
            assert set(hands.map(remove, ids)) == {0}
    assert shelf.listed() == []


def _other_workspace(connection: Connection) -> Caller:
    workspace = workspaces.create(connection, "other")
    return Caller(workspace, users.create(connection, workspace, "other", "owner"), frozenset(Scope))


BODIES: dict[str, dict[str, Any]] = {
    "startParsing": {"document_ids": ["{document}"]},
    "stopParsing": {"document_ids": ["{document}"]},
    "parseDocuments": {"document_ids": ["{document}"]},
    "stopDocuments": {"document_ids": ["{document}"]},
    "ingestDocuments": {"doc_ids": ["{document}"], "run": "1"},
    "switchDocuments": {"doc_ids": ["{document}"], "status": "0"},
    "deleteDocuments": {"ids": ["{document}"]},
    "updateDocument": {"name": "x.txt"},
    "updateDocumentByPut": {"name": "x.txt"},
    "updateMetadata": {"updates": [{"key": "a", "value": "b"}]},
    "updateMetadatas": {"updates": [{"key": "a", "value": "b"}]},
    "setMetadataConfig": {"metadata": []},
    "setDocumentMetadataConfig": {"metadata": {"a": "b"}},
}
MINE = [one for one in OPERATIONS if one.tag == "Documents" and one.id != "listThumbnails"]


@pytest.mark.parametrize("operation", MINE, ids=lambda one: one.id)
def test_a_stranger_sees_and_changes_nothing(house: Diglot, shelf: Shelf, operation: Any) -> None:
    """What is another's looks exactly like what is not there."""
    [uploaded] = shelf.upload(("battery.txt", BATTERY))
    before = shelf.one(uploaded["id"])
    stranger = a_client(house, house.keys.create(house.database.write(_other_workspace), "k").text)
    answers = []
    for dataset, document in ((shelf.dataset, uploaded["id"]), (UNKNOWN, UNKNOWN[:-1] + "f")):
        path = operation.path.replace("{dataset_id}", dataset).replace("{document_id}", document)
        body = {
            name: [document] if value == ["{document}"] else value
            for name, value in BODIES.get(operation.id, {}).items()
        }
        sent: dict[str, Any] = {"params": {"dataset_ids": dataset}}
        if operation.id == "uploadDocuments":
            sent = {"files": [("file", ("a.txt", b"x"))]}
        elif operation.body is not None:
            sent = {"json": body}
        answer = stranger.request(operation.method, API + path, **sent)
        assert answer.json()["code"] != 0, operation.id
        answers.append(answer.text.replace(dataset, "DATASET").replace(document, "DOCUMENT"))
    assert answers[0] == answers[1]
    assert shelf.one(uploaded["id"]) == before


def test_a_closed_dataset_answers_403(house: Diglot, shelf: Shelf) -> None:
    [uploaded] = shelf.upload(("battery.txt", BATTERY))
    house.datasets.update(house.keys.owner(), shelf.dataset, DatasetChange(api_enabled=False))  # type: ignore[arg-type]
    for method, path, body in (
        ("GET", f"{shelf.where}/documents", None),
        ("GET", f"{API}/documents/{uploaded['id']}", None),
        ("POST", f"{API}/documents/ingest", {"doc_ids": [uploaded["id"]], "run": "1"}),
        ("GET", f"{API}/datasets/metadata/flattened?dataset_ids={shelf.dataset}", None),
    ):
        answer = shelf.client.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, 403), path


def test_the_first_upload_fixes_how_a_dataset_is_indexed(house: Diglot, shelf: Shelf) -> None:
    shelf.upload(("battery.txt", BATTERY))
    assert house.datasets.get(house.keys.owner(), shelf.dataset).indexing is Indexing.HIGH_QUALITY  # type: ignore[arg-type]
