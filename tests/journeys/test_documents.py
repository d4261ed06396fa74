"""Documents from upload to hit and to their end, by HTTP, with a worker at work."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.site import A_CHUNK_A_LINE, Shelf, Site, until

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
DOCUMENTS = ROOT.parent / "shared" / "documents"
LATEST = 1.0
"""Seconds until an edit is found."""


@pytest.mark.parametrize(
    ("name", "question", "words", "place"),
    [
        ("halvern-railway-handbook.pdf", "winter service", "Winter service", {"page": 2}),
        ("observatory-visitor-guide.md", "who ground the lens", "Vall refractor", {"heading": "The Vall refractor"}),
        ("observatory-questions.html", "gravel path electric cart", "gravel path", {"heading": "How do I get there"}),
        ("railway-maintenance-plan.docx", "vehicles", "ehicles", {"heading": "Vehicles"}),
        ("railway-timetable.xlsx", "fleet", "Fleet", {"sheet": "Fleet"}),
        ("observatory-night-log.txt", "observer Petra Lindqvist", "Petra Lindqvist", {"start": 0}),
        ("云岭茶叶合作社章程.docx", "社员退社股金退还", "退社", {"heading": "第二章 社员"}),
        ("高山茶制作工艺.md", "绿茶杀青的温度", "二百四十摄氏度", {"heading": "三、杀青"}),
        ("古道驿站游客须知.txt", "退房时间", "退房时间", {"start": 0}),
        ("茶园产量与价格.xlsx", "零售价格", "零售价格", {"sheet": "零售价格"}),
    ],
)
def test_samples_are_found_with_their_places(
    shelf: Shelf, name: str, question: str, words: str, place: dict[str, Any]
) -> None:
    shown = shelf.ended(shelf.add_file(name, (SAMPLES / name).read_bytes()))
    assert (shown["indexing_status"], shown["error"]) == ("completed", None)
    assert shown["segment_count"] > 0
    found = [record for record in shelf.records(question) if words in record["segment"]["content"]]
    assert found
    assert any(_stands_at(anchor, place) for record in found for anchor in record["anchors"]), found


def test_what_is_said_is_found_with_its_time(shelf: Shelf) -> None:
    cues = ("<v Ann>The funicular", "<v Ann>climbs at noon.", "<v Bob>And when does it rest?")
    times = ("01:00:00.000 --> 01:00:02.500", "01:00:02.500 --> 01:00:04.000", "01:00:04.000 --> 01:00:06.000")
    content = "WEBVTT\n\n" + "\n\n".join(f"{time}\n{cue}" for time, cue in zip(times, cues, strict=True))
    shown = shelf.ended(shelf.add_file("trip.vtt", content.encode()))
    assert (shown["indexing_status"], shown["error"]) == ("completed", None)
    (record,) = shelf.records("When does the funicular climb?")
    assert record["segment"]["content"] == "Ann: The funicular climbs at noon.\nBob: And when does it rest?"
    (anchor,) = record["anchors"]
    assert (anchor["start_ms"], anchor["end_ms"]) == (3_600_000, 3_606_000)
    assert content[anchor["start"] : anchor["end"]].startswith("The funicular")


def _stands_at(anchor: dict[str, Any], place: dict[str, Any]) -> bool:
    if "heading" in place:
        return any(place["heading"] in heading for heading in anchor.get("headings", ()))
    return all(anchor.get(name) == value for name, value in place.items())


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("zh_law_gb18030.txt", "电子签名"),
        ("zh_law_utf16.txt", "电子签名"),
        ("zh_law_labour.pdf", "同工同酬"),
        ("zh_qa.xlsx", "黑豹队"),
        ("zh_notes.md", None),
        ("en_qa.csv", "Panthers"),
        ("powerpoint_sample.pptx", "second slide"),
        ("factbook.xml", "France"),
        ("simple.json", "element_id"),
        ("formatting.html", "strikethrough"),
        ("settings.properties", "知识库"),
        ("sample_code.py", "rectangle"),
        ("word_sample.docx", "drink water"),
        ("legacy_sample.xls", "Freshwater Ducks"),
        ("odf_table_with_title_01.ods", None),
    ],
)
def test_real_documents_are_completed(shelf: Shelf, name: str, words: str | None) -> None:
    shown = shelf.ended(shelf.add_file(name, (DOCUMENTS / name).read_bytes(), doc_language="Chinese"))
    assert (shown["indexing_status"], shown["error"]) == ("completed", None)
    if words is not None:
        assert any(words.lower() in content.lower() for content in shelf.contents(words))


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", ""),
        ("utf-8", "\ufeff"),
        ("gb18030", ""),
        ("big5", ""),
        ("utf-16-le", ""),
        ("utf-16-le", "\ufeff"),
        ("utf-16-be", ""),
        ("utf-16-be", "\ufeff"),
    ],
)
def test_texts_in_encodings_of_their_time(shelf: Shelf, encoding: str, mark: str) -> None:
    text = mark + "我們的電池可以使用十小時，充電需要兩小時。請不要把電池放進水裡，也不要讓小孩單獨使用這個產品。\n" * 5
    shown = shelf.ended(shelf.add_file("說明.txt", text.encode(encoding)))
    assert shown["indexing_status"] == "completed", shown["error"]
    assert "可以使用十小時" in shelf.contents("電池可以使用")[0]


@pytest.mark.parametrize("indexing", ["economy", "high_quality"])
@pytest.mark.parametrize("way", ["text", "file", "original_document_id", "duplicate"])
def test_the_old_serves_until_the_new_is_ready(site: Site, indexing: str, way: str) -> None:
    shelf = site.dataset()
    document = shelf.ready_text("Zebras graze.", name="story.txt", indexing_technique=indexing)
    seen: list[list[str]] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            seen.append(shelf.contents("zebras okapis"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        updated = UPDATES[way](shelf, document["id"])
        assert updated["id"] == document["id"]
        shown = until(lambda: shelf.document(document), lambda now: now["display_status"] == "available")
    finally:
        time.sleep(0.05)
        stop.set()
        watcher.join()
    assert shown["segment_count"] == 1
    assert shelf.contents("zebras okapis") == ["Okapis graze."]
    assert {tuple(one) for one in seen} <= {("Zebras graze.",), ("Okapis graze.",)}
    assert len(shelf.documents()) == 1


UPDATES: dict[str, Callable[[Shelf, str], dict[str, Any]]] = {
    "text": lambda shelf, identity: shelf.site.ask(
        "POST",
        f"{shelf.path}/documents/{identity}/update-by-text",
        json={"name": "story.txt", "text": "Okapis graze."},
    )["document"],
    "file": lambda shelf, identity: shelf.send_file(
        f"/documents/{identity}/update-by-file", "story.txt", b"Okapis graze."
    ),
    "original_document_id": lambda shelf, identity: shelf.add_file(
        "story.txt", b"Okapis graze.", original_document_id=identity
    ),
    "duplicate": lambda shelf, _: shelf.add_file("story.txt", b"Okapis graze.", duplicate=True),
}


def test_a_failed_update_leaves_the_old(shelf: Shelf) -> None:
    document = shelf.ready_text("Zebras graze.")
    shelf.send_file(f"/documents/{document['id']}/update-by-file", "story.pdf", b"%PDF-1.7 and no more")
    shown = until(lambda: shelf.document(document), lambda now: now["indexing_status"] == "error")
    assert shown["error"]
    assert shelf.contents("zebras") == ["Zebras graze."]


def test_pairs_of_question_and_answer(shelf: Shelf) -> None:
    text = "Q: How long does the battery last?\nA: Ten hours.\n\n问：保修多久？\n答：两年。"
    document = shelf.ready_text(text, doc_form="qa_model")
    pairs = [(one["content"], one["answer"]) for one in shelf.segments(document)]
    assert pairs == [("How long does the battery last?", "Ten hours."), ("保修多久？", "两年。")]
    assert shelf.records("battery")[0]["segment"]["answer"] == "Ten hours."


def test_no_pairs_are_an_error(shelf: Shelf) -> None:
    shown = shelf.ended(shelf.add_text("Zebras graze.", doc_form="qa_model"))
    assert (shown["indexing_status"], shown["display_status"]) == ("error", "error")
    assert "question-and-answer pairs" in shown["error"]


def test_chunks_by_hand_are_found_at_once(shelf: Shelf) -> None:
    document = shelf.ready_text("Cats sleep.\nDogs bark.", process_rule=A_CHUNK_A_LINE)
    where = f"{shelf.path}/documents/{document['id']}/segments"
    added = shelf.site.ask("POST", where, json={"segments": [{"content": "Zebras graze."}]})["data"][0]
    _soon(shelf, "zebras", ["Zebras graze."])
    one = f"{where}/{added['id']}"
    shelf.site.ask("POST", one, json={"segment": {"content": "Okapis graze."}})
    _soon(shelf, "okapis", ["Okapis graze."])
    assert shelf.contents("zebras") == []
    shelf.site.ask("POST", one, json={"segment": {"enabled": False}})
    assert shelf.contents("okapis") == []
    shelf.site.ask("POST", one, json={"segment": {"enabled": True}})
    _soon(shelf, "okapis", ["Okapis graze."])
    shelf.site.ask("DELETE", one)
    assert shelf.contents("okapis") == []
    assert [one["content"] for one in shelf.segments(document)] == ["Cats sleep.", "Dogs bark."]


def _soon(shelf: Shelf, question: str, contents: list[str]) -> None:
    until(lambda: shelf.contents(question), lambda found: found == contents, LATEST)


@pytest.mark.parametrize(("off", "on"), [("disable", "enable"), ("archive", "un_archive")])
def test_documents_off_and_on(shelf: Shelf, off: str, on: str) -> None:
    document = shelf.ready_text("Zebras graze.")
    shelf.ready_text("Okapis graze.")
    ids = {"document_ids": [document["id"]]}
    shelf.site.ask("PATCH", f"{shelf.path}/documents/status/{off}", json=ids)
    assert shelf.contents("graze") == ["Okapis graze."]
    shelf.site.ask("PATCH", f"{shelf.path}/documents/status/{on}", json=ids)
    until(lambda: sorted(shelf.contents("graze")), lambda found: len(found) == 2, LATEST)


def test_what_is_deleted_is_gone_at_once(shelf: Shelf) -> None:
    document = shelf.ready_text("Zebras graze.")
    other = shelf.ready_text("Okapis graze.")
    shelf.site.ask("DELETE", f"{shelf.path}/documents/{document['id']}")
    assert shelf.contents("graze") == ["Okapis graze."]
    assert [one["id"] for one in shelf.documents()] == [other["id"]]
    shelf.site.ask("DELETE", shelf.path)
    for path in ("", "/documents", f"/documents/{other['id']}"):
        assert shelf.site.client.get(shelf.path + path).status_code == 404
    listed = shelf.site.ask("GET", "/datasets", params={"limit": 100})["data"]
    assert shelf.path.rpartition("/")[2] not in [one["id"] for one in listed]


def test_deleting_while_it_is_worked_on(shelf: Shelf) -> None:
    stays = shelf.ready_text("Zebras graze.")
    for number in range(6):
        made = shelf.add_text("\n".join(f"Okapi {line} of {number} grazes." for line in range(500)))
        time.sleep(0.02 * number)
        shelf.site.ask("DELETE", f"{shelf.path}/documents/{made['id']}")
        assert shelf.contents("okapi") == []
    shelf.ready_text("Cats sleep.")
    assert shelf.contents("okapi") == []
    assert stays["id"] in [one["id"] for one in shelf.documents()]
    counted = shelf.site.ask("GET", shelf.path)
    assert (counted["document_count"], counted["total_available_documents"], counted["word_count"]) == (2, 2, 24)


def test_two_uploads_at_once(shelf: Shelf) -> None:
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda word: shelf.add_file("same.txt", f"{word} graze.".encode()), ("Zebras", "Okapis")))
    assert {shelf.ended(one)["indexing_status"] for one in made} == {"completed"}
    assert sorted(one["position"] for one in made) == [1, 2]
    assert sorted(shelf.contents("graze")) == ["Okapis graze.", "Zebras graze."]


def test_many_hands_upload(shelf: Shelf) -> None:
    hands, each = 8, 20

    def upload(hand: int) -> list[dict[str, Any]]:
        return [shelf.add_text(f"word{hand}x{number}", indexing_technique="economy") for number in range(each)]

    with ThreadPoolExecutor(hands) as pool:
        made = [one for some in pool.map(upload, range(hands)) for one in some]
    assert sorted(one["position"] for one in made) == list(range(1, hands * each + 1))
    listed = shelf.all_ended()
    assert {one["indexing_status"] for one in listed} == {"completed"}
    assert {one["id"] for one in listed} == {one["id"] for one in made}
    for hand in range(hands):
        assert shelf.contents(f"word{hand}x{each - 1}")[0] == f"word{hand}x{each - 1}"
