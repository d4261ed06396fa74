"""Chunks that people write, edit, hide and remove, whether their document was ever read or not."""

import pytest

from diglot.domain.chunk import ChunkFilter, embedded_text, text_hash
from diglot.domain.dataset import Indexing
from diglot.domain.document import Document, DocumentStatus, Phase
from diglot.domain.errors import ChunkDisabled, ChunkNotFound, InvalidArgument
from diglot.domain.identity import ChunkId, new_id
from diglot.domain.parsed import Anchor
from diglot.domain.rules import ChunkForm
from diglot.domain.search import SearchMethod
from diglot.library.chunks import ChunkEdit, Image, NewChunk
from diglot.worker import run_once
from tests.library.conftest import Shelf


def put(shelf: Shelf, document: Document, content: str, **fields: object) -> ChunkId:
    new = NewChunk(content, **fields)  # type: ignore[arg-type]
    return shelf.house.chunks.put(shelf.owner, shelf.dataset.id, document.id, new).id


def edit(shelf: Shelf, document: Document, chunk_id: ChunkId, **fields: object) -> None:
    change = ChunkEdit(**fields)  # type: ignore[arg-type]
    shelf.house.chunks.edit(shelf.owner, shelf.dataset.id, document.id, chunk_id, change)


@pytest.mark.parametrize("state", ["unstarted", "stopped", "failed", "running", "done"])
def test_a_chunk_is_put_into_a_document_in_any_state(shelf: Shelf, state: str) -> None:
    document = shelf.add("   " if state == "failed" else "red apple", begins=state != "unstarted")
    if state == "stopped":
        shelf.stop(document)
    if state in ("failed", "done"):
        run_once(shelf.house)
    before = shelf.get(document)
    put(shelf, document, "violet fig")
    after = shelf.get(document)
    assert (after.status, after.phase) == (before.status, before.phase)
    assert shelf.texts(document) == (["red apple"] if state == "done" else []) + ["violet fig"]
    now = shelf.now()
    assert (now.chunk_count, now.available_count) == (after.chunk_count, 1)
    assert after.tokens == sum(chunk.tokens for chunk in shelf.chunks(document)) > 0
    if state != "running":
        assert shelf.found("fig") == ["violet fig"]


def test_a_reading_replaces_what_was_put(shelf: Shelf) -> None:
    document = shelf.add("red apple", begins=False)
    put(shelf, document, "violet fig")
    shelf.start(document)
    assert shelf.texts(document) == ["violet fig"]
    assert shelf.found("apple") == ["red apple"]
    assert shelf.found("fig") == []
    done = shelf.get(document)
    assert (done.phase, done.chunk_count, shelf.now().chunk_count, shelf.now().available_count) == (Phase.DONE, 1, 1, 1)


def test_a_reading_that_fails_leaves_what_was_put(shelf: Shelf) -> None:
    document = shelf.add("   ", begins=False)
    put(shelf, document, "violet fig")
    shelf.start(document)
    assert shelf.found("fig") == ["violet fig"]
    assert shelf.get(document).status is DocumentStatus.FAILED


def test_a_content_is_one_chunk(shelf: Shelf) -> None:
    document = shelf.add(begins=False)
    first = put(shelf, document, "violet fig", keywords=("fruit",))
    again = put(shelf, document, "violet fig", keywords=("plant",), questions=("What is violet?",), tags=("t",))
    assert again == first
    (chunk,) = shelf.chunks(document)
    assert (chunk.repeats, chunk.keywords, chunk.questions, chunk.tags) == (1, ("plant",), ("What is violet?",), ("t",))
    assert (shelf.get(document).chunk_count, shelf.get(document).repeat_count, shelf.now().chunk_count) == (1, 1, 1)
    assert shelf.found("plant") == ["violet fig"]
    assert shelf.found("fruit") == []
    shelf.house.chunks.remove(shelf.owner, shelf.dataset.id, first)
    assert shelf.get(document).repeat_count == 0
    assert put(shelf, document, "violet fig") != first


def test_a_hidden_content_that_is_put_again_is_shown(shelf: Shelf) -> None:
    document = shelf.ready("red apple")
    (chunk,) = shelf.chunks(document)
    assert shelf.house.chunks.switch(shelf.owner, shelf.dataset.id, document.id, [chunk.id], False) == 1
    assert shelf.found("apple") == []
    assert put(shelf, document, "red apple") == chunk.id
    assert shelf.found("apple") == ["red apple"]


@pytest.mark.parametrize("content", ["", " \n"])
def test_a_chunk_needs_content(shelf: Shelf, content: str) -> None:
    document = shelf.add(begins=False)
    with pytest.raises(InvalidArgument):
        put(shelf, document, content)
    assert shelf.get(document).revision is None
    assert shelf.now().available_count == 0


def test_questions_are_what_a_vector_is_made_of(shelf: Shelf) -> None:
    document = shelf.ready("red apple", indexing=Indexing.HIGH_QUALITY)
    (chunk,) = shelf.chunks(document)
    assert chunk.text_hash == text_hash("red apple")
    edit(shelf, document, chunk.id, questions=("Which fruit?", "Which colour?"))
    (asked,) = shelf.chunks(document)
    assert asked.text_hash == text_hash(embedded_text("red apple", asked.questions)) != chunk.text_hash
    assert (asked.content, asked.tokens) == (chunk.content, chunk.tokens)
    assert shelf.found("Which fruit?\nWhich colour?", SearchMethod.SEMANTIC) == ["red apple"]
    edit(shelf, document, chunk.id, content="green apple")
    assert shelf.chunks(document)[0].text_hash == asked.text_hash
    edit(shelf, document, chunk.id, questions=())
    assert shelf.chunks(document)[0].text_hash == text_hash("green apple")
    assert shelf.get(document).tokens == shelf.chunks(document)[0].tokens


