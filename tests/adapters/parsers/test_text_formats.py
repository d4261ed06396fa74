"""Text, Markdown, tables of text, JSON, XML and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diglot.domain.errors import FileEmpty
from diglot.domain.parsed import BlockKind
from tests.adapters.parsers.reading_here import of_kind, parsed, running_text

MARKDOWN = """\
---
title: "The guide"
---
# Lake *and* line #
Intro right below.

## [Stations](http://x.example)

- one
- two

```python
# no heading
x = 1
```
### Deep

| a | b |
| - | - |

# Other
end
"""


def test_plain_text_is_kept_as_it_stands() -> None:
    text = "one\n\n\n  two\t three\nfour"
    result = parsed("a.txt", text.encode())
    assert [block.text for block in result.blocks] == [text]
    assert (result.blocks[0].anchor.start, result.blocks[0].anchor.end) == (0, len(text))


def test_long_text_says_where_its_parts_stand() -> None:
    text = "\n".join(f"line {number} of a long text" for number in range(2000)) + "x" * 5000
    (block,) = parsed("a.txt", text.encode()).blocks
    assert [text[span.start : span.end] for span in block.spans] == [
        text[span.anchor.start : span.anchor.end] for span in block.spans
    ]
    assert "".join(block.text[span.start : span.end] for span in block.spans) == text
    assert max(span.end - span.start for span in block.spans) <= 2000


@pytest.mark.parametrize("content", [b"", b"  \n\t", b"\x00\x00", b"\xef\xbb\xbf"])
def test_nothing_is_said_to_be_empty(content: bytes) -> None:
    with pytest.raises(FileEmpty):
        parsed("a.txt", content)


def test_markdown_keeps_its_raw_text() -> None:
    result = parsed("a.md", MARKDOWN.encode())
    assert running_text(result) == MARKDOWN.rstrip("\n")
    assert result.title == "The guide"


def test_markdown_headings_and_their_paths() -> None:
    result = parsed("a.md", MARKDOWN.encode())
    assert [(block.level, block.anchor.headings) for block in of_kind(result, BlockKind.HEADING)] == [
        (1, ("Lake and line",)),
        (2, ("Lake and line", "Stations")),
        (3, ("Lake and line", "Stations", "Deep")),
        (1, ("Other",)),
    ]
    assert [block.kind for block in result.blocks if block.anchor.headings[1:] == ("Stations",)] == [
        BlockKind.HEADING,
        BlockKind.LIST_ITEM,
        BlockKind.CODE,
    ]


@given(st.text(st.sampled_from("#`~-| \n\tab1.*>"), max_size=300))
def test_any_markdown_comes_back_whole(text: str) -> None:
    if not text.strip():
        return
    result = parsed("a.md", text.encode())
    assert running_text(result) == text.strip("\n").rstrip() or running_text(result).strip() == text.strip()
    for block in result.blocks:
        assert text[block.anchor.start : block.anchor.end] == block.text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'name,note\nAda,"a, b"\n'),
        ("a.csv", "name;note\nAda;a, b\n"),
        ("a.tsv", "name\tnote\nAda\ta, b\n"),
        ("a.csv", "name|note\nAda|a, b\n"),
    ],
)
def test_delimited_text_is_a_table(name: str, text: str) -> None:
    (block,) = parsed(name, text.encode()).blocks
    assert block.kind is BlockKind.TABLE
    assert block.rows == (("name", "note"), ("Ada", "a, b"))
    assert block.text == "| name | note |\n| --- | --- |\n| Ada | a, b |"
    assert [span.anchor.cells for span in block.spans] == ["A1:B1", "A2:B2"]
    assert [block.text[span.start : span.end] for span in block.spans][1] == "| Ada | a, b |"


def test_a_csv_of_one_column_stays_text() -> None:
    (block,) = parsed("a.csv", b"one\ntwo\n").blocks
    assert (block.kind, block.text) == (BlockKind.PARAGRAPH, "one\ntwo\n")


def test_csv_fields_may_be_long_and_quotes_wrong() -> None:
    long = "x" * 300_000
    assert long in running_text(parsed("a.csv", f"a,b\n1,{long}\n".encode()))
    assert "never closed" in running_text(parsed("a.csv", b'a,b\n1,"never closed\n2,3\n'))


def test_readable_json_stays_and_one_long_line_is_laid_out() -> None:
    readable = '{\n  "name": "茶"\n}'
    assert running_text(parsed("a.json", readable.encode())) == readable
    assert running_text(parsed("a.json", b'{"name": "\\u8336"}')) == readable
    broken = '{"name": "\\u8336"'
    assert running_text(parsed("a.json", broken.encode())) == broken


def test_xml_says_its_text_with_the_names_of_short_elements() -> None:
    content = b"<lands><land><name>Chile</name><p>A long <b>thin</b> country.</p></land><!-- no --></lands>"
    assert running_text(parsed("a.xml", content)) == "name: Chile\nA long thin country."


def test_opml_says_the_texts_of_its_outlines() -> None:
    content = b"""<?xml version="1.0"?><opml version="2.0"><head><title>Trips</title></head><body>
    <outline text="Alps &amp; lakes"><outline text="The rack railway"/></outline><outline/></body></opml>"""
    assert running_text(parsed("a.opml", content)) == "Trips\nAlps & lakes\nThe rack railway"


@pytest.mark.parametrize("content", ["<a><b>text</a>", "<a/>", "words only", "<a b='only an attribute'/>"])
def test_xml_that_says_nothing_is_kept_as_text(content: str) -> None:
    assert running_text(parsed("a.xml", content.encode())) == content


def test_properties_lose_their_escapes() -> None:
    text = "greeting=\\u4f60\\u597d \\ud83d\\ude00 \\ud800\n"
    assert running_text(parsed("a.properties", text.encode())) == "greeting=你好 😀 \ufffd"


@pytest.mark.parametrize(
    ("text", "rows", "cells"),
    [
        ("sep=;\na;b\n1,5;2,5\n", (("a", "b"), ("1,5", "2,5")), "A2:B3"),
        ("'a','b, c'\n'it''s',2\n", (("a", "b, c"), ("it's", "2")), "A1:B2"),
        ("it's,a\nb's,c\n", (("it's", "a"), ("b's", "c")), "A1:B2"),
        ("Prices\n\na;b\n1,5;2,5\n3;4\n", (("Prices", ""), ("a", "b"), ("1,5", "2,5"), ("3", "4")), "A1:B5"),
        ('a,b\n"x\ny",2\n"p;q;r",3\n', (("a", "b"), ("x\ny", "2"), ("p;q;r", "3")), "A1:B3"),
        ("\ufeffa;b\n1;2\n", (("a", "b"), ("1", "2")), "A1:B2"),
    ],
)
def test_dialects_of_csv(text: str, rows: tuple[tuple[str, ...], ...], cells: str) -> None:
    (block,) = parsed("a.csv", text.encode()).blocks
    assert block.rows == rows
    assert block.anchor.cells == cells


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "cp932", "cp949", "utf-16", "utf-16-le"])
def test_csv_in_any_encoding(encoding: str) -> None:
    words = {
        "big5": "傳染病通報作業流程",
        "cp932": "吾輩は猫である。名前はまだ無い",
        "cp949": "모든 국민은 인간으로서의 존엄과",
    }
    text = words.get(encoding, "第一条为了保护劳动者的合法权益")
    content = "".join(f"{text};{number}\n" for number in range(20)).encode(encoding)
    (block,) = parsed("a.csv", content).blocks
    assert block.rows[0] == (text, "0")
