"""A house of real files, read by a worker once for all tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document
from diglot.library.documents import NewDocument
from tests.house import a_client, a_house, finish

ROOT = Path(__file__).parents[3]
DOCUMENTS = ROOT.parent / "shared" / "documents"
API = "/diglot/v1"


@dataclass(frozen=True)
class Shelf:
    """A house with one dataset."""

    house: Diglot
    client: TestClient
    dataset: Dataset

    def add(self, name: str, content: bytes, **options: Any) -> Document:
        new = NewDocument(name=name, content=[content], indexing=Indexing.ECONOMY, **options)
        return self.house.documents.add(self.house.keys.owner(), self.dataset.id, new)

    def read(self, name: str, content: bytes, **options: Any) -> Document:
        """Added and brought to its end."""
        document = self.add(name, content, **options)
        finish(self.house)
        return self.now(document)

    def now(self, document: Document) -> Document:
        return self.house.documents.get(self.house.keys.owner(), self.dataset.id, document.id)


@pytest.fixture(scope="package")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with a_house(tmp_path_factory.mktemp("house"), ocr="off") as house:
        yield Shelf(house, a_client(house), house.datasets.create(house.keys.owner(), "shelf"))
