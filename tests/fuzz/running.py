"""Damaged files through the real upload to their end, a hundred at a time, and what must hold of them all."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psutil

from tests.fuzz.mutations import Case, case
from tests.fuzz.reasons import is_plain
from tests.journeys.site import Shelf, Site

BATCH = 100
PARSE_SECONDS = 10
BATCH_SECONDS = 180.0
"""Within which a batch ends even if some of it run into the limit of time, several at once."""
MOST_WARM_CASES = 1000
"""Memory is first weighed after these, or after 2 of 5 of a short run: allocators take that long to settle."""

_UNFORESEEN = "it is probably damaged."
_CRASHED = "The reader crashed"


@dataclass(slots=True)
class Report:
    """`faults` say how each case is had again; `reasons` are what was said of files that were not read."""

    run: int
    cases: int = 0
    ready: int = 0
    at_the_door: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    grown: dict[str, int] = field(default_factory=dict)

    @property
    def unforeseen(self) -> int:
        """Refusals that no reader worded."""
        return self.reasons[_UNFORESEEN]

    @property
    def crashed(self) -> int:
        return self.reasons[_CRASHED]

    def blame(self, one: Case, number: int, why: str) -> None:
        again = f"python -m benchmarks.fuzz --run {self.run} --first {number} --count 1"
        self.faults.append(f"{why} [{one.name}: {one.story}] again: {again}")


class Herd:
    """The processes that must neither grow nor die: whatever serves and works, and the reader's zygote."""

    def __init__(self, root: int) -> None:
        self._root = psutil.Process(root)

    def alive(self) -> dict[str, psutil.Process]:
        return dict(self._members())

    def sizes(self) -> dict[str, int]:
        """Resident bytes of their own, by name and process id: pages of the catalog's file that are mapped are the
        system's to take back."""
        return {f"{name} {process.pid}": _own_bytes(process) for name, process in self._members()}

    def readers_left(self) -> int:
        """Children of the zygote: there are some only while a document is read."""
        zygotes = [process for name, process in self._members() if name == "zygote"]
        return sum(len(process.children(recursive=True)) for process in zygotes)

    def _members(self) -> Iterator[tuple[str, psutil.Process]]:
        for process in (self._root, *self._root.children(recursive=True)):
            command = process.cmdline()
            if any(word.endswith("parsers.zygote") for word in command):
                # What a zygote forked has its command line too.
                if process.ppid() not in {one.pid for one in self._zygotes()}:
                    yield "zygote", process
            elif "worker" in command or process == self._root:
                yield "worker" if "worker" in command else "root", process

    def _zygotes(self) -> list[psutil.Process]:
        everyone = self._root.children(recursive=True)
        return [one for one in everyone if any(word.endswith("parsers.zygote") for word in one.cmdline())]


def _own_bytes(process: psutil.Process) -> int:
    memory = process.memory_info()
    return int(memory.rss - getattr(memory, "shared", 0))


def fuzz(site: Site, herd: Herd, run: int, first: int, count: int) -> Report:
    """Cases `first` to `first + count` of this run."""
    report = Report(run)
    began = time.monotonic()
    before: dict[str, int] = {}
    for start in range(first, first + count, BATCH):
        if not before and start - first >= min(MOST_WARM_CASES, 2 * count // 5):
            before = herd.sizes()
        _batch(site, report, range(start, min(start + BATCH, first + count)))
    report.seconds = time.monotonic() - began
    after = herd.sizes()
    report.grown = {name: after.get(name, 0) - size for name, size in before.items()}
    report.faults += [f"{name} is dead" for name in before if name not in after]
    if left := herd.readers_left():
        report.faults.append(f"{left} reading processes are left")
    return report


def _batch(site: Site, report: Report, numbers: range) -> None:
    shelf = site.dataset()
    waiting: dict[str, tuple[int, Case]] = {}
    for number in numbers:
        one = case(report.run, number)
        if made := _offered(shelf, report, number, one):
            waiting[made] = number, one
    deadline = time.monotonic() + BATCH_SECONDS
    while waiting and time.monotonic() < deadline:
        for document in shelf.documents():
            if document["indexing_status"] in {"completed", "error"} and document["id"] in waiting:
                _judge(report, *waiting.pop(document["id"]), document)
        time.sleep(0.05 if waiting else 0)
    for number, one in waiting.values():
        report.blame(one, number, f"not at its end after {BATCH_SECONDS:.0f} s")
    site.ask("DELETE", shelf.path)


def _offered(shelf: Shelf, report: Report, number: int, one: Case) -> str | None:
    """The new document's id; None if the file was refused at the door, as unreadable or empty ones may be."""
    report.cases += 1
    files: Any = {"file": (one.name, one.content), "data": (None, json.dumps({"indexing_technique": "economy"}))}
    answer = shelf.site.client.post(f"{shelf.path}/document/create-by-file", files=files)
    if answer.is_success:
        made: str = answer.json()["document"]["id"]
        return made
    report.at_the_door += 1
    if answer.status_code not in {400, 413, 415} or not is_plain(answer.json()["message"]):
        report.blame(one, number, f"answered {answer.status_code} {answer.text[:200]}")
    return None


def _judge(report: Report, number: int, one: Case, document: dict[str, Any]) -> None:
    if document["indexing_status"] == "completed":
        report.ready += 1
        return
    reason: str = document["error"] or ""
    report.reasons[next((known for known in (_UNFORESEEN, _CRASHED) if known in reason), reason)] += 1
    if not is_plain(reason):
        report.blame(one, number, f"told {reason!r}")
