"""A chunk a row."""

import pytest

from diglot.adapters.parsers.reading import read
from diglot.domain.chunk import ChunkDraft
from diglot.domain.errors import ParseFailed
from diglot.domain.rules import ChunkMethod, ColumnRole, MethodOptions
from diglot.ingestion.splitting.methods import split_by_method
from diglot.ports.parser import ParseLimits
from tests.ingestion.methods.reading import document, needs_documents
from tests.ingestion.methods.test_naive import workbook


def drafts(content: str | bytes, name: str, **options: object) -> list[ChunkDraft]:
    parsed = read(name, content.encode() if isinstance(content, str) else content, ParseLimits())
    return split_by_method(parsed, ChunkMethod.TABLE, MethodOptions(**options), name)  # type: ignore[arg-type]


def contents(content: str | bytes, name: str, **options: object) -> list[str]:
    return [draft.content for draft in drafts(content, name, **options)]


@pytest.mark.parametrize(
    ("text", "name", "chunks"),
    [
        ("name,age\nAnn,3\nBob,\n", "a.csv", ["- name: Ann\n- age: 3", "- name: Bob"]),
        ("name\tage\nAnn\t3\nBob\t4\t5\n", "a.txt", ["- name: Ann\n- age: 3"]),
        # Wider than the head.
        ("a,b\n1,2,3\n4,5\n", "a.csv", ["- a: 4\n- b: 5"]),
        # Counters, synonyms, values in brackets, no name.
        ("id,_id,index,idx,ID,a\n1,2,3,4,5,6\n", "a.csv", ["- ID: 5\n- a: 6"]),
        ("supplier/vendor,size (S/M/L)/fit\nx,S\n", "a.csv", ["- supplier: x\n- size (S/M/L): S"]),
        (",b\nx,y\n", "a.csv", ["- x\n- b: y"]),
        ('a,b\n"one, two",x|y\n', "a.csv", ["- a: one, two\n- b: x|y"]),
        # A file of one column is a table if it says so.
        ("word\none\ntwo\n", "a.csv", ["- word: one", "- word: two"]),
        ("# T\n\n| a | b |\n| - | - |\n| 1 | 2 |\n", "a.md", ["- a: 1\n- b: 2"]),
        ("a,b\n", "a.csv", []),
    ],
)
def test_rows(text: str, name: str, chunks: list[str]) -> None:
    assert contents(text, name) == chunks


def test_columns_for_metadata_are_left_out() -> None:
    roles = {"b": ColumnRole.METADATA, "c/d": ColumnRole.METADATA, "a": ColumnRole.BOTH, "e": ColumnRole.INDEXING}
    assert contents("a,b,c/d,e\n1,2,3,4\n", "a.csv", column_roles=roles) == ["- a: 1\n- e: 4"]


def test_a_chunk_knows_its_row_and_the_title_above() -> None:
    book = workbook(Ducks=[["All ducks"], ["name", "count"], ["mallard", 7], ["teal", 2]])
    found = drafts(book, "a.xlsx")
    assert [draft.content for draft in found] == ["- name: mallard\n- count: 7", "- name: teal\n- count: 2"]
    assert [(draft.anchors[0].cells, draft.anchors[0].headings) for draft in found] == [
        ("A3:B3", ("All ducks",)),
        ("A4:B4", ("All ducks",)),
    ]


def test_names_of_several_levels() -> None:
    html = (
        "<table><tr><th rowspan=2>name</th><th colspan=2>size</th></tr><tr><th>width</th><th>height</th></tr>"
        "<tr><td>box</td><td>1</td><td>2</td></tr></table>"
    )
    assert contents(html, "a.html") == ["- name: box\n- size-width: 1\n- size-height: 2"]
    # Two columns of one name are no level above when values follow.
    assert contents("a,a,b\n1,2,x\n", "a.csv") == ["- a: 1\n- a: 2\n- b: x"]


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_file_without_a_table_is_refused(name: str) -> None:
    with pytest.raises(ParseFailed, match="needs a table"):
        drafts("prose, with a comma\nand more", name)


def test_a_table_too_large_for_its_cells_is_read_from_its_text() -> None:
    lines = "\n".join(f"{number},x|y" for number in range(30_000))
    found = drafts(f"a,b\n{lines}\n", "a.csv")
    assert len(found) == 30_000
    assert found[-1].content == "- a: 29999\n- b: x|y"
    assert found[-1].anchors[0].cells is not None


@needs_documents
@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("zh_table.csv", 172, "- 0\n- title: 加油~以及一些建议\n- file: 2023-03-31.0002\n"),
        ("legacy_sample.xls", 6, "- Year: 2019\n- Freshwater Ducks: 120"),
        ("odf_table_with_title_01.ods", 6, "- Year: 2019\n- Freshwater Ducks: 120"),
        ("xlsx_01.xlsx", 27, "- first: 1\n- second: 5\n- third: 9"),
    ],
)
def test_real_tables(name: str, count: int, first: str) -> None:
    found = split_by_method(document(name), ChunkMethod.TABLE, MethodOptions(), name)
    assert len(found) == count
    assert found[0].content.startswith(first)
    assert all(draft.anchors for draft in found)
