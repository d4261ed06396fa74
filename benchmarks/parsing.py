"""How much of real documents' true text is read, and in which order: every development document with a truth.

`f1` compares bags of tokens, `order` is the Indel similarity of their sequences, `headings` the share of a truth's
headings that were found as such. A document that fails counts 0.
"""

import argparse
import html
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz.distance import Indel

from diglot.adapters.ocr.choosing import AUTO, OFF, choose
from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.cli.processes import RunningServer
from diglot.domain.errors import ParseFailed
from diglot.domain.parsed import BlockKind, Parsed
from diglot.domain.picture import Picture
from diglot.ingestion.recognising import OcrLimits, PageReader, recognise, without_recognition
from diglot.ports.ocr import Ocr
from diglot.ports.parser import ParseLimits
from tests.journeys.site import Site

DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents"
OCR_MEMORY_BYTES = 4_000_000_000
OCR_LANGUAGES = "chi_sim+eng"
LEAST_F1 = 0.80
WORKER_SECONDS = 900.0
_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]|[^\W_]+")
_MARKUP = re.compile(r"<!--.*?-->|!?\[([^\]]*)\]\([^)]*\)", re.S)
# The engine's marks of a word broken at a line's end, which some truths still hold.
_BROKEN = re.compile("[\x02\ufffe]\\s*")
_HEADING = re.compile(r"^#{1,6} +(.+?)[ #]*$", re.M)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Score:
    """`headings` None where the truth has none; `failure` is what was said of a document that was not read."""

    name: str
    f1: float
    order: float
    headings: float | None
    seconds: float
    failure: str = ""


def measure() -> dict[str, float]:
    """Prints a row a document; returns means, with and without recognition of pictures."""
    found: dict[str, float] = {}
    for engine in (OFF, AUTO):
        scores = list(judge(engine=engine))
        print(table(scores), "\n", flush=True)
        found |= {f"{what}, {'no' if engine == OFF else 'with'} OCR": value for what, value in means(scores).items()}
    return found | through_the_worker()


def through_the_worker() -> dict[str, float]:
    """Every document of the set, with a truth or without, uploaded to a server of its own: seconds from
    the first upload until the last is read or refused."""
    with TemporaryDirectory(prefix="diglot-parsing-") as folder, RunningServer(Path(folder)) as server:
        site = Site(server.url)
        site.client.headers["Authorization"] = f"Bearer {server.key}"
        with closing(site.client):
            shelf = site.dataset()
            began = time.monotonic()
            for path in everything():
                shelf.add_file(path.name, path.read_bytes())
            documents = shelf.all_ended(WORKER_SECONDS)
            seconds = time.monotonic() - began
    refused = [document for document in documents if document["indexing_status"] == "error"]
    print(*(f"- {document['name']}: {document['error']}" for document in refused), sep="\n")
    return {
        "documents through the worker": len(documents),
        "of them refused": len(refused),
        "seconds for all": seconds,
    }


def everything() -> list[Path]:
    paths = (path for path in sorted(DOCUMENTS.iterdir()) if path.is_file())
    return [path for path in paths if ".truth." not in path.name and path.name != "README.md"]


def judge(names: Iterable[str] = (), engine: str = AUTO) -> Iterator[Score]:
    """`names`: parts of names of documents; none means all. `engine`: see `adapters.ocr.choosing`."""
    wanted = tuple(names)
    with (
        closing(SandboxedParser()) as parser,
        closing(choose(engine, OCR_LANGUAGES, OCR_MEMORY_BYTES)) as ocr,
    ):
        parser.start()
        for path in judged():
            if not wanted or any(name in path.name for name in wanted):
                yield _score(path, parser, ocr)


def judged() -> list[Path]:
    return [path for path in sorted(DOCUMENTS.glob("*")) if truth_of(path) is not None]


def truth_of(path: Path) -> str | None:
    for ending in (".truth.txt", ".truth.md"):
        truth = path.with_name(path.name + ending)
        if truth.exists():
            return html.unescape(truth.read_text("utf-8"))
    return None


