"""The embedded index beside tantivy and usearch called raw, on the same rows in the same run.

Rows: 100 tokens of a Zipf vocabulary of 50,000, vectors of 384 dimensions around 200 centres, documents of 100 rows.
Questions: 5 terms and a near vector of a row. CPU times are of the whole process (`time.process_time`).

    python -m benchmarks.index [ROWS ...]
"""

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import tantivy
from usearch.index import Index as RawVectors

from diglot.adapters.index.embedded import EmbeddedIndex
from diglot.domain.dataset import Generation
from diglot.domain.identity import ChunkKey, DatasetId, GenerationId, RevisionKey
from diglot.ports.index import IndexRow

VOCABULARY, TOKENS, DIMENSION, CENTRES, DOCUMENT = 50_000, 100, 384, 200, 100
SPREAD = 0.8
QUESTIONS = 200
DEPTH = 100
BATCH = 10_000
ONE_ROW_CHANGES = 40
PASSES = 4
LEGS = ("text", "vector", "hybrid")

Floats = npt.NDArray[np.float32]
GENERATION = Generation(GenerationId("0" * 31 + "1"), DatasetId("0" * 31 + "2"), "bench", DIMENSION, "bench", 1, 0)


@dataclass(frozen=True)
class Corpus:
    tokens: list[list[str]]
    vectors: Floats
    questions: list[list[str]]
    near: Floats


def corpus(rows: int, seed: int = 1) -> Corpus:
    chance = np.random.default_rng(seed)
    weights = 1.0 / np.arange(1, VOCABULARY + 1)
    words = np.array([chr(0x4E00 + i) if i % 5 < 2 and i < 30_000 else f"w{i}" for i in range(VOCABULARY)])
    drawn = words[chance.choice(VOCABULARY, size=(rows, TOKENS), p=weights / weights.sum())]
    centres = chance.standard_normal((CENTRES, DIMENSION)).astype(np.float32)
    asked = chance.integers(0, rows, QUESTIONS)
    vectors = _around(centres, chance, rows)
    return Corpus(
        [row.tolist() for row in drawn],
        vectors,
        [list(dict.fromkeys(chance.choice(drawn[row], 5).tolist())) for row in asked],
        _around(centres, chance, QUESTIONS),
    )


