import json
import logging
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from diglot.adapters.embedders.bounded import size_of_vectors
from diglot.adapters.embedders.endpoint import Endpoint, is_loopback, retry_after
from diglot.adapters.embedders.onnx import normalised
from diglot.adapters.embedders.openai import OpenAIEmbedder
from diglot.domain.errors import ModelFailed, ModelMisbehaved, ModelUnavailable
from diglot.ports.embedder import Embedder, EmbeddingModel
from tests.adapters.embedders.model_server import DIMENSION, ModelServer, model_server, vector_of
from tests.contracts.embedder import EmbedderContract

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def an_embedder(server: ModelServer, key: str | None = KEY, timeout: float = 5, **changes: object) -> OpenAIEmbedder:
    model = EmbeddingModel(**{"name": "remote", "dimension": DIMENSION, "max_tokens": 500} | changes)
    return OpenAIEmbedder(model, Endpoint("remote", server.url, key), "their-name", timeout=timeout)


class TestContract(EmbedderContract):
    @pytest.fixture
    def embedder(self, server: ModelServer) -> Iterator[Embedder]:
        embedder = an_embedder(server)
        yield embedder
        embedder.close()


def test_texts_go_in_batches_and_come_back_in_order(server: ModelServer) -> None:
    texts = [f"text {place}" for place in range(100)]
    rows = an_embedder(server).embed_passages(texts)
    assert rows == pytest.approx(np.array([normalised(np.array(vector_of(text))) for text in texts]), abs=1e-6)
    assert sorted(len(request["input"]) for request in server.requests) == [4, 32, 32, 32]
    assert {request["model"] for request in server.requests} == {"their-name"}


def test_dimensions_are_asked_for(server: ModelServer) -> None:
    model = EmbeddingModel("remote", 8, 500)
    embedder = OpenAIEmbedder(model, Endpoint("remote", server.url, None), "their-name", dimensions=8)
    assert embedder.embed_query("text").shape == (8,)
    assert server.requests[0]["dimensions"] == 8


def test_prefixes_are_sent(server: ModelServer) -> None:
    embedder = an_embedder(server, query_prefix="query: ", passage_prefix="passage: ")
    embedder.embed_query("a")
    embedder.embed_passages(["b", "  "])
    assert [request["input"] for request in server.requests] == [["query: a"], ["passage: b"]]


def test_a_text_beyond_the_limit_is_cut(server: ModelServer) -> None:
    an_embedder(server, max_tokens=50).embed_passages(["water river " * 500])
    assert 200 < len(server.requests[0]["input"][0]) < 500


@pytest.mark.parametrize(("key", "header"), [(KEY, f"Bearer {KEY}"), (None, None)])
def test_the_key_goes_where_it_belongs(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, key: str | None, header: str | None
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "from-the-environment")
    an_embedder(server, key).embed_query("text")
    assert server.headers[0].get("authorization") == header
    assert "from-the-environment" not in server.headers[0].values()


def test_base64_is_read(server: ModelServer) -> None:
    server.mode = "base64"
    assert an_embedder(server).embed_query("text") == pytest.approx(normalised(np.array(vector_of("text"))), abs=1e-6)


