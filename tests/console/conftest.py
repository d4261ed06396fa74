"""The console in a real browser, before a real server. Scripts are JavaScript: see `play.mjs`."""

import json
import runpy
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from diglot.assembly import Diglot
from diglot.http.pages.files import FOLDER
from tests.house import a_house, serving, working

ROOT = Path(__file__).parents[2]
PLAYER = Path(__file__).with_name("play.mjs")
ARTEFACTS = ROOT / "test-artefacts" / "console"
OWNER = {"name": "Ada Lindqvist", "login": "ada", "password": "correct horse battery"}
SECONDS = 300

Play = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def browser() -> str:
    """The path of Chromium, which is driven by a package beside the console's sources."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None or shutil.which("node") is None:
        pytest.skip("no Chromium or no Node.js on PATH")
    return found


@pytest.fixture(scope="session")
def built(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the present sources: those of the package if they are, else made for these tests."""
    console = runpy.run_path(str(ROOT / "tools" / "build_console.py"))
    if console["is_current"](FOLDER):
        return FOLDER
    folder = tmp_path_factory.mktemp("console") / "built"
    console["build"](folder)
    return folder


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
def play(browser: str, site: str, request: pytest.FixtureRequest) -> Play:
    """Plays a scenario before the server and returns what it found."""

    def run(scenario: str, **facts: Any) -> dict[str, Any]:
        folder = ARTEFACTS / str(request.node.name)
        shutil.rmtree(folder, ignore_errors=True)
        given = json.dumps({"browser": browser, "site": site, "artefacts": str(folder), **OWNER, **facts})
        ran = subprocess.run(
            ["node", str(PLAYER), scenario, given], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert ran.returncode == 0, ran.stderr
        found: dict[str, Any] = json.loads(ran.stdout)
        return found

    return run
