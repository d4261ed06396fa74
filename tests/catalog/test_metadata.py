"""Metadata in rows: what conditions find is what a plain restatement of their rules finds, on both databases."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from diglot.catalog import metadata, remains
from diglot.catalog.database import Database
from diglot.catalog.metadata import Count
from diglot.catalog.tables import documents, metadata_values
from diglot.domain.conditions import CONDITIONS, VALUE_LENGTH, VALUES, Condition, Conditions, Logic, Operator
from diglot.domain.errors import InvalidArgument
from diglot.domain.identity import DocumentId, WorkspaceId, new_id
from tests.catalog.rows import Shelf, a_document, a_shelf, another

NAMES = ["author", "Year", "作者"]
LONG = "long " * 20
TEXTS = ["", " ", "draft", "Draft", "DRAFTED", "re-draft", "ÄGYPTEN", "ägypten", "草稿"]
TEXTS += ["%", "_", "a%b", "a_b", "/", "'"]
TEXTS += ["7", "7.0", "07", " 7 ", "-7", "1e3", "1E3", ".5", "nan", "inf", "1e999", "0x10", "true", "True", "2024"]
TEXTS += ["2024-01-05", "2024-01-06 ", "2023-12-31", "2024-1-5", "2024-01-05T10:00:00", LONG, LONG + "a", LONG + "B"]
TEXTS += ["9007199254740993", "9007199254740992", "9007199254740992.0", "10", "9", "Z", "a"]
scalars = st.sampled_from(TEXTS) | st.sampled_from([7, 7.0, 0, -7, 10, 2**53, 2**53 + 1, 0.5, 1e300, True, False, 2024])
fields = scalars | st.none() | st.lists(scalars | st.none(), max_size=3)
shelves = st.lists(st.dictionaries(st.sampled_from(NAMES), fields, max_size=3), min_size=1, max_size=8)
wanted_values = st.lists(scalars | st.none(), max_size=3).map(tuple)
conditions = st.builds(Condition, st.sampled_from([*NAMES, "nobody's"]), st.sampled_from(Operator), wanted_values)
filters = st.builds(Conditions, st.lists(conditions, max_size=3).map(tuple), st.sampled_from(Logic))


def shown(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value).lower()


def as_date(value: Any) -> str | None:
    text = shown(value).strip()
    return text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None


def as_number(value: Any) -> float | None:
    text = shown(value).strip()
    bare = text.lstrip("+-")
    if not re.match(r"[0-9.]", bare) or re.match(r"0[0-9]", bare) or not re.fullmatch(r"[+-]?[0-9.e+-]+", text):
        return None
    try:
        return float(text) if math.isfinite(float(text)) else None
    except ValueError:
        return None


def text_of(value: Any) -> str:
    return as_date(value) or shown(value)


def is_equal(held: Any, value: Any) -> bool:
    one, other = as_number(held), as_number(value)
    if one is not None and other is not None and abs(other) < 2**53:
        return one == other
    return text_of(held) == text_of(value)


def sort_key(value: Any) -> tuple[str, Any]:
    if as_date(value):
        return "date", as_date(value)
    number = as_number(value)
    return ("text", shown(value)) if number is None else ("number", number)


def meets_one(held: Any, operator: Operator, value: Any) -> bool:
    ours, theirs = sort_key(held), sort_key(value)
    same_kind = ours[0] == theirs[0]
    return {
        Operator.IS: lambda: is_equal(held, value),
        Operator.IS_NOT: lambda: not is_equal(held, value) and (as_date(value) is None or as_date(held) is not None),
        Operator.CONTAINS: lambda: text_of(value) in text_of(held),
        Operator.NOT_CONTAINS: lambda: text_of(value) not in text_of(held),
        Operator.STARTS_WITH: lambda: text_of(held).startswith(text_of(value)),
        Operator.ENDS_WITH: lambda: text_of(held).endswith(text_of(value)),
        Operator.GREATER: lambda: same_kind and ours[1] > theirs[1],
        Operator.LESS: lambda: same_kind and ours[1] < theirs[1],
        Operator.AT_LEAST: lambda: same_kind and ours[1] >= theirs[1],
        Operator.AT_MOST: lambda: same_kind and ours[1] <= theirs[1],
    }[operator]()


def meets(held: Any, operator: Operator, values: Sequence[Any]) -> bool:
    given_ones = [value for value in values if value is not None]
    if operator in (Operator.EMPTY, Operator.NOT_EMPTY):
        return (shown(held) == "") is (operator is Operator.EMPTY)
    if operator in (Operator.IN, Operator.NOT_IN):
        return any(is_equal(held, value) for value in given_ones) is (operator is Operator.IN)
    return bool(given_ones) and meets_one(held, operator, given_ones[0])


def passes(held: dict[str, Any], asked: Conditions) -> bool:
    if not asked.items:
        return False

    def fulfils(condition: Condition) -> bool:
        if condition.operator is Operator.LACKING:
            return not fulfils(replace(condition, operator=Operator.NOT_EMPTY))
        value = held.get(condition.name)
        each = value if isinstance(value, list) else [value]
        return any(meets(item, condition.operator, condition.values) for item in each if item is not None)

    return (all if asked.logic is Logic.AND else any)(fulfils(condition) for condition in asked.items)


def fill(database: Database, shelf: Shelf, held: Sequence[dict[str, Any]]) -> list[DocumentId]:
    """The shelf's documents are these, and no others."""

    def work(connection: Any) -> list[DocumentId]:
        connection.execute(delete(documents).where(documents.c.dataset_id == shelf.dataset_id))
        ids = [a_document(connection, shelf) for _ in held]
        metadata.store(connection, shelf.dataset_id, dict(zip(ids, held, strict=True)))
        return ids

    return database.write(work)


