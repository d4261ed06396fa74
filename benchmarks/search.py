"""Hybrid search inside the process against tantivy and usearch called raw on the same data, in the same run.

"Raw" is the two engines' own search calls for the 100 best of each leg, with what it takes to hand over the question
and to read keys and scores; no fusion, no text, no catalog. Ours adds tokenizing, fusion, verification and the text.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import tantivy
from sqlalchemy import Connection, insert, update
from usearch.index import Index as Graph

from benchmarks.corpus import DIMENSION, Corpus, make
from diglot.assembly import Diglot, open_house
from diglot.catalog import generations
from diglot.catalog.tables import chunks, documents, revisions, rules
from diglot.catalog.tables import generations as generation_rows
from diglot.domain.api_key import Caller
from diglot.domain.dataset import Dataset, Generation, Indexing
from diglot.domain.identity import ChunkKey, RevisionKey, new_id, now_ms
from diglot.domain.search import CANDIDATES, RetrievalPlan, RetrievalSettings, SearchMethod
from diglot.ports.embedder import Embedder, EmbeddingModel
from diglot.ports.index import IndexRow
from diglot.retrieval.search import Retriever
from diglot.settings import Settings

CHUNKS_A_DOCUMENT = 100
ROWS_A_WRITE = 5_000
ROUNDS = 3
MODEL = EmbeddingModel("synthetic", DIMENSION, 512)
Question = tuple[str, npt.NDArray[np.float32]]


def measure(rows: int) -> dict[str, float]:
    """CPU ms a question and their ratio; both sides ask the same questions, in turn."""
    corpus = make(rows)
    with TemporaryDirectory(prefix="diglot-search-") as name, open_house(_settings(Path(name))) as diglot:
        ours = _ours(diglot, corpus)
        raw = _raw(Path(name) / "raw", diglot, corpus)
        pairs = [(_cpu_ms(raw, corpus), _cpu_ms(ours, corpus)) for _ in range(ROUNDS)]
    best = min(pairs, key=lambda pair: pair[1] / pair[0])
    return {
        "raw_cpu_ms": float(np.median([pair[0] for pair in pairs])),
        "ours_cpu_ms": float(np.median([pair[1] for pair in pairs])),
        "ours_vs_raw": float(np.median([pair[1] / pair[0] for pair in pairs])),
        "ours_vs_raw_best": best[1] / best[0],
    }


def _settings(folder: Path) -> Settings:
    return Settings.for_tests(folder / "data")


def _cpu_ms(ask: Callable[[Question], object], corpus: Corpus) -> float:
    for question in corpus.questions[:20]:
        ask(question)
    start = time.process_time()
    for question in corpus.questions:
        ask(question)
    return (time.process_time() - start) * 1000 / len(corpus.questions)


class _Synthetic:
    """The one embedder of this house; it is told each question's vector, so that no model's time is in the figures."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._vectors = dict(questions)
        self.model = MODEL

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        return self._vectors[text]

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        raise NotImplementedError

    def close(self) -> None: ...

    def names(self) -> list[str]:
        return [MODEL.name]

    def default(self) -> str:
        return MODEL.name

    def resolve(self, name: str) -> str | None:
        return name

    def describe(self, name: str) -> EmbeddingModel:
        return MODEL

    def get(self, name: str) -> Embedder:
        return self


def _ours(diglot: Diglot, corpus: Corpus) -> Callable[[Question], object]:
    dataset, retriever = fill(diglot, corpus, CHUNKS_A_DOCUMENT)
    settings = RetrievalSettings(SearchMethod.HYBRID, top_k=10)
    return lambda question: retriever.search(RetrievalPlan(dataset.workspace_id, (dataset.id,), question[0], settings))


def fill(diglot: Diglot, corpus: Corpus, chunks_a_document: int) -> tuple[Dataset, Retriever]:
    """The corpus as a dataset's chunks, and a retriever that is told the vectors of the questions."""
    caller = diglot.keys.owner()
    dataset = diglot.datasets.create(caller, "synthetic", indexing=Indexing.HIGH_QUALITY)
    generation = diglot.database.write(lambda connection: _use_model(connection, dataset))
    for start in range(0, len(corpus.texts), ROWS_A_WRITE):
        _fill(diglot, caller, generation, corpus, start, chunks_a_document)
    while diglot.index.compact(generation):
        pass
    synthetic = _Synthetic(corpus.questions)
    return dataset, Retriever(diglot.database, diglot.index, diglot.tokenizer, synthetic, diglot.rerankers)


def _use_model(connection: Connection, dataset: Dataset) -> Generation:
    model = {"embedding_model": MODEL.name, "dimension": DIMENSION}
    mine = generation_rows.c.dataset_id == dataset.id
    connection.execute(update(generation_rows).where(mine).values(model))
    return generations.active(connection, dataset.id)


