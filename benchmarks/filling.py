"""A dataset that is filled without a pause: compacted while it is filled, beside the same rows never compacted.

Rows as in `benchmarks.index`, 500 a change. `filled`: each row once. `replaced`: a quarter of the rows again and again,
so that three of four are removed in the end. Changes come some twenty times as fast as a worker brings them, so a
second thread asks for compaction four times a second, where the indexer does once in 5 s. CPU of changes is of the
thread that applies them, `all` of the process with its compactions, also those that were left for the first pause.

    python -m benchmarks.filling [ROWS]
"""

import json
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from benchmarks.index import DEPTH, GENERATION, Corpus, corpus, title
from diglot.adapters.index.embedded import EmbeddedIndex
from diglot.domain.identity import ChunkKey, RevisionKey
from diglot.ports.index import IndexRow

ROWS, CHANGE, DOCUMENT, QUESTIONS = 60_000, 500, 100, 100
ASKED_SECONDS = 0.25


def measure(rows: int = ROWS) -> dict[str, float]:
    data = corpus(rows)
    results: dict[str, float] = {"rows": rows}
    for flow, keys in (("filled", rows), ("replaced", rows // 4)):
        never, steadily = (_fill(data, keys, is_compacted=choice) for choice in (False, True))
        results |= {f"{flow} {name}, never compacted": value for name, value in never.items()}
        results |= {f"{flow} {name}": value for name, value in steadily.items()}
        for name in ("changes cpu s", "all cpu s", "search cpu ms"):
            results[f"{flow} {name} ratio"] = steadily[name] / never[name]
    return results


def _fill(data: Corpus, keys: int, *, is_compacted: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, closing(EmbeddedIndex(Path(folder))) as index:
        ended = threading.Event()
        compactions: list[bool] = []
        compacting = threading.Thread(target=_compact_on, args=(index, ended, compactions))
        started, own, waits = time.process_time(), time.thread_time(), []
        if is_compacted:
            compacting.start()
        for start in range(0, len(data.tokens), CHANGE):
            before = time.perf_counter()
            index.apply(
                GENERATION, rows=_rows(data, keys, start), removed_groups=(), removed_keys=(), applied=start + 1
            )
            waits.append(time.perf_counter() - before)
        own = time.thread_time() - own
        if is_compacted:
            ended.set()
            compacting.join()
        spent, stats = time.process_time() - started, index.stats(GENERATION)
        result = {
            "changes cpu s": own,
            "slowest change ms": 1e3 * max(waits),
            "search cpu ms": _search(index, data),
            "compactions": float(sum(compactions)),
            "not compacted": stats.pending,
            "files": len(list(Path(folder).glob("*/*/*"))),
            "mb": stats.bytes / 1e6,
        }
        return result | {"all cpu s": spent + _rest(index)}


def _rows(data: Corpus, keys: int, start: int) -> list[IndexRow]:
    places = range(start, min(start + CHANGE, len(data.tokens)))
    return [
        IndexRow(
            ChunkKey(place % keys),
            RevisionKey(place % keys // DOCUMENT),
            data.tokens[place],
            title(place % keys),
            vector=data.vectors[place],
        )
        for place in places
    ]


def _rest(index: EmbeddedIndex) -> float:
    started = time.process_time()
    while index.compact(GENERATION):
        pass
    return time.process_time() - started


def _compact_on(index: EmbeddedIndex, ended: threading.Event, compactions: list[bool]) -> None:
    while not ended.wait(ASKED_SECONDS):
        compactions.append(index.compact(GENERATION))


def _search(index: EmbeddedIndex, data: Corpus) -> float:
    index.search_vector(GENERATION, data.near[0], DEPTH)
    started = time.process_time()
    for tokens, near in zip(data.questions[:QUESTIONS], data.near[:QUESTIONS], strict=True):
        index.search_text(GENERATION, tokens, DEPTH)
        index.search_vector(GENERATION, near, DEPTH)
    return 1e3 * (time.process_time() - started) / QUESTIONS


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:])), indent=1))