def test_everything_of_a_chunk_can_be_edited(shelf: Shelf) -> None:
    document = shelf.ready("red apple")
    (chunk,) = shelf.chunks(document)
    places = (Anchor(page=3, headings=("Fruit",)),)
    image = Image("image/png", b"picture")
    edit(
        shelf,
        document,
        chunk.id,
        content="blue plum",
        keywords=("stone",),
        tags=("a", "b"),
        tag_weights={"a": 0.5},
        anchors=places,
        image=image,
    )
    (edited,) = shelf.chunks(document)
    assert (edited.content, edited.keywords, edited.tags) == ("blue plum", ("stone",), ("a", "b"))
    assert (edited.tag_weights, edited.anchors, edited.has_image) == ({"a": 0.5}, places, True)
    assert shelf.house.chunks.image(shelf.owner, shelf.dataset.id, chunk.id) == image
    assert shelf.found("stone") == ["blue plum"]
    assert shelf.found("apple") == []
    assert shelf.get(document).word_count == shelf.now().word_count == len("blue plum")


def test_pictures(shelf: Shelf) -> None:
    document = shelf.add(begins=False)
    bare, shown = put(shelf, document, "bare"), put(shelf, document, "shown", image=Image("image/png", b"1"))
    assert [chunk.has_image for chunk in shelf.chunks(document)] == [False, True]
    for nothing in (bare, ChunkId(new_id())):
        with pytest.raises(ChunkNotFound):
            shelf.house.chunks.image(shelf.owner, shelf.dataset.id, nothing)
    put(shelf, document, "shown", image=Image("image/jpeg", b"2"))
    assert shelf.house.chunks.image(shelf.owner, shelf.dataset.id, shown) == Image("image/jpeg", b"2")
    shelf.house.chunks.remove(shelf.owner, shelf.dataset.id, shown)
    with pytest.raises(ChunkNotFound):
        shelf.house.chunks.image(shelf.owner, shelf.dataset.id, shown)


def test_some_are_hidden_and_some_removed(shelf: Shelf) -> None:
    document = shelf.ready("red apple\nred pear\nred plum")
    other = shelf.ready("red stone")
    apple, pear, plum = (chunk.id for chunk in shelf.chunks(document))
    (stone,) = (chunk.id for chunk in shelf.chunks(other))
    chunks = shelf.house.chunks
    wanted = [apple, pear, stone, ChunkId(new_id())]
    assert chunks.switch(shelf.owner, shelf.dataset.id, document.id, wanted, False) == 2
    assert sorted(shelf.found("red")) == ["red plum", "red stone"]
    assert [one.disabled_at is None for one in shelf.chunks(document)] == [False, False, True]
    with pytest.raises(ChunkDisabled):
        edit(shelf, document, apple, content="x")
    assert [one.id for one in shelf.chunks(document, only=ChunkFilter(enabled=False))] == [apple, pear]
    assert chunks.switch(shelf.owner, shelf.dataset.id, document.id, [apple], True) == 1
    assert chunks.remove_many(shelf.owner, shelf.dataset.id, document.id, wanted) == 2
    assert sorted(shelf.found("red")) == ["red plum", "red stone"]
    assert (shelf.get(document).chunk_count, shelf.now().chunk_count) == (1, 2)
    assert chunks.remove_all(shelf.owner, shelf.dataset.id, document.id) == 1
    assert chunks.remove_all(shelf.owner, shelf.dataset.id, document.id) == 0
    assert shelf.get(document).phase is Phase.DONE
    assert (shelf.now().chunk_count, shelf.now().available_count) == (1, 2)
    assert shelf.found("red") == ["red stone"]
    put(shelf, document, "red again")
    assert sorted(shelf.found("red")) == ["red again", "red stone"]
    assert plum not in [chunk.id for chunk in shelf.chunks(document)]


def test_a_document_that_was_never_read_has_none(shelf: Shelf) -> None:
    document = shelf.add(begins=False)
    chunks = shelf.house.chunks
    nobody = [ChunkId(new_id())]
    assert shelf.chunks(document) == ()
    assert chunks.remove_many(shelf.owner, shelf.dataset.id, document.id, nobody) == 0
    assert chunks.remove_all(shelf.owner, shelf.dataset.id, document.id) == 0
    assert chunks.switch(shelf.owner, shelf.dataset.id, document.id, nobody, True) == 0


def test_lists_are_narrowed_to_words(shelf: Shelf) -> None:
    document = shelf.add("Q: Why? A: Because.", chunk_form=ChunkForm.QUESTION_ANSWER)
    run_once(shelf.house)
    shelf.house.chunks.put(shelf.owner, shelf.dataset.id, document.id, NewChunk("Who?", "A 50% man.", ("pro_file",)))

    def listed(**only: object) -> list[str]:
        return [one.content for one in shelf.chunks(document, only=ChunkFilter(**only))]  # type: ignore[arg-type]

    assert len(listed()) == 2
    assert listed(words=["BECAUSE"]) == ["Why?"]
    assert listed(words=["50%"]) == ["Who?"]
    assert listed(words=["%"]) == ["Who?"]
    assert listed(words=["O_F"]) == ["Who?"]
    assert listed(words=["because", "man"]) == ["Why?", "Who?"]
    assert listed(words=[]) == []
    assert listed(keyword="who", words=["because"]) == []
    assert listed(ids=[]) == []
