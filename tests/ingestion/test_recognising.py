"""Recognised lines to paragraphs, and pages put in their place."""

from collections.abc import Callable

import pytest

from diglot.domain.errors import Cancelled, FileEmpty, LimitExceeded, MethodUnavailable, ParserCrashed
from diglot.domain.parsed import Anchor, Block, BlockKind, Box, Parsed, scan_of, scans_in_words
from diglot.domain.picture import Picture
from diglot.domain.recognised import RecognisedPage, TextLine
from diglot.ingestion.recognising import PageReader, blocks_of, recognise, without_recognition

PAGE = Picture(1000, 1400, b"", 0.5)


def line(text: str, left: float, top: float, width: float = 400, height: float = 20) -> TextLine:
    return TextLine(text, left, top, left + width, top + height, 0.9)


def column(name: str, left: float, top: float, rows: int, width: float = 400) -> list[TextLine]:
    return [line(f"{name}{row}", left, top + 30 * row, width) for row in range(rows)]


def texts(lines: list[TextLine]) -> list[str]:
    return [block.text for block in blocks_of(1, lines, 1.0)]


def test_two_columns_are_read_one_after_the_other() -> None:
    lines = column("a", 50, 100, 6) + column("b", 520, 100, 6)
    assert texts(lines[::-1]) == ["a0 a1 a2 a3 a4 a5", "b0 b1 b2 b3 b4 b5"]


def test_what_stands_across_both_columns_parts_them() -> None:
    lines = [
        line("Title", 50, 20, 870, 22),
        *column("a", 50, 100, 4),
        *column("b", 520, 100, 4),
        line("A figure", 50, 300, 870),
        *column("c", 50, 400, 4),
        *column("d", 520, 400, 4),
    ]
    expected = ["Title", "a0 a1 a2 a3", "b0 b1 b2 b3", "A figure", "c0 c1 c2 c3", "d0 d1 d2 d3"]
    assert texts(lines) == expected


def test_three_columns() -> None:
    lines = column("a", 50, 100, 5, 250) + column("b", 350, 100, 5, 250) + column("c", 650, 100, 5, 250)
    assert [text[0] for text in texts(lines)] == ["a", "b", "c"]


def test_a_table_is_read_row_by_row() -> None:
    cells = [
        line(f"{name}{row}", left, 100 + 30 * row, 30) for row in range(4) for name, left in (("a", 50), ("b", 520))
    ]
    wide = [line("A heading over all of it", 50, 40, 600)]
    assert " ".join(texts(wide + cells)) == "A heading over all of it a0 b0 a1 b1 a2 b2 a3 b3"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["an exam-", "ple here"], "an example here"),
        (["South-", "East"], "South- East"),
        (["一行", "二行"], "一行二行"),
        (["一行", "word"], "一行 word"),
    ],
)
def test_lines_are_joined_as_their_script_is_written(rows: list[str], expected: str) -> None:
    (block,) = blocks_of(1, [line(row, 50, 100 + 30 * place) for place, row in enumerate(rows)], 1.0)
    assert block.text == expected
    assert [block.text[span.start : span.end].rstrip("-") for span in block.spans] == [row.rstrip("-") for row in rows]


def test_a_gap_a_number_and_a_short_last_line_begin_paragraphs() -> None:
    lines = [
        line("one", 50, 100),
        line("ends.", 50, 130, 100),
        line("two", 50, 160),
        line("第三条 three", 50, 190),
        line("goes on", 50, 220),
        line("four", 50, 320),
    ]
    assert texts(lines) == ["one ends.", "two", "第三条 three goes on", "four"]


def test_places_are_points_of_the_page() -> None:
    (block,) = blocks_of(7, [line("a", 100, 200), line("b", 110, 230)], 0.5)
    assert block.anchor == Anchor(page=7, boxes=(Box(7, 50, 100, 255, 125),))
    assert [span.anchor.boxes for span in block.spans] == [(Box(7, 50, 100, 250, 110),), (Box(7, 55, 115, 255, 125),)]


