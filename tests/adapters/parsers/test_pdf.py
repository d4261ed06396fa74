"""PDF: places, paragraphs, headings, furniture, tables, pictures."""

from pathlib import Path

import pytest

from diglot.adapters.parsers.pages_pdf import page_image
from diglot.adapters.parsers.source import Source
from diglot.domain.errors import FileDamaged, LimitExceeded
from diglot.domain.parsed import BlockKind, Box
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.crafting import Piece, box, pdf, pdf_of_contents
from tests.adapters.parsers.reading_here import of_kind, parsed, running_text

CHINESE = Path(__file__).parents[4] / "shared" / "documents" / "zh_toc_xiaobiaosong.pdf"
BODY = [
    "The rack railway climbs from the lake to the saddle in forty minutes, and on",
    "clear days the driver stops above the bridge so that everybody can look down",
    "on the valley and take pictures of it.",
]


def column(lines: list[str], left: float = 72, top: float = 700, leading: float = 13) -> list[Piece]:
    return [Piece(left, top - leading * number, line) for number, line in enumerate(lines)]


def test_lines_become_a_paragraph_that_knows_each_lines_place() -> None:
    (block,) = parsed("a.pdf", pdf([column(BODY)])).blocks
    assert block.text == " ".join(BODY)
    assert [block.text[span.start : span.end] for span in block.spans] == BODY
    first = block.spans[0].anchor
    assert first.page == 1
    (place,) = first.boxes
    # Text set 700 points above the lower edge of a page of 800 stands 100 below the upper one.
    assert place.page == 1
    assert place.left == pytest.approx(72, abs=2)
    assert place.top < 100 < place.bottom + 3
    assert place.top == pytest.approx(92, abs=3)
    assert 380 < place.right < 480


def test_pages_count_from_one_and_blocks_name_theirs() -> None:
    result = parsed("a.pdf", pdf([column([f"This is the text of page {number}."]) for number in "abc"], title="Three"))
    assert (result.page_count, result.title) == (3, "Three")
    assert [block.anchor.page for block in result.blocks] == [1, 2, 3]


@pytest.mark.parametrize(
    ("turn", "expected"),
    [(0, (72, 92)), (90, (700, 72)), (180, (500, 700)), (270, (92, 500))],
)
def test_places_on_turned_pages_are_as_seen(turn: int, expected: tuple[float, float]) -> None:
    content = pdf([[Piece(72, 700, "turned")]]).replace(b"/MediaBox", b"/Rotate %d /MediaBox" % turn)
    (block,) = parsed("a.pdf", content).blocks
    (place,) = block.anchor.boxes
    assert (place.left, place.top) == pytest.approx(expected, abs=30)
    assert place.left < place.right
    assert place.top < place.bottom


def test_paragraphs_part_at_wide_gaps_and_early_ends() -> None:
    second = ["A second paragraph, as wide as the first one, that comes after a gap and is", "short."]
    lines = column(BODY) + column(second, top=620)
    assert [block.text for block in parsed("a.pdf", pdf([lines])).blocks] == [
        " ".join(BODY),
        " ".join(second),
    ]
    # No gap, but the line before ended where more words would have had room.
    lines = column([*BODY, *BODY])
    assert [block.text for block in parsed("a.pdf", pdf([lines])).blocks] == [" ".join(BODY)] * 2


def test_columns_are_read_one_after_the_other() -> None:
    left = [
        "Words of the left column, which",
        "are read before those of the",
        "right one although both stand",
        "at the same height.",
    ]
    right = ["Here the right column begins and", "goes on to its end, which is not", "far away."]
    result = parsed("a.pdf", pdf([column(left) + column(right, left=320)]))
    assert running_text(result) == f"{' '.join(left)}\n\n{' '.join(right)}"


def test_headings_by_size_weight_and_number() -> None:
    page = [
        Piece(72, 740, "A large title", 20, True),
        Piece(72, 700, "1 First part", 14, True),
        *column(BODY, top=680),
        Piece(72, 610, "1.1 Smaller part", 10, True),
        *column(BODY, top=595),
        Piece(72, 530, "Only bold words", 10, True),
        *column(BODY, top=515),
    ]
    result = parsed("a.pdf", pdf([page]))
    headings = of_kind(result, BlockKind.HEADING)
    assert [block.text for block in headings] == [
        "A large title",
        "1 First part",
        "1.1 Smaller part",
        "Only bold words",
    ]
    assert [block.level for block in headings][:3] == [1, 2, 3]
    assert of_kind(result, BlockKind.PARAGRAPH)[1].anchor.headings == (
        "A large title",
        "1 First part",
        "1.1 Smaller part",
    )


