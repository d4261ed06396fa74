"""Published clients, as they come, against a real server with a real worker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import KEY, a_house, serving, working

# The second mount serves the objects of their time to clients up to 0.24; today's mount must take them as well.
CLIENTS = [
    ("0.13.0", ""),
    ("0.13.0", "/v0.24"),
    ("0.15.1", ""),
    ("0.15.1", "/v0.24"),
    ("0.22.1", ""),
    ("0.22.1", "/v0.24"),
    ("0.27.3", ""),
]
SDKS = Path(sys.prefix) / "ragflow-sdks"
LIFE = Path(__file__).with_name("sdk_life.py")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with a_house(tmp_path / "house") as house, serving(house) as base, working(house):
        yield base


@pytest.mark.parametrize(("version", "prefix"), CLIENTS)
def test_a_dataset_lives_by_the_sdk(version: str, prefix: str, url: str, tmp_path: Path) -> None:
    folder = SDKS / version
    assert folder.is_dir(), "`make install` puts the clients there"
    ended = tmp_path / "ended"
    ran = subprocess.run(
        [sys.executable, str(LIFE), url + prefix, KEY, str(ended)],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ended.read_text() == "ok"
