"""Which lines are headings: five systems of numbering, the reader's own marks, tables of contents."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.domain.parsed import Block, BlockKind, Parsed
from diglot.ingestion.splitting.methods.contents import is_contents_entry, without_contents
from diglot.ingestion.splitting.methods.headings import outline
from diglot.ingestion.splitting.methods.lines import Line, Scroll, passages, pieces
from tests.ingestion.methods.reading import heading, paragraph, table, text


def levels(parsed: Parsed) -> list[tuple[int, str]]:
    """Those of the headings, counted from 1 without holes, and their labels."""
    found = [line for line in outline(Scroll.of(parsed.blocks).lines).lines if line.level]
    ranks = {level: rank for rank, level in enumerate(sorted({line.level for line in found}), 1)}
    return [(ranks[line.level], line.label) for line in found]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        # Chinese statutes: articles carry their text, and nothing below them is a heading.
        (
            "第一编 总则\n第一章 基本规定\n第一节 一般\n第一条 为了保护权益，制定本法。\n（一）甲；\n（二）概述\n"
            "第二条　民法调整关系。\n第一百二十条之一 以上。",
            [
                (1, "第一编 总则"),
                (2, "第一章 基本规定"),
                (3, "第一节 一般"),
                (4, "第一条"),
                (4, "第二条"),
                (4, "第一百二十条之一"),
            ],
        ),
        # A sentence that a line break cut there is no article.
        ("第一条 依照本法。\n依据本法第二条、\n第三条、第四条规定解除的。\n第五条的规定。", [(1, "第一条")]),
        # Chapters by digits with decimal numbers.
        (
            "第1章 引言\n1.1 背景\n正文在此，正文在此。\n1.1.1 范围\n正文。\n2.1 方法 Method\n正文。\n第2章 结论",
            [
                (1, "第1章 引言"),
                (2, "1.1 背景"),
                (3, "1.1.1 范围"),
                (2, "2.1 方法 Method"),
                (1, "第2章 结论"),
            ],
        ),
        # Decimal numbers alone; counts, dates and measures are none.
        (
            "1 Introduction\nWe say much.\n1.1 Aims\nThey are many.\n12 people came\n3 个人\n2.5 kg\n2 Methods\n2024",
            [(1, "1 Introduction"), (2, "1.1 Aims"), (1, "2 Methods")],
        ),
        # Chapters with Chinese enumerations.
        (
            "第一章 概况\n一、背景\n（一）来源\n正文，正文。\n（二）目的\n二、现状\n三、问题\n正文一句。",
            [
                (1, "第一章 概况"),
                (2, "一、背景"),
                (3, "（一）来源"),
                (3, "（二）目的"),
                (2, "二、现状"),
                (2, "三、问题"),
            ],
        ),
        # English; case does not matter.
        (
            "PART ONE\nChapter I The Lake\nsection 1. The water rose.\nSection 2 Boats\nSection 5 of\nCHAPTER 2: End",
            [
                (1, "PART ONE"),
                (2, "Chapter I The Lake"),
                (3, "section 1"),
                (3, "Section 2 Boats"),
                (2, "CHAPTER 2: End"),
            ],
        ),
        # Whatever comes first is outside: articles of sections here, of sections there.
        ("Article I\nSection 1. All powers.\nArticle II\n", [(1, "Article I"), (2, "Section 1"), (1, "Article II")]),
        (
            "Section 1 Rules\nArticle 1. Apply.\nSection 2 End",
            [(1, "Section 1 Rules"), (2, "Article 1"), (1, "Section 2 End")],
        ),
        # Markdown's marks in a file that is not read as Markdown.
        ("# One\ntext\n## Two ##\n#hashtag\n### Three", [(1, "One"), (2, "Two"), (3, "Three")]),
        # Sentences, long lines and entries of a table of contents are no headings.
        ("第一章 我们来到这里，\n第二章 概况......3\n第三章 概况\t12\n第四章 " + "长" * 80, []),
        ("one line\nanother line", []),
        # A list at the end of a text is not its structure.
        ("words\n" * 20 + "1. Smith\n2. Jones\n3. Brown", []),
    ],
)
def test_systems(content: str, found: list[tuple[int, str]]) -> None:
    assert levels(text(content)) == found


def test_the_readers_headings_are_surer_than_numbers() -> None:
    blocks = (heading("Guide", 1), heading("Part", 2), paragraph("1 First\n2 Second"), heading("End", 2), table())
    assert levels(Parsed(blocks)) == [(1, "Guide"), (2, "Part"), (2, "End")]


def test_articles_stand_below_the_readers_headings() -> None:
    blocks = (
        heading("某法", 1),
        heading("第一章", 2),
        paragraph("第一条 甲。\n第二条 乙。\n第三条 丙。"),
        heading("第二章", 2),
    )
    found = outline(Scroll.of(blocks).lines)
    assert [line.label for line in found.lines if line.level] == [
        "某法",
        "第一章",
        "第一条",
        "第二条",
        "第三条",
        "第二章",
    ]
    # The title divides nothing.
    assert len(found.levels) == 2


def test_a_title_alone_is_no_structure() -> None:
    assert outline(Scroll.of((heading("Title", 1), paragraph("text"))).lines).levels == ()


@pytest.mark.parametrize("kind", [BlockKind.CODE, BlockKind.LIST_ITEM, BlockKind.TABLE, BlockKind.CAPTION])
def test_kinds_that_hold_no_headings(kind: BlockKind) -> None:
    assert levels(Parsed((Block(kind, "# one"), Block(kind, "第一章 总则")))) == []


@pytest.mark.parametrize(
    ("line", "is_entry"),
    [
        ("1.1 Boats ........ 12", True),
        ("第一章 总则……………３", True),
        ("关 于 作 战 … … … … １ １", True),
        ("Boats . . . . . 7", True),
        ("Boats\t12", True),
        ("Boats   12", True),
        ("Boats ............", False),
        ("Version 1.2.3.4", False),
        ("Boats 12", False),
        ("He waited...", False),
        ("等等……", False),
        ("2019", False),
        ("......", False),
        ("", False),
    ],
)
def test_entries_of_contents(line: str, is_entry: bool) -> None:
    assert is_contents_entry(line) is is_entry


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        # With page numbers, with lines between; the same headings below stay.
        ("Book\nContents\nOne ... 1\nby Ann\nTwo ... 9\nOne\ntext\nTwo\ntext", "Book|One|text|Two|text"),
        # Without page numbers: what comes again below.
        ("目录\n第一章 甲\n第二章 乙\n第一章 甲\n正文\n第二章 乙\n正文", "第一章 甲|正文|第二章 乙|正文"),
        # Without a title: three entries in a row.
        ("One ... 1\nTwo ... 2\nThree ... 3\nOne", "One"),
        ("One ... 1\nTwo ... 2\nOne", "One ... 1|Two ... 2|One"),
        # A title that nothing follows, and a file that is nothing else.
        ("Contents\nof this box: apples", "Contents|of this box: apples"),
        ("Contents\nOne ... 1\nTwo ... 2", "Contents|One ... 1|Two ... 2"),
    ],
)
def test_tables_of_contents_go(content: str, kept: str) -> None:
    assert "|".join(line.text for line in without_contents(Scroll.of(text(content).blocks).lines)) == kept


@pytest.mark.parametrize(
    "line",
    ["." * 1_000_000 + "x", "第" * 1_000_000, "1." * 500_000, "# " + " " * 1_000_000, "（" * 1_000_000, "1 " * 500_000],
)
def test_long_lines_cost_no_more_than_their_length(line: str) -> None:
    started = time.monotonic()
    lines = Scroll.of(text(f"{line}\n" * 3).blocks).lines
    outline(without_contents(lines))
    assert time.monotonic() - started < 3


LINES = st.lists(st.integers(0, 4), max_size=30)


@given(LINES, st.integers(1, 4), st.integers(1, 12))
def test_every_line_stands_in_one_passage_or_in_a_path(ranks: list[int], depth: int, most: int) -> None:
    lines = [
        Line(at, at, f"word {at}", Block(BlockKind.PARAGRAPH, ""), level, f"word {at}")
        for at, level in enumerate(ranks)
    ]
    found = [piece for passage in passages(lines, depth) for piece in pieces(passage, most)]
    inside = [line for piece in found for line in piece.lines]
    above = {line for piece in found for line in piece.path}
    assert inside == sorted(set(inside), key=lines.index)
    assert set(inside) | above == set(lines)
    assert all(line.level for line in above)
    for piece in found:
        levels = [line.level for line in piece.path]
        assert levels == sorted(set(levels))


@given(LINES, st.integers(1, 4))
def test_a_path_is_that_of_the_headings_above(ranks: list[int], depth: int) -> None:
    lines = [Line(at, at, "", Block(BlockKind.PARAGRAPH, ""), level, "x") for at, level in enumerate(ranks)]
    for passage in passages(lines, depth):
        path: list[Line] = []
        first = passage.lines[0]
        for line in lines[: first.start + 1]:
            if 0 < line.level <= depth:
                path = [*(one for one in path if one.level < line.level), line]
        assert list(passage.path) == [one for one in path if one is not first]
