"""Many hands at once, a worker among them: names, commands and readings never end in a mixture."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from diglot.domain.document import Document, DocumentStatus, Phase
from diglot.domain.errors import ChunkNotFound, DiglotError, DocumentNotFound, NameTaken
from diglot.domain.identity import new_id
from diglot.library.chunks import NewChunk
from diglot.library.datasets import DatasetChange
from diglot.library.documents import DocumentChange, DocumentEdit
from diglot.worker import run_once
from tests.house import working
from tests.library.conftest import Shelf

HANDS = 8
ROUNDS = 6
READ = ["red apple", "green pear", "blue plum"]
TEXT = "\n".join(READ)


def at_once(work: Callable[[int], Any], hands: int = HANDS) -> list[Any]:
    """What each of several hands got, an error of ours included."""

    def one(number: int) -> Any:
        try:
            return work(number)
        except DiglotError as error:
            return error

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(one, range(hands)))


def until(claim: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def settle(shelf: Shelf) -> None:
    until(lambda: shelf.house.datasets.phases(shelf.owner, [shelf.dataset.id])[shelf.dataset.id][Phase.RUNNING] == 0)


def test_datasets_that_are_numbered_at_once(shelf: Shelf) -> None:
    for _ in range(ROUNDS):
        stem = new_id()
        names = [stem, stem.upper()]
        made = at_once(
            lambda number, names=names: shelf.house.datasets.create(shelf.owner, names[number % 2], is_numbered=True)
        )
        assert len({one.name.casefold() for one in made}) == HANDS


def test_datasets_that_are_renamed_at_once(shelf: Shelf) -> None:
    made = [shelf.house.datasets.create(shelf.owner, new_id()) for _ in range(HANDS)]
    for _ in range(ROUNDS):
        stem = new_id()

        def rename(number: int, stem: str = stem) -> Any:
            change = DatasetChange(name=stem.upper() if number % 2 else stem, is_case_blind=True)
            return shelf.house.datasets.update(shelf.owner, made[number].id, change)

        got = at_once(rename)
        assert sum(isinstance(one, NameTaken) for one in got) == HANDS - 1


def test_attributes_written_at_once_are_all_kept(shelf: Shelf) -> None:
    at_once(
        lambda number: shelf.house.datasets.update(
            shelf.owner, shelf.dataset.id, DatasetChange(attributes={str(number): number})
        )
    )
    assert shelf.now().attributes == {str(number): number for number in range(HANDS)}


def test_documents_that_are_numbered_at_once(shelf: Shelf) -> None:
    added = at_once(lambda _: shelf.add(name="a.txt", is_numbered=True, begins=False))
    assert {one.name for one in added} == {"a.txt", *(f"a({number}).txt" for number in range(1, HANDS))}


def test_documents_that_are_renamed_at_once(shelf: Shelf) -> None:
    documents = [shelf.add(name=f"{number}.txt", begins=False) for number in range(HANDS)]
    for round_number in range(ROUNDS):
        edit = DocumentEdit(name=f"new {round_number}.txt")

        def rename(number: int, edit: DocumentEdit = edit) -> Any:
            if number == 0:
                return shelf.add(name=edit.name or "", is_numbered=True, begins=False)
            return shelf.house.documents.edit(shelf.owner, shelf.dataset.id, documents[number].id, edit)

        at_once(rename)
        page = shelf.house.documents.list(shelf.owner, shelf.dataset.id, limit=100)
        names = [document.name for document in page.items]
        assert len(set(names)) == len(names)


def test_a_stop_at_the_moment_of_publishing(shelf: Shelf) -> None:
    """What was stopped has no chunks, what was not has all of them."""
    chance = random.Random(11)
    seen: set[Phase] = set()
    document = shelf.ready(TEXT)
    began = time.monotonic()
    with working(shelf.house):
        shelf.start(document)
        settle(shelf)
        usual = time.monotonic() - began
        for _ in range(40):
            shelf.start(document)
            time.sleep(chance.uniform(0.0, min(usual, 0.3)))
            command = shelf.stop(document)
            now = shelf.get(document)
            assert now.phase is (Phase.CANCELLED if command.done else Phase.DONE)
            assert shelf.texts(document) == ([] if command.done else READ)
            assert now.chunk_count == shelf.now().chunk_count == len(shelf.texts(document))
            seen.add(now.phase)
        time.sleep(0.5)
        assert shelf.get(document).phase is now.phase, "nothing becomes ready after its stop"
    assert seen == {Phase.CANCELLED, Phase.DONE}


def test_starts_while_what_was_before_is_purged(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diglot.catalog.revisions.ROWS_A_STEP", 2)
    chance = random.Random(12)
    lines = [f"line number {number}" for number in range(20)]
    document = shelf.add("\n".join(lines))
    with working(shelf.house):
        for _ in range(25):
            chance.choice([shelf.start, shelf.stop, lambda one: shelf.start(one, restarts=True)])(document)
            time.sleep(chance.uniform(0.0, 0.05))
        shelf.start(document)
        settle(shelf)
    assert shelf.texts(document) == lines
    assert shelf.get(document).phase is Phase.DONE


def test_chunks_that_are_put_while_a_reading_is_published(shelf: Shelf) -> None:
    """Each is in what served before, which is gone, or behind all of what was read."""
    chance = random.Random(13)
    document = shelf.add(TEXT, begins=False)
    with working(shelf.house):
        for round_number in range(15):
            shelf.start(document)
            put = [f"note {round_number} {number}" for number in range(6)]
            for content in put:
                shelf.house.chunks.put(shelf.owner, shelf.dataset.id, document.id, NewChunk(content))
                time.sleep(chance.uniform(0.0, 0.03))
            settle(shelf)
            texts = shelf.texts(document)
            assert texts[: len(READ)] == READ
            assert texts[len(READ) :] == put[len(put) - (len(texts) - len(READ)) :]


def test_the_same_content_put_at_once_is_one_chunk(shelf: Shelf) -> None:
    document = shelf.add(begins=False)
    put = at_once(lambda _: shelf.house.chunks.put(shelf.owner, shelf.dataset.id, document.id, NewChunk("violet fig")))
    assert len({chunk.id for chunk in put}) == 1
    (chunk,) = shelf.chunks(document)
    assert chunk.repeats == shelf.get(document).repeat_count == HANDS - 1
    assert (shelf.get(document).chunk_count, shelf.now().available_count) == (1, 1)


@pytest.mark.parametrize("seed", range(3))
def test_everything_at_once(shelf: Shelf, seed: int) -> None:
    """Whatever comes in whatever order: readings whole or not at all, counters and index as the rest (see `shelf`)."""
    documents = [shelf.add(TEXT, name=f"{number}.txt", begins=number % 2 == 0) for number in range(5)]

    def disturb(number: int) -> None:
        chance = random.Random(1000 * seed + number)
        for _ in range(40):
            try:
                act(shelf, chance, chance.choice(documents))
            except (DocumentNotFound, ChunkNotFound, NameTaken):
                continue
            time.sleep(chance.uniform(0.0, 0.01))

    with working(shelf.house):
        got = at_once(disturb, hands=4)
        settle(shelf)
    assert got == [None] * 4
    run_once(shelf.house)
    page = shelf.house.documents.list(shelf.owner, shelf.dataset.id, limit=100)
    for document in page.items:
        texts = shelf.texts(document)
        read = [text for text in texts if text in READ]
        assert read in ([], READ), document
        assert bool(read) <= (document.status is not DocumentStatus.CANCELLED), document
        assert document.status in (DocumentStatus.READY, DocumentStatus.CANCELLED, DocumentStatus.WAITING)
        assert document.chunk_count == len(texts)


def act(shelf: Shelf, chance: random.Random, document: Document) -> None:
    documents, chunks, owner, dataset_id = shelf.house.documents, shelf.house.chunks, shelf.owner, shelf.dataset.id
    number = chance.randrange(1000)
    acts: tuple[tuple[int, Callable[[], object]], ...] = (
        (5, lambda: shelf.start(document, restarts=bool(number % 2))),
        (3, lambda: shelf.stop(document)),
        (2, lambda: documents.edit(owner, dataset_id, document.id, DocumentEdit(resets=True))),
        (2, lambda: documents.edit(owner, dataset_id, document.id, DocumentEdit(name=f"{number % 7}.md"))),
        (2, lambda: documents.switch(owner, dataset_id, [document.id], bool(number % 2))),
        (4, lambda: chunks.put(owner, dataset_id, document.id, NewChunk(f"note {number % 9}"))),
        (1, lambda: chunks.remove_all(owner, dataset_id, document.id)),
        (1, lambda: documents.update(owner, dataset_id, document.id, DocumentChange(content=[TEXT.encode()]))),
        (1, lambda: documents.remove_many(owner, dataset_id, [document.id]) if number < 100 else None),
    )
    chance.choices([one for _, one in acts], [weight for weight, _ in acts])[0]()
