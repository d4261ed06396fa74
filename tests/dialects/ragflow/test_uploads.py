"""Files in and out: many at once, of every kind, under any name, and clients that leave."""

import asyncio
import socket
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.answers import PIECE_BYTES, FileAnswer, disposition
from tests.dialects.ragflow.places import API, a_dataset
from tests.house import a_client, a_house, finish, serving

DOCUMENTS = Path(__file__).parents[3] / "../shared/documents"
FILE_BYTES = 5_000_000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house"), file_bytes=FILE_BYTES) as opened:
        yield opened


@pytest.fixture
def client(house: Diglot) -> TestClient:
    return a_client(house)


@pytest.fixture
def where(house: Diglot) -> str:
    return f"{API}/datasets/{a_dataset(house)}"


def _upload(client: TestClient, where: str, *files: tuple[str, bytes]) -> dict[str, Any]:
    return dict(client.post(f"{where}/documents", files=[("file", file) for file in files]).json())


def _uploaded(client: TestClient, where: str, *files: tuple[str, bytes]) -> list[dict[str, Any]]:
    answer = _upload(client, where, *files)
    assert answer["code"] == 0, answer
    return list(answer["data"])


def test_as_many_as_one_request_may_hold(client: TestClient, where: str) -> None:
    files = [(f"{number}.txt", b"text %d" % number) for number in range(256)]
    uploaded = _uploaded(client, where, *files)
    assert [one["name"] for one in uploaded] == [name for name, _ in files]
    listed = client.get(f"{where}/documents", params={"page_size": 100, "desc": "false"}).json()["data"]
    assert listed["total"] == 256
    assert [one["name"] for one in listed["docs"]] == [name for name, _ in files[:100]]


def test_one_more_than_that(client: TestClient, where: str) -> None:
    answer = _upload(client, where, *[("a.txt", b"x")] * 257)
    assert answer == {
        "code": 102,
        "message": "You try to upload 257 files, which exceeds the maximum number of uploading files: 256",
    }
    assert client.get(f"{where}/documents").json()["data"]["total"] == 0


def test_one_bad_file_does_not_stop_the_others(client: TestClient, where: str, house: Diglot) -> None:
    answer = _upload(
        client,
        where,
        ("good.txt", b"x"),
        ("tool.exe", b"MZ"),
        ("large.txt", b"x" * (FILE_BYTES + 1)),
        ("..", b"x"),
        ("also good.md", b"y"),
    )
    assert answer["code"] == 500
    assert answer["message"].splitlines() == [
        "tool.exe: This type of file has not been supported yet!",
        "..: This type of file has not been supported yet!",
        "large.txt: The file is too large.",
    ]
    assert [one["name"] for one in answer["data"]] == ["good.txt", "also good.md"]
    assert client.get(f"{where}/documents").json()["data"]["total"] == 2


def test_every_kind_that_ragflow_takes_is_taken(client: TestClient, where: str) -> None:
    """Whatever is inside; what it is good for shows when it is parsed."""
    kinds = "docx", "xlsx", "pptx", "jpg", "pdf", "txt", "md", "json", "eml", "html", "msg", "epub", "mp3", "mp4", "doc"
    names = [f"a.{one}" for one in kinds]
    uploaded = _uploaded(client, where, *[(name, b"Sample text.") for name in names])
    assert [one["name"] for one in uploaded] == names


