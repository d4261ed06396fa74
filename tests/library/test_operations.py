"""The queue, what is watched and what was asked, on both databases."""

import time
from collections.abc import Iterator

import pytest

from diglot.assembly import Diglot
from diglot.catalog import jobs, queries
from diglot.catalog.queries import DAY_MS
from diglot.domain.api_key import Caller
from diglot.domain.document import DocumentStatus
from diglot.domain.errors import InvalidAction, Overloaded
from diglot.domain.identity import now_ms
from diglot.domain.job import JobKind, JobState
from diglot.domain.search import Hits, RetrievalPlan, RetrievalSettings
from diglot.library import watching
from diglot.library.jobs import QueueEntry
from diglot.library.watching import Listener, Watching
from diglot.worker import run_once
from tests.library.conftest import Shelf

SOON = 10.0


@pytest.fixture
def eyes(house: Diglot) -> Iterator[Watching]:
    watching = Watching(house.database)
    yield watching
    watching.close()


def _told(listener: Listener, name: str) -> list[DocumentStatus]:
    """What is told of the document until the first time."""
    deadline = time.monotonic() + SOON
    while True:
        found = [one.status for one in listener.take() if one.name == name]
        if found:
            return found
        assert time.monotonic() < deadline, "nothing was told"
        time.sleep(0.01)


def _jobs(shelf: Shelf) -> list[QueueEntry]:
    return list(shelf.house.jobs.list(shelf.owner, dataset_id=shelf.dataset.id).items)


def test_changes_are_told(shelf: Shelf, eyes: Watching) -> None:
    first = shelf.add(name="first.txt")
    listener = eyes.listen(shelf.owner, shelf.dataset.id)
    assert _told(listener, "first.txt") == [DocumentStatus.WAITING]
    shelf.add(name="second.txt")
    assert _told(listener, "second.txt") == [DocumentStatus.WAITING]
    shelf.stop(first)
    assert _told(listener, "first.txt") == [DocumentStatus.CANCELLED]
    eyes.leave(listener)


def test_what_is_committed_late_is_told(shelf: Shelf, eyes: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    """It bears the time of its beginning, which others have passed by then."""
    listener = eyes.listen(shelf.owner, shelf.dataset.id)
    late = now_ms() - watching.OVERLAP_MS // 2
    shelf.add(name="before.txt")
    _told(listener, "before.txt")
    monkeypatch.setattr("diglot.library.adding.now_ms", lambda: late)
    shelf.add(name="late.txt")
    assert _told(listener, "late.txt")
    eyes.leave(listener)


def test_who_does_not_read_is_let_go(shelf: Shelf, eyes: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MOST_UNTOLD", 2)
    listener = eyes.listen(shelf.owner, shelf.dataset.id)
    for place in range(4):
        shelf.add(name=f"{place}.txt")
    deadline = time.monotonic() + SOON
    while not listener.is_over:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    eyes.leave(listener)


def test_nobody_listens_to_what_has_ended(owner: Caller, eyes: Watching) -> None:
    listener = eyes.listen(owner)
    eyes.end()
    assert listener.is_over
    with pytest.raises(Overloaded):
        eyes.listen(owner)


def test_jobs_are_told_tried_again_and_cancelled(shelf: Shelf) -> None:
    shelf.add(name="a.txt")
    shelf.add(name="b.txt")
    second, first = _jobs(shelf)
    assert first.wait is not None
    assert second.wait is not None
    assert second.wait.ahead == first.wait.ahead + 1
    cancelled = shelf.house.jobs.cancel(shelf.owner, first.listed.job.id)
    assert cancelled.listed.job.state is JobState.CANCELLED
    again = shelf.house.jobs.retry(shelf.owner, first.listed.job.id)
    assert again.listed.job.state is JobState.QUEUED
    assert again.listed.document_name == "a.txt"
    run_once(shelf.house)
    with pytest.raises(InvalidAction):
        shelf.house.jobs.retry(shelf.owner, first.listed.job.id)


def test_a_rebuild_is_cancelled_and_tried_again(shelf: Shelf) -> None:
    shelf.ready()
    dataset = shelf.now()
    about = {"workspace_id": dataset.workspace_id, "dataset_id": dataset.id}
    shelf.house.database.write(lambda connection: jobs.enqueue(connection, JobKind.REBUILD, **about))
    [rebuild] = [one.listed.job for one in _jobs(shelf) if one.listed.job.kind is JobKind.REBUILD]
    assert shelf.house.jobs.cancel(shelf.owner, rebuild.id).listed.job.state is JobState.CANCELLED
    assert shelf.house.jobs.retry(shelf.owner, rebuild.id).listed.job.state is JobState.QUEUED
    run_once(shelf.house)
    assert shelf.house.jobs.list(shelf.owner, states=[JobState.DONE], dataset_id=shelf.dataset.id).items


def test_questions_are_summed_and_forgotten(shelf: Shelf) -> None:
    plan = RetrievalPlan(shelf.owner.workspace_id, (shelf.dataset.id,), "who?", RetrievalSettings())
    before = shelf.house.usage.report(shelf.owner, 1).total
    for seconds in (0.0104, 0.0204, 0.9):
        shelf.house.querylog.note(shelf.owner, "dify", "retrieve", plan, Hits(()), seconds)
    shelf.house.querylog.flush()
    after = shelf.house.usage.report(shelf.owner, 2).total
    assert after.queries == before.queries + 3
    assert after.zero_hits == before.zero_hits + 3
    assert after.p95_ms == 900
    found, behind = shelf.house.usage.queries(shelf.owner, dataset_id=shelf.dataset.id, limit=2)
    rest, end = shelf.house.usage.queries(shelf.owner, dataset_id=shelf.dataset.id, before=behind, limit=2)
    # They may all bear the same millisecond.
    assert (sorted(one.ms for one in [*found, *rest]), end) == ([10.4, 20.4, 900.0], None)
    gone = shelf.house.database.write(lambda connection: queries.forget(connection, now_ms() + DAY_MS))
    assert gone >= 3
    assert shelf.house.usage.queries(shelf.owner) == ([], None)


def test_models_and_their_datasets(shelf: Shelf) -> None:
    shelf.house.datasets.create(shelf.owner, "by words and vectors", embedding_model="diglot/lexical", is_numbered=True)
    [lexical] = shelf.house.models.list(shelf.owner)
    assert lexical.is_default
    assert lexical.datasets >= 1
