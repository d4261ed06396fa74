"""Commands to documents and their edits: begun, stopped, renamed, reset, shown, removed; lists of them."""

from typing import Any

import pytest

from diglot.domain.document import Document, DocumentFilter, DocumentStatus, Phase
from diglot.domain.errors import DocumentNotFound, DocumentsMissing, NameInvalid, NameTaken
from diglot.domain.identity import DocumentId, new_id
from diglot.domain.page import Order
from diglot.domain.rules import ChunkForm, ChunkingRules, ChunkMethod, MethodOptions
from diglot.library.documents import DocumentChange, DocumentEdit
from diglot.worker import run_once
from tests.library.conftest import Shelf, ids

NAIVE = ChunkingRules(method=ChunkMethod.NAIVE, options=MethodOptions(chunk_tokens=1), kept={"auto_keywords": 0})


def test_a_document_waits_until_somebody_says_so(shelf: Shelf) -> None:
    document = shelf.add("red apple\ngreen pear", begins=False)
    run_once(shelf.house)
    waiting = shelf.get(document)
    assert (waiting.status, waiting.phase, waiting.begun_at) == (DocumentStatus.WAITING, Phase.UNSTARTED, None)
    command = shelf.start(document)
    assert (command.done, command.unfit, command.missing) == ((document.id,), (), ())
    begun = shelf.get(document)
    assert begun.phase is Phase.RUNNING
    assert begun.begun_at is not None
    assert shelf.found("apple") == ["red apple"]
    done = shelf.get(document)
    assert (done.phase, done.chunk_count, done.progress) == (Phase.DONE, 2, 1.0)
    assert done.begun_at is not None
    assert done.ended_at is not None
    assert done.ended_at >= done.begun_at


def test_commands_tell_what_became_of_each(shelf: Shelf) -> None:
    running, waiting = shelf.add(), shelf.add(begins=False)
    nobody = DocumentId(new_id())
    command = shelf.house.documents.start(
        shelf.owner, shelf.dataset.id, [running.id, waiting.id, nobody, waiting.id, running.id]
    )
    assert (command.done, command.unfit, command.missing) == ((waiting.id,), (running.id,), (nobody,))
    before = shelf.get(running).pending
    again = shelf.start(running, restarts=True)
    assert again.done == (running.id,)
    assert shelf.get(running).pending != before
    run_once(shelf.house)
    stopped = shelf.house.documents.stop(shelf.owner, shelf.dataset.id, [running.id, nobody])
    assert (stopped.done, stopped.unfit, stopped.missing) == ((), (running.id,), (nobody,))


def test_what_served_serves_until_the_new_is_ready(shelf: Shelf) -> None:
    document = shelf.ready("red apple")
    shelf.start(document)
    assert shelf.texts(document) == ["red apple"]
    assert shelf.get(document).chunk_count == 1
    assert shelf.now().available_count == 1
    assert shelf.found("apple") == ["red apple"]


def test_a_stop_takes_all_chunks_away(shelf: Shelf) -> None:
    document = shelf.ready("red apple")
    shelf.start(document)
    assert shelf.stop(document).done == (document.id,)
    stopped = shelf.get(document)
    assert (stopped.status, stopped.phase) == (DocumentStatus.CANCELLED, Phase.CANCELLED)
    assert (stopped.revision, stopped.pending, stopped.chunk_count, stopped.tokens) == (None, None, 0, 0)
    now = shelf.now()
    assert (now.document_count, now.available_count, now.chunk_count, now.word_count) == (1, 0, 0, 0)
    assert shelf.found("apple") == []
    shelf.start(document)
    assert shelf.found("apple") == ["red apple"]


def test_a_name_that_is_taken_gets_a_number(shelf: Shelf) -> None:
    names = [shelf.add(name="a.txt", is_numbered=True).name for _ in range(3)]
    assert names == ["a.txt", "a(1).txt", "a(2).txt"]
    assert shelf.add(name="a(1).txt", is_numbered=True).name == "a(3).txt"
    assert shelf.add(name="a.txt").name == "a.txt", "who does not ask gets none"
    run_once(shelf.house)


def test_a_rename(shelf: Shelf) -> None:
    document, other = shelf.ready("red apple", name="orchard.txt"), shelf.ready(name="b.txt")

    def rename(name: str) -> Document:
        return shelf.house.documents.edit(shelf.owner, shelf.dataset.id, document.id, DocumentEdit(name=name))

    with pytest.raises(NameTaken):
        rename(other.name)
    for name in ("", "a/b.txt", "\n"):
        with pytest.raises(NameInvalid):
            rename(name)
    assert rename("orchard.txt").name == "orchard.txt"
    assert rename("meadow.txt").name == "meadow.txt"
    assert shelf.found("orchard") == []
    assert shelf.found("meadow") == ["red apple"]


