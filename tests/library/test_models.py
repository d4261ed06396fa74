"""Another embedding model for a dataset that has chunks: searched all the while, by one model at a time."""

import contextlib
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from diglot.adapters.embedders import endpoint
from diglot.adapters.embedders.adding import add_endpoint
from diglot.adapters.embedders.store import ModelStore
from diglot.assembly import Diglot
from diglot.catalog import generations, tables
from diglot.domain.api_key import Caller
from diglot.domain.dataset import Dataset, Generation, Indexing
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.rules import ChunkingRules, RuleMode
from diglot.domain.search import Hits, RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.ingestion import slow_lane
from diglot.ingestion.checking import fsck
from diglot.ingestion.indexing import Indexer
from diglot.ingestion.purging import sweep_vectors
from diglot.ingestion.rebuilding import rebuild
from diglot.library.chunks import ChunkEdit, NewChunk
from diglot.library.datasets import DatasetChange
from diglot.library.documents import NewDocument
from tests.adapters.embedders.model_server import ModelServer, model_server
from tests.house import a_house, working

LINES = ChunkingRules(RuleMode.CUSTOM, separator="\n", max_tokens=500, overlap=0)
# Vectors of one model are of no use in an index of another: their lengths differ.
DIMENSIONS = {"small": 12, "middle": 16, "large": 24}
WORKER = """
import sys
from pathlib import Path
from diglot.assembly import build
from diglot.settings import Settings
from diglot.worker import Worker
with build(Settings.for_tests(Path(sys.argv[1]), lease_seconds=1.5, **eval(sys.argv[2]))) as house:
    Worker(house).run()
"""


@dataclass(frozen=True)
class Shop:
    """A house whose models are servers of their own, and the hands to work in it."""

    house: Diglot
    caller: Caller
    servers: dict[str, ModelServer]
    options: dict[str, Any]

    def shelf(self, model: str | None, name: str, *texts: str) -> Dataset:
        indexing = Indexing.HIGH_QUALITY if model else Indexing.ECONOMY
        made = self.house.datasets.create(self.caller, name, indexing=indexing, embedding_model=model)
        for text in texts:
            self.add(made, text)
        return made

    def add(self, dataset: Dataset, text: str) -> Document:
        new = NewDocument("a.txt", [text.encode()], is_text=True, rules=LINES)
        return self.house.documents.add(self.caller, dataset.id, new)

    def choose(self, dataset: Dataset, model: str | None) -> Dataset:
        indexing = Indexing.HIGH_QUALITY if model else Indexing.ECONOMY
        change = DatasetChange(indexing=indexing, embedding_model=model)
        return self.house.datasets.update(self.caller, dataset.id, change)

    def active(self, dataset: Dataset) -> Generation:
        with self.house.database.read() as connection:
            return generations.active(connection, dataset.id)

    def is_settled(self, dataset: Dataset) -> bool:
        """Nothing is being read or built."""
        with self.house.database.read() as connection:
            building = generations.building(connection, dataset.id)
            pending = select(tables.documents.c.id).where(
                tables.documents.c.dataset_id == dataset.id, tables.documents.c.pending_key.is_not(None)
            )
            return not building and connection.execute(pending).first() is None

    def search(self, dataset: Dataset, text: str, method: SearchMethod = SearchMethod.SEMANTIC) -> Hits:
        plan = RetrievalPlan(self.caller.workspace_id, (dataset.id,), text, RetrievalSettings(method, top_k=3))
        return self.house.retriever.search(plan)

    def finds(self, dataset: Dataset, text: str) -> bool:
        """By its vector: the same text in the same model."""
        return [hit.chunk.content for hit in self.search(dataset, text).hits if (hit.scores.vector or 0) > 0.99] == [
            text
        ]

    def require_whole(self, dataset: Dataset, model: str | None, texts: list[str]) -> None:
        """All of it is there by this model and nothing else is, down to the bytes."""
        assert self.active(dataset).embedding_model == model
        assert self.house.datasets.get(self.caller, dataset.id).embedding_model == model
        stats = self.house.index.stats(self.active(dataset))
        assert (stats.rows, stats.vectors) == (len(texts), len(texts) if model else 0)
        assert [text for text in texts if model is not None and not self.finds(dataset, text)] == []
        assert fsck(self.house).is_clean


