"""The pages of the APIs: they work in a browser, their samples run, their guides say the same in both languages."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.console.conftest import Play
from tests.console.playing import ROOT
from tests.house import KEY, a_client, a_house, serving, working

GUIDES = ROOT / "console" / "src" / "pages" / "docs" / "guides"
NAMES = sorted(path.stem for path in (GUIDES / "en").glob("*.md"))
LANGUAGES = ("en", "zh")
Document = dict[str, Any]
APIS = ("dify", "ragflow", "ragflow-2024", "data", "diglot")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    links = {
        "docs_edit_url": "https://example.org/edit/{path}",
        "docs_report_url": "https://example.org/report?title={title}&page={page}",
    }
    with a_house(tmp_path_factory.mktemp("house") / "data", **links) as one:
        yield one


def test_operations_are_tried_and_samples_run(play: Play, site: str, tmp_path: Path) -> None:
    found = play("docs", key=KEY)
    headers = {"Authorization": f"Bearer {KEY}"}
    dataset = httpx.get(f"{site}/v1/datasets/{found['dataset']}", headers=headers).json()
    assert dataset["name"] == "Tried out"
    assert dataset["document_count"] == 1
    samples = found["samples"]
    assert samples.pop("markdown").startswith("# ")
    for name, sample in samples.items():
        assert KEY not in sample, name
        assert '"records"' in _ran(name, sample, tmp_path), name


def _ran(name: str, sample: str, folder: Path) -> str:
    """What a sample prints as it was copied."""
    if name.startswith("curl"):
        command = ["bash", "-c", sample.replace("curl ", "curl -s ", 1)]
    elif name.startswith("Python"):
        command = [sys.executable, "-c", sample]
    else:
        program = folder / "sample.mjs"
        program.write_text(sample, "utf-8")
        command = ["node", str(program)]
    environment = {**os.environ, "API_KEY": KEY}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, f"{name}: {ran.stderr}\n{sample}"
    return ran.stdout


def test_every_sample_of_every_operation_can_be_read(house: Diglot, browser: str) -> None:
    documents = _documents(a_client(house))
    ran = subprocess.run(
        ["node", str(Path(__file__).with_name("samples.mjs"))],
        input=json.dumps(documents),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    written = json.loads(ran.stdout)
    operations = {one["operationId"] for one in _operations(documents)}
    assert {one["operation"] for one in written} == operations
    for one in written:
        for library in ("requests", "httpx"):
            compile(one[library], one["operation"], "exec")
        assert "undefined" not in one["markdown"], one["operation"]
    shell = "\n".join(one["curl"] for one in written)
    assert subprocess.run(["bash", "-n"], input=shell, text=True, check=False).returncode == 0


def _documents(client: TestClient) -> list[Document]:
    return [client.get(f"/openapi/{api}.json").json() for api in APIS]


def _operations(documents: list[Document]) -> Iterator[Document]:
    for document in documents:
        for path in document["paths"].values():
            yield from path.values()


def _guide(language: str, name: str) -> str:
    return (GUIDES / language / f"{name}.md").read_text("utf-8")


def _parts(text: str, pattern: str) -> list[str]:
    return re.findall(pattern, text, re.MULTILINE | re.DOTALL)


def test_every_guide_is_in_every_language() -> None:
    assert len(NAMES) >= 5
    assert sorted(path.stem for path in (GUIDES / "zh").glob("*.md")) == NAMES
    [listed] = re.findall(r"GUIDES = \[(.*?)\]", (GUIDES / "guides.ts").read_text("utf-8"))
    assert sorted(re.findall(r"[\w-]+", listed)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_guides_say_the_same_in_both_languages(name: str) -> None:
    english, chinese = (_guide(language, name) for language in LANGUAGES)
    for same in (r"^```.*?^```", r"\]\(([^)#]+)", r"^#+ "):
        assert _parts(english, same) == _parts(chinese, same)
    for many in (r"^\|", r"^- ", r"^\d\. "):
        assert len(_parts(english, many)) == len(_parts(chinese, many))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quick_start_runs_as_printed(language: str, tmp_path: Path) -> None:
    blocks = [one for one in _parts(_guide(language, "quick-start"), r"^```sh\n(.*?)^```") if "curl" in one]
    [adding, *asking] = blocks
    adding = adding.replace("handbook.pdf", "handbook.txt")
    (tmp_path / "handbook.txt").write_text("Everybody has thirty days of leave.", "utf-8")
    with a_house(tmp_path / "data") as one, serving(one) as url, working(one), httpx.Client(base_url=url) as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        environment = {**os.environ, "API": f"{url}/v1", "API_KEY": KEY}
        environment["DATASET"] = _shell(adding + "\necho; echo $DATASET", environment, tmp_path).split()[-1]
        _wait(client, environment["DATASET"])
        for block in asking:
            printed = _shell(block.replace("http://127.0.0.1:9380", url), environment, tmp_path)
            assert "thirty days" in printed, printed
        assert len(asking) == 2


def _shell(commands: str, environment: dict[str, str], folder: Path) -> str:
    ran = subprocess.run(
        ["bash", "-euc", commands], env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _wait(client: httpx.Client, dataset: str) -> None:
    deadline = time.monotonic() + 30
    status = ""
    while status != "completed":
        [document] = client.get(f"/v1/datasets/{dataset}/documents").json()["data"]
        status = document["indexing_status"]
        assert status != "error", document["error"]
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def pages(house: Diglot) -> set[str]:
    """Every address below /docs."""
    found = {f"/docs/{api}" for api in APIS}
    for api, document in zip(APIS, _documents(a_client(house)), strict=True):
        found |= {f"/docs/{api}/{one['operationId']}" for one in _operations([document])}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_links_of_guides_lead_somewhere(name: str, language: str, pages: set[str]) -> None:
    for target, _, place in (link.partition("#") for link in _parts(_guide(language, name), r"\]\(([^)]+)\)")):
        if target.endswith(".md"):
            headings = _parts(_guide(language, target.removesuffix(".md")), r"^#+ (.*?)$")
            assert not place or place in {one.lower().replace(" ", "-") for one in headings}, place
        else:
            assert target in pages


@pytest.mark.parametrize("name", NAMES)
def test_commands_and_settings_of_guides_exist(name: str) -> None:
    text = _guide("en", name)
    operating = (ROOT / "docs" / "operating.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in _parts(text, r"\bdiglot ([a-z]+)(?= [a-z]|`|$)"):
        assert f"diglot {command}" in operating + readme, command
    for setting in _parts(text, r"^\| `([a-z_]+)`") if name == "operate" else ():
        assert f"| `{setting}` |" in operating


def test_the_file_of_every_operation_exists(house: Diglot) -> None:
    for operation in _operations(_documents(a_client(house))):
        assert (ROOT / operation["x-source"]).is_file(), operation["operationId"]
