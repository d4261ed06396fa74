"""Each difference in docs/dialects names a test that exists, and every recorded code is in the error table."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "dialects").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_named_tests_are_there(page: Path) -> None:
    named = re.findall(r"`(test_\w+)(?:::(test_\w+))?`", page.read_text())
    assert named
    for module, function in named:
        # One page may speak of several ages, whose tests are apart.
        sources = [path.read_text() for path in Path(__file__).parent.glob(f"*/{module}.py")]
        assert sources, module
        assert not function or any(f"def {function}(" in source for source in sources), (module, function)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_named_files_are_there(page: Path) -> None:
    for path in re.findall(r"`(tests/[\w/.]+)`", page.read_text()):
        assert (ROOT / path).exists(), path
