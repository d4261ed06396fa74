"""RTF."""

from pathlib import Path

import pytest

from diglot.domain.errors import FileDamaged, FileEmpty
from diglot.domain.parsed import Block, BlockKind
from tests.adapters.parsers.reading_here import of_kind, parsed, running_text


def _blocks(inner: str | bytes) -> tuple[Block, ...]:
    encoded = inner if isinstance(inner, bytes) else inner.encode("ascii")
    return parsed("a.rtf", b"{\\rtf1\\ansi\\ansicpg1252\\deff0 " + encoded + b"}").blocks


def _text(inner: str | bytes) -> str:
    return "\n".join(block.text for block in _blocks(inner))


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (r"caf\'e9 \u8364? \{a\\b\}", "café € {a\\b}"),
        (r"a\~b\_c\-d\emdash e\tab f\line g", "a\u00a0b-cd—e\tf\ng"),
        # What old programs show instead of a Unicode sign is not shown.
        (r"\u20013\'d6\'d0a", "中\u00d0a"),
        (r"\uc2\u20013\'d6\'d0a", "中a"),
        (r"\uc0\u20013a{\uc1\u25991?b}\u25991c", "中a文b文c"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"\u-10179?alone", "alone"),
        (r"a{\v hidden}b{\deleted gone}c\v x\v0 d", "abcd"),
        (r"a{\*\unknown b}c{\pict\wmetafile8 0102}d{\colortbl;\red0;}e", "acde"),
        (r'{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt link}}', "link"),
        (r"a{\shp{\*\shpinst{\sp{\sn n}{\sv v}}{\shptxt boxed\par}}{\shprslt boxed}}b\par", "ab\nboxed"),
        (r"a\bkmkstart b", "ab"),
        ("one\r\n word\\par\r\n\\pard two\\\nthree", "one word\ntwo\nthree"),
    ],
)
def test_words(inner: str, text: str) -> None:
    assert _text(inner) == text


@pytest.mark.parametrize(
    ("charset", "encoding", "words"),
    [
        (134, "gb18030", "文字，没有标记"),
        (136, "cp950", "繁體中文"),
        (128, "cp932", "日本語テキスト"),
        (129, "cp949", "한국어"),
        (204, "cp1251", "Русский"),
        (161, "cp1253", "Ελλάδα"),
    ],
)
def test_fonts_have_code_pages(charset: int, encoding: str, words: str) -> None:
    """Second bytes of a character may be letters; programs write those as they are, or all of it."""
    fonts = f"{{\\fonttbl{{\\f0\\fcharset0 Arial;}}{{\\f7\\fnil\\fcharset{charset} Font;}}}}"
    encoded = words.encode(encoding)
    escaped = "".join(f"\\'{byte:02x}" if byte > 127 or byte in b"{}\\" else chr(byte) for byte in encoded)
    assert _text(fonts + "caf\\'e9 {\\f7 " + escaped + "} caf\\'e9") == f"café {words} café"
    plain = b"".join(b"\\'%02x" % byte if byte in b"{}\\" else bytes([byte]) for byte in encoded)
    assert _text(fonts.encode() + b"\\f7 " + plain) == words


def test_the_documents_own_code_page() -> None:
    assert _text(b"\\ansicpg936 " + "文字".encode("gbk")) == "文字"
    assert _text(b"\\ansicpg99999 caf\\'e9") == "café"


STYLES = (
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 heading 2,h2;}{\s3\outlinelevel2 Own;}{\s9 Title;}}"
)


def test_headings_by_styles_and_outline_levels() -> None:
    inner = (
        STYLES + r"\pard\s9 The book\par\pard\s1 One\par\pard text\par\pard\s2 Two\par\pard\s3 Three\par"
        r"\pard\outlinelevel1 Four\par\pard\plain more\par"
    )
    result = parsed("a.rtf", (r"{\rtf1{\info{\title Stated}{\author Me}}" + inner + "}").encode())
    assert result.title == "The book"
    assert [(block.text, block.level, block.anchor.headings) for block in result.blocks] == [
        ("The book", 1, ("The book",)),
        ("One", 1, ("One",)),
        ("text", 0, ("One",)),
        ("Two", 2, ("One", "Two")),
        ("Three", 3, ("One", "Two", "Three")),
        ("Four", 2, ("One", "Four")),
        ("more", 0, ("One", "Four")),
    ]


def test_the_title_of_the_properties() -> None:
    assert parsed("a.rtf", rb"{\rtf1{\info{\title St\'e9}{\author Me}}text}").title == "Sté"


