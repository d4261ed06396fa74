"""Economy ingest, upload to searchable, against our own parse, split, tokenise and tantivy called raw on the same text.

"Raw" reads, splits and tokenises in this process, one document after the other, and commits tantivy once at the end: no
catalog, no durability of any single document, no process of its own a document. Ours is the whole corridor on one
machine: blob, rows, job, child process, keywords, chunks in SQL, index, publishing; CPU of all its processes.
"""

import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

from benchmarks.corpus import make
from diglot.adapters.parsers.reading import read
from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.assembly import open_house
from diglot.domain.dataset import Indexing
from diglot.domain.rules import AUTOMATIC
from diglot.ingestion.splitting import split_document
from diglot.library.documents import NewDocument
from diglot.ports.parser import ParseLimits
from diglot.settings import Settings
from diglot.worker import run_once


def measure(documents: int, paragraphs: int) -> dict[str, float]:
    """CPU ms a document on both sides, their ratio, and documents a second of ours (two cores)."""
    files = _files(documents, paragraphs)
    with TemporaryDirectory(prefix="diglot-ingest-") as folder:
        raw = _raw(Path(folder) / "raw", files)
        ours, seconds = _ours(Path(folder) / "data", files)
    return {
        "raw_cpu_ms": raw * 1000 / documents,
        "ours_cpu_ms": ours * 1000 / documents,
        "ours_vs_raw": ours / raw,
        "documents_per_second": documents / seconds,
        "kilobytes_per_document": sum(map(len, files)) / documents / 1000,
    }


def _files(documents: int, paragraphs: int) -> list[bytes]:
    texts = make(documents * paragraphs, questions=0).texts
    parts = [texts[start : start + paragraphs] for start in range(0, len(texts), paragraphs)]
    return [f"# Document {number}\n\n{chr(10).join(part)}".encode() for number, part in enumerate(parts)]


def _raw(folder: Path, files: list[bytes]) -> float:
    folder.mkdir()
    schema = tantivy.SchemaBuilder().add_text_field("body", tokenizer_name="spaces", index_option="freq").build()
    index = tantivy.Index(schema, path=str(folder))
    index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    tokenizer = MixedTokenizer()
    tokenizer.terms("warm up")
    start = time.process_time()
    writer = index.writer(heap_size=100_000_000, num_threads=1)
    for number, content in enumerate(files):
        for draft in split_document(read(f"{number}.md", content, ParseLimits()), AUTOMATIC):
            writer.add_document(tantivy.Document(body=" ".join(tokenizer.terms(draft.content))))
    writer.commit()
    writer.wait_merging_threads()
    return time.process_time() - start


def _ours(folder: Path, files: list[bytes]) -> tuple[float, float]:
    with open_house(Settings.for_tests(folder, slots=4)) as diglot:
        caller = diglot.keys.owner()
        dataset = diglot.datasets.create(caller, "ingest")
        before, start = _cpu_seconds(), time.monotonic()
        for number, content in enumerate(files):
            new = NewDocument(name=f"{number}.md", content=[content], indexing=Indexing.ECONOMY)
            diglot.documents.add(caller, dataset.id, new)
        done = run_once(diglot)
        seconds = time.monotonic() - start
        assert done >= len(files)
    return _cpu_seconds() - before, seconds


def _cpu_seconds() -> float:
    """Of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    count, size = (int(text) for text in sys.argv[1:3]) if len(sys.argv) > 2 else (500, 4)
    for name, value in measure(count, size).items():
        print(f"{name:24} {value:10.3f}")
