"""What conditions on metadata cost: 100,000 documents of one chunk each, of which 50 or 50,000 meet them.

`python -m benchmarks.conditions` prints them. On SQLite; CPU milliseconds a question, all in this process. A search is
by words and vectors, with the vector told, so that no model's time is in the figures.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import select

from benchmarks.corpus import Corpus, make
from benchmarks.search import fill
from diglot.assembly import Diglot, open_house
from diglot.catalog import metadata
from diglot.catalog.tables import documents
from diglot.domain.conditions import Condition, Conditions, Operator
from diglot.domain.dataset import Dataset
from diglot.domain.identity import DocumentId
from diglot.domain.search import RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.library.metadata import Update
from diglot.retrieval.filtering import allowed_revisions
from diglot.retrieval.search import Retriever
from diglot.settings import Settings

FEW = 50
ASKED = 30
STORED_TOGETHER = 5_000


def measure(rows: int = 100_000) -> dict[str, float]:
    corpus = make(rows, questions=ASKED)
    with TemporaryDirectory(prefix="diglot-conditions-") as name, open_house(Settings.for_tests(Path(name))) as diglot:
        dataset, retriever = fill(diglot, corpus, 1)
        found = {"storing the metadata of a document, CPU ms": _store(diglot, dataset) / rows}
        found |= _filters(diglot, retriever, corpus, dataset, rows)
        found["update of all, s"] = _seconds(lambda: _update(diglot, dataset))
        found["summary of all, s"] = _seconds(lambda: diglot.metadata.summary(diglot.keys.owner(), dataset.id))
    return found


def _store(diglot: Diglot, dataset: Dataset) -> float:
    with diglot.database.read() as connection:
        ids = [DocumentId(one) for one in connection.execute(select(documents.c.id)).scalars()]
    start = time.process_time()
    for place in range(0, len(ids), STORED_TOGETHER):
        held = {
            ids[number]: _metadata(number, len(ids)) for number in range(place, min(place + STORED_TOGETHER, len(ids)))
        }
        diglot.database.write(lambda connection, held=held: metadata.store(connection, dataset.id, held))
    return (time.process_time() - start) * 1000


def _metadata(number: int, total: int) -> dict[str, Any]:
    return {
        "number": number,
        "rare": "yes" if number % (total // FEW) == 0 else f"no {number}",
        "half": "this" if number % 2 else "that",
        "tags": [f"tag {number % 7}", f"tag {number % 11}"],
        "day": f"20{number % 25:02}-0{1 + number % 9}-1{number % 10}",
    }


def _filters(diglot: Diglot, retriever: Retriever, corpus: Corpus, dataset: Dataset, rows: int) -> dict[str, float]:
    few, half = Condition("rare", Operator.IS, ("YES",)), Condition("half", Operator.IS, ("this",))
    asked = {
        "no conditions": None,
        f"{FEW} match": Conditions((few,)),
        "half match": Conditions((half,)),
        f"{FEW} of half match": Conditions((half, few)),
        "half match by number": Conditions((Condition("number", Operator.LESS, (rows // 2,)),)),
        "some match by part of a text": Conditions((Condition("rare", Operator.CONTAINS, ("99",)),)),
        "none match": Conditions((Condition("rare", Operator.IS, ("perhaps",)),)),
    }
    found: dict[str, float] = {}
    for name, conditions in asked.items():
        plans = [_plan(dataset, question, conditions) for question, _ in corpus.questions]
        found[f"{name}: filter, CPU ms"] = _cpu_ms(plans, lambda plan: allowed_revisions(diglot.database, plan))
        found[f"{name}: search, CPU ms"] = _cpu_ms(plans, retriever.search)
    return found


def _plan(dataset: Dataset, question: str, conditions: Conditions | None) -> RetrievalPlan:
    settings = RetrievalSettings(SearchMethod.HYBRID, top_k=10)
    return RetrievalPlan(dataset.workspace_id, (dataset.id,), question, settings, conditions=conditions)


def _cpu_ms(plans: list[RetrievalPlan], work: Callable[[RetrievalPlan], object]) -> float:
    work(plans[0])
    times = []
    for plan in plans:
        start = time.process_time()
        work(plan)
        times.append(time.process_time() - start)
    return float(np.median(times)) * 1000


def _update(diglot: Diglot, dataset: Dataset) -> object:
    return diglot.metadata.update(diglot.keys.owner(), dataset.id, updates=[Update("half", "those", match="that")])


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    for name, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000).items():
        print(f"{name:50} {value:10.3f}")
