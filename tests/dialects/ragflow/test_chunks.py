"""Chunks by hand, through RAGFlow's API."""

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from diglot.assembly import Diglot
from diglot.domain.rules import ChunkMethod
from diglot.http.ragflow.chunks import OPERATIONS
from tests.dialects.ragflow.places import (
    API,
    PIXEL,
    SAMPLE,
    UNKNOWN,
    Place,
    a_dataset,
    a_document,
    a_place,
    seconds_until,
)
from tests.house import a_client, working

DOCUMENTS = Path(__file__).parents[3] / "../shared/documents"


@pytest.fixture
def place(house: Diglot) -> Place:
    return a_place(house)


@pytest.fixture
def filled(place: Place) -> tuple[Place, str, list[str]]:
    """The document, the chunk "ragflow test upload", and four others."""
    first = place.add("ragflow test upload")["id"]
    return place, first, [place.add(f"chunk test {number}")["id"] for number in range(4)]


def test_what_is_added_is_answered(place: Place) -> None:
    added = place.add(
        "The battery lasts ten hours.", important_keywords=["battery"], questions=[" How long? ", " "], tag_kwd=["a"]
    )
    times = {"create_time": added["create_time"], "create_timestamp": added["create_timestamp"]}
    assert added == times | {
        "id": added["id"],
        "content": "The battery lasts ten hours.",
        "document_id": place.document,
        "dataset_id": place.dataset,
        "important_keywords": ["battery"],
        "questions": ["How long?"],
        "tag_kwd": ["a"],
        "doc_type_kwd": "text",
    }
    assert len(times["create_time"]) == 19


def test_a_listed_chunk(place: Place) -> None:
    added = place.add("The battery lasts ten hours.", tag_feas={" power ": 2})
    [listed] = place.listed()["chunks"]
    assert listed == {
        "id": added["id"],
        "content": "The battery lasts ten hours.",
        "document_id": place.document,
        "docnm_kwd": "test.txt",
        "important_keywords": [],
        "tag_kwd": [],
        "questions": [],
        "dataset_id": place.dataset,
        "image_id": "",
        "doc_type_kwd": "text",
        "available": True,
        "positions": [],
    }
    [by_id] = place.listed(id=added["id"])["chunks"]
    assert by_id == listed | {"tag_feas": {"power": 2.0}}


def test_a_single_chunk_has_the_engine_s_names(place: Place) -> None:
    added = place.add("x", important_keywords=["k"], questions=["q?"], tag_kwd=["t"])
    body = place.client.get(f"{place.chunks}/{added['id']}").json()
    assert body == {
        "code": 0,
        "message": "success",
        "data": {
            "id": added["id"],
            "content_with_weight": "x",
            "doc_id": place.document,
            "kb_id": place.dataset,
            "docnm_kwd": "test.txt",
            "important_kwd": ["k"],
            "question_kwd": ["q?"],
            "tag_kwd": ["t"],
            "tag_feas": {},
            "img_id": "",
            "doc_type_kwd": "text",
            "available_int": 1,
            "position_int": [],
            "create_time": added["create_time"],
            "create_timestamp_flt": added["create_timestamp"],
        },
    }


