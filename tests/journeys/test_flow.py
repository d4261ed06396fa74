"""Quick documents get through while the slowest ones there are stand in the queue before them."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from diglot.adapters.parsers.sandbox import SandboxedParser
from tests.house import a_house, serving, working
from tests.journeys.site import Shelf, Site

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

ROOT = Path(__file__).parents[2]
PARSE_SECONDS = 60
HOGS = ("loop", "sleep 600", "eat", "eat_natively", "loop", "sleep 600", "eat", "loop", "sleep 600", "eat_natively")
QUICK_ONES, AT_ONCE = 100, 3
LONGEST = 5.0
"""Seconds from before the upload until it was seen to be completed, of 99 in a hundred."""


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Its readers do what the file says, for so many seconds at most."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with ExitStack() as stack:
        opened = stack.enter_context(
            a_house(tmp_path, parse_seconds=request.param, parse_memory_bytes=400_000_000, slots=2)
        )
        parser = stack.enter_context(closing(SandboxedParser(reading="tests.adapters.parsers.misbehaving")))
        house = replace(opened, parser=parser)
        url = stack.enter_context(serving(house))
        stack.enter_context(working(house))
        one = Site(url)
        stack.callback(one.client.close)
        yield one


@pytest.mark.parametrize("site", [PARSE_SECONDS], indirect=True, ids=[""])
@pytest.mark.parametrize("deeds", [HOGS, HOGS + HOGS[:6], ("loop", "sleep 600") * 20], ids=["10", "16", "40"])
def test_quick_documents_do_not_wait_for_slow_ones(site: Site, deeds: tuple[str, ...]) -> None:
    hogs, quick = site.dataset(), site.dataset()
    for number, deed in enumerate(deeds):
        hogs.add_file(f"{number}.txt", deed.encode())
    with ThreadPoolExecutor(AT_ONCE) as people:
        times = sorted(people.map(lambda number: _seconds_to_completed(quick, number), range(QUICK_ONES)))
    states = [one["indexing_status"] for one in hogs.documents()]
    # The hogs were there all the while.
    assert states.count("error") < len(deeds)
    assert times[98] < LONGEST, times[-10:]


@pytest.mark.parametrize("site", [3], indirect=True, ids=[""])
def test_those_who_were_put_aside_end_as_if_they_had_not(site: Site) -> None:
    shelf = site.dataset()
    for number in range(16):
        shelf.add_file(f"{number}.txt", b"sleep 600")
    late = shelf.add_file("late.txt", b"sleep 2")
    ended = shelf.all_ended(60)
    reasons = {one["error"] for one in ended if one["id"] != late["id"]}
    assert reasons == {"Reading the file takes more than 3 seconds."}, reasons
    assert shelf.document(late)["indexing_status"] == "completed"
    with httpx.Client(
        base_url=str(site.client.base_url).replace("/v1", "/diglot/v1"), headers=site.client.headers
    ) as client:
        jobs = client.get("/jobs", params={"limit": 200}).json()["items"]
    assert {one["attempts"] for one in jobs if one["kind"] == "ingest"} == {1}


def _seconds_to_completed(shelf: Shelf, number: int) -> float:
    began = time.monotonic()
    shown = shelf.ended(shelf.add_file(f"{number}.txt", b"say Zebras graze."))
    assert shown["indexing_status"] == "completed", shown["error"]
    return time.monotonic() - began
