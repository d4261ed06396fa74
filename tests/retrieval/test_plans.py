"""What a plan may say beyond a question: conditions, weights, boosts, a reranker that blends, many datasets."""

from dataclasses import replace
from typing import Any

import pytest

from diglot.adapters.embedders.lexical import LEXICAL
from diglot.assembly import Diglot
from diglot.domain.conditions import Condition, Conditions, Logic, Operator
from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.search import Hits
from tests.adapters.embedders.model_server import ModelServer, score_of
from tests.retrieval.shelves import RAILWAY, TEA, habit, search, shelf, texts

Shelf = tuple[Dataset, list[Document]]


@pytest.fixture(scope="module")
def years(house: Diglot) -> Shelf:
    dataset, documents = shelf(house, None, "heron one", "heron two", "heron three", "heron four")
    for document, fields in zip(documents, [{"year": 2019}, {"year": "2021"}, {"year": [2021, 2023]}, {}], strict=True):
        house.metadata.set(house.keys.owner(), dataset.id, document.id, fields)
    return dataset, documents


@pytest.fixture(scope="module")
def mixed(house: Diglot) -> Shelf:
    return shelf(house, "english", RAILWAY, TEA)


def year(operator: Operator, *values: Any) -> Conditions:
    return Conditions((Condition("year", operator, values),))


def found(hits: Hits) -> set[str]:
    return {text.split()[1] for text in texts(hits)}


def test_conditions_leave_the_documents_that_meet_them(house: Diglot, years: Shelf) -> None:
    def asked(conditions: Conditions | None, **plan: Any) -> set[str]:
        return found(search(house, [years[0]], "heron", conditions=conditions, **plan))

    assert asked(None) == {"one", "two", "three", "four"}
    assert asked(year(Operator.AT_LEAST, 2021)) == {"two", "three"}
    assert asked(year(Operator.IS_NOT, 2021)) == {"one", "three"}
    both = Conditions((*year(Operator.LESS, 2020).items, *year(Operator.GREATER, 2022).items), Logic.OR)
    assert asked(both) == {"one", "three"}
    assert asked(replace(both, logic=Logic.AND)) == set()
    second = frozenset({years[1][1].id, years[1][0].id})
    assert asked(year(Operator.IS, 2021), documents=second) == {"two"}


@pytest.mark.parametrize("conditions", [year(Operator.IS, 1900), Conditions(()), Conditions((), Logic.OR)])
def test_conditions_that_nothing_meets_find_nothing(house: Diglot, years: Shelf, conditions: Conditions) -> None:
    assert search(house, [years[0]], "heron", conditions=conditions).hits == ()


def test_conditions_never_show_what_is_deleted_disabled_or_of_others(house: Diglot) -> None:
    caller = house.keys.owner()
    dataset, (gone, disabled, shown) = shelf(house, None, "crane gone", "crane disabled", "crane shown")
    beside, (other,) = shelf(house, None, "crane other")
    for one in (gone, disabled, shown, other):
        house.metadata.set(caller, one.dataset_id, one.id, {"year": 2021})
    house.documents.remove(caller, dataset.id, gone.id)
    house.documents.disable(caller, dataset.id, [disabled.id])
    assert found(search(house, [dataset], "crane", conditions=year(Operator.IS, 2021))) == {"shown"}
    assert found(search(house, [dataset, beside], "crane", conditions=year(Operator.IS, 2021))) == {"shown", "other"}


def test_a_default_weight_takes_the_place_of_the_advice(house: Diglot, mixed: Shelf) -> None:
    question = "Trains run hourly in summer."

    def weight(**plan: Any) -> float | None:
        return search(house, [mixed[0]], question, **plan).vector_weight

    assert weight() == pytest.approx(0.6)
    assert weight(default_weight=0.3) == pytest.approx(0.3)
    assert weight(default_weight=10) == 1.0
    assert weight(default_weight=0.3, settings={"vector_weight": 0.8}) == pytest.approx(0.8)
    hit = search(house, [mixed[0]], question, default_weight=0.3).hits[0]
    assert hit.scores.final == pytest.approx(0.3 * (hit.scores.vector or 0) + 0.7 * (hit.scores.lexical_share or 0))


def test_a_default_weight_gives_no_say_to_a_model_that_cannot_read(house: Diglot, mixed: Shelf) -> None:
    hits = search(house, [mixed[0]], "绿茶杀青的温度", default_weight=0.3)
    assert hits.vector_weight == 0.0
    assert "does not read" in hits.notes[0]


def test_without_weight_nothing_is_embedded_and_nothing_is_amiss(
    house: Diglot, server: ModelServer, mixed: Shelf
) -> None:
    before = len(server.requests)
    hits = search(house, [mixed[0]], "Trains run", default_weight=0.0)
    assert texts(hits) == ["Trains run hourly in summer."]
    assert hits.notes == ()
    assert len(server.requests) == before


