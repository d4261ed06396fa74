from collections.abc import Iterator

import pytest

from diglot.assembly import Diglot
from tests.house import a_house


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    folder = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        with a_house(folder) as opened:
            yield opened
        return
    cluster = request.getfixturevalue("postgres")
    with cluster.database() as name, a_house(folder, database_url=cluster.url(name)) as opened:
        yield opened
