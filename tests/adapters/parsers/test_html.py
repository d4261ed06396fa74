"""HTML pages."""

# ruff: noqa: E501 - a page

import time

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


@pytest.mark.parametrize(
    "table",
    [
        "<table role=presentation><tr><td>{}</td><td>{}</td></tr></table>",
        "<table><tr><td><p>{}</p><p>more</p></td><td>{}</td></tr></table>",
        "<table><tr><td>{}</td></tr><tr><td>{}<blockquote>x</blockquote><p>y</p></td></tr></table>",
        "<table border=0><tr><td>{}<td>x<tr><td>y<td>{}<table><tr><td>z</table></table>",
        "<table><thead><tr><th>{}<th>x<tbody><tr><td><h3>{}</h3><td>y</table>",
    ],
)
def test_what_stands_in_a_layout_table_are_blocks_in_order(table: str) -> None:
    found = parsed("a.html", table.format("first", "second").encode())
    assert [block.text for block in found.blocks if block.text in {"first", "second"}] == ["first", "second"]
    assert not of_kind(found, BlockKind.TABLE)


INNER = "<table><tr><th>Tea</th><th>Price</th></tr><tr><td>Green</td><td>3</td></tr></table>"


def test_data_in_a_layout_table_is_a_table_of_its_own() -> None:
    page = f"<table><tr><td>menu<td><p>before</p>{INNER}behind<td><table><tr><td>{INNER}</td></tr></table></table>"
    found = parsed("a.html", page.encode())
    assert [(block.kind, block.rows or block.text) for block in found.blocks] == [
        (BlockKind.PARAGRAPH, "menu"),
        (BlockKind.PARAGRAPH, "before"),
        (BlockKind.TABLE, (("Tea", "Price"), ("Green", "3"))),
        (BlockKind.PARAGRAPH, "behind"),
        (BlockKind.TABLE, (("Tea", "Price"), ("Green", "3"))),
    ]
    assert [page[block.anchor.start : block.anchor.end][:3] for block in of_kind(found, BlockKind.TABLE)] == ["Tea"] * 2


@pytest.mark.parametrize(
    "outer", ["<table border=1><tr>", "<table><caption>c</caption><tr>", "<table><tr><th>h<th>i<tr>"]
)
def test_data_in_a_cell_of_data_is_words_of_that_cell(outer: str) -> None:
    (table,) = of_kind(parsed("a.html", f"{outer}<td>x<td>{INNER}</table>".encode()), BlockKind.TABLE)
    assert table.rows[-1] == ("x", "Tea Price Green 3")
    assert table.text.count("Green") == 1


def test_blocks_in_cells_keep_their_words_apart() -> None:
    page = "<table><tr><td>x<td><dl><dt>Tea<dd>a drink<dt>Cup<dd>a vessel</dl><tr><td><pre>1</pre><td>y</table>"
    (table,) = parsed("a.html", page.encode()).blocks
    assert table.rows == (("x", "Tea a drink Cup a vessel"), ("1", "y"))


def test_layout_tables_in_layout_tables_cost_little() -> None:
    before = time.process_time()
    page = "<table><tr><td>a<td>b" * 500 + "<p>words" * 100_000
    assert running_text(parsed("a.html", page.encode())).count("words") == 100_000
    assert time.process_time() - before < 10


def test_spans_cannot_blow_a_table_up() -> None:
    cell = "<td colspan=999999999 rowspan=99999>x</td>"
    result = parsed("a.html", f"<table>{f'<tr>{cell}<td>y</td></tr>' * 50}</table>".encode())
    assert len(running_text(result)) < 500_000


def texts(page: str) -> list[str]:
    return [block.text for block in parsed("a.html", page.encode()).blocks]


def test_the_marked_main_content_is_preferred() -> None:
    around = "<header>Site</header><div>menu menu</div>{}<footer>Imprint</footer>"
    assert texts(around.format("<main><h1>A</h1><p>the words of it</p></main>")) == ["A", "the words of it"]
    assert texts(around.format("<div role=main><p>the words of it</p></div>")) == ["the words of it"]
    assert texts("<h1>T</h1>" + around.format("<article>one <article>two</article></article>")) == ["T", "one", "two"]
    several = "<article>first</article><article>second</article>"
    assert texts(around.format(several)) == ["Site", "menu menu", "first", "second"]
    # A main part that scripts would fill is not all there is.
    assert texts("<main>...</main><p>all the words of this page</p>") == ["...", "all the words of this page"]


