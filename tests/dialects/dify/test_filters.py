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
METHODS = ["semantic_search", "full_text_search", "hybrid_search", "keyword_search"]
TECHNIQUES = ["high_quality", "economy"]
DOCUMENTS: dict[str, dict[str, Any]] = {
    "Plain.txt": {},
    "ada.txt": {"author": "Ada", "year": 2020, "seen": 1700000000},
    "bob.txt": {"author": "Bob", "year": 2021.5, "seen": 1600000000, "open": True},
    "both.txt": {"author": ["Ada", "Bob"], "year": [1999, 2020], "open": False},
    "Éclair 100%.txt": {"author": "ADA", "note": "50_50", "seen": "2024-05-01"},
    "empty.txt": {"author": "", "note": "", "year": None},
    "number.txt": {"author": "2020", "year": "2020", "note": "5050", "seen": "2023-12-31"},
}
# They have all that the others have, and may never be found.
HIDDEN = ("disabled.txt", "archived.txt", "deleted.txt")
TEXTS = ["Ada", "ada", "B", "", "2020", "2020.0", "50_50", "100%", "Éclair 100%.TXT", "bob.txt", "file_upload", "_"]
NUMBERS = [1999, 2020, 2020.5, "2021.5", 1600000000, 1650000000]
DATES = ["2024-05-01", "2024-01-01"]
VALUES = [*TEXTS, *NUMBERS, *DATES, True]
OF_NOTHING = ["empty", "not empty"]
OF_SEVERAL = ["in", "not in"]
ORDERS = {
    ">": ">",
    "<": "<",
    "≥": ">=",
    "≤": "<=",
    ">=": ">=",
    "<=": "<=",
    "before": "<",
    "after": ">",
}
OF_ONE = ["is", "is not", "contains", "not contains", "start with", "end with", "=", "≠", "!=", *ORDERS]
BUILT_IN_TEXTS = ["document_name", "source", "uploader"]
BUILT_IN_TIMES = ["upload_date", "last_update_date"]
NAMES = ["author", "year", "seen", "note", "open", "nothing", *BUILT_IN_TEXTS, *BUILT_IN_TIMES]
ITEMS = [value for value in VALUES if value != ""]


def _a_condition(operators: list[str], **value: Any) -> Any:
    names, signs = st.sampled_from(NAMES), st.sampled_from(operators)
    return st.fixed_dictionaries({"name": names, "comparison_operator": signs, **value})


CONDITIONS = st.one_of(
    _a_condition(OF_ONE, value=st.sampled_from(VALUES)),
    _a_condition(OF_ONE, value=st.sampled_from(VALUES)),
    _a_condition(
        OF_SEVERAL,
        value=st.lists(st.sampled_from(ITEMS), max_size=3)
        | st.lists(st.sampled_from([one for one in ITEMS if isinstance(one, str)])).map(",".join),
    ),
    _a_condition(OF_NOTHING),
    _a_condition(OF_ONE, value=st.none()),
)


