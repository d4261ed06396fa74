"""Who may do what."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from diglot.assembly import Diglot
from diglot.catalog import api_keys
from diglot.domain.api_key import Caller, Scope
from diglot.domain.errors import (
    DatasetNotFound,
    InvalidArgument,
    KeyDisabled,
    KeyNotFound,
    ScopeMissing,
    Unauthorized,
)
from diglot.domain.identity import ApiKeyId, DatasetId, new_id, now_ms
from diglot.library.keys import Keys, prefix_of
from tests.house import KEY, a_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Diglot]:
    with a_house(tmp_path) as one:
        yield one


@pytest.fixture
def owner(house: Diglot) -> Caller:
    return house.keys.owner()


def test_a_key_names_its_owner(house: Diglot, owner: Caller) -> None:
    created = house.keys.create(owner, "mine")
    assert created.text.startswith("dataset-")
    assert len(created.text) == 51
    caller = house.keys.verify(created.text)
    assert (caller.workspace_id, caller.user_id, caller.key_id) == (owner.workspace_id, owner.user_id, created.key.id)
    assert caller.scopes == {Scope.READ, Scope.WRITE}


def test_the_key_itself_is_stored_nowhere(house: Diglot, owner: Caller, tmp_path: Path) -> None:
    text = house.keys.create(owner, "mine").text
    house.keys.verify(text)
    secret = text[len(prefix_of(text)) :].encode()
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes()


def test_the_bootstrap_key_is_made_once(house: Diglot, owner: Caller) -> None:
    assert house.keys.verify(KEY).scopes == frozenset(Scope)
    assert house.keys.bootstrap("another-key-of-forty-characters-or-more!!") is False
    with pytest.raises(Unauthorized):
        house.keys.verify("another-key-of-forty-characters-or-more!!")


@pytest.mark.parametrize("text", ["", "x", KEY[:-1], KEY + "k", KEY[:-1] + "l", "ключ", "x" * 10_000, "a\0b"])
def test_unknown_keys(house: Diglot, text: str) -> None:
    with pytest.raises(Unauthorized):
        house.keys.verify(text)


def test_revoking_takes_effect_at_once_here_and_soon_elsewhere(
    house: Diglot, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = house.keys.create(owner, "mine")
    elsewhere = Keys(house.database)
    house.keys.verify(created.text)
    elsewhere.verify(created.text)
    house.keys.revoke(owner, created.key.id)
    with pytest.raises(KeyDisabled):
        house.keys.verify(created.text)
    assert elsewhere.trusted(created.text) is not None
    monkeypatch.setattr("diglot.library.trust.time.monotonic", lambda: float("inf"))
    assert elsewhere.trusted(created.text) is None
    with pytest.raises(KeyDisabled):
        elsewhere.verify(created.text)
    with pytest.raises(KeyNotFound):
        house.keys.revoke(owner, ApiKeyId(new_id()))


def test_expired_keys(house: Diglot, owner: Caller) -> None:
    past = house.keys.create(owner, "old", expires_at=now_ms() - 1)
    with pytest.raises(KeyDisabled):
        house.keys.verify(past.text)
    soon = house.keys.create(owner, "soon", expires_at=now_ms() + 60_000)
    house.keys.verify(soon.text)


def test_last_use_is_noted_once_a_minute(house: Diglot, owner: Caller) -> None:
    created = house.keys.create(owner, "mine")
    house.keys.verify(created.text, "127.0.0.1")

    def used() -> tuple[int | None, str | None]:
        with house.database.read() as connection:
            key = api_keys.get(connection, owner.workspace_id, created.key.id)
        assert key is not None
        return key.last_used_at, key.last_used_ip

    first = used()
    assert first[0] is not None
    assert first[1] == "127.0.0.1"
    Keys(house.database).verify(created.text, "127.0.0.2")
    assert used() == first


def test_scopes(house: Diglot, owner: Caller) -> None:
    dataset = house.datasets.create(owner, "a")
    reader = house.keys.verify(house.keys.create(owner, "reader", scopes=[Scope.READ]).text)
    assert house.datasets.get(reader, dataset.id) == dataset
    for forbidden in (
        lambda: house.datasets.create(reader, "b"),
        lambda: house.datasets.remove(reader, dataset.id),
        lambda: house.keys.create(reader, "c"),
        lambda: house.keys.list(reader),
    ):
        with pytest.raises(ScopeMissing):
            forbidden()
    with pytest.raises(InvalidArgument):
        house.keys.create(owner, "none", scopes=[])


def test_a_restricted_key_sees_its_datasets_alone(house: Diglot, owner: Caller) -> None:
    mine = house.datasets.create(owner, "mine")
    other = house.datasets.create(owner, "other")
    caller = house.keys.verify(house.keys.create(owner, "some", datasets=[mine.id]).text)
    assert [one.id for one in house.datasets.list(caller).items] == [mine.id]
    assert house.datasets.by_name(caller, "other") is None
    for hidden in (
        lambda: house.datasets.get(caller, other.id),
        lambda: house.datasets.remove(caller, other.id),
        lambda: house.documents.list(caller, other.id),
        lambda: house.datasets.get(caller, DatasetId(new_id())),
    ):
        with pytest.raises(DatasetNotFound):
            hidden()
    with pytest.raises(DatasetNotFound):
        house.keys.create(owner, "bad", datasets=[DatasetId(new_id())])
