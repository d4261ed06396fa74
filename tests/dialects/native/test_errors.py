"""The page of our own API names every code, beside its status."""

import re

import pytest

from diglot.http.native.errors import FORMS, PLAIN
from diglot.http.operations import ErrorForm
from tests.dialects.native.conftest import ROOT

PAGE = (ROOT / "docs" / "dialects" / "native.md").read_text("utf-8")
ROWS = {
    status: set(re.findall(r"`(\w+)`", codes))
    for statuses, codes in re.findall(r"^\| ([\d, ]+) \| (.+) \|$", PAGE, re.M)
    for status in statuses.split(", ")
}


@pytest.mark.parametrize("form", dict.fromkeys((*FORMS.values(), *PLAIN.values())), ids=lambda form: form.code)
def test_every_code_is_on_the_page(form: ErrorForm) -> None:
    assert form.code in ROWS[str(form.status)]


def test_the_page_names_no_others() -> None:
    assert set().union(*ROWS.values()) == {form.code for form in (*FORMS.values(), *PLAIN.values())}
