"""What wants to hurt, through the real upload and a worker at work: it costs only itself."""

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from diglot.assembly import Diglot
from tests.fuzz.hostile_files import EITHER, READ, REFUSED
from tests.fuzz.reasons import is_plain
from tests.house import a_house, serving, working
from tests.journeys.site import Shelf, Site, until

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

PARSE_SECONDS = 4.0
LIMITS: dict[str, Any] = {
    "parse_seconds": PARSE_SECONDS,
    "parse_memory_bytes": 400_000_000,
    "file_bytes": 60_000_000,
    "slots": 2,
}
# Two at once, one try each, and the time to begin; measured 20 s alone on two cores.
ALL_SECONDS = 90.0


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house"), **LIMITS) as one, working(one):
        yield one


@pytest.fixture(scope="module")
def site(house: Diglot) -> Iterator[Site]:
    with serving(house) as url:
        one = Site(url)
        yield one
        one.client.close()


@pytest.fixture
def shelf(site: Site) -> Shelf:
    return site.dataset()


def test_each_hostile_file_costs_only_itself(site: Site) -> None:
    hostile, innocent = site.dataset(), site.dataset()
    names = {hostile.add_file(name, one.make())["id"]: name for name, one in (REFUSED | READ).items()}
    names |= {made: name for name, one in EITHER.items() if (made := _offered(hostile, name, one.make()))}
    began = time.monotonic()
    for number in range(5):
        innocent.add_text(f"Zebras graze, herd {number}.")
    # They wait for places, not for the whole queue before them.
    innocents = innocent.all_ended(4 * PARSE_SECONDS + 5)
    assert [one["indexing_status"] for one in innocents] == ["completed"] * 5
    ended = {names[one["id"]]: one for one in hostile.all_ended(ALL_SECONDS)}
    assert time.monotonic() - began < ALL_SECONDS
    assert {name: told for name, one in ended.items() if (told := _wrong(name, one))} == {}
    for one in ended.values():
        if one["indexing_status"] == "error":
            assert hostile.segments(one) == []
    assert "root:" not in str(hostile.records("root", "full_text_search"))


def _offered(shelf: Shelf, name: str, content: bytes) -> str | None:
    """The new document's id; None if the file was refused at the door."""
    files: Any = {"file": (name, content), "data": (None, json.dumps({"indexing_technique": "economy"}))}
    answer = shelf.site.client.post(f"{shelf.path}/document/create-by-file", files=files)
    if answer.status_code == 415:
        return None
    made: str = answer.raise_for_status().json()["document"]["id"]
    return made


def _wrong(name: str, document: dict[str, Any]) -> str:
    """What a document should not have said, or done; nothing if all is well."""
    reason: str = document["error"] or ""
    if name in READ or (name in EITHER and not reason):
        return reason
    if not is_plain(reason):
        return f"not plain: {reason}"
    return "" if name in EITHER or re.search(REFUSED[name].says or "", reason) else reason or "was read"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", "A <b>bold</b> tag & more."),
        ("report.pdf", "Zebras graze."),
        ("letter.docx", "Zebras graze."),
        ("sheet.xlsx", "Zebras graze."),
        ("data.json", "{not json at all"),
        ("data.xml", "a < b & c > d"),
        ("table.csv", 'one, "two'),
        ("notes.md", "# not a heading of ours"),
        ("program.exe", "Zebras graze."),
        ("v1.2", "Zebras graze."),
    ],
)
@pytest.mark.parametrize("spelling", ["create-by-text", "create_by_text"])
def test_a_text_is_a_text_whatever_its_name(shelf: Shelf, name: str, text: str, spelling: str) -> None:
    body = {"name": name, "text": text, "indexing_technique": "high_quality"}
    made = shelf.site.ask("POST", f"{shelf.path}/document/{spelling}", json=body)["document"]
    shown = shelf.ended(made)
    assert (shown["indexing_status"], shown["error"]) == ("completed", None)
    assert [one["content"] for one in shelf.segments(made)] == [text]


@pytest.mark.parametrize("name", ["Dify", "report.pdf", "plain.txt"])
def test_a_file_is_what_it_was_whatever_it_is_called_later(shelf: Shelf, name: str) -> None:
    document = shelf.ready_text("Old.")
    content = b"<html><body><h1>Zebras</h1><p>They graze.</p></body></html>"
    shelf.send_file(f"/documents/{document['id']}/update-by-file", "page.html", content, name=name)
    shown = until(lambda: shelf.document(document), lambda now: now["display_status"] == "available")
    assert shown["name"] == name
    record = shelf.records("graze")[0]
    assert "<" not in record["segment"]["content"]
    assert record["anchors"][0]["headings"] == ["Zebras"]


PLANES = "aé中\u202f\ue000𝒳🦓👩‍👩‍👧𠀀\U000e0041\U000f0000\U0010fffd"


def test_every_plane_comes_back_as_it_went(shelf: Shelf) -> None:
    name, text = f"{PLANES}.txt", f"Zebra {PLANES} e\u0301 \u202eright\u202c to left"
    by_text = shelf.ready_text(text, name=name)
    by_file = shelf.ended(shelf.add_file(name, text.encode()))
    for document in (by_text, by_file):
        assert document["name"] == name
        assert [one["content"] for one in shelf.segments(document)] == [text]
    assert shelf.contents("zebra") == [text, text]
    assert [one["id"] for one in _named(shelf, PLANES)] == [by_file["id"], by_text["id"]]