LISTS = ("important_keywords", "questions", "tag_kwd")
WEIGHTS = "`tag_feas` must be an object mapping string tags to finite numeric scores"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "`content` is required"),
        ({"content": " "}, "`content` is required"),
        ({"content": None}, "`content` is required"),
        ({"content": 5}, "`content` is required"),
        *(({"content": "x", name: "abc"}, f"`{name}` is required to be a list") for name in LISTS),
        *(({"content": "x", name: None}, f"`{name}` is required to be a list") for name in LISTS),
        *(({"content": "x", name: [1]}, f"`{name}` must be a list of strings") for name in LISTS),
        ({"content": "x", "tag_feas": ["a"]}, WEIGHTS),
        ({"content": "x", "tag_feas": {" ": 1}}, "`tag_feas` keys must be non-empty strings"),
        ({"content": "x", "tag_feas": {"a": True}}, "`tag_feas` values must be finite numbers"),
        ({"content": "x", "image_base64": ""}, "`image_base64` must be a non-empty string"),
        ({"content": "x", "image_base64": "%%"}, "Invalid `image_base64`"),
        ({"content": "x", "image_base64": "PGh0bWw+"}, "Invalid `image_base64`"),
    ],
)
def test_what_cannot_be_added(place: Place, sent: dict[str, Any], message: str) -> None:
    assert place.client.post(place.chunks, json=sent).json() == {"code": 102, "message": message}
    assert place.listed()["total"] == 0


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("words", [["a", "b", "c"], [""], ["a", "a"]])
def test_words_come_back_as_they_were_sent(place: Place, name: str, words: list[str]) -> None:
    added = place.add("chunk test", **{name: words})
    assert added[name] == (words if name != "questions" else [word for word in words if word])


def test_the_same_content_twice_is_one_chunk(place: Place) -> None:
    first, second = place.add("chunk test"), place.add("chunk test", important_keywords=["later"])
    assert first["id"] == second["id"]
    listed = place.listed()
    assert (listed["total"], listed["doc"]["chunk_count"]) == (1, 2)
    assert listed["chunks"][0]["important_keywords"] == ["later"]
    assert place.delete({"chunk_ids": [first["id"]]})["code"] == 0
    assert place.counts() == (0, 0)


def test_a_chunk_added_needs_no_parsing(place: Place) -> None:
    place.add("UNIQUE_CONTENT_12520")
    place.follow()
    assert place.found("UNIQUE_CONTENT_12520") == ["UNIQUE_CONTENT_12520"]
    assert place.listed()["doc"]["run"] == "UNSTART"


def test_the_list_of_a_document_never_parsed(place: Place) -> None:
    listed = place.listed()
    assert (listed["total"], listed["chunks"], listed["doc"]["id"]) == (0, [], place.document)


def test_order_and_pages(filled: tuple[Place, str, list[str]]) -> None:
    place, first, others = filled
    everything = [first, *others]
    assert place.ids() == everything
    for query, expected in [
        ({"page": 2, "page_size": 2}, everything[2:4]),
        ({"page": "3", "page_size": 2}, everything[4:]),
        ({"page": 4, "page_size": 2}, []),
        ({"page": "a", "page_size": 2}, everything[:2]),
        ({"page": -1, "page_size": 2}, everything[:2]),
        ({"page_size": 0}, everything),
        ({"page_size": "a"}, everything),
        ({"page_size": 1}, everything[:1]),
        ({"offset": 2, "limit": 2}, everything[2:4]),
        ({"offset": 0, "limit": 30}, everything),
        ({"page_size": 1024}, everything),
        ({"a": "b"}, everything),
    ]:
        listed = place.listed(**query)
        assert ([chunk["id"] for chunk in listed["chunks"]], listed["total"]) == (expected, 5), query
    too_many = place.client.get(place.chunks, params={"page_size": 101}).json()
    assert too_many == {"code": 101, "message": "page_size must be less than or equal to 100"}


@pytest.mark.parametrize(
    ("keywords", "total"),
    [
        ("", 5),
        (" ", 5),
        ("1", 1),
        ("chunk", 4),
        ("CHUNK", 4),
        ("ragflow", 1),
        ("ragflow 2", 2),
        ("unknown", 0),
        ("?", 0),
    ],
)
def test_keywords(filled: tuple[Place, str, list[str]], keywords: str, total: int) -> None:
    listed = filled[0].listed(keywords=keywords)
    assert (listed["total"], len(listed["chunks"])) == (total, total)


def test_what_keywords_found_is_marked(place: Place) -> None:
    place.add("The battery lasts ten hours. Batteries are heavy.")
    place.add("电池可以使用十小时。")
    place.add("nothing here", questions=["How does the battery last?"])
    listed = [chunk["content"] for chunk in place.listed(keywords="battery")["chunks"]]
    assert listed == ["The <em>battery</em> lasts ten hours. <em>Batteries</em> are heavy.", "nothing here"]
    assert [chunk["content"] for chunk in place.listed(keywords="电池")["chunks"]] == ["<em>电池</em>可以使用十小时。"]


