"""Logging in and out by HTTP: cookies, tokens, pages of other hosts, waits; and that nothing secret is logged."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.account import Role
from tests.dialects.native.conftest import API
from tests.dialects.native.console import (
    HERE,
    OWN_PAGE,
    PASSWORD,
    a_browser,
    add,
    at_console,
    code_of,
    logged_in,
    set_up,
    token_of,
)
from tests.house import KEY, a_client, a_house

SESSION = f"{API}/session"
CREDENTIALS = {"login": "ada", "password": PASSWORD}
CHANGES = [("POST", f"{SESSION}/token"), ("DELETE", SESSION), ("PUT", f"{SESSION}/password"), ("PATCH", SESSION)]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house")) as one:
        set_up(one)
        add(one, "ed", Role.EDITOR)
        yield one


def _change(browser: TestClient, method: str, path: str, **headers: str) -> tuple[int, str]:
    body = {"PUT": {"current": PASSWORD, "new": PASSWORD}, "PATCH": {"language": "en"}}.get(method)
    answer = browser.request(method, path, json=body, headers=headers)
    return (answer.status_code, "") if answer.status_code < 300 else code_of(answer)


def test_the_cookie_is_for_the_session_alone(house: Diglot) -> None:
    answer = a_browser(house).post(SESSION, json=CREDENTIALS)
    secret, *attributes = answer.headers["set-cookie"].split("; ")
    assert len(secret.removeprefix("diglot_session=")) == 43
    assert set(attributes) == {"Path=/diglot/v1/session", "Max-Age=1209600", "HttpOnly", "SameSite=Strict"}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("url", "headers"), [("https://127.0.0.1:9380", {}), (HERE, {"X-Forwarded-Proto": "https"})], ids=["tls", "proxy"]
)
def test_behind_https_it_is_sent_by_https_alone(house: Diglot, url: str, headers: dict[str, str]) -> None:
    answer = a_browser(house, url=url, **headers).post(SESSION, json=CREDENTIALS)
    assert "Secure" in answer.headers["set-cookie"].split("; ")


def test_the_public_address_tells_of_https_too(tmp_path: Path) -> None:
    with a_house(tmp_path, public_url="https://wiki.example") as house:
        set_up(house)
        outside = a_browser(house, url="http://wiki.example").post(SESSION, json=CREDENTIALS)
        assert "Secure" in outside.headers["set-cookie"].split("; ")
        inside = a_browser(house).post(SESSION, json=CREDENTIALS)
        assert "Secure" not in inside.headers["set-cookie"].split("; ")
        # A proxy may ask under another name than the browser does.
        behind = a_browser(house, url="http://backend:9380", Origin="https://wiki.example")
        assert behind.post(SESSION, json=CREDENTIALS).status_code == 200


def test_a_login_gets_a_new_secret_whatever_the_browser_brought(house: Diglot) -> None:
    browser = a_browser(house, Cookie="diglot_session=" + "x" * 43)
    answer = browser.post(SESSION, json=CREDENTIALS)
    assert "x" * 43 not in answer.headers["set-cookie"]
    first = logged_in(house, "ada").cookies["diglot_session"]
    browser = a_browser(house, Cookie=f"diglot_session={first}")
    assert first not in browser.post(SESSION, json=CREDENTIALS).headers["set-cookie"]


def test_of_several_cookies_none_is_believed(house: Diglot) -> None:
    """Another page of the same host may have planted one; which it is, nobody can tell."""
    own, other = (logged_in(house, login).cookies["diglot_session"] for login in ("ada", "ed"))
    for cookies in (f"diglot_session={own}; diglot_session={other}", f"diglot_session=x; a=b; diglot_session={own}"):
        browser = a_browser(house, Cookie=cookies)
        assert code_of(browser.get(SESSION)) == (401, "session_ended")
        assert code_of(browser.post(f"{SESSION}/token", headers=OWN_PAGE)) == (401, "session_ended")
    assert a_browser(house, Cookie=f"a=b; diglot_session={own}").get(SESSION).status_code == 200


def test_the_cookie_opens_no_other_door(house: Diglot) -> None:
    secret = logged_in(house, "ada").cookies["diglot_session"]
    browser = a_browser(house, Cookie=f"diglot_session={secret}", **OWN_PAGE)
    for path in (f"{API}/members", f"{API}/keys", "/v1/datasets", "/api/v1/datasets", "/v1/data"):
        assert browser.get(path).status_code in (401, 200)
        assert browser.get(path).json() == a_browser(house).get(path).json(), path
    assert code_of(browser.get(f"{API}/members")) == (401, "unauthorized")


def test_an_api_key_opens_no_session(house: Diglot) -> None:
    assert code_of(a_client(house).get(SESSION)) == (401, "session_ended")


@pytest.mark.parametrize(("method", "path"), [("GET", SESSION), *CHANGES])
def test_without_a_session(house: Diglot, method: str, path: str) -> None:
    assert _change(a_browser(house), method, path, **OWN_PAGE) == (401, "session_ended")


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_forms_of_other_pages_are_refused(house: Diglot, method: str, path: str) -> None:
    browser = logged_in(house, "ada")
    assert _change(browser, method, path) == (403, "foreign_page")
    assert _change(browser, method, path, **{"X-Diglot-Session": "0"}) == (403, "foreign_page")
    for origin in ("https://attacker.example", "null", HERE + "0", "http://127.0.0.1", "x", "http://["):
        assert _change(browser, method, path, Origin=origin, **OWN_PAGE) == (403, "foreign_page"), origin
    assert browser.get(SESSION).status_code == 200
    assert _change(browser, method, path, Origin=HERE, **OWN_PAGE)[0] in (200, 204)


def test_no_other_page_logs_anybody_in(house: Diglot) -> None:
    answer = a_browser(house, Origin="https://attacker.example").post(SESSION, json=CREDENTIALS)
    assert code_of(answer) == (403, "foreign_page")
    assert "set-cookie" not in answer.headers


def test_a_token_opens_every_door(house: Diglot) -> None:
    client = at_console(house, "ed")
    for path in ("/v1/datasets", "/api/v1/datasets", f"{API}/settings"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.json().get("code", 0) == 0
    created = client.post("/v1/datasets", json={"name": "the editor's"}).json()
    shown = client.get("/api/v1/datasets", params={"id": created["id"].replace("-", "")}).json()["data"][0]
    assert shown["name"] == "the editor's"
    assert shown["created_by"] != house.keys.owner().user_id


def test_who_logs_out_is_out_at_once(house: Diglot) -> None:
    browser = logged_in(house, "ada")
    client = a_browser(house, Authorization=f"Bearer {token_of(browser)}")
    assert client.get("/v1/datasets").status_code == 200
    answer = browser.delete(SESSION, headers=OWN_PAGE)
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"].split("; ")
    assert client.get("/v1/datasets").status_code == 401
    assert client.get("/api/v1/datasets").json()["code"] != 0
    assert code_of(client.get(f"{API}/settings")) == (401, "session_ended")


def test_wrong_credentials_look_alike(house: Diglot) -> None:
    browser = a_browser(house, "192.0.2.50")
    known = browser.post(SESSION, json=CREDENTIALS | {"password": "not the password"})
    unknown = browser.post(SESSION, json=CREDENTIALS | {"login": "nobody"})
    assert code_of(known) == (401, "invalid_credentials")
    assert known.json() == unknown.json()
    assert set(known.headers) == set(unknown.headers)


def test_whoever_guesses_is_told_to_wait(house: Diglot) -> None:
    browser = a_browser(house, "192.0.2.51")
    for _ in range(5):
        assert browser.post(SESSION, json=CREDENTIALS | {"password": "not the password"}).status_code == 401
    answer = browser.post(SESSION, json=CREDENTIALS)
    assert code_of(answer) == (429, "too_many_attempts")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert a_browser(house, "192.0.2.52").post(SESSION, json=CREDENTIALS).status_code == 200


def test_ones_password_is_changed(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        set_up(house)
        browser, other = logged_in(house, "ada"), logged_in(house, "ada")
        path = f"{SESSION}/password"
        wrong = browser.put(path, json={"current": "not the password", "new": PASSWORD}, headers=OWN_PAGE)
        assert code_of(wrong) == (401, "invalid_credentials")
        short = browser.put(path, json={"current": PASSWORD, "new": "short"}, headers=OWN_PAGE)
        assert short.json()["error"]["argument"] == "new"
        done = browser.put(path, json={"current": PASSWORD, "new": "staple of another kind"}, headers=OWN_PAGE)
        assert done.status_code == 204
        assert browser.get(SESSION).status_code == 200
        assert code_of(other.get(SESSION)) == (401, "session_ended")


def test_nothing_secret_is_logged_or_told_again(house: Diglot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = logged_in(house, "ada")
    token = token_of(browser)
    secret = browser.cookies["diglot_session"]
    client = a_browser(house, Authorization=f"Bearer {token}")
    made = client.post(f"{API}/members", json={"name": "N", "login": "n", "role": "viewer"}).json()
    key = client.post(f"{API}/keys", json={"name": "k", "scopes": ["read"]}).json()["text"]
    a_client(house, key).get("/v1/datasets")
    refused = a_browser(house, "192.0.2.60").post(SESSION, json={"login": "ada", "password": "a guess of mine"})
    lists = client.get(f"{API}/members").text + client.get(f"{API}/keys").text
    told = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    for hidden in (PASSWORD, token, secret, made["password"], key, KEY, "a guess of mine"):
        assert hidden not in told + lists + refused.text
    assert "/session" in told


def test_a_language_stays_with_the_member(house: Diglot) -> None:
    browser = logged_in(house, "ed")
    assert browser.get(SESSION).json()["user"]["language"] is None
    changed = browser.patch(SESSION, json={"language": "zh"}, headers=OWN_PAGE)
    assert (changed.status_code, changed.json()) == (200, browser.get(SESSION).json())
    assert logged_in(house, "ed").get(SESSION).json()["user"]["language"] == "zh"
    assert logged_in(house, "ada").get(SESSION).json()["user"]["language"] != "zh"
    for refused in ("not a tag", "", "x" * 17, "<b>"):
        assert code_of(browser.patch(SESSION, json={"language": refused}, headers=OWN_PAGE))[0] == 400, refused
    assert browser.patch(SESSION, json={"language": None}, headers=OWN_PAGE).json()["user"]["language"] is None