@pytest.fixture(params=["sqlite", "postgres"])
def shop(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(endpoint, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(slow_lane, "LONGEST_PAUSE", 0.3)
    options = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_url")}
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(model_server()) for name in DIMENSIONS}
        store = ModelStore(tmp_path / "data" / "models")
        for name, server in servers.items():
            add_endpoint(store, name, server.url, name, dimensions=DIMENSIONS[name], timeout=5)
        house = stack.enter_context(a_house(tmp_path / "data", **options))
        yield Shop(house, house.keys.owner(), servers, options)


def until(claim: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def lines(name: str, count: int) -> list[str]:
    return [f"{name} number {number} lies on the shelf." for number in range(count)]


@contextlib.contextmanager
def searching_all_the_while(shop: Shop, dataset: Dataset, texts: list[str]) -> Iterator[set[str]]:
    """Every search in the block finds what it asks for, by its vector. Which models were asked of."""
    stop = threading.Event()
    failures: list[str] = []
    asked: set[str] = set()

    def ask() -> None:
        source = random.Random(1)
        while not stop.is_set():
            text = source.choice(texts)
            hits = shop.search(dataset, text)
            if hits.notes or not hits.hits or hits.hits[0].chunk.content != text:
                failures.append(f"{text}: {hits}")
            asked.add(str(shop.active(dataset).embedding_model))

    with ThreadPoolExecutor(2) as pool:
        threads = [pool.submit(ask) for _ in range(2)]
        try:
            yield asked
        finally:
            stop.set()
        for thread in threads:
            thread.result()
    assert failures == []


def test_the_old_index_answers_until_the_new_one_is_complete(shop: Shop) -> None:
    house, caller = shop.house, shop.caller
    stay, go = lines("book", 40), lines("cup", 3)
    dataset = shop.shelf("small", "shelf", "\n".join(stay))
    gone = shop.add(dataset, "\n".join(go))
    with working(house):
        until(lambda: shop.is_settled(dataset))
        before = house.documents.list(caller, dataset.id).items
        shop.servers["large"].mode = "slow"
        with searching_all_the_while(shop, dataset, stay[5:]) as asked:
            shop.choose(dataset, "large")
            assert house.datasets.get(caller, dataset.id).embedding_model == "large"
            time.sleep(0.3)
            new = shop.add(dataset, "\n".join(lines("lamp", 4)))
            house.documents.remove(caller, dataset.id, gone.id)
            page = house.chunks.list(caller, dataset.id, before[-1].id)
            house.chunks.edit(caller, dataset.id, before[-1].id, page.items[0].id, ChunkEdit(content="an edited line"))
            house.chunks.remove(caller, dataset.id, page.items[1].id)
            house.chunks.add(caller, dataset.id, before[-1].id, [NewChunk("an added line")])
            assert shop.active(dataset).embedding_model == "small", "all that came while the new one was being built"
            until(lambda: house.documents.get(caller, dataset.id, new.id).status is DocumentStatus.READY)
            until(lambda: shop.active(dataset).embedding_model == "large")
            shop.servers["large"].mode = "good"
            time.sleep(0.2)
    assert asked == {"small", "large"}
    texts = [*stay[2:], *lines("lamp", 4), "an edited line", "an added line"]
    shop.require_whole(dataset, "large", texts)
    assert not shop.finds(dataset, go[0])
    after = house.documents.get(caller, dataset.id, before[-1].id)
    chunks = house.chunks.list(caller, dataset.id, after.id).items
    assert after.tokens == sum(chunk.tokens for chunk in chunks) > 0


@pytest.mark.parametrize("models", [("middle", "large"), ("middle", "small"), ("middle", "large", "small", "middle")])
def test_the_last_choice_counts(shop: Shop, models: tuple[str, ...]) -> None:
    texts = lines("book", 40)
    dataset = shop.shelf("small", "shelf", "\n".join(texts))
    chance = random.Random(len(models))
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
        for _ in range(5):
            for model in models:
                shop.choose(dataset, model)
                time.sleep(chance.choice([0.0, 0.0, 0.05]))
            until(lambda: shop.is_settled(dataset))
            assert shop.active(dataset).embedding_model == models[-1]
    shop.require_whole(dataset, models[-1], texts)


def test_choices_at_once(shop: Shop) -> None:
    texts = lines("book", 5)
    dataset = shop.shelf("small", "shelf", "\n".join(texts))
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
        for _ in range(10):
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda model: shop.choose(dataset, model), ["small", "middle", "large", "middle"]))
            with shop.house.database.read() as connection:
                assert len(generations.building(connection, dataset.id)) <= 1
            until(lambda: shop.is_settled(dataset))
            chosen = shop.house.datasets.get(shop.caller, dataset.id).embedding_model
            assert shop.active(dataset).embedding_model == chosen
    shop.require_whole(dataset, chosen, texts)