def _named(shelf: Shelf, keyword: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = shelf.site.ask("GET", f"{shelf.path}/documents", params={"keyword": keyword})["data"]
    return listed


@pytest.mark.parametrize("poison", [r"\u0000", r"\ud800", r"\udfff\ud800"])
@pytest.mark.parametrize("field", ["name", "text"])
def test_nul_and_lone_surrogates_are_refused(shelf: Shelf, poison: str, field: str) -> None:
    raw = json.dumps({"name": "n", "text": "t", "indexing_technique": "economy", field: "POISON"})
    answer = _post(shelf, "/document/create-by-text", raw.replace("POISON", f"a{poison}b"))
    _is_refused(answer, 400, "invalid_param")
    assert shelf.documents() == []
    document = shelf.ready_text("Zebras graze.")
    raw = json.dumps({"segments": [{"content": "POISON"}]}).replace("POISON", poison)
    _is_refused(_post(shelf, f"/documents/{document['id']}/segments", raw), 400, "invalid_param")
    _is_refused(_post(shelf, "/retrieve", '{"query": "POISON"}'.replace("POISON", poison)), 400, "invalid_param")
    assert len(shelf.segments(document)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"{",
        b'{"name": NaN}',
        b'{"name": "n", "text": 1, "indexing_technique": "economy"}',
        b'{"name": {"a": 1}, "text": "t", "indexing_technique": "economy"}',
        b'{"name": "n", "text": "t", "indexing_technique": "thrifty"}',
        b'{"name": "n", "text": "t", "indexing_technique": "economy", "process_rule": []}',
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"\xff\xfe{}",
        b'{"name": "\xc3\x28", "text": "t", "indexing_technique": "economy"}',
    ],
)
def test_wrong_bodies(shelf: Shelf, body: bytes) -> None:
    _is_refused(_post(shelf, "/document/create-by-text", body), 400, "invalid_param")
    assert shelf.documents() == []


def test_256_files_in_one_request(shelf: Shelf) -> None:
    files: list[Any] = [("file", (f"{number}.txt", b"x")) for number in range(256)]
    data = ("data", (None, json.dumps({"indexing_technique": "economy"})))
    answer = shelf.site.client.post(f"{shelf.path}/document/create-by-file", files=[data, *files])
    _is_refused(answer, 400, "too_many_files")
    assert shelf.documents() == []


def test_foreign_ids_look_like_unknown_ids(site: Site, house: Diglot) -> None:
    mine, other = site.dataset(), site.dataset()
    document = other.ready_text("Zebras graze.")
    segment = other.segments(document)[0]["id"]
    unknown = "0192f0c4-7e1a-7c3b-9d52-3f6b8a1c2d3e"
    for path in ("/documents/{}", "/documents/{}/segments", "/documents/{}/segments/" + segment):
        foreign = site.client.get(mine.path + path.format(document["id"]))
        missing = site.client.get(mine.path + path.format(unknown))
        assert foreign.status_code == 404
        assert (foreign.status_code, foreign.json()) == (missing.status_code, missing.json())
    answer = site.client.delete(f"{mine.path}/documents/{document['id']}")
    assert answer.status_code == 404
    assert other.contents("zebras") == ["Zebras graze."]


def test_a_full_queue_says_when_to_come_again(tmp_path: Path) -> None:
    with a_house(tmp_path, queue_limit=3) as house, serving(house) as url:
        site = Site(url)
        shelf = site.dataset()
        answers = [_post(shelf, "/document/create-by-text", A_TEXT) for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 200]
        full = until(lambda: _post(shelf, "/document/create-by-text", A_TEXT), lambda answer: answer.status_code != 200)
        _is_refused(full, 429, "too_many_requests")
        assert int(full.headers["retry-after"]) > 0
        kept = len(shelf.documents())
        with working(house):
            shelf.all_ended()
        until(lambda: _post(shelf, "/document/create-by-text", A_TEXT), lambda answer: answer.status_code == 200)
        assert len(shelf.documents()) == kept + 1
        site.client.close()


def test_a_nearly_full_disk_still_deletes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_house(tmp_path) as house, serving(house) as url:
        site = Site(url)
        shelf = site.dataset()
        document = shelf.add_text("Zebras graze.")
        monkeypatch.setattr(house.documents._capacity, "_disk_reserve_bytes", 1 << 60)
        monkeypatch.setattr("diglot.library.capacity.SMALL_DISK_SHARE", 1.0)
        _is_refused(_post(shelf, "/document/create-by-text", A_TEXT), 507, "insufficient_storage")
        answer = site.client.post(
            f"{shelf.path}/documents/{document['id']}/update-by-text", json={"name": "n", "text": "x"}
        )
        _is_refused(answer, 507, "insufficient_storage")
        assert [blob.size for blob in house.blobs.list()] == [len("Zebras graze.")]
        shelf.site.ask("DELETE", f"{shelf.path}/documents/{document['id']}")
        assert shelf.documents() == []
        shelf.site.ask("DELETE", shelf.path)
        site.client.close()


A_TEXT = json.dumps({"name": "n", "text": "Zebras graze.", "indexing_technique": "economy"})


def _post(shelf: Shelf, path: str, raw: str | bytes) -> httpx.Response:
    return shelf.site.client.post(shelf.path + path, content=raw, headers={"Content-Type": "application/json"})


def _is_refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert answer.json()["message"]