def test_lists_keep_their_numbers() -> None:
    inner = (
        r"{\listtext 1.\tab}one\par{\listtext\f3\'b7\tab}\ilvl1 dot\par{\pntext 2)\tab}two\par\pard plain\par"
        r"\pard\s1{\listtext 1.2\tab}Head\par"
    )
    blocks = _blocks(STYLES + inner)
    assert [block.text for block in blocks] == ["1. one", "  - dot", "  2) two", "plain", "1.2 Head"]
    assert [block.kind for block in blocks[3:]] == [BlockKind.PARAGRAPH, BlockKind.HEADING]


def test_tables() -> None:
    merged = r"\trowd\clvmgf\cellx1\clmgf\cellx2\clmrg\cellx3"
    below = r"\trowd\clvmrg\cellx1\cellx2\cellx3"
    inner = (
        rf"before\par{merged}\pard\intbl tall\cell wide\par more\cell\cell\row"
        rf"{below}\pard\intbl\cell 1\cell 2\cell\row\pard after\par"
    )
    before, table, after = _blocks(inner)
    assert table.rows == (("tall", "wide more", "wide more"), ("tall", "1", "2"))
    assert (before.text, after.text) == ("before", "after")


def test_a_table_in_a_table_stands_in_its_cell() -> None:
    inner = (
        r"\trowd\cellx1\cellx2\pard\intbl a\cell\pard\intbl\itap2 x\nestcell y\nestcell"
        r"{\*\nesttableprops\trowd\cellx1\nestrow}{\nonesttables\par}\pard\intbl b\cell\row\pard"
    )
    (table,) = _blocks(inner)
    assert table.rows == (("a", "x y b"),)


def test_notes_and_running_lines() -> None:
    inner = (
        r"{\header head\par}{\headerf head\par}{\footer page 1\par}"
        r"words{\super 1{\footnote {\super 1} the note}} end\par next\par"
    )
    assert [(block.kind, block.text) for block in _blocks(inner)] == [
        (BlockKind.HEADER, "head"),
        (BlockKind.PARAGRAPH, "words1 end"),
        (BlockKind.PARAGRAPH, "1 the note"),
        (BlockKind.PARAGRAPH, "next"),
        (BlockKind.FOOTER, "page 1"),
    ]


def test_binary_pictures_are_stepped_over() -> None:
    assert _text(b"a{\\pict\\bin12 }}}}{{{{\\par}b") == "ab"


def test_what_stands_behind_the_document_is_no_text() -> None:
    assert running_text(parsed("a.rtf", rb"{\rtf1 words}{\trailer more}")) == "words"


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    result = parsed("a.rtf", rb"{\rtf1 one\par{\b two")
    assert [block.text for block in result.blocks] == ["one", "two"]
    assert result.notes == ("The end of the file is missing.",)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"{\\rtf1 " + b"{" * 100_000, FileDamaged),
        (b"{\\rtf1 {\\pict\\bin999999999 a}}", FileEmpty),
        (b"{\\rtf1 \\", FileEmpty),
        (b"words and no RTF", FileDamaged),
    ],
    ids=["deep", "endless picture", "nothing", "another type"],
)
def test_damaged_files(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed("a.rtf", content)


def test_numbers_without_measure_do_no_harm() -> None:
    assert _text(r"\uc9999999999\ilvl9999999999\s-9999999999\outlinelevel99\f-1\u9999999999 ?a\'zz\fs b") != ""


DOCUMENTS = Path(__file__).parents[4] / "shared" / "documents"


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")
def test_real_documents() -> None:
    various = parsed("a.rtf", (DOCUMENTS / "testRTFVarious.rtf").read_bytes())
    text = running_text(various)
    assert all(
        words in text for words in ("ゾルゲと尾崎、淡々と最期", "𐌲𐌿𐍄𐌹𐍃𐌺", "Here is a text box", "This is a footnote.")
    )
    assert text.count("Here is a text box") == 1
    assert [table.rows[1] for table in of_kind(various, BlockKind.TABLE)] == [
        ("Row 2 Col 1", "Row 2 Col 2", "Row 2 Col 3")
    ]
    lists = parsed("a.rtf", (DOCUMENTS / "list_complex.rtf").read_bytes())
    assert [block.text for block in of_kind(lists, BlockKind.LIST_ITEM)][:5] == [
        *("1. One", "2. Two", "  a. Three", "  b. Four", "    i. Five"),
    ]
    plain = parsed("a.rtf", (DOCUMENTS / "fake-doc.rtf").read_bytes())
    assert [block.level for block in of_kind(plain, BlockKind.HEADING)] == [1]
    assert [table.rows[2] for table in of_kind(plain, BlockKind.TABLE)] == [("Row 2, Cell 1", "Row 2, Cell 2")]
