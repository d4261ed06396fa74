"""Datasets and documents to try chunks and searches on, and what is asked about them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.dataset import Indexing
from diglot.domain.document import Document
from diglot.domain.identity import DatasetId, DocumentId, new_id
from diglot.domain.rules import ChunkMethod
from diglot.http.ragflow.chunking import default_config, rules_of
from diglot.library.documents import NewDocument
from tests.house import a_client, finish, follow

API = "/api/v1"
UNKNOWN = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
SAMPLE = "This is the content of a test TXT file."
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # 1x1, PNG


@dataclass(frozen=True)
class Place:
    """A dataset with a document, seen through the API."""

    house: Diglot
    client: TestClient
    dataset: str
    document: str

    @property
    def chunks(self) -> str:
        return f"{API}/datasets/{self.dataset}/documents/{self.document}/chunks"

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(f"{API}{path}", json=body).json()

    def add(self, content: str, **fields: Any) -> dict[str, Any]:
        body = self.client.post(self.chunks, json={"content": content, **fields}).json()
        assert body["code"] == 0, body
        return dict(body["data"]["chunk"])

    def listed(self, **query: Any) -> dict[str, Any]:
        body = self.client.get(self.chunks, params=query).json()
        assert body["code"] == 0, body
        return dict(body["data"])

    def ids(self, **query: Any) -> list[str]:
        return [chunk["id"] for chunk in self.listed(**query)["chunks"]]

    def delete(self, body: Any) -> dict[str, Any]:
        return dict(self.client.request("DELETE", self.chunks, json=body).json())

    def retrieve(self, question: str, **fields: Any) -> dict[str, Any]:
        body = self.post("/retrieval", {"question": question, "dataset_ids": [self.dataset], **fields})
        assert body["code"] == 0, body
        return dict(body["data"])

    def found(self, question: str, **fields: Any) -> list[str]:
        return [chunk["content"] for chunk in self.retrieve(question, **fields)["chunks"]]

    def follow(self) -> None:
        """The index learns what was edited."""
        follow(self.house, self.dataset)

    def counts(self) -> tuple[int, int]:
        """Chunks of the document, as it is shown with them, and of the dataset."""
        dataset = self.house.datasets.get(self.house.keys.owner(), DatasetId(self.dataset))
        return self.listed()["doc"]["chunk_count"], dataset.chunk_count


def a_dataset(house: Diglot, name: str | None = None, **fields: Any) -> str:
    owner = house.keys.owner()
    return house.datasets.create(owner, name or f"d {new_id()}", indexing=Indexing.HIGH_QUALITY, **fields).id


def a_document(
    house: Diglot,
    dataset: str,
    text: str | bytes = SAMPLE,
    name: str = "test.txt",
    method: ChunkMethod = ChunkMethod.NAIVE,
    **fields: Any,
) -> Document:
    """Not begun, as an upload of RAGFlow's."""
    content = text.encode() if isinstance(text, str) else text
    rules = rules_of(method, default_config(method))
    new = NewDocument(name, [content], rules=rules, begins=False, is_numbered=True, **fields)
    return house.documents.add(house.keys.owner(), DatasetId(dataset), new)


def read(house: Diglot, document: Document) -> None:
    house.documents.start(house.keys.owner(), document.dataset_id, [DocumentId(document.id)])
    finish(house)


def a_place(house: Diglot, *, is_read: bool = False, **fields: Any) -> Place:
    dataset = a_dataset(house)
    document = a_document(house, dataset, **fields)
    if is_read:
        read(house, document)
    return Place(house, a_client(house), dataset, document.id)


def seconds_until(is_so: Callable[[], bool], most: float = 10.0) -> float:
    """How long it takes to become so."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < most, "it never became so"
        time.sleep(0.01)
    return time.monotonic() - begun
