"""Documents of scanned pages in a worker: apart from the texts, page by page, ended when somebody says so."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, update

from diglot.assembly import Diglot
from diglot.catalog.tables import jobs
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import Cancelled
from diglot.domain.job import RECOGNITION, SLOWEST
from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine
from diglot.domain.rules import ChunkingRules, ChunkMethod, MethodOptions
from diglot.worker import run_once
from tests.adapters.parsers.crafting import pdf_of_contents
from tests.house import finish, working
from tests.ingestion.conftest import Bench, a_bench

DRAWN = b"0 0 1 rg 50 50 400 400 re f"
WRITTEN = b"BT /F1 10 Tf 72 700 Td (Words that are written in the file itself.) Tj ET"


class SlowOcr:
    """Reads the same on every page, `seconds` a page, one page at a time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.pages = 0
        self._lock = threading.Lock()

    def missing(self) -> str | None:
        return None

    def name(self) -> str:
        return "slow"

    def edition(self) -> str:
        return "slow 1"

    def lines(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        with self._lock:
            self.pages += 1
            deadline = time.monotonic() + self.seconds
            while time.monotonic() < deadline:
                if is_cancelled():
                    raise Cancelled
                time.sleep(0.02)
        return [TextLine("Words on a picture.", 10, 10, 200, 30, 0.9)]

    def close(self) -> None:
        """Nothing runs."""


def scans(pages: int) -> bytes:
    return pdf_of_contents([DRAWN] * pages)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[Bench, SlowOcr]]:
    ocr = SlowOcr(0.5)
    for bench in a_bench(tmp_path / "data"):
        yield replace(bench, house=replace(bench.house, ocr=ocr)), ocr


