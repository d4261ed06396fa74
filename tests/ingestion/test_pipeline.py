"""A waiting document to a searchable one, by the real worker in this process."""

from functools import partial

import pytest

from diglot.catalog import jobs, revisions
from diglot.domain.chunk import ChunkDraft
from diglot.domain.dataset import Indexing
from diglot.domain.document import DocumentStatus
from diglot.domain.errors import ModelNotFound, ModelUnavailable
from diglot.domain.job import JobState
from diglot.domain.rules import ChunkForm, ChunkingRules, RuleMode
from diglot.ingestion import chunking
from diglot.ingestion.checking import fsck
from diglot.library.documents import DocumentChange
from diglot.worker import run_once
from tests.ingestion.conftest import Bench

LINES = ChunkingRules(mode=RuleMode.CUSTOM, separator="\n", max_tokens=50, overlap=0)


def test_a_document_becomes_ready_and_is_found(either: Bench) -> None:
    document = either.add("# Observatory\n\nThe telescope stands on the hill.", name="Hill.md")
    assert run_once(either.house) == 1
    done = either.get(document)
    assert (done.status, done.error, done.progress) == (DocumentStatus.READY, None, 1.0)
    assert done.chunk_count == len(either.texts(document)) > 0
    assert None not in (done.started_at, done.parsed_at, done.cleaned_at, done.split_at, done.completed_at)
    assert either.found("telescope")
    assert either.found("hill")
    assert fsck(either.house).is_clean


def test_economy_has_keywords_and_no_vectors(bench: Bench) -> None:
    document = bench.add("The narrow railway climbs to the railway station in the mountains.")
    run_once(bench.house)
    (chunk,) = bench.house.chunks.list(bench.caller, bench.dataset.id, document.id).items
    assert "railway" in chunk.keywords
    assert bench.get(document).tokens == chunk.tokens > 0
    assert bench.house.index.stats(bench.generation).vectors == 0


def test_high_quality_has_vectors_and_no_keywords(bench: Bench) -> None:
    document = bench.add(
        "Tea is picked in spring.\nIt is dried in the sun.", indexing=Indexing.HIGH_QUALITY, rules=LINES
    )
    run_once(bench.house)
    rows = bench.house.chunks.list(bench.caller, bench.dataset.id, document.id).items
    assert [chunk.keywords for chunk in rows] == [(), ()]
    assert bench.get(document).tokens == sum(chunk.tokens for chunk in rows) > 0
    assert bench.house.index.stats(bench.generation).vectors == 2


def test_a_question_is_searched_with_its_answer(bench: Bench) -> None:
    document = bench.add("Q: Where is the summit?\nA: Above the glacier.", chunk_form=ChunkForm.QUESTION_ANSWER)
    run_once(bench.house)
    (chunk,) = bench.house.chunks.list(bench.caller, bench.dataset.id, document.id).items
    assert (chunk.content, chunk.answer) == ("Where is the summit?", "Above the glacier.")
    assert bench.found("glacier") == {chunk.key}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.md", b"   \n \n", "empty"),
        ("broken.pdf", b"%PDF-1.4 this is not one", "damaged"),
    ],
)
def test_a_bad_file_fails_with_a_reason_and_harms_nobody(bench: Bench, name: str, content: bytes, reason: str) -> None:
    bad = bench.add(content, name=name)
    good = bench.add("All is well.", name="good.txt")
    run_once(bench.house)
    done = bench.get(bad)
    assert done.status is DocumentStatus.FAILED
    assert done.error is not None
    assert reason in done.error
    assert bench.get(good).status is DocumentStatus.READY


def test_too_many_chunks_are_refused_plainly(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunking, "MOST_CHUNKS", 3)
    document = bench.add("\n".join(f"line {number}" for number in range(10)), rules=LINES)
    run_once(bench.house)
    assert bench.get(document).error == "The document would have 10 chunks; the most is 3. Choose larger chunks."


def test_many_chunks_come_in_order(bench: Bench) -> None:
    lines = [f"line number {number} of them all" for number in range(1234)]
    document = bench.add("\n".join(lines), rules=LINES)
    run_once(bench.house)
    assert bench.texts(document) == lines
    assert fsck(bench.house).is_clean


def test_an_attempt_that_died_halfway_leaves_nothing_behind(either: Bench) -> None:
    document = either.add("One.\nTwo.\nThree.", rules=LINES)
    database = either.house.database
    (job,) = database.write(lambda connection: jobs.claim(connection, "dead"))
    drafts = [ChunkDraft(f"half {number}") for number in range(700)]
    database.write(partial(revisions.stage, job=job, chunks_placed=revisions.placed(drafts[:500])))
    database.write(partial(revisions.stage, job=job, chunks_placed=revisions.placed(drafts[500:], 501)))
    database.write(partial(jobs.release, job=job))
    run_once(either.house)
    assert either.texts(document) == ["One.", "Two.", "Three."]
    assert not either.found("half")
    assert fsck(either.house).is_clean


def test_an_update_replaces_all_chunks_at_once_and_a_failed_one_none(either: Bench) -> None:
    document = either.add("old marble", name="a.txt")
    run_once(either.house)
    house, caller, dataset = either.house, either.caller, either.dataset
    house.documents.update(caller, dataset.id, document.id, DocumentChange(content=[b"new granite"]))
    run_once(house)
    assert either.texts(document) == ["new granite"]
    assert not either.found("marble")
    assert either.found("granite")
    house.documents.update(caller, dataset.id, document.id, DocumentChange(content=[b" "]))
    run_once(house)
    failed = either.get(document)
    assert failed.status is DocumentStatus.FAILED
    assert either.texts(document) == ["new granite"]
    assert either.found("granite")
    assert fsck(house).is_clean


def test_a_cancelled_document_never_becomes_ready(bench: Bench) -> None:
    document = bench.add("never to be read")
    bench.house.database.write(lambda connection: jobs.cancel_document(connection, document.id))
    run_once(bench.house)
    assert bench.get(document).status is DocumentStatus.CANCELLED
    assert not bench.found("never")


def test_a_model_that_is_gone_fails_the_document(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_self: object, _name: str) -> object:
        raise ModelNotFound("There is no embedding model named x.")

    document = bench.add("some text", indexing=Indexing.HIGH_QUALITY)
    monkeypatch.setattr(type(bench.house.embedders), "get", gone)
    run_once(bench.house)
    assert bench.get(document).error == "There is no embedding model named x."


def test_a_model_that_is_away_is_tried_again_later(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_self: object, _name: str) -> object:
        raise ModelUnavailable("The model does not answer.")

    document = bench.add("some text", indexing=Indexing.HIGH_QUALITY)
    with monkeypatch.context() as patched:
        patched.setattr(type(bench.house.embedders), "get", away)
        run_once(bench.house)
    waiting = bench.get(document)
    assert (waiting.status, waiting.error) == (DocumentStatus.WAITING, "The model does not answer.")
    with bench.house.database.read() as connection:
        assert jobs.counts(connection)[JobState.QUEUED] == 1