def test_guesses_are_left_out() -> None:
    assert texts([TextLine("?", 0, 0, 10, 10, 0.1), TextLine("  ", 0, 50, 10, 60, 0.9)]) == []


class Reads:
    """What stands on each page; `ParserCrashed` for a page that is not named."""

    def __init__(self, **pages: str) -> None:
        self.pages = pages
        self.page = 0

    def show(self, page: int) -> Picture:
        self.page = page
        return PAGE

    def missing(self) -> str | None:
        return None

    def name(self) -> str:
        return "reads"

    def edition(self) -> str:
        return "reads 1"

    def lines(self, picture: Picture, seconds: float, is_cancelled: Callable[[], bool]) -> list[TextLine]:
        if is_cancelled():
            raise Cancelled
        if f"p{self.page}" not in self.pages:
            raise ParserCrashed("It crashed.")
        text = self.pages[f"p{self.page}"]
        return [line(text, 0, 0)] if text else []

    def close(self) -> None:
        """Nothing runs."""


def read(parsed: Parsed, reads: Reads, most: int = 10) -> Parsed:
    return recognise(parsed, most, PageReader(reads, 1.0, reads.show, lambda: False).read, lambda _: None)


def block(text: str, page: int, *headings: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text, Anchor(page=page, headings=headings))


def test_pages_come_where_they_belong_and_under_the_heading_before() -> None:
    parsed = Parsed((block("one", 1, "A"), block("stamp", 3), block("five", 5)), page_count=6, scans=(2, 3, 4, 6))
    found = read(parsed, Reads(p2="two", p3="three", p4="", p6="six"))
    assert [block.text for block in found.blocks] == ["one", "two", "three", "five", "six"]
    assert found.blocks[1].anchor.headings == ("A",)
    assert (found.scans, found.page_count) == ((), 6)


def test_the_little_that_is_known_of_a_page_stays_if_nothing_is_recognised() -> None:
    found = read(Parsed((block("stamp", 1),), scans=(1,)), Reads(p1=""))
    assert [block.text for block in found.blocks] == ["stamp"]


def test_a_page_that_fails_costs_itself_and_a_note() -> None:
    found = read(Parsed((), scans=(1, 2)), Reads(p2="two"))
    assert [block.text for block in found.blocks] == ["two"]
    assert found.notes == ("Page 1 was skipped: It crashed.",)


def test_a_page_that_is_left_stays_among_the_scans() -> None:
    pages = {1: RecognisedPage(0.5, (line("one", 0, 0),)), 2: None, 3: RecognisedPage(0.5, (line("three", 0, 0),))}
    found = recognise(Parsed((block("stamp", 2),), scans=(1, 2, 3)), 3, pages.__getitem__, lambda _: None)
    assert [block.text for block in found.blocks] == ["one", "stamp", "three"]
    assert found.scans == (2,)
    assert recognise(Parsed((), scans=(1, 2)), 3, lambda _: None, lambda _: None).scans == (1, 2)


def test_nothing_on_any_page_is_an_empty_file_or_the_first_failure() -> None:
    with pytest.raises(FileEmpty, match="No text was recognised"):
        read(Parsed((), scans=(1,)), Reads(p1=""))
    with pytest.raises(ParserCrashed):
        read(Parsed((), scans=(1, 2)), Reads(p2=""))


def test_too_many_pages() -> None:
    with pytest.raises(LimitExceeded, match="text of 3 pages would have to be recognised; the most is 2"):
        read(Parsed((), scans=(1, 2, 3)), Reads(), most=2)


def test_without_recognition_the_rest_is_kept_with_a_note() -> None:
    found = without_recognition(Parsed((block("one", 1),), scans=(2, 3, 5)), "It is off.")
    assert found.notes == ("Pages that are pictures were skipped: 2-3, 5. It is off.",)
    assert found.scans == ()
    with pytest.raises(MethodUnavailable, match=r"It is off\."):
        without_recognition(Parsed((), scans=(1,)), "It is off.")


