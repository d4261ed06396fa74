"""Sheets."""

import datetime
import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from diglot.adapters.parsers.sheet_table import cell_range, column_name
from diglot.domain.errors import FileDamaged, LimitExceeded
from diglot.domain.parsed import BlockKind
from tests.adapters.parsers.crafting import xlsx
from tests.adapters.parsers.reading_here import of_kind, parsed, running_text


def workbook(**sheets: dict[str, object]) -> bytes:
    """Sheet name -> {cell: value}."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, cells in sheets.items():
        sheet = book.add_worksheet(name)
        for place, value in cells.items():
            if ":" in place:
                sheet.merge_range(place, value)
            else:
                sheet.write(place, value, *([day] if isinstance(value, datetime.date) else []))
    book.close()
    return target.getvalue()


def test_values_look_as_people_see_them() -> None:
    moment = datetime.datetime(2026, 1, 15, 9, 30)
    cells = {"A1": 1.0, "B1": 0.1 + 0.2, "C1": 1e20, "A2": True, "B2": datetime.date(2026, 1, 15), "C2": moment}
    (table,) = parsed("a.xlsx", workbook(S=cells)).blocks
    assert table.rows == (("1", "0.3", "1e+20"), ("TRUE", "2026-01-15", "2026-01-15 09:30:00"))


def test_regions_of_a_sheet_know_their_cells() -> None:
    cells = {"B2": "a", "C2": "b", "B3": "1", "C3": "2", "F3": "x", "G3": "y", "F4": "3", "G4": "4", "B9": "remark"}
    result = parsed("a.xlsx", workbook(Sheet=cells))
    assert [(block.kind, block.anchor.cells, block.anchor.sheet) for block in result.blocks] == [
        (BlockKind.TABLE, "B2:C3", "Sheet"),
        (BlockKind.TABLE, "F3:G4", "Sheet"),
        (BlockKind.PARAGRAPH, "B9:B9", "Sheet"),
    ]
    assert [span.anchor.cells for span in result.blocks[1].spans] == ["F3:G3", "F4:G4"]


def test_several_sheets_have_headings_and_empty_ones_are_left_out() -> None:
    result = parsed("a.xlsx", workbook(One={"A1": "a", "B1": "b"}, Empty={}, 三={"A1": "c", "B1": "d"}))
    assert [block.text for block in of_kind(result, BlockKind.HEADING)] == ["One", "三"]


def test_merged_cells_speak_in_each_place_but_titles_only_once() -> None:
    cells = {"A1:C1": "Title", "A2": "k", "B2:C2": "both", "A3:A4": "down", "B3": 1, "C3": 2, "B4": 3, "C4": 4}
    (table,) = parsed("a.xlsx", workbook(S=cells)).blocks
    assert table.rows == (("Title", "", ""), ("k", "both", "both"), ("down", "1", "2"), ("down", "3", "4"))


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'


def test_far_cells_are_seen_before_they_cost_anything() -> None:
    with pytest.raises(LimitExceeded, match="too far apart"):
        parsed("a.xlsx", xlsx(FAR))


def test_far_cells_without_a_value_do_not_count() -> None:
    sheet = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert running_text(parsed("a.xlsx", xlsx(sheet))) == "1"


@pytest.mark.parametrize("extension", ["xlsx", "xls", "xlsb", "ods"])
def test_damage_is_said(extension: str) -> None:
    whole = workbook(S={"A1": "text"})
    for content in (whole[:-40], b"PK\x03\x04" + bytes(60), b"not a sheet at all"):
        with pytest.raises(FileDamaged, match="damaged"):
            parsed(f"a.{extension}", content)


@given(st.integers(0, 20_000))
def test_columns_are_named_as_sheets_do(index: int) -> None:
    name = column_name(index)
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    assert number == index + 1
    assert cell_range(0, index, 6, index) == f"{name}1:{name}7"


def formatted(*values: tuple[object, str], **options: object) -> list[str]:
    """What stands in a column of values with their format codes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    sheet = book.add_worksheet()
    sheet.write_column("B3", ["value", *("x" for _ in values)])
    for row, (value, code) in enumerate(values):
        sheet.write(3 + row, 2, value, book.add_format({"num_format": code}))
    book.close()
    (table,) = parsed("a.xlsx", target.getvalue()).blocks
    return [row[1] for row in table.rows[1:]]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.256, "0.0%", "25.6%"),
        (0.07, "0%", "7%"),
        (-0.5, "0.00%", "-50%"),
        (1234.5, "$#,##0.00", "$1234.50"),
        (-1234.567, "$#,##0.00;[Red]-$#,##0.00", "-$1234.567"),
        (12.0, "#,##0.00 [$€-407]", "12.00 €"),
        (12.0, '_-* #,##0.00\\ "kr"_-;-* #,##0.00\\ "kr"', "12.00 kr"),
        (42, "00000", "00042"),
        (7, '0" Stück"', "7 Stück"),
        (7, '"; "0', "; 7"),
        (1.0, "0.00", "1"),
        (0.00001234, "0.00E+00", "1.234e-05"),
        (123456789, "000-00-0000", "123456789"),
        (3.5, "# ?/?", "3.5"),
        (45000.5, "yyyy-mm-dd hh:mm", "2023-03-15 12:00:00"),
        (45000, "[$-409]d-mmm-yy;@", "2023-03-15"),
        (0.1 + 0.2, "h:mm", "07:12:00"),
        (1 / 3, "h:mm", "08:00:00"),
        (1.25, "[h]:mm:ss", "30:00:00"),
    ],
)
def test_numbers_are_shown_by_their_format(value: float, code: str, shown: str) -> None:
    assert formatted((value, code)) == [shown]


def test_years_from_1904_on() -> None:
    assert formatted((45000, "yyyy-mm-dd"), date_1904=True) == ["2027-03-16"]


def test_hidden_sheets_are_read_but_not_those_for_programs_alone() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for name in ("Shown", "Hidden", "Macro"):
        book.add_worksheet(name).write("A1", f"words of {name}")
    book.get_worksheet_by_name("Hidden").hide()
    book.get_worksheet_by_name("Macro").very_hidden()
    book.close()
    result = parsed("a.xlsx", target.getvalue())
    assert [block.text for block in result.blocks if block.kind is BlockKind.PARAGRAPH] == [
        "words of Shown",
        "words of Hidden",
    ]
    assert result.notes == ('The sheet "Macro" was skipped: it is for programs alone.',)
