from collections.abc import Iterator
from pathlib import Path

import pytest

from diglot.adapters.embedders.adding import add_reranker_endpoint
from diglot.adapters.embedders.endpoint import Endpoint
from diglot.adapters.embedders.registry import ModelRegistry
from diglot.adapters.embedders.store import ModelStore
from diglot.adapters.rerankers.endpoint import EndpointReranker
from diglot.adapters.rerankers.registry import RerankerRegistry
from diglot.adapters.tokenizers.mixed import MixedTokenizer
from diglot.domain.errors import ModelMisbehaved, ModelUnavailable
from diglot.ports.reranker import Reranker
from tests.adapters.embedders.model_server import ModelServer, model_server, score_of
from tests.contracts.reranker import RerankerContract

KEY = "sk-very-secret-0123456789"


@pytest.fixture(params=["documents", "texts"])
def server(request: pytest.FixtureRequest) -> Iterator[ModelServer]:
    with model_server(shape=request.param, key=KEY) as running:
        yield running


def a_reranker(server: ModelServer, timeout: float = 5) -> EndpointReranker:
    return EndpointReranker("judge", Endpoint("judge", server.url, KEY), "their-name", timeout=timeout)


class TestContract(RerankerContract):
    @pytest.fixture
    def reranker(self, server: ModelServer) -> Reranker:
        return a_reranker(server)

    def test_scores_are_the_servers(self, reranker: Reranker) -> None:
        texts = [f"text {place}" for place in range(70)]
        assert reranker.rerank("question", texts) == [score_of("question", text) for text in texts]


def test_the_shape_is_learned_once(server: ModelServer) -> None:
    reranker = a_reranker(server)
    reranker.rerank("question", ["one"])
    tries = len(server.requests)
    reranker.rerank("question", ["one", "two"])
    assert tries == {"documents": 1, "texts": 2}[server.shape]
    assert len(server.requests) == tries + 1
    assert server.requests[-1] == {
        "path": "/v1/rerank",
        "model": "their-name",
        "query": "question",
        server.shape: ["one", "two"],
        "top_n": 2,
    }


NONSENSE = ["too few", "twice the same", "infinite score", "no score", "not json", "half json", "a number", "a list"]


@pytest.mark.parametrize("mode", [*NONSENSE, "an object", "unknown model", "redirect"])
def test_nonsense_is_told(mode: str) -> None:
    with model_server(mode=mode) as server, pytest.raises(ModelMisbehaved):
        a_reranker(server).rerank("question", ["one", "two"])


@pytest.mark.parametrize("mode", ["endless", "endless when unpacked"])
def test_an_answer_without_an_end_is_not_read(mode: str) -> None:
    with model_server(mode=mode) as server:
        with pytest.raises(ModelMisbehaved, match="more than what was asked for can take"):
            a_reranker(server).rerank("question", ["one", "two"])
        assert len(server.requests) == 1
        # What the system's buffers take is sent, but not read.
        assert server.sent_bytes < 50_000_000


def test_texts_that_are_answered_too_fit() -> None:
    texts = [f"{place}" + "\1" * 200_000 for place in range(10)]
    with model_server(mode="echoing") as server:
        assert a_reranker(server).rerank("question", texts) == [score_of("question", text) for text in texts]


@pytest.mark.parametrize(("mode", "requests"), [("down", 2), ("limited long", 1), ("no quota", 1)])
def test_somebody_waits_so_it_gives_up_soon(mode: str, requests: int) -> None:
    with model_server(mode=mode) as server:
        with pytest.raises(ModelUnavailable):
            a_reranker(server).rerank("question", ["one", "two"])
        assert len(server.requests) == requests


def test_a_passing_failure_is_waited_out() -> None:
    with model_server(mode="limited", failures=1) as server:
        assert len(a_reranker(server).rerank("question", ["one", "two"])) == 2


def test_it_is_added_and_found_by_its_name(tmp_path: Path, server: ModelServer) -> None:
    store = ModelStore(tmp_path / "models")
    record = add_reranker_endpoint(store, "judge", server.url + "/rerank", "BAAI/bge-reranker-v2-m3", KEY)
    registry = RerankerRegistry(store)
    assert record.base_url == server.url
    assert registry.resolve("BAAI/bge-reranker-v2-m3") == "judge"
    assert registry.get("judge").rerank("question", ["one"]) == [score_of("question", "one")]
    assert ModelRegistry(store, MixedTokenizer()).names() == ["diglot/lexical"]
    registry.close()


def test_a_wrong_key_is_found_when_adding(tmp_path: Path, server: ModelServer) -> None:
    store = ModelStore(tmp_path / "models")
    with pytest.raises(ModelMisbehaved, match="401"):
        add_reranker_endpoint(store, "judge", server.url, "x", "sk-the-wrong-key")
    assert store.records() == []
    assert add_reranker_endpoint(store, "judge", server.url, "x", "sk-the-wrong-key", probe=False).name == "judge"
