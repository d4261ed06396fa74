"""Datasets: names, numbers, rules, lists, several at once."""

from dataclasses import replace

import pytest

from diglot.assembly import Diglot
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Indexing
from diglot.domain.document import Phase
from diglot.domain.errors import DatasetNotFound, DatasetsMissing, NameTaken, ScopeMissing
from diglot.domain.identity import DatasetId, new_id
from diglot.domain.page import Order
from diglot.domain.rules import ChunkForm, ChunkingRules, ChunkMethod, MethodOptions
from diglot.ingestion import indexing
from diglot.ingestion.checking import fsck
from diglot.library.datasets import DatasetChange, DatasetFilter
from diglot.library.documents import NewDocument
from diglot.worker import run_once
from tests.library.conftest import LINES, Shelf

NAIVE = ChunkingRules(
    method=ChunkMethod.NAIVE,
    options=MethodOptions(chunk_tokens=77, delimiter="。", pages=((1, 2),)),
    kept={"raptor": {"use_raptor": False}, "chunk_token_num": 77},
)


@pytest.fixture(autouse=True)
def quick_purges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "RETIRED_SECONDS", 0.0)


def restricted(caller: Caller, *dataset_ids: DatasetId) -> Caller:
    return replace(caller, datasets=frozenset(dataset_ids))


def test_taken_names_get_numbers_whatever_their_case(house: Diglot, owner: Caller) -> None:
    stem = new_id()
    names = [stem, stem.upper(), f"{stem}(1)", stem, f"{stem}.x", f"{stem.upper()}.x"]
    made = [house.datasets.create(owner, name, is_numbered=True).name for name in names]
    upper = stem.upper()
    assert made == [stem, f"{upper}(1)", f"{stem}(2)", f"{stem}(3)", f"{stem}.x", f"{upper}(1).x"]
    with pytest.raises(NameTaken):
        house.datasets.create(owner, stem)


def test_a_name_is_free_again_when_its_dataset_is_removed(house: Diglot, owner: Caller) -> None:
    name = new_id()
    house.datasets.remove(owner, house.datasets.create(owner, name).id)
    assert house.datasets.create(owner, name, is_numbered=True).name == name


def test_names_that_differ_in_case_alone(house: Diglot, owner: Caller) -> None:
    stem = new_id()
    first, other = house.datasets.create(owner, f"{stem} Ä"), house.datasets.create(owner, f"{stem} b")
    change = DatasetChange(name=f"{stem} ä")
    with pytest.raises(NameTaken):
        house.datasets.update(owner, other.id, replace(change, is_case_blind=True))
    assert house.datasets.update(owner, first.id, replace(change, is_case_blind=True)).name == f"{stem} ä"
    assert house.datasets.update(owner, other.id, DatasetChange(name=f"{stem} Ä")).name == f"{stem} Ä"
    page = house.datasets.list(owner, only=DatasetFilter(name=f"{stem} Ä"))
    assert {one.id for one in page.items} == {first.id, other.id}


def test_what_a_dataset_is_made_with_is_kept(house: Diglot, owner: Caller) -> None:
    made = house.datasets.create(
        owner,
        new_id(),
        description="d",
        indexing=Indexing.HIGH_QUALITY,
        rules=NAIVE,
        avatar="data:image/png;base64,",
        language="English",
        attributes={"pagerank": 3},
    )
    assert house.datasets.get(owner, made.id) == made
    assert (made.avatar, made.language, made.attributes, made.boost) == (
        "data:image/png;base64,",
        "English",
        {"pagerank": 3},
        0,
    )
    assert house.rulebook.of_datasets([made]) == {made.id: NAIVE}
    document = house.documents.add(owner, made.id, NewDocument("a.txt", [b"a"]))
    assert house.rulebook.many([document.rule_id]) == {document.rule_id: NAIVE}
    change = DatasetChange(rules=LINES, attributes={"a": 1}, boost=7, avatar="data:,")
    changed = house.datasets.update(owner, made.id, change)
    assert (changed.attributes, changed.boost, changed.avatar) == ({"pagerank": 3, "a": 1}, 7, "data:,")
    assert house.rulebook.of_datasets([changed]) == {made.id: LINES}
    assert house.rulebook.many([document.rule_id]) == {document.rule_id: NAIVE}, "for documents to come"
    emptied = house.datasets.update(owner, made.id, DatasetChange(emptied=frozenset({"description", "avatar"})))
    assert (emptied.description, emptied.avatar, emptied.language) == (None, None, "English")


def test_rules_for_questions_settle_the_form(house: Diglot, owner: Caller) -> None:
    questions = ChunkingRules(method=ChunkMethod.QA)
    made = house.datasets.create(owner, new_id(), indexing=Indexing.ECONOMY, rules=questions)
    assert made.chunk_form is ChunkForm.QUESTION_ANSWER
    document = house.documents.add(owner, made.id, NewDocument("a.txt", [b"Why?\tBecause."]))
    assert document.chunk_form is ChunkForm.QUESTION_ANSWER


def test_datasets_that_never_had_rules_are_left_out(house: Diglot, owner: Caller) -> None:
    bare = house.datasets.create(owner, new_id(), indexing=Indexing.ECONOMY)
    used = house.datasets.create(owner, new_id(), indexing=Indexing.ECONOMY)
    house.documents.add(owner, used.id, NewDocument("a.txt", [b"a"], rules=LINES))
    assert house.rulebook.of_datasets([bare, used]) == {used.id: LINES}