def test_what_runs_through_the_pages_is_set_apart() -> None:
    pages = [
        [
            Piece(72, 770, "Operating handbook 2026"),
            *column([f"The text of leaf {word} is not like any other in the book."]),
            Piece(290, 30, f"Page {number} of 4"),
        ]
        for number, word in enumerate(("one", "two", "three", "four"), 1)
    ]
    result = parsed("a.pdf", pdf(pages))
    assert [block.text for block in of_kind(result, BlockKind.HEADER)] == ["Operating handbook 2026"] * 4
    assert [block.text for block in of_kind(result, BlockKind.FOOTER)] == [
        f"Page {number} of 4" for number in range(1, 5)
    ]
    text = "\n".join(block.text for block in of_kind(result, BlockKind.PARAGRAPH))
    assert "handbook" not in text
    assert "Page" not in text
    assert text.count("leaf") == 4


def test_on_one_page_nothing_runs() -> None:
    assert "handbook" in running_text(parsed("a.pdf", pdf([[Piece(72, 770, "Operating handbook"), *column(BODY)]])))


def test_a_ruled_table_is_rows_and_knows_where_they_stand() -> None:
    rows = [("Tea", "Price", "Stock"), ("White", "168", "20"), ("Green", "96", "31")]
    cells = [
        Piece(104 + 100 * column_number, 606 - 20 * row_number, cell)
        for row_number, row in enumerate(rows)
        for column_number, cell in enumerate(row)
    ]
    page = [*column(["Before the table stand these words."]), *cells, *column(["After it these."], top=500)]
    result = parsed("a.pdf", pdf([page], drawing=box(100, 560, [100, 100, 100], 3, 20)))
    assert [block.kind for block in result.blocks] == [BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.PARAGRAPH]
    table = result.blocks[1]
    assert table.rows == tuple(rows)
    (place,) = table.anchor.boxes
    assert place == pytest.approx(Box(1, 104, 186, 329, 234), abs=2)
    assert [span.anchor.boxes[0].top for span in table.spans] == pytest.approx([186, 206, 226], abs=2)


def test_a_chart_is_no_table() -> None:
    grid = box(100, 300, [50] * 6, 6, 40)
    page = [*column(BODY), Piece(104, 310, "0"), Piece(380, 500, "100")]
    assert not of_kind(parsed("a.pdf", pdf([page], drawing=grid)), BlockKind.TABLE)


def test_pages_without_text_are_left_as_scans_and_the_rest_is_read() -> None:
    text = b"BT /F1 10 Tf 72 700 Td (words to read) Tj ET"
    picture = b"0 0 1 rg 50 50 400 400 re f"
    result = parsed("a.pdf", pdf_of_contents([picture, text, picture, picture, b""]))
    assert running_text(result) == "words to read"
    assert (result.scans, result.page_count, result.notes) == ((1, 3, 4), 5, ())
    alone = parsed("a.pdf", pdf_of_contents([picture, picture]))
    assert (alone.blocks, alone.scans) == ((), (1, 2))


def test_too_many_pages() -> None:
    with pytest.raises(LimitExceeded, match="more than 2 pages"):
        parsed("a.pdf", pdf([column(BODY)] * 3), ParseLimits(pages=2))


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.4 nonsense" * 20, pdf([column(BODY)])[:150]])
def test_damage_is_said(content: bytes) -> None:
    with pytest.raises(FileDamaged, match="damaged"):
        parsed("a.pdf", content)


def test_heads_that_alternate_or_run_through_one_chapter() -> None:
    heads = ["Of lakes", "A guide"] * 4
    pages = [
        [Piece(72, 770, head), *column([f"Leaf {word} tells of something else than all the others."])]
        for head, word in zip(heads, "abcdefgh", strict=True)
    ]
    result = parsed("a.pdf", pdf(pages))
    assert [block.text for block in of_kind(result, BlockKind.HEADER)] == heads


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    first, second, third = (
        [BODY[0], BODY[1]],
        ["from the lake up to the saddle and on to", "the wood,"],
        ["where it ends."],
    )
    pages = [
        [Piece(290, 30, "1"), *column(first), *column(second, left=320, top=740)],
        [Piece(290, 30, "2"), *column(third)],
    ]
    result = parsed("a.pdf", pdf(pages))
    (paragraph,) = of_kind(result, BlockKind.PARAGRAPH)
    assert paragraph.text == " ".join(first + second + third)
    assert [place.page for place in paragraph.anchor.boxes] == [1, 1, 2]
    assert [span.anchor.page for span in paragraph.spans] == [1, 1, 1, 1, 2]
    assert [block.text for block in of_kind(result, BlockKind.FOOTER)] == ["1", "2"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["The driver stops above the moun-", "tain hut so that all can look."], "mountain hut"),
        (["Some are well-known. This is the most well-", "known of all the huts up here."], "well-known of all"),
        (["A level of detail. A span of it. Take the span-", "level of it for the rest of this."], "span-level of it"),
        (["Words of Anglo-", "Saxon come from the north of here."], "Anglo-Saxon"),
    ],
)
def test_broken_words_are_joined_and_compounds_keep_their_hyphen(lines: list[str], expected: str) -> None:
    assert expected in running_text(parsed("a.pdf", pdf([column(lines)])))