class World:
    """The same documents with and without vectors."""

    def __init__(self, house: Diglot, client: TestClient) -> None:
        self.client = client
        self.owner = house.keys.owner()
        self.datasets = {technique: self._filled(house, technique) for technique in TECHNIQUES}
        self.people = house.fields.people(self.owner)
        finish(house)
        for dataset in self.datasets.values():
            self._hide(dataset)

    def _filled(self, house: Diglot, technique: str) -> str:
        made = a_dataset(self.client)
        everything = {name: value for values in DOCUMENTS.values() for name, value in values.items()}
        for name, metadata in (DOCUMENTS | dict.fromkeys(HIDDEN, everything)).items():
            document = a_document(self.client, made, "The battery lasts.", name=name, indexing_technique=technique)
            ids = DatasetId(parse_id(made) or ""), DocumentId(parse_id(document["id"]) or "")
            house.metadata.set(self.owner, *ids, metadata)
        return made

    def _hide(self, dataset: str) -> None:
        where = f"/v1/datasets/{dataset}/documents"
        listed = {one["name"]: one["id"] for one in self.client.get(where).json()["data"]}
        for name, action in (("disabled.txt", "disable"), ("archived.txt", "archive")):
            answer = self.client.patch(f"{where}/status/{action}", json={"document_ids": [listed[name]]})
            assert answer.status_code == 200, answer.text
        assert self.client.delete(f"{where}/{listed['deleted.txt']}").status_code == 200

    def found(
        self,
        conditions: list[dict[str, Any]],
        logic: str = "and",
        method: str = "keyword_search",
        technique: str = "economy",
    ) -> set[str]:
        model = a_model(conditions, logic, method)
        return self.answered(technique, {"query": "battery", "retrieval_model": model})

    def found_by_its_own(self, conditions: list[dict[str, Any]], logic: str = "and", **place: str) -> set[str]:
        """The same, with conditions that are the dataset's."""
        technique = place.get("technique", "economy")
        model = a_model(conditions, logic, place.get("method", "keyword_search"))
        answer = self.client.patch(f"/v1/datasets/{self.datasets[technique]}", json={"retrieval_model": model})
        assert answer.status_code == 200, answer.text
        return self.answered(technique, {"query": "battery"})

    def answered(self, technique: str, asked: dict[str, Any]) -> set[str]:
        answer = self.client.post(f"/v1/datasets/{self.datasets[technique]}/retrieve", json=asked)
        assert answer.status_code == 200, answer.text
        return {record["segment"]["document"]["name"] for record in answer.json()["records"]}

    def exact(self, conditions: list[dict[str, Any]], logic: str) -> set[str]:
        """Whom a filter that is written out leaves."""
        asked = [one for one in conditions if one["comparison_operator"] in OF_NOTHING or one.get("value") is not None]
        join = all if logic == "and" else any
        return {name for name in DOCUMENTS if not asked or join(self.meets(name, one) for one in asked)}

    def values(self, name: str, field: str) -> list[Any]:
        """What a document has, one by one."""
        builtin = {
            "document_name": name,
            "source": "file_upload",
            "uploader": next(iter(self.people.values())),
            **dict.fromkeys(BUILT_IN_TIMES, int(time.time())),
        }
        held = (DOCUMENTS[name] | builtin).get(field)
        return [one for one in (held if isinstance(held, list) else [held]) if one is not None]

    def meets(self, name: str, condition: dict[str, Any]) -> bool:
        field, operator, asked = condition["name"], condition["comparison_operator"], condition.get("value")
        held = self.values(name, field)
        if operator in OF_NOTHING:
            return any(str(one) != "" for one in held) is (operator == "not empty")
        if operator in OF_SEVERAL:
            items = asked.split(",") if isinstance(asked, str) else asked
            return any(any(_alike(one, item) for item in items) is (operator == "in") for one in held)
        if (field in BUILT_IN_TIMES and operator in PARTS) or (field in BUILT_IN_TEXTS and operator in ORDERS):
            return False
        if operator in ("is not", "≠", "!=") and field not in BUILT_IN_TEXTS + BUILT_IN_TIMES:
            return any(not _alike(one, asked) and (_is_date(one) or not _is_date(asked)) for one in held)
        return any(_met(one, operator, asked) for one in held)


def a_model(conditions: list[dict[str, Any]], logic: str, method: str) -> dict[str, Any]:
    return {
        "search_method": method,
        "reranking_enable": False,
        "top_k": 50,
        "score_threshold_enabled": False,
        "metadata_filtering_conditions": {"logical_operator": logic, "conditions": conditions},
    }


def _text(value: Any) -> str:
    return str(value).lower()


def _number(value: Any) -> float | None:
    try:
        return float(_text(value).replace("_", "no digit"))
    except ValueError:
        return None


def _is_date(value: Any) -> bool:
    return str(value).count("-") == 2


def _alike(one: Any, other: Any) -> bool:
    if _number(one) is not None and _number(other) is not None:
        return _number(one) == _number(other)
    return _text(one) == _text(other)


def _is_in_order(one: Any, other: Any, signs: str) -> bool:
    """Numbers among numbers, dates among dates, other texts among such."""
    if (_number(one) is None, _is_date(one)) != (_number(other) is None, _is_date(other)):
        return False
    held, asked = (_text(one), _text(other)) if _number(one) is None else (_number(one), _number(other))
    return ("<" if held < asked else ">" if held > asked else "=") in signs  # type: ignore[operator]  # both of a kind


