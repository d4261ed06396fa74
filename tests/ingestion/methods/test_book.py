"""Books: short chunks under their chains of headings."""

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

BOOK = ChunkMethod.BOOK


def test_the_chain_of_headings_stands_above_the_text() -> None:
    content = "第1章 湖\n1.1 水\n水位上升。\n1.2 船\n船来了。\n第2章 山\n山很高。"
    assert contents(text(content), BOOK) == [
        "第1章 湖\n1.1 水\n水位上升。",
        "第1章 湖\n1.2 船\n船来了。",
        "第2章 山\n山很高。",
    ]


def test_short_lines_are_merged_and_long_ones_stand_alone() -> None:
    short = [f"Short line {number}." for number in range(100)]
    long = "word " * 300
    content = "Chapter 1\n" + "\n".join(short) + f"\n{long}\nend"
    drafts = split(text(content), BOOK)
    assert all(draft.content.startswith("Chapter 1\n") for draft in drafts)
    assert all(draft.tokens <= 218 for draft in drafts if "word" not in draft.content)
    assert drafts[-2].content == f"Chapter 1\n{long.strip()}"
    assert drafts[-1].content == "Chapter 1\nend"
    assert len(drafts) < 8


def test_a_table_of_contents_goes() -> None:
    content = "Contents\nChapter 1 Lake ..... 3\nChapter 2 Hill ..... 9\nChapter 1 Lake\nWater.\nChapter 2 Hill\nHigh."
    assert contents(text(content), BOOK) == ["Chapter 1 Lake\nWater.", "Chapter 2 Hill\nHigh."]


def test_without_headings_the_lines_are_merged_to_the_size() -> None:
    content = "\n".join(f"line {number} of a plain text" for number in range(50))
    drafts = split(text(content), BOOK, MethodOptions(chunk_tokens=30))
    assert len(drafts) > 5
    assert "\n".join(draft.content for draft in drafts) == content


def test_tables_are_apart() -> None:
    drafts = split(Parsed((heading("A", 1), heading("B", 2), paragraph("x"), table(), paragraph("y"))), BOOK)
    assert [(draft.kind, draft.content.split("\n")[0]) for draft in drafts] == [
        (ChunkKind.TEXT, "A"),
        (ChunkKind.TABLE, "| a | b |"),
    ]
    assert drafts[0].content == "A\nB\nx\ny"


@needs_documents
@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        (
            "multi_page.pdf",
            13,
            "The Evolution of the Word Processor\nThe concept",
            "A Glimpse Into the Future\nThe word",
        ),
        ("unit_test_headers_numbered.docx", 9, "Test Document", "2. Section 2\nREFERENCES\nThis is the first"),
        ("zh_law_labour.pdf", 110, "中华人民共和国劳动法\n1994年", "中华人民共和国劳动法\n第十三章 附则\n第一百零七条"),
        ("zh_toc_xiaobiaosong.pdf", 1, "目", "目"),
    ],
)
def test_real_documents(name: str, count: int, first: str, last: str) -> None:
    parsed = document(name)
    drafts = split(parsed, BOOK, name=name)
    assert len(drafts) == count
    assert drafts[0].content.startswith(first)
    assert drafts[-1].content.startswith(last)
    assert all(draft.anchors for draft in drafts)
    assert lost(parsed, drafts) == []