def test_one_chunk_or_some(filled: tuple[Place, str, list[str]]) -> None:
    place, first, others = filled
    assert place.listed(id=first)["total"] == 1
    dashed = f"{first[:8]}-{first[8:12]}-{first[12:16]}-{first[16:20]}-{first[20:]}"
    assert place.ids(id=dashed) == [first]
    assert place.ids(chunk_ids=f"{others[2]},{first}, {others[2]}") == [first, others[2]]
    assert place.ids(chunk_ids=[others[0], others[1]]) == others[:2]
    assert place.ids(chunk_ids="unknown") == []
    for unknown in ("unknown", UNKNOWN):
        missing = place.client.get(place.chunks, params={"id": unknown}).json()
        assert missing == {"code": 102, "message": f"Chunk not found: {place.dataset}/{unknown}"}
    too_many = place.client.get(place.chunks, params={"chunk_ids": ",".join(map(str, range(101)))}).json()
    assert too_many == {"code": 101, "message": "chunk_ids must contain at most 100 IDs"}


def test_a_chunk_of_another_document_is_not_found(filled: tuple[Place, str, list[str]]) -> None:
    place, first, _ = filled
    other = Place(place.house, place.client, place.dataset, a_document(place.house, place.dataset, name="b.txt").id)
    assert other.client.get(f"{other.chunks}/{first}").json() == {
        "code": 102,
        "message": "Chunk not found!",
        "data": False,
    }
    assert other.client.get(other.chunks, params={"id": first}).json()["code"] == 102
    assert other.delete({"chunk_ids": [first]})["message"] == "rm_chunk deleted chunks 0, expect 1"


def _update(place: Place, chunk: str, sent: Any, method: str = "PATCH") -> dict[str, Any]:
    return dict(place.client.request(method, f"{place.chunks}/{chunk}", json=sent).json())


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_edit_changes_what_it_names(place: Place, method: str) -> None:
    chunk = place.add("chunk update test", important_keywords=["old"], questions=["Old?"])["id"]
    assert _update(place, chunk, {"content": "The battery lasts."}, method) == {"code": 0, "message": "success"}
    sent = {"important_keywords": ["a", "a"], "questions": [" b? ", ""], "tag_kwd": ["t"], "tag_feas": {"t": 1}}
    assert _update(place, chunk, sent | {"positions": [[1, 2, 3, 4, 5]]}, method)["code"] == 0
    data = place.client.get(f"{place.chunks}/{chunk}").json()["data"]
    assert (data["content_with_weight"], data["important_kwd"], data["question_kwd"]) == (
        "The battery lasts.",
        ["a", "a"],
        ["b?"],
    )
    assert (data["tag_kwd"], data["tag_feas"], data["position_int"]) == (["t"], {"t": 1.0}, [[1, 2, 3, 4, 5]])


INT = "ValueError(\"invalid literal for int() with base 10: '{}'\")"
JOIN = "TypeError('sequence item 0: expected str instance, int found')"


@pytest.mark.parametrize(
    ("sent", "code", "message"),
    [
        ({"content": ""}, 102, "`content` is required"),
        ({"content": " "}, 102, "`content` is required"),
        ({"important_keywords": "abc"}, 102, "`important_keywords` should be a list"),
        ({"important_keywords": [1]}, 100, JOIN),
        ({"questions": 123}, 102, "`questions` should be a list"),
        ({"questions": [1]}, 100, JOIN),
        ({"tag_kwd": "tag"}, 102, "`tag_kwd` should be a list"),
        ({"tag_kwd": [1]}, 102, "`tag_kwd` must be a list of strings"),
        ({"positions": {}}, 102, "`positions` should be a list"),
        ({"positions": [[1, 2]]}, 102, "Each sublist in positions must have a length of 5"),
        ({"available": "True"}, 100, INT.format("True")),
        ({"available": "False"}, 100, INT.format("False")),
    ],
)
def test_an_edit_that_is_refused_changes_nothing(place: Place, sent: dict[str, Any], code: int, message: str) -> None:
    chunk = place.add("chunk update test")["id"]
    before = place.listed()["chunks"]
    body = _update(place, chunk, sent)
    assert (body["code"], body["message"]) == (code, message)
    assert place.listed()["chunks"] == before