def test_several_are_looked_up_in_the_order_given(house: Diglot, owner: Caller) -> None:
    a, b, c = (house.datasets.create(owner, new_id()) for _ in range(3))
    assert house.datasets.many(owner, [c.id, a.id, c.id]) == [c, a]
    assert house.datasets.many(owner, []) == []
    nobody = DatasetId(new_id())
    with pytest.raises(DatasetsMissing):
        house.datasets.many(owner, [a.id, nobody])
    with pytest.raises(DatasetsMissing):
        house.datasets.many(restricted(owner, a.id), [a.id, b.id])
    with pytest.raises(DatasetsMissing):
        house.datasets.phases(restricted(owner, a.id), [b.id])


def test_several_are_removed_or_none(house: Diglot, owner: Caller) -> None:
    a, b, c = (house.datasets.create(owner, new_id()) for _ in range(3))
    with pytest.raises(DatasetsMissing):
        house.datasets.remove_many(owner, [a.id, DatasetId(new_id())])
    with pytest.raises(DatasetsMissing):
        house.datasets.remove_many(restricted(owner, a.id), [a.id, b.id])
    assert house.datasets.get(owner, a.id) == a
    assert house.datasets.remove_many(owner, [a.id, b.id, a.id]) == 2
    for gone in (a, b):
        with pytest.raises(DatasetNotFound):
            house.datasets.get(owner, gone.id)
    assert house.datasets.get(owner, c.id) == c


def test_a_number_names_a_dataset_for_good(house: Diglot, owner: Caller) -> None:
    first, second = house.datasets.create(owner, new_id()), house.datasets.create(owner, new_id())
    numbers = [house.datasets.number(owner, one.id) for one in (first, second)]
    assert 0 < numbers[0] < numbers[1]
    assert house.datasets.by_number(owner, numbers[1]) == second
    with pytest.raises(DatasetNotFound):
        house.datasets.by_number(restricted(owner, first.id), numbers[1])
    for unknown in (0, -1, numbers[1] + 1000, 2**62):
        with pytest.raises(DatasetNotFound):
            house.datasets.by_number(owner, unknown)
    house.datasets.remove(owner, second.id)
    with pytest.raises(DatasetNotFound):
        house.datasets.by_number(owner, numbers[1])
    run_once(house)
    third = house.datasets.create(owner, new_id())
    assert house.datasets.number(owner, third.id) > numbers[1]


def test_lists_are_narrowed_and_ordered(house: Diglot, owner: Caller) -> None:
    stem = new_id()
    names = [f"{stem} b%", f"{stem} A_", f"{stem} c"]
    made = [house.datasets.create(owner, name) for name in names]
    house.datasets.update(owner, made[0].id, DatasetChange(description="later"))

    def listed(order: Order = Order.CREATED, is_descending: bool = True, **only: object) -> list[str]:
        narrowed = DatasetFilter(**({"keyword": stem.upper()} | only))  # type: ignore[arg-type]
        page = house.datasets.list(owner, only=narrowed, order=order, is_descending=is_descending)
        assert page.total == len(page.items)
        return [one.name for one in page.items]

    assert listed() == names[::-1]
    assert listed(is_descending=False) == names
    assert listed(Order.UPDATED)[0] == names[0]
    assert set(listed(Order.NAME)) == set(names)
    assert listed(keyword=f"{stem} B%") == [names[0]]
    assert listed(keyword=f"{stem} b_") == []
    assert listed(name=names[1].upper()) == [names[1]]
    assert listed(ids=[made[2].id, DatasetId(new_id())]) == [names[2]]
    assert listed(ids=[]) == []
    page = house.datasets.list(owner, only=DatasetFilter(keyword=stem), offset=1, limit=1)
    assert ([one.name for one in page.items], page.total) == ([names[1]], 3)
    seen = house.datasets.list(restricted(owner, made[0].id, made[1].id), only=DatasetFilter(keyword=stem))
    assert seen.total == 2
    few = DatasetFilter(ids=[made[1].id, made[2].id])
    assert [one.id for one in house.datasets.list(restricted(owner, made[0].id, made[1].id), only=few).items] == [
        made[1].id
    ]


def test_a_key_for_some_datasets_makes_no_new_ones(house: Diglot, owner: Caller) -> None:
    made = house.datasets.create(owner, new_id())
    writer = replace(restricted(owner, made.id), scopes=frozenset({Scope.WRITE}))
    with pytest.raises(ScopeMissing):
        house.datasets.create(writer, new_id())


def test_phases_and_sums(shelf: Shelf) -> None:
    house, owner = shelf.house, shelf.owner
    empty = house.datasets.create(owner, new_id())
    done = shelf.ready("red apple")
    shelf.add("green pear", begins=False)
    phases = house.datasets.phases(owner, [shelf.dataset.id, empty.id])
    assert phases[shelf.dataset.id] == dict.fromkeys(Phase, 0) | {Phase.DONE: 1, Phase.UNSTARTED: 1}
    assert phases[empty.id] == dict.fromkeys(Phase, 0)
    full = house.datasets.get(owner, shelf.dataset.id)
    assert (full.size, full.token_count) == (len("red apple") + len("green pear"), shelf.get(done).tokens)
    assert (empty.size, empty.token_count) == (0, 0)
    shelf.add("soon")
    assert house.datasets.phases(owner, [shelf.dataset.id])[shelf.dataset.id][Phase.RUNNING] == 1


def test_a_removed_dataset_leaves_nothing(house: Diglot, owner: Caller) -> None:
    made = house.datasets.create(owner, new_id(), indexing=Indexing.HIGH_QUALITY, rules=NAIVE)
    for begins in (True, False):
        house.documents.add(owner, made.id, NewDocument("a.txt", [b"a b c"], begins=begins))
    house.datasets.remove(owner, made.id)
    run_once(house)
    assert fsck(house).is_clean