def test_new_rules_count_from_the_next_reading(shelf: Shelf) -> None:
    document = shelf.ready("red apple\ngreen pear")
    edited = shelf.house.documents.edit(shelf.owner, shelf.dataset.id, document.id, DocumentEdit(rules=NAIVE))
    assert (edited.phase, shelf.texts(document)) == (Phase.DONE, ["red apple", "green pear"])
    assert shelf.house.rulebook.many([edited.rule_id]) == {edited.rule_id: NAIVE}
    shelf.start(document)
    run_once(shelf.house)
    assert "".join(shelf.texts(document)).replace("\n", "") == "red applegreen pear"
    assert shelf.get(document).phase is Phase.DONE


def test_a_method_for_questions_gives_its_document_that_form(shelf: Shelf) -> None:
    document = shelf.ready("Why?\tBecause.")
    edit = DocumentEdit(rules=ChunkingRules(method=ChunkMethod.QA), resets=True)
    assert shelf.house.documents.edit(shelf.owner, shelf.dataset.id, document.id, edit).chunk_form is (
        ChunkForm.QUESTION_ANSWER
    )
    shelf.start(document)
    assert len(shelf.found("because")) == 1
    assert shelf.now().chunk_form is ChunkForm.TEXT


@pytest.mark.parametrize("is_running", [False, True])
def test_a_reset_takes_all_away_and_waits(shelf: Shelf, is_running: bool) -> None:
    document = shelf.ready("red apple")
    if is_running:
        shelf.start(document)
    edit = DocumentEdit(name="b.txt", rules=NAIVE, resets=True, enabled=False, attributes={"a": 1})
    edited = shelf.house.documents.edit(shelf.owner, shelf.dataset.id, document.id, edit)
    assert (edited.status, edited.phase, edited.begun_at) == (DocumentStatus.WAITING, Phase.UNSTARTED, None)
    assert (edited.chunk_count, edited.enabled, edited.attributes, edited.name) == (0, False, {"a": 1}, "b.txt")
    assert shelf.now().chunk_count == shelf.now().available_count == 0
    run_once(shelf.house)
    assert shelf.get(document) == edited
    more = DocumentEdit(enabled=True, attributes={"b": 2})
    assert shelf.house.documents.edit(shelf.owner, shelf.dataset.id, document.id, more).attributes == {"a": 1, "b": 2}
    shelf.start(document)
    assert shelf.found("apple") == ["red apple"]
    assert shelf.now().available_count == 1


def test_all_of_an_edit_happens_or_nothing(shelf: Shelf) -> None:
    document, other = shelf.ready("red apple"), shelf.ready(name="b.txt")
    edit = DocumentEdit(name=other.name, rules=NAIVE, resets=True, enabled=False)
    before = shelf.get(document)
    with pytest.raises(NameTaken):
        shelf.house.documents.edit(shelf.owner, shelf.dataset.id, document.id, edit)
    assert shelf.get(document) == before
    assert shelf.found("apple") == ["red apple"]


def test_documents_are_shown_and_hidden_in_any_state(shelf: Shelf) -> None:
    documents = [shelf.ready("red apple"), shelf.add("red plum", begins=False), shelf.add("red pear")]
    nobody = DocumentId(new_id())
    for is_enabled in (False, False, True):
        command = shelf.house.documents.switch(shelf.owner, shelf.dataset.id, [*ids(documents), nobody], is_enabled)
        assert (set(command.done), command.unfit, command.missing) == (set(ids(documents)), (), (nobody,))
        assert [shelf.get(one).enabled for one in documents] == [is_enabled] * 3
        assert sorted(shelf.found("red")) == (["red apple", "red pear"] if is_enabled else [])
        assert shelf.now().available_count == (2 if is_enabled else 0)


def test_several_are_removed_or_none(shelf: Shelf) -> None:
    documents = [shelf.ready("red apple"), shelf.add("red plum", begins=False), shelf.add("red pear"), shelf.add()]
    shelf.house.documents.archive(shelf.owner, shelf.dataset.id, [documents[0].id])
    nobody = DocumentId(new_id())
    with pytest.raises(DocumentsMissing) as missing:
        shelf.house.documents.remove_many(shelf.owner, shelf.dataset.id, [documents[0].id, nobody])
    assert nobody in str(missing.value) or nobody in str(missing.value.facts)
    assert shelf.now().document_count == 4
    some = ids(documents[:3])
    assert shelf.house.documents.remove_many(shelf.owner, shelf.dataset.id, [*some, some[0]]) == 3
    now = shelf.now()
    assert (now.document_count, now.available_count, now.chunk_count) == (1, 0, 0)
    assert shelf.found("red") == []
    with pytest.raises(DocumentNotFound):
        shelf.get(documents[0])
    assert shelf.get(documents[3]).phase is Phase.DONE


