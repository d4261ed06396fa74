"""The embedded index beside tantivy and usearch called raw, on the same rows in the same run.

Rows: 100 tokens of a Zipf vocabulary of 50,000, vectors of 384 dimensions around 200 centres, documents of 100 rows.
Questions: 5 terms and a near vector of a row. CPU times are of the whole process (`time.process_time`).

    python -m benchmarks.index [ROWS ...]
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

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


def index_rows(data: Corpus) -> Iterator[list[IndexRow]]:
    for start in range(0, len(data.tokens), BATCH):
        yield [
            IndexRow(ChunkKey(key), RevisionKey(key // DOCUMENT), data.tokens[key], vector=data.vectors[key])
            for key in range(start, min(start + BATCH, len(data.tokens)))
        ]


def measure(rows: int) -> dict[str, float]:
    data = corpus(rows)
    with tempfile.TemporaryDirectory() as folder:
        ours = _measure_ours(data, Path(folder) / "ours")
        raw = _measure_raw(data, Path(folder) / "raw")
    ratios = {
        f"{name} cpu ratio": ours[f"{name} cpu ms"] / raw[f"{name} cpu ms"] for name in ("text", "vector", "hybrid")
    }
    ratios["text ingest cpu ratio"] = raw["text rows per cpu s"] / ours["text rows per cpu s"]
    return {"rows": rows, **ratios, **ours, **{f"raw {name}": value for name, value in raw.items()}}


def _measure_ours(data: Corpus, folder: Path) -> dict[str, float]:
    economy = Generation(GenerationId("0" * 31 + "3"), GENERATION.dataset_id, None, None, "bench", 1, 0)
    results: dict[str, float] = {}
    with closing(EmbeddedIndex(folder)) as index:
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
        results |= _searches(
            lambda terms, near: index.search_text(GENERATION, terms, DEPTH),
            lambda terms, near: index.search_vector(GENERATION, near, DEPTH),
            data,
        )
        groups = set(range(0, len(data.tokens) // DOCUMENT, max(1, len(data.tokens) // DOCUMENT // 50)))
        filtered = _searches(
            lambda terms, near: index.search_text(GENERATION, terms, DEPTH, groups),
            lambda terms, near: index.search_vector(GENERATION, near, DEPTH, groups),
            data,
        )
        results |= {f"50 documents {name}": value for name, value in filtered.items()}
        results["recall at 10"] = _recall(
            data, [[hit.key for hit in index.search_vector(GENERATION, near, 10)] for near in data.near]
        )
        results["resident mb"] = _resident_mb()
        results |= _one_row_changes(index, data)
    return results


def _one_row_changes(index: EmbeddedIndex, data: Corpus) -> dict[str, float]:
    times = []
    for change in range(ONE_ROW_CHANGES):
        row = IndexRow(ChunkKey(change), RevisionKey(0), [*data.tokens[change], "marker"], vector=data.vectors[change])
        started = time.perf_counter()
        index.apply(GENERATION, rows=[row], removed_groups=(), removed_keys=(), applied=2)
        index.search_text(GENERATION, ["marker"], 10)
        times.append(time.perf_counter() - started)
    return {"one row p50 ms": 1e3 * _quantile(times, 0.5), "one row p95 ms": 1e3 * _quantile(times, 0.95)}


def _measure_raw(data: Corpus, folder: Path) -> dict[str, float]:
    folder.mkdir()
    started = time.process_time()
    schema, searcher = _raw_text(data, folder)
    results = {"text rows per cpu s": len(data.tokens) / (time.process_time() - started)}
    vectors = RawVectors(ndim=DIMENSION, metric="cos", dtype="i8", connectivity=16)
    started = time.process_time()
    for start in range(0, len(data.vectors), BATCH):
        stop = min(start + BATCH, len(data.vectors))
        vectors.add(np.arange(start, stop, dtype=np.uint64), data.vectors[start:stop], threads=1)
    results["graph build cpu s"] = time.process_time() - started

    def search_text(terms: Sequence[str], near: Floats) -> object:
        asked = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", term, "freq")) for term in terms]
        hits = searcher.search(tantivy.Query.boolean_query(asked), DEPTH, count=False).hits
        return searcher.fast_field_values("key", [address for _, address in hits])

    def search_vector(terms: Sequence[str], near: Floats) -> object:
        return vectors.search(near, DEPTH, threads=1).keys

    results |= _searches(search_text, search_vector, data)
    found = [vectors.search(near, 10, threads=1).keys.tolist() for near in data.near]
    return results | {"recall at 10": _recall(data, found)}


def _raw_text(data: Corpus, folder: Path) -> tuple[tantivy.Schema, tantivy.Searcher]:
    builder = tantivy.SchemaBuilder().add_unsigned_field("key", indexed=True, fast=True)
    schema = builder.add_text_field("body", tokenizer_name="words", index_option="freq").build()
    index = tantivy.Index(schema, str(folder))
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    writer = index.writer(50_000_000, 1)
    for key, tokens in enumerate(data.tokens):
        document = tantivy.Document()
        document.add_unsigned("key", key)
        document.add_text("body", " ".join(tokens))
        writer.add_document(document)
        if key % BATCH == BATCH - 1:
            writer.commit()
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return schema, index.searcher()


Leg = Callable[[Sequence[str], Floats], object]


def _searches(text: Leg, vector: Leg, data: Corpus) -> dict[str, float]:
    def both(terms: Sequence[str], near: Floats) -> object:
        return text(terms, near), vector(terms, near)

    results: dict[str, float] = {}
    for name, leg in (("text", text), ("vector", vector), ("hybrid", both)):
        for _ in range(2):
            cpu, times = _timed(leg, data)
        results |= {f"{name} cpu ms": 1e3 * cpu, f"{name} p50 ms": 1e3 * _quantile(times, 0.5)}
        results[f"{name} p95 ms"] = 1e3 * _quantile(times, 0.95)
    return results


def _timed(leg: Leg, data: Corpus) -> tuple[float, list[float]]:
    times = []
    started = time.process_time()
    for terms, near in zip(data.questions, data.near, strict=True):
        begun = time.perf_counter()
        leg(terms, near)
        times.append(time.perf_counter() - begun)
    return (time.process_time() - started) / QUESTIONS, times


def _recall(data: Corpus, found: list[list[int]]) -> float:
    exact = np.argsort(-(data.near @ data.vectors.T), axis=1)[:, :10]
    return float(np.mean([len(set(right.tolist()) & set(keys)) / 10 for right, keys in zip(exact, found, strict=True)]))


def _quantile(times: list[float], share: float) -> float:
    return sorted(times)[int(share * (len(times) - 1))]


def _resident_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return next(int(line.split()[1]) / 1e3 for line in status.read_text().splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    for asked in sys.argv[1:] or ["10000", "100000"]:
        for name, value in measure(int(asked)).items():
            print(f"{name:34} {value:12.3f}")
        print()
