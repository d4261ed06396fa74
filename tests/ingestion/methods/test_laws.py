"""Statutes: a chunk an article, its path first."""

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

LAWS = ChunkMethod.LAWS


def test_a_chunk_for_each_node_of_the_second_level() -> None:
    blocks = (
        paragraph("before"),
        heading("A", 1),
        paragraph("under A"),
        heading("A1", 2),
        paragraph("text 1"),
        heading("A1a", 3),
        paragraph("text 2"),
        heading("B", 1),
        heading("C", 1),
        heading("C1", 2),
    )
    assert contents(Parsed(blocks), LAWS) == [
        "before",
        "A\nunder A",
        "A\nA1\ntext 1\nA1a\ntext 2",
        "B",
        "C\nC1",
    ]


def test_the_only_level_where_there_is_no_second() -> None:
    assert contents(text("第一条 甲。\n续甲。\n第二条 乙。"), LAWS) == ["第一条 甲。\n续甲。", "第二条 乙。"]


def test_without_headings_each_line_is_a_chunk() -> None:
    drafts = split(Parsed((paragraph("one\n\ntwo"), table())), LAWS)
    assert [draft.content for draft in drafts[:2]] == ["one", "two"]
    assert drafts[2].kind is ChunkKind.TABLE


def test_tables_join_their_section() -> None:
    drafts = split(Parsed((heading("A", 1), heading("B", 2), paragraph("x"), table())), LAWS)
    assert [draft.content for draft in drafts] == ["A\nB\nx\n| a | b |\n| --- | --- |\n| 1 | 2 |"]
    assert drafts[0].kind is ChunkKind.TEXT


def test_what_is_too_long_is_cut_between_lines_under_its_path() -> None:
    lines = [f"line {number} of the article" for number in range(60)]
    drafts = split(text("第一章 总则\n第一条 甲，乙。\n" + "\n".join(lines)), LAWS, MethodOptions(chunk_tokens=20))
    assert len(drafts) > 3
    assert drafts[0].content.startswith("第一章 总则\n第一条 甲，乙。\nline 0 of")
    assert all(draft.content.startswith("第一章 总则\n第一条\nline") for draft in drafts[1:])
    assert all(draft.tokens <= 80 for draft in drafts)
    assert [line for draft in drafts for line in draft.content.split("\n") if line.startswith("line")] == lines


def test_places_name_the_headings_that_were_found() -> None:
    content = "第一章 总则\n第一条 甲，乙。\n丙。"
    (draft,) = split(text(content), LAWS)
    (anchor,) = draft.anchors
    assert anchor.headings == ("第一章 总则", "第一条")
    assert content[anchor.start : anchor.end] == "第一条 甲，乙。\n丙。"


def test_a_table_of_contents_goes() -> None:
    content = "某法\n目录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。"
    assert contents(text(content), LAWS) == ["某法", "第一章 总则\n第一条 甲。", "第二章 附则\n第二条 乙。"]


def test_nothing_makes_no_chunks() -> None:
    assert split(Parsed(()), LAWS) == []


@needs_documents
@pytest.mark.parametrize(
    ("name", "count", "second", "last", "path"),
    [
        (
            "zh_law_gb18030.txt",
            37,
            "第一章 总 则\n第一条 为了规范",
            "第五章 附 则\n第三十六条 本法自2005年4月1日起施行。",
            ("第五章 附 则", "第三十六条"),
        ),
        (
            "zh_law_labour.pdf",
            108,
            "中华人民共和国劳动法\n第一章 总则\n第一条 为了保护",
            "中华人民共和国劳动法\n第十三章 附则\n第一百零七条 本法自1995年1月1日起施行。",
            ("中华人民共和国劳动法", "第十三章 附则"),
        ),
        (
            "zh_contract_lease.docx",
            6,
            "房屋租赁合同\n第一条 租赁物\n",
            "房屋租赁合同\n第五条 争议解决\n因本合同",
            ("房屋租赁合同", "第五条 争议解决"),
        ),
        (
            "unit_test_headers_numbered.docx",
            7,
            "1. Section 1\nParagraph 1.1",
            "2. Section 2\nREFERENCES\nThis is the first",
            ("2. Section 2", "REFERENCES"),
        ),
    ],
)
def test_real_documents(name: str, count: int, second: str, last: str, path: tuple[str, ...]) -> None:
    parsed = document(name)
    drafts = split(parsed, LAWS, name=name)
    assert len(drafts) == count
    assert drafts[1].content.startswith(second)
    assert drafts[-1].content.startswith(last)
    assert drafts[-1].anchors[-1].headings == path
    assert all(draft.anchors and draft.tokens for draft in drafts)
    assert lost(parsed, drafts) == []


@needs_documents
def test_the_same_law_in_another_encoding() -> None:
    first, second = (contents(document(name), LAWS) for name in ("zh_law_utf16.txt", "zh_law_gb18030.txt"))
    assert first == second
    assert len(first) == 37
