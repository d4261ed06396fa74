"""A document with all that is known of it, and its chunks with their places, a page at a time."""

from typing import Any

import pytest

from diglot.domain.document import Document
from diglot.domain.rules import ChildRules, ChunkForm, ChunkingRules, ParentMode, RuleMode
from diglot.http.native.wire_documents import ShownChunks, ShownDocument
from tests.adapters.parsers.crafting import Piece, pdf
from tests.dialects.native.conftest import API, Shelf

LINES = ChunkingRules(RuleMode.CUSTOM, separator="\n", max_tokens=50, overlap=0)


@pytest.fixture(scope="module")
def lines(shelf: Shelf) -> Document:
    return shelf.read("lines.txt", "\n".join(f"Line {number}." for number in range(1, 8)).encode(), rules=LINES)


def _chunks(shelf: Shelf, document: Document, **query: Any) -> Any:
    answer = shelf.client.get(f"{API}/documents/{document.id}/chunks", params=query)
    assert answer.status_code == 200, answer.text
    ShownChunks.model_validate(answer.json())
    return answer.json()


def test_a_document_says_what_it_is(shelf: Shelf) -> None:
    document = shelf.read("page.pdf", pdf([[Piece(72, 700, "A single line.")]]))
    shown = shelf.client.get(f"{API}/documents/{document.id}").json()
    ShownDocument.model_validate(shown)
    assert (shown["name"], shown["phase"], shown["has_pages"]) == ("page.pdf", "done", True)
    assert (shown["chunk_count"], shown["rules"]["mode"], shown["form"]) == (1, "automatic", "text")
    [chunk] = _chunks(shelf, document)["items"]
    assert chunk["anchors"][0]["boxes"][0][0] == 1


def test_a_failed_document_says_why(shelf: Shelf) -> None:
    document = shelf.read("broken.pdf", b"%PDF-1.4 and then nothing")
    shown = shelf.client.get(f"{API}/documents/{document.id}").json()
    assert shown["phase"] == "failed"
    assert shown["error"]
    assert _chunks(shelf, document) == {"items": [], "page": 1, "total": 0}


def test_chunks_come_by_pages(shelf: Shelf, lines: Document) -> None:
    second = _chunks(shelf, lines, page=2, limit=3)
    assert (second["page"], second["total"]) == (2, 7)
    assert [one["content"] for one in second["items"]] == ["Line 4.", "Line 5.", "Line 6."]


@pytest.mark.parametrize(
    ("query", "total", "count"),
    [
        ({"keyword": "line", "limit": 3}, 7, 3),
        ({"keyword": "line", "limit": 3, "page": 3}, 7, 1),
        ({"keyword": "line", "limit": 7}, 7, 7),
        ({"keyword": "line", "limit": 8}, 7, 7),
        ({"keyword": "line", "limit": 7, "page": 2}, 7, 0),
        ({"keyword": "3", "limit": 1}, 1, 1),
        ({"keyword": "nowhere"}, 0, 0),
        ({"keyword": "nowhere", "page": 2}, 0, 0),
    ],
    ids=str,
)
def test_all_pages_know_how_many_there_are(
    shelf: Shelf, lines: Document, query: dict[str, Any], total: int, count: int
) -> None:
    found = _chunks(shelf, lines, **query)
    assert (found["total"], len(found["items"])) == (total, count)


def test_the_page_of_a_chunk(shelf: Shelf, lines: Document) -> None:
    every = _chunks(shelf, lines)["items"]
    found = _chunks(shelf, lines, limit=3, chunk_id=every[6]["id"])
    assert (found["page"], [one["id"] for one in found["items"]]) == (3, [every[6]["id"]])
    among = _chunks(shelf, lines, limit=1, chunk_id=every[6]["id"], keyword="7")
    assert (among["page"], among["total"]) == (1, 1)


@pytest.mark.parametrize("chunk_id", ["0192f0c47e1a7c3b9d523f6b8a1c2d3e", "nothing"])
def test_the_page_of_a_chunk_that_is_not_there(shelf: Shelf, lines: Document, chunk_id: str) -> None:
    answer = shelf.client.get(f"{API}/documents/{lines.id}/chunks", params={"chunk_id": chunk_id})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("mode", ParentMode)
def test_a_parent_counts_its_children(shelf: Shelf, mode: ParentMode) -> None:
    rules = ChunkingRules(
        RuleMode.HIERARCHICAL, separator="\n\n", children=ChildRules(mode, separators=("\n",), max_tokens=50)
    )
    dataset = shelf.house.datasets.create(shelf.house.keys.owner(), mode)
    other = Shelf(shelf.house, shelf.client, dataset)
    document = other.read("three.txt", b"One.\nTwo.\nThree.", rules=rules, chunk_form=ChunkForm.HIERARCHICAL)
    [parent] = _chunks(shelf, document)["items"]
    assert (parent["is_parent"], parent["child_count"]) == (True, 3)