def test_a_new_model_that_is_down(shop: Shop) -> None:
    texts = lines("book", 5)
    dataset = shop.shelf("small", "shelf", "\n".join(texts))
    server = shop.servers["large"]
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
        server.mode = "down"
        shop.choose(dataset, "large")
        new = shop.add(dataset, "what came meanwhile")
        until(lambda: shop.house.documents.get(shop.caller, dataset.id, new.id).status is DocumentStatus.READY)
        assert shop.finds(dataset, texts[0])
        assert shop.finds(dataset, "what came meanwhile")
        shop.house.chunks.add(shop.caller, dataset.id, new.id, [NewChunk("what was added meanwhile")])
        until(lambda: shop.finds(dataset, "what was added meanwhile"))
        until(lambda: troubles(shop))
        (trouble,) = troubles(shop)
        assert (trouble.dataset_name, trouble.embedding_model) == ("shelf", "large")
        assert "503" in trouble.reason
        server.mode = "good"
        until(lambda: shop.active(dataset).embedding_model == "large")
    assert troubles(shop) == []
    shop.require_whole(dataset, "large", [*texts, "what came meanwhile", "what was added meanwhile"])


def troubles(shop: Shop) -> list[generations.Trouble]:
    with shop.house.database.read() as connection:
        return generations.troubles(connection)


def test_an_old_model_that_is_down_holds_nothing_up(shop: Shop) -> None:
    """Which is why people choose another."""
    texts = lines("book", 5)
    dataset = shop.shelf("small", "shelf", "\n".join(texts))
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
        shop.servers["small"].mode = "down"
        shop.servers["large"].mode = "down"
        shop.choose(dataset, "large")
        until(lambda: troubles(shop))
        shop.servers["large"].mode = "slow"
        new = shop.add(dataset, "what came meanwhile")
        until(lambda: shop.house.documents.get(shop.caller, dataset.id, new.id).status is DocumentStatus.READY)
        found = shop.search(dataset, "meanwhile", SearchMethod.HYBRID).hits
        assert [hit.chunk.content for hit in found] == ["what came meanwhile"]
        until(lambda: shop.active(dataset).embedding_model == "large")
        shop.servers["large"].mode = "good"
    shop.require_whole(dataset, "large", [*texts, "what came meanwhile"])


def test_back_to_a_model_that_was_down(shop: Shop) -> None:
    """What it missed meanwhile is made up for."""
    texts = lines("book", 300)
    dataset = shop.shelf("small", "shelf", "\n".join(texts))
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
        shop.servers["small"].mode = "down"
        shop.servers["large"].mode = "slow"
        shop.choose(dataset, "large")
        new = shop.add(dataset, "what came meanwhile")
        until(lambda: shop.house.documents.get(shop.caller, dataset.id, new.id).status is DocumentStatus.READY)
        until(lambda: troubles(shop))
        shop.servers["small"].mode = "good"
        assert shop.active(dataset).embedding_model == "small"
        assert not shop.finds(dataset, "what came meanwhile")
        shop.choose(dataset, "small")
        until(lambda: shop.is_settled(dataset))
    assert troubles(shop) == []
    shop.require_whole(dataset, "small", [*texts, "what came meanwhile"])


def test_from_words_to_a_model_and_back(shop: Shop) -> None:
    house, caller = shop.house, shop.caller
    texts = lines("book", 20)
    dataset = shop.shelf(None, "shelf", "\n".join(texts))
    with working(house):
        until(lambda: shop.is_settled(dataset))
        (document,) = house.documents.list(caller, dataset.id).items
        assert document.tokens > 0
        for model, indexing in (("large", Indexing.HIGH_QUALITY), (None, Indexing.ECONOMY)):
            changed = shop.choose(dataset, model)
            assert (changed.indexing, changed.embedding_model) == (indexing, model)
            assert len(shop.search(dataset, "number 7 book", SearchMethod.KEYWORD).hits) == 3
            until(lambda: shop.is_settled(dataset))
            shop.require_whole(dataset, model, texts)
            assert house.documents.list(caller, dataset.id).items == (document,)


def test_several_datasets_at_once_and_one_that_cannot(shop: Shop) -> None:
    texts = {name: lines(name, 10) for name in ("book", "cup", "lamp", "rug", "vase", "clock")}
    datasets = {name: shop.shelf("small", name, "\n".join(those)) for name, those in texts.items()}
    shop.servers["middle"].mode = "down"
    with working(shop.house):
        until(lambda: all(map(shop.is_settled, datasets.values())))
        shop.choose(datasets["book"], "middle")
        for name in list(datasets)[1:]:
            shop.choose(datasets[name], "large")
        until(lambda: all(shop.active(datasets[name]).embedding_model == "large" for name in list(datasets)[1:]))
        assert shop.active(datasets["book"]).embedding_model == "small"
        assert shop.finds(datasets["book"], texts["book"][3])
        shop.servers["middle"].mode = "good"
        until(lambda: shop.active(datasets["book"]).embedding_model == "middle")
    for name, dataset in datasets.items():
        shop.require_whole(dataset, "middle" if name == "book" else "large", texts[name])


