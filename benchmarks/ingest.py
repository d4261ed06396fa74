"""Economy ingest, upload to searchable, against our own parse, split, tokenise and tantivy called raw on the same text.

"Raw" reads, splits and tokenises in this process, one document after the other, and commits tantivy once at the end: no
catalog, no durability of any single document, no process of its own a document. Ours is the whole corridor on one
machine: blob, rows, job, child process, keywords, chunks in SQL, index, publishing; CPU of all its processes.

Served is the same through a server's front door: uploads over HTTP, and CPU of all the server's processes, which says
more than documents a second on a machine that others use too.
"""

import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import tantivy

from benchmarks.corpus import make
from diglot.adapters.parsers.reading import read
from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.assembly import open_house
from diglot.cli.processes import RunningServer
from diglot.domain.dataset import Indexing
from diglot.domain.rules import AUTOMATIC
from diglot.ingestion.splitting import split_document
from diglot.library.documents import NewDocument
from diglot.ports.parser import ParseLimits
from diglot.settings import Settings
from diglot.worker import run_once
from tests.journeys.site import Shelf, Site, until


def measure(documents: int, paragraphs: int) -> dict[str, float]:
    """CPU ms a document on both sides, their ratio, and documents a second of ours (two cores)."""
    files = _files(documents, paragraphs)
    with TemporaryDirectory(prefix="diglot-ingest-") as folder:
        raw = _raw(Path(folder) / "raw", files)
        ours, seconds = _ours(Path(folder) / "data", files)
        served, served_seconds = _served(Path(folder) / "served", files)
    return {
        "raw_cpu_ms": raw * 1000 / documents,
        "ours_cpu_ms": ours * 1000 / documents,
        "ours_vs_raw": ours / raw,
        "documents_per_second": documents / seconds,
        "served_cpu_ms": served * 1000 / documents,
        "served_documents_per_second": documents / served_seconds,
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


def _served(folder: Path, files: list[bytes]) -> tuple[float, float]:
    with RunningServer(folder) as server:
        site = Site(server.url)
        site.client.headers["Authorization"] = f"Bearer {server.key}"
        with closing(site.client):
            # Readers and tables load with the first document.
            _upload(site.dataset(), files[:10])
            before, start = _cpu_of_family(server.pid), time.monotonic()
            _upload(site.dataset(), files)
            return _cpu_of_family(server.pid) - before, time.monotonic() - start


def _upload(shelf: Shelf, files: list[bytes]) -> None:
    """Two clients; until all are ready."""
    send = partial(shelf.send_file, "/document/create-by-file", indexing_technique="economy")
    with ThreadPoolExecutor(2) as clients:
        list(clients.map(send, (f"{number}.md" for number in range(len(files))), files))
    ready = "total_available_documents"
    until(lambda: shelf.site.ask("GET", shelf.path)[ready], len(files).__eq__, seconds=600, pause=0.5)


def _cpu_of_family(pid: int) -> float:
    """Of a process and all below it, those included that have ended."""
    root = psutil.Process(pid)
    times = [one.cpu_times() for one in (root, *root.children(recursive=True))]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)


def _cpu_seconds() -> float:
    """Of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    count, size = (int(text) for text in sys.argv[1:3]) if len(sys.argv) > 2 else (500, 4)
    for name, value in measure(count, size).items():
        print(f"{name:28} {value:10.3f}")
