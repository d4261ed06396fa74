import contextlib
from collections.abc import Iterator

import pytest

from diglot.assembly import Diglot
from tests.house import a_house, serving, working
from tests.journeys.site import Shelf, Site


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    """With a worker that runs all the while."""
    with contextlib.ExitStack() as stack:
        settings: dict[str, object] = {}
        if request.param == "postgres":
            cluster = request.getfixturevalue("postgres")
            settings["database_url"] = cluster.url(stack.enter_context(cluster.database()))
        one = stack.enter_context(a_house(tmp_path_factory.mktemp("house"), **settings))
        stack.enter_context(working(one))
        yield one


@pytest.fixture(scope="module")
def site(house: Diglot) -> Iterator[Site]:
    with serving(house) as url:
        one = Site(url)
        yield one
        one.client.close()


@pytest.fixture
def shelf(site: Site) -> Shelf:
    return site.dataset()
