"""The index follows the catalog, whatever happens to either."""

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy import update

from diglot.catalog import changes, generations, indexable, tables
from diglot.domain.dataset import Generation
from diglot.domain.document import Document
from diglot.domain.errors import Cancelled
from diglot.domain.identity import DatasetId
from diglot.domain.rules import ChunkingRules, RuleMode
from diglot.ingestion import following
from diglot.ingestion import indexing as indexing_module
from diglot.ingestion.election import Election
from diglot.ingestion.indexing import LOCK, Indexer, indexing
from diglot.ingestion.rebuilding import rebuild, rebuild_by
from diglot.library.chunks import ChunkEdit, NewChunk
from diglot.library.documents import DocumentChange
from diglot.ports.index import Index
from diglot.worker import run_once
from tests.ingestion.conftest import Bench

LINES = ChunkingRules(mode=RuleMode.CUSTOM, separator="\n", max_tokens=50, overlap=0)


def ready(bench: Bench, text: str = "red apple\ngreen pear\nyellow plum", **options: object) -> Document:
    document = bench.add(text, rules=LINES, **options)
    run_once(bench.house)
    return bench.get(document)


def assert_exact(bench: Bench) -> None:
    """The index holds just what belongs there."""
    with bench.house.database.read() as connection:
        wanted = indexable.keys(connection, bench.dataset.id)
    assert bench.house.index.keys(bench.generation) == wanted


def disable(bench: Bench, document: Document) -> None:
    bench.house.documents.disable(bench.caller, bench.dataset.id, [document.id])


def enable(bench: Bench, document: Document) -> None:
    bench.house.documents.enable(bench.caller, bench.dataset.id, [document.id])


def archive(bench: Bench, document: Document) -> None:
    bench.house.documents.archive(bench.caller, bench.dataset.id, [document.id])


def remove(bench: Bench, document: Document) -> None:
    bench.house.documents.remove(bench.caller, bench.dataset.id, document.id)


@pytest.mark.parametrize("act", [disable, archive, remove])
def test_what_is_not_shown_leaves_the_index(either: Bench, act: Callable[[Bench, Document], None]) -> None:
    document, other = ready(either), ready(either, "red stone")
    act(either, document)
    assert either.indexer.apply_pending() >= 1
    assert len(either.found("red")) == 1
    assert other.chunk_count == 1
    assert_exact(either)


def test_what_is_shown_again_comes_back(either: Bench) -> None:
    document = ready(either)
    disable(either, document)
    either.indexer.apply_pending()
    assert not either.found("red")
    enable(either, document)
    either.indexer.apply_pending()
    assert either.found("red")
    assert_exact(either)


def test_single_chunks_are_added_edited_disabled_and_removed(either: Bench) -> None:
    house, caller, dataset = either.house, either.caller, either.dataset
    document = ready(either)
    (added,) = house.chunks.add(caller, dataset.id, document.id, [NewChunk("violet fig")])
    either.indexer.apply_pending()
    assert either.found("violet") == {added.key}
    house.chunks.edit(caller, dataset.id, document.id, added.id, ChunkEdit(content="silver fig"))
    either.indexer.apply_pending()
    assert either.found("silver") == {added.key}
    assert not either.found("violet")
    house.chunks.edit(caller, dataset.id, document.id, added.id, ChunkEdit(enabled=False))
    either.indexer.apply_pending()
    assert not either.found("silver")
    first = house.chunks.list(caller, dataset.id, document.id).items[0]
    house.chunks.remove(caller, dataset.id, first.id)
    either.indexer.apply_pending()
    assert not either.found("red")
    assert_exact(either)


def test_a_new_name_is_found(bench: Bench) -> None:
    document = ready(bench)
    bench.house.documents.update(bench.caller, bench.dataset.id, document.id, DocumentChange(name="orchard.md"))
    run_once(bench.house)
    assert len(bench.found("orchard")) == 3


def test_large_revisions_come_in_pieces(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "ROWS", 7)
    monkeypatch.setattr(indexable, "PAGE", 5)
    document = ready(bench, "\n".join(f"item {number} of the list" for number in range(100)))
    assert document.chunk_count == 100
    assert_exact(bench)


