from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from tests.house import a_client, a_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with a_house(tmp_path_factory.mktemp("house"), file_bytes=100_000, json_bytes=50_000) as one:
        yield one


@pytest.fixture(scope="module")
def client(house: Diglot) -> TestClient:
    return a_client(house)
