"""Who else may ask: somebody of another workspace, a reader, a key for other datasets."""

from collections.abc import Iterable

from sqlalchemy import Connection
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.catalog import users, workspaces
from diglot.domain.api_key import Caller, Scope
from tests.house import a_client


def a_stranger(house: Diglot, scopes: Iterable[Scope] = (Scope.READ, Scope.WRITE)) -> TestClient:
    """Of a workspace of their own."""
    return a_client(house, house.keys.create(house.database.write(_other_workspace), "k", scopes=scopes).text)


def a_reader(house: Diglot) -> TestClient:
    return a_client(house, house.keys.create(house.keys.owner(), "k", scopes=[Scope.READ]).text)


def one_restricted(house: Diglot, name: str = "another") -> TestClient:
    """To a dataset that is made for it."""
    owner = house.keys.owner()
    other = house.datasets.create(owner, name, is_numbered=True)
    return a_client(house, house.keys.create(owner, "k", datasets=[other.id]).text)


def _other_workspace(connection: Connection) -> Caller:
    workspace = workspaces.create(connection, "other")
    return Caller(workspace, users.create(connection, workspace, "other", "owner"), frozenset(Scope))
