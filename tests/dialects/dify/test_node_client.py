"""The published `dify-client` of npm against a real server with a real worker."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from diglot.assembly import Diglot
from tests.house import KEY, serving, working

LIFE = Path(__file__).with_name("node_life.mjs")
FOLDER = Path(sys.prefix) / "dify-node"


@pytest.fixture
def node() -> str:
    """The command; CI has it, elsewhere the test is skipped without it."""
    found = shutil.which("node")
    if found and (FOLDER / "node_modules" / "dify-client").is_dir():
        return found
    reason = "no node, or no client: install node and npm, then `make install`"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def test_a_dataset_lives_by_the_client(node: str, house: Diglot) -> None:
    with serving(house) as url, working(house):
        ran = subprocess.run(
            [node, str(LIFE), str(FOLDER), url, KEY], capture_output=True, text=True, timeout=120, check=False
        )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "ok\n"
