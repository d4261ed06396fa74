"""Scenarios for a browser, played by Node.js: `scenarios/NAME.mjs`, through `play.mjs`."""

import json
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from diglot.http.pages.files import FOLDER

ROOT = Path(__file__).parents[2]
PLAYER = Path(__file__).with_name("play.mjs")
# Screenshots, to be looked at; git ignores them.
ARTEFACTS = ROOT / "test-artefacts" / "console"
OWNER = {"name": "Ada Lindqvist", "login": "ada", "password": "correct horse battery"}
SECONDS = 300


def find_browser() -> str:
    """The path of Chromium, which is driven by a package beside the console's sources."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None or shutil.which("node") is None:
        pytest.skip("no Chromium or no Node.js on PATH")
    return found


def built_pages(folder: Path) -> Path:
    """Where the pages of the present sources are: in the package if those are, else they are made in `folder`."""
    console = runpy.run_path(str(ROOT / "tools" / "build_console.py"))
    if console["is_current"](FOLDER):
        return FOLDER
    console["build"](folder)
    return folder


def play(scenario: str, site: str, browser: str, **facts: Any) -> dict[str, Any]:
    """What the scenario found before the server at `site`; an assertion with all that was seen if it failed."""
    folder = ARTEFACTS / scenario
    shutil.rmtree(folder, ignore_errors=True)
    given = json.dumps({"browser": browser, "site": site, "artefacts": str(folder), **OWNER, **facts})
    ran = subprocess.run(
        ["node", str(PLAYER), scenario, given], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found
