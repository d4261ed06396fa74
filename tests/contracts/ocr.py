"""What everything that recognises text promises: `ports.ocr.Ocr`."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from diglot.domain.errors import Cancelled, LimitExceeded, ParserCrashed
from diglot.domain.recognised import TextLine
from diglot.ports.ocr import Ocr
from tests.adapters.ocr.pages import SENTENCES, a_page, blank, freeze, recognisers

SECONDS = 60.0


def never() -> bool:
    return False


def words(lines: list[TextLine]) -> str:
    return " ".join(line.text for line in sorted(lines, key=lambda line: line.top))


class OcrContract:
    """A test class inherits this and offers a fixture `ocr` whose engine can be had, closed at its end."""

    def test_lines_have_text_place_and_confidence(self, ocr: Ocr) -> None:
        page = a_page(*SENTENCES)
        found = ocr.lines(page, SECONDS, never)
        assert words(found) == " ".join(SENTENCES)
        for line in found:
            assert 0 <= line.left < line.right <= page.width
            assert 0 <= line.top < line.bottom <= page.height
            assert 0.5 < line.confidence <= 1
        # Set 72 points from the left, on a line 100 points from the top.
        first = min(found, key=lambda line: line.top)
        assert first.left * page.points == pytest.approx(72, abs=6)
        assert first.bottom * page.points == pytest.approx(100, abs=8)

    def test_its_edition_is_the_same_as_long_as_it_is(self, ocr: Ocr) -> None:
        first = ocr.edition()
        assert re.search(r"\d+\.\d+", first)
        ocr.close()
        assert ocr.edition() == first

    @pytest.mark.parametrize("size", [(1, 1), (3, 400), (900, 2), (64, 64)])
    def test_a_page_without_text_has_no_lines(self, ocr: Ocr, size: tuple[int, int]) -> None:
        assert ocr.lines(blank(*size), SECONDS, never) == []

    def test_one_process_serves_page_after_page(self, ocr: Ocr) -> None:
        page = a_page(SENTENCES[0])
        ocr.lines(page, SECONDS, never)
        (first,) = recognisers()
        ocr.lines(page, SECONDS, never)
        assert recognisers() == [first]

    def test_threads_take_turns(self, ocr: Ocr) -> None:
        pages = [a_page(sentence) for sentence in SENTENCES]
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda page: words(ocr.lines(page, SECONDS, never)), pages))
        assert found == list(SENTENCES)

    def test_a_cancel_is_felt_within_a_second_and_the_next_page_is_read(self, ocr: Ocr) -> None:
        ocr.lines(blank(64, 64), SECONDS, never)
        (process,) = recognisers()
        freeze(process)
        cancelled = threading.Event()
        threading.Timer(0.5, cancelled.set).start()
        began = time.monotonic()
        with pytest.raises(Cancelled):
            ocr.lines(a_page(*SENTENCES), SECONDS, cancelled.is_set)
        assert time.monotonic() - began < 1.5
        assert words(ocr.lines(a_page(*SENTENCES), SECONDS, never)) == " ".join(SENTENCES)

    def test_whoever_waits_for_a_turn_can_be_cancelled_too(self, ocr: Ocr) -> None:
        ocr.lines(blank(64, 64), SECONDS, never)
        freeze(recognisers()[0])
        done = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            before = pool.submit(ocr.lines, blank(64, 64), SECONDS, done.is_set)
            time.sleep(0.2)
            with pytest.raises(Cancelled):
                ocr.lines(blank(64, 64), SECONDS, lambda: True)
            done.set()
            assert isinstance(before.exception(), Cancelled)

    def test_a_page_that_takes_too_long_ends_by_a_sentence(self, ocr: Ocr) -> None:
        ocr.lines(blank(64, 64), SECONDS, never)
        freeze(recognisers()[0])
        with pytest.raises(LimitExceeded, match=r"more than 1 seconds\.$"):
            ocr.lines(blank(64, 64), 1.0, never)
        assert ocr.lines(blank(64, 64), SECONDS, never) == []

    def test_a_process_that_was_killed_in_between_is_replaced(self, ocr: Ocr) -> None:
        ocr.lines(blank(64, 64), SECONDS, never)
        recognisers()[0].kill()
        assert words(ocr.lines(a_page(*SENTENCES), SECONDS, never)) == " ".join(SENTENCES)

    def test_a_page_that_kills_again_and_again_is_given_up(self, ocr: Ocr) -> None:
        with ThreadPoolExecutor(1) as pool:
            page = pool.submit(ocr.lines, a_page(*SENTENCES), SECONDS, never)
            while not page.done():
                for process in recognisers():
                    process.kill()
                time.sleep(0.01)
        assert isinstance(page.exception(), ParserCrashed)
        assert ocr.lines(blank(64, 64), SECONDS, never) == []

    def test_after_closing_nothing_runs(self, ocr: Ocr) -> None:
        ocr.lines(blank(64, 64), SECONDS, never)
        (process,) = recognisers()
        ocr.close()
        assert not process.is_running()
