"""PDF: tables between level rules, rows without rules, titles over tables, and what is no table."""

from collections.abc import Sequence

import pytest

from diglot.domain.parsed import BlockKind
from tests.adapters.parsers.crafting import Piece, box, pdf
from tests.adapters.parsers.reading_here import of_kind, parsed, running_text

LEFT, RIGHT = 100.0, 500.0
PROSE = "Words of running text that fill the column from side to side without any gap"


def rule(height: float, left: float = LEFT, right: float = RIGHT) -> str:
    return f"{left} {height} m {right} {height} l S"


def cells(
    rows: Sequence[Sequence[str]], top: float, leading: float = 14, places: Sequence[float] = (104, 230, 360)
) -> list[Piece]:
    return [
        Piece(places[column], top - leading * number, cell)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]


def rows_of(pieces: list[Piece], drawing: str) -> list[tuple[tuple[str, ...], ...]]:
    return [block.rows for block in of_kind(parsed("a.pdf", pdf([pieces], drawing=drawing)), BlockKind.TABLE)]


SPECIES = [
    ("Name", "Height", "Found in"),
    ("Larch", "45 m", "valleys"),
    ("Stone pine", "25 m", "high woods"),
    ("Yew", "20 m", "shade"),
]


def test_columns_between_level_rules_show_in_how_the_words_stand() -> None:
    drawing = "\n".join(map(rule, (715, 696, 650)))
    pieces = [Piece(72, 760, PROSE), *cells(SPECIES, 702), Piece(72, 600, PROSE)]
    assert rows_of(pieces, drawing) == [tuple(SPECIES)]
    assert running_text(parsed("a.pdf", pdf([pieces], drawing=drawing))).count(PROSE) == 2


def test_a_head_in_lines_and_a_wrapped_cell_are_one_row_each() -> None:
    head = [("", "Height of", ""), ("Name", "grown trees", "Found in")]
    body = [("Larch", "45 m", "valleys and"), ("", "", "sunny slopes"), ("Yew", "20 m", "shade")]
    drawing = "\n".join(map(rule, (730, 699, 650)))
    assert rows_of([*cells(head, 717), *cells(body, 687)], drawing) == [
        (
            ("Name", "Height of grown trees", "Found in"),
            ("Larch", "45 m", "valleys and sunny slopes"),
            ("Yew", "20 m", "shade"),
        )
    ]


def test_a_head_over_two_columns_stands_in_one_cell() -> None:
    body = [
        ("Year", "", "Rain", ""),
        ("2023", "11", "12", "13"),
        ("2024", "21", "22", "23"),
        ("2025", "31", "32", "33"),
        ("2026", "41", "42", "43"),
    ]
    pieces = [piece for piece in cells(body, 702, places=(104, 200, 300, 400)) if piece.text != "Rain"]
    pieces.append(Piece(190, 702, "Rain in the months of the summer, in litres", 8))
    (rows,) = rows_of(pieces, "\n".join(map(rule, (715, 640))))
    assert rows[1:] == tuple(body[1:])
    assert [cell for cell in rows[0] if cell] == ["Year", "Rain in the months of the summer, in litres"]


def test_running_text_between_two_rules_is_no_table() -> None:
    one = [Piece(LEFT, 690 - 13 * number, PROSE) for number in range(12)]
    left = [Piece(LEFT, 690 - 13 * number, "words of the left column that") for number in range(12)]
    right = [Piece(320, 690 - 13 * number, "and words of the right column") for number in range(12)]
    drawing = "\n".join(map(rule, (710, 520)))
    assert rows_of(one, drawing) == []
    assert rows_of([*left, *right], drawing) == []


def test_a_list_with_its_marks_in_a_column_is_no_table() -> None:
    pieces = [
        piece
        for number in range(1, 6)
        for piece in (Piece(104, 700 - 14 * number, f"{number}."), Piece(130, 700 - 14 * number, "words"))
    ]
    assert rows_of(pieces, "\n".join(map(rule, (710, 620)))) == []


@pytest.mark.parametrize("rules", [[700], [700, 690], []])
def test_a_rule_alone_is_no_table(rules: list[float]) -> None:
    assert rows_of([*cells(SPECIES, 680)], "\n".join(map(rule, rules))) == []


