"""What was recognised once is not recognised again, and goes with its file."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Connection, func, select

from diglot.adapters.ocr.choosing import AUTO, choose
from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.catalog import tables, users, workspaces
from diglot.domain.api_key import Caller, Scope
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import Cancelled
from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine
from diglot.domain.rules import ChunkingRules, RuleMode
from diglot.ingestion.checking import fsck
from diglot.library.documents import DocumentChange
from diglot.ports.ocr import Ocr
from diglot.worker import run_once
from tests.adapters.ocr.pages import joined, of_sentences
from tests.adapters.parsers.crafting import zipped
from tests.house import finish, working
from tests.ingestion.conftest import Bench, a_bench

A_LINE_A_CHUNK = ChunkingRules(RuleMode.CUSTOM, separator="\n", max_tokens=50, overlap=0)
PAGES = [f"Words of a picture {width} wide." for width in range(101, 107)]


class Reads:
    """Reads how wide a picture is; of one as wide as `halt`, only that nobody waits any more."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.halt: int | None = None
        self.version = 1

    def missing(self) -> str | None:
        return None

    def name(self) -> str:
        return "reads"

    def edition(self) -> str:
        return f"reads {self.version}"

    def lines(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        self.seen.append(picture.width)
        while picture.width == self.halt:
            if is_cancelled():
                raise Cancelled
            time.sleep(0.02)
        return [TextLine(f"Words of a picture {picture.width} wide.", 10, 10, 90, 30, 0.9)]

    def close(self) -> None:
        """Nothing runs."""


def a_tiff(pages: int = 6, height: int = 40) -> bytes:
    """Each page a pixel wider than the one before; the first is 101 wide."""
    return joined([Image.new("L", (100 + page, height), 255) for page in range(1, pages + 1)])


@pytest.fixture
def reads() -> Reads:
    return Reads()


@pytest.fixture
def reading(either: Bench, reads: Reads) -> Bench:
    return replace(either, house=replace(either.house, ocr=reads))


def until(claim: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def kept(bench: Bench) -> int:
    with bench.house.database.read() as connection:
        return connection.execute(select(func.count()).select_from(tables.recognised_pages)).scalar_one()


def lines_of(bench: Bench, document: Document) -> list[str]:
    found = bench.get(document)
    assert found.status is DocumentStatus.READY, found.error
    return "\n".join(bench.texts(document)).split("\n\n")


def test_a_job_that_begins_again_goes_on_where_it_was(reading: Bench, reads: Reads) -> None:
    reads.halt = 104
    document = reading.add(a_tiff(), name="a.tif")
    with working(reading.house):
        until(lambda: 104 in reads.seen)
        assert kept(reading) == 3
    assert reading.get(document).status is DocumentStatus.WAITING
    reads.halt = None
    finish(reading.house)
    assert reads.seen == [101, 102, 103, 104, 104, 105, 106]
    assert lines_of(reading, document) == PAGES


def test_other_rules_recognise_nothing_again_and_wait_for_no_scan(reading: Bench, reads: Reads) -> None:
    document = reading.add(a_tiff(), name="a.tif")
    run_once(reading.house)
    reads.halt = 101
    other = reading.add(a_tiff(height=41), name="b.tif")
    change = DocumentChange(rules=A_LINE_A_CHUNK)
    reading.house.documents.update(reading.caller, reading.dataset.id, document.id, change)
    with working(reading.house):
        until(lambda: reading.get(document).status is DocumentStatus.READY)
        assert reading.get(other).status is not DocumentStatus.READY
    assert reads.seen[:6] == list(range(101, 107))
    assert set(reads.seen[6:]) <= {101}
    assert reading.texts(document) == PAGES


def test_another_edition_of_the_engine_recognises_anew(reading: Bench, reads: Reads) -> None:
    document = reading.add(a_tiff(2), name="a.tif")
    run_once(reading.house)
    reads.version = 2
    change = DocumentChange(rules=A_LINE_A_CHUNK)
    reading.house.documents.update(reading.caller, reading.dataset.id, document.id, change)
    run_once(reading.house)
    assert (reads.seen, kept(reading)) == ([101, 102, 101, 102], 2)


def another_workspace(connection: Connection) -> Caller:
    workspace = workspaces.create(connection, "other")
    return Caller(workspace, users.create(connection, workspace, "other", "owner"), frozenset(Scope))


def test_a_file_is_recognised_once_a_workspace(reading: Bench, reads: Reads) -> None:
    stranger = reading.house.database.write(another_workspace)
    theirs = replace(reading, caller=stranger, dataset=reading.house.datasets.create(stranger, "theirs"))
    second = replace(reading, dataset=reading.house.datasets.create(reading.caller, "second"))
    mine = [(bench, bench.add(a_tiff(2), name="a.tif")) for bench in (reading, second)]
    run_once(reading.house)
    both = len(reads.seen)
    foreign = theirs.add(a_tiff(2), name="a.tif")
    run_once(reading.house)
    assert (len(reads.seen), kept(reading)) == (both + 2, 4)
    again = second.add(a_tiff(2), name="b.tif")
    run_once(reading.house)
    assert len(reads.seen) == both + 2
    for bench, document in [*mine, (theirs, foreign), (second, again)]:
        assert lines_of(bench, document) == PAGES[:2]


def remove(bench: Bench, document: Document) -> None:
    bench.house.documents.remove(bench.caller, bench.dataset.id, document.id)
    run_once(bench.house)


def test_what_was_recognised_goes_at_once_with_the_last_document_that_has_the_file(reading: Bench) -> None:
    first, second = (reading.add(a_tiff(2), name=name) for name in ("a.tif", "b.tif"))
    run_once(reading.house)
    remove(reading, first)
    assert kept(reading) == 2
    remove(reading, second)
    assert kept(reading) == 0


def test_what_was_recognised_goes_with_the_dataset(reading: Bench) -> None:
    reading.add(a_tiff(2), name="a.tif")
    run_once(reading.house)
    assert kept(reading) == 2
    reading.house.datasets.remove(reading.caller, reading.dataset.id)
    run_once(reading.house)
    assert kept(reading) == 0


def test_what_was_recognised_of_a_file_goes_when_another_takes_its_place(reading: Bench) -> None:
    document = reading.add(a_tiff(6), name="a.tif")
    run_once(reading.house)
    change = DocumentChange(content=[a_tiff(2)])
    reading.house.documents.update(reading.caller, reading.dataset.id, document.id, change)
    run_once(reading.house)
    assert lines_of(reading, document) == PAGES[:2]
    assert kept(reading) == 2
    assert fsck(reading.house).is_clean


def test_a_document_that_goes_while_it_is_recognised_leaves_nothing(reading: Bench, reads: Reads) -> None:
    reads.halt = 103
    document = reading.add(a_tiff(), name="a.tif")
    with working(reading.house):
        until(lambda: 103 in reads.seen)
        reading.house.documents.remove(reading.caller, reading.dataset.id, document.id)
        reads.halt = None
        until(lambda: kept(reading) == 0)
    run_once(reading.house)
    assert kept(reading) == 0


def test_a_page_of_a_file_inside_is_taken_for_no_other_when_more_is_unpacked(tmp_path: Path, reads: Reads) -> None:
    """Files inside have other numbers then."""
    wide = [joined([Image.new("L", (width, 300), 255)]) for width in (201, 202, 203)]
    mail = EmailMessage()
    mail["Subject"] = "Lake"
    mail.set_content("A greeting.")
    named = [("a.zip", zipped({"page.tif": wide[0]})), ("page.tif", wide[1]), ("page.tif", wide[2])]
    for name, content in named:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    with closing(SandboxedParser(unpacks=True)) as unpacking:
        for bench in a_bench(tmp_path / "data", zip="off"):
            reading = replace(bench, house=replace(bench.house, ocr=reads))
            document = reading.add(mail.as_bytes(), name="a.eml")
            run_once(reading.house)
            assert (reads.seen, kept(reading)) == ([202, 203], 2)
            reads.seen.clear()
            change = DocumentChange(rules=A_LINE_A_CHUNK)
            reading.house.documents.update(reading.caller, reading.dataset.id, document.id, change)
            run_once(reading.house)
            assert reads.seen == []
            change = DocumentChange(rules=ChunkingRules())
            reading.house.documents.update(reading.caller, reading.dataset.id, document.id, change)
            run_once(replace(reading.house, parser=unpacking))
            assert lines_of(reading, document)[2:] == [f"Words of a picture {width} wide." for width in (201, 202, 203)]


SCRIPT = """
import sys
from pathlib import Path
from diglot.assembly import build
from diglot.settings import Settings
from diglot.worker import Worker
with build(Settings.for_tests(Path(sys.argv[1]))) as house:
    Worker(house).run()
"""
SENTENCES = [f"The lighthouse number {number} stands on the cliff." for number in range(1, 9)]


class Counting:
    """A real engine whose pages are counted."""

    def __init__(self, ocr: Ocr) -> None:
        self._ocr = ocr
        self.pages = 0
        self.missing, self.name, self.edition, self.close = ocr.missing, ocr.name, ocr.edition, ocr.close

    def lines(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        self.pages += 1
        return self._ocr.lines(picture, seconds, is_cancelled)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Bench]:
    for bench in a_bench(tmp_path / "data"):
        if reason := bench.house.ocr.missing():
            pytest.skip(reason)
        yield bench


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_worker_that_is_killed_loses_no_page(real: Bench) -> None:
    document = real.add(of_sentences(SENTENCES), name="a.tif")
    worker = subprocess.Popen([sys.executable, "-c", SCRIPT, str(real.house.settings.data)])
    try:
        until(lambda: kept(real) >= 3)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    before = kept(real)
    assert before < len(SENTENCES)
    with closing(Counting(choose(AUTO, "chi_sim+eng", 4_000_000_000))) as ocr:
        finish(replace(real.house, ocr=ocr), 120)
    assert ocr.pages == len(SENTENCES) - before
    assert lines_of(real, document) == SENTENCES
    assert fsck(real.house).is_clean
