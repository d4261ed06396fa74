"""The console's texts: the same in each language, and each is used."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.console.playing import ROOT

SOURCES = ROOT / "console" / "src"
LOCALES = SOURCES / "locales"
NAMES = sorted(path.name for path in (LOCALES / "en").glob("*.json"))
# English has two numbers, Chinese one.
PLURAL = re.compile(r"_(zero|one|two|few|many|other)$")


def texts(language: str, name: str) -> dict[str, str]:
    return dict(_leaves(json.loads((LOCALES / language / name).read_text("utf-8")), ""))


def _leaves(tree: dict[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield above + key, value


def test_both_languages_have_the_same_files() -> None:
    assert sorted(path.name for path in (LOCALES / "zh").glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same(name: str) -> None:
    english, chinese = ({PLURAL.sub("", key) for key in texts(language, name)} for language in ("en", "zh"))
    assert english ^ chinese == set()


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_leave_the_same_gaps(name: str) -> None:
    chinese = {PLURAL.sub("", key): _gaps(text) for key, text in texts("zh", name).items()}
    for key, text in texts("en", name).items():
        same = chinese[PLURAL.sub("", key)]
        # "Its document" and "nothing found" need not count.
        assert _gaps(text) == same or (key.endswith(("_one", "_zero")) and _gaps(text) < same), key


def _gaps(text: str) -> set[str]:
    return set(re.findall(r"\{\{\s*(\w+)[^}]*\}\}", text))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_empty(language: str, name: str) -> None:
    assert [key for key, text in texts(language, name).items() if not text.strip()] == []


def test_no_text_of_a_document_can_become_markup() -> None:
    dangerous = re.compile(
        r"dangerouslySetInnerHTML|\.innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    found = [str(path.relative_to(ROOT)) for path in _code() if dangerous.search(path.read_text("utf-8"))]
    assert found == []


def _code() -> Iterator[Path]:
    yield from SOURCES.rglob("*.ts")
    yield from SOURCES.rglob("*.tsx")
