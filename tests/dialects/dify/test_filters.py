"""`metadata_filtering_conditions`: what is found is exactly what a filter written out in Python leaves."""

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from diglot.assembly import Diglot
from diglot.domain.identity import DatasetId, DocumentId, parse_id
from tests.dialects.dify.objects import a_dataset, a_document, a_ready_document
from tests.house import finish

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
DOCUMENTS: dict[str, dict[str, Any]] = {
    "Plain.txt": {},
    "ada.txt": {"author": "Ada", "year": 2020, "seen": 1700000000},
    "bob.txt": {"author": "Bob", "year": 2021.5, "seen": 1600000000},
    "both.txt": {"author": ["Ada", "Bob"], "year": [1999, 2020]},
    "Éclair 100%.txt": {"author": "ADA", "note": "50_50"},
    "empty.txt": {"author": "", "note": "", "year": None},
    "number.txt": {"author": "2020", "year": "2020", "note": "5050"},
}
TEXTS = ["Ada", "ada", "B", "", "2020", "2020.0", "50_50", "100%", "Éclair 100%.TXT", "bob.txt", "file_upload", "_"]
NUMBERS = [1999, 2020, 2020.5, "2021.5", 1600000000, 1650000000]
OF_TEXT = ["is", "is not", "contains", "not contains", "start with", "end with"]
OF_NUMBERS = ["=", "≠", ">", "<", "≥", "≤", ">=", "<=", "before", "after"]
NAMES = ["author", "year", "seen", "note", "nothing", "document_name", "source", "uploader", "upload_date"]
ITEMS = [text for text in TEXTS if text]

CONDITIONS = st.one_of(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(NAMES),
            "comparison_operator": st.sampled_from(OF_TEXT),
            "value": st.sampled_from(TEXTS),
        }
    ),
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(NAMES),
            "comparison_operator": st.sampled_from(OF_NUMBERS),
            "value": st.sampled_from(NUMBERS),
        }
    ),
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(NAMES),
            "comparison_operator": st.sampled_from(["in", "not in"]),
            "value": st.lists(st.sampled_from(ITEMS), max_size=3) | st.lists(st.sampled_from(ITEMS)).map(",".join),
        }
    ),
    st.fixed_dictionaries(
        {"name": st.sampled_from(NAMES), "comparison_operator": st.sampled_from(["empty", "not empty"])}
    ),
    st.fixed_dictionaries(
        {"name": st.sampled_from(NAMES), "comparison_operator": st.sampled_from(OF_TEXT), "value": st.none()}
    ),
)


class World:
    def __init__(self, house: Diglot, client: TestClient) -> None:
        self.client = client
        self.dataset = a_dataset(client)
        owner = house.keys.owner()
        dataset = DatasetId(parse_id(self.dataset) or "")
        for name, metadata in DOCUMENTS.items():
            made = a_document(client, self.dataset, "The battery lasts.", name=name, indexing_technique="economy")
            house.metadata.set(owner, dataset, DocumentId(parse_id(made["id"]) or ""), metadata)
        finish(house)
        self.people = house.fields.people(owner)

    def found(self, conditions: list[dict[str, Any]], logic: str = "and") -> set[str]:
        model = {
            "search_method": "keyword_search",
            "reranking_enable": False,
            "top_k": 50,
            "score_threshold_enabled": False,
            "metadata_filtering_conditions": {"logical_operator": logic, "conditions": conditions},
        }
        asked = {"query": "battery", "retrieval_model": model}
        answer = self.client.post(f"/v1/datasets/{self.dataset}/retrieve", json=asked)
        assert answer.status_code == 200, answer.text
        return {record["segment"]["document"]["name"] for record in answer.json()["records"]}

    def values(self, name: str, field: str) -> list[Any]:
        """What a document has, one by one."""
        builtin = {
            "document_name": name,
            "source": "file_upload",
            "uploader": next(iter(self.people.values())),
            "upload_date": int(time.time()),
        }
        held = (DOCUMENTS[name] | builtin).get(field)
        return [one for one in (held if isinstance(held, list) else [held]) if one is not None]

    def meets(self, name: str, condition: dict[str, Any]) -> bool:
        operator, asked = condition["comparison_operator"], condition.get("value")
        held = self.values(name, condition["name"])
        if condition["name"] == "upload_date" and operator in OF_TEXT[2:]:
            return False
        if operator in ("empty", "not empty"):
            return any(str(one) != "" for one in held) is (operator == "not empty")
        if operator in ("in", "not in"):
            items = asked.split(",") if isinstance(asked, str) else asked
            return any(any(_alike(one, item) for item in items) is (operator == "in") for one in held)
        return any(MEETS[operator](one, asked) for one in held)


def _number(value: Any) -> float | None:
    try:
        return float(str(value).replace("_", "no digit"))
    except ValueError:
        return None


def _alike(one: Any, other: Any) -> bool:
    if _number(one) is not None and _number(other) is not None:
        return _number(one) == _number(other)
    return str(one).lower() == str(other).lower()


