"""The console and the API pages: what is served, with which headers, and what is not."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.http.app import create_app

PAGE = b'<meta name="csp-nonce" content="%NONCE%" />'
SCRIPT = b"export const truth = 42;\n" * 100
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

Serve = Callable[[Path], TestClient]


@pytest.fixture
def serve(house: Diglot) -> Serve:
    return lambda folder: TestClient(create_app(house, folder), follow_redirects=False)


@pytest.fixture
def client(serve: Serve, tmp_path: Path) -> TestClient:
    built = tmp_path / "built"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_bytes(b"console " + PAGE)
    (built / "docs.html").write_bytes(b"docs " + PAGE)
    (built / "icon.svg").write_bytes(b"<svg/>")
    (built / "assets" / "index-Abc123.js").write_bytes(SCRIPT)
    (tmp_path / "secret.txt").write_text("outside")
    return serve(built)


@pytest.mark.parametrize("path", ["/console/", "/console/datasets/12/lab", "/console/index.html", "/console/no.such"])
def test_every_place_of_the_console_is_its_one_page(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("console ")


@pytest.mark.parametrize("path", ["/docs", "/docs/", "/docs/dify", "/docs/ragflow-2024/op", "/docs/guides/quick-start"])
def test_every_place_of_the_documentation_is_its_one_page(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.text.startswith("docs ")


def test_a_page_has_a_nonce_that_nobody_had_before(client: TestClient) -> None:
    seen = set()
    for path in ("/console/", "/console/", "/docs"):
        answer = client.get(path)
        [nonce] = re.findall(r'content="([\w-]{20,})"', answer.text)
        assert f"style-src 'self' 'nonce-{nonce}';" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-cache"
        assert "etag" not in answer.headers
        seen.add(nonce)
    assert len(seen) == 3


@pytest.mark.parametrize(("path", "connections"), [("/console/", "'self'"), ("/docs", "'self' http: https:")])
def test_what_a_page_may_do(client: TestClient, path: str, connections: str) -> None:
    headers = client.get(path).headers
    policy = dict(one.split(maxsplit=1) for one in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == connections
    assert policy["img-src"] == "'self' blob: data:"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_files_named_by_their_content_are_kept_for_ever(client: TestClient) -> None:
    answer = client.get("/console/assets/index-Abc123.js")
    assert answer.content == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_other_files_are_asked_for_again_and_not_sent_twice(client: TestClient) -> None:
    first = client.get("/console/icon.svg")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/console/icon.svg", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get("/console/icon.svg", headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize(("accepted", "is_packed"), [("gzip, br", True), ("br", False), ("gzip;q=0", False)])
def test_files_are_packed_for_those_who_can_unpack_them(client: TestClient, accepted: str, is_packed: bool) -> None:
    with client.stream("GET", "/console/assets/index-Abc123.js", headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
        assert (answer.headers.get("content-encoding") == "gzip") is is_packed
    assert answer.headers["vary"] == "accept-encoding"
    assert int(answer.headers["content-length"]) == len(body)
    assert (gzip.decompress(body) if is_packed else body) == SCRIPT
    assert (len(body) < len(SCRIPT)) is is_packed


@pytest.mark.parametrize(
    "path",
    [
        "/console/assets/index-Old999.js",
        "/console/assets/%2e%2e/%2e%2e/secret.txt",
        "/console/assets/..%2f..%2fsecret.txt",
        "/console/%2e%2e/secret.txt",
        "/console/..%5csecret.txt",
        "/console//etc/passwd",
        "/docs/%2e%2e/%2e%2e/secret.txt",
    ],
)
def test_nothing_outside_the_folder_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert "outside" not in answer.text
    assert "root:" not in answer.text
    # What is missing among the named files is no page: browsers would take it for the script that they asked for.
    assert (answer.status_code == 404) is path.startswith("/console/assets/")


def test_the_way_to_the_console(client: TestClient) -> None:
    assert client.get("/console").headers["location"] == "/console/"
    assert client.get("/console?lang=zh").headers["location"] == "/console/?lang=zh"
    assert client.get("/", headers=HTML).headers["location"] == "/console/"
    assert client.get("/", headers=HTML).status_code == 307
    assert client.get("/", headers={"Accept": "application/json"}).status_code == 404
    assert client.get("/consoles").status_code == 404
    assert client.get("/docsy").status_code == 404


def test_only_get_and_head_are_answered(client: TestClient) -> None:
    assert client.post("/console/").status_code == 405
    assert client.delete("/docs").headers["allow"] == "GET, HEAD"
    assert client.head("/console/").status_code == 200


def test_without_its_files_the_console_says_so_and_all_else_works(serve: Serve, tmp_path: Path) -> None:
    client = serve(tmp_path / "built")
    for path in ("/console/", "/console/login", "/docs", "/docs/dify"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "make console" in answer.text
        assert answer.headers["content-type"].startswith("text/plain")
    assert client.get("/healthz").status_code == 200
    assert client.get("/openapi/dify.json").status_code == 200


def test_files_that_come_later_are_found(serve: Serve, tmp_path: Path) -> None:
    client = serve(tmp_path)
    assert client.get("/console/").status_code == 404
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "docs.html").write_bytes(PAGE)
    assert client.get("/console/").status_code == 200


def test_pages_are_counted_by_the_part_of_the_site(client: TestClient) -> None:
    client.get("/console/datasets/0192f0c4")
    text = client.get("/metrics").text
    assert 'dialect="pages",method="GET",status="200",template="/console"' in text
    assert "0192f0c4" not in text
