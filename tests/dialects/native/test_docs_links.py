"""Where the documentation's pages are changed: told to whoever reads them."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from diglot.http.app import create_app
from diglot.settings import Settings
from tests.dialects.native.conftest import API
from tests.house import a_house

EDIT = "https://example.org/edit/main/{path}"


def test_none_until_they_are_set(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        assert TestClient(create_app(house)).get(f"{API}/docs-links").json() == {"edit": None, "report": None}


def test_as_the_operator_has_set_them_and_without_a_key(tmp_path: Path) -> None:
    with a_house(tmp_path, docs_edit_url=EDIT) as house:
        assert TestClient(create_app(house)).get(f"{API}/docs-links").json() == {"edit": EDIT, "report": None}


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//example.org", "https:// example.org"])
def test_what_is_no_link_is_refused(link: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        Settings.for_tests(tmp_path, docs_report_url=link)
