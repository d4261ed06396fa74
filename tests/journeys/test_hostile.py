"""What wants to hurt, through the real upload and a worker at work: it costs only itself."""

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from diglot.assembly import Diglot
from tests.adapters.parsers.crafting import docx, paragraph, pdf, pdf_of_contents, pptx, shape, xlsx, zipped
from tests.house import a_house, serving, working
from tests.journeys.site import Shelf, Site, until

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

PARSE_SECONDS = 4.0
LIMITS: dict[str, Any] = {"parse_seconds": PARSE_SECONDS, "parse_memory_bytes": 400_000_000, "slots": 2}
# Two at once, one try each, and the time to begin; measured 20 s alone on two cores.
ALL_SECONDS = 90.0

ENTITIES = "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
BOMB = f"<!DOCTYPE x [<!ENTITY a0 'boom boom'>{ENTITIES}]><x>&a9;</x>".encode()
FAR = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'
LOCKED_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000


def _encrypted(content: bytes) -> bytes:
    return content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")


def _locked_pdf() -> bytes:
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <" + b"00" * 32 + b"> /U <" + b"00" * 32 + b"> /P -1 >> "
    return pdf_of_contents([b"BT ET"]).replace(b"<< /Size", b"<< " + lock + b"/Size")


FAILING: dict[str, bytes] = {
    "zip bomb.docx": docx(paragraph("x" * 40_000_000)),
    "paragraphs.docx": docx(paragraph("w") * 1_000_000),
    "locked.docx": _encrypted(docx(paragraph("x"))),
    "locked too.docx": LOCKED_OLE,
    "dtd.docx": zipped({"word/document.xml": BOMB}),
    "half.docx": docx(paragraph("x") * 50)[:300],
    "empty.docx": docx(""),
    "far.xlsx": xlsx(FAR),
    "half.xlsx": xlsx(FAR)[:400],
    "half.pptx": pptx(shape("text"))[:500],
    "empty.pptx": pptx(""),
    "operators.pdf": pdf_of_contents([b"BT /F1 9 Tf " + b"(words words) Tj " * 2_500_000 + b"ET"]),
    "locked.pdf": _locked_pdf(),
    "head alone.pdf": b"%PDF-1.7\n",
    "no page.pdf": pdf([[]]),
    "noise.pdf": b"%PDF-1.4\n" + random.Random(1).randbytes(100_000),
    "blocks.md": b"a\n\n" * 450_000,
    "empty.txt": b"",
    "spaces.html": b" \n \n",
}
# Odd, but there is text in them.
READ: dict[str, bytes] = {
    "deep.html": b"<div>" * 200_000 + b"words",
    "deep.json": b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    "deep.xml": b"<a>" * 100_000 + b"words" + b"</a>" * 100_000,
    "bomb.xml": BOMB,
    "outside.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>before &e; after</x>',
    "long.csv": b"a,b\n" + b'"' + b"x" * 1_000_000,
    "truncated.json": b'{"a": [1, 2',
    "page named.docx": b"<!doctype html><html><body>words</body></html>",
    "pdf named.txt": b"words %PDF-1.4 words",
}


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
    expected = {hostile.add_file(name, content)["id"]: name for name, content in (FAILING | READ).items()}
    began = time.monotonic()
    for number in range(5):
        innocent.add_text(f"Zebras graze, herd {number}.")
    # They wait for places, not for the whole queue before them.
    innocents = innocent.all_ended(4 * PARSE_SECONDS + 5)
    assert [one["indexing_status"] for one in innocents] == ["completed"] * 5
    ended = hostile.all_ended(ALL_SECONDS)
    assert time.monotonic() - began < ALL_SECONDS
    wrong = [
        (expected[one["id"]], one["indexing_status"], one["error"])
        for one in ended
        if (one["indexing_status"] == "error") != (expected[one["id"]] in FAILING)
    ]
    assert wrong == []
    for one in ended:
        if one["indexing_status"] == "error":
            _is_a_plain_reason(one["error"])
            assert hostile.segments(one) == []
    assert "root:" not in str(hostile.records("root", "full_text_search"))


def _is_a_plain_reason(reason: str) -> None:
    assert reason.endswith("."), reason
    assert 10 < len(reason) < 200
    assert not any(word in reason for word in ("Error", "Traceback", "Exception", "Internal", "/tmp", "None"))


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
