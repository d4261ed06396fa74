"""What would be published: an sdist, a wheel of it with and without Node.js, and the wheel installed and looked at."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.console.playing import ROOT, find_browser, play

BUILT = "diglot/http/pages/built/"
SECONDS = 600

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="paths and signals are POSIX")]


def ran(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """What a command said; it must succeed."""
    told = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert told.returncode == 0, told.stderr + told.stdout
    return told.stdout + told.stderr


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an environment of its own, with the tool that builds."""
    if shutil.which("npm") is None:
        pytest.skip("no Node.js on PATH")
    folder = tmp_path_factory.mktemp("environment")
    ran(sys.executable, "-m", "venv", folder)
    found = folder / "bin" / "python"
    ran(found, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "hatchling")
    return found


@pytest.fixture(scope="module")
def sdist(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    assert "console" not in ran(python, "-m", "hatchling", "build", "-t", "sdist", "-d", folder)
    [packed] = folder.glob("diglot-*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return packed.with_name(packed.name.removesuffix(".tar.gz"))


@pytest.fixture(scope="module")
def path_without_node(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Nothing is on it."""
    return str(tmp_path_factory.mktemp("bin"))


@pytest.fixture(scope="module")
def wheel(python: Path, sdist: Path, path_without_node: str) -> Path:
    """Made of the sdist on a machine without Node.js: the sdist brings the console built."""
    folder = sdist.parent / "wheel"
    ran(python, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=sdist, PATH=path_without_node)
    [made] = folder.glob("diglot-*.whl")
    return made


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_an_sdist_has_the_console_s_sources_and_the_console(sdist: Path) -> None:
    assert (sdist / "console" / "src" / "main.tsx").is_file()
    assert (sdist / "console" / "package-lock.json").is_file()
    assert (sdist / "src" / BUILT / "index.html").is_file()
    assert not (sdist / "console" / "node_modules").exists()


def test_the_wheel_has_the_console_and_the_licences_of_its_parts(wheel: Path) -> None:
    assert {BUILT + "index.html", BUILT + "docs.html"} <= set(names(wheel))
    assert any(name.startswith(BUILT + "assets/") for name in names(wheel))
    assert not any("node_modules" in name or name.endswith((".tsx", ".map")) for name in names(wheel))
    with zipfile.ZipFile(wheel) as archive:
        licences = archive.read(BUILT + "licences.txt").decode()
    for package in ("react", "react-dom", "react-router", "i18next", "@mantine/core", "@tanstack/react-query"):
        assert re.search(rf"^{package} [\d.]+ \(MIT\)\n-+\n.*Copyright", licences, re.MULTILINE | re.DOTALL), package


def test_without_node_the_package_is_built_without_its_console_and_says_so(
    python: Path, sdist: Path, path_without_node: str, tmp_path: Path
) -> None:
    copy = tmp_path / "sources"
    shutil.copytree(sdist, copy)
    shutil.rmtree(copy / "src" / BUILT)
    said = ran(python, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=copy, PATH=path_without_node)
    assert "no console" in said
    assert "Node.js" in said
    [made] = tmp_path.glob("diglot-*.whl")
    assert not any(name.startswith(BUILT) for name in names(made))
    assert "diglot/http/pages/site.py" in names(made)


@pytest.fixture
def installed(python: Path, wheel: Path, tmp_path: Path) -> Iterator[str]:
    """The base URL of a server that is installed from the wheel.

    What the package needs is taken from the environment of the tests: to install it anew would take minutes.
    """
    ran(
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--force-reinstall",
        wheel,
    )
    needed = sysconfig.get_path("purelib")
    where = ran(python, "-c", "import diglot; print(diglot.__file__)", cwd=tmp_path, PYTHONPATH=needed)
    assert Path(where.strip()).is_relative_to(python.parents[1])
    process = subprocess.Popen(
        [python.with_name("diglot"), "serve", "--port", "0", "--data", str(tmp_path / "data")],
        env={**os.environ, "PYTHONPATH": needed, "DIGLOT_DISK_RESERVE_BYTES": "0"},
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    try:
        assert process.stdout is not None
        [url] = re.findall(r"http://\S+", process.stdout.readline())
        yield url
    finally:
        process.terminate()
        process.wait(40)
        process.communicate()


def test_the_installed_wheel_shows_its_console(installed: str) -> None:
    browser = find_browser()
    assert httpx.get(f"{installed}/console/").status_code == 200
    play("first_page", installed, browser)