def test_documents_that_never_cease(shop: Shop) -> None:
    """The new index is switched to although there is always something that it has not seen a moment ago."""
    dataset = shop.shelf("small", "shelf", "\n".join(lines("book", 20)))
    texts = lines("book", 20)
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
        shop.choose(dataset, "large")
        deadline = time.monotonic() + 30
        while shop.active(dataset).embedding_model != "large":
            assert time.monotonic() < deadline
            texts.append(f"the one that came as number {len(texts)}")
            shop.add(dataset, texts[-1])
            time.sleep(0.02)
        until(lambda: shop.is_settled(dataset), 60)
    shop.require_whole(dataset, "large", texts)


def test_a_rebuild_keeps_the_choice(shop: Shop) -> None:
    texts = lines("book", 5)
    dataset = shop.shelf("small", "shelf", "\n".join(texts))
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
    shop.choose(dataset, "large")
    rebuild(shop.house, dataset.id)
    shop.require_whole(dataset, "large", texts)


def test_a_dataset_emptied_while_it_was_being_built(shop: Shop) -> None:
    dataset = shop.shelf("small", "shelf", "\n".join(lines("book", 5)))
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
    shop.choose(dataset, "middle")
    (document,) = shop.house.documents.list(shop.caller, dataset.id).items
    shop.house.documents.remove(shop.caller, dataset.id, document.id)
    shop.choose(dataset, "large")
    assert shop.active(dataset).embedding_model == "large"
    shop.add(dataset, "a new beginning")
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
    shop.require_whole(dataset, "large", ["a new beginning"])


def test_vectors_of_the_old_model_are_swept_and_others_kept(shop: Shop) -> None:
    texts = lines("book", 5)
    dataset = shop.shelf("small", "shelf", "\n".join(texts))
    other = shop.shelf("middle", "other", texts[0])
    with working(shop.house):
        until(lambda: shop.is_settled(dataset) and shop.is_settled(other))
    shop.choose(dataset, "large")
    assert sweep_vectors(shop.house.database, grace_ms=0) == 0
    with working(shop.house):
        until(lambda: shop.active(dataset).embedding_model == "large")
    assert sweep_vectors(shop.house.database, grace_ms=0) == 5
    with shop.house.database.read() as connection:
        counted = select(tables.vectors.c.model, func.count()).group_by(tables.vectors.c.model)
        assert {row[0].partition("@")[0]: row[1] for row in connection.execute(counted)} == {"large": 5, "middle": 1}
    assert fsck(shop.house).is_clean


def test_work_for_an_index_that_was_given_up_ends(shop: Shop) -> None:
    dataset = shop.shelf("small", "shelf", "\n".join(lines("book", 400)))
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
        shop.servers["middle"].mode = "slow"
        shop.choose(dataset, "middle")
        until(lambda: len(shop.servers["middle"].requests) > 2)
        shop.choose(dataset, "small")
        time.sleep(2)
        asked = len(shop.servers["middle"].requests)
        assert asked < 400 / 32
        time.sleep(1.5)
        assert len(shop.servers["middle"].requests) == asked


def test_workers_that_are_killed_while_they_build(shop: Shop) -> None:
    texts = lines("book", 300)
    dataset = shop.shelf("small", "shelf", "\n".join(texts))
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
    shop.servers["large"].mode = "slow"
    shop.choose(dataset, "large")
    chance = random.Random(7)
    command = [sys.executable, "-c", WORKER, str(shop.house.settings.data), repr(shop.options)]
    for number in range(4):
        before = len(shop.servers["large"].requests)
        with subprocess.Popen(command) as worker:
            until(lambda before=before: len(shop.servers["large"].requests) > before)
            time.sleep(chance.uniform(0, 1.0))
            worker.kill()
        assert shop.finds(dataset, texts[0])
        texts.append(f"what came after death {number}")
        shop.add(dataset, texts[-1])
    assert shop.active(dataset).embedding_model == "small"
    shop.servers["large"].mode = "good"
    with working(shop.house):
        until(lambda: shop.active(dataset).embedding_model == "large" and shop.is_settled(dataset), 60)
    shop.require_whole(dataset, "large", texts)


def test_what_nobody_runs_for_is_brought_up_by_fsck(shop: Shop) -> None:
    texts = lines("book", 5)
    dataset = shop.shelf("small", "shelf", "\n".join(texts))
    with working(shop.house):
        until(lambda: shop.is_settled(dataset))
    house = shop.house
    shop.choose(dataset, "large")
    Indexer(house.database, house.index, house.tokenizer, house.embedders, house.settings.index_folder).apply_pending()
    shop.require_whole(dataset, "large", texts)
