"""Why documents failed: each sentence has a code, and each code its text in the console's languages."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from diglot.domain import errors
from diglot.domain.errors import Conflict, DiglotError, NotAllowed, UploadRefused
from diglot.http.native.reasons import OTHER, SENTENCES, reason_of, told
from tests.dialects.native.conftest import API, ROOT, Shelf
from tests.dialects.others import a_stranger

SOURCES = ROOT / "src" / "diglot"
LOCALES = ROOT / "console" / "src" / "locales"
# What answers to requests alone is refused with, and what ends a job without a reason.
NEVER_STORED = (NotAllowed, Conflict, UploadRefused, errors.Cancelled, errors.LeaseLost)
KINDS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, DiglotError) and not issubclass(kind, NEVER_STORED)
}
# Where documents are read and indexed; what fails on other ways is told at once.
ROOMS = ("adapters/parsers", "adapters/ocr", "adapters/index", "ingestion", "worker")
SPEAKING = (errors.ParseFailed, errors.IndexFailed, errors.Overloaded)
MODELS = "adapters/embedders"
# Models are added by a command, which tells its failures itself.
ADDING = {"adding.py", "hub.py", "minilm.py"}
# In a note on a part of a file, of which the rest is read.
OF_A_PART = ("It is ", "Its ")
GAP = re.compile(r"\{\{(\w+)\}\}")


def test_every_error_that_ends_a_job_has_a_code() -> None:
    lacking = [name for name, kind in KINDS.items() if told(kind.default_message()).code == OTHER]
    assert lacking == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_has_a_text(language: str) -> None:
    texts = _texts(language)
    lacking = {code: SENTENCES[code] for code in SENTENCES if code not in texts}
    assert lacking == {}
    assert texts.keys() == SENTENCES.keys()
    for code, sentence in SENTENCES.items():
        assert set(GAP.findall(texts[code])) == set(re.findall(r"\{(\w+)\}", sentence)), code


def test_english_is_what_the_server_says() -> None:
    assert {code: GAP.sub(r"{\1}", text) for code, text in _texts("en").items()} == SENTENCES


def test_chinese_is_chinese() -> None:
    assert [code for code, text in _texts("zh").items() if not re.search("[\u4e00-\u9fff]", text)] == []


def test_every_sentence_in_which_reading_fails_has_a_code() -> None:
    found = set(_raised())
    assert len(found) > 60
    lacking = {sentence: place for place, sentence in found if told(sentence).code == OTHER}
    assert lacking == {}


def test_gaps_are_taken_apart() -> None:
    said = "The document would have 60,000 chunks; the most is 50,000. Choose larger chunks."
    assert reason_of(said) == {
        "error_code": "limit_exceeded_chunks",
        "error_facts": {"chunks": "60,000", "most": "50,000"},
    }
    refused = told("The model acme answered 400: Input: too long.\nAsk again.")
    assert refused.facts == {"name": "acme", "status": "400", "detail": "Input: too long.\nAsk again."}


def test_what_nobody_foresaw_has_no_code_of_its_own() -> None:
    assert reason_of("The moon is full.") == {"error_code": "other", "error_facts": {}}
    assert reason_of(None) == {"error_code": None, "error_facts": None}


def test_a_document_says_why_it_failed(shelf: Shelf) -> None:
    failed, fine = shelf.read("empty.txt", b""), shelf.read("fine.txt", b"Some text.")
    assert failed.error is not None
    why = {"error": failed.error, "error_code": "file_empty_bytes", "error_facts": {}}
    shown = shelf.client.get(f"{API}/documents/{failed.id}").json()
    assert {name: shown[name] for name in why} == why
    jobs = shelf.client.get(f"{API}/jobs", params={"state": "failed"}).json()["items"]
    assert why.items() <= next(job for job in jobs if job["document_id"] == failed.id).items()
    path = f"{API}/datasets/{shelf.dataset.id}/failures"
    asked = {"document_ids": f"{failed.id}, {fine.id},no-id"}
    assert shelf.client.get(path, params=asked).json() == {"items": [{"document_id": failed.id, **why}]}
    assert a_stranger(shelf.house).get(path, params=asked).status_code == 404


def test_documents_of_another_dataset_are_not_told(shelf: Shelf) -> None:
    failed = shelf.read("empty.txt", b"   ")
    other = shelf.house.datasets.create(shelf.house.keys.owner(), "beside")
    path = f"{API}/datasets/{other.id}/failures"
    assert shelf.client.get(path, params={"document_ids": failed.id}).json() == {"items": []}


def _texts(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((LOCALES / language / "reasons.json").read_text("utf-8"))
    return found


def _raised() -> Iterator[tuple[str, str]]:
    """Where, and the sentence with something in its gaps."""
    for room in ROOMS:
        yield from _said(room, SPEAKING)
    yield from _said(MODELS, (errors.ModelFailed,))


def _said(room: str, kinds: tuple[type[DiglotError], ...]) -> Iterator[tuple[str, str]]:
    for path in sorted((SOURCES / room).rglob("*.py")):
        if path.name in ADDING:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                kind = KINDS.get(node.func.id)
                sentence = _sentence(node.args[0])
                if kind is None or sentence is None or sentence.startswith(OF_A_PART):
                    continue
                if issubclass(kind, kinds):
                    yield str(path.relative_to(SOURCES)), sentence


def _sentence(said: ast.expr) -> str | None:
    """None for what is named and written elsewhere."""
    if isinstance(said, ast.Constant):
        return str(said.value)
    if not isinstance(said, ast.JoinedStr):
        return None
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in said.values)


def test_sentences_that_have_names_have_codes_too() -> None:
    """Constants that are raised by name: long ones, in capitals."""
    named = [
        (path.relative_to(SOURCES), node.value)
        for path in _files()
        for statement in ast.parse(path.read_text("utf-8")).body
        if isinstance(statement, ast.Assign) and isinstance(node := statement.value, ast.Constant)
        if isinstance(node.value, str) and re.fullmatch(r"[A-Z][^\n]{15,}\.", node.value)
    ]
    assert [one for one in named if told(str(one[1])).code == OTHER] == []


def _files() -> Iterator[Path]:
    for room in ("adapters/parsers", "adapters/ocr", "ingestion"):
        yield from sorted((SOURCES / room).rglob("*.py"))