def test_marks_that_nobody_sees_are_gone() -> None:
    text = running_text(
        parsed("a.pdf", pdf([column(["An ef\xadfect with a soft hy\xadphen in the middle of a line."])]))
    )
    assert "\xad" not in text
    assert not {"\ufffe", "\x02", "\r"} & set(text)


@pytest.mark.parametrize("last", [b"/Next 91 0 R", b"/Next 92 0 R", b"/First 91 0 R", b""])
def test_headings_and_their_levels_come_from_the_outline_even_if_it_goes_in_circles(last: bytes) -> None:
    lines = [*column(["Tariffs"], top=760), *column(["For children"], top=730), *column(BODY)]
    bookmarks = (
        b"91 0 obj\n<< /Title (TARIFFS) /First 92 0 R /Next 93 0 R >>\nendobj\n"
        b"92 0 obj\n<< /Title <feff0046006f00720020006300680069006c006400720065006e> %s >>\nendobj\n"
        b"93 0 obj\n<< /Title (Another page) /Next 91 0 R >>\nendobj\nxref\n" % last
    )
    content = pdf([lines]).replace(b"/Type /Catalog", b"/Type /Catalog /Outlines << /First 91 0 R >>")
    result = parsed("a.pdf", content.replace(b"xref\n", bookmarks, 1))
    assert [(block.text, block.level) for block in of_kind(result, BlockKind.HEADING)] == [
        ("Tariffs", 1),
        ("For children", 2),
    ]


@pytest.mark.skipif(not CHINESE.exists(), reason="there are no development documents")
def test_places_do_not_depend_on_what_the_process_showed_before() -> None:
    """The file brings none of its fonts: to show it those of the machine are used, to read it none."""
    content = CHINESE.read_bytes()
    first = parsed(CHINESE.name, content)
    source = Source(CHINESE.name, "pdf", content, ParseLimits())
    shown = page_image(source, 1, 800, 1000).png
    assert parsed(CHINESE.name, content) == first
    assert page_image(source, 1, 800, 1000).png == shown


def _annotated(kind: bytes, written: bytes, flags: int = 4) -> bytes:
    """A page with a line of its own and an annotation that shows what was written."""
    shown = b"BT /F1 12 Tf 2 6 Td (%s) Tj ET" % written
    fonts = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    line = b"BT /F1 12 Tf 72 700 Td (Name of the applicant:) Tj ET"
    return (
        b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Annots [5 0 R] %s >>\nendobj\n"
        b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        b"5 0 obj\n<< /Type /Annot /Subtype /%s /FT /Tx /T (name) /V (%s) /Rect [72 560 272 580] /F %d "
        b"/AP << /N 6 0 R >> >>\nendobj\n"
        b"6 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] %s /Length %d >>\n"
        b"stream\n%s\nendstream\nendobj\n"
        b"trailer\n<< /Root 1 0 R >>\n%%%%EOF\n"
        % (fonts, len(line), line, kind, written, flags, fonts, len(shown), shown)
    )


@pytest.mark.parametrize("kind", [b"Widget", b"FreeText", b"Stamp"])
def test_what_was_written_into_a_form_or_on_a_page_is_read_where_it_stands(kind: bytes) -> None:
    blocks = parsed("form.pdf", _annotated(kind, b"Johanna Doe")).blocks
    assert [block.text for block in blocks] == ["Name of the applicant:", "Johanna Doe"]
    [place] = blocks[1].anchor.boxes
    assert place.left == pytest.approx(74, abs=2)
    assert 220 < place.top < place.bottom < 240


def test_what_is_hidden_on_a_page_is_not_read() -> None:
    blocks = parsed("form.pdf", _annotated(b"Widget", b"Johanna Doe", flags=2)).blocks
    assert [block.text for block in blocks] == ["Name of the applicant:"]


@pytest.mark.parametrize("turned", ["0 1 -1 0 100 100", "0 -1 1 0 500 700"], ids=["left", "right"])
def test_lines_that_are_turned_are_read_from_the_first_to_the_last(turned: str) -> None:
    lines = [f"1 0 0 1 0 {-14 * number} Tm ({line}) Tj" for number, line in enumerate(BODY)]
    content = f"q {turned} cm BT /F1 12 Tf {' '.join(lines)} ET Q".encode()
    assert running_text(parsed("a.pdf", pdf_of_contents([content]))).split() == " ".join(BODY).split()
