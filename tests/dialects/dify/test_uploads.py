"""Files by multipart."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.dialects.dify.objects import a_dataset, a_ready_document, contents
from tests.house import finish

DATA = {
    "name": "Dify",
    "indexing_technique": "high_quality",
    "process_rule": {
        "rules": {
            "pre_processing_rules": [
                {"id": "remove_extra_spaces", "enabled": True},
                {"id": "remove_urls_emails", "enabled": True},
            ],
            "segmentation": {"separator": "###", "max_tokens": 500},
        },
        "mode": "custom",
    },
}
FILE = ("notes.md", b"# Battery\n\nIt lasts ten hours.", "application/octet-stream")
TEXT = json.dumps(DATA)


def _path(dataset: str, spelling: str = "create-by-file") -> str:
    return f"/v1/datasets/{dataset}/document/{spelling}"


@pytest.mark.parametrize(
    "data",
    [
        (None, TEXT),
        (None, TEXT, "text/plain"),
        (None, TEXT, "application/json"),
        ("", TEXT, "application/json"),
        ("data.json", TEXT, "application/json"),
    ],
)
@pytest.mark.parametrize("spelling", ["create-by-file", "create_by_file"])
def test_the_data_part_in_every_form(client: TestClient, data: Any, spelling: str) -> None:
    answer = client.post(_path(a_dataset(client), spelling), files={"file": FILE, "data": data})
    assert answer.status_code == 200, answer.text
    shown = answer.json()["document"]
    assert (shown["name"], shown["indexing_status"], shown["display_status"]) == ("notes.md", "waiting", "queuing")
    assert shown["data_source_detail_dict"]["upload_file"]["extension"] == "md"


def test_a_part_with_an_empty_file_name_as_some_clients_send_it(client: TestClient) -> None:
    boundary = "----x"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="data"; filename=""\r\n'
        f"Content-Type: application/json\r\n\r\n{TEXT}\r\n"
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n'
        f"--{boundary}--\r\n"
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = client.post(_path(a_dataset(client)), content=body.encode(), headers=headers)
    assert answer.json()["document"]["name"] == "a.txt"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("filename*=utf-8''%E8%AF%B4%E6%98%8E.txt", "说明.txt"),
        ("filename*=UTF-8'zh'%E8%AF%B4.txt", "说.txt"),
        ("filename=\"a.txt\"; filename*=utf-8''%E8%AF%B4.txt", "a.txt"),
        ('filename="说明.txt"', "说明.txt"),
        ('filename="C:\\\\dir\\\\b.txt"', "b.txt"),
    ],
)
def test_names_as_clients_write_them(client: TestClient, disposition: str, name: str) -> None:
    body = (
        f'--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n{TEXT}\r\n'
        f'--x\r\nContent-Disposition: form-data; name="file"; {disposition}\r\n\r\nhello\r\n--x--\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = client.post(_path(a_dataset(client)), content=body.encode(), headers=headers)
    assert answer.json()["document"]["name"] == name


def test_a_file_is_found_and_updated(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    made = client.post(_path(dataset), files={"file": FILE, "data": (None, TEXT)}).json()
    finish(house)
    assert contents(client, dataset, "how long does it last") == ["# Battery\n\nIt lasts ten hours."]
    document = made["document"]["id"]
    where = f"/v1/datasets/{dataset}/documents/{document}"
    for method, path in (("POST", "/update_by_file"), ("POST", "/update-by-file"), ("PATCH", "")):
        new = ("new.txt", f"Now by {method}{path}.".encode())
        answer = client.request(method, where + path, files={"file": new}).json()
        assert (answer["document"]["id"], answer["document"]["name"]) == (document, "new.txt")
        assert answer["batch"] == made["batch"]
        finish(house)
        assert contents(client, dataset, "now by") == [f"Now by {method}{path}."]


def test_original_document_id_updates(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, "Old.")
    data = json.dumps({"original_document_id": document})
    answer = client.post(_path(dataset), files={"file": ("b.txt", b"New."), "data": (None, data)}).json()
    assert answer["document"]["id"] == document
    finish(house)
    assert contents(client, dataset, "new old") == ["New."]
    assert client.get(f"/v1/datasets/{dataset}").json()["document_count"] == 1


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ([("data", (None, TEXT))], 400, "no_file_uploaded"),
        ([("other", FILE), ("data", (None, TEXT))], 400, "no_file_uploaded"),
        ([("file", FILE), ("file", FILE), ("data", (None, TEXT))], 400, "too_many_files"),
        ([("file", FILE)] * 256 + [("data", (None, TEXT))], 400, "too_many_files"),
        ([("file", ("big.txt", b"x" * 100_001)), ("data", (None, TEXT))], 413, "file_too_large"),
        ([("file", ("big.txt", b"x" * 500_000)), ("data", (None, TEXT))], 413, "file_too_large"),
        (
            [("file", ("a.exe", b"MZ\x90\x00\x03\x00\x00\x00\x04")), ("data", (None, TEXT))],
            415,
            "unsupported_file_type",
        ),
        ([("file", ("a/b.txt", b"x")), ("data", (None, TEXT))], 400, "invalid_param"),
        ([("file", ("..\\b.txt", b"x")), ("data", (None, TEXT))], 400, "invalid_param"),
        ([("file", ("a\u202etxt.txt", b"x")), ("data", (None, TEXT))], 400, "invalid_param"),
        ([("file", FILE), ("data", (None, "{not json"))], 400, "invalid_param"),
        ([("file", FILE), ("data", (None, '{"process_rule": {}}'))], 400, "invalid_param"),
        ([("file", FILE), ("data", (None, b"\xff\xfe"))], 400, "invalid_param"),
        ([("file", FILE), ("data", (None, "x" * 60_000))], 400, "invalid_param"),
    ],
)
def test_what_is_refused_leaves_nothing(client: TestClient, house: Diglot, files: Any, status: int, code: str) -> None:
    dataset = a_dataset(client)
    blobs = {blob.sha256 for blob in house.blobs.list()}
    answer = client.post(_path(dataset), files=files)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get(f"/v1/datasets/{dataset}/documents").json()["total"] == 0
    assert {blob.sha256 for blob in house.blobs.list()} == blobs


def test_a_body_that_is_no_multipart(client: TestClient) -> None:
    dataset = a_dataset(client)
    answer = client.post(_path(dataset), json=DATA)
    assert answer.json()["code"] == "no_file_uploaded"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    broken = client.post(_path(dataset), content=b"--y\r\nnonsense", headers=headers)
    assert broken.status_code == 400
    no_boundary = client.post(_path(dataset), content=b"x", headers={"Content-Type": "multipart/form-data"})
    assert no_boundary.status_code == 400


def test_a_file_in_a_part_of_another_name_does_not_get_lost(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, "The battery lasts ten hours.")
    path = f"/v1/datasets/{dataset}/documents/{document}/update-by-file"
    answer = client.post(path, files={"document": FILE}, data={"data": json.dumps({"name": "new.md"})})
    assert (answer.status_code, answer.json()["code"]) == (400, "no_file_uploaded")
    assert client.get(f"/v1/datasets/{dataset}/documents/{document}").json()["name"] != "new.md"


def test_a_body_that_ends_in_its_file_is_refused(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    document = a_ready_document(client, house, dataset, "The battery lasts ten hours.")
    body = (
        '--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n{"name": "new.txt"}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nThe battery la'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    path = f"/v1/datasets/{dataset}/documents/{document}/update-by-file"
    answer = client.post(path, content=body.encode(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_param")
    assert "no end" in answer.json()["message"]


def test_file_names_in_any_script(client: TestClient) -> None:
    dataset = a_dataset(client)
    for name in ("说明书.txt", "𠀀🦓.md", "x" * 300 + ".txt"):
        answer = client.post(_path(dataset), files={"file": (name, b"x"), "data": (None, TEXT)})
        shown = answer.json()["document"]["name"]
        assert len(shown) <= 200
        assert shown.rpartition(".")[2] == name.rpartition(".")[2]