def a_scan(file: int, page: int, part: str, known: str = "", *headings: str) -> Block:
    return Block(BlockKind.SCAN, known, Anchor(page=page, headings=headings, part=part), level=scan_of(file, page))


def a_mail(*scans: Block) -> Parsed:
    """A mail whose attachments are `scans`."""
    greeting = Block(BlockKind.PARAGRAPH, "Hello.", Anchor(headings=("Mail",)))
    return Parsed((greeting, *scans), scans=tuple(scan.level for scan in scans), notes=("A note.",))


def test_pages_of_files_inside_come_where_they_stand_in_their_part() -> None:
    parsed = a_mail(a_scan(2, 1, "a.pdf", "stamp", "A"), a_scan(2, 3, "a.pdf"), a_scan(3, 1, "b.png"))
    reads = Reads(p200001="one", p200003="three", p300001="picture")
    greeting, *found = read(parsed, reads).blocks
    assert greeting.text == "Hello."
    assert [(block.text, block.anchor._replace(boxes=())) for block in found] == [
        ("one", Anchor(page=1, headings=("A",), part="a.pdf")),
        ("three", Anchor(page=3, part="a.pdf")),
        ("picture", Anchor(page=1, part="b.png")),
    ]
    assert [box.page for block in found for box in block.anchor.boxes] == [1, 3, 1]


def test_what_is_known_of_a_page_inside_stays_where_nothing_is_recognised() -> None:
    scans = (a_scan(1, 2, "a.pdf", "stamp", "A"), a_scan(2, 1, "b.png"), a_scan(3, 1, "c.png"))
    found = read(a_mail(*scans), Reads(p100002="", p200001=""))
    kept = (BlockKind.PARAGRAPH, "stamp", 0, Anchor(page=2, headings=("A",), part="a.pdf"))
    assert [(block.kind, block.text, block.level, block.anchor) for block in found.blocks[1:]] == [kept]
    assert (found.scans, found.notes) == ((), ("A note.", "Page 1 of c.png was skipped: It crashed."))
    without = without_recognition(a_mail(*scans), "It is off.")
    assert [(block.kind, block.text, block.level, block.anchor) for block in without.blocks[1:]] == [kept]
    note = "Pages that are pictures were skipped: 2 of a.pdf; 1 of b.png; 1 of c.png. It is off."
    assert (without.scans, without.notes) == ((), ("A note.", note))


def test_too_many_pages_of_files_inside_cost_themselves() -> None:
    parsed = a_mail(a_scan(1, 1, "a.pdf"), a_scan(1, 2, "a.pdf"), a_scan(2, 1, "b.png", "known"))
    found = read(parsed, Reads(p100001="one", p100002="two"), most=2)
    assert [block.text for block in found.blocks] == ["Hello.", "one", "two", "known"]
    note = "Pages that are pictures were skipped: 1 of b.png. The most of one document is 2."
    assert (found.scans, found.notes) == ((), ("A note.", note))


def test_pages_inside_that_are_left_stay_among_the_scans() -> None:
    parsed = a_mail(a_scan(1, 1, "a.pdf"), a_scan(1, 2, "a.pdf"))
    found = recognise(parsed, 2, {100_001: None, 100_002: RecognisedPage(1.0, ())}.__getitem__, lambda _: None)
    assert (found.scans, scans_in_words(found)) == ((100_001,), "1 of a.pdf")


def test_a_note_names_a_few_files() -> None:
    words = scans_in_words(a_mail(*(a_scan(number, 1, f"{number}.png") for number in range(1, 1001))))
    assert words.startswith("1 of 1.png; 1 of 2.png; ")
    assert words.endswith("; 1 of 20.png; those of 980 more files")