def _score(path: Path, parser: SandboxedParser, ocr: Ocr) -> Score:
    truth = truth_of(path) or ""
    began = time.monotonic()
    try:
        parsed = _read(path, parser, ocr)
    except ParseFailed as failure:
        return Score(path.name, 0.0, 0.0, None, time.monotonic() - began, failure.message)
    seconds = time.monotonic() - began
    got, wanted = tokens(running_text(parsed)), tokens(truth)
    order = Indel.normalized_similarity(got, wanted)
    return Score(path.name, f1(got, wanted), order, _headings_found(path, parsed, truth), seconds)


def _read(path: Path, parser: SandboxedParser, ocr: Ocr) -> Parsed:
    limits = ParseLimits()
    parsed = parser.parse(path, path.name, limits, _never)
    if not parsed.scans:
        return parsed
    if reason := ocr.missing():
        return without_recognition(parsed, reason)

    def show(page: int) -> Picture:
        return parser.picture(path, path.name, page, limits, _never)

    reader = PageReader(ocr, OcrLimits().page_seconds, show, _never)
    return recognise(parsed, OcrLimits().pages, reader.read, lambda _: None)


def _never() -> bool:
    return False


def running_text(parsed: Parsed) -> str:
    return "".join(block.text + block.gap for block in parsed.blocks)


def tokens(text: str) -> list[str]:
    """Words, and single characters of scripts without spaces, lower case; Markdown's links and comments apart."""
    return _TOKEN.findall(_MARKUP.sub(lambda found: found[1] or " ", _BROKEN.sub("", text)).lower())


def f1(got: list[str], wanted: list[str]) -> float:
    both = sum((Counter(got) & Counter(wanted)).values())
    return 2 * both / max(len(got) + len(wanted), 1)


def _headings_found(path: Path, parsed: Parsed, truth: str) -> float | None:
    if not path.with_name(f"{path.name}.truth.md").exists():
        return None
    wanted = Counter(tuple(tokens(line)) for line in _HEADING.findall(_FENCE.sub("", truth)))
    found = Counter(tuple(tokens(block.text)) for block in parsed.blocks if block.kind is BlockKind.HEADING)
    return sum((wanted & found).values()) / wanted.total() if wanted else None


def means(scores: list[Score]) -> dict[str, float]:
    headings = [score.headings for score in scores if score.headings is not None]
    return {
        "documents": len(scores),
        "failed": sum(1 for score in scores if score.failure),
        "mean f1": sum(score.f1 for score in scores) / max(len(scores), 1),
        "mean order": sum(score.order for score in scores) / max(len(scores), 1),
        "headings found": sum(headings) / max(len(headings), 1),
        "seconds": sum(score.seconds for score in scores),
    }


def table(scores: list[Score]) -> str:
    lines = ["| document | f1 | order | headings | s | |", "|---|---|---|---|---|---|"]
    for score in scores:
        low = f"{score.f1:.3f}" if score.f1 >= LEAST_F1 else f"**{score.f1:.3f}**"
        headings = "" if score.headings is None else f"{score.headings:.2f}"
        lines.append(
            f"| {score.name} | {low} | {score.order:.3f} | {headings} | {score.seconds:.2f} | {score.failure} |"
        )
    return "\n".join(lines)


def by_format(scores: list[Score]) -> dict[str, tuple[int, float, float]]:
    """Extension -> documents, mean f1, mean order."""
    kinds = sorted({Path(score.name).suffix for score in scores})
    found = {}
    for kind in kinds:
        those = [score for score in scores if score.name.endswith(kind)]
        found[kind.lstrip(".")] = (
            len(those),
            sum(score.f1 for score in those) / len(those),
            sum(score.order for score in those) / len(those),
        )
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("names", nargs="*", help="parts of names of documents; all without")
    arguments.add_argument("--ocr", default=AUTO, help="off, or an engine")
    given = arguments.parse_args()
    scores = list(judge(given.names, given.ocr))
    print(table(scores))
    print("\n| format | documents | f1 | order |\n|---|---|---|---|")
    for extension, (count, mean_f1, mean_order) in by_format(scores).items():
        print(f"| {extension} | {count} | {mean_f1:.3f} | {mean_order:.3f} |")
    print("\n" + "\n".join(f"{what}: {value:.4g}" for what, value in means(scores).items()))


if __name__ == "__main__":
    main()
