"""Five hundred damaged files of every format: each is read or told why not, and nothing is left of it."""

import os
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine
from tests.fuzz.hostile_files import EITHER, READ, REFUSED
from tests.fuzz.mutations import case
from tests.fuzz.running import PARSE_SECONDS, Herd, fuzz
from tests.house import a_house, serving, working
from tests.journeys.site import Site

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

RUN = 1
CASES = 500
MOST_GROWTH = 50_000_000


class QuickOcr:
    """Sees the same in every picture: what is tested is how pictures are made, not what is seen in them."""

    def missing(self) -> str | None:
        return None

    def name(self) -> str:
        return "quick"

    def edition(self) -> str:
        return "quick 1"

    def lines(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        return [TextLine("words", 0, 0, picture.width, picture.height, 1.0)]

    def close(self) -> None:
        """Nothing was started."""


def test_damaged_files_are_read_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests' database servers may be running.
    before = set(psutil.Process().children())
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setenv("TMPDIR", str(aside))
    monkeypatch.setattr(tempfile, "tempdir", None)
    limits = {"parse_seconds": PARSE_SECONDS, "parse_memory_bytes": 400_000_000, "zip": "on"}
    with a_house(tmp_path / "data", **limits) as opened:
        house = replace(opened, ocr=QuickOcr())
        with serving(house) as url, working(house):
            site = Site(url)
            with closing(site.client):
                report = fuzz(site, Herd(os.getpid()), RUN, 0, CASES)
    assert report.faults == []
    assert report.cases == CASES
    # Neither all good nor all bad: else the cases, or the readers, would have changed their nature.
    assert CASES // 4 < report.ready < CASES * 3 // 4
    assert {name: grown for name, grown in report.grown.items() if grown > MOST_GROWTH} == {}
    assert list(aside.rglob("*")) == []
    assert set(psutil.Process().children()) <= before


def test_a_case_can_be_had_again() -> None:
    assert [case(RUN, number) for number in range(50)] == [case(RUN, number) for number in range(50)]
    assert case(RUN, 1) != case(RUN + 1, 1)


def test_names_of_hostile_files_differ() -> None:
    assert len(REFUSED | READ | EITHER) == len(REFUSED) + len(READ) + len(EITHER)