def found(database: Database, shelf: Shelf, asked: Conditions) -> set[DocumentId]:
    with database.read() as connection:
        return metadata.matching(connection, shelf.workspace_id, [shelf.dataset_id], asked)


def only(name: str, operator: Operator, *values: Any) -> Conditions:
    return Conditions((Condition(name, operator, values),))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=shelves, asked=st.lists(filters, min_size=1, max_size=30))
def test_conditions_find_what_their_rules_say(
    database: Database, held: list[dict[str, Any]], asked: list[Conditions]
) -> None:
    shelf = a_shelf(database)
    ids = fill(database, shelf, held)
    for one in asked:
        expected = {document for document, its in zip(ids, held, strict=True) if passes(its, one)}
        assert found(database, shelf, one) == expected, one


@pytest.mark.parametrize("operator", Operator)
def test_every_value_against_every_value(database: Database, operator: Operator) -> None:
    values = [*TEXTS, 7, 2**53 + 1, 0.5, True]
    shelf = a_shelf(database)
    ids = fill(database, shelf, [{"author": value} for value in values])
    with_matches = 0
    for value in values:
        asked = only("author", operator, value)
        expected = {one for one, held in zip(ids, values, strict=True) if passes({"author": held}, asked)}
        assert found(database, shelf, asked) == expected, value
        with_matches += bool(expected)
    assert with_matches > 0


@pytest.mark.parametrize(
    ("held", "operator", "values", "is_met"),
    [
        ("Alice", Operator.IS, ("aLICE",), True),
        ("2020", Operator.IS, (2020.0,), True),
        ("2020", Operator.GREATER, ("300",), True),
        ("02020", Operator.IS, ("2020",), False),
        ("2024-01-05", Operator.LESS, ("2024-02-01",), True),
        ("unknown", Operator.IS_NOT, ("2024-02-01",), False),
        ("unknown", Operator.LESS, ("2024-02-01",), False),
        (["red", "blue"], Operator.IS, ("blue",), True),
        (["red", "blue"], Operator.IS_NOT, ("blue",), True),
        (["blue"], Operator.NOT_IN, ("blue", "red"), False),
        ("100%", Operator.CONTAINS, ("%",), True),
        ("100", Operator.CONTAINS, ("%",), False),
        ("", Operator.EMPTY, (), True),
        ([], Operator.EMPTY, (), False),
        (None, Operator.NOT_EMPTY, (), False),
        ("x", Operator.IS_NOT, (None,), False),
    ],
)
def test_rules_by_example(
    database: Database, held: Any, operator: Operator, values: tuple[Any, ...], is_met: bool
) -> None:
    shelf = a_shelf(database)
    (document,) = fill(database, shelf, [{"author": held}])
    assert found(database, shelf, only("author", operator, *values)) == ({document} if is_met else set())


def test_a_document_without_the_field_meets_no_condition_on_it_but_that_it_lacks_it(database: Database) -> None:
    shelf = a_shelf(database)
    ids = fill(database, shelf, [{"author": "x"}, {}])
    for operator in Operator:
        meets_it = set(ids) if operator is Operator.LACKING else set()
        assert found(database, shelf, only("editor", operator, "x")) == meets_it


def test_storing_again_forgets_what_was_there(database: Database) -> None:
    shelf = a_shelf(database)
    (document,) = fill(database, shelf, [{"author": ["one", "two"], "year": 1999}])
    database.write(lambda connection: metadata.store(connection, shelf.dataset_id, {document: {"author": "three"}}))
    assert found(database, shelf, only("author", Operator.IN, "one", "two")) == set()
    assert found(database, shelf, only("year", Operator.NOT_EMPTY)) == set()
    assert found(database, shelf, only("author", Operator.IS, "three")) == {document}
    with database.read() as connection:
        row = connection.execute(select(documents).where(documents.c.id == document)).one()
    assert row.metadata == {"author": "three"}
    assert row.updated_at > 1


