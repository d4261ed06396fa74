"""The console in a real browser, before a real server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from diglot.assembly import Diglot
from tests.console import playing
from tests.house import a_house, serving, working

Play = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def browser() -> str:
    return playing.find_browser()


@pytest.fixture(scope="session")
def built(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return playing.built_pages(tmp_path_factory.mktemp("console") / "built")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house") / "data") as one:
        yield one


@pytest.fixture(scope="module")
def site(house: Diglot, built: Path) -> Iterator[str]:
    """The base URL of a server with the console and a worker."""
    with serving(house, built) as url, working(house):
        yield url


@pytest.fixture
def play(browser: str, site: str) -> Play:
    """Plays a scenario before the server and returns what it found."""
    return lambda scenario, **facts: playing.play(scenario, site, browser, **facts)