def test_rows_that_no_rule_parts() -> None:
    rows = [
        ("Place", "Beds", "Open"),
        ("North hut", "18", "all year"),
        ("South hut", "22", "summer"),
        ("East hut", "9", "summer"),
    ]
    grid = box(100, 620, [120, 120, 120], 1, 80)
    pieces = cells(rows, 684, leading=18, places=(104, 224, 344))
    assert rows_of(pieces, f"{grid}\n{rule(679, 100, 460)}") == [tuple(rows)]


def test_lines_of_a_cell_are_no_rows_where_rows_are_ruled() -> None:
    rows = [("Place", "Beds", "Open"), ("North", "18", "all"), ("", "", "year"), ("South", "22", "summer")]
    places = [(104, 684), (104, 664), (104, 652), (104, 624)]
    pieces = [
        Piece(left + 120 * column, top, cell)
        for row, (left, top) in zip(rows, places, strict=True)
        for column, cell in enumerate(row)
        if cell
    ]
    drawing = "\n".join([box(100, 610, [120, 120, 120], 1, 90), rule(678, 100, 460), rule(644, 100, 460)])
    assert rows_of(pieces, drawing) == [
        (("Place", "Beds", "Open"), ("North", "18", "all year"), ("South", "22", "summer"))
    ]


def test_a_merged_cell_is_shown_in_each_of_its_places() -> None:
    grid = box(100, 620, [100, 100], 2, 20)
    drawing = "\n".join(
        [grid, "300 620 m 300 660 l S", "300 620 m 400 620 l S", "300 660 m 400 660 l S", "400 620 m 400 660 l S"]
    )
    pieces = [
        Piece(104, 646, "A"),
        Piece(204, 646, "B"),
        Piece(104, 626, "C"),
        Piece(204, 626, "D"),
        Piece(304, 636, "both"),
    ]
    assert rows_of(pieces, drawing) == [(("A", "B", "both"), ("C", "D", "both"))]


def test_a_title_over_all_columns_is_no_head() -> None:
    drawing = "\n".join([box(100, 620, [100, 100, 100], 3, 20), box(100, 680, [300], 1, 20)])
    rows = [("Tea", "Price", "Stock"), ("White", "168", "20"), ("Green", "96", "31")]
    result = parsed(
        "a.pdf", pdf([[Piece(200, 686, "Teas of the season"), *cells(rows, 666, 20, (104, 204, 304))]], drawing=drawing)
    )
    title, table = result.blocks
    assert (title.kind, title.text) == (BlockKind.CAPTION, "Teas of the season")
    assert table.rows == tuple(rows)


def test_rules_through_words_are_not_those_of_a_table() -> None:
    pieces = [Piece(72, 690 - 13 * number, PROSE) for number in range(6)]
    assert rows_of(pieces, box(80, 610, [70] * 4, 6, 15)) == []
    assert running_text(parsed("a.pdf", pdf([pieces], drawing=box(80, 610, [70] * 4, 6, 15)))).count("Words") == 6


def test_a_tables_head_at_the_top_of_each_page_is_no_running_head() -> None:
    pages = [
        [*cells([SPECIES[0], (f"Tree {name}", name, "woods"), (f"Bush {name}", name, "fields")], 780)]
        for name in "abcd"
    ]
    result = parsed("a.pdf", pdf(pages, drawing="\n".join(map(rule, (793, 776, 740)))))
    assert [block.rows[0] for block in of_kind(result, BlockKind.TABLE)] == [SPECIES[0]] * 4
    assert not of_kind(result, BlockKind.HEADER)


@pytest.mark.parametrize("drawing", [box(100, 360, [120, 130, 150], 4, 20), "\n".join(map(rule, (435, 416, 360)))])
@pytest.mark.parametrize(
    ("turn", "matrix", "height"),
    [
        (0, "1 0 0 1 0 0", 800),
        (90, "0 1 -1 0 600 0", 600),
        (180, "-1 0 0 -1 600 800", 800),
        (270, "0 -1 1 0 0 800", 600),
    ],
)
def test_a_table_on_a_turned_page_is_one_where_it_is_seen(drawing: str, turn: int, matrix: str, height: int) -> None:
    content = pdf([cells(SPECIES, 426, 20)], drawing=f"{matrix} cm\n{drawing}")
    (table,) = parsed("a.pdf", content.replace(b"/MediaBox", b"/Rotate %d /MediaBox" % turn)).blocks
    assert (table.kind, table.rows) == (BlockKind.TABLE, tuple(SPECIES))
    (place,) = table.anchor.boxes
    assert (place.left, height - place.bottom) == pytest.approx((104, 364), abs=3)
