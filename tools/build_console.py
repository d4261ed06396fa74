"""Builds the console's pages into the package, if they are not those of the present sources and Node.js is there.

By `make console`, and by every build of a wheel, an sdist or an editable install.

The output keeps a digest of what it was made from: times of files say nothing after a checkout or an unpacking.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "console"
BUILT = ROOT / "src" / "diglot" / "http" / "pages" / "built"
DIGEST = "sources.sha256"
LICENCES = "licences.txt"
# What lies beside the sources and makes no difference to the output.
ASIDE = {"node_modules", "eslint.config.js", ".prettierrc.json"}
OLDEST_NODE = 20
PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unlicense",
}
LICENCE_FILES = ("licen[cs]e*", "copying*", "copyright*", "notice*")


class NotBuilt(Exception):
    """Why there is no console; fit to be shown."""


def build(into: Path = BUILT) -> None:
    """Afterwards `into` holds the pages made from the present sources, or what it held before if that fails."""
    if is_current(into):
        return
    if not SOURCES.is_dir():
        raise NotBuilt("the console's sources are not here")
    _check_node()
    digest = digest_of_sources()
    _install()
    modules = SOURCES / "node_modules"
    with tempfile.TemporaryDirectory(prefix=".built-", dir=modules) as folder:
        made = Path(folder) / "built"
        _run("vite", modules / ".bin" / "vite", "build", "--outDir", made, "--emptyOutDir", "--logLevel", "warn")
        (made / LICENCES).write_text(licences(), "utf-8")
        (made / DIGEST).write_text(digest + "\n", "utf-8")
        # A server that reads the folder just now finds all of it or nothing.
        if into.exists():
            shutil.move(into, Path(folder) / "former")
        shutil.move(made, into)


def is_current(into: Path = BUILT) -> bool:
    """Whether the output was made from these sources; without sources, whether it is there."""
    made_from = into / DIGEST
    if not made_from.is_file():
        return False
    return not SOURCES.is_dir() or made_from.read_text("utf-8").strip() == digest_of_sources()


def digest_of_sources() -> str:
    digest = hashlib.sha256()
    for path in sorted(_sources(SOURCES)):
        digest.update(f"{path.relative_to(SOURCES).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in ASIDE:
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path


def _check_node() -> None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        raise NotBuilt(f"node and npm are not on PATH: Node.js {OLDEST_NODE} or newer is needed")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)", said)
    if version is None or int(version[1]) < OLDEST_NODE:
        raise NotBuilt(f"Node.js {OLDEST_NODE} or newer is needed, here is {said.strip() or 'none that answers'}")


def _install() -> None:
    """What the lock file names, unless just that is there: `npm ci` begins by removing all."""
    if not _is_installed():
        _run("npm ci", Path(shutil.which("npm") or "npm"), "ci", "--silent")


def _is_installed() -> bool:
    there = SOURCES / "node_modules" / ".package-lock.json"
    if not there.is_file():
        return False
    installed = json.loads(there.read_text("utf-8"))["packages"]
    return all(
        installed.get(where, {}).get("version") == package["version"]
        for where, package in _locked().items()
        if not package.get("optional")
    )


def _locked() -> dict[str, Any]:
    """Packages by where they lie, without our own."""
    packages: dict[str, Any] = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))["packages"]
    return {where: package for where, package in packages.items() if where}


def _run(name: str, *command: str | Path) -> None:
    ran = subprocess.run(command, cwd=SOURCES, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NotBuilt(f"{name} failed: {(ran.stderr + ran.stdout).strip()[-4000:]}")


def licences() -> str:
    """Of every package that can be part of the pages. `NotBuilt` if one is not permissive."""
    parts = ["The console contains parts of these packages.\n"]
    for where, package in sorted(_locked().items()):
        if package.get("dev") or package.get("devOptional"):
            continue
        folder = SOURCES / where
        if not folder.is_dir() and package.get("optional"):
            continue
        about = json.loads((folder / "package.json").read_text("utf-8"))
        licence = str(about.get("license", "none"))
        if not is_permissive(licence):
            raise NotBuilt(f"the licence of {about['name']} is not among the permissive ones: {licence}")
        head = f"{about['name']} {about['version']} ({licence})"
        parts.append("\n".join((head, "-" * len(head), *_texts(folder, about))))
    return "\n\n".join(parts)


def is_permissive(expression: str) -> bool:
    """SPDX: of a choice one will do, of a sum all must."""
    bare = expression.replace("(", " ").replace(")", " ")
    return any(all(one.strip() in PERMISSIVE for one in choice.split(" AND ")) for choice in re.split(r"\sOR\s", bare))


def _texts(folder: Path, about: dict[str, Any]) -> list[str]:
    files = sorted(path for path in folder.iterdir() if any(_fits(path.name, form) for form in LICENCE_FILES))
    if files:
        return [path.read_text("utf-8", "replace").strip() for path in files]
    author = about.get("author", "its authors")
    return [f"Copyright: {author.get('name') if isinstance(author, dict) else author}"]


def _fits(name: str, form: str) -> bool:
    return Path(name.lower()).match(form)


def main() -> None:
    parser = argparse.ArgumentParser(description="Builds the console's pages.")
    parser.add_argument("into", nargs="?", type=Path, default=BUILT)
    try:
        build(parser.parse_args().into.absolute())
    except NotBuilt as reason:
        sys.exit(f"The console was not built: {reason}.")


if __name__ == "__main__":
    main()
