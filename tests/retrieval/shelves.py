"""Datasets to search, and how they are asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from diglot.assembly import Diglot
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document
from diglot.domain.identity import new_id
from diglot.domain.rules import ChunkingRules, RuleMode
from diglot.domain.search import Hits, RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.library.documents import NewDocument
from tests.adapters.embedders.model_server import ModelServer
from tests.house import finish

LINES = ChunkingRules(RuleMode.CUSTOM, separator="\n", max_tokens=500, overlap=0)
RAILWAY = "The rack railway climbs to the pass.\nTrains run hourly in summer.\nA ticket costs twelve crowns."
TEA = "云岭的茶叶在清明前采摘。\n绿茶杀青的温度是二百四十度。"


@contextmanager
def habit(server: ModelServer, name: str) -> Iterator[None]:
    server.mode = name
    try:
        yield
    finally:
        server.mode = "good"


def shelf(house: Diglot, model: str | None, *texts: str) -> tuple[Dataset, list[Document]]:
    caller = house.keys.owner()
    dataset = house.datasets.create(caller, new_id())
    indexing = Indexing.HIGH_QUALITY if model else Indexing.ECONOMY
    added = [
        house.documents.add(
            caller,
            dataset.id,
            NewDocument(f"{number}.txt", [text.encode()], rules=LINES, indexing=indexing, embedding_model=model),
        )
        for number, text in enumerate(texts)
    ]
    finish(house)
    return house.datasets.get(caller, dataset.id), added


def ask(house: Diglot, dataset: Dataset, question: str, **settings: Any) -> Hits:
    return search(house, [dataset], question, settings)


def search(
    house: Diglot, datasets: list[Dataset], question: str, settings: dict[str, Any] | None = None, **plan: Any
) -> Hits:
    wanted = replace(RetrievalSettings(SearchMethod.HYBRID, top_k=10), **(settings or {}))
    ids = tuple(dataset.id for dataset in datasets)
    return house.retriever.search(RetrievalPlan(datasets[0].workspace_id, ids, question, wanted, **plan))


def texts(hits: Hits) -> list[str]:
    return [hit.chunk.content for hit in hits.hits]
