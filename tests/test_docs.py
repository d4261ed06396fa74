"""What a reader is promised to find in the documents is there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from diglot.cli.main import COMMANDS, app
from diglot.settings import Settings
from tests.house import KEY, a_house, serving, working

ROOT = Path(__file__).parents[1]
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `{name}` |" in OPERATING
    assert Settings.model_fields[name].description in OPERATING


@pytest.mark.parametrize("command", [*COMMANDS, *(group.name for group in app.registered_groups)])
def test_every_command_is_named(command: str) -> None:
    assert f"diglot {command}" in README + OPERATING


@pytest.mark.parametrize(
    "document", ["README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
)
def test_every_path_that_is_named_exists(document: str) -> None:
    named = re.findall(
        r"`((?:src|tests|docs|benchmarks|samples|tools)/[\w./-]*)`", (ROOT / document).read_text("utf-8")
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("client", ["dify_dataset_sdk", "ragflow_sdk"])
def test_the_clients_in_the_readme_work_as_printed(client: str, tmp_path: Path) -> None:
    [code] = [one for one in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if client in one]
    # RAGFlow's clients of all ages have one name, so each lives apart.
    environment = {**os.environ, "KEY": KEY, "PYTHONPATH": str(Path(sys.prefix) / "ragflow-sdks" / "0.27.3")}
    with a_house(tmp_path / "data") as house, serving(house) as url, working(house):
        command = [sys.executable, "-c", code.replace("http://127.0.0.1:9380", url)]
        ran = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
    assert ran.returncode == 0, ran.stderr
    assert "pip" in ran.stdout


def test_every_decision_has_its_parts() -> None:
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        text = path.read_text("utf-8")
        assert all(part in text for part in ("**Context.**", "**Decision.**", "**Consequences.**")), path.name
