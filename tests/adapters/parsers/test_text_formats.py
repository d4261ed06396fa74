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


@pytest.mark.parametrize("content", ["<a><b>text</a>", "<a/>", "words only", "<a b='only an attribute'/>"])
def test_xml_that_says_nothing_is_kept_as_text(content: str) -> None:
    assert running_text(parsed("a.xml", content.encode())) == content


def test_properties_lose_their_escapes() -> None:
    text = "greeting=\\u4f60\\u597d \\ud83d\\ude00 \\ud800\n"
    assert running_text(parsed("a.properties", text.encode())) == "greeting=你好 😀 \ufffd"
