"""How far a document is, in RAGFlow's words: run, progress, progress_msg. Functions of a document alone."""

import time
from collections.abc import Iterable, Iterator

from diglot.domain.document import Document, Phase

RUNS = {
    Phase.UNSTARTED: "UNSTART",
    Phase.RUNNING: "RUNNING",
    Phase.CANCELLED: "CANCEL",
    Phase.DONE: "DONE",
    Phase.FAILED: "FAIL",
}
DIGITS = {
    Phase.UNSTARTED: "0",
    Phase.RUNNING: "1",
    Phase.CANCELLED: "2",
    Phase.DONE: "3",
    Phase.FAILED: "4",
}
ASKED_FOR = {spelling: phase for table in (RUNS, DIGITS) for phase, spelling in table.items()}
ENDS = {Phase.DONE: 1.0, Phase.FAILED: -1.0}
# What runs has begun and is not done, even if nobody has noted more of it yet.
LEAST, MOST = 0.01, 0.99


def run(document: Document) -> str:
    return RUNS[document.phase]


def run_digit(document: Document) -> str:
    return DIGITS[document.phase]


def unknown_runs(asked: Iterable[str]) -> list[str]:
    """What of it names no state, neither as a word nor as a digit."""
    return [one for one in asked if one not in ASKED_FOR]


def phases(asked: Iterable[str]) -> frozenset[Phase]:
    """The states behind words and digits, mixed; all of them must be known."""
    return frozenset(ASKED_FOR[one] for one in asked)


def status(document: Document) -> str:
    """Whether it is found: another thing than its state."""
    return "1" if document.enabled else "0"


def progress(document: Document) -> float:
    if document.phase is Phase.RUNNING:
        return min(max(round(document.progress, 4), LEAST), MOST)
    return ENDS.get(document.phase, 0.0)


def duration(document: Document, now: int) -> float:
    """Seconds since its reading was asked for, or that it took. `now` in milliseconds."""
    if document.begun_at is None:
        return 0.0
    if document.ended_at is None and document.phase is not Phase.RUNNING:
        return 0.0
    return max(0, (document.ended_at or now) - document.begun_at) / 1000


def message(document: Document, ahead: int) -> str:
    """A line for each thing that happened. `ahead`: how many documents wait for a worker."""
    if document.phase is Phase.UNSTARTED:
        return ""
    if document.phase is Phase.RUNNING and document.started_at is None:
        return f"{max(0, ahead - 1)} tasks are ahead in the queue..."
    return "\n".join(f"{_clock(at)} {text}" for at, text in (*_stages(document), *_end(document)) if at is not None)


def outcome(phase: Phase, begun_at: int, ended_at: int, error: str | None) -> str:
    """As `message`, of a reading of which only the end is known."""
    ends = {
        Phase.DONE: f"Task done ({_between(begun_at, ended_at)}s)",
        Phase.FAILED: f"[ERROR]{error or 'Unknown error.'}",
        Phase.CANCELLED: "Task stopped by user.",
    }
    return f"{_clock(begun_at)} Task has been received.\n{_clock(ended_at)} {ends[phase]}"


def _stages(document: Document) -> Iterator[tuple[int | None, str]]:
    yield document.started_at, "Task has been received."
    yield document.parsed_at, f"Parsing done ({_between(document.started_at, document.parsed_at)}s)."
    yield document.split_at, f"Chunking done ({_between(document.parsed_at, document.split_at)}s)."


def _end(document: Document) -> Iterator[tuple[int | None, str]]:
    ended = document.ended_at
    if document.phase is Phase.FAILED:
        yield ended or document.updated_at, f"[ERROR]{document.error or 'Unknown error.'}"
    if document.phase is Phase.CANCELLED:
        yield ended or document.updated_at, "Task stopped by user."
    if document.phase is Phase.DONE:
        built = f"Generate {document.chunk_count} chunks" if document.chunk_count else _nothing_from(document)
        yield document.completed_at, built
        yield from ((document.completed_at, note) for note in document.notes or ())
        yield document.completed_at, f"Indexing done ({_between(document.split_at, document.completed_at)}s)."
        yield document.completed_at, f"Task done ({_between(document.begun_at, document.completed_at)}s)"


def _nothing_from(document: Document) -> str:
    return f"No chunk built from {document.name}"


def _between(begin: int | None, end: int | None) -> str:
    return f"{max(0, (end or 0) - (begin or end or 0)) / 1000:.2f}"


def _clock(milliseconds: int) -> str:
    return time.strftime("%H:%M:%S", time.gmtime(milliseconds // 1000))