def test_a_proxy_is_not_asked_for_this_machine(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert an_embedder(server).embed_query("text").any()


@pytest.mark.parametrize(
    ("address", "is_here"),
    [
        ("http://127.0.0.1:8/v1", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://10.0.0.1/", False),
    ],
)
def test_this_machine_is_known_by_its_address(address: str, is_here: bool) -> None:
    assert is_loopback(address) is is_here


@pytest.mark.parametrize("mode", ["down", "limited"])
def test_a_passing_failure_is_waited_out(server: ModelServer, mode: str) -> None:
    server.mode, server.failures = mode, 1
    assert an_embedder(server).embed_passages(["text"]).any()
    least = {"down": 0.3, "limited": 0.3}[mode]
    assert server.times[1] - server.times[0] >= least


def test_a_long_pause_is_left_to_the_caller(server: ModelServer) -> None:
    server.mode = "limited long"
    with pytest.raises(ModelUnavailable) as caught:
        an_embedder(server).embed_passages(["text"])
    assert caught.value.facts["retry_after"] == 3600
    assert len(server.requests) == 1


def test_no_quota_is_not_asked_for_again(server: ModelServer) -> None:
    server.mode = "no quota"
    with pytest.raises(ModelUnavailable, match="pay first"):
        an_embedder(server).embed_passages(["text"])
    assert len(server.requests) == 1


def test_a_question_gives_up_soon(server: ModelServer) -> None:
    server.mode = "down"
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match="503"):
        an_embedder(server).embed_query("text")
    assert time.monotonic() - started < 2
    assert len(server.requests) == 2


def test_silence_is_bounded(server: ModelServer) -> None:
    server.mode = "slow"
    with pytest.raises(ModelUnavailable, match=r"did not answer in 0\.1 s"):
        an_embedder(server, timeout=0.1).embed_query("text")


def test_nobody_there(server: ModelServer) -> None:
    embedder = OpenAIEmbedder(EmbeddingModel("remote", 8, 500), Endpoint("remote", "http://127.0.0.1:9/v1", KEY), "x")
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        embedder.embed_query("text")


NONSENSE = ["wrong dimension", "ragged", "too few", "nan", "words", "nothing", "bad base64"]
NONSENSE += ["not json", "half json", "a number", "a list", "an object", "unknown model", "redirect"]


@pytest.mark.parametrize("mode", NONSENSE)
def test_nonsense_is_not_asked_for_again(server: ModelServer, mode: str) -> None:
    server.mode = mode
    with pytest.raises(ModelMisbehaved):
        an_embedder(server).embed_passages(["one", "two"])
    assert len(server.requests) == 1


@pytest.mark.parametrize("mode", ["endless", "endless when unpacked"])
def test_an_answer_without_an_end_is_not_read(server: ModelServer, mode: str) -> None:
    server.mode = mode
    tracemalloc.start()
    with pytest.raises(ModelMisbehaved, match="more than what was asked for can take"):
        an_embedder(server).embed_passages(["one", "two"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000
    assert len(server.requests) == 1
    # What the system's buffers take is sent, but not read.
    assert server.sent_bytes < 50_000_000


def test_a_refusal_without_an_end_is_told(server: ModelServer) -> None:
    server.mode = "endless refusal"
    with pytest.raises(ModelMisbehaved, match="422") as caught:
        an_embedder(server).embed_query("text")
    assert caught.value.facts["status"] == 422


def test_what_was_asked_for_fits(server: ModelServer) -> None:
    dimension = 4096
    numbers = [-0.1234567890123456789e-10] * dimension
    entries = [{"index": place, "object": "embedding", "embedding": numbers} for place in range(32)]
    content = json.dumps({"data": entries, "model": "remote"}, indent=4)
    assert len(content) < size_of_vectors(32, dimension)


@pytest.mark.parametrize("mode", ["good", "down", "redirect", "not json", "slow"])
def test_the_key_is_never_told(server: ModelServer, mode: str, caplog: pytest.LogCaptureFixture) -> None:
    server.mode, server.key = mode, "another key"
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ModelFailed) as caught:
        an_embedder(server, timeout=0.1).embed_query("text")
    assert KEY not in str(caught.value) + str(caught.value.facts) + caplog.text


def test_one_failed_batch_fails_the_call_and_later_calls_work(server: ModelServer) -> None:
    server.mode, server.failures = "nan", 1
    embedder = an_embedder(server)
    with pytest.raises(ModelMisbehaved):
        embedder.embed_passages([f"text {place}" for place in range(200)])
    assert embedder.embed_passages(["text"]).any()


def test_batches_run_beside_each_other(server: ModelServer) -> None:
    server.mode = "slow"
    embedder = an_embedder(server)
    started = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(embedder.embed_passages, [f"text {place}" for place in range(100)]).result(10)
    assert time.monotonic() - started < 1.8


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("5", 5), ("0.5", 0.5), ("", None), ("soon", None), ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("-1", None)],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": header}) == seconds
