"""The first account: who may make it, from where, and how often."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.library.accounts import setup_token
from tests.dialects.native.conftest import API
from tests.dialects.native.console import OWN_PAGE, PASSWORD, a_browser, code_of
from tests.house import KEY, a_client, a_house

SETUP = {"name": "Ada", "login": "Ada", "password": PASSWORD}
LOCAL = {"address": "127.0.0.1"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Diglot]:
    with a_house(tmp_path) as one:
        yield one


def _try(browser: TestClient, **changes: str) -> tuple[int, str]:
    answer = browser.post(f"{API}/setup", json=SETUP | changes)
    return (200, "") if answer.status_code == 200 else code_of(answer)


def test_the_first_account_is_logged_in(house: Diglot) -> None:
    browser = a_browser(house, **LOCAL)
    assert browser.get(f"{API}/setup").json() == {"needed": True}
    made = browser.post(f"{API}/setup", json=SETUP)
    assert made.status_code == 200
    user = made.json()["user"]
    assert (user["name"], user["login"], user["role"], user["language"]) == ("Ada", "ada", "owner", None)
    assert made.json()["workspace"]["name"] == "default"
    assert browser.get(f"{API}/session").json() == made.json()
    assert browser.post(f"{API}/session/token", headers=OWN_PAGE).status_code == 200
    assert browser.get(f"{API}/setup").json() == {"needed": False}


def test_it_is_made_once(house: Diglot) -> None:
    assert _try(a_browser(house, **LOCAL)) == (200, "")
    assert _try(a_browser(house, **LOCAL), login="eve") == (409, "already_set_up")


def test_the_key_of_the_installation_is_the_first_owners(house: Diglot) -> None:
    made = a_browser(house, **LOCAL).post(f"{API}/setup", json=SETUP).json()
    (key,) = a_client(house).get(f"{API}/keys").json()["items"]
    assert key["user"] == {"id": made["user"]["id"], "name": "Ada"}
    assert KEY.startswith(key["prefix"])


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "testclient", "127.0.0.1.example", "::ffff:192.0.2.1"])
def test_from_elsewhere_it_takes_the_token(house: Diglot, address: str) -> None:
    browser = a_browser(house, address=address)
    assert _try(browser) == (403, "setup_token_needed")
    token = setup_token(house.database)
    assert token is not None
    assert _try(browser, token=token[:-1]) == (403, "setup_token_needed")
    assert _try(browser, token=token) == (200, "")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:9380", "http://localhost:9380", "http://[::1]:9380"])
def test_from_here_it_takes_none(house: Diglot, address: str, url: str) -> None:
    assert _try(a_browser(house, address=address, url=url)) == (200, "")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_proxy_here_is_not_who_asks(house: Diglot, header: str) -> None:
    assert _try(a_browser(house, "127.0.0.1", **{header: "127.0.0.1"})) == (403, "setup_token_needed")


def test_a_name_that_was_made_to_lead_here_is_not_this_machine(house: Diglot) -> None:
    browser = a_browser(house, "127.0.0.1", "http://attacker.example:9380", Origin="http://attacker.example:9380")
    assert _try(browser) == (403, "setup_token_needed")


@pytest.mark.parametrize(
    "origin", ["http://attacker.example", "null", "http://127.0.0.1:1234", "file://127.0.0.1:9380"]
)
def test_a_page_from_elsewhere_makes_none(house: Diglot, origin: str) -> None:
    assert _try(a_browser(house, "127.0.0.1", Origin=origin)) == (403, "foreign_page")
    assert _try(a_browser(house, "127.0.0.1", Origin="http://127.0.0.1:9380")) == (200, "")


@pytest.mark.parametrize(
    ("changes", "code", "argument"),
    [
        ({"password": "nine char"}, "invalid_argument", "password"),
        ({"login": "a b"}, "invalid_argument", "login"),
        ({"name": " "}, "name_invalid", None),
        ({"nickname": "a"}, "invalid_argument", "nickname"),
    ],
)
def test_what_is_refused(house: Diglot, changes: dict[str, str], code: str, argument: str | None) -> None:
    answer = a_browser(house, **LOCAL).post(f"{API}/setup", json=SETUP | changes)
    assert code_of(answer) == (400, code)
    assert answer.json()["error"].get("argument") == argument
    assert a_browser(house).get(f"{API}/setup").json() == {"needed": True}
