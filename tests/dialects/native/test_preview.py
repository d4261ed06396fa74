"""What a preview shows is what indexing then makes; it is bounded, and nothing of it stays."""

import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from diglot.assembly import Diglot
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import LimitExceeded
from diglot.domain.parsed import Parsed
from diglot.domain.picture import Picture
from diglot.domain.recognised import TextLine
from diglot.domain.rules import ChildRules, ChunkForm, ChunkingRules, ChunkMethod, RuleMode
from diglot.http.ragflow.chunking import default_config, rules_of
from diglot.library.documents import DocumentChange
from tests.adapters.ocr.pages import joined, of_sentences
from tests.adapters.parsers.crafting import pdf, pdf_of_contents
from tests.dialects.native.conftest import API, DOCUMENTS, Shelf
from tests.house import KEY, a_client, a_house, finish

Body = dict[str, Any]
CUSTOM = {"mode": "custom", "separator": "\n", "max_tokens": 100, "overlap": 10}
DIFY = {
    "mode": "custom",
    "rules": {
        "pre_processing_rules": [{"id": "remove_urls_emails", "enabled": True}],
        "segmentation": {"separator": "\n", "max_tokens": 100, "chunk_overlap": 10},
    },
}
QA = b"Q: What is it?\nA: A chain.\n\nQ: How long?\nA: One metre.\n"
FILES = sorted(
    path for path in DOCUMENTS.glob("*") if ".truth." not in path.name and path.name != "README.md" and path.is_file()
)


def _of_file(shelf: Shelf, name: str, content: bytes, **rules: Any) -> Any:
    data = {"data": json.dumps(rules)} if rules else {}
    return shelf.client.post(f"{API}/preview", files={"file": (name, content)}, data=data)


def _stored(shelf: Shelf, document: Document) -> list[Body]:
    caller = shelf.house.keys.owner()
    stored = shelf.house.chunks.list(caller, shelf.dataset.id, document.id).items
    children = shelf.house.children.of(caller, stored)
    return [
        {
            "position": chunk.position,
            "content": chunk.content,
            "answer": chunk.answer,
            "tokens": chunk.tokens,
            "kind": chunk.kind,
            "tags": list(chunk.tags),
            "children": [
                {"content": one.content, "tokens": one.tokens, "anchors": [anchor.to_json() for anchor in one.anchors]}
                for one in children.get(chunk.id, ())
            ],
            "anchors": [anchor.to_json() for anchor in chunk.anchors],
        }
        for chunk in stored
    ]


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shelf, dict[tuple[str, str], Document]]]:
    """Every real file, by the general rules and by RAGFlow's."""
    if not FILES:
        pytest.skip(f"there are no development documents at {DOCUMENTS}")
    with a_house(tmp_path_factory.mktemp("all"), ocr="off") as house:
        shelf = Shelf(house, a_client(house), house.datasets.create(house.keys.owner(), "all"))
        naive = rules_of(ChunkMethod.NAIVE, default_config(ChunkMethod.NAIVE))
        documents = {}
        for path in FILES:
            for way, rules in (("general", ChunkingRules()), ("naive", naive)):
                named = {"rules": rules, "has_own_rules": True, "media_type": "application/octet-stream"}
                documents[path.name, way] = shelf.add(path.name, path.read_bytes(), **named)
        finish(house, 240)
        yield shelf, {key: shelf.now(document) for key, document in documents.items()}