def test_boosts_lift_all_of_a_dataset_before_ordering_threshold_and_pages(house: Diglot) -> None:
    good, _ = shelf(house, None, "stork stork stork")
    poor, _ = shelf(house, None, "a stork among many other birds that stand in the water and wait")

    def asked(settings: dict[str, Any] | None = None, **plan: Any) -> list[str]:
        return [text[:7] for text in texts(search(house, [good, poor], "stork", settings, **plan))]

    plain = search(house, [good, poor], "stork").hits
    assert [hit.chunk.content[:7] for hit in plain] == ["stork s", "a stork"]
    boosts = {poor.id: 1.0}
    assert asked(boosts=boosts) == ["a stork", "stork s"]
    assert asked({"threshold": 1.01}, boosts=boosts) == ["a stork"]
    assert asked({"threshold": 1.01}) == []
    assert asked({"top_k": 1}, boosts=boosts) == ["a stork"]
    assert asked({"top_k": 1}, boosts=boosts, offset=1) == ["stork s"]
    lifted = search(house, [good, poor], "stork", boosts=boosts).hits[0].scores
    assert lifted.final == pytest.approx(plain[1].scores.final + 1.0)
    assert lifted.fused == pytest.approx(plain[1].scores.final)


def test_a_dataset_below_the_threshold_does_not_end_the_search_of_another(house: Diglot) -> None:
    """The first thousand of the lifted dataset are disabled, and the index still holds them."""
    caller = house.keys.owner()
    many, (stale, _) = shelf(house, None, "\n".join(["egret egret egret"] * 1000), "\n".join(["egret egret"] * 12))
    low, _ = shelf(house, None, "an egret among others")
    house.documents.disable(caller, many.id, [stale.id])
    hits = search(house, [many, low], "egret", {"threshold": 1.0001, "top_k": 12}, boosts={many.id: 1.0}).hits
    assert [hit.document.name for hit in hits] == ["1.txt"] * 12


def test_a_question_is_embedded_once_a_model(house: Diglot, server: ModelServer) -> None:
    shelves = [shelf(house, "english", f"plover number {number}")[0] for number in range(10)]
    shelves.append(shelf(house, None, "plover alone")[0])
    before = len(server.requests)
    hits = search(house, shelves, "a plover by the sea", {"top_k": 20})
    assert len(hits.hits) == 11
    assert len(server.requests) == before + 1
    with habit(server, "unknown model"):
        failed = search(house, shelves, "a plover on the rocks", {"top_k": 20})
    assert len(failed.hits) == 11
    assert len(failed.notes) == 1
    assert len(server.requests) == before + 2


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_a_reranker_that_blends_takes_the_place_of_the_cosine(house: Diglot, mixed: Shelf, weight: float) -> None:
    question = "railway summer ticket crowns"
    boosts = {mixed[0].id: 0.5}
    plan = {"default_weight": weight, "blends_rerank": True, "boosts": boosts}
    hits = search(house, [mixed[0]], question, {"reranker": "judge"}, **plan).hits
    assert len(hits) >= 3
    for hit in hits:
        judged = score_of(question, hit.chunk.content)
        assert hit.scores.rerank == pytest.approx(judged)
        words = hit.scores.lexical_share or 0.0
        assert hit.scores.final == pytest.approx((1 - weight) * words + weight * judged + 0.5)
    finals = [hit.scores.final for hit in hits]
    assert finals == sorted(finals, reverse=True)
    limit = (finals[0] + finals[1]) / 2
    assert len(search(house, [mixed[0]], question, {"reranker": "judge", "threshold": limit}, **plan).hits) == 1


def test_a_reranker_keeps_its_say_where_the_model_cannot_read(house: Diglot, mixed: Shelf) -> None:
    hits = search(house, [mixed[0]], "绿茶的茶叶", {"reranker": "judge"}, default_weight=0.3, blends_rerank=True).hits
    assert len(hits) == 2
    for hit in hits:
        expected = 0.7 * (hit.scores.lexical_share or 0) + 0.3 * (hit.scores.rerank or 0)
        assert hit.scores.final == pytest.approx(expected)


def test_boosts_lift_what_a_reranker_judges_alone(house: Diglot, mixed: Shelf) -> None:
    question = "railway summer ticket crowns"
    hits = search(house, [mixed[0]], question, {"reranker": "judge"}, boosts={mixed[0].id: 2.0}).hits
    assert [hit.scores.final for hit in hits] == [pytest.approx((hit.scores.rerank or 0) + 2.0) for hit in hits]


def test_a_lexical_dataset_needs_no_model_server(house: Diglot) -> None:
    dataset, _ = shelf(house, LEXICAL, RAILWAY)
    assert search(house, [dataset], "ticket crowns", default_weight=0.3).vector_weight == pytest.approx(0.3)