def test_every_real_document_ends_in_done_or_in_a_reason(
    client: TestClient, where: str, house: Diglot, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = sorted(one for one in DOCUMENTS.iterdir() if one.is_file())
    accepted: dict[str, str] = {}
    refused = []
    for path in paths:
        answer = _upload(client, where, (path.name, path.read_bytes()))
        if answer["code"] == 0:
            accepted[answer["data"][0]["id"]] = path.name
        else:
            refused.append(path.name)
            assert answer["message"] in (
                f"{path.name}: This type of file has not been supported yet!",
                f"{path.name}: The file is too large.",
            )
    begun = time.monotonic()
    assert client.post(f"{where}/chunks", json={"document_ids": list(accepted)}).json()["code"] == 0
    finish(house, seconds=600)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(accepted)} documents parsed in {time.monotonic() - begun:.1f} s; refused: {refused}\n"
        )
    listed = [
        one
        for page in range(1, 4)
        for one in client.get(f"{where}/documents", params={"page": page, "page_size": 100}).json()["data"]["docs"]
    ]
    assert {one["id"] for one in listed} == set(accepted)
    for one in listed:
        assert one["run"] in ("DONE", "FAIL"), one
        if one["run"] == "DONE":
            says_nothing = f"No chunk built from {one['name']}" in one["progress_msg"]
            assert (one["progress"], says_nothing) == (1.0, one["chunk_count"] == 0), one["name"]
        else:
            reason = one["progress_msg"].partition("[ERROR]")[2]
            assert reason.endswith("."), one
            assert "Internal error" not in reason, one


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("battery.txt", "attachment; filename=\"battery.txt\"; filename*=UTF-8''battery.txt"),
        (
            "说明 书.txt",
            "attachment; filename=\"__ _.txt\"; filename*=UTF-8''%E8%AF%B4%E6%98%8E%20%E4%B9%A6.txt",
        ),
        ('a"b;c.txt', "attachment; filename=\"a_b;c.txt\"; filename*=UTF-8''a%22b%3Bc.txt"),
    ],
)
def test_a_download_has_the_document_s_name(name: str, shown: str) -> None:
    assert disposition("attachment", name) == (b"content-disposition", shown.encode())


def test_what_comes_out_is_what_went_in(client: TestClient, where: str) -> None:
    content = bytes(range(256)) * (3 * PIECE_BYTES // 256) + b"tail"
    [uploaded] = _uploaded(client, where, ("data.pdf", content))
    path = f"{where}/documents/{uploaded['id']}"
    for url in (path, f"{API}/documents/{uploaded['id']}"):
        answer = client.get(url)
        assert answer.content == content
        assert answer.headers["content-length"] == str(len(content))
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_only_what_cannot_run_is_shown_in_place(client: TestClient, where: str) -> None:
    page, text = _uploaded(client, where, ("page.html", b"<html><body>x</body></html>"), ("plain.txt", b"x"))
    preview = {one["name"]: client.get(f"{API}/documents/{one['id']}/preview") for one in (page, text)}
    assert preview["page.html"].headers["content-disposition"].startswith("attachment")
    assert preview["plain.txt"].headers["content-disposition"].startswith("inline")


def test_head_tells_the_size_alone(house: Diglot, client: TestClient, where: str) -> None:
    [uploaded] = _uploaded(client, where, ("a.txt", b"hello"))
    with serving(house) as url:
        answer = httpx.head(f"{url}{where}/documents/{uploaded['id']}", headers=dict(client.headers))
        assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "5", b"")


def test_a_client_that_leaves_in_the_middle(house: Diglot, client: TestClient, where: str) -> None:
    """The server goes on answering others."""
    [uploaded] = _uploaded(client, where, ("large.txt", b"x" * FILE_BYTES))
    path = f"{where}/documents/{uploaded['id']}"
    with serving(house) as url:
        port = int(url.rpartition(":")[2])
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port)) as left:
                key = client.headers["authorization"]
                left.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\n\r\n".encode())
                assert left.recv(1000).startswith(b"HTTP/1.1 200")
        assert len(httpx.get(url + path, headers=dict(client.headers)).content) == FILE_BYTES


class Endless(BytesIO):
    """A file of any size, and how much of it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        self.taken += size
        return bytes(size)


def test_nothing_more_is_read_for_a_client_that_has_left() -> None:
    content, sent = Endless(), []
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) == 4:
            gone.set()
            await asyncio.sleep(0)

    asyncio.run(FileAnswer(200, content=content, size=1 << 40).send(send, receive))
    assert content.closed
    assert content.taken <= 6 * PIECE_BYTES


def test_a_file_is_closed_when_sending_fails() -> None:
    content = BytesIO(b"hello")

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise OSError("broken pipe")

    with pytest.raises(OSError, match="broken pipe"):
        asyncio.run(FileAnswer(200, content=content, size=5).send(send, receive))
    assert content.closed
