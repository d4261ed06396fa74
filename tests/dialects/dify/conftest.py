import contextlib
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.house import a_client, a_house

LIMITS = {"file_bytes": 100_000, "json_bytes": 50_000, "text_characters": 20_000}


@pytest.fixture(scope="module")
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    """On SQLite, unless the module asks for "postgres" by an indirect parameter."""
    with contextlib.ExitStack() as stack:
        settings: dict[str, object] = dict(LIMITS)
        if getattr(request, "param", "sqlite") == "postgres":
            cluster = request.getfixturevalue("postgres")
            settings["database_url"] = cluster.url(stack.enter_context(cluster.database()))
        yield stack.enter_context(a_house(tmp_path_factory.mktemp("house"), **settings))


@pytest.fixture(scope="module")
def client(house: Diglot) -> TestClient:
    return a_client(house)
