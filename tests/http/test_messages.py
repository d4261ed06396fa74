"""What the OpenAPI documents tell a reader is there in each language, and nothing is kept that none of them tells."""

import re
from collections import Counter
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from diglot.http.messages import ENGLISH, FOLDER, LANGUAGES, files, language_of, rephrased, translated
from tests.house import a_client, a_house

Document = dict[str, Any]
# Which file of a language is whose; what several documents say stands in the common one.
FILES = {
    "dify": "dify",
    "ragflow": "ragflow",
    "ragflow-2024": "ragflow_legacy",
    "data": "data",
    "diglot": "native",
}
COMMON = "common"
OTHERS = [one for one in LANGUAGES if one != ENGLISH]
CODE = re.compile(r"`[^`]*`")
PLACEHOLDER = re.compile(r"\{\w*\}")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def said(client: TestClient, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What each document says in English, whichever form of Dify's API the server speaks."""
    found = {name: _texts(client.get(f"/openapi/{name}.json").json()) for name in FILES}
    with a_house(tmp_path_factory.mktemp("current"), dify_profile="current") as house:
        found["dify"] |= _texts(a_client(house).get("/openapi/dify.json").json())
    return found


def _texts(document: Document) -> set[str]:
    texts: set[str] = set()

    def note(text: str) -> str:
        texts.add(text)
        return text

    rephrased(document, note)
    return texts


def _messages(language: str) -> dict[str, dict[str, str]]:
    return {file.stem: orjson.loads(file.read_bytes()) for file in files(language)}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", FILES)
def test_everything_is_translated(said: dict[str, set[str]], name: str, language: str) -> None:
    messages = _messages(language)
    known = messages[COMMON].keys() | messages[FILES[name]].keys()
    missing = sorted(said[name] - known)
    assert not missing, f"to be added to {language}/{FILES[name]}.json:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_translated_that_nobody_says(said: dict[str, set[str]], language: str) -> None:
    messages = _messages(language)
    assert messages.keys() == {COMMON, *FILES.values()}
    of_file = {file: said[name] for name, file in FILES.items()} | {COMMON: set().union(*said.values())}
    unused = [f"{file}: {text}" for file in messages for text in sorted(messages[file].keys() - of_file[file])]
    assert not unused, "to be taken out:\n" + "\n".join(unused)


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_is_translated_in_one_place(language: str) -> None:
    counted = Counter(text for messages in _messages(language).values() for text in messages)
    twice = [text for text, times in counted.items() if times > 1]
    assert not twice, f"to be moved to {COMMON}.json:\n" + "\n".join(twice)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("mark", [CODE, PLACEHOLDER])
def test_what_is_code_stays_as_it_is(mark: re.Pattern[str], language: str) -> None:
    differing = [
        (english, text)
        for messages in _messages(language).values()
        for english, text in messages.items()
        if sorted(mark.findall(english)) != sorted(mark.findall(text))
    ]
    assert differing == []


def test_chinese_is_chinese() -> None:
    plain = [text for messages in _messages("zh").values() for text in messages.values() if not HAN.search(text)]
    assert plain == []


@pytest.mark.parametrize("name", FILES)
def test_every_error_says_what_it_is(client: TestClient, name: str) -> None:
    document = client.get(f"/openapi/{name}.json").json()
    examples = [
        (operation["operationId"], kind, example)
        for methods in document["paths"].values()
        for operation in methods.values()
        for response in operation["responses"].values()
        for content in response.get("content", {}).values()
        for kind, example in content.get("examples", {}).items()
        if example["summary"] != "success"
    ]
    assert examples
    assert [(operation, kind) for operation, kind, example in examples if not example["description"]] == []


def test_what_is_sent_is_the_same_in_every_language(client: TestClient) -> None:
    """Only texts for readers differ: with those taken out, the documents are equal."""
    for name in FILES:
        english, chinese = (_fetched(client, name, language) for language in ("en", "zh"))
        assert english != chinese
        assert rephrased(english, lambda text: "") == rephrased(chinese, lambda text: "")


def _fetched(client: TestClient, name: str, language: str) -> Document:
    document: Document = client.get(f"/openapi/{name}.json", params={"lang": language}).json()
    return document


def test_fields_that_are_called_like_texts_keep_their_names_and_examples() -> None:
    field = {"type": "string", "description": "Done.", "default": "Done.", "enum": ["Done."], "examples": ["Done."]}
    example = {"summary": "done", "description": "Done.", "value": {"description": "Done."}}
    schema = {"properties": {"description": field, "summary": {"type": "string"}}}
    document = {
        "info": {"title": "Documents", "version": "1"},
        "tags": [{"name": "Documents", "x-displayName": "Documents"}],
        "paths": {"/description": {"get": {"summary": "Done.", "tags": ["Documents"]}}},
        "components": {"schemas": {"summary": schema}, "examples": {"Done": example}},
    }
    said = translated(document, "zh")
    assert said["info"] == {"title": "文档", "version": "1"}
    assert said["tags"] == [{"name": "Documents", "x-displayName": "文档"}]
    assert said["paths"] == {"/description": {"get": {"summary": "完成。", "tags": ["Documents"]}}}
    assert said["components"]["schemas"]["summary"]["properties"] == {
        "description": field | {"description": "完成。"},
        "summary": {"type": "string"},
    }
    assert said["components"]["examples"]["Done"] == example | {"description": "完成。"}


@pytest.mark.parametrize(
    ("wanted", "accepted", "language"),
    [
        ("", "", "en"),
        ("zh", "", "zh"),
        ("zh", "en", "zh"),
        ("en", "zh", "en"),
        ("zh-CN", "", "zh"),
        ("ZH_hans", "", "zh"),
        ("fr", "zh", "zh"),
        ("", "zh-TW,zh;q=0.9,en;q=0.8", "zh"),
        ("", "en;q=0.5, zh;q=0.8", "zh"),
        ("", "en-GB,zh;q=0.9", "en"),
        ("", "fr, zh;q=0.1", "zh"),
        ("", "zh;q=0", "en"),
        ("", "*", "en"),
        ("", "zh;q=much, ;;,", "en"),
        ("../zh", "", "en"),
    ],
)
def test_the_language_is_the_one_that_is_asked_for(wanted: str, accepted: str, language: str) -> None:
    assert language_of(wanted, accepted) == language


def test_a_document_says_which_language_it_is_in(client: TestClient) -> None:
    for headers, query, language in (
        ({}, "", "en"),
        ({"Accept-Language": "zh-CN,zh;q=0.9"}, "", "zh"),
        ({"Accept-Language": "zh-CN,zh;q=0.9"}, "?lang=en", "en"),
        ({}, "?lang=zh", "zh"),
    ):
        answer = client.get(f"/openapi/dify.json{query}", headers=headers)
        assert answer.headers["content-language"] == language
        assert "accept-language" in answer.headers["vary"].lower()
        assert answer.json()["info"]["title"] == {"en": "Knowledge API", "zh": "知识库 API"}[language]


def test_every_language_has_a_folder() -> None:
    assert sorted(path.name for path in FOLDER.iterdir() if list(path.glob("*.json"))) == sorted(OTHERS)