def _around(centres: Floats, chance: np.random.Generator, count: int) -> Floats:
    vectors = centres[chance.integers(0, len(centres), count)]
    vectors = vectors + SPREAD * chance.standard_normal(vectors.shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def title(key: int) -> list[str]:
    return ["document", f"w{key // DOCUMENT}"]


def index_rows(data: Corpus) -> Iterator[list[IndexRow]]:
    for start in range(0, len(data.tokens), BATCH):
        yield [
            IndexRow(
                ChunkKey(key), RevisionKey(key // DOCUMENT), data.tokens[key], title(key), vector=data.vectors[key]
            )
            for key in range(start, min(start + BATCH, len(data.tokens)))
        ]


def measure(rows: int) -> dict[str, float]:
    """Our figures, those of the raw calls, and the ratios. Searches of both sides take turns; the best pass counts."""
    data = corpus(rows)
    with tempfile.TemporaryDirectory() as folder, closing(EmbeddedIndex(Path(folder) / "ours")) as index:
        ours = _ingest(index, data)
        raw_index, raw = _ingest_raw(data, Path(folder) / "raw")
        for _ in range(PASSES):
            _search(_Ours(index, None), data, ours)
            _search(raw_index, data, raw)
        groups = frozenset(range(0, rows // DOCUMENT, max(1, rows // DOCUMENT // 50)))
        filtered: dict[str, float] = {}
        _search(_Ours(index, groups), data, filtered)
        ours |= {f"50 documents {name}": value for name, value in filtered.items()}
        ours["recall at 10"] = _recall(data, _Ours(index, None))
        raw["recall at 10"] = _recall(data, raw_index)
        ours |= _one_row_changes(index, data)
        ours |= _memory(Path(folder) / "ours", data)
    ratios = {f"{name} cpu ratio": ours[f"{name} cpu ms"] / raw[f"{name} cpu ms"] for name in LEGS}
    ratios["text ingest cpu ratio"] = raw["text rows per cpu s"] / ours["text rows per cpu s"]
    return {"rows": rows, **ratios, **ours, **{f"raw {name}": value for name, value in raw.items()}}


class Searched(Protocol):
    def text(self, terms: Sequence[str]) -> object: ...

    def vector(self, near: Floats, count: int = DEPTH) -> Sequence[int]: ...


@dataclass(frozen=True)
class _Ours:
    index: EmbeddedIndex
    groups: frozenset[int] | None

    def text(self, terms: Sequence[str]) -> object:
        return self.index.search_text(GENERATION, terms, DEPTH, self.groups)

    def vector(self, near: Floats, count: int = DEPTH) -> Sequence[int]:
        return [hit.key for hit in self.index.search_vector(GENERATION, near, count, self.groups)]


@dataclass(frozen=True)
class _Raw:
    schema: tantivy.Schema
    searcher: tantivy.Searcher
    graph: RawVectors

    def text(self, terms: Sequence[str]) -> object:
        term_query, boost = tantivy.Query.term_query, tantivy.Query.boost_query
        asked = [(tantivy.Occur.Should, term_query(self.schema, "body", term, "freq")) for term in terms]
        asked += [(tantivy.Occur.Should, boost(term_query(self.schema, "title", term, "freq"), 0.2)) for term in terms]
        hits = self.searcher.search(tantivy.Query.boolean_query(asked), DEPTH, count=False).hits
        return self.searcher.fast_field_values("key", [address for _, address in hits])

    def vector(self, near: Floats, count: int = DEPTH) -> Sequence[int]:
        return self.graph.search(near, count, threads=1).keys.tolist()


def _ingest(index: EmbeddedIndex, data: Corpus) -> dict[str, float]:
    economy = Generation(GenerationId("0" * 31 + "3"), GENERATION.dataset_id, None, None, "bench", 1, 0)
    results: dict[str, float] = {}
    for name, generation in (("text", economy), ("text and vector", GENERATION)):
        started = time.process_time()
        for batch in index_rows(data):
            index.apply(generation, rows=batch, removed_groups=(), removed_keys=(), applied=1)
        results[f"{name} rows per cpu s"] = len(data.tokens) / (time.process_time() - started)
    index.drop(economy)
    started = time.process_time()
    index.compact(GENERATION)
    results["compact cpu s"] = time.process_time() - started
    results["disk mb"] = index.stats(GENERATION).bytes / 1e6
    return results


def _ingest_raw(data: Corpus, folder: Path) -> tuple[_Raw, dict[str, float]]:
    folder.mkdir()
    started = time.process_time()
    schema, searcher = _raw_text(data, folder)
    results = {"text rows per cpu s": len(data.tokens) / (time.process_time() - started)}
    graph = RawVectors(ndim=DIMENSION, metric="cos", dtype="i8", connectivity=16)
    started = time.process_time()
    for start in range(0, len(data.vectors), BATCH):
        stop = min(start + BATCH, len(data.vectors))
        graph.add(np.arange(start, stop, dtype=np.uint64), data.vectors[start:stop], threads=1)
    results["graph build cpu s"] = time.process_time() - started
    return _Raw(schema, searcher, graph), results


def _one_row_changes(index: EmbeddedIndex, data: Corpus) -> dict[str, float]:
    times = []
    for change in range(ONE_ROW_CHANGES):
        row = IndexRow(ChunkKey(change), RevisionKey(0), [*data.tokens[change], "marker"], vector=data.vectors[change])
        started = time.perf_counter()
        index.apply(GENERATION, rows=[row], removed_groups=(), removed_keys=(), applied=2)
        index.search_text(GENERATION, ["marker"], 10)
        times.append(time.perf_counter() - started)
    return {"one row p50 ms": 1e3 * _quantile(times, 0.5), "one row p95 ms": 1e3 * _quantile(times, 0.95)}


def _raw_text(data: Corpus, folder: Path) -> tuple[tantivy.Schema, tantivy.Searcher]:
    builder = tantivy.SchemaBuilder().add_unsigned_field("key", indexed=True, fast=True)
    for name in ("body", "title"):
        builder.add_text_field(name, tokenizer_name="words", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema, str(folder))
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    writer = index.writer(50_000_000, 1)
    for key, tokens in enumerate(data.tokens):
        document = tantivy.Document()
        document.add_unsigned("key", key)
        document.add_text("body", " ".join(tokens))
        document.add_text("title", " ".join(title(key)))
        writer.add_document(document)
        if key % BATCH == BATCH - 1:
            writer.commit()
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return schema, index.searcher()


def _search(side: Searched, data: Corpus, results: dict[str, float]) -> None:
    """Lowers the figures in `results` where this pass was better."""
    legs: dict[str, Callable[[Sequence[str], Floats], object]] = {
        "text": lambda terms, near: side.text(terms),
        "vector": lambda terms, near: side.vector(near),
        "hybrid": lambda terms, near: (side.text(terms), side.vector(near)),
    }
    for name in LEGS:
        cpu, times = _timed(legs[name], data)
        figures = {"cpu": cpu, "p50": _quantile(times, 0.5), "p95": _quantile(times, 0.95)}
        for figure, seconds in figures.items():
            label = f"{name} {figure} ms"
            results[label] = min(1e3 * seconds, results.get(label, math.inf))


def _timed(leg: Callable[[Sequence[str], Floats], object], data: Corpus) -> tuple[float, list[float]]:
    times = []
    started = time.process_time()
    for terms, near in zip(data.questions, data.near, strict=True):
        begun = time.perf_counter()
        leg(terms, near)
        times.append(time.perf_counter() - begun)
    return (time.process_time() - started) / QUESTIONS, times


def _recall(data: Corpus, side: Searched) -> float:
    exact = np.argsort(-(data.near @ data.vectors.T), axis=1)[:, :10]
    shares = [
        len({*right.tolist()} & {*side.vector(near, 10)}) / 10 for right, near in zip(exact, data.near, strict=True)
    ]
    return float(np.mean(shares))


def _quantile(times: list[float], share: float) -> float:
    return sorted(times)[int(share * (len(times) - 1))]


def _memory(folder: Path, data: Corpus) -> dict[str, float]:
    """Of a fresh process that has only imported, and then searched: what it holds, mapped pages apart and together."""
    questions = folder.with_name("questions.npy")
    np.save(questions, data.near)
    terms = json.dumps(data.questions)
    run = [sys.executable, "-c", _SEARCHER, str(folder), str(questions)]
    done = subprocess.run(run, input=terms, capture_output=True, text=True, check=True, timeout=300)
    idle, private, resident = map(float, done.stdout.split())
    return {"imported mb": idle, "searching mb": private, "searching mb with mapped pages": resident}


_SEARCHER = """
import json, sys
from pathlib import Path
import numpy as np
import psutil
from benchmarks.index import DEPTH, GENERATION, EmbeddedIndex
process = psutil.Process()
idle = process.memory_info().rss
index = EmbeddedIndex(Path(sys.argv[1]))
for terms, near in zip(json.load(sys.stdin), np.load(sys.argv[2]), strict=True):
    index.search_text(GENERATION, terms, DEPTH)
    index.search_vector(GENERATION, near, DEPTH)
memory = process.memory_info()
print(idle / 1e6, (memory.rss - memory.shared) / 1e6, memory.rss / 1e6)
index.close()
"""


if __name__ == "__main__":
    for asked in sys.argv[1:] or ["10000", "100000"]:
        for name, value in measure(int(asked)).items():
            print(f"{name:34} {value:12.3f}")
        print()