def test_a_crash_between_pieces_is_repeated_wholly(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    document = ready(bench, "\n".join(f"item {number} of the list" for number in range(20)))
    disable(bench, document)
    bench.indexer.apply_pending()
    enable(bench, document)
    monkeypatch.setattr(following, "ROWS", 6)
    looks: list[None] = []

    def crash_at_the_third() -> None:
        looks.append(None)
        if len(looks) == 4:
            raise KeyboardInterrupt

    house = bench.house
    follower = following.Follower(house.database, house.index, house.tokenizer, house.embedders, crash_at_the_third)
    before = house.index.applied(bench.generation)
    with pytest.raises(KeyboardInterrupt):
        follower.catch_up(bench.generation)
    assert house.index.applied(bench.generation) == before
    bench.indexer.apply_pending()
    assert_exact(bench)


def test_the_log_is_trimmed_and_a_lost_index_made_anew(either: Bench) -> None:
    ready(either)
    ready(either, "blue stone")
    either.indexer.apply_pending()
    with either.house.database.read() as connection:
        assert changes.datasets_noted(connection) == []
        assert changes.span(connection, either.dataset.id) == changes.Span(floor=2, last=2)
    either.house.index.drop(either.generation)
    assert not either.found("blue")
    either.indexer.apply_pending()
    assert either.house.index.applied(either.generation) == 2
    assert either.found("blue")
    assert_exact(either)


def test_a_damaged_index_is_made_anew(bench: Bench) -> None:
    ready(bench)
    ready(bench, "blue stone")
    bench.indexer.apply_pending()
    bench.house.index.close()
    folder = bench.house.settings.index_folder / bench.dataset.id / bench.generation.id
    for path in folder.iterdir():
        path.write_bytes(b"garbage")
    disable(bench, ready(bench, "brown leaf"))
    bench.indexer.apply_pending()
    assert bench.found("blue")
    assert not bench.found("brown")
    assert_exact(bench)


def test_an_index_from_the_future_is_made_anew(bench: Bench) -> None:
    """The catalog was restored from a backup, the index was not."""
    ready(bench)
    bench.house.index.apply(bench.generation, rows=[], removed_groups=[], removed_keys=[], applied=1000)
    bench.indexer.apply_pending()
    assert bench.house.index.applied(bench.generation) == 1
    assert_exact(bench)


def test_rebuild_switches_to_a_new_generation(either: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing_module, "RETIRED_SECONDS", 0.0)
    ready(either)
    old = either.generation
    rebuild(either.house, either.dataset.id)
    assert either.generation.id != old.id
    assert either.found("red")
    assert_exact(either)
    ready(either, "after the switch")
    assert either.found("switch")
    with indexing(either.indexer):
        until(lambda: either.house.index.generations() == [either.generation.id])
    with either.house.database.read() as connection:
        assert generations.retired(connection) == []


def test_changes_during_a_rebuild_reach_both(bench: Bench) -> None:
    document = ready(bench)
    old = bench.generation
    with pytest.raises(Cancelled):
        rebuild_by(bench.house.database, bench.house.tokenizer, bench.dataset.id, cancelled)
    disable(bench, document)
    ready(bench, "blue stone")
    assert bench.generation.id != old.id
    assert bench.found("blue")
    assert not bench.found("red")
    assert_exact(bench)


def test_an_index_of_another_tokenizer_is_replaced(bench: Bench) -> None:
    ready(bench)
    old = bench.generation

    yesterday = update(tables.generations).values(tokenizer="of-yesterday")
    bench.house.database.write(lambda connection: connection.execute(yesterday).rowcount)
    bench.indexer.apply_pending()
    assert bench.generation.id != old.id
    assert bench.generation.tokenizer == bench.house.tokenizer.name
    assert_exact(bench)


def test_unknown_folders_go(bench: Bench) -> None:
    ready(bench)
    folder = bench.house.settings.index_folder / bench.dataset.id
    shutil.copytree(folder / bench.generation.id, folder / ("f" * 32))
    bench.indexer.apply_pending()
    assert bench.house.index.generations() == [bench.generation.id]


def test_only_one_process_follows_and_another_takes_over(bench: Bench) -> None:
    ready(bench)
    rival = Election(bench.house.settings.index_folder / LOCK)
    assert rival.win()
    noted = bench.house.database.write(partial(changes.note, dataset_id=bench.dataset.id, chunks=[4711]))
    assert bench.indexer.apply_pending() == 0
    with indexing(bench.indexer):
        time.sleep(0.2)
        assert bench.house.index.applied(bench.generation) < noted
        rival.resign()
        bench.indexer.wait_until_applied(bench.dataset.id, noted, lambda: None)


def test_waiting_ends_when_it_must_not_go_on(bench: Bench) -> None:
    ready(bench)
    with pytest.raises(Cancelled):
        bench.indexer.wait_until_applied(bench.dataset.id, 10**9, cancelled)


def test_a_bad_dataset_does_not_stop_the_others(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(bench)
    other = Bench(bench.house, bench.caller, bench.house.datasets.create(bench.caller, "other"))
    ready(other, "blue stone")
    catch_up = following.Follower.catch_up

    def fail_for_one(self: following.Follower, generation: object, until: float) -> int:
        if generation == bench.generation:
            raise OSError("the disk is on fire")
        return catch_up(self, generation, until)  # type: ignore[arg-type]

    for one in (bench, other):
        bench.house.database.write(partial(changes.note, dataset_id=one.dataset.id, chunks=[4711]))
    with monkeypatch.context() as patched:
        patched.setattr(following.Follower, "catch_up", fail_for_one)
        with indexing(bench.indexer):
            until(lambda: bench.house.index.applied(other.generation) == 2)
    assert bench.house.index.applied(bench.generation) == 1
    bench.indexer.apply_pending()
    assert bench.house.index.applied(bench.generation) == 2


def test_a_change_is_applied_within_a_second(either: Bench) -> None:
    document = ready(either)
    with indexing(either.indexer):
        time.sleep(0.3)
        disable(either, document)
        until(lambda: not either.found("red"), seconds=1.0)


def test_idle_indexes_are_compacted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing_module, "COMPACT_AFTER_SECONDS", 0.0)
    compacted = threading.Event()
    monkeypatch.setattr(type(bench.house.index), "compact", lambda _self, _generation: compacted.set())
    with indexing(bench.indexer):
        ready(bench)
        assert compacted.wait(5)


def cancelled() -> None:
    raise Cancelled


def until(claim: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_an_indexer_of_many_datasets_asks_for_those_with_news_only(bench: Bench) -> None:
    for number in range(30):
        bench.house.datasets.create(bench.caller, f"empty {number}")
    ready(bench)
    bench.indexer.apply_pending()
    with bench.house.database.read() as connection:
        assert changes.datasets_noted(connection) == []
        assert indexable.being_built(connection) == []


class Restless:
    """An index whose dataset has news whenever something was applied."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bench.house.index, name)

    def apply(self, generation: Generation, **change: Any) -> None:
        self._bench.house.index.apply(generation, **change)
        if generation.dataset_id == self._bench.dataset.id:
            noted(self._bench, generation.dataset_id)


def noted(bench: Bench, dataset_id: DatasetId) -> int:
    return bench.house.database.write(partial(changes.note, dataset_id=dataset_id, chunks=[4711]))


def test_a_dataset_that_never_rests_holds_up_nobody(bench: Bench) -> None:
    ready(bench)
    other = replace(bench, dataset=bench.house.datasets.create(bench.caller, "another"))
    noted(bench, bench.dataset.id)
    house = bench.house
    parts = house.tokenizer, house.embedders, house.settings.index_folder
    with indexing(Indexer(house.database, cast(Index, Restless(bench)), *parts)):
        wanted = noted(bench, other.dataset.id)
        until(lambda: house.index.applied(other.generation) == wanted)
        # Nor does the log of changes grow on.
        until(lambda: is_trimmed(bench))


def test_a_dataset_that_never_rests_is_compacted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough that there is always something new within it.
    monkeypatch.setattr(indexing_module, "COMPACT_AFTER_SECONDS", 1.0)
    asked = threading.Semaphore(0)
    ready(bench)
    house, restless = bench.house, Restless(bench)
    monkeypatch.setattr(restless, "compact", lambda _generation: asked.release(), raising=False)
    noted(bench, bench.dataset.id)
    parts = house.tokenizer, house.embedders, house.settings.index_folder
    with indexing(Indexer(house.database, cast(Index, restless), *parts)):
        assert asked.acquire(timeout=10)
        applied = house.index.applied(bench.generation)
        assert asked.acquire(timeout=10)
        assert house.index.applied(bench.generation) > applied


def is_trimmed(bench: Bench) -> bool:
    with bench.house.database.read() as connection:
        span = changes.span(connection, bench.dataset.id)
    return span is not None and 0 < span.floor < span.last
