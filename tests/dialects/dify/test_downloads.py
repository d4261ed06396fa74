"""The files behind documents: by signed links that expire, and as zip archives."""

import io
import logging
import zipfile
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.catalog import settings
from diglot.domain.document import Document
from diglot.domain.identity import DatasetId, DocumentId
from diglot.http.logs import JsonLines
from diglot.library.datasets import DatasetChange
from diglot.library.downloads import SECRET, Downloads
from tests.dialects.dify.objects import a_dataset, a_document
from tests.dialects.others import a_reader, a_stranger, one_restricted
from tests.house import KEY, serving

pytestmark = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True, scope="module")

REFUSED = {"error": {"code": "forbidden", "message": "This link is not valid, or not any more."}}
GONE = {"error": {"code": "document_not_found", "message": "Document not found."}}
UNKNOWN = "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e"


def _uploaded(client: TestClient, dataset: str, name: str, content: bytes) -> str:
    data = (None, '{"indexing_technique": "economy"}')
    answer = client.post(
        f"/v1/datasets/{dataset}/document/create-by-file", files={"file": (name, content), "data": data}
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["document"]["id"])


def _link(client: TestClient, dataset: str, document: str) -> str:
    answer = client.get(f"/v1/datasets/{dataset}/documents/{document}/download")
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["url"]
    return str(answer.json()["url"])


def _fetched(client: TestClient, url: str) -> Any:
    """As somebody without a key."""
    return TestClient(client.app).get(url)


def _zipped(client: TestClient, dataset: str, documents: list[str]) -> dict[str, bytes]:
    answer = client.post(f"/v1/datasets/{dataset}/documents/download-zip", json={"document_ids": documents})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {one.filename: archive.read(one) for one in archive.infolist()}


def test_a_link_needs_no_key_and_gives_what_was_sent(client: TestClient) -> None:
    dataset = a_dataset(client)
    content = bytes(range(256)) * 300
    document = _uploaded(client, dataset, "报告 1.txt", b"text\n" + content)
    answer = _fetched(client, _link(client, dataset, document))
    assert (answer.status_code, answer.content) == (200, b"text\n" + content)
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"__ 1.txt\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%201.txt"
    )
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_file_that_a_browser_would_run_is_a_download(client: TestClient) -> None:
    dataset = a_dataset(client)
    document = _uploaded(client, dataset, "page.html", b"<html><script>alert(1)</script><p>text</p></html>")
    headers = _fetched(client, _link(client, dataset, document)).headers
    assert headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in headers["content-security-policy"]


def test_upload_file_says_what_is_known_of_it(client: TestClient) -> None:
    dataset = a_dataset(client)
    made = a_document(client, dataset, "The battery.", name="Battery.md")
    answer = client.get(f"/v1/datasets/{dataset}/documents/{made['id']}/upload-file").json()
    assert {name: answer[name] for name in ("id", "name", "size", "extension", "mime_type", "created_by")} == {
        "id": made["id"],
        "name": "Battery.md",
        "size": 12,
        "extension": "md",
        "mime_type": "text/plain",
        "created_by": made["created_by"],
    }
    for name in ("url", "download_url"):
        assert _fetched(client, answer[name]).text == "The battery."


def test_a_link_that_was_altered_is_refused(client: TestClient) -> None:
    dataset = a_dataset(client)
    document, other = a_document(client, dataset)["id"], a_document(client, dataset)["id"]
    url = urlsplit(_link(client, dataset, document))
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    later = str(int(query["expires"]) + 1)
    first = "0" if query["signature"][0] != "0" else "1"
    altered = [
        (url.path, query | {"expires": later}),
        (url.path, query | {"signature": first + query["signature"][1:]}),
        (url.path, query | {"signature": query["signature"][:-1]}),
        (url.path, query | {"signature": "ключ"}),
        (url.path, query | {"signature": ""}),
        (url.path, query | {"expires": ""}),
        (url.path, query | {"expires": "-1"}),
        (url.path, query | {"expires": "９"}),
        (url.path, query | {"expires": "9" * 5000}),
        (url.path, {}),
        (url.path.replace(document, other), query),
        (url.path.replace(document, UNKNOWN), query),
        (url.path.replace(document, "nonsense"), query),
    ]
    stranger = TestClient(client.app)
    for path, sent in altered:
        answer = stranger.get(path, params=sent)
        assert (answer.status_code, answer.json()) == (403, REFUSED), (path, sent)
        assert client.get(path, params=sent).status_code == 403, "a key does not help"
    assert stranger.get(url.path, params=query | {"utm_source": "mail"}).status_code == 200


