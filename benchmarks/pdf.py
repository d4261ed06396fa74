"""Reading PDFs against the engine called raw on the same files, and what a child process costs beyond its reading.

"Raw" loads each page and takes its text, nothing else; "raw with places" takes the rectangles of the text too, as
whoever shows where a text stands must. Ours is lines with places and sizes, paragraphs, headings, tables and running
heads. By turns, best of several rounds; files that are pictures alone are left out.
"""

import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.reading import read
from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.ports.parser import ParseLimits

FOLDER = Path(__file__).parents[2] / "shared" / "documents"
ROUNDS = 7
DOCUMENTS = 200
LIMITS = ParseLimits()


def measure() -> dict[str, float]:
    """CPU ms over all files, ratios of them, the worst ratio of one file; CPU ms of a child beyond reading."""
    best = by_file()
    raw, placed, ours = (sum(seconds) for seconds in zip(*best.values(), strict=True))
    return {
        "files": len(best),
        "raw_cpu_ms": raw * 1000,
        "raw_with_places_cpu_ms": placed * 1000,
        "ours_cpu_ms": ours * 1000,
        "ours_vs_raw": ours / raw,
        "ours_vs_raw_with_places": ours / placed,
        "median_file": median(ours / raw for raw, _, ours in best.values()),
        "worst_file": max(ours / raw for raw, _, ours in best.values()),
        "child_cpu_ms": _child_cost() * 1000,
    }


def by_file() -> dict[str, tuple[float, float, float]]:
    """CPU seconds raw, raw with places, ours: the best of rounds that lie apart, as other load comes in waves. The
    engine and we work in processes of their own, as what we ask of it holds for a whole process."""
    rounds = [(_in_process("engine"), _in_process("ours")) for _ in range(ROUNDS)]
    return {name: _best([(*engine[name], *ours[name]) for engine, ours in rounds]) for name in rounds[0][0]}


def _in_process(who: str) -> dict[str, list[float]]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.pdf", who], capture_output=True, check=True)
    answer: dict[str, list[float]] = json.loads(done.stdout)
    return answer


def turns(who: str) -> dict[str, list[float]]:
    """CPU seconds of this process, file by file: the better of two readings of each."""
    gc.set_threshold(50_000)  # as in a child
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.pdf"))}
    files = {name: content for name, content in files.items() if _raw(content) > 0}
    return {name: list(map(_cpu, _works(who, name, content))) for name, content in files.items()}


def _works(who: str, name: str, content: bytes) -> list[Callable[[], object]]:
    if who == "engine":
        return [partial(_raw, content), partial(_raw, content, places=True)]
    return [partial(read, name, content, LIMITS)]


def _best(turns: Sequence[tuple[float, ...]]) -> tuple[float, float, float]:
    raw, placed, ours = (min(seconds) for seconds in zip(*turns, strict=True))
    return raw, placed, ours


def _raw(content: bytes, places: bool = False) -> int:
    """The number of characters."""
    document = pdfium.PdfDocument(content)
    found = 0
    for index in range(len(document)):
        page = document[index]
        textpage = page.get_textpage()
        found += len(textpage.get_text_range())
        if places:
            for number in range(textpage.count_rects()):
                textpage.get_rect(number)
        textpage.close()
        page.close()
    document.close()
    return found


def _cpu(work: Callable[[], object]) -> float:
    return min(_once(work) for _ in range(2))


def _once(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


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
    if sys.argv[1:]:
        print(json.dumps(turns(sys.argv[1])))
    else:
        for name, (raw, placed, ours) in by_file().items():
            print(f"{name:45} {raw * 1000:8.2f} {placed * 1000:8.2f} {ours * 1000:8.2f} {ours / raw:6.2f}")
        for name, value in measure().items():
            print(f"{name:24} {value:10.3f}")
