"""Reading PDFs against the engine called raw on the same files, and what a child process costs beyond its reading.

"Raw" loads each page and takes its text, nothing else. Ours is lines with places and sizes, paragraphs, headings,
tables, running heads. Both in this process, best of several rounds; files that are pictures alone are left out.
"""

import gc
import resource
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.reading import read
from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.ports.parser import ParseLimits

FOLDER = Path(__file__).parents[2] / "shared" / "documents"
ROUNDS = 5
DOCUMENTS = 200
LIMITS = ParseLimits()


def measure() -> dict[str, float]:
    """CPU ms over all files, their ratio, the worst ratio of one file; CPU ms of a child beyond reading."""
    gc.set_threshold(50_000)  # as in a child
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.pdf"))}
    files = {name: content for name, content in files.items() if _raw(content) > 0}
    raw = {name: _best(partial(_raw, content)) for name, content in files.items()}
    ours = {name: _best(partial(read, name, files[name], LIMITS)) for name in files}
    return {
        "files": len(files),
        "raw_cpu_ms": sum(raw.values()) * 1000,
        "ours_cpu_ms": sum(ours.values()) * 1000,
        "ours_vs_raw": sum(ours.values()) / sum(raw.values()),
        "worst_file": max(ours[name] / raw[name] for name in files),
        "child_cpu_ms": _child_cost() * 1000,
    }


def _raw(content: bytes) -> int:
    """The number of characters."""
    document = pdfium.PdfDocument(content)
    found = 0
    for index in range(len(document)):
        page = document[index]
        textpage = page.get_textpage()
        found += len(textpage.get_text_range())
        textpage.close()
        page.close()
    document.close()
    return found


def _best(work: Callable[[], object]) -> float:
    """CPU seconds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def _child_cost() -> float:
    """CPU seconds a document of all processes, for one whose reading takes next to none."""
    with TemporaryDirectory(prefix="diglot-pdf-") as folder:
        path = Path(folder) / "a.txt"
        path.write_text("next to nothing")
        idle = _sandboxed(path, 0)
        return (_sandboxed(path, DOCUMENTS) - idle) / DOCUMENTS


def _sandboxed(path: Path, documents: int) -> float:
    start = _cpu_seconds()
    with closing(SandboxedParser()) as parser:
        parser.start()
        parser.parse(path, path.name, LIMITS, lambda: False)
        for _ in range(documents):
            parser.parse(path, path.name, LIMITS, lambda: False)
    return _cpu_seconds() - start


def _cpu_seconds() -> float:
    """Of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:24} {value:10.3f}")
