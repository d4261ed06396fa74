"""Manuals: sections together, short ones with what follows."""

import pytest

from diglot.domain.chunk import ChunkKind
from diglot.domain.parsed import Parsed
from diglot.domain.rules import ChunkMethod
from tests.ingestion.methods.reading import contents, document, heading, lost, needs_documents, paragraph, split, table

MANUAL = ChunkMethod.MANUAL
LONG = "word " * 100


def test_pages_by_sections() -> None:
    blocks = (
        heading("Start", 1, page=1),
        heading("First", 2, page=1),
        paragraph("A short one.", page=1),
        heading("Second", 2, page=1),
        paragraph(LONG, page=1),
        paragraph("more", page=2),
        heading("Third", 2, page=2),
        paragraph("end", page=2),
    )
    assert contents(Parsed(blocks), MANUAL) == [
        # Below 32 tokens the next line is taken, whatever it is.
        f"Start\nFirst\nA short one.\nSecond\n{LONG.strip()}\nmore",
        "Third\nend",
    ]


def test_a_section_is_cut_at_1024_tokens() -> None:
    drafts = split(Parsed((heading("A", 1, 1), *(paragraph(LONG, 1) for _ in range(33)), heading("B", 1, 1))), MANUAL)
    assert [draft.tokens > 1000 for draft in drafts] == [True, True, True, False]
    assert all(draft.tokens < 1024 + 110 for draft in drafts)


def test_tables_are_apart() -> None:
    blocks = (heading("A", 1, 1), paragraph("x", 1), table(page=1), paragraph("y", 1), heading("B", 1, 2))
    assert [(draft.kind, draft.content.split("\n")[0]) for draft in split(Parsed(blocks), MANUAL)] == [
        (ChunkKind.TEXT, "A"),
        (ChunkKind.TABLE, "| a | b |"),
    ]


def test_other_files_by_their_paths_of_headings() -> None:
    blocks = (
        heading("A", 1),
        paragraph("x"),
        heading("B", 2),
        paragraph("y"),
        table(),
        heading("C", 1),
        paragraph("z"),
    )
    drafts = split(Parsed(blocks), MANUAL, name="a.docx")
    assert [draft.content for draft in drafts if draft.kind is ChunkKind.TEXT] == ["A\nx", "A\nB\ny", "C\nz"]
    assert [draft.kind for draft in drafts].index(ChunkKind.TABLE) == 2


@needs_documents
@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        ("amt_handbook_sample.pdf", 2, "pulleys, provided", "Tightened nut\nUntightened nut\nNut case"),
        ("multi_page.pdf", 10, "The Evolution of the Word Processor\nThe concept", "A Glimpse Into the Future\n"),
        ("unit_test_headers_numbered.docx", 9, "Test Document", "2. Section 2\nREFERENCES\n"),
        ("handbook-1p.docx", 2, "CHAPTER 1\nINTRODUCTION", "CHAPTER 1 – INTRODUCTION\nA.\tPURPOSE"),
    ],
)
def test_real_documents(name: str, count: int, first: str, last: str) -> None:
    parsed = document(name)
    drafts = split(parsed, MANUAL, name=name)
    assert len(drafts) == count
    assert drafts[0].content.startswith(first)
    assert drafts[-1].content.startswith(last)
    assert all(draft.anchors for draft in drafts)
    assert lost(parsed, drafts) == []
