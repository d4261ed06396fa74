"""Small pictures of documents: their path in a document, the picture behind it, and many at once."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from diglot.assembly import Diglot
from tests.adapters.parsers.crafting import Piece, pdf
from tests.dialects.others import a_stranger, one_restricted
from tests.house import a_client, a_house

API = "/api/v1"
PREFIX = "data:image/png;base64,"
CONTENT = pdf([[Piece(72, 700, "the secret")]])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house"), ocr="off") as one:
        yield one


@pytest.fixture(scope="module")
def uploaded(house: Diglot) -> dict[str, Any]:
    """By name."""
    client = a_client(house)
    dataset = client.post(f"{API}/datasets", json={"name": "mine"}).json()["data"]["id"]
    files = [("a.pdf", CONTENT), ("broken.pdf", b"%PDF-1.7\n"), ("a.txt", b"text")]
    sent = client.post(f"{API}/datasets/{dataset}/documents", files=[("file", one) for one in files])
    return {one["name"]: one for one in sent.json()["data"]}


def _size(content: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(content)).size


def test_a_document_says_where_its_picture_is(house: Diglot, uploaded: dict[str, Any]) -> None:
    client = a_client(house)
    answer = client.get(uploaded["a.pdf"]["thumbnail"])
    assert answer.headers["content-type"] == "image/png"
    assert _size(answer.content) == (192, 256)
    assert uploaded["a.txt"]["thumbnail"] is None
    assert client.get(uploaded["broken.pdf"]["thumbnail"]).json()["message"] == "Image not found."


def test_many_at_once(house: Diglot, uploaded: dict[str, Any]) -> None:
    ids = [one["id"] for one in uploaded.values()]
    for query in ({"doc_ids": ids}, {"doc_ids": ",".join(ids)}):
        found = a_client(house).get(f"{API}/thumbnails", params=query).json()["data"]
        assert list(found) == [uploaded["a.pdf"]["id"]]
        [url] = found.values()
        assert url.startswith(PREFIX)
        assert _size(base64.b64decode(url.removeprefix(PREFIX))) == (192, 256)
    assert a_client(house).get(f"{API}/thumbnails").json()["data"] == {}


def test_whose_they_are(house: Diglot, uploaded: dict[str, Any]) -> None:
    for client in (a_stranger(house), one_restricted(house)):
        assert client.get(uploaded["a.pdf"]["thumbnail"]).json()["message"] == "Image not found."
        query = {"doc_ids": uploaded["a.pdf"]["id"]}
        assert client.get(f"{API}/thumbnails", params=query).json()["data"] == {}
