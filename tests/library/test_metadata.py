"""What a librarian does with metadata, on both databases."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diglot.assembly import Diglot
from diglot.domain.api_key import Caller, Scope
from diglot.domain.conditions import Condition, Conditions, Logic, Operator
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import DocumentFilter
from diglot.domain.errors import DatasetNotFound, DocumentNotFound, DocumentsMissing, InvalidArgument, ScopeMissing
from diglot.domain.identity import DatasetId, DocumentId, WorkspaceId, new_id
from diglot.library.documents import DocumentEdit, NewDocument
from diglot.library.metadata import Delete, Summary, Update, Updated
from tests.house import a_house


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with contextlib.ExitStack() as stack:
        settings: dict[str, Any] = {}
        if request.param == "postgres":
            cluster = request.getfixturevalue("postgres")
            settings["database_url"] = cluster.url(stack.enter_context(cluster.database()))
        folder: Path = tmp_path_factory.mktemp("metadata")
        yield stack.enter_context(a_house(folder, **settings))


@pytest.fixture
def owner(house: Diglot) -> Caller:
    return house.keys.owner()


@pytest.fixture
def dataset(house: Diglot, owner: Caller) -> Dataset:
    return house.datasets.create(owner, new_id())


def add(house: Diglot, dataset: Dataset, *held: dict[str, Any]) -> list[DocumentId]:
    caller = house.keys.owner()
    ids = []
    for fields in held:
        new = NewDocument(new_id(), [b"text"], is_text=True, indexing=Indexing.ECONOMY)
        document = house.documents.add(caller, dataset.id, new)
        if fields:
            house.metadata.set(caller, dataset.id, document.id, fields)
        ids.append(document.id)
    return ids


def held_by(house: Diglot, dataset: Dataset, *ids: DocumentId) -> list[dict[str, Any]]:
    return [house.documents.get(house.keys.owner(), dataset.id, one).metadata for one in ids]


def only(name: str, operator: Operator, *values: Any) -> Conditions:
    return Conditions((Condition(name, operator, values),))


def test_setting_replaces_all_and_notes_when(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    (document,) = add(house, dataset, {"author": "Ann", "tags": ["a", "b"]})
    before = house.documents.get(owner, dataset.id, document)
    after = house.metadata.set(owner, dataset.id, document, {"year": 2020, "open": True, "none": None})
    assert after.metadata == {"year": 2020, "open": True, "none": None}
    assert after == house.documents.get(owner, dataset.id, document)
    assert after.updated_at > before.created_at
    assert house.metadata.summary(owner, dataset.id).keys() == {"year", "open"}


@pytest.mark.parametrize("name", ["", "n" * 256])
def test_names_have_a_length(house: Diglot, owner: Caller, dataset: Dataset, name: str) -> None:
    (document,) = add(house, dataset, {"author": "Ann"})
    with pytest.raises(InvalidArgument):
        house.metadata.set(owner, dataset.id, document, {"fine": 1, name: None})
    with pytest.raises(InvalidArgument):
        house.metadata.update(owner, dataset.id, updates=[Update(name, "x")])
    assert held_by(house, dataset, document) == [{"author": "Ann"}]
    house.metadata.set(owner, dataset.id, document, {"n" * 255: "x"})


@pytest.mark.parametrize(
    ("held", "update", "becomes"),
    [
        ({}, Update("a", "x"), {"a": "x"}),
        ({}, Update("a", ["x", "x", "y"]), {"a": ["x", "y"]}),
        ({}, Update("a", "x", match="y"), {}),
        ({"a": "y", "b": 1}, Update("a", "x"), {"a": "x", "b": 1}),
        ({"a": "y"}, Update("a", ["x"]), {"a": ["x"]}),
        ({"a": "y"}, Update("a", "x", match="y"), {"a": "x"}),
        ({"a": "y"}, Update("a", "x", match="Y"), {"a": "y"}),
        ({"a": 7}, Update("a", 8, match="7"), {"a": 8}),
        ({"a": True}, Update("a", False, match=True), {"a": False}),
        ({"a": ["y", "z"]}, Update("a", "x"), {"a": ["y", "z", "x"]}),
        ({"a": ["y", "z"]}, Update("a", ["z", "x"]), {"a": ["y", "z", "x"]}),
        ({"a": ["y", "z", "x"]}, Update("a", "x", match="y"), {"a": ["x", "z"]}),
        ({"a": ["y", "z"]}, Update("a", ["p", "q"], match="y"), {"a": ["p", "q", "z"]}),
        ({"a": ["y", "z"]}, Update("a", "x", match="q"), {"a": ["y", "z"]}),
    ],
)
def test_updates(
    house: Diglot, owner: Caller, dataset: Dataset, held: dict[str, Any], update: Update, becomes: dict[str, Any]
) -> None:
    (document,) = add(house, dataset, held)
    updated = house.metadata.update(owner, dataset.id, updates=[update])
    assert held_by(house, dataset, document) == [becomes]
    assert updated == Updated(int(held != becomes), 1)


@pytest.mark.parametrize(
    ("held", "delete", "becomes"),
    [
        ({"a": "y", "b": 1}, Delete("a"), {"b": 1}),
        ({"a": ["y", "z"]}, Delete("a"), {}),
        ({"b": 1}, Delete("a"), {"b": 1}),
        ({"a": "y"}, Delete("a", "y"), {}),
        ({"a": "y"}, Delete("a", "z"), {"a": "y"}),
        ({"a": 7}, Delete("a", "7"), {}),
        ({"a": ["y", "z", "y"]}, Delete("a", "y"), {"a": ["z"]}),
        ({"a": ["y", "y"]}, Delete("a", "y"), {}),
        ({"a": []}, Delete("a", "y"), {"a": []}),
        ({"a": None}, Delete("a", "y"), {"a": None}),
    ],
)
def test_deletes(
    house: Diglot, owner: Caller, dataset: Dataset, held: dict[str, Any], delete: Delete, becomes: dict[str, Any]
) -> None:
    (document,) = add(house, dataset, held)
    updated = house.metadata.update(owner, dataset.id, deletes=[delete])
    assert held_by(house, dataset, document) == [becomes]
    assert updated == Updated(int(held != becomes), 1)


def test_updates_come_before_deletes(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    (document,) = add(house, dataset, {"a": "x"})
    house.metadata.update(owner, dataset.id, updates=[Update("b", "y"), Update("b", "z", "y")], deletes=[Delete("a")])
    assert held_by(house, dataset, document) == [{"b": "z"}]


def test_who_is_updated(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    ids = add(house, dataset, {"n": 1}, {"n": 2}, {"n": 3}, {})
    first, second = ids[:2]

    def update(value: int, **selected: Any) -> tuple[Updated, list[Any]]:
        updated = house.metadata.update(owner, dataset.id, updates=[Update("mark", value)], **selected)
        return updated, [one.get("mark") for one in held_by(house, dataset, *ids)]

    large = only("n", Operator.AT_LEAST, 2)
    assert update(1) == (Updated(4, 4), [1, 1, 1, 1])
    assert update(2, documents=frozenset({first})) == (Updated(1, 1), [2, 1, 1, 1])
    assert update(3, conditions=large) == (Updated(2, 2), [2, 3, 3, 1])
    assert update(4, documents=frozenset({first, second}), conditions=large) == (Updated(1, 1), [2, 4, 3, 1])
    assert update(4, conditions=large) == (Updated(1, 2), [2, 4, 4, 1])
    assert update(5, documents=frozenset()) == (Updated(0, 0), [2, 4, 4, 1])
    assert update(5, conditions=only("n", Operator.IS, 9)) == (Updated(0, 0), [2, 4, 4, 1])
    assert update(5, conditions=Conditions((), Logic.OR)) == (Updated(0, 0), [2, 4, 4, 1])


def test_documents_that_are_not_there_stop_the_whole_update(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    (mine,) = add(house, dataset, {"a": "x"})
    beside = house.datasets.create(owner, new_id())
    (other,) = add(house, beside, {"a": "x"})
    unknown = DocumentId(new_id())
    wanted = frozenset({mine, other, unknown})
    with pytest.raises(DocumentsMissing) as caught:
        house.metadata.update(owner, dataset.id, documents=wanted, updates=[Update("a", "y")])
    assert set(caught.value.facts["ids"]) == {other, unknown}
    assert held_by(house, dataset, mine) + held_by(house, beside, other) == [{"a": "x"}, {"a": "x"}]


def test_one_bad_value_stops_the_whole_update(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    ids = add(house, dataset, {"a": ["x"]}, {"a": "x"})
    with pytest.raises(InvalidArgument):
        house.metadata.update(owner, dataset.id, updates=[Update("a", "nul\0", match="x")])
    assert held_by(house, dataset, *ids) == [{"a": ["x"]}, {"a": "x"}]


def test_hands_at_once_lose_nothing(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    ids = add(house, dataset, *({"tags": ["start"]} for _ in range(6)))

    def tag(number: int) -> None:
        house.metadata.update(owner, dataset.id, updates=[Update("tags", f"t{number}")])

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(tag, range(16)))
    for fields in held_by(house, dataset, *ids):
        assert set(fields["tags"]) == {"start", *(f"t{number}" for number in range(16))}
    assert dict(house.metadata.summary(owner, dataset.id)["tags"].values) == {
        "start": 6,
        **{f"t{number}": 6 for number in range(16)},
    }


def test_summary(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    first, _, gone = add(
        house,
        dataset,
        {"who": "Ann", "tags": ["a", "b"]},
        {"who": "Bob", "tags": ["a"], "at": "2026-02-03T00:00:00"},
        {},
    )
    house.metadata.set(owner, dataset.id, gone, {"who": "Ann", "n": 2.5})
    house.documents.remove(owner, dataset.id, gone)
    assert house.metadata.summary(owner, dataset.id) == {
        "who": Summary("string", (("Ann", 1), ("Bob", 1))),
        "tags": Summary("list", (("a", 2), ("b", 1))),
        "at": Summary("time", (("2026-02-03T00:00:00", 1),)),
    }
    assert house.metadata.summary(owner, dataset.id, frozenset({first})) == {
        "who": Summary("string", (("Ann", 1),)),
        "tags": Summary("list", (("a", 1), ("b", 1))),
    }
    assert house.metadata.summary(owner, dataset.id, frozenset()) == {}


def test_flattened(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    beside = house.datasets.create(owner, new_id())
    first, second = add(house, dataset, {"who": "Ann", "tags": ["a", "a"]}, {"who": "ann", "n": 1})
    (third,) = add(house, beside, {"who": "Ann"})
    assert house.metadata.flattened(owner, [dataset.id, beside.id]) == {
        "who": {"Ann": [first, third], "ann": [second]},
        "tags": {"a": [first]},
        "n": {"1": [second]},
    }
    assert house.metadata.flattened(owner, []) == {}


def test_lists_of_documents_by_conditions(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    first, second, _ = add(house, dataset, {"n": 1}, {}, {"n": 5})
    house.documents.edit(owner, dataset.id, second, DocumentEdit(metadata={"n": 2}))
    listed = house.documents.list(owner, dataset.id, only=DocumentFilter(conditions=(only("n", Operator.LESS, "3"),)))
    assert {document.id for document in listed.items} == {first, second}
    assert listed.total == 2


def test_strangers_see_and_change_nothing(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    (document,) = add(house, dataset, {"a": "x"})
    foreign = replace(owner, workspace_id=WorkspaceId(new_id()))
    elsewhere = replace(owner, datasets=frozenset({DatasetId(new_id())}))
    for caller in (foreign, elsewhere):
        with pytest.raises((DatasetNotFound, DocumentNotFound)):
            house.metadata.set(caller, dataset.id, document, {})
        with pytest.raises(DatasetNotFound):
            house.metadata.update(caller, dataset.id, deletes=[Delete("a")])
        with pytest.raises(DatasetNotFound):
            house.metadata.summary(caller, dataset.id)
        with pytest.raises(DatasetNotFound):
            house.metadata.flattened(caller, [dataset.id])
    with pytest.raises(ScopeMissing):
        house.metadata.update(replace(owner, scopes=frozenset({Scope.READ})), dataset.id, deletes=[Delete("a")])
    assert held_by(house, dataset, document) == [{"a": "x"}]
