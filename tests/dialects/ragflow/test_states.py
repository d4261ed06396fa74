"""run, progress and progress_msg, from a document alone."""

from dataclasses import replace
from typing import Any

import pytest

from diglot.domain.document import Document, DocumentStatus
from diglot.domain.identity import DatasetId, DocumentId, RevisionKey, RuleId, UserId, WorkspaceId
from diglot.domain.rules import ChunkForm
from diglot.http.ragflow import file_kinds, states

MIDNIGHT = 1_790_035_200_000
UNSTARTED = Document(
    id=DocumentId("d"),
    workspace_id=WorkspaceId("w"),
    dataset_id=DatasetId("s"),
    position=1,
    name="battery.txt",
    source="",
    size=1,
    media_type="text/plain",
    created_from="api",
    batch="",
    rule_id=RuleId("r"),
    chunk_form=ChunkForm.TEXT,
    language="English",
    revision=None,
    pending=None,
    status=DocumentStatus.WAITING,
    progress=0.0,
    error=None,
    enabled=True,
    disabled_at=None,
    disabled_by=None,
    archived=False,
    metadata={},
    word_count=0,
    tokens=0,
    chunk_count=0,
    hit_count=0,
    started_at=None,
    parsed_at=None,
    cleaned_at=None,
    split_at=None,
    completed_at=None,
    paused_at=None,
    stopped_at=None,
    created_by=UserId("u"),
    created_at=MIDNIGHT,
    updated_at=MIDNIGHT,
)
ONE, TWO = RevisionKey(1), RevisionKey(2)
WAITING = replace(UNSTARTED, pending=ONE, begun_at=MIDNIGHT)
READ = replace(WAITING, status=DocumentStatus.EMBEDDING, progress=0.4, started_at=MIDNIGHT + 1000)
SPLIT = replace(READ, parsed_at=MIDNIGHT + 2000, split_at=MIDNIGHT + 2500)
ENDED = replace(SPLIT, pending=None, ended_at=MIDNIGHT + 4000)
DONE = replace(
    ENDED, revision=ONE, status=DocumentStatus.READY, progress=1.0, completed_at=MIDNIGHT + 4000, chunk_count=2
)
FAILED = replace(ENDED, status=DocumentStatus.FAILED, error="The file is damaged.", parsed_at=None, split_at=None)
CANCELLED = replace(ENDED, status=DocumentStatus.CANCELLED, split_at=None, stopped_at=MIDNIGHT + 4000)


@pytest.mark.parametrize(
    ("document", "word", "digit", "progress", "seconds"),
    [
        (UNSTARTED, "UNSTART", "0", 0.0, 0.0),
        (WAITING, "RUNNING", "1", 0.01, 9.0),
        (READ, "RUNNING", "1", 0.4, 9.0),
        (replace(READ, progress=1.0), "RUNNING", "1", 0.99, 9.0),
        (CANCELLED, "CANCEL", "2", 0.0, 4.0),
        (DONE, "DONE", "3", 1.0, 4.0),
        (FAILED, "FAIL", "4", -1.0, 4.0),
        # What served before goes on serving, but it is not what is told.
        (replace(DONE, pending=TWO, status=DocumentStatus.WAITING, ended_at=None), "RUNNING", "1", 0.99, 9.0),
    ],
)
def test_a_state_in_ragflow_s_words(document: Document, word: str, digit: str, progress: float, seconds: float) -> None:
    assert (states.run(document), states.run_digit(document)) == (word, digit)
    assert states.progress(document) == progress
    assert states.duration(document, MIDNIGHT + 9000) == seconds


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (UNSTARTED, ""),
        (WAITING, "6 tasks are ahead in the queue..."),
        (READ, "00:00:01 Task has been received."),
        (
            SPLIT,
            "00:00:01 Task has been received.\n00:00:02 Parsing done (1.00s).\n00:00:02 Chunking done (0.50s).",
        ),
        (
            DONE,
            "00:00:01 Task has been received.\n00:00:02 Parsing done (1.00s).\n00:00:02 Chunking done (0.50s).\n"
            "00:00:04 Generate 2 chunks\n00:00:04 Indexing done (1.50s).\n00:00:04 Task done (4.00s)",
        ),
        (FAILED, "00:00:01 Task has been received.\n00:00:04 [ERROR]The file is damaged."),
        (
            CANCELLED,
            "00:00:01 Task has been received.\n00:00:02 Parsing done (1.00s).\n00:00:04 Task stopped by user.",
        ),
    ],
)
def test_what_happened_line_by_line(document: Document, message: str) -> None:
    assert states.message(document, 7) == message


def test_nothing_built_is_said() -> None:
    assert "No chunk built from battery.txt" in states.message(replace(DONE, chunk_count=0), 0)


def test_what_was_left_out_is_said() -> None:
    said = states.message(replace(DONE, notes=["Page 2 was skipped: it is a picture."]), 0).splitlines()
    assert said[-3:-1] == ["00:00:04 Page 2 was skipped: it is a picture.", "00:00:04 Indexing done (1.50s)."]


def test_enabled_is_another_thing_than_the_state() -> None:
    assert (states.status(DONE), states.status(replace(DONE, enabled=False))) == ("1", "0")


def test_words_and_digits_mixed() -> None:
    assert states.phases(["UNSTART", "3"]) == {UNSTARTED.phase, DONE.phase}
    assert states.unknown_runs(["DONE", "5", "done", "2"]) == ["5", "done"]


@pytest.mark.parametrize(
    ("name", "extension", "kind", "method"),
    [
        ("a.pdf", "pdf", "pdf", None),
        ("a.b.TXT", "txt", "doc", None),
        (".txt", "txt", "doc", None),
        ("photo.JPG", "jpg", "visual", "picture"),
        ("film.mp4", "mp4", "visual", "picture"),
        ("song.mp3", "mp3", "aural", "audio"),
        ("slides.pptx", "pptx", "doc", "presentation"),
        ("letter.eml", "eml", "doc", "email"),
        ("tool.exe", "exe", "other", None),
        ("readme", "", "other", None),
    ],
)
def test_kinds_of_files(name: str, extension: str, kind: str, method: Any) -> None:
    assert (file_kinds.extension(name), file_kinds.type_of(name)) == (extension, kind)
    assert file_kinds.automatic_method(name) == method
