"""Papers: front, abstract, sections."""

import pytest

from diglot.domain.chunk import ChunkKind
from diglot.domain.parsed import Parsed
from diglot.domain.rules import ChunkMethod, MethodOptions
from tests.ingestion.methods.reading import (
    contents,
    document,
    heading,
    lost,
    needs_documents,
    paragraph,
    split,
    table,
    text,
)

PAPER = ChunkMethod.PAPER


def test_front_abstract_and_sections_of_the_commonest_level() -> None:
    blocks = (
        heading("On Lakes", 1),
        paragraph("Ann, Bob"),
        heading("Abstract", 2),
        paragraph("Water rises."),
        heading("1 Introduction", 2),
        paragraph("Much water."),
        heading("1.1 Rain", 3),
        paragraph("It rains."),
        table(),
        heading("2 Methods", 2),
        paragraph("We looked."),
    )
    drafts = split(Parsed(blocks), PAPER)
    assert [draft.content for draft in drafts if draft.kind is ChunkKind.TEXT] == [
        "On Lakes\nAnn, Bob",
        "Abstract\nWater rises.",
        "1 Introduction\nMuch water.\n1.1 Rain\nIt rains.",
        "2 Methods\nWe looked.",
    ]
    assert [draft.kind for draft in drafts].index(ChunkKind.TABLE) == 3
    assert [bool(draft.keywords) for draft in drafts] == [False, True, False, False, False]
    assert {"abstract", "summary"} <= set(drafts[1].keywords)


@pytest.mark.parametrize(
    ("content", "abstract"),
    [
        ("T\nAbstract: We look.\nWe see.\n1 Introduction\nx\n2 End\ny", "Abstract: We look.\nWe see."),
        ("T\nABSTRACT—We look.\n1 Introduction\nx\n2 End\ny", "ABSTRACT—We look."),
        ("T\n摘　要：我们看。\n1 引言\nx\n2 结论\ny", "摘　要：我们看。"),
        ("T\nAbstract\nWe look.\nIntroduction\nx\n1 Methods\ny\n2 End\nz", "Abstract\nWe look."),
    ],
)
def test_abstracts_are_recognised(content: str, abstract: str) -> None:
    assert [draft.content for draft in split(text(content), PAPER) if draft.keywords] == [abstract]


def test_an_abstract_without_an_end_is_one_paragraph() -> None:
    blocks = (heading("T", 1), heading("Abstract", 2), paragraph("We look."), *(paragraph("word " * 300),) * 5)
    drafts = split(Parsed(blocks), PAPER)
    assert [draft.content for draft in drafts if draft.keywords] == ["Abstract\nWe look."]


def test_a_sentence_about_abstracts_is_none() -> None:
    content = "1 Introduction\nx\nAbstract interpretation is a method.\n2 End\ny"
    assert not any(draft.keywords for draft in split(text(content), PAPER))


def test_a_long_section_is_cut_between_paragraphs() -> None:
    content = "1 Introduction\n" + "\n".join(["word " * 20] * 30) + "\n2 End\ny"
    drafts = split(text(content), PAPER, MethodOptions(chunk_tokens=25))
    assert len(drafts) > 5
    assert all(draft.content.startswith("1 Introduction\nword") and draft.tokens <= 100 for draft in drafts[:-1])
    assert drafts[-1].content == "2 End\ny"


def test_without_headings_the_lines_are_merged() -> None:
    content = "\n".join(f"line {number} of a plain text" for number in range(30))
    assert "\n".join(contents(text(content), PAPER, MethodOptions(chunk_tokens=30))) == content


@needs_documents
@pytest.mark.parametrize(
    ("name", "count", "front", "abstract", "section"),
    [
        (
            "paper_two_column_acl.pdf",
            28,
            "S2ORC: The Semantic Scholar Open",
            "Abstract\nWe introduce S2ORC",
            "2.1 Processing PDFs",
        ),
        (
            "paper_two_column_plos.pdf",
            39,
            "Potential to reduce greenhouse gas emissions",
            "Abstract\nCarbon (C) footprint",
            "Functional unit",
        ),
    ],
)
def test_real_papers(name: str, count: int, front: str, abstract: str, section: str) -> None:
    parsed = document(name)
    drafts = split(parsed, PAPER, name=name)
    assert len(drafts) == count
    assert front in drafts[0].content
    assert [draft.content[: len(abstract)] for draft in drafts if draft.keywords] == [abstract]
    assert any(f"\n{section}\n" in draft.content for draft in drafts)
    assert any(draft.kind is ChunkKind.TABLE for draft in drafts)
    assert all(draft.anchors and draft.anchors[0].page for draft in drafts)
    assert lost(parsed, drafts) == []
