"""POST /retrieval."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from diglot.adapters.embedders.adding import add_endpoint, add_reranker_endpoint
from diglot.adapters.embedders.store import ModelStore
from diglot.assembly import Diglot
from diglot.domain.api_key import Scope
from diglot.domain.identity import DatasetId, DocumentId
from diglot.library.datasets import DatasetChange
from tests.adapters.embedders.model_server import model_server, score_of
from tests.dialects.ragflow.places import API, UNKNOWN, Place, a_dataset, a_document, a_place, read
from tests.house import a_client, a_house, follow

TESTS = [f"chunk test {number}" for number in range(4)]
NOTHING = {"total": 0, "chunks": [], "doc_aggs": {}}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    data: Path = tmp_path_factory.mktemp("house") / "data"
    with model_server() as server:
        store = ModelStore(data / "models")
        add_endpoint(store, "other", server.url, "embed", timeout=2)
        add_reranker_endpoint(store, "judge", server.url, "rerank", timeout=2)
        with a_house(data, embedding_model="diglot/lexical") as opened:
            yield opened


@pytest.fixture(scope="module")
def place(house: Diglot) -> Place:
    """A parsed document of one chunk, and four more."""
    made = a_place(house, is_read=True)
    for content in TESTS:
        made.add(content)
    made.follow()
    return made


@pytest.fixture(scope="module")
def shelf(house: Diglot) -> Place:
    """Documents with metadata, each a chunk about batteries."""
    made = a_place(house, is_read=True, text="A battery by Ada.", name="ada.txt")
    owner, dataset = house.keys.owner(), DatasetId(made.dataset)
    house.metadata.set(owner, dataset, DocumentId(made.document), {"author": "Ada", "year": 2020, "day": "2024-05-01"})
    for name, text, metadata in (
        ("bob.txt", "A battery by Bob.", {"author": "Bob", "year": 2022, "tags": ["old", "heavy"]}),
        ("eve.txt", "A battery by Eve.", {"author": "Eve", "note": ""}),
    ):
        document = a_document(house, made.dataset, text, name)
        read(house, document)
        house.metadata.set(owner, dataset, document.id, metadata)
    return made


def test_the_shape(place: Place) -> None:
    data = place.retrieve("chunk test 2", highlight=True)
    first = data["chunks"][0]
    scores = {name: first[name] for name in ("similarity", "vector_similarity", "term_similarity")}
    assert first == scores | {
        "id": first["id"],
        "content": "chunk test 2",
        "content_ltks": "chunk test 2",
        "document_id": place.document,
        "document_keyword": "test.txt",
        "dataset_id": place.dataset,
        "important_keywords": [],
        "questions": [],
        "tag_kwd": [],
        "image_id": "",
        "positions": [],
        "doc_type_kwd": "text",
        "mom_id": "",
        "row_id": None,
        "highlight": "<em>chunk</em> <em>test</em> <em>2</em>",
    }
    assert scores["term_similarity"] == 1.0
    assert scores["similarity"] == pytest.approx(0.3 * scores["vector_similarity"] + 0.7 * scores["term_similarity"])
    assert data["doc_aggs"] == [{"doc_name": "test.txt", "doc_id": place.document, "count": data["total"]}]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"vector_similarity_weight": 0},
        {"vector_similarity_weight": 0.5},
        {"vector_similarity_weight": 10},
        {"vector_similarity_weight": "0.5"},
        {"vector_similarity_weight": -1},
        {"top_k": 1},
        {"top_k": 10},
        {"keyword": True},
        {"keyword": "False"},
        {"a": "b"},
        {"page_size": 1024},
        {"rerank_id": None, "keyword": None, "cross_languages": None, "metadata_condition": None, "document_ids": None},
        {"cross_languages": [], "metadata_condition": {}, "document_ids": [], "use_kg": False, "toc_enhance": False},
        {"similarity_threshold": None, "vector_similarity_weight": None, "top_k": None, "page": None},
    ],
)
def test_what_has_the_word_is_found(place: Place, fields: dict[str, Any]) -> None:
    data = place.retrieve("chunk", **fields)
    assert sorted(chunk["content"] for chunk in data["chunks"]) == TESTS
    assert data["total"] == 4


@pytest.mark.parametrize(
    ("page", "size", "shown"),
    [
        (0, 2, 2),
        (1, 2, 2),
        (2, 2, 2),
        (3, 2, 0),
        ("2", "2", 2),
        (-1, 2, 2),
        (None, 2, 2),
        ("a", 2, 2),
        (1, 1, 1),
        (4, 1, 1),
        (5, 1, 0),
        (1, 5, 4),
        (1, None, 4),
        (1, "a", 4),
        (1_000_000_000, 100, 0),
    ],
)
def test_pages(place: Place, page: Any, size: Any, shown: int) -> None:
    data = place.retrieve("chunk", page=page, page_size=size)
    assert (len(data["chunks"]), data["total"]) == (shown, 4)


def test_pages_hold_each_hit_once(place: Place) -> None:
    found = [content for page in (1, 2) for content in place.found("chunk", page=page, page_size=2)]
    assert found == place.found("chunk")


def test_the_first_sdk_s_words(place: Place) -> None:
    sent = {"question": "chunk", "datasets": [place.dataset], "documents": [], "offset": 1, "limit": 1024}
    assert len(place.post("/retrieval", sent)["data"]["chunks"]) == 4
    assert len(place.post("/retrieval", sent | {"offset": 2, "limit": 3})["data"]["chunks"]) == 1


@pytest.mark.parametrize("sent", [True, "True", "true"])
def test_highlights(place: Place, sent: Any) -> None:
    assert all("<em>" in chunk["highlight"] for chunk in place.retrieve("chunk", highlight=sent)["chunks"])


@pytest.mark.parametrize("sent", [False, "False", None])
def test_no_highlights(place: Place, sent: Any) -> None:
    assert not any("highlight" in chunk for chunk in place.retrieve("chunk", highlight=sent)["chunks"])


def test_a_highlight_is_the_sentences_that_hold_a_word(house: Diglot) -> None:
    made = a_place(house)
    made.add("It is red. The battery is heavy! Nobody knows. A battery costs much.")
    made.add("电池很重。没有人知道。")
    made.follow()
    [english] = made.retrieve("batteries", highlight=True)["chunks"]
    assert english["highlight"] == "The <em>battery</em> is heavy!...A <em>battery</em> costs much."
    [chinese] = made.retrieve("电池", highlight=True)["chunks"]
    assert chinese["highlight"] == "<em>电池</em>很重。"


INT = "ValueError(\"invalid literal for int() with base 10: 'a'\")"
NEEDS_CHAT = "`{}` needs a chat model, and none is configured."
OTHER_OPERATOR = {"conditions": [{"name": "a", "comparison_operator": "like", "value": 1}]}


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ({"question": None}, 102, "`question` is required."),
        ({"dataset_ids": None}, 102, "`dataset_ids` is required."),
        ({"dataset_ids": []}, 102, "`dataset_ids` is required."),
        ({"dataset_ids": "x"}, 102, "`dataset_ids` should be a list"),
        ({"dataset_ids": ["x"]}, 102, "You don't own the dataset x."),
        ({"dataset_ids": [UNKNOWN]}, 102, f"You don't own the dataset {UNKNOWN}."),
        ({"document_ids": "bad"}, 102, "`documents` should be a list"),
        ({"document_ids": ["not-owned"]}, 102, "The datasets don't own the document not-owned"),
        ({"document_ids": [UNKNOWN]}, 102, f"The datasets don't own the document {UNKNOWN}"),
        ({"highlight": "not_bool"}, 102, "`highlight` should be a boolean"),
        ({"highlight": 1}, 102, "`highlight` should be a boolean"),
        ({"top_k": 0}, 102, "`top_k` must be greater than 0"),
        ({"top_k": -1}, 102, "`top_k` must be greater than 0"),
        ({"top_k": "a"}, 100, INT),
        ({"vector_similarity_weight": "a"}, 100, "ValueError(\"could not convert string to float: 'a'\")"),
        ({"similarity_threshold": "nan"}, 100, "ValueError(\"'nan' is not a finite number\")"),
        ({"page_size": 101}, 101, "page_size must be less than or equal to 100"),
        ({"rerank_id": "unknown"}, 102, "`rerank_id` unknown doesn't exist"),
        ({"cross_languages": ["German"]}, 102, NEEDS_CHAT.format("cross_languages")),
        ({"use_kg": True}, 102, NEEDS_CHAT.format("use_kg")),
        ({"toc_enhance": True}, 102, NEEDS_CHAT.format("toc_enhance")),
        ({"metadata_condition": "x"}, 102, "metadata_condition must be an object."),
        ({"metadata_condition": OTHER_OPERATOR}, 102, "There is no comparison operator 'like'."),
    ],
)
def test_refusals(place: Place, fields: dict[str, Any], code: int, message: str) -> None:
    sent = {"question": "chunk", "dataset_ids": [place.dataset]} | fields
    answer = place.client.post(f"{API}/retrieval", json=sent)
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (200, code, message)


def test_a_blank_question_finds_nothing(place: Place) -> None:
    for question in ("", "  \n"):
        assert place.retrieve(question) == NOTHING


def test_the_threshold(place: Place) -> None:
    everything = place.retrieve("chunk test 2", similarity_threshold=0)["chunks"]
    bound = everything[0]["similarity"]
    assert place.found("chunk test 2", similarity_threshold=bound) == ["chunk test 2"]
    assert place.found("chunk test 2", similarity_threshold=bound + 0.01) == []
    # With no weight on vectors it does not count.
    assert len(place.found("chunk", similarity_threshold=2, vector_similarity_weight=0)) == 4


def test_names_are_found_by_their_parts(house: Diglot) -> None:
    made = a_place(house)
    ids = [made.add(f"BATCH_DELETE_TEST_CHUNK_{number}_12520")["id"] for number in range(3)]
    made.follow()
    found = made.retrieve("BATCH_DELETE_TEST_CHUNK")
    assert {chunk["id"] for chunk in found["chunks"]} == set(ids)
    made.delete({"chunk_ids": ids[:2]})
    assert made.found("BATCH_DELETE_TEST_CHUNK") == ["BATCH_DELETE_TEST_CHUNK_2_12520"]


def _conditions(*items: tuple[str, str, Any], logic: str = "and") -> dict[str, Any]:
    listed = [{"name": name, "comparison_operator": operator, "value": value} for name, operator, value in items]
    return {"logic": logic, "conditions": listed}


@pytest.mark.parametrize(
    ("items", "authors"),
    [
        ([("author", "is", "ada")], "A"),
        ([("author", "=", "Ada")], "A"),
        ([("author", "not is", "Ada")], "BE"),
        ([("author", "!=", "Ada")], "BE"),
        ([("author", "≠", "Ada")], "BE"),
        ([("year", ">", 2020)], "B"),
        ([("year", "<", "2022")], "A"),
        ([("year", "≥", 2020)], "AB"),
        ([("year", ">=", 2021)], "B"),
        ([("year", "≤", 2022)], "AB"),
        ([("year", "<=", 2020.0)], "A"),
        ([("day", ">", "2024-04-30")], "A"),
        ([("day", "=", "2024-05-01")], "A"),
        ([("author", "contains", "d")], "A"),
        ([("author", "not contains", "d")], "BE"),
        ([("author", "in", ["Ada", "Eve"])], "AE"),
        ([("author", "in", "ada, eve")], "AE"),
        ([("author", "not in", ["Ada", "Eve"])], "B"),
        ([("author", "start with", "e")], "E"),
        ([("author", "end with", "b")], "B"),
        ([("note", "empty", "")], "E"),
        ([("author", "not empty", "")], "ABE"),
        ([("tags", "is", "heavy")], "B"),
        ([("missing", "is", "x")], ""),
        ([("missing", "not is", "x")], ""),
        ([("author", "is", "Ada"), ("year", "=", 2022)], ""),
        ([("author", "is", "nobody")], ""),
    ],
)
def test_metadata_conditions(shelf: Place, items: list[tuple[str, str, Any]], authors: str) -> None:
    found = shelf.found("battery", metadata_condition=_conditions(*items))
    assert sorted(content[-4] for content in found) == sorted(authors)


def test_either_condition(shelf: Place) -> None:
    either = _conditions(("author", "is", "Ada"), ("year", "=", 2022), logic="or")
    assert len(shelf.found("battery", metadata_condition=either)) == 2


def test_documents_go_before_conditions(shelf: Place) -> None:
    nobody = _conditions(("author", "is", "nobody"))
    assert shelf.found("battery", document_ids=[shelf.document], metadata_condition=nobody) == ["A battery by Ada."]
    assert len(shelf.found("battery", metadata_condition={"conditions": []})) == 3


def test_metadata_comes_along_where_it_is_asked_for(shelf: Place) -> None:
    def metadata(**asked: Any) -> Any:
        [chunk] = shelf.retrieve("battery", document_ids=[shelf.document], reference_metadata=asked)["chunks"]
        return chunk.get("document_metadata")

    assert metadata(include=True) == {"author": "Ada", "year": 2020, "day": "2024-05-01"}
    assert metadata(include=True, fields=["year", "missing"]) == {"year": 2020}
    assert metadata(include=False) is None


def test_the_documents_behind_the_hits(shelf: Place) -> None:
    sources = shelf.retrieve("battery", page_size=1)["doc_aggs"]
    assert sorted((one["doc_name"], one["count"]) for one in sources) == [
        ("ada.txt", 1),
        ("bob.txt", 1),
        ("eve.txt", 1),
    ]


def test_several_datasets_and_their_boosts(house: Diglot, place: Place) -> None:
    other = a_place(house)
    other.add("chunk elsewhere")
    other.follow()
    both = {"dataset_ids": [place.dataset, other.dataset]}
    assert place.retrieve("chunk", **both)["total"] == 5
    assert place.found("chunk test 2", **both)[0] == "chunk test 2"
    house.datasets.update(house.keys.owner(), DatasetId(other.dataset), DatasetChange(boost=5))
    best = place.retrieve("chunk test 2", **both)["chunks"][0]
    assert best["content"] == "chunk elsewhere"
    assert best["similarity"] > 5


def test_datasets_of_different_models(house: Diglot, place: Place) -> None:
    other = a_dataset(house, embedding_model="other")
    sent = {"question": "chunk", "dataset_ids": [place.dataset, other]}
    assert place.post("/retrieval", sent) == {"code": 102, "message": "Datasets use different embedding models."}


def test_reranking(place: Place) -> None:
    chunks = place.retrieve("chunk", rerank_id="judge@somebody", vector_similarity_weight=1, similarity_threshold=0)
    expected = sorted((score_of("chunk", content) for content in TESTS), reverse=True)
    shown = [chunk for chunk in chunks["chunks"] if chunk["content"] in TESTS]
    assert [chunk["vector_similarity"] for chunk in shown] == pytest.approx(expected)
    assert [chunk["similarity"] for chunk in shown] == pytest.approx(expected)
    blended = place.retrieve("chunk", rerank_id="judge")["chunks"]
    for chunk in blended:
        mixed = 0.3 * chunk["vector_similarity"] + 0.7 * chunk["term_similarity"]
        assert chunk["similarity"] == pytest.approx(mixed)


def test_a_reranker_sees_as_many_as_are_asked_for_and_pages_hold_each_hit_once(house: Diglot) -> None:
    made = a_place(house, is_read=True)
    texts = ["harbour " + "and so on " * number for number in range(12)]
    for text in texts:
        made.add(text.strip())
    made.follow()
    options: dict[str, Any] = {"rerank_id": "judge", "vector_similarity_weight": 1, "similarity_threshold": 0}
    pages = [made.retrieve("harbour", page=page, page_size=2, top_k=4, **options) for page in range(1, 7)]
    assert [page["total"] for page in pages] == [4, 4, 8, 8, 12, 12]
    assert sorted(one["content"] for page in pages for one in page["chunks"]) == sorted(map(str.strip, texts))


def test_what_is_switched_off_is_not_found(house: Diglot) -> None:
    made = a_place(house, is_read=True, text="A lonely lighthouse.")
    owner, dataset = house.keys.owner(), DatasetId(made.dataset)
    assert made.found("lighthouse") == ["A lonely lighthouse."]
    house.documents.switch(owner, dataset, [DocumentId(made.document)], False)
    assert made.found("lighthouse") == []
    house.documents.switch(owner, dataset, [DocumentId(made.document)], True)
    follow(house, made.dataset)
    assert made.found("lighthouse") == ["A lonely lighthouse."]
    house.documents.remove(owner, dataset, DocumentId(made.document))
    assert made.retrieve("lighthouse") == NOTHING | {"doc_aggs": []}


def test_a_closed_dataset(house: Diglot) -> None:
    made = a_place(house)
    house.datasets.update(house.keys.owner(), DatasetId(made.dataset), DatasetChange(api_enabled=False))
    answer = made.client.post(f"{API}/retrieval", json={"question": "x", "dataset_ids": [made.dataset]})
    assert (answer.status_code, answer.json()["code"]) == (403, 403)


def test_another_key_s_datasets_look_unknown(house: Diglot, place: Place) -> None:
    owner = house.keys.owner()
    other = a_dataset(house)
    key = house.keys.create(owner, "k", scopes=[Scope.READ], datasets=[DatasetId(other)]).text
    sent = {"question": "chunk", "dataset_ids": [other, place.dataset]}
    refused = a_client(house, key).post(f"{API}/retrieval", json=sent).json()
    assert refused == {"code": 102, "message": f"You don't own the dataset {place.dataset}."}
    alone = {"question": "chunk", "dataset_ids": [other], "document_ids": [place.document]}
    refused = a_client(house, key).post(f"{API}/retrieval", json=alone).json()
    assert refused == {"code": 102, "message": f"The datasets don't own the document {place.document}"}


def test_many_at_once(place: Place) -> None:
    with ThreadPoolExecutor(5) as threads:
        totals = list(threads.map(lambda _: place.retrieve("chunk")["total"], range(20)))
    assert totals == [4] * 20


def test_a_search_is_three_queries(house: Diglot, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The datasets, their indexes, the hits."""
    place.retrieve("chunk")
    statements: list[str] = []
    read = type(house.database).read

    @contextmanager
    def watched(database: Any) -> Iterator[Connection]:
        with read(database) as connection:
            driver: Any = connection.connection.driver_connection
            driver.set_trace_callback(statements.append)
            try:
                yield connection
            finally:
                driver.set_trace_callback(None)

    monkeypatch.setattr(type(house.database), "read", watched)
    place.retrieve("chunk")
    asked = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(asked) == 3, asked