@pytest.mark.parametrize("way", ["general", "naive"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_preview_is_what_indexing_makes(
    indexed: tuple[Shelf, dict[tuple[str, str], Document]], path: Path, way: str
) -> None:
    shelf, documents = indexed
    document = documents[path.name, way]
    shown = shelf.client.post(f"{API}/preview", json={"document_id": document.id})
    if document.status is DocumentStatus.FAILED:
        assert shown.status_code == 422
        assert shown.json()["error"]["message"] == document.error
        return
    assert shown.json()["chunks"] == _stored(shelf, document)
    sent = {"chunk_method": "naive"} if way == "naive" else {}
    of_file = _of_file(shelf, path.name, path.read_bytes(), **sent)
    if of_file.status_code == 415:
        assert shelf.house.parser.file_type(path.name, path.read_bytes()[:4096]) is None
        return
    assert of_file.json()["chunks"] == shown.json()["chunks"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, {"mode": "automatic", "method": "general"}),
        ({"rules": CUSTOM}, CUSTOM),
        ({"process_rule": DIFY}, CUSTOM | {"cleaning": {"remove_extra_spaces": False, "remove_urls_emails": True}}),
        ({"chunk_method": "laws"}, {"method": "laws"}),
        ({"parser_config": {"chunk_token_num": 77}}, {"method": "naive"}),
        ({"rules": {"method": "one"}}, {"method": "one"}),
    ],
)
def test_rules_in_every_form(shelf: Shelf, rules: Body, expected: Body) -> None:
    answer = _of_file(shelf, "a.md", b"# One\n\nSome text.\n\n## Two\n\nMore text.", **rules)
    assert answer.status_code == 200, answer.text
    assert answer.json()["rules"].items() >= expected.items()
    assert answer.json()["counts"]["chunks"] == len(answer.json()["chunks"]) > 0


def test_parser_config_counts(shelf: Shelf) -> None:
    answer = _of_file(shelf, "a.txt", b"word " * 500, parser_config={"chunk_token_num": 77})
    assert answer.json()["rules"]["options"]["chunk_tokens"] == 77


@pytest.mark.parametrize("rules", [{"doc_form": "qa_model"}, {"form": "question_answer"}])
def test_questions_with_their_answers(shelf: Shelf, rules: Body) -> None:
    answer = _of_file(shelf, "a.txt", QA, **rules).json()
    assert [(one["content"], one["answer"]) for one in answer["chunks"]] == [
        ("What is it?", "A chain."),
        ("How long?", "One metre."),
    ]
    assert answer["form"] == "question_answer"
    assert answer["counts"]["characters"] == len("What is it?A chain.How long?One metre.")


HIERARCHICAL = {"mode": "hierarchical", "separator": "\n\n", "children": {"separators": [". "]}}


@pytest.mark.parametrize("name", ["fake-memo.pdf", "hip_13044_b.html", "extraction_test.docx"])
def test_children_are_those_that_indexing_makes(shelf: Shelf, name: str) -> None:
    house, content = shelf.house, (DOCUMENTS / name).read_bytes()
    shelf = Shelf(house, shelf.client, house.datasets.create(house.keys.owner(), f"parents of {name}"))
    rules = ChunkingRules(RuleMode.HIERARCHICAL, children=ChildRules(separators=(". ",)))
    document = shelf.read(name, content, rules=rules, chunk_form=ChunkForm.HIERARCHICAL)
    shown = shelf.client.post(f"{API}/preview", json={"document_id": document.id})
    assert shown.json()["chunks"] == _stored(shelf, document)
    assert shown.json()["form"] == "hierarchical"
    assert all(chunk["children"] for chunk in shown.json()["chunks"])
    of_file = _of_file(shelf, name, content, rules=HIERARCHICAL, form="hierarchical")
    assert of_file.json()["chunks"] == shown.json()["chunks"]


@pytest.mark.parametrize("rules", [HIERARCHICAL, {"mode": "hierarchical"}], ids=str)
def test_rules_for_children_need_no_form(shelf: Shelf, rules: Body) -> None:
    shown = _of_file(shelf, "a.txt", b"One. Two.\nThree.", rules=rules).json()
    said = _of_file(shelf, "a.txt", b"One. Two.\nThree.", rules=rules, form="hierarchical").json()
    assert shown == said
    assert [len(chunk["children"]) for chunk in shown["chunks"]] == [2]


def test_other_rules_for_a_document(shelf: Shelf) -> None:
    document = shelf.read("lines.txt", b"one line\n" * 40, rules=ChunkingRules())
    own = shelf.client.post(f"{API}/preview", json={"document_id": document.id}).json()
    other = shelf.client.post(f"{API}/preview", json={"document_id": document.id, "rules": CUSTOM}).json()
    assert (own["counts"]["chunks"], other["counts"]["chunks"]) == (1, 40)
    assert shelf.now(document).chunk_count == 1


SENTENCES = [f"The lighthouse number {number} stands on the cliff." for number in range(1, 6)]


