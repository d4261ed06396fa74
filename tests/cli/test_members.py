"""Members by command: the first owner, more of them, forgotten passwords."""

import json
from pathlib import Path

import pytest

from diglot.domain.api_key import Origin
from diglot.domain.errors import InvalidCredentials
from tests.cli.test_commands import diglot
from tests.house import a_house

PASSWORD = "correct horse battery"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_first_owner_takes_over_the_keys_that_were_made_before(data: Path) -> None:
    diglot(data, "keys", "create")
    added = diglot(data, "members", "add", "Ada@Example.com", "--role", "owner", "--name", "Ada", stdin=PASSWORD + "\n")
    assert added.returncode == 0, added.stderr
    assert PASSWORD not in added.stdout + added.stderr
    [row] = json.loads(diglot(data, "members", "list", "--json").stdout)
    assert (row["name"], row["login"], row["role"], row["state"]) == ("Ada", "ada@example.com", "owner", "active")
    with a_house(data) as house:
        assert not house.accounts.is_setup_needed()
        [key] = house.keys.list(house.keys.owner())
        assert key.user_id == row["id"]
        house.accounts.log_in("ada@example.com", PASSWORD, Origin(None), None)


def test_a_forgotten_password(data: Path) -> None:
    diglot(data, "members", "add", "ada", "--role", "owner", stdin=PASSWORD)
    diglot(data, "members", "add", "bea", stdin=PASSWORD)
    changed = diglot(data, "members", "password", "BEA", stdin="staple of another kind")
    assert changed.returncode == 0, changed.stderr
    assert diglot(data, "members", "password", "nobody", stdin=PASSWORD).returncode == 1
    with a_house(data) as house:
        here = Origin(None)
        with pytest.raises(InvalidCredentials):
            house.accounts.log_in("bea", PASSWORD, here, None)
        assert house.accounts.log_in("bea", "staple of another kind", here, None).session.member.role == "viewer"


def test_what_is_refused_is_one_line(data: Path) -> None:
    for login, password in (("ada", "short"), ("a b", PASSWORD)):
        refused = diglot(data, "members", "add", login, "--role", "owner", stdin=password)
        assert refused.returncode == 1
        assert len(refused.stderr.splitlines()) == 1