def test_a_link_expires(house: Diglot, client: TestClient) -> None:
    dataset = a_dataset(client)
    document = a_document(client, dataset)["id"]
    found = _found(house, dataset, document)
    for seconds, status in ((0, 403), (60, 200)):
        link = Downloads(house.database, house.blobs, link_seconds=seconds).link(found)
        query = {"expires": link.expires, "signature": link.signature}
        assert TestClient(client.app).get(f"/diglot/v1/files/{document}", params=query).status_code == status


def test_a_link_gives_the_newest_file(client: TestClient) -> None:
    dataset = a_dataset(client)
    document = a_document(client, dataset, "old")["id"]
    url = _link(client, dataset, document)
    update = {"name": "note", "text": "new"}
    client.post(f"/v1/datasets/{dataset}/documents/{document}/update-by-text", json=update)
    assert _fetched(client, url).text == "new"


def test_what_is_deleted_or_closed_is_gone_at_once(house: Diglot, client: TestClient) -> None:
    dataset, other = a_dataset(client), a_dataset(client)
    document, kept = a_document(client, dataset)["id"], a_document(client, other)["id"]
    url, kept_url = _link(client, dataset, document), _link(client, other, kept)
    assert client.delete(f"/v1/datasets/{dataset}/documents/{document}").is_success
    assert (_fetched(client, url).status_code, _fetched(client, url).json()) == (404, GONE)
    _open(house, other, is_open=False)
    assert _fetched(client, kept_url).status_code == 403
    _open(house, other, is_open=True)
    assert _fetched(client, kept_url).status_code == 200
    assert client.delete(f"/v1/datasets/{other}").status_code == 204
    assert (_fetched(client, kept_url).status_code, _fetched(client, kept_url).json()) == (404, GONE)


def test_a_file_that_is_lost_is_told_without_its_name(house: Diglot, client: TestClient) -> None:
    dataset = a_dataset(client)
    document = a_document(client, dataset, "Nobody else says this.")["id"]
    url = _link(client, dataset, document)
    house.blobs.delete(_found(house, dataset, document).source)
    told = {"code": "not_found", "message": "UploadFile not found.", "status": 404}
    for path in ("download", "upload-file"):
        answer = client.get(f"/v1/datasets/{dataset}/documents/{document}/{path}")
        assert (answer.status_code, answer.json()) == (404, told)
    zipped = client.post(f"/v1/datasets/{dataset}/documents/download-zip", json={"document_ids": [document]})
    assert (zipped.status_code, zipped.json()) == (404, told)
    lost = _fetched(client, url)
    assert (lost.status_code, lost.json()["error"]) == (404, {"code": "file_not_found", "message": "File not found."})


def test_an_archive_holds_each_file_once_in_order(client: TestClient) -> None:
    dataset = a_dataset(client)
    documents = [
        _uploaded(client, dataset, "a.txt", b"first"),
        _uploaded(client, dataset, "b.txt", b"second" * 15_000),
        _uploaded(client, dataset, "A.txt", b"third"),
        a_document(client, dataset, "fourth", name="a.txt")["id"],
        a_document(client, dataset, "fifth", name="C:/a/b?.txt")["id"],
    ]
    wanted = [documents[1], documents[0], documents[0].replace("-", ""), *documents[2:]]
    found = _zipped(client, dataset, wanted)
    assert list(found.items()) == [
        ("b.txt", b"second" * 15_000),
        ("a.txt", b"first"),
        ("A(1).txt", b"third"),
        ("a(2).txt", b"fourth"),
        ("C__a_b_.txt", b"fifth"),
    ]