@pytest.fixture
def scanned(tmp_path: Path) -> Iterator[Shelf]:
    """Where pages that are pictures are recognised."""
    with a_house(tmp_path) as house:
        if reason := house.ocr.missing():
            pytest.skip(reason)
        yield Shelf(house, a_client(house), house.datasets.create(house.keys.owner(), "scans"))


def _of(shelf: Shelf, document: Document, **rules: Any) -> Body:
    answer = shelf.client.post(f"{API}/preview", json={"document_id": document.id, **rules})
    assert answer.status_code == 200, answer.text
    shown: Body = answer.json()
    return shown


def _sentences(shown: Body) -> list[str]:
    return [line for chunk in shown["chunks"] for line in chunk["content"].split("\n") if line]


def test_of_scans_that_nobody_recognised_it_says_what_is_missing(scanned: Shelf) -> None:
    content = of_sentences(SENTENCES)
    document = scanned.add("a.tif", content)
    for shown in (_of_file(scanned, "a.tif", content).json(), _of(scanned, document)):
        assert _sentences(shown) == SENTENCES[:3]
        assert shown["missing_pages"] == [4, 5]
        (note,) = shown["notes"]
        assert "pictures: 4-5." in note


def test_of_scans_that_were_recognised_it_is_whole(scanned: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    content = of_sentences(SENTENCES)
    document = scanned.read("a.tif", content, rules=ChunkingRules())
    monkeypatch.setattr(scanned.house.ocr, "lines", _recognises_nothing)
    shown = _of(scanned, document)
    assert _sentences(shown) == SENTENCES
    assert (shown["missing_pages"], shown["notes"]) == ([], [])
    assert shown["chunks"] == _stored(scanned, document)
    other = _of(scanned, document, rules=CUSTOM)
    assert other["counts"]["chunks"] == 5
    change = DocumentChange(rules=ChunkingRules(RuleMode.CUSTOM, separator="\n", max_tokens=100, overlap=10))
    scanned.house.documents.update(scanned.house.keys.owner(), scanned.dataset.id, document.id, change)
    finish(scanned.house)
    assert other["chunks"] == _stored(scanned, scanned.now(document))
    monkeypatch.undo()
    # Whoever sends a file learns nothing of who else has it.
    assert _of_file(scanned, "a.tif", content).json()["missing_pages"] == [4, 5]


def _recognises_nothing(*_: object) -> list[TextLine]:
    raise AssertionError("a page is recognised again")


def test_a_page_that_takes_too_long_is_missing(scanned: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    recognise, asked = scanned.house.ocr.lines, []

    def slow(picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        asked.append(seconds)
        if len(asked) == 2:
            raise LimitExceeded
        return recognise(picture, seconds, is_cancelled)

    monkeypatch.setattr(scanned.house.ocr, "lines", slow)
    shown = _of_file(scanned, "a.tif", of_sentences(SENTENCES[:3])).json()
    assert (_sentences(shown), shown["missing_pages"]) == ([SENTENCES[0], SENTENCES[2]], [2])
    assert asked == [60.0] * 3


def test_of_scans_whose_first_pages_are_empty_it_says_why_there_is_nothing(scanned: Shelf) -> None:
    answer = _of_file(scanned, "a.tif", joined([Image.new("L", (200, 100), 255)] * 5))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "method_unavailable")
    assert "pictures: 4-5." in answer.json()["error"]["message"]


def test_a_method_that_is_not_available_is_told_of_as_indexing_tells_it(shelf: Shelf) -> None:
    answer = _of_file(shelf, "a.txt", b"one two three", chunk_method="resume")
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "The chunk method 'resume' needs a chat model, and none is configured."


def test_more_scans_than_indexing_takes_are_refused_as_it_does(tmp_path: Path) -> None:
    with a_house(tmp_path, ocr_pages=4) as house:
        shelf = Shelf(house, a_client(house), house.datasets.create(house.keys.owner(), "scans"))
        content = joined([Image.new("L", (200, 100), 255)] * 5)
        document = shelf.read("a.tif", content)
        answer = _of_file(shelf, "a.tif", content)
        assert (answer.status_code, answer.json()["error"]["message"]) == (422, document.error)
        assert "the most is 4" in str(document.error)


def test_nothing_is_stored(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = shelf.house.documents.list(shelf.house.keys.owner(), shelf.dataset.id).total
    blobs = [one.sha256 for one in shelf.house.blobs.list()]
    assert _of_file(shelf, "a.txt", b"unheard of").status_code == 200
    assert shelf.house.documents.list(shelf.house.keys.owner(), shelf.dataset.id).total == before
    assert [one.sha256 for one in shelf.house.blobs.list()] == blobs
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("a.exe", b"MZ\x90\0\0", 415, "file_type_unsupported"),
        ("a.pdf", b"%PDF-1.7\n", 422, "file_damaged"),
        ("a.pdf", pdf([[]]), 422, "file_empty"),
        ("a.txt", b" \n ", 422, "file_empty"),
        ("../a.txt", b"text", 400, "name_invalid"),
    ],
)
def test_files_that_are_refused(shelf: Shelf, name: str, content: bytes, status: int, code: str) -> None:
    answer = _of_file(shelf, name, content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("rules", "argument"),
    [
        ({"rules": {"max_tokens": 10}}, "rules.max_tokens"),
        ({"rules": {"overlap": 500}}, "rules.overlap"),
        ({"rules": {"colour": 1}}, "rules.colour"),
        ({"rules": {"options": {"pages": [[1]]}}}, "rules.options.pages"),
        ({"rules": {}, "chunk_method": "naive"}, "chunk_method"),
        ({"chunk_method": "general"}, "chunk_method"),
        ({"chunk_method": "unheard"}, "chunk_method"),
        ({"process_rule": {"mode": "custom"}}, "process_rule"),
        ({"parser_config": {"chunk_token_num": 0}}, "parser_config.chunk_token_num"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_rules_that_are_refused(shelf: Shelf, rules: Body, argument: str) -> None:
    answer = _of_file(shelf, "a.txt", b"text", **rules)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_argument"
    assert answer.json()["error"]["argument"] == argument


def test_what_is_missing(shelf: Shelf) -> None:
    assert shelf.client.post(f"{API}/preview", json={}).json()["error"]["argument"] == "document_id"
    assert shelf.client.post(f"{API}/preview", data={"data": "{}"}, files={"other": ("a.txt", b"x")}).json() == {
        "error": {"code": "no_file", "message": "There is no file."}
    }
    two = [("file", ("a.txt", b"x")), ("file", ("b.txt", b"x"))]
    assert shelf.client.post(f"{API}/preview", files=two).json()["error"]["code"] == "too_many_files"
    assert shelf.client.post(f"{API}/preview", json={"document_id": "0" * 32}).status_code == 404


def test_who_comes_while_all_places_are_taken_is_told_when_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever asks for something else is not held up."""
    with a_house(tmp_path, ocr="off") as house:
        client = a_client(house)
        begun, go = threading.Semaphore(0), threading.Event()

        def slow(*_: object, **__: object) -> Parsed:
            begun.release()
            assert go.wait(30)
            return Parsed(())

        monkeypatch.setattr(house.parser, "parse", slow)
        threads = [threading.Thread(target=_ask(house, "a.txt")) for _ in range(2)]
        for thread in threads:
            thread.start()
        assert begun.acquire(timeout=30)
        assert begun.acquire(timeout=30)
        refused = client.post(f"{API}/preview", files={"file": ("b.txt", b"text")})
        others = client.get("/v1/datasets")
        go.set()
        for thread in threads:
            thread.join(30)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "busy")
        assert int(refused.headers["retry-after"]) > 0
        assert others.status_code == 200
        monkeypatch.undo()
        assert client.post(f"{API}/preview", files={"file": ("b.txt", b"text")}).status_code == 200


def _ask(house: Diglot, name: str) -> Callable[[], object]:
    return lambda: a_client(house, KEY).post(f"{API}/preview", files={"file": (name, b"text")})


def test_what_costs_too_much_is_given_up(tmp_path: Path) -> None:
    with a_house(tmp_path, ocr="off", parse_seconds=3.0, parse_memory_bytes=300_000_000) as house:
        content = pdf_of_contents([b"BT /F1 9 Tf " + b"(words words) Tj " * 2_500_000 + b"ET"])
        answer = a_client(house).post(f"{API}/preview", files={"file": ("bomb.pdf", content)})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "limit_exceeded")
