"""One house for the tests of a file; its models are a real server with settable habits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from diglot.adapters.embedders.adding import Choices, add_endpoint, add_reranker_endpoint
from diglot.adapters.embedders.store import ModelStore
from diglot.assembly import Diglot
from tests.adapters.embedders.model_server import ModelServer, model_server
from tests.house import a_house


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, server: ModelServer) -> Iterator[Diglot]:
    data: Path = tmp_path_factory.mktemp("search") / "data"
    store = ModelStore(data / "models")
    english = Choices(languages=frozenset({"en"}))
    add_endpoint(store, "english", server.url, "embed", choices=english, timeout=2)
    add_reranker_endpoint(store, "judge", server.url, "rerank", timeout=2)
    with a_house(data) as house:
        yield house
