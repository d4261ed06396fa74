"""A whole house on each database, and what tests of the corridor do with it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from diglot.assembly import Diglot
from diglot.catalog import generations
from diglot.domain.api_key import Caller
from diglot.domain.dataset import Dataset, Generation, Indexing
from diglot.domain.document import Document
from diglot.ingestion.indexing import Indexer
from diglot.library.documents import NewDocument
from tests.house import a_house


@dataclass(frozen=True)
class Bench:
    """A house with one dataset, and the hands to work in it."""

    house: Diglot
    caller: Caller
    dataset: Dataset

    def add(self, text: str | bytes, name: str = "a.md", **options: Any) -> Document:
        content = text.encode() if isinstance(text, str) else text
        options.setdefault("indexing", Indexing.ECONOMY)
        new = NewDocument(name=name, content=[content], created_from="api", **options)
        return self.house.documents.add(self.caller, self.dataset.id, new)

    def get(self, document: Document) -> Document:
        return self.house.documents.get(self.caller, self.dataset.id, document.id)

    def texts(self, document: Document) -> list[str]:
        return [chunk.content for chunk in self.house.chunks.list(self.caller, self.dataset.id, document.id).items]

    @property
    def generation(self) -> Generation:
        with self.house.database.read() as connection:
            return generations.active(connection, self.dataset.id)

    @property
    def indexer(self) -> Indexer:
        house = self.house
        return Indexer(house.database, house.index, house.tokenizer, house.embedders, house.settings.index_folder)

    def found(self, word: str) -> set[int]:
        """Keys that the index answers, whatever the catalog says of them."""
        terms = self.house.tokenizer.query_terms(word)
        return {one.key for one in self.house.index.search_text(self.generation, terms, 100)}


def a_bench(folder: Path, **changes: Any) -> Iterator[Bench]:
    with a_house(folder, **changes) as house:
        caller = house.keys.owner()
        yield Bench(house, caller, house.datasets.create(caller, "shelf"))


@pytest.fixture
def bench(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Bench]:
    """On SQLite alone: for what does not depend on the database."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(migrated_sqlite, data / "catalog.sqlite3")
    yield from a_bench(data)


@pytest.fixture
def bench_on_postgres(tmp_path: Path, postgres_url: str) -> Iterator[Bench]:
    yield from a_bench(tmp_path / "data", database_url=postgres_url)


@pytest.fixture(params=["bench", "bench_on_postgres"])
def either(request: pytest.FixtureRequest) -> Bench:
    """On both databases."""
    found: Bench = request.getfixturevalue(request.param)
    return found
