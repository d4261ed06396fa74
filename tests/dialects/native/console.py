"""Somebody at the console: a browser that keeps its cookie, and the tokens that its page gets."""

from typing import Any

from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.account import Role
from diglot.domain.api_key import Origin
from diglot.http.app import create_app
from tests.dialects.native.conftest import API

PASSWORD = "correct horse battery"
OWN_PAGE = {"X-Diglot-Session": "1"}
HERE = "http://127.0.0.1:9380"


def a_browser(house: Diglot, address: str = "192.0.2.1", url: str = HERE, **headers: str) -> TestClient:
    """Of a machine with this address, at a page of this server."""
    return TestClient(create_app(house), base_url=url, client=(address, 50000), headers=headers)


def set_up(house: Diglot) -> None:
    """Ada is the owner."""
    house.accounts.set_up("Ada", "ada", PASSWORD, Origin(None))


def add(house: Diglot, login: str, role: Role) -> str:
    """The member's id."""
    return house.members.add(house.keys.owner(), login.title(), login, role, PASSWORD)[0].id


def logged_in(house: Diglot, login: str, **options: Any) -> TestClient:
    browser = a_browser(house, **options)
    answer = browser.post(f"{API}/session", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return browser


def token_of(browser: TestClient) -> str:
    answer = browser.post(f"{API}/session/token", headers=OWN_PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


def at_console(house: Diglot, login: str) -> TestClient:
    """Calls the public doors with a token, as the console's page does."""
    token = token_of(logged_in(house, login))
    return a_browser(house, Authorization=f"Bearer {token}")


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]
