from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.house import a_client, a_house


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house"), json_bytes=50_000) as one:
        yield one


@pytest.fixture
def client(house: Diglot) -> TestClient:
    return a_client(house)
