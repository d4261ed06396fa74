"""Names that are kept and names that are refused."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diglot.domain.errors import NameInvalid
from diglot.library.naming import clean_file_name, clean_name


@settings(deadline=None)
@given(st.text())
def test_a_clean_name_stays_as_it_is(text: str) -> None:
    try:
        name = clean_name(text)
    except NameInvalid:
        return
    assert clean_name(name) == name
    assert unicodedata.is_normalized("NFC", name)
    name.encode()
    assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in name)


@pytest.mark.parametrize("text", ["a/b", "a\\b", "..", ".", "/", "C:\\a", "\udcff", "", "\0"])
def test_file_names_are_no_paths(text: str) -> None:
    with pytest.raises(NameInvalid):
        clean_file_name(text)


def test_forms_of_one_name_are_one() -> None:
    assert clean_name(" Cafe\u0301 ") == "Café"