@pytest.mark.parametrize("sent", [{"content": None}, {}, {"unknown_key": 1}, {"content": "\n!?。；！？\"'"}])
def test_edits_that_are_taken(place: Place, sent: dict[str, Any]) -> None:
    assert _update(place, place.add("chunk update test")["id"], sent)["code"] == 0


def test_a_chunk_that_is_off_can_be_edited(place: Place) -> None:
    chunk = place.add("first words")["id"]
    assert _update(place, chunk, {"available": 0})["code"] == 0
    assert _update(place, chunk, {"content": "other words"})["code"] == 0
    assert [(one["content"], one["available"]) for one in place.listed()["chunks"]] == [("other words", False)]


def test_switching(filled: tuple[Place, str, list[str]]) -> None:
    place, first, others = filled
    place.follow()
    assert len(place.found("chunk")) == 4

    def switch(**sent: Any) -> Any:
        return place.client.patch(place.chunks, json=sent).json()

    done = {"code": 0, "message": "success", "data": True}
    assert switch(chunk_ids=[others[0], others[1]], available=False) == done
    assert place.found("chunk") == ["chunk test 2", "chunk test 3"]
    assert place.ids(available="true") == [first, *others[2:]]
    assert place.ids(available="false") == others[:2]
    assert switch(chunk_ids=others, available_int=0) == done
    assert place.found("chunk") == []
    assert switch(chunk_ids=others, available_int="1") == done
    place.follow()
    assert len(place.found("chunk")) == 4
    assert place.counts() == (5, 5)
    assert switch(available=True)["message"] == "`chunk_ids` is required."
    assert switch(chunk_ids=others)["message"] == "`available_int` or `available` is required."
    assert switch(chunk_ids=[UNKNOWN, others[0]], available=False)["message"] == "Index updating failure"
    assert place.ids(available="false") == [others[0]]
    # A document that is switched off and on brings back what was there, not what was switched off by itself.
    for enabled in (0, 1):
        place.client.put(place.chunks.removesuffix("/chunks"), json={"enabled": enabled})
    assert place.ids(available="false") == [others[0]]


def test_deleting(filled: tuple[Place, str, list[str]]) -> None:
    place, first, others = filled
    for nothing in (None, {}, {"chunk_ids": []}, {"chunk_ids": None}, {"ids": None}, {"delete_all": False}):
        assert place.delete(nothing) == {"code": 0, "message": "success"}
    assert place.listed()["total"] == 5
    assert place.delete({"chunk_ids": ["invalid_id"]}) == {
        "code": 102,
        "message": "rm_chunk deleted chunks 0, expect 1",
    }
    assert place.delete({"chunk_ids": "x"})["code"] == 102
    assert place.delete({"chunk_ids": [others[0]]}) == {"code": 0, "message": "deleted 1 chunks"}
    some = place.delete({"chunk_ids": [others[1], "invalid_id", UNKNOWN]})
    assert some == {"code": 102, "message": "rm_chunk deleted chunks 1, expect 3"}
    twice = place.delete({"ids": others[2:] * 2})
    assert twice["data"] == {"success_count": 2, "errors": [f"Duplicate chunk ids: {one}" for one in others[2:]]}
    assert (place.ids(), place.counts()) == ([first], (1, 1))
    assert place.delete({"delete_all": True}) == {"code": 0, "message": "deleted 1 chunks"}
    assert (place.ids(), place.counts()) == ([], (0, 0))
    place.add("after that")
    assert place.counts() == (1, 1)


