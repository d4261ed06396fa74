"""A house on each database, shared by the tests of a file, and what they do in it."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from diglot.assembly import Diglot
from diglot.domain.api_key import Caller
from diglot.domain.chunk import Chunk
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document
from diglot.domain.identity import DocumentId
from diglot.domain.rules import ChunkingRules, RuleMode
from diglot.domain.search import RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.ingestion.checking import fsck
from diglot.library.documents import NewDocument
from diglot.worker import run_once
from tests.house import a_house

LINES = ChunkingRules(RuleMode.CUSTOM, separator="\n", max_tokens=500, overlap=0)


@dataclass(frozen=True)
class Shelf:
    """A dataset of a house, and the hands to work on it."""

    house: Diglot
    owner: Caller
    dataset: Dataset

    def add(self, text: str = "One line.", name: str = "n.txt", **fields: Any) -> Document:
        known: dict[str, Any] = {"indexing": Indexing.ECONOMY, "rules": LINES}
        new = NewDocument(name, [text.encode()], **(known | fields))
        return self.house.documents.add(self.owner, self.dataset.id, new)

    def ready(self, text: str = "One line.", **fields: Any) -> Document:
        added = self.add(text, **fields)
        run_once(self.house)
        return self.get(added)

    def get(self, document: Document) -> Document:
        return self.house.documents.get(self.owner, self.dataset.id, document.id)

    def now(self) -> Dataset:
        return self.house.datasets.get(self.owner, self.dataset.id)

    def start(self, *documents: Document, **options: Any) -> Any:
        return self.house.documents.start(self.owner, self.dataset.id, ids(documents), **options)

    def stop(self, *documents: Document) -> Any:
        return self.house.documents.stop(self.owner, self.dataset.id, ids(documents))

    def chunks(self, document: Document, **options: Any) -> tuple[Chunk, ...]:
        return self.house.chunks.list(self.owner, self.dataset.id, document.id, **options).items

    def texts(self, document: Document) -> list[str]:
        return [chunk.content for chunk in self.chunks(document)]

    def found(self, question: str, method: SearchMethod = SearchMethod.FULL_TEXT) -> list[str]:
        """What the index and the catalog know of now, best first."""
        run_once(self.house)
        settings = RetrievalSettings(method, top_k=20)
        plan = RetrievalPlan(self.owner.workspace_id, (self.dataset.id,), question, settings)
        return [hit.chunk.content for hit in self.house.retriever.search(plan).hits]


def ids(documents: Sequence[Document]) -> list[DocumentId]:
    return [document.id for document in documents]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with contextlib.ExitStack() as stack:
        settings: dict[str, Any] = {}
        if request.param == "postgres":
            cluster = request.getfixturevalue("postgres")
            settings["database_url"] = cluster.url(stack.enter_context(cluster.database()))
        folder: Path = tmp_path_factory.mktemp("house")
        yield stack.enter_context(a_house(folder, **settings))


@pytest.fixture
def owner(house: Diglot) -> Caller:
    return house.keys.owner()


@pytest.fixture
def shelf(house: Diglot, owner: Caller, request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """After the test, counters, indexes and blobs agree with what is there."""
    yield Shelf(house, owner, house.datasets.create(owner, request.node.name[:200], is_numbered=True))
    run_once(house)
    report = fsck(house)
    assert report.is_clean, report