PARTS: dict[str, Any] = {
    "contains": lambda held, asked: asked in held,
    "not contains": lambda held, asked: asked not in held,
    "start with": str.startswith,
    "end with": str.endswith,
}


def _met(one: Any, operator: str, asked: Any) -> bool:
    if operator in ORDERS:
        return _is_in_order(one, asked, ORDERS[operator])
    if operator in PARTS:
        return bool(PARTS[operator](_text(one), _text(asked)))
    return _alike(one, asked) is (operator in ("is", "="))


@pytest.fixture(scope="module")
def world(house: Diglot, client: TestClient) -> World:
    return World(house, client)


ANY_PLACE = {
    "logic": st.sampled_from(["and", "or"]),
    "method": st.sampled_from(METHODS),
    "technique": st.sampled_from(TECHNIQUES),
}
QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@BOTH
@settings(max_examples=300, **QUIET)
@given(conditions=st.lists(CONDITIONS, min_size=1, max_size=3), **ANY_PLACE)
def test_what_is_found_is_what_meets_the_conditions(world: World, conditions: Any, logic: str, **place: str) -> None:
    assert world.found(conditions, logic, **place) == world.exact(conditions, logic)


@BOTH
@pytest.mark.parametrize("operator", [*OF_ONE, *OF_SEVERAL, *OF_NOTHING])
def test_each_operator_on_each_kind_of_value(world: World, operator: str) -> None:
    every = [
        {"name": name, "comparison_operator": operator, "value": [value] if operator in OF_SEVERAL else value}
        for name in NAMES
        for value in ("Ada", "", 2020, 1650000000, "2024-01-01", True)
    ]
    for one in every:
        assert world.found([one]) == world.exact([one], "and"), one


@BOTH
@settings(max_examples=40, **QUIET)
@given(conditions=st.lists(CONDITIONS, min_size=1, max_size=3), **ANY_PLACE)
def test_a_dataset_s_own_conditions(world: World, conditions: Any, logic: str, **place: str) -> None:
    assert world.found_by_its_own(conditions, logic, **place) == world.exact(conditions, logic)


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
    model = {"search_method": "keyword_search", "metadata_filtering_conditions": wrong}
    for answer in (
        client.post(f"/v1/datasets/{dataset}/retrieve", json={"query": "x", "retrieval_model": model}),
        client.patch(f"/v1/datasets/{dataset}", json={"retrieval_model": model}),
        client.post("/v1/datasets", json={"name": "never made", "retrieval_model": model}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_param")
    assert "metadata_filtering_conditions" not in client.get(f"/v1/datasets/{dataset}").json()["retrieval_model_dict"]


def test_a_dataset_s_own_conditions_never_let_more_through(client: TestClient, house: Diglot) -> None:
    """Whatever becomes of what they speak of. A question that brings a `retrieval_model` is asked by that alone."""
    by_ada = {"name": "author", "comparison_operator": "is", "value": "Ada"}
    model = a_model([by_ada], "and", "keyword_search")
    dataset = a_dataset(client, retrieval_model=model)
    document = a_ready_document(client, house, dataset, "The battery lasts.", indexing_technique="economy")
    where = f"/v1/datasets/{dataset}"

    def count(**fields: Any) -> int:
        return len(client.post(f"{where}/retrieve", json={"query": "battery", **fields}).json()["records"])

    assert count() == 0
    field = client.post(f"{where}/metadata", json={"type": "string", "name": "author"}).json()
    values = [{"document_id": document, "metadata_list": [field | {"value": "Ada"}]}]
    client.post(f"{where}/documents/metadata", json={"operation_data": values})
    assert (count(), count(retrieval_model={})) == (1, 1)
    client.patch(f"{where}/metadata/{field['id']}", json={"name": "writer"})
    assert (count(), count(retrieval_model={"search_method": "keyword_search"})) == (0, 1)
    client.patch(f"{where}/metadata/{field['id']}", json={"name": "author"})
    assert count() == 1
    client.delete(f"{where}/metadata/{field['id']}")
    assert count() == 0
    assert client.get(where).json()["retrieval_model_dict"]["metadata_filtering_conditions"]["conditions"] == [by_ada]
    client.patch(where, json={"retrieval_model": {"search_method": "keyword_search"}})
    assert count() == 1
