"""The console before 10,000 documents with 100,000 chunks: milliseconds from an address to a page that is there.

`python -m benchmarks console` prints them: the best of some tries in Chromium, with the server on the same machine, and
the milliseconds of the lists behind the pages on SQLite and on PostgreSQL.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from diglot.assembly import Diglot
from diglot.catalog.database import migrate
from diglot.domain.chunk import ChunkFilter
from diglot.domain.document import DocumentFilter, DocumentStatus
from diglot.domain.job import JobState
from tests.console import playing
from tests.console.stock import FULL, NEEDLE, Size, Stock, document_ids, fill, stir
from tests.house import a_house, serving
from tests.postgres import Cluster

TRIES = 3
ENOUGH_MS = 600
ROUNDS = 5
TOGETHER = 200
PAUSE_SECONDS = 0.02


def measure(size: Size = FULL) -> dict[str, float]:
    results: dict[str, float] = {}
    with TemporaryDirectory(prefix="diglot-console-") as folder, a_house(Path(folder) / "data") as house:
        stock = fill(house, size)
        results |= {f"{name}, SQLite ms": value for name, value in lists(house, stock, size).items()}
        with serving(house, playing.built_pages(Path(folder) / "built")) as site:
            results |= {f"{name}, ms": page["ms"] for name, page in pages(site, stock, size).items()}
            results |= {f"all documents change: {name}": value for name, value in changing(house, site, stock).items()}
    with on_postgres() as house:
        stock = fill(house, size)
        results |= {f"{name}, PostgreSQL ms": value for name, value in lists(house, stock, size).items()}
    return results


def pages(site: str, stock: Stock, size: Size, enough_ms: int = ENOUGH_MS) -> dict[str, dict[str, Any]]:
    """Of each page how long it takes, how many answers it asks for, their bytes, and the rows of the longest list. It
    is tried again till it takes no longer than `enough_ms`, but not often."""
    httpx.post(f"{site}/diglot/v1/setup", json=playing.OWNER)
    return playing.play(
        "scale",
        site,
        playing.find_browser(),
        dataset=stock.dataset_id,
        waiting=stock.waiting_id,
        longest=stock.longest_id,
        chunk=stock.chunk_id,
        paged=stock.paged,
        parted=stock.parted,
        needle=NEEDLE,
        documents=size.documents,
        chunks=size.longest,
        datasets=size.datasets,
        tries=TRIES,
        enough=enough_ms,
    )


def changing(house: Diglot, site: str, stock: Stock) -> dict[str, float]:
    """The list of documents while all of them go on changing, and how long its page could not answer."""
    with house.database.read() as connection:
        ids = document_ids(connection, stock.dataset_id)
    over = threading.Event()
    stirring = threading.Thread(target=_stir, args=(house, stock, ids, over))
    stirring.start()
    try:
        return playing.play("changing", site, playing.find_browser(), dataset=stock.dataset_id)
    finally:
        over.set()
        stirring.join()


def lists(house: Diglot, stock: Stock, size: Size) -> dict[str, float]:
    """Milliseconds of a page of each list by the library, the best of some rounds."""
    caller = house.keys.owner()
    documents = partial(house.documents.list, caller, stock.dataset_id, limit=25)
    chunks = partial(house.chunks.list, caller, stock.dataset_id, stock.longest_id, limit=20)
    asked: dict[str, Callable[[], object]] = {
        "datasets": lambda: house.datasets.list(caller),
        "documents": documents,
        "last documents": lambda: documents(offset=size.documents - 25),
        "documents by keyword": lambda: documents(only=DocumentFilter(keyword="0099")),
        "failed documents": lambda: documents(only=DocumentFilter(statuses=[DocumentStatus.FAILED])),
        "last chunks": lambda: chunks(offset=size.longest - 20),
        "chunks by keyword": lambda: chunks(only=ChunkFilter(keyword=NEEDLE)),
        "jobs": lambda: house.jobs.list(caller, states=[JobState.QUEUED]),
        "questions": lambda: house.usage.queries(caller),
        "audit": lambda: house.usage.audit(caller),
        "usage of 30 days": lambda: house.usage.report(caller, 30),
        "keys": lambda: house.keys.page(caller),
    }
    return {name: min(_ms(ask) for _ in range(ROUNDS)) for name, ask in asked.items()}


@contextmanager
def on_postgres() -> Iterator[Diglot]:
    cluster = Cluster()
    try:
        cluster.start()
        with cluster.database() as name, TemporaryDirectory(prefix="diglot-console-") as folder:
            migrate(cluster.url(name))
            with a_house(Path(folder), database_url=cluster.url(name)) as house:
                yield house
    finally:
        cluster.stop()


def _stir(house: Diglot, stock: Stock, ids: list[str], over: threading.Event) -> None:
    done = 0
    while True:
        for start in range(0, len(ids), TOGETHER):
            some, done = ids[start : start + TOGETHER], done + 1
            work = partial(stir, dataset_id=stock.dataset_id, document_ids=some, progress=done % 100 / 100)
            house.database.write(work)
            if over.wait(PAUSE_SECONDS):
                return


def _ms(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - began)
