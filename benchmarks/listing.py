"""What listing costs beside encoding: a thousand documents from rows to bytes, against orjson on the finished dicts."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from sqlalchemy import Connection

from diglot.assembly import Diglot, open_house
from diglot.catalog import documents
from diglot.domain.api_key import Caller
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document
from diglot.domain.page import Page
from diglot.http.dify import translate
from diglot.library.documents import NewDocument
from diglot.roles import settle
from diglot.settings import Settings

DOCUMENTS = 1_000
ROUNDS = 60


def measure() -> dict[str, float]:
    """CPU milliseconds for a thousand documents, and their ratios to orjson, all from one run by turns."""
    with TemporaryDirectory(prefix="diglot-listing-") as folder, open_house(Settings.for_tests(Path(folder))) as house:
        caller = house.keys.owner()
        dataset = house.datasets.create(caller, "listing")
        _fill(house, caller, dataset)
        settle()
        with house.database.read() as connection:
            return _measured(house, caller, dataset, connection)


def _fill(house: Diglot, caller: Caller, dataset: Dataset) -> None:
    for number in range(DOCUMENTS):
        new = NewDocument(f"document {number}.txt", [b"text"], is_text=True, indexing=Indexing.ECONOMY)
        house.documents.add(caller, dataset.id, new)


def _measured(house: Diglot, caller: Caller, dataset: Dataset, connection: Connection) -> dict[str, float]:
    read = partial(documents.page, connection, dataset.workspace_id, dataset.id, 0, DOCUMENTS, total=DOCUMENTS)
    page = read()
    finished = _body(page)
    acts: dict[str, Callable[[], Any]] = {
        "orjson_ms": lambda: orjson.dumps(finished),
        "translated_ms": lambda: orjson.dumps(_body(page)),
        "rows_to_bytes_ms": lambda: orjson.dumps(_body(read())),
        "library_ms": lambda: orjson.dumps(_body(house.documents.list(caller, dataset.id, limit=DOCUMENTS))),
    }
    assert len({act() for act in acts.values()}) == 1
    results = _by_turns(acts)
    floor = results["orjson_ms"]
    ratios = {name.removesuffix("_ms") + "_vs_orjson": value / floor for name, value in results.items()}
    return results | ratios


def _body(page: Page[Document]) -> dict[str, Any]:
    return translate.page_body([translate.document_body(one) for one in page.items], page, 1, DOCUMENTS)


def _by_turns(acts: dict[str, Callable[[], Any]]) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(ROUNDS):
        for name, act in acts.items():
            began = time.thread_time()
            act()
            taken[name].append((time.thread_time() - began) * 1000)
    return {name: fmean(some) for name, some in taken.items()}


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:28} {value:8.3f}")