def _compared(one: Any, other: Any, signs: str) -> bool:
    held, asked = _number(one), _number(other)
    if held is None or asked is None:
        return False
    return ("<" if held < asked else ">" if held > asked else "=") in signs


MEETS: dict[str, Any] = {
    "is": _alike,
    "=": _alike,
    "is not": lambda one, other: not _alike(one, other),
    "≠": lambda one, other: not _alike(one, other),
    "contains": lambda one, other: other.lower() in str(one).lower(),
    "not contains": lambda one, other: other.lower() not in str(one).lower(),
    "start with": lambda one, other: str(one).lower().startswith(other.lower()),
    "end with": lambda one, other: str(one).lower().endswith(other.lower()),
    ">": lambda one, other: _compared(one, other, ">"),
    "after": lambda one, other: _compared(one, other, ">"),
    "<": lambda one, other: _compared(one, other, "<"),
    "before": lambda one, other: _compared(one, other, "<"),
    "≥": lambda one, other: _compared(one, other, ">="),
    ">=": lambda one, other: _compared(one, other, ">="),
    "≤": lambda one, other: _compared(one, other, "<="),
    "<=": lambda one, other: _compared(one, other, "<="),
}


@pytest.fixture(scope="module")
def world(house: Diglot, client: TestClient) -> World:
    return World(house, client)


@BOTH
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conditions=st.lists(CONDITIONS, min_size=1, max_size=3), logic=st.sampled_from(["and", "or"]))
def test_what_is_found_is_what_meets_the_conditions(world: World, conditions: Any, logic: str) -> None:
    asked = [one for one in conditions if "value" not in one or one["value"] is not None]
    join = all if logic == "and" else any
    exact = {name for name in DOCUMENTS if not asked or join(world.meets(name, one) for one in asked)}
    assert world.found(conditions, logic) == exact


@BOTH
def test_what_nothing_meets_finds_nothing(world: World) -> None:
    assert len(world.found([{"name": "author", "comparison_operator": "is", "value": None}])) == len(DOCUMENTS)
    assert world.found([{"name": "nothing", "comparison_operator": "not contains", "value": "x"}]) == set()
    assert world.found([{"name": "upload_date", "comparison_operator": "contains", "value": "1"}]) == set()
    assert world.found([{"name": "document_name", "comparison_operator": ">", "value": 1}]) == set()
    assert world.found([{"name": "author", "comparison_operator": "in", "value": []}]) == set()
    assert world.found([{"name": "uploader", "comparison_operator": "empty"}]) == set()


@BOTH
def test_built_in_fields(world: World) -> None:
    now = int(time.time())
    for field in ("upload_date", "last_update_date"):
        assert len(world.found([{"name": field, "comparison_operator": "after", "value": now - 3600}])) == len(
            DOCUMENTS
        )
        assert world.found([{"name": field, "comparison_operator": "before", "value": now - 3600}]) == set()
    for name in DOCUMENTS:
        assert world.found([{"name": "document_name", "comparison_operator": "is", "value": name}]) == {name}
    people = ",".join(world.people.values())
    assert len(world.found([{"name": "uploader", "comparison_operator": "in", "value": people}])) == len(DOCUMENTS)


def test_a_field_of_a_built_in_name_is_meant_until_built_in_ones_are_shown(client: TestClient, house: Diglot) -> None:
    dataset = a_dataset(client)
    made = a_document(client, dataset, "The battery lasts.", name="a.txt", indexing_technique="economy")
    ids = DatasetId(parse_id(dataset) or ""), DocumentId(parse_id(made["id"]) or "")
    house.metadata.set(house.keys.owner(), *ids, {"source": "a letter"})
    finish(house)
    model = {
        "search_method": "keyword_search",
        "metadata_filtering_conditions": {
            "conditions": [{"name": "source", "comparison_operator": "is", "value": "a letter"}]
        },
    }

    def count() -> int:
        asked = {"query": "battery", "retrieval_model": model}
        return len(client.post(f"/v1/datasets/{dataset}/retrieve", json=asked).json()["records"])

    assert count() == 1
    client.post(f"/v1/datasets/{dataset}/metadata/built-in/enable")
    assert count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"conditions": [{"name": "author", "comparison_operator": "like", "value": "x"}]},
        {"conditions": [{"name": "", "comparison_operator": "is", "value": "x"}]},
        {"conditions": [{"name": "author", "value": "x"}]},
        {"conditions": [{"name": "author", "comparison_operator": "is", "value": ["x", "y"]}]},
        {"conditions": {"name": "author"}},
        {"logical_operator": "xor", "conditions": []},
        {"conditions": [{"name": "author", "comparison_operator": "is", "value": "x"}] * 101},
    ],
)
def test_what_is_no_condition_is_refused(client: TestClient, house: Diglot, wrong: dict[str, Any]) -> None:
    dataset = a_dataset(client)
    a_ready_document(client, house, dataset, indexing_technique="economy")
    asked = {
        "query": "x",
        "retrieval_model": {"search_method": "keyword_search", "metadata_filtering_conditions": wrong},
    }
    answer = client.post(f"/v1/datasets/{dataset}/retrieve", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_param")
