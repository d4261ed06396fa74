"""The general method by kind of file."""

import io
import json
import re

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.reading import read
from diglot.domain.chunk import ChunkDraft, ChunkKind
from diglot.domain.parsed import Block, BlockKind, Parsed
from diglot.domain.rules import ChunkMethod, MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.splitting.methods import split_by_method
from diglot.ports.parser import ParseLimits
from tests.ingestion.methods.reading import DOCUMENTS, document, heading, needs_documents, paragraph

DEFAULTS = MethodOptions()


def naive(content: str | bytes, name: str, options: MethodOptions = DEFAULTS) -> list[ChunkDraft]:
    raw = content.encode() if isinstance(content, str) else content
    return split_by_method(read(name, raw, ParseLimits()), ChunkMethod.NAIVE, options, name)


def contents(content: str | bytes, name: str, options: MethodOptions = DEFAULTS) -> list[str]:
    return [draft.content for draft in naive(content, name, options)]


def workbook(**sheets: list[list[str | int]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return target.getvalue()


def test_text_is_filled_line_by_line() -> None:
    assert contents("a b\nc d\n\ne f\n", "a.txt", MethodOptions(3)) == ["a b\nc d", "e f"]


def test_a_backquoted_delimiter_cuts_the_running_text_and_nothing_else_does() -> None:
    text = "# One\n\nfirst\n\nmore\n\n## Two\n\n| a | b |\n| - | - |\n| 1 | 2 |"
    assert contents(text, "a.md", MethodOptions(1, "`## `")) == [
        "# One\n\nfirst\n\nmore",
        "Two\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    ]


def test_rows_are_lines_with_the_names_of_their_columns() -> None:
    book = workbook(Prices=[["item", "price"], ["tea", 3], ["", 4]], Sheet2=[["a", "b"], ["c", "d"]])
    (draft,) = naive(book, "a.xlsx")
    assert draft.content == "item：tea; price：3 ——Prices\nprice：4 ——Prices\na：c; b：d"
    assert [(anchor.sheet, anchor.cells) for anchor in draft.anchors] == [("Prices", "A2:B3"), ("Sheet2", "A2:B2")]


def test_titles_and_lone_cells_of_a_sheet_stand_for_themselves() -> None:
    rows: list[list[str | int]] = [["Ducks of 2024"], ["name", "count"], ["mallard", 7], [], [], [], ["two\nlines"]]
    assert contents(workbook(Sheet1=rows), "a.xlsx") == ["Ducks of 2024\nname：mallard; count：7\ntwo\nlines"]


def test_rows_as_html_tables_of_twelve() -> None:
    book = workbook(Sheet1=[["n", "a&b"], *([number, "<x>"] for number in range(25))])
    drafts = naive(book, "a.xlsx", MethodOptions(1, sheets_as_html=True))
    assert [draft.content.count("<tr>") for draft in drafts] == [13, 13, 2]
    assert drafts[2].content == (
        "<table><caption>Sheet1</caption><tr><th>n</th><th>a&amp;b</th></tr><tr><td>24</td><td>&lt;x&gt;</td></tr></table>"
    )
    assert {draft.kind for draft in drafts} == {ChunkKind.TABLE}
    assert [draft.anchors[0].cells for draft in drafts] == ["A2:B13", "A14:B25", "A26:B26"]


def test_json_is_cut_into_smaller_objects_with_their_keys() -> None:
    tree = {"a": {"b": "x" * 40, "c": ["y" * 40, {"d": "z" * 40}]}, "e": 1}
    drafts = naive(json.dumps(tree), "a.json", MethodOptions(40))
    parts = [json.loads(line) for draft in drafts for line in draft.content.split("\n")]
    assert parts == [
        {"a": {"b": "x" * 40}},
        {"a": {"c": {"0": "y" * 40}}},
        {"a": {"c": {"1": {"d": "z" * 40}}}, "e": 1},
    ]
    assert all(len(line) <= 80 for draft in drafts for line in draft.content.split("\n"))
    assert drafts[0].anchors[0].headings == ("a", "b")


@pytest.mark.parametrize("text", ["{not json", "[" * 5000 + "]" * 5000, '{"a": ' * 300 + "1" + "}" * 300])
def test_any_json_is_split_somehow(text: str) -> None:
    assert re.sub(r"\s", "", "".join(contents(text, "a.json"))) != ""


def test_json_with_long_keys_does_not_grow_without_end() -> None:
    tree = {"k" * 200: {"l" * 200: {"m" * 200: {str(number): number for number in range(3000)}}}}
    text = json.dumps(tree)
    assert sum(map(len, contents(text, "a.json", MethodOptions(1)))) < 25 * len(text)


def test_json_lines_are_taken_line_by_line() -> None:
    drafts = naive('{"a": "x;y"}\n{"b": 2}\n', "a.jsonl", MethodOptions(1, ";"))
    assert [draft.content for draft in drafts] == ['{"a": "x', 'y"}', '{"b": 2}']
    drafts = naive('{"a": "x;y"}\n{"b": 2}\n', "a.jsonl", MethodOptions(20, ";"))
    assert [draft.content for draft in drafts] == ['{"a": "x;y"}\n{"b": 2}']


TABLE = "| h | i |\n| - | - |\n" + "\n".join(f"| word{number} | x |" for number in range(30))


def test_a_markdown_table_stands_in_the_text_while_it_fits() -> None:
    text = f"# T\n\nbefore\n\n{TABLE}\n\nafter"
    (draft,) = naive(text, "a.md", MethodOptions(2000))
    assert draft.content == f"# T\nbefore\n{TABLE}\nafter"
    assert draft.kind is ChunkKind.TEXT


def test_a_table_larger_than_a_chunk_is_one_with_the_heading_above_it() -> None:
    drafts = naive(f"before\n\n# T\n\n{TABLE}\n\nafter", "a.md", MethodOptions(100))
    assert [(draft.content, draft.kind) for draft in drafts] == [
        ("before", ChunkKind.TEXT),
        (f"# T\n{TABLE}", ChunkKind.TABLE),
        ("after", ChunkKind.TEXT),
    ]


def test_a_very_large_table_is_cut_between_rows_below_its_head() -> None:
    drafts = naive(f"# T\n\n{TABLE}", "a.md", MethodOptions(40))
    head = "| h | i |\n| - | - |\n"
    assert drafts[0].content.startswith(f"# T\n{head}")
    assert all(draft.content.startswith(head) and draft.tokens <= 44 for draft in drafts[1:])
    rows = [line for draft in drafts for line in draft.content.split("\n") if "word" in line]
    assert rows == TABLE.split("\n")[2:]
    assert [draft.anchors[0].start for draft in drafts] == sorted(draft.anchors[0].start or 0 for draft in drafts)


def test_small_tables_of_other_files_stand_in_the_text() -> None:
    small = Block(BlockKind.TABLE, "| a | b |\n| --- | --- |\n| 1 | 2 |", rows=(("a", "b"), ("1", "2")))
    large = Block(BlockKind.TABLE, TABLE)
    parsed = Parsed((paragraph("x"), small, heading("H", 1), large, paragraph("y")))
    drafts = split_by_method(parsed, ChunkMethod.NAIVE, MethodOptions(), "a.docx")
    assert [draft.content for draft in drafts] == [f"x\n{small.text}", f"H\n{TABLE}", "y"]


def test_running_heads_control_characters_and_other_pages_are_left_out() -> None:
    blocks = (
        Block(BlockKind.HEADER, "head"),
        paragraph("one\x01\x1f", 1),
        paragraph("two", 2),
        paragraph("three", 3),
        paragraph("five", 5),
        paragraph("nowhere"),
    )
    drafts = split_by_method(Parsed(blocks), ChunkMethod.NAIVE, MethodOptions(pages=((1, 1), (3, 4))), "a.pdf")
    assert [draft.content for draft in drafts] == ["one\nthree\nnowhere"]


def test_a_mail_with_a_table_is_no_workbook() -> None:
    mail = (
        b'Subject: tea\nContent-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/html\n\n'
        b"<h1>Title</h1><p>words</p>\n--x\nContent-Disposition: attachment; filename=a.csv\n\na,b\n1,2\n--x--\n"
    )
    assert "Title" in "\n".join(contents(mail, "a.eml"))


@needs_documents
@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        ("en_manual_config.md", 21, "---", ":::"),
        ("zh_law_gb18030.txt", 31, "中华人民共和国电子签名法", "第三十六条 本法自2005年4月1日起施行。"),
        ("zh_law_labour.pdf", 63, "中华人民共和国劳动法", "第一百零七条 本法自1995年1月1日起施行。"),
        ("word_sample.docx", 3, "Summer activities", "3. Grain"),
        ("zh_qa.xlsx", 99, "黑豹队的防守丢了多少分？：贾里德在职业生涯中有多少次擒杀？; 308：136 次 ——QA", None),
        ("powerpoint_sample.pptx", 2, "Test Table Slide", "Second line of notes."),
    ],
)
def test_real_documents(name: str, count: int, first: str, last: str | None) -> None:
    drafts = split_by_method(document(name), ChunkMethod.NAIVE, MethodOptions(128), name)
    assert len(drafts) == count
    assert drafts[0].content.split("\n")[0] == first
    assert last is None or drafts[-1].content.split("\n")[-1] == last
    assert all(draft.anchors and draft.tokens == count_tokens(draft.content) for draft in drafts)


TEXTS = (
    "en_manual_faq.mdx",
    "zh_manual.mdx",
    "norwich-city.txt",
    "wiki_duck.html",
    "multi_page.pdf",
    "word_tables.docx",
)


@needs_documents
@pytest.mark.parametrize("name", TEXTS)
def test_no_word_of_real_documents_is_lost(name: str) -> None:
    parsed = document(name)
    drafts = split_by_method(parsed, ChunkMethod.NAIVE, MethodOptions(128, overlap_percent=10), name)
    said = " ".join(draft.content for draft in drafts).split()
    kept = (block.text for block in parsed.blocks if block.kind not in {BlockKind.HEADER, BlockKind.FOOTER})
    assert set(" ".join(kept).split()) <= set(said)


@needs_documents
@pytest.mark.parametrize("name", ["en_manual_faq.mdx", "norwich-city.txt", "zh_law_utf16.txt"])
def test_chunks_of_real_texts_are_in_order_where_they_say(name: str) -> None:
    source = read(name, (DOCUMENTS / name).read_bytes(), ParseLimits())
    text = "".join(block.text + block.gap for block in source.blocks)
    offset = source.blocks[0].anchor.start or 0
    reached = 0
    for draft in split_by_method(source, ChunkMethod.NAIVE, MethodOptions(256), name):
        starts = [anchor.start for anchor in draft.anchors if anchor.start is not None]
        assert starts == sorted(starts)
        assert starts[0] >= reached
        assert text[starts[0] - offset :].lstrip().startswith(draft.content.split("\n")[0])
        reached = draft.anchors[-1].end or 0