@pytest.mark.parametrize(
    "unseen",
    [
        "<aside>bar</aside>",
        "<footer>imprint</footer>",
        '<div role="navigation">menu</div>',
        '<span aria-hidden="true">¶</span>',
        '<span class="a mw-editsection">[edit]</span>',
        '<p style="color: red; display: none">no</p>',
        "<p hidden>no</p>",
        "<ruby><rt>reading</rt></ruby>",
    ],
)
def test_what_is_no_content_is_left_out(unseen: str) -> None:
    assert texts(f"<p>before</p>{unseen}<p>behind</p>") == ["before", "behind"]


def test_a_remark_in_the_main_content_stays() -> None:
    assert texts("<main><p>words</p><aside>Note: mind it</aside></main>") == ["words", "Note: mind it"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("10<sup>6</sup> m<sup>2</sup>", "10^6 m^2"),
        ("the 1<sup>st</sup> of H<sub>2</sub>O<sup>[4]</sup>", "the 1st of H2O[4]"),
        ('a <img src=x alt="brown duck"> and <img alt="IMG_1.JPG">', "a brown duck and"),
        ('<math><mi>x</mi><annotation encoding="application/x-tex">\\frac{x}{2}</annotation></math>', "$\\frac{x}{2}$"),
        ('<math alttext="{\\displaystyle x^{2}}"><mi>x</mi></math>.', "$x^{2}$ ."),
        ("<a href=/there>a link</a>, <b>bo</b>ld", "a link, bold"),
    ],
)
def test_words_inside_of_a_line(line: str, words: str) -> None:
    assert texts(f"<p>{line}</p>") == [words]
    (table,) = parsed("a.html", f"<table><tr><td>x</td><td>{line}</td></tr></table>".encode()).blocks
    assert table.rows == (("x", words),)


def test_lists_in_lists_and_after_them() -> None:
    page = "<ol start=3><li>a<ul><li>b</li></ul>still a</li><li><p>c</p><p>more</p></li></ol>end"
    assert running_text(parsed("a.html", page.encode())) == "3. a\n  - b\n   still a\n4. c\n   more\nend"
    (table,) = parsed("a.html", b"<table><tr><td>x<td><ol><li>a<li>b</ol><ul><li>c</ul></table>").blocks
    assert table.rows == (("x", "1. a 2. b - c"),)


def test_terms_stand_with_their_meaning() -> None:
    page = "<dl><dt>Tea</dt><dd>a drink</dd><dt>Cup</dt><dd>a vessel</dd></dl>"
    assert running_text(parsed("a.html", page.encode())) == "Tea\na drink\n\nCup\na vessel"


def test_captions_of_pictures() -> None:
    (caption,) = of_kind(parsed("a.html", b"<figure><img><figcaption>A duck</figcaption></figure>"), BlockKind.CAPTION)
    assert caption.text == "A duck"


def test_blocks_know_their_place_in_the_source() -> None:
    page = (
        "<nav>one</nav><script>if (a < b) { one }</script><!-- <p>one --><p title='one'>one  <b>&amp;</b>\n two</p>"
        "<p>one</p><table><tr><th>x<th>one</tr><tr></tr><tr><td>y<td>2</tr></table>"
    )
    first, second, table = parsed("a.html", page.encode()).blocks
    assert page[first.anchor.start : first.anchor.end] == "one  <b>&amp;</b>\n two"
    assert second.anchor.start == page.index("<p>one</p>") + 3
    assert [page[span.anchor.start : span.anchor.end] for span in table.spans] == ["x<th>one", "y<td>2"]
    assert page[table.anchor.start : table.anchor.end] == "x<th>one</tr><tr></tr><tr><td>y<td>2"


@pytest.mark.parametrize("piece", ["<!-- ", "<script>", "<", "<a b='", "&#1;", "<p>a<p hidden>b", "<sup>1"])
def test_places_cost_little_however_a_page_is_built(piece: str) -> None:
    before = time.process_time()
    assert "words" in running_text(parsed("a.html", ("<p>words" + piece * 100_000 + "</p>").encode()))
    assert time.process_time() - before < 10
