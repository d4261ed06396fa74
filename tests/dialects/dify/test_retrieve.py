"""/retrieve and /hit-testing: every property of the answer, the ways to search, and what a dataset keeps of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from starlette.testclient import TestClient

from diglot.adapters.embedders.adding import add_reranker_endpoint
from diglot.adapters.embedders.store import ModelStore
from diglot.assembly import Diglot
from diglot.domain.search import MAX_TOP_K, RetrievalSettings, SearchMethod
from diglot.http.dify import retrieval_models
from tests.adapters.embedders.model_server import ModelServer, model_server, score_of
from tests.dialects.dify.objects import a_dataset, a_document, a_ready_document
from tests.house import a_client, a_house, finish

METHODS = ["semantic_search", "full_text_search", "hybrid_search", "keyword_search"]
LINES = [
    "The battery lasts ten hours.",
    "A battery that is full charges no more.",
    "Put the battery of the lamp into the lamp.",
    "Zebras graze.",
]
QUESTION = "battery of the lamp"
NO_RERANKER = "No Rerank Model available. Please configure a valid provider in the Settings -> Model Provider."


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, server: ModelServer) -> Iterator[Diglot]:
    data: Path = tmp_path_factory.mktemp("house") / "data"
    add_reranker_endpoint(ModelStore(data / "models"), "judge", server.url, "rerank", timeout=2)
    with a_house(data) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(house: Diglot) -> TestClient:
    return a_client(house)


@pytest.fixture(scope="module")
def dataset(house: Diglot, client: TestClient) -> str:
    made = a_dataset(client)
    a_ready_document(client, house, made, "\n".join(LINES))
    return made


@pytest.fixture(scope="module")
def economy(house: Diglot, client: TestClient) -> str:
    made = a_dataset(client)
    a_ready_document(client, house, made, "\n".join(LINES), indexing_technique="economy")
    return made


def a_model(**fields: Any) -> dict[str, Any]:
    return {
        "search_method": "hybrid_search",
        "reranking_enable": False,
        "top_k": 10,
        "score_threshold_enabled": False,
    } | fields


def judged_by(name: str, **fields: Any) -> dict[str, Any]:
    names = {"reranking_provider_name": "somebody", "reranking_model_name": name}
    return a_model(reranking_enable=True, reranking_mode="reranking_model", reranking_model=names, **fields)


def ask(client: TestClient, dataset: str, model: dict[str, Any] | None = None, **body: Any) -> list[dict[str, Any]]:
    sent = {"query": QUESTION} | ({} if model is None else {"retrieval_model": model}) | body
    answer = client.post(f"/v1/datasets/{dataset}/retrieve", json=sent)
    assert answer.status_code == 200, answer.text
    records: list[dict[str, Any]] = answer.json()["records"]
    assert [one["score"] for one in records] == sorted((one["score"] for one in records), reverse=True)
    return records


def contents(records: list[dict[str, Any]]) -> list[str]:
    return [record["segment"]["content"] for record in records]


def shown(client: TestClient, dataset: str) -> dict[str, Any]:
    model: dict[str, Any] = client.get(f"/v1/datasets/{dataset}").json()["retrieval_model_dict"]
    return model


# The answer

NULL = type(None)
SHAPES: dict[str, dict[str, Any]] = {
    "answer": {"query": dict, "records": list},
    "query": {"content": str},
    "record": {
        "segment": dict,
        "child_chunks": list,
        "score": float,
        "tsne_position": NULL,
        "files": list,
        "summary": NULL,
    },
    "segment": {
        "id": str,
        "position": int,
        "document_id": str,
        "content": str,
        "sign_content": str,
        "answer": (str, NULL),
        "word_count": int,
        "tokens": int,
        "keywords": list,
        "index_node_id": str,
        "index_node_hash": str,
        "hit_count": int,
        "enabled": bool,
        "disabled_at": (int, NULL),
        "disabled_by": (str, NULL),
        "status": str,
        "created_by": str,
        "created_at": int,
        "indexing_at": int,
        "completed_at": int,
        "error": (str, NULL),
        "stopped_at": (int, NULL),
        "document": dict,
    },
    "document": {"id": str, "data_source_type": str, "name": str, "doc_type": (str, NULL), "doc_metadata": dict},
    "retrieval_model_dict": {
        "search_method": str,
        "reranking_enable": bool,
        "reranking_mode": (str, NULL),
        "reranking_model": dict,
        "weights": (dict, NULL),
        "top_k": int,
        "score_threshold_enabled": bool,
        "score_threshold": (float, NULL),
    },
    "reranking_model": {"reranking_provider_name": str, "reranking_model_name": str},
    "weights": {"weight_type": (str, NULL), "vector_setting": (dict, NULL), "keyword_setting": (dict, NULL)},
    "vector_setting": {
        "vector_weight": float,
        "embedding_provider_name": (str, NULL),
        "embedding_model_name": (str, NULL),
    },
    "keyword_setting": {"keyword_weight": float},
}
OURS = {"record": {"scores", "anchors"}}


def has_shape(value: dict[str, Any], shape: str) -> bool:
    """Every property that Dify documents, of its type, and no other but ours."""
    types = SHAPES[shape]
    assert value.keys() == types.keys() | OURS.get(shape, set()), shape
    for name, kinds in types.items():
        allowed = kinds if isinstance(kinds, tuple) else (kinds,)
        assert type(value[name]) in allowed, (shape, name, value[name])
    return True


@pytest.mark.parametrize("path", ["retrieve", "hit-testing"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("is_economy", [False, True])
def test_every_property(house: Diglot, client: TestClient, path: str, method: str, is_economy: bool) -> None:
    made = a_dataset(client)
    technique = "economy" if is_economy else "high_quality"
    document = a_ready_document(client, house, made, "\n".join(LINES), indexing_technique=technique)
    client.post(f"/v1/datasets/{made}/metadata/built-in/enable")
    sent = {"query": QUESTION, "retrieval_model": a_model(search_method=method, top_k=2)}
    answer = client.post(f"/v1/datasets/{made}/{path}", json=sent).json()
    assert has_shape(answer, "answer")
    assert has_shape(answer["query"], "query")
    assert answer["query"] == {"content": QUESTION}
    assert len(answer["records"]) == 2
    listed = client.get(f"/v1/datasets/{made}/documents/{document}/segments").json()["data"]
    segments = {one["id"]: one for one in listed}
    for record in answer["records"]:
        assert has_shape(record, "record")
        segment = record["segment"]
        assert has_shape(segment, "segment")
        assert has_shape(segment["document"], "document")
        assert segment["document"]["id"] == segment["document_id"] == document
        known = segments[segment["id"]] | {"document": segment["document"]}
        assert segment == {name: known[name] for name in segment}
        assert (record["child_chunks"], record["files"]) == ([], [])


def test_every_property_of_a_dataset_s_own_model(client: TestClient) -> None:
    sides = {"vector_setting": {"vector_weight": 1}, "keyword_setting": {"keyword_weight": 0}}
    for fields in ({}, {"retrieval_model": a_model(weights=sides, score_threshold=1)}):
        model = shown(client, a_dataset(client, **fields))
        assert has_shape(model, "retrieval_model_dict")
        assert has_shape(model["reranking_model"], "reranking_model")
    assert has_shape(model["weights"], "weights")
    assert has_shape(model["weights"]["vector_setting"], "vector_setting")
    assert has_shape(model["weights"]["keyword_setting"], "keyword_setting")


@pytest.mark.parametrize("path", ["retrieve", "hit-testing"])
@pytest.mark.parametrize("question", ["", "   ", None, "q" * 251, " " * 250 + "q"])
def test_a_question_has_1_to_250_characters(client: TestClient, dataset: str, path: str, question: str | None) -> None:
    answer = client.post(f"/v1/datasets/{dataset}/{path}", json={"query": question})
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Query is required and cannot exceed 250 characters",
    )
    asked = " battery " + "q" * 241
    whole = client.post(f"/v1/datasets/{dataset}/{path}", json={"query": asked})
    assert whole.json()["query"] == {"content": asked}


def test_no_search_counts_as_a_hit(house: Diglot, client: TestClient) -> None:
    made = a_dataset(client)
    document = a_ready_document(client, house, made)
    for _ in range(2):
        assert [one["segment"]["hit_count"] for one in ask(client, made, a_model(), query="battery")][:1] == [0]
    assert client.get(f"/v1/datasets/{made}/documents/{document}").json()["hit_count"] == 0
    assert client.get(f"/v1/datasets/{made}/documents").json()["data"][0]["hit_count"] == 0


# The ways to search


@pytest.mark.parametrize("method", METHODS)
def test_each_method_scores_by_its_own(client: TestClient, dataset: str, method: str) -> None:
    records = ask(client, dataset, a_model(search_method=method))
    assert contents(records)[0] == LINES[2]
    for record in records:
        scores = record["scores"]
        if method == "semantic_search":
            assert (record["score"], scores["bm25"]) == (scores["cosine"], None)
        elif method == "hybrid_search":
            assert scores["cosine"] is not None
        else:
            assert (record["score"], scores["cosine"]) == (pytest.approx(scores["bm25_share"]), None)
    assert any(one["scores"]["bm25"] for one in records) is (method != "semantic_search")


@pytest.mark.parametrize("method", METHODS)
def test_economy_searches_by_words_whatever_is_asked(client: TestClient, economy: str, method: str) -> None:
    records = ask(client, economy, a_model(search_method=method))
    assert contents(records)[0] == LINES[2]
    assert LINES[3] not in contents(records)
    assert {one["scores"]["cosine"] for one in records} == {None}


def _weights(vector: float | None, keyword: float | None, kind: str | None = "customized") -> dict[str, Any]:
    return {
        "weight_type": kind,
        "vector_setting": None if vector is None else {"vector_weight": vector},
        "keyword_setting": None if keyword is None else {"keyword_weight": keyword},
    }


@pytest.mark.parametrize(
    ("weights", "share"),
    [
        (_weights(0.7, 0.3), 0.7),
        (_weights(7, 3), 0.7),
        (_weights(1, 0, "semantic_first"), 1.0),
        (_weights(0, 1, "keyword_first"), 0.0),
        (_weights(0.2, 0.8, "semantic_first"), 0.2),
        (_weights(0.25, None, ""), 0.25),
        (_weights(None, 0.25, None), 0.75),
    ],
)
@pytest.mark.parametrize("mode", ["weighted_score", None, ""])
def test_weights_make_the_score(
    client: TestClient, dataset: str, weights: dict[str, Any], share: float, mode: str | None
) -> None:
    records = ask(client, dataset, a_model(reranking_mode=mode, weights=weights))
    assert records
    for record in records:
        cosine, words = record["scores"]["cosine"] or 0.0, record["scores"]["bm25_share"] or 0.0
        vector = cosine if share == 1.0 else max(0.0, cosine)
        assert record["score"] == pytest.approx(share * vector + (1 - share) * words, abs=1e-6)


def test_weights_that_say_nothing_are_the_model_s_advice(client: TestClient, dataset: str) -> None:
    advised = ask(client, dataset, a_model())
    for weights in (None, {}, _weights(None, None, "keyword_first"), _weights(0, 0)):
        assert ask(client, dataset, a_model(weights=weights)) == advised


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("judge", [None, "judge"])
def test_a_threshold_is_kept_by_every_method(client: TestClient, dataset: str, method: str, judge: str | None) -> None:
    model = a_model(search_method=method) if judge is None else judged_by(judge, search_method=method)
    every = ask(client, dataset, model)
    assert len(every) >= 3
    limit = every[1]["score"]
    above = [one["segment"]["id"] for one in every if one["score"] >= limit]
    assert 2 <= len(above) < len(every)
    for on in (True, "true", 1):
        found = ask(client, dataset, model | {"score_threshold_enabled": on, "score_threshold": str(limit)})
        assert [one["segment"]["id"] for one in found] == above
    for off in (False, None, "false"):
        assert ask(client, dataset, model | {"score_threshold_enabled": off, "score_threshold": limit}) == every


@pytest.mark.parametrize("method", METHODS)
def test_a_reranking_model_has_the_last_word(client: TestClient, dataset: str, method: str) -> None:
    plain = ask(client, dataset, a_model(search_method=method))
    judged = ask(client, dataset, judged_by("judge", search_method=method))
    assert sorted(contents(judged)) == sorted(contents(plain))
    for record in judged:
        assert record["score"] == record["scores"]["rerank"]
        assert record["score"] == pytest.approx(score_of(QUESTION, record["segment"]["content"]))
    [best] = ask(client, dataset, judged_by("judge", search_method=method, top_k=1))
    assert best == judged[0]


def test_which_rerankers_are_refused(house: Diglot, client: TestClient, dataset: str) -> None:
    unknown = judged_by("nobody")
    passed_over = [
        unknown | {"reranking_enable": False},
        unknown | {"reranking_mode": "weighted_score"},
        a_model(reranking_enable=True, reranking_model={"reranking_provider_name": "", "reranking_model_name": ""}),
        a_model(reranking_enable=True, reranking_model=None),
        a_model(reranking_enable=True, reranking_model={}),
    ]
    for model in passed_over:
        assert {one["scores"]["rerank"] for one in ask(client, dataset, model)} == {None}
        a_dataset(client, retrieval_model=model)
    before = client.get("/v1/datasets").json()["total"]
    empty = a_dataset(client)
    text = {"name": "n", "text": "t", "indexing_technique": "economy", "retrieval_model": unknown}
    for answer in (
        client.post(f"/v1/datasets/{dataset}/retrieve", json={"query": QUESTION, "retrieval_model": unknown}),
        client.post("/v1/datasets", json={"name": "never", "retrieval_model": unknown}),
        client.patch(f"/v1/datasets/{dataset}", json={"retrieval_model": unknown}),
        client.post(f"/v1/datasets/{empty}/document/create-by-text", json=text),
    ):
        told = answer.json()
        assert (answer.status_code, told["code"], told["message"]) == (400, "invalid_param", NO_RERANKER)
    assert client.get("/v1/datasets").json()["total"] == before + 1
    assert client.get(f"/v1/datasets/{empty}").json()["document_count"] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"search_method": "magic"},
        {"search_method": ""},
        {"reranking_mode": "somehow"},
        {"weights": {"weight_type": "best"}},
        {"weights": _weights(-0.1, 1.1)},
        {"weights": {"vector_setting": {}}},
        {"top_k": 0},
        {"top_k": "0.9"},
        {"top_k": -1},
        {"top_k": "ten"},
        {"top_k": [3]},
        {"score_threshold": "high"},
        {"score_threshold_enabled": "perhaps"},
        {"reranking_model": "judge"},
    ],
)
def test_what_is_no_retrieval_model(client: TestClient, dataset: str, wrong: dict[str, Any]) -> None:
    before = shown(client, dataset)
    model = a_model(**wrong)
    asked = client.post(f"/v1/datasets/{dataset}/retrieve", json={"query": QUESTION, "retrieval_model": model})
    patched = client.patch(f"/v1/datasets/{dataset}", json={"retrieval_model": model})
    for answer in (asked, patched):
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_param")
    assert shown(client, dataset) == before


# A dataset's own way

FULL = {
    "search_method": "full_text_search",
    "reranking_enable": True,
    "reranking_mode": "reranking_model",
    "reranking_model": {"reranking_provider_name": "langgenius/x/x", "reranking_model_name": "JUDGE"},
    "weights": {
        "weight_type": "semantic_first",
        "vector_setting": {"vector_weight": 0.6, "embedding_provider_name": "p", "embedding_model_name": "m"},
        "keyword_setting": {"keyword_weight": 0.6},
    },
    "top_k": 2,
    "score_threshold_enabled": False,
    "score_threshold": 0.75,
}
UNCHOSEN = {
    "search_method": "semantic_search",
    "reranking_enable": False,
    "reranking_mode": None,
    "reranking_model": {"reranking_provider_name": "", "reranking_model_name": ""},
    "weights": None,
    "top_k": 2,
    "score_threshold_enabled": False,
    "score_threshold": None,
}


def test_it_is_shown_as_it_was_sent(client: TestClient) -> None:
    made = a_dataset(client)
    assert shown(client, made) == UNCHOSEN
    answer = client.patch(f"/v1/datasets/{made}", json={"retrieval_model": FULL})
    assert answer.json()["retrieval_model_dict"] == FULL == shown(client, made)
    assert client.patch(f"/v1/datasets/{made}", json={"name": made[:40]}).json()["retrieval_model_dict"] == FULL
    assert client.patch(f"/v1/datasets/{made}", json={"retrieval_model": None}).json()["retrieval_model_dict"] == FULL
    listed = client.get("/v1/datasets").json()["data"]
    assert next(one for one in listed if one["id"] == made)["retrieval_model_dict"] == FULL
    assert shown(client, a_dataset(client, retrieval_model=FULL)) == FULL
    short = a_model(search_method="full_text_search", top_k="7.0", reranking_model=None, weights=None)
    client.patch(f"/v1/datasets/{made}", json={"retrieval_model": short})
    assert shown(client, made) == UNCHOSEN | {"search_method": "full_text_search", "top_k": 7}
    client.patch(f"/v1/datasets/{made}", json={"retrieval_model": short | {"top_k": 10**6}})
    assert shown(client, made)["top_k"] == MAX_TOP_K


def test_a_first_document_may_bring_it(house: Diglot, client: TestClient) -> None:
    made = a_dataset(client)
    a_document(client, made, retrieval_model=FULL)
    assert shown(client, made) == FULL
    a_document(client, made, retrieval_model=a_model())
    assert shown(client, made) == FULL
    unsaid = a_dataset(client)
    a_document(client, unsaid)
    assert shown(client, unsaid) == UNCHOSEN | {"top_k": 4}
    finish(house)


def test_economy_shows_keyword_search_and_forgets_nothing(client: TestClient) -> None:
    made = a_dataset(client, indexing_technique="economy", retrieval_model=FULL)
    assert shown(client, made) == FULL | {"search_method": "keyword_search"}
    client.patch(f"/v1/datasets/{made}", json={"indexing_technique": "high_quality"})
    assert shown(client, made) == FULL


def test_it_counts_for_questions_that_bring_none(house: Diglot, client: TestClient) -> None:
    made = a_dataset(client)
    a_ready_document(client, house, made, "\n".join(f"battery {number}" for number in range(9)))
    assert len(ask(client, made)) == 4
    client.patch(f"/v1/datasets/{made}", json={"retrieval_model": FULL})
    for body in ({}, {"retrieval_model": None}, {"retrieval_model": {}}, {"top_k": 7, "score_threshold": 0.9}):
        own = ask(client, made, **body)
        assert len(own) == 2
        assert [one["score"] for one in own] == [one["scores"]["rerank"] for one in own]
    brought = ask(client, made, a_model(search_method="full_text_search", top_k=5))
    assert (len(brought), {one["scores"]["rerank"] for one in brought}) == (5, {None})


@given(
    st.builds(
        RetrievalSettings,
        method=st.sampled_from(SearchMethod),
        top_k=st.integers(1, MAX_TOP_K),
        threshold=st.none() | st.floats(0, 1),
        vector_weight=st.none() | st.integers(0, 100).map(lambda percent: percent / 100),
        reranker=st.none() | st.just("judge"),
    )
)
def test_settings_in_dify_s_words_mean_the_same(settings: RetrievalSettings) -> None:
    again = retrieval_models.settings_of(retrieval_models.worded(settings))
    assert again.vector_weight == (None if settings.vector_weight is None else pytest.approx(settings.vector_weight))
    assert (again.method, again.top_k, again.threshold, again.reranker) == (
        settings.method,
        settings.top_k,
        settings.threshold,
        settings.reranker,
    )


# What it costs


def _selects(house: Diglot, client: TestClient, dataset: str, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> int:
    ask(client, dataset, a_model(**fields))
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

    with monkeypatch.context() as patched:
        patched.setattr(type(house.database), "read", watched)
        assert ask(client, dataset, a_model(**fields))
    return len([statement for statement in statements if statement.startswith("SELECT")])


def test_a_search_is_three_queries(house: Diglot, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dataset, its index, the hits; one more for conditions, and one for the names of people."""
    made = a_dataset(client)
    document = a_ready_document(client, house, made, "\n".join(LINES))
    field = client.post(f"/v1/datasets/{made}/metadata", json={"type": "string", "name": "author"}).json()
    values = [{"document_id": document, "metadata_list": [field | {"value": "Ada"}]}]
    assert client.post(f"/v1/datasets/{made}/documents/metadata", json={"operation_data": values}).status_code == 200
    of_author = {"conditions": [{"name": "author", "comparison_operator": "is", "value": "Ada"}]}
    assert _selects(house, client, made, monkeypatch) == 3
    assert _selects(house, client, made, monkeypatch, metadata_filtering_conditions=of_author) == 4
    client.post(f"/v1/datasets/{made}/metadata/built-in/enable")
    assert _selects(house, client, made, monkeypatch) == 4
    of_name = {"conditions": [{"name": "source", "comparison_operator": "not empty"}]}
    assert _selects(house, client, made, monkeypatch, metadata_filtering_conditions=of_name) == 5