def test_what_is_deleted_is_not_found(filled: tuple[Place, str, list[str]]) -> None:
    place, _, others = filled
    place.follow()
    place.delete({"chunk_ids": others[:3]})
    assert place.found("chunk") == ["chunk test 3"]
    place.delete({"delete_all": True})
    assert place.found("chunk") == []


def test_many_at_once(place: Place) -> None:
    def add(number: int) -> str:
        return str(place.add(f"concurrent {number}")["id"])

    with ThreadPoolExecutor(5) as threads:
        ids = list(threads.map(add, range(20)))
        assert place.counts() == (20, 20)
        edits = list(threads.map(lambda number: _update(place, ids[number % 4], {"content": f"e {number}"}), range(20)))
        assert {edit["code"] for edit in edits} == {0}
        assert {one["code"] for one in threads.map(lambda one: place.delete({"chunk_ids": [one]}), ids)} == {0}
    assert place.counts() == (0, 0)


def test_questions_and_answers(house: Diglot) -> None:
    place = a_place(
        house,
        is_read=True,
        text="How long does it last?\tTen hours.\n电池用多久？\t十小时。\n",
        name="qa.txt",
        method=ChunkMethod.QA,
        chunk_form=ChunkMethod.QA.form,
    )
    english, chinese = place.listed()["chunks"]
    assert english["content"] == "Question: How long does it last?\tAnswer: Ten hours."
    assert chinese["content"] == "问题：电池用多久？\t回答：十小时。"
    refusal = {"code": 102, "message": "Q&A must be separated by TAB/ENTER key."}
    for wrong in ("only a question", "a\nb\nc", "q\t"):
        assert _update(place, english["id"], {"content": wrong}) == refusal
        assert place.client.post(place.chunks, json={"content": wrong}).json() == refusal
    # What is shown can be sent back.
    assert _update(place, chinese["id"], {"content": chinese["content"]})["code"] == 0
    assert _update(place, english["id"], {"content": "Q: How heavy?\nA: Two kilograms."})["code"] == 0
    added = place.add("Which colour?\tRed.\nOr blue.")
    assert added["content"] == "Question: Which colour?\tAnswer: Red.\nOr blue."
    assert place.add("Which colour?\tRed.\nOr blue.")["id"] == added["id"]
    other = place.add("Which colour?\tGreen.")
    assert other["id"] != added["id"]
    assert place.delete({"chunk_ids": [other["id"]]})["code"] == 0
    shown = [chunk["content"] for chunk in place.listed()["chunks"]]
    assert shown == ["Question: How heavy?\tAnswer: Two kilograms.", chinese["content"], added["content"]]
    place.follow()
    assert place.found("How heavy?")[0] == shown[0]


def test_positions(house: Diglot) -> None:
    text = a_place(house, is_read=True, text=SAMPLE)
    assert [chunk["positions"] for chunk in text.listed()["chunks"]] == [[[1, 1, 1, 1, 1]]]
    pdf = a_place(house, is_read=True, text=(DOCUMENTS / "multi_page.pdf").read_bytes(), name="a.pdf")
    chunks = pdf.listed()["chunks"]
    places = [place for chunk in chunks for place in chunk["positions"]]
    assert places[0][0] == 1
    assert all(left < right and top < bottom for _, left, right, top, bottom in places)
    assert [place[0] for place in places] == sorted(place[0] for place in places)
    assert places[-1][0] > 1


def test_pictures(place: Place) -> None:
    added = place.add("with a picture", image_base64=PIXEL)
    assert (added["image_id"], added["doc_type_kwd"]) == (f"{place.dataset}-{added['id']}", "image")
    picture = place.client.get(f"{API}/documents/images/{added['image_id']}")
    assert (picture.content, picture.headers["content-type"]) == (base64.b64decode(PIXEL), "image/png")
    assert picture.headers["x-content-type-options"] == "nosniff"
    plain = place.add("without one")["id"]
    assert _update(place, plain, {"image_base64": PIXEL})["code"] == 0
    assert [chunk["image_id"] for chunk in place.listed()["chunks"]] == [
        added["image_id"],
        f"{place.dataset}-{plain}",
    ]
    for unknown in (f"{place.dataset}-{UNKNOWN}", f"{UNKNOWN}-{plain}", "x", "x-y"):
        missing = place.client.get(f"{API}/documents/images/{unknown}").json()
        assert missing == {"code": 102, "message": "Image not found."}


