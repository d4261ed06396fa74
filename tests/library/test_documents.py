"""Documents and datasets under several hands at once, on both databases."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from diglot.assembly import Diglot
from diglot.domain.api_key import Caller
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.document import Document
from diglot.domain.errors import ChunkFormDiffers, DatasetNotFound, DiglotError, DocumentNotFound, NameTaken
from diglot.domain.rules import ChunkForm, ChunkingRules, RuleMode
from diglot.library.chunks import ChunkEdit, NewChunk
from diglot.library.datasets import DatasetChange
from diglot.library.documents import DocumentChange, NewDocument
from tests.house import a_house, finish

HANDS = 8


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diglot]:
    with contextlib.ExitStack() as stack:
        settings: dict[str, Any] = {}
        if request.param == "postgres":
            cluster = request.getfixturevalue("postgres")
            settings["database_url"] = cluster.url(stack.enter_context(cluster.database()))
        folder: Path = tmp_path_factory.mktemp("house")
        yield stack.enter_context(a_house(folder, **settings))


@pytest.fixture
def owner(house: Diglot) -> Caller:
    return house.keys.owner()


@pytest.fixture
def dataset(house: Diglot, owner: Caller, request: pytest.FixtureRequest) -> Dataset:
    return house.datasets.create(owner, request.node.name[:200])


def _new(text: str = "One line.", **fields: Any) -> NewDocument:
    known: dict[str, Any] = {"name": "n", "is_text": True, "indexing": Indexing.ECONOMY}
    return NewDocument(content=[text.encode()], **(known | fields))


def _at_once(work: Callable[[int], Any]) -> list[Any]:
    """What each of several hands got, an error of ours included."""

    def one(number: int) -> Any:
        try:
            return work(number)
        except DiglotError as error:
            return error

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(one, range(HANDS)))


def test_of_one_name_there_is_one_dataset(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    got = _at_once(lambda number: house.datasets.create(owner, f"the one {dataset.id}"))
    assert sum(isinstance(one, Dataset) for one in got) == 1
    assert sum(isinstance(one, NameTaken) for one in got) == HANDS - 1


def test_first_documents_at_once_agree(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    def add(number: int) -> Document:
        even = number % 2 == 0
        indexing = Indexing.ECONOMY if even else Indexing.HIGH_QUALITY
        return house.documents.add(owner, dataset.id, _new(indexing=indexing, name=f"n{number}"))

    added = _at_once(add)
    assert sorted(one.position for one in added) == list(range(1, HANDS + 1))
    now = house.datasets.get(owner, dataset.id)
    assert now.document_count == HANDS
    assert now.chunk_form is ChunkForm.TEXT
    assert (now.embedding_model is None) == (now.indexing is Indexing.ECONOMY)
    finish(house)
    assert house.datasets.get(owner, dataset.id).available_count == HANDS


def test_updates_and_removals_at_once(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    document = house.documents.add(owner, dataset.id, _new())
    finish(house)

    def disturb(number: int) -> Any:
        if number == HANDS - 1:
            return house.documents.remove(owner, dataset.id, document.id)
        change = DocumentChange(name=f"n{number}", content=[f"text {number}".encode()], is_text=True)
        return house.documents.update(owner, dataset.id, document.id, change)

    got = _at_once(disturb)
    assert all(one is None or isinstance(one, Document | DocumentNotFound) for one in got)
    finish(house)
    with pytest.raises(DocumentNotFound):
        house.documents.get(owner, dataset.id, document.id)
    now = house.datasets.get(owner, dataset.id)
    assert (now.document_count, now.available_count, now.chunk_count, now.word_count) == (0, 0, 0, 0)


def test_the_last_update_wins(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    document = house.documents.add(owner, dataset.id, _new())
    for text in ("two", "three"):
        house.documents.update(owner, dataset.id, document.id, DocumentChange(content=[text.encode()], is_text=True))
    finish(house)
    page = house.chunks.list(owner, dataset.id, document.id)
    assert [chunk.content for chunk in page.items] == ["three"]
    assert house.datasets.get(owner, dataset.id).chunk_count == 1


def test_chunks_added_at_once_get_places_of_their_own(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    document = house.documents.add(owner, dataset.id, _new())
    finish(house)
    _at_once(lambda number: house.chunks.add(owner, dataset.id, document.id, [NewChunk("a"), NewChunk("b")]))
    page = house.chunks.list(owner, dataset.id, document.id)
    assert [chunk.position for chunk in page.items] == list(range(1, 2 * HANDS + 2))
    assert house.documents.get(owner, dataset.id, document.id).chunk_count == 2 * HANDS + 1


def test_an_edit_of_a_removed_chunk(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    document = house.documents.add(owner, dataset.id, _new())
    finish(house)
    chunk = house.chunks.list(owner, dataset.id, document.id).items[0]

    def disturb(number: int) -> Any:
        if number % 2:
            return house.chunks.remove(owner, dataset.id, chunk.id, document.id)
        return house.chunks.edit(owner, dataset.id, document.id, chunk.id, ChunkEdit(content=f"edit {number}"))

    _at_once(disturb)
    now = house.datasets.get(owner, dataset.id)
    assert (now.chunk_count, now.word_count) == (0, 0)


def test_edits_of_one_chunk_at_once_do_not_undo_each_other(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    form = ChunkForm.QUESTION_ANSWER
    document = house.documents.add(owner, dataset.id, _new("Q: Why? A: Because.", chunk_form=form))
    finish(house)
    chunk = house.chunks.list(owner, dataset.id, document.id).items[0]
    edits = [ChunkEdit(content="Who?"), ChunkEdit(answer="Me."), ChunkEdit(keywords=("who",))]

    def edit(number: int) -> Any:
        return house.chunks.edit(owner, dataset.id, document.id, chunk.id, edits[number % len(edits)])

    _at_once(edit)
    now = house.chunks.get(owner, dataset.id, document.id, chunk.id)
    assert (now.content, now.answer, now.word_count) == ("Who?", "Me.", 7)
    assert house.datasets.get(owner, dataset.id).word_count == 7


def test_a_dataset_removed_while_documents_come(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    def disturb(number: int) -> Any:
        if number == 3:
            return house.datasets.remove(owner, dataset.id)
        return house.documents.add(owner, dataset.id, _new(name=f"n{number}"))

    _at_once(disturb)
    with pytest.raises(DatasetNotFound):
        house.documents.list(owner, dataset.id)


def test_rules_are_those_given_last(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    custom = ChunkingRules(mode=RuleMode.CUSTOM, max_tokens=99)
    first = house.documents.add(owner, dataset.id, _new(rules=custom))
    second = house.documents.add(owner, dataset.id, _new())
    assert second.rule_id == first.rule_id
    third = house.documents.add(owner, dataset.id, _new(rules=ChunkingRules()))
    _, rules = house.documents.with_rules(owner, dataset.id, first.id)
    assert (rules.document, rules.dataset, rules.dataset_rule_id) == (custom, ChunkingRules(), third.rule_id)


def test_a_form_that_differs_is_refused(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    document = house.documents.add(owner, dataset.id, _new())
    with pytest.raises(ChunkFormDiffers):
        house.documents.add(owner, dataset.id, _new(chunk_form=ChunkForm.QUESTION_ANSWER))
    change = DocumentChange(content=[b"x"], is_text=True, chunk_form=ChunkForm.QUESTION_ANSWER)
    with pytest.raises(ChunkFormDiffers):
        house.documents.update(owner, dataset.id, document.id, change)
    assert house.datasets.get(owner, dataset.id).document_count == 1


def test_an_empty_dataset_changes_its_model(house: Diglot, owner: Caller, dataset: Dataset) -> None:
    model = house.embedders.default()
    changed = house.datasets.update(
        owner, dataset.id, DatasetChange(indexing=Indexing.HIGH_QUALITY, embedding_model=model)
    )
    assert (changed.indexing, changed.embedding_model) == (Indexing.HIGH_QUALITY, model)
    assert changed.generation_id != dataset.generation_id
    house.documents.add(owner, dataset.id, _new())
    with_documents = house.datasets.update(owner, dataset.id, DatasetChange(indexing=Indexing.ECONOMY))
    assert (with_documents.indexing, with_documents.embedding_model) == (Indexing.ECONOMY, None)
    assert with_documents.generation_id == changed.generation_id, "the old index answers till the new one is complete"