def test_nobody_meets_documents_of_others_nor_deleted_ones(database: Database) -> None:
    shelf = a_shelf(database)
    beside, foreign = another(database, shelf), a_shelf(database)
    (mine,) = fill(database, shelf, [{"author": "x"}])
    (other,) = fill(database, beside, [{"author": "x"}])
    (theirs,) = fill(database, foreign, [{"author": "x"}])
    asked = only("author", Operator.IS, "x")

    def met(workspace_id: WorkspaceId, *shelves: Shelf) -> set[DocumentId]:
        with database.read() as connection:
            return metadata.matching(connection, workspace_id, [one.dataset_id for one in shelves], asked)

    assert met(shelf.workspace_id, shelf) == {mine}
    assert met(shelf.workspace_id, shelf, beside) == {mine, other}
    assert met(shelf.workspace_id, shelf, foreign) == {mine}
    assert met(foreign.workspace_id, foreign) == {theirs}
    assert met(WorkspaceId(new_id()), shelf) == set()
    gone = update(documents).where(documents.c.id == mine).values(deleted_at=1)
    database.write(lambda connection: connection.execute(gone).rowcount)
    assert met(shelf.workspace_id, shelf) == set()


def test_values_go_with_their_document(database: Database) -> None:
    shelf = a_shelf(database)
    kept, gone = fill(database, shelf, [{"author": "x"}, {"author": ["y", "z"]}])

    def work(connection: Any) -> list[str]:
        connection.execute(update(documents).where(documents.c.id == gone).values(deleted_at=1))
        remains.remove_document(connection, gone)
        return list(connection.execute(select(metadata_values.c.document_id)).scalars())

    assert database.write(work) == [kept]


def test_counts_and_kinds(database: Database) -> None:
    shelf = a_shelf(database)
    held: list[dict[str, Any]] = [
        {"author": "Ann", "year": 2020, "tags": ["a", "b"], "seen": "2026-02-03T00:00:00"},
        {"author": "ann", "year": 2020, "tags": ["a"]},
        {"author": "Ann", "year": "2021", "tags": None, "ready": True},
    ]
    first, second, third = fill(database, shelf, held)
    with database.read() as connection:
        counts = metadata.counts(connection, shelf.workspace_id, shelf.dataset_id)
        kinds = metadata.kinds(connection, shelf.workspace_id, shelf.dataset_id)
        few = metadata.counts(connection, shelf.workspace_id, shelf.dataset_id, [third])
        holders = metadata.holders(connection, shelf.workspace_id, [shelf.dataset_id])
    assert set(counts) == {
        *(Count("author", "Ann", 2), Count("author", "ann", 1), Count("year", "2020", 2), Count("year", "2021", 1)),
        *(Count("tags", "a", 2), Count("tags", "b", 1), Count("seen", "2026-02-03T00:00:00", 1)),
        Count("ready", "true", 1),
    }
    assert [count.documents for count in counts] == sorted((count.documents for count in counts), reverse=True)
    assert kinds == {"author": "string", "year": "number", "tags": "list", "seen": "time", "ready": "string"}
    assert set(few) == {Count("author", "Ann", 1), Count("year", "2021", 1), Count("ready", "true", 1)}
    assert [one for one in holders if one[0] == "tags"] == [
        ("tags", "a", first),
        ("tags", "b", first),
        ("tags", "a", second),
    ]


def test_a_filter_too_large_to_ask_is_refused(database: Database) -> None:
    shelf = a_shelf(database)
    fill(database, shelf, [{"author": "x" * VALUE_LENGTH}])
    several = Conditions((Condition("author", Operator.NOT_IN, tuple(range(VALUES // CONDITIONS))),) * CONDITIONS)
    assert len(found(database, shelf, several)) == 1
    assert len(found(database, shelf, only("author", Operator.CONTAINS, "x" * VALUE_LENGTH))) == 1
    for too_much in (
        Conditions(several.items + several.items[:1], Logic.OR),
        only("author", Operator.IN, *range(VALUES + 1)),
        only("author", Operator.CONTAINS, "x" * (VALUE_LENGTH + 1)),
    ):
        with pytest.raises(InvalidArgument):
            found(database, shelf, too_much)


@pytest.mark.parametrize("value", [{"a": 1}, ["x", ["y"]], "nul\0", 2**70])
def test_what_is_no_value_is_refused_and_leaves_all_as_it_was(database: Database, value: Any) -> None:
    shelf = a_shelf(database)
    (document,) = fill(database, shelf, [{"author": "x"}])
    with pytest.raises(InvalidArgument):
        database.write(lambda connection: metadata.store(connection, shelf.dataset_id, {document: {"author": value}}))
    assert found(database, shelf, only("author", Operator.IS, "x")) == {document}