def _fill(
    diglot: Diglot, caller: Caller, generation: Generation, corpus: Corpus, start: int, chunks_a_document: int
) -> None:
    texts = corpus.texts[start : start + ROWS_A_WRITE]
    keys = diglot.database.write(lambda connection: _insert(connection, caller, generation, texts, chunks_a_document))
    rows = [
        IndexRow(ChunkKey(key), RevisionKey(group), diglot.tokenizer.terms(text), vector=corpus.vectors[start + place])
        for place, (text, (key, group)) in enumerate(zip(texts, keys, strict=True))
    ]
    diglot.index.apply(generation, rows=rows, removed_groups=(), removed_keys=(), applied=start + len(texts))


def _insert(
    connection: Connection, caller: Caller, generation: Generation, texts: Sequence[str], chunks_a_document: int
) -> list[tuple[int, int]]:
    """Ready documents with their chunks; (chunk key, revision key) of each text."""
    keys: list[tuple[int, int]] = []
    for start in range(0, len(texts), chunks_a_document):
        revision, document_id = _insert_document(connection, caller, generation)
        part = texts[start : start + chunks_a_document]
        rows = [_chunk(caller, generation, revision, document_id, *one) for one in enumerate(part, 1)]
        added = insert(chunks).returning(chunks.c.key, sort_by_parameter_order=True)
        keys += [(key, revision) for key in connection.execute(added, rows).scalars()]
    return keys


def _insert_document(connection: Connection, caller: Caller, generation: Generation) -> tuple[int, str]:
    now, document_id, rule_id = now_ms(), new_id(), new_id()
    made = {"dataset_id": generation.dataset_id, "created_at": now}
    connection.execute(insert(rules).values(made | {"id": rule_id, "rules": {}, "created_by": caller.user_id}))
    document = made | {
        "id": document_id,
        "workspace_id": caller.workspace_id,
        "position": 1,
        "name": f"{document_id}.txt",
        "source": "0" * 64,
        "size": 1,
        "media_type": "text/plain",
        "created_from": "api",
        "batch": "1",
        "rule_id": rule_id,
        "chunk_form": "text",
        "language": "English",
        "status": "ready",
        "metadata": {},
        "created_by": caller.user_id,
        "updated_at": now,
    }
    connection.execute(insert(documents).values(document))
    revision = made | {"document_id": document_id, "source": "0" * 64, "rule_id": rule_id, "state": "current"}
    key = int(connection.execute(insert(revisions).values(revision).returning(revisions.c.key)).scalar_one())
    connection.execute(update(documents).where(documents.c.id == document_id).values(revision_key=key))
    return key, document_id


def _chunk(
    caller: Caller, generation: Generation, revision: int, document_id: str, position: int, text: str
) -> dict[str, object]:
    now = now_ms()
    return {
        "id": new_id(),
        "dataset_id": generation.dataset_id,
        "document_id": document_id,
        "revision_key": revision,
        "position": position,
        "content": text,
        "keywords": [],
        "questions": [],
        "anchors": [],
        "tokens": 100,
        "word_count": len(text),
        "hash": "0" * 64,
        "text_hash": b"0" * 32,
        "status": "ready",
        "created_by": caller.user_id,
        "created_at": now,
        "updated_by": caller.user_id,
        "updated_at": now,
    }


def _raw(folder: Path, diglot: Diglot, corpus: Corpus) -> Callable[[Question], object]:
    folder.mkdir()
    schema = tantivy.SchemaBuilder().add_unsigned_field("key", fast=True)
    schema = schema.add_text_field("body", tokenizer_name="whitespace", index_option="freq").build()
    words = tantivy.Index(schema, path=str(folder))
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    words.register_tokenizer("whitespace", whitespace)
    writer = words.writer(heap_size=200_000_000, num_threads=1)
    for key, text in enumerate(corpus.texts):
        row = tantivy.Document(body=" ".join(diglot.tokenizer.terms(text)))
        row.add_unsigned("key", key)
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()
    words.reload()
    searcher = words.searcher()
    graph = Graph(ndim=DIMENSION, metric="cos", dtype="i8", connectivity=16, expansion_search=128)
    graph.add(np.arange(len(corpus.texts)), corpus.vectors, threads=2)
    terms = {text: diglot.tokenizer.query_terms(text) for text, _ in corpus.questions}

    def ask(question: Question) -> tuple[object, object]:
        text, vector = question
        clauses = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", term)) for term in terms[text]]
        hits = searcher.search(tantivy.Query.boolean_query(clauses), CANDIDATES, count=False).hits
        places = [address for _, address in hits]
        return searcher.fast_field_values("key", places), graph.search(vector, CANDIDATES, threads=1)

    return ask


if __name__ == "__main__":
    for name, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000).items():
        print(f"{name:20} {value:10.3f}")