CALLS: list[tuple[str, str, Any]] = [
    ("POST", "", {"content": "x"}),
    ("GET", "", None),
    ("PATCH", "", {"chunk_ids": [UNKNOWN], "available": True}),
    ("DELETE", "", {"chunk_ids": [UNKNOWN]}),
    ("GET", f"/{UNKNOWN}", None),
    ("PATCH", f"/{UNKNOWN}", {"content": "x"}),
    ("PUT", f"/{UNKNOWN}", {"content": "x"}),
]


def test_every_operation_is_called_below() -> None:
    assert len(CALLS) + 1 == len(OPERATIONS)


@pytest.mark.parametrize(("method", "below", "sent"), CALLS)
def test_unknown_datasets_and_documents(place: Place, method: str, below: str, sent: Any) -> None:
    def ask(dataset: str, document: str) -> Any:
        path = f"{API}/datasets/{dataset}/documents/{document}/chunks{below}"
        return place.client.request(method, path, json=sent).json()

    for dataset in (UNKNOWN, "nothing"):
        assert ask(dataset, place.document) == {"code": 102, "message": f"You don't own the dataset {dataset}."}
    for document in (UNKNOWN, "nothing"):
        words = "document not found" if (method, below) == ("PATCH", "") else f"you don't own the document {document}"
        assert ask(place.dataset, document) == {"code": 102, "message": words}
    elsewhere = a_document(place.house, a_dataset(place.house)).id
    assert ask(place.dataset, elsewhere)["code"] == 102


def test_unknown_chunks(place: Place) -> None:
    for chunk in (UNKNOWN, "unknown"):
        got = place.client.get(f"{place.chunks}/{chunk}").json()
        assert got == {"code": 102, "message": "Chunk not found!", "data": False}
        assert _update(place, chunk, {"content": "x"})["message"] == f"Can't find this chunk {chunk}"


@pytest.mark.parametrize(("method", "below", "sent"), CALLS)
def test_nobody_gets_in_without_a_key(place: Place, method: str, below: str, sent: Any) -> None:
    for key in ("", "ragflow-wrong"):
        client = a_client(place.house, key)
        answer = client.request(method, place.chunks + below, json=sent)
        assert answer.status_code == 401
        assert answer.json() == {"code": 401, "message": "<Unauthorized '401: Unauthorized'>", "data": None}


def test_a_deleted_document_takes_no_chunks(place: Place) -> None:
    chunk = place.add("x")["id"]
    owner = place.house.keys.owner()
    place.house.documents.remove(owner, place.dataset, place.document)  # type: ignore[arg-type]
    gone = {"code": 102, "message": f"you don't own the document {place.document}"}
    assert place.client.post(place.chunks, json={"content": "y"}).json() == gone
    assert _update(place, chunk, {"content": "y"}) == gone


def test_a_change_is_found_within_a_second(house: Diglot) -> None:
    place = a_place(house)
    with working(house):
        place.add("warming up")
        seconds_until(lambda: place.found("warming") == ["warming up"])
        times = []
        for number in range(5):
            chunk = place.add(f"marker{number} first")["id"]
            times.append(seconds_until(lambda number=number: bool(place.found(f"marker{number}"))))
            _update(place, chunk, {"content": f"sequel{number} second"})
            times.append(seconds_until(lambda number=number: bool(place.found(f"sequel{number}"))))
            place.delete({"chunk_ids": [chunk]})
            assert not place.found(f"sequel{number}")
    assert sorted(times)[len(times) // 2] < 1.0, times