def test_the_archive_is_named_after_its_dataset(client: TestClient) -> None:
    dataset = a_dataset(client, name="手册")
    document = a_document(client, dataset)["id"]
    answer = client.post(f"/v1/datasets/{dataset}/documents/download-zip", json={"document_ids": [document]})
    assert answer.headers["content-disposition"].endswith("filename*=UTF-8''%E6%89%8B%E5%86%8C.zip")
    assert "content-length" not in answer.headers


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400),
        ({"document_ids": []}, 400),
        ({"document_ids": [UNKNOWN] * 101}, 400),
        ({"document_ids": "all"}, 400),
        ({"document_ids": [UNKNOWN]}, 404),
        ({"document_ids": ["nonsense"]}, 404),
    ],
)
def test_archives_that_are_refused(client: TestClient, sent: dict[str, Any], status: int) -> None:
    dataset = a_dataset(client)
    known = a_document(client, dataset)["id"]
    if status == 404:
        sent = {"document_ids": [known, *sent["document_ids"]]}
    answer = client.post(f"/v1/datasets/{dataset}/documents/download-zip", json=sent)
    code = {400: "invalid_param", 404: "not_found"}[status]
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if status == 404:
        assert answer.json()["message"] == "Document not found."


def test_a_hundred_are_taken(client: TestClient) -> None:
    dataset = a_dataset(client)
    documents = [a_document(client, dataset, f"text {number}", name="same")["id"] for number in range(100)]
    found = _zipped(client, dataset, documents)
    assert list(found)[:3] == ["same", "same(1)", "same(2)"]
    assert list(found.values()) == [f"text {number}".encode() for number in range(100)]


def test_others_get_nothing(house: Diglot, client: TestClient) -> None:
    dataset, other = a_dataset(client), a_dataset(client)
    document = a_document(client, dataset)["id"]
    sent = {"document_ids": [document]}
    for who in (a_stranger(house), one_restricted(house)):
        for path in (f"{document}/download", f"{document}/upload-file"):
            assert who.get(f"/v1/datasets/{dataset}/documents/{path}").status_code == 404
        assert who.post(f"/v1/datasets/{dataset}/documents/download-zip", json=sent).status_code == 404
    # By way of another dataset neither.
    for path in (f"{document}/download", f"{document}/upload-file"):
        assert client.get(f"/v1/datasets/{other}/documents/{path}").status_code == 404
    assert client.post(f"/v1/datasets/{other}/documents/download-zip", json=sent).status_code == 404
    reader = a_reader(house)
    assert reader.get(f"/v1/datasets/{dataset}/documents/{document}/download").status_code == 200
    assert reader.post(f"/v1/datasets/{dataset}/documents/download-zip", json=sent).status_code == 200


def test_neither_secret_nor_signature_is_logged(
    house: Diglot, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    dataset = a_dataset(client)
    document = a_document(client, dataset)["id"]
    with caplog.at_level(logging.DEBUG), serving(house) as server:
        keyed = httpx.Client(base_url=server, headers={"Authorization": f"Bearer {KEY}"})
        with keyed, httpx.Client() as keyless:
            url = keyed.get(f"/v1/datasets/{dataset}/documents/{document}/download").json()["url"]
            assert url.startswith(f"{server}/diglot/v1/files/{document}?")
            assert keyless.get(url).status_code == 200
            assert keyless.get(url[:-1]).status_code == 403
            assert client.delete(f"/v1/datasets/{dataset}/documents/{document}").is_success
            assert keyless.get(url).status_code == 404
    signature = parse_qs(urlsplit(url).query)["signature"][0]
    with house.database.read() as connection:
        secret = settings.get(connection, SECRET)
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert sum("/files/{document_id}" in record.getMessage() for record in ours) == 3
    for record in ours:
        line = JsonLines().format(record)
        assert signature[:-1] not in line
        assert secret not in line


def test_the_secret_is_one_for_all_processes(house: Diglot, client: TestClient) -> None:
    dataset = a_dataset(client)
    document = _found(house, dataset, a_document(client, dataset, "shared")["id"])
    one, other = (Downloads(house.database, house.blobs, link_seconds=60) for _ in range(2))
    link = one.link(document)
    _, content = other.follow(link.document_id, str(link.expires), link.signature)
    with content:
        assert content.read() == b"shared"


def _found(house: Diglot, dataset: str, document: str) -> Document:
    plain = DatasetId(dataset.replace("-", "")), DocumentId(document.replace("-", ""))
    return house.documents.get(house.keys.owner(), *plain)


def _open(house: Diglot, dataset: str, *, is_open: bool) -> None:
    change = DatasetChange(api_enabled=is_open)
    house.datasets.update(house.keys.owner(), DatasetId(dataset.replace("-", "")), change)