def wait_until(is_true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def an_image(tmp_path: Path) -> bytes:
    path = tmp_path / "a.png"
    Image.new("L", (300, 100), 255).save(path)
    return path.read_bytes()


def test_texts_do_not_wait_for_scans(slow: tuple[Bench, SlowOcr]) -> None:
    bench, ocr = slow
    ocr.seconds = 30.0
    waiting = [bench.add(scans(2), name=f"{number}.pdf") for number in range(20)]
    took = []
    with working(bench.house):
        wait_until(lambda: ocr.pages > 0)
        for number in range(25):
            began = time.monotonic()
            text = bench.add(f"A small text, number {number}.")
            wait_until(lambda text=text: bench.get(text).status is DocumentStatus.READY)  # type: ignore[misc]
            took.append(time.monotonic() - began)
    assert max(took) < 5
    assert {bench.get(document).status for document in waiting} == {DocumentStatus.WAITING}


def test_scans_that_were_slow_to_read_find_their_line(slow: tuple[Bench, SlowOcr]) -> None:
    bench, ocr = slow
    document = bench.add(scans(2), name="a.pdf")
    bench.house.database.write(lambda connection: connection.execute(update(jobs).values(priority=SLOWEST)) and None)
    finish(bench.house)
    assert bench.get(document).status is DocumentStatus.READY
    assert ocr.pages == 2
    with bench.house.database.read() as connection:
        found = connection.execute(
            select(jobs.c.priority).where(jobs.c.document_id == document.id, jobs.c.kind == "ingest")
        )
        assert found.scalar_one() == RECOGNITION


def test_a_book_does_not_hold_up_a_single_page(slow: tuple[Bench, SlowOcr]) -> None:
    bench, ocr = slow
    ocr.seconds = 0.1
    with working(bench.house):
        book = bench.add(scans(200), name="book.pdf")
        wait_until(lambda: ocr.pages > 0)
        page = bench.add(scans(1), name="page.pdf")
        wait_until(lambda: bench.get(page).status is DocumentStatus.READY, 5)
        assert bench.get(book).status is DocumentStatus.PARSING


def test_books_do_not_hold_up_a_single_page(slow: tuple[Bench, SlowOcr]) -> None:
    bench, ocr = slow
    ocr.seconds = 0.1
    lengths = (24, 25, 26, 27)
    books = [bench.add(scans(length), name=f"{length}.pdf") for length in lengths]
    with working(bench.house):
        wait_until(lambda: ocr.pages > 3)
        page = bench.add(scans(1), name="page.pdf")
        wait_until(lambda: bench.get(page).status is DocumentStatus.READY, 30)
        assert not any(bench.get(book).status is DocumentStatus.READY for book in books)
    ocr.seconds = 0.0
    finish(bench.house, 60)
    assert all(bench.get(book).status is DocumentStatus.READY for book in books)
    # Whoever makes room begins again where it was; the stop above may have cost each of three a page.
    assert sum(lengths) + 1 <= ocr.pages <= sum(lengths) + 1 + 3


def test_progress_moves_by_pages(slow: tuple[Bench, SlowOcr]) -> None:
    bench, _ = slow
    document = bench.add(scans(8), name="a.pdf")
    seen: list[tuple[DocumentStatus, float]] = []
    with working(bench.house):
        while (now := bench.get(document)).status is not DocumentStatus.READY:
            assert now.status is not DocumentStatus.FAILED, now.error
            seen.append((now.status, now.progress))
            time.sleep(0.05)
    steps = sorted({progress for status, progress in seen if status is DocumentStatus.PARSING})
    assert len(steps) >= 5
    assert steps[-1] < 0.3


def test_a_cancel_in_the_middle_of_a_page_is_felt_within_a_second_or_so(slow: tuple[Bench, SlowOcr]) -> None:
    bench, ocr = slow
    ocr.seconds = 60.0
    document = bench.add(scans(3), name="a.pdf")
    with working(bench.house):
        wait_until(lambda: ocr.pages > 0)
        began = time.monotonic()
        bench.house.documents.stop(bench.caller, bench.dataset.id, [document.id])
        wait_until(lambda: bench.get(document).status is DocumentStatus.CANCELLED)
        assert time.monotonic() - began < 1.5


def test_a_worker_that_stops_gives_it_back_at_once(slow: tuple[Bench, SlowOcr]) -> None:
    bench, ocr = slow
    ocr.seconds = 60.0
    document = bench.add(scans(3), name="a.pdf")
    with working(bench.house):
        wait_until(lambda: ocr.pages > 0)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    assert bench.get(document).status is DocumentStatus.WAITING
    ocr.seconds = 0.0
    finish(bench.house)
    assert bench.get(document).status is DocumentStatus.READY


def test_pages_of_both_kinds_stand_in_order_with_their_places(slow: tuple[Bench, SlowOcr]) -> None:
    bench, _ = slow
    document = bench.add(pdf_of_contents([DRAWN, WRITTEN, DRAWN]), name="a.pdf")
    run_once(bench.house)
    (chunk,) = bench.house.chunks.list(bench.caller, bench.dataset.id, document.id).items
    assert chunk.content.split("\n\n") == [
        "Words on a picture.",
        "Words that are written in the file itself.",
        "Words on a picture.",
    ]
    assert [anchor.page for anchor in chunk.anchors] == [1, 2, 3]


def test_pages_that_nobody_asked_for_are_not_recognised(slow: tuple[Bench, SlowOcr]) -> None:
    bench, ocr = slow
    rules = ChunkingRules(method=ChunkMethod.NAIVE, options=MethodOptions(pages=((2, 3),)))
    bench.add(scans(5), name="a.pdf", rules=rules)
    run_once(bench.house)
    assert ocr.pages == 2


@pytest.mark.parametrize("method", [ChunkMethod.PICTURE, ChunkMethod.NAIVE, ChunkMethod.GENERAL])
def test_an_image_becomes_its_text(slow: tuple[Bench, SlowOcr], method: ChunkMethod, tmp_path: Path) -> None:
    bench, _ = slow
    document = bench.add(an_image(tmp_path), name="a.png", rules=ChunkingRules(method=method))
    run_once(bench.house)
    assert (bench.get(document).status, bench.texts(document)) == (DocumentStatus.READY, ["Words on a picture."])


def a_mail(tmp_path: Path) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Lake"
    mail.set_content("A greeting.")
    attached = (("a.pdf", pdf_of_contents([WRITTEN, DRAWN])), ("b.png", an_image(tmp_path)))
    for name, content in attached:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def test_pictures_in_mails_are_recognised_and_say_where_they_stand(slow: tuple[Bench, SlowOcr], tmp_path: Path) -> None:
    bench, ocr = slow
    document = bench.add(a_mail(tmp_path), name="a.eml")
    run_once(bench.house)
    assert (bench.get(document).status, bench.get(document).notes, ocr.pages) == (DocumentStatus.READY, None, 2)
    (chunk,) = bench.house.chunks.list(bench.caller, bench.dataset.id, document.id).items
    assert chunk.content.split("\n\n") == [
        "Subject: Lake",
        "A greeting.",
        "Words that are written in the file itself.",
        "Words on a picture.",
        "Words on a picture.",
    ]
    places = [(anchor.part, anchor.page) for anchor in chunk.anchors if anchor.part]
    assert places == [("a.pdf", 1), ("a.pdf", 2), ("b.png", 1)]


def test_pages_of_attachments_that_nobody_asked_for_are_not_recognised(
    slow: tuple[Bench, SlowOcr], tmp_path: Path
) -> None:
    bench, ocr = slow
    rules = ChunkingRules(method=ChunkMethod.NAIVE, options=MethodOptions(pages=((1, 1),)))
    document = bench.add(a_mail(tmp_path), name="a.eml", rules=rules)
    run_once(bench.house)
    assert (bench.get(document).status, ocr.pages) == (DocumentStatus.READY, 1)


@pytest.fixture
def off(tmp_path: Path) -> Iterator[Bench]:
    yield from a_bench(tmp_path / "data", ocr="off")


def done(bench: Bench, document: Document) -> tuple[DocumentStatus, str | None]:
    run_once(bench.house)
    found = bench.get(document)
    return found.status, found.error


def test_without_recognition_images_and_scans_alone_fail_and_say_why(off: Bench, tmp_path: Path) -> None:
    reason = "Text recognition is switched off by the setting `ocr`."
    for name, content in (("a.png", an_image(tmp_path)), ("a.pdf", scans(2))):
        assert done(off, off.add(content, name=name)) == (DocumentStatus.FAILED, reason)


def test_without_recognition_the_other_pages_are_kept(off: Bench) -> None:
    document = off.add(pdf_of_contents([DRAWN, WRITTEN]), name="a.pdf")
    assert done(off, document) == (DocumentStatus.READY, None)
    assert off.texts(document) == ["Words that are written in the file itself."]
    reason = "Text recognition is switched off by the setting `ocr`."
    assert off.get(document).notes == [f"Pages that are pictures were skipped: 1. {reason}"]


def test_without_recognition_a_mail_keeps_its_text(off: Bench, tmp_path: Path) -> None:
    document = off.add(a_mail(tmp_path), name="a.eml")
    assert done(off, document) == (DocumentStatus.READY, None)
    assert "".join(off.texts(document)).endswith("Words that are written in the file itself.")
    (note,) = off.get(document).notes or []
    assert note.startswith("Pages that are pictures were skipped: 2 of a.pdf; 1 of b.png. ")


def test_too_many_pages_fail(tmp_path: Path) -> None:
    for bench in a_bench(tmp_path / "data", ocr_pages=2):
        status, error = done(bench, bench.add(scans(3), name="a.pdf"))
        assert status is DocumentStatus.FAILED
        assert "the most is 2" in str(error)


def test_scans_have_their_line_on_both_databases(either: Bench) -> None:
    ocr = SlowOcr(0.0)
    house: Diglot = replace(either.house, ocr=ocr)
    document = either.add(scans(2), name="a.pdf")
    text = either.add("A text.")
    run_once(house)
    assert [either.get(one).status for one in (document, text)] == [DocumentStatus.READY] * 2
    assert ocr.pages == 2
