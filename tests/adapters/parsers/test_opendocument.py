"""OpenDocument: texts and presentations."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from diglot.domain.errors import FileDamaged, PasswordNeeded
from diglot.domain.parsed import BlockKind, Parsed
from tests.adapters.parsers.crafting import zipped
from tests.adapters.parsers.reading_here import parsed, running_text

_SPACES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            *(("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style")),
            *(("svg", "svg-compatible"), ("presentation", "presentation"), ("chart", "chart")),
        )
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)

LISTS = (
    '<text:list-style style:name="L">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")" text:display-levels="2"/>'
    '<text:list-level-style-bullet text:level="3" text:bullet-char="•"/></text:list-style>'
)


def _document(kind: str, body: str, styles: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    content = f"<office:automatic-styles>{LISTS}</office:automatic-styles><office:body><office:{kind}>{body}"
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {_SPACES}>{content}</office:{kind}></office:body>"
            "</office:document-content>",
            "styles.xml": f"<office:document-styles {_SPACES}>{styles}</office:document-styles>",
            **(parts or {}),
        }
    )


def _odt(body: str, styles: str = "", parts: Mapping[str, str] | None = None) -> Parsed:
    return parsed("a.odt", _document("text", body, styles, parts))


def _odp(*shapes: str, notes: str = "") -> Parsed:
    page = f"<draw:page>{''.join(shapes)}<presentation:notes>{notes}</presentation:notes></draw:page>"
    return parsed("a.odp", _document("presentation", page))


def _p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def _item(inner: str, marks: str = "") -> str:
    return f"<text:list-item {marks}>{inner}</text:list-item>"


def _list(*items: str, marks: str = 'text:style-name="L"') -> str:
    return f"<text:list {marks}>{''.join(items)}</text:list>"


def test_headings_and_paragraphs() -> None:
    titled = '<office:automatic-styles><style:style style:name="P1" style:family="paragraph" '
    styles = f'{titled}style:parent-style-name="Title"/></office:automatic-styles>'
    body = (
        _p("The <text:span>book</text:span>", "P1")
        + '<text:h text:outline-level="2">Part</text:h>'
        + _p("a\n   b<text:s text:c='2'/>c<text:tab/>d<text:line-break/>e")
        + '<text:section><text:h text:outline-level="1">Next</text:h></text:section>'
        + _p("")
    )
    result = _odt(body, styles)
    assert result.title == "The book"
    assert [(block.kind, block.text, block.level, block.anchor.headings) for block in result.blocks] == [
        (BlockKind.HEADING, "The book", 1, ("The book",)),
        (BlockKind.HEADING, "Part", 2, ("The book", "Part")),
        (BlockKind.PARAGRAPH, "a b  c\td\ne", 0, ("The book", "Part")),
        (BlockKind.HEADING, "Next", 1, ("Next",)),
    ]


def test_headings_are_numbered_by_the_outline() -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
    )
    headings = ((1, "a"), (2, "b"), (2, "c"), (1, "d"), (2, "e"))
    body = "".join(f'<text:h text:outline-level="{level}">{text}</text:h>' for level, text in headings)
    assert [block.text for block in _odt(body, outline).blocks] == ["I. a", "I.1 b", "I.2 c", "II. d", "II.1 e"]


def test_lists_are_numbered() -> None:
    inner = _list(_item(_p("b")), _item(_p("c") + _list(_item(_p("d")))), marks="")
    body = (
        _list(_item(_p("a") + inner), _item(_p("e") + _p("more")), _item(_p("f"), 'text:start-value="7"'))
        + _p("between")
        + _list(_item(_p("g")), marks='text:style-name="L" text:continue-numbering="true"')
        + _list(_item(_list(_item(_p("h")))), _item(_p("i")))
    )
    assert running_text(_odt(body)).split("\n") == [
        *("1. a", "  1.a) b", "  1.b) c", "    - d", "2. e", "  more", "7. f", "between", "", "8. g"),
        *("  1.a) h", "1. i"),
    ]


def test_tables() -> None:
    def cell(text: str, marks: str = "") -> str:
        return f"<table:table-cell {marks}>{_p(text)}</table:table-cell>"

    nested = f"<table:table><table:table-row>{cell('x')}{cell('y')}</table:table-row></table:table>"
    covered = "<table:covered-table-cell/>"
    rows = (
        cell("head", 'table:number-columns-spanned="2"') + covered + cell("z"),
        cell("tall", 'table:number-rows-spanned="2"') + cell("1") + f"<table:table-cell>{nested}</table:table-cell>",
        covered + cell("2", 'table:number-columns-repeated="2"'),
    )
    inner = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows[1:])
    (table,) = _odt(
        f"<table:table><table:table-header-rows><table:table-row>{rows[0]}</table:table-row>"
        f"</table:table-header-rows>{inner}</table:table>"
    ).blocks
    assert table.rows == (("head", "head", "z"), ("tall", "1", "x y"), ("tall", "2", "2"))


def test_a_table_of_one_cell_is_a_frame() -> None:
    body = f"<table:table><table:table-row><table:table-cell>{_p('a')}{_p('b')}</table:table-cell></table:table-row>"
    assert [block.text for block in _odt(f"{body}</table:table>").blocks] == ["a", "b"]


def test_notes_boxes_and_what_is_left_out() -> None:
    note = f"<text:note><text:note-citation>1</text:note-citation><text:note-body>{_p('the note')}</text:note-body>"
    comment = f"<office:annotation>{_p('a comment')}</office:annotation>"
    box = f"<draw:frame><draw:text-box>{_p('boxed')}</draw:text-box></draw:frame>"
    picture = "<draw:frame><draw:image/><svg:title>Picture1</svg:title><svg:desc>A red duck</svg:desc></draw:frame>"
    body = (
        f"<text:tracked-changes><text:changed-region><text:deletion>{_p('deleted')}</text:deletion>"
        "</text:changed-region></text:tracked-changes>" + _p(f"wo{comment}rd{note}</text:note>s{box} end") + _p(picture)
    )
    assert [(block.kind, block.text) for block in _odt(body).blocks] == [
        (BlockKind.PARAGRAPH, "words end"),
        (BlockKind.PARAGRAPH, "the note"),
        (BlockKind.PARAGRAPH, "boxed"),
        (BlockKind.FIGURE, "A red duck"),
    ]


def test_running_lines_stand_at_the_edges_once() -> None:
    masters = "".join(
        f"<style:master-page>{edge}</style:master-page>"
        for edge in (
            f"<style:header>{_p('head')}</style:header><style:footer>{_p('7')}</style:footer>",
            f"<style:header-left>{_p('head')}</style:header-left><style:footer>{_p('foot')}</style:footer>",
        )
    )
    result = _odt(_p("text"), masters)
    assert [(block.kind, block.text) for block in result.blocks] == [
        (BlockKind.HEADER, "head"),
        (BlockKind.PARAGRAPH, "text"),
        (BlockKind.FOOTER, "foot"),
    ]


def test_charts_and_formulas() -> None:
    def cell(text: str) -> str:
        return f"<table:table-cell>{_p(text)}</table:table-cell>"

    chart = (
        f"<office:document-content {_SPACES}><chart:title>{_p('Ducks')}</chart:title>"
        f"<table:table><table:table-row>{cell('')}{cell('seen')}</table:table-row>"
        f"<table:table-row>{cell('2023')}{cell('160')}</table:table-row></table:table></office:document-content>"
    )
    formula = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi>E</mi><mo>=</mo><mi>m</mi></mrow>'
        "<annotation>E = m</annotation></semantics></math>"
    )
    frames = "".join(f'<draw:frame><draw:object xlink:href="./Object {one}"/></draw:frame>' for one in (1, 2, 3))
    result = _odt(_p(frames), parts={"Object 1/content.xml": chart, "Object 2/content.xml": formula})
    assert [block.text for block in result.blocks] == ["Ducks", "|  | seen |\n| --- | --- |\n| 2023 | 160 |", "E = m"]


def test_the_title_of_the_properties() -> None:
    properties = f"<office:document-meta {_SPACES}><dc:title>Stated</dc:title></office:document-meta>"
    assert _odt(_p("text"), parts={"meta.xml": properties}).title == "Stated"


def test_slides_in_reading_order_with_their_notes() -> None:
    def frame(text: str, at: str = "", role: str = "", name: str = "") -> str:
        said = f'presentation:class="{role}" ' if role else ""
        return f'<draw:frame draw:name="{name}" {said}{at}><draw:text-box>{_p(text)}</draw:text-box></draw:frame>'

    def at(left: str, top: str) -> str:
        return f'svg:x="{left}" svg:y="{top}"'

    result = _odp(
        frame("low", at("1cm", "15cm")),
        f"<draw:g><draw:custom-shape draw:name='right' {at('20cm', '5cm')}>{_p('right')}</draw:custom-shape></draw:g>",
        frame("left", at("10mm", "2in"), name="Box"),
        frame("Head", at("0cm", "0cm"), "title"),
        frame("3", at("0cm", "18cm"), "page-number"),
        notes=frame("say this", role="notes"),
    )
    assert (result.title, result.page_count) == ("Head", 1)
    assert [(block.kind, block.text, block.anchor.shape) for block in result.blocks] == [
        (BlockKind.HEADING, "Head", None),
        (BlockKind.PARAGRAPH, "left", "Box"),
        (BlockKind.PARAGRAPH, "right", None),
        (BlockKind.PARAGRAPH, "low", None),
        (BlockKind.PARAGRAPH, "say this", "notes"),
    ]
    assert {(block.anchor.slide, block.anchor.headings) for block in result.blocks} == {(1, ("Head",))}


def test_an_encrypted_document_needs_its_password() -> None:
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    with pytest.raises(PasswordNeeded):
        _odt(_p("text"), parts={"META-INF/manifest.xml": manifest})


@pytest.mark.parametrize(
    "content",
    [
        zipped({"mimetype": "application/vnd.oasis.opendocument.text"}),
        zipped({"content.xml": "<office"}),
        _document("presentation", "<draw:page/>"),
        _document("text", "<text:section>" * 300 + _p("deep") + "</text:section>" * 300),
        _document("text", "<text:list><text:list-item>" * 300 + "</text:list-item></text:list>" * 300),
        b"no archive",
    ],
    ids=["nothing", "no XML", "another kind", "deep", "deep lists", "no archive"],
)
def test_damaged_documents(content: bytes) -> None:
    with pytest.raises(FileDamaged, match=r"^The file is damaged"):
        parsed("a.odt", content)


def test_repeated_cells_do_not_explode() -> None:
    cell = f'<table:table-cell table:number-columns-repeated="999999999">{_p("x")}</table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="999999999">{cell}{cell}</table:table-row>'
    spaces = _p('a<text:s text:c="999999999"/>b')
    found = _odt(f"{spaces}<table:table>{row}</table:table>")
    assert len(running_text(found)) < 10_000_000


DOCUMENTS = Path(__file__).parents[4] / "shared" / "documents"


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")
def test_a_real_document() -> None:
    result = parsed("a.odt", (DOCUMENTS / "text_document_01.odt").read_bytes())
    assert result.title == "Title"
    assert [block.text for block in result.blocks if block.kind is BlockKind.HEADING] == [
        *("Title", "heading level 1.0", "Heading level 2: A", "Heading level 2: B"),
    ]
    assert [block.text for block in result.blocks if block.kind is BlockKind.LIST_ITEM] == [
        *("1. numbered list 1", "2. numbered list 2", "  - bullet list 2.1", "  - bullet list 2.2"),
        *("    - bullet list 2.2.1", "  - bullet list 2.3", "- numbered list 3", "    - bullet list 3.0.1"),
    ]
