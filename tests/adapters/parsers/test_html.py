"""HTML pages."""

# ruff: noqa: E501 - a page

import pytest

from diglot.domain.errors import FileEmpty
from diglot.domain.parsed import BlockKind
from tests.adapters.parsers.reading_here import of_kind, parsed, running_text

PAGE = """<!DOCTYPE html><html><head><title> A  page </title><style>p { color: red }</style></head><body>
<nav><a href="/">Home</a></nav><script>var secret = 1</script>
<h1>Top</h1><p>First <b>bold</b>
words.<br>Second line.</p>
<h2>Lists</h2><ol><li>one<ul><li>inner</li></ul></li><li>two</li></ol>
<pre>  kept
    as is</pre>
<table><caption>Prices</caption><thead><tr><th>Tea</th><th colspan=2>Price</th></tr></thead>
<tr><td rowspan=2>Green</td><td>1|2</td><td>x</td></tr><tr><td>3</td><td>4<table><tr><td>in</td></tr></table></td></tr></table>
<div hidden>no</div><p style="display: none">no</p>
Loose words<p>last</p></body></html>"""


def test_a_page_in_order() -> None:
    result = parsed("a.html", PAGE.encode())
    assert result.title == "A page"
    assert running_text(result) == (
        "Top\n\nFirst bold words.\nSecond line.\n\nLists\n\n1. one\n  - inner\n2. two\n  kept\n    as is\n\nPrices\n\n"
        "| Tea | Price | Price |\n| --- | --- | --- |\n| Green | 1\\|2 | x |\n| Green | 3 | 4 in |\n\nLoose words\n\nlast"
    )
    assert [(block.text, block.level) for block in of_kind(result, BlockKind.HEADING)] == [("Top", 1), ("Lists", 2)]
    (table,) = of_kind(result, BlockKind.TABLE)
    assert table.anchor.headings == ("Top", "Lists")
    assert table.rows[2] == ("Green", "3", "4 in")


@pytest.mark.parametrize("tag", ["div", "b", "span", "ul><li", "blockquote"])
def test_nesting_has_no_end(tag: str) -> None:
    assert "deep words" in running_text(parsed("a.html", (f"<{tag}>" * 3000 + "deep words").encode()))


def test_tables_inside_tables_without_end() -> None:
    assert "deep" in running_text(parsed("a.html", ("<table><tr><td>a<td>b" * 1000 + "deep").encode()))


@pytest.mark.parametrize("content", ["<html></html>", "<script>x</script>", "<!-- only -->", "<nav>menu</nav>"])
def test_a_page_without_words_is_empty(content: str) -> None:
    with pytest.raises(FileEmpty):
        parsed("a.html", content.encode())


def test_a_layout_table_is_read_as_blocks() -> None:
    result = parsed("a.html", b"<table><tr><td><h2>Inside</h2><p>words</p></td></tr></table>")
    assert [block.kind for block in result.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_spans_cannot_blow_a_table_up() -> None:
    cell = "<td colspan=999999999 rowspan=99999>x</td>"
    result = parsed("a.html", f"<table>{f'<tr>{cell}<td>y</td></tr>' * 50}</table>".encode())
    assert len(running_text(result)) < 500_000