def test_all_are_removed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diglot.library.documents.REMOVED_TOGETHER", 3)
    shelf.ready("red apple")
    for number in range(7):
        shelf.add(f"red number {number}", begins=number % 2 == 0)
    assert shelf.house.documents.remove_all(shelf.owner, shelf.dataset.id) == 8
    assert shelf.house.documents.remove_all(shelf.owner, shelf.dataset.id) == 0
    now = shelf.now()
    assert (now.document_count, now.available_count, now.chunk_count, now.word_count) == (0, 0, 0, 0)
    assert shelf.found("red") == []


ALL = {"done.md", "Unstarted.TXT", "cancelled_1.md", "failed%.txt", "again.txt"}
NARROWED: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({}, ALL),
    ({"phases": [Phase.UNSTARTED]}, {"Unstarted.TXT"}),
    ({"phases": [Phase.RUNNING]}, {"again.txt"}),
    ({"phases": [Phase.DONE, Phase.FAILED]}, {"done.md", "failed%.txt"}),
    ({"phases": [Phase.CANCELLED]}, {"cancelled_1.md"}),
    ({"phases": []}, set()),
    ({"statuses": [DocumentStatus.READY]}, {"done.md"}),
    ({"statuses": []}, set()),
    ({"enabled": False}, {"done.md"}),
    ({"suffixes": ["txt"]}, {"Unstarted.TXT", "failed%.txt", "again.txt"}),
    ({"suffixes": ["md", "txt"], "enabled": True}, ALL - {"done.md"}),
    ({"suffixes": []}, set()),
    ({"suffixes": ["t%"]}, set()),
    ({"keyword": "UNST"}, {"Unstarted.TXT"}),
    ({"keyword": "%"}, {"failed%.txt"}),
    ({"keyword": "_"}, {"cancelled_1.md"}),
    ({"name": "done.md"}, {"done.md"}),
    ({"name": "Done.md"}, set()),
    ({"ids": []}, set()),
    ({"created_from": 1, "created_to": 2**50}, ALL),
    ({"created_to": 1}, set()),
    ({"created_from": 2**50}, set()),
)


def test_lists_are_narrowed(shelf: Shelf) -> None:
    done = shelf.add("red apple", name="done.md")
    shelf.add(name="Unstarted.TXT", begins=False)
    shelf.stop(shelf.add(name="cancelled_1.md"))
    shelf.add("   ", name="failed%.txt")
    again = shelf.ready(name="again.txt")
    shelf.start(again)
    shelf.house.documents.switch(shelf.owner, shelf.dataset.id, [done.id], False)
    for only, names in NARROWED:
        page = shelf.house.documents.list(shelf.owner, shelf.dataset.id, only=DocumentFilter(**only))
        assert {document.name for document in page.items} == names, only
        assert page.total == len(names), only
    phases = shelf.house.datasets.phases(shelf.owner, [shelf.dataset.id])[shelf.dataset.id]
    assert phases == dict.fromkeys(Phase, 1)


def test_lists_are_ordered_and_paged(shelf: Shelf) -> None:
    documents = [shelf.add(name=name, begins=False) for name in ("b", "c", "a")]
    shelf.house.documents.update(
        shelf.owner, shelf.dataset.id, documents[1].id, DocumentChange(name="c2", is_text=True)
    )

    def names(order: Order, is_descending: bool, **page: int) -> list[str]:
        found = shelf.house.documents.list(
            shelf.owner, shelf.dataset.id, order=order, is_descending=is_descending, **page
        )
        assert found.total == 3
        return [document.name for document in found.items]

    assert names(Order.CREATED, False) == ["b", "c2", "a"]
    assert names(Order.CREATED, True) == ["a", "c2", "b"]
    assert names(Order.NAME, False) == ["a", "b", "c2"]
    assert names(Order.UPDATED, True)[0] == "c2"
    assert names(Order.CREATED, False, offset=1, limit=1) == ["c2"]
    one = DocumentFilter(ids=[documents[2].id])
    assert shelf.house.documents.list(shelf.owner, shelf.dataset.id, only=one).items[0].name == "a"
