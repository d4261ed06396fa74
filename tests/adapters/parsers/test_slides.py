"""PowerPoint."""

from diglot.domain.parsed import BlockKind
from tests.adapters.parsers.crafting import CHART, DIAGRAM, SPACES, pptx, shape
from tests.adapters.parsers.reading_here import parsed


def test_a_slide_in_reading_order_with_its_notes() -> None:
    inner = shape("right", at=(5_000_000, 2_000_000)) + shape("left", at=(100, 2_000_100))
    group = f"<p:grpSp><p:grpSpPr/>{inner}</p:grpSp>"
    shapes = (
        shape("low", at=(0, 4_000_000)) + group + shape("7", "sldNum", at=(0, 0)) + shape("Head", "title", at=(0, 0))
    )
    result = parsed("a.pptx", pptx(shapes, notes="say this"))
    assert (result.title, result.page_count) == ("Head", 1)
    assert [(block.kind, block.text, block.anchor.shape) for block in result.blocks] == [
        (BlockKind.HEADING, "Head", None),
        (BlockKind.PARAGRAPH, "left", "Box"),
        (BlockKind.PARAGRAPH, "right", "Box"),
        (BlockKind.PARAGRAPH, "low", "Box"),
        (BlockKind.PARAGRAPH, "say this", "notes"),
    ]
    assert {(block.anchor.slide, block.anchor.headings) for block in result.blocks} == {(1, ("Head",))}


def test_tables_with_merged_cells() -> None:
    def cell(text: str, marks: str = "") -> str:
        return f"<a:tc {marks}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    rows = [
        cell("a", 'gridSpan="2"') + cell("", 'hMerge="1"') + cell("b"),
        cell("c", 'rowSpan="2"') + cell("1") + cell("2"),
        cell("", 'vMerge="1"') + cell("3") + cell("4"),
    ]
    inner = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    frame = (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{inner}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    (table,) = parsed("a.pptx", pptx(frame)).blocks
    assert table.rows == (("a", "a", "b"), ("c", "1", "2"), ("c", "3", "4"))


def words(*paragraphs: str) -> str:
    return f"<p:sp><p:nvSpPr/><p:txBody>{''.join(f'<a:p>{one}</a:p>' for one in paragraphs)}</p:txBody></p:sp>"


def line(text: str, mark: str = "", level: int = 0) -> str:
    return f'<a:pPr lvl="{level}">{mark}</a:pPr><a:r><a:t>{text}</a:t></a:r>'


def test_bullets_and_numbers_are_shown() -> None:
    number, letter = '<a:buAutoNum type="arabicPeriod" startAt="3"/>', '<a:buAutoNum type="alphaUcParenBoth"/>'
    lines = [line("a", number), line("b", letter, 1), line("c", number), line("d", letter, 1), line("between")]
    body = words(*lines, line("e", number), line("f", '<a:buChar char="•"/>', 1), line("g", "<a:buNone/>"))
    (block,) = parsed("a.pptx", pptx(body)).blocks
    assert block.text == "3. a\n  (A) b\n4. c\n  (A) d\nbetween\n3. e\n  - f\ng"


def test_the_shape_says_what_its_paragraphs_do_not() -> None:
    styles = '<a:lstStyle><a:lvl1pPr><a:buAutoNum type="romanLcPeriod"/></a:lvl1pPr></a:lstStyle>'
    body = words(line("a"), line("b"), line("c", level=1)).replace("<p:txBody>", f"<p:txBody>{styles}")
    assert parsed("a.pptx", pptx(body)).blocks[0].text == "i. a\nii. b\nc"


def test_powers() -> None:
    raised = '<a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>6</a:t></a:r><a:r><a:t>2</a:t></a:r>'
    assert parsed("a.pptx", pptx(words(raised))).blocks[0].text == "10^62"


def test_groups_are_read_as_a_whole_and_placeholders_stand_where_their_layout_says() -> None:
    place = '<p:grpSpPr><a:xfrm><a:off x="0" y="3000000"/></a:xfrm></p:grpSpPr>'
    group = f"<p:grpSp>{place}{shape('inner low', at=(0, 9_000_000))}{shape('inner', at=(0, 0))}</p:grpSp>"
    shapes = shape("lowest", at=(0, 5_000_000)) + group + shape("body", "body") + shape("top", at=(0, 0))
    spaces = f'{SPACES} xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    layout = (
        f"<p:sldLayout {spaces}><p:cSld><p:spTree>{shape('', 'body', (0, 1_000_000))}</p:spTree></p:cSld></p:sldLayout>"
    )
    link = ("r9", "slideLayout", "../slideLayouts/slideLayout1.xml")
    result = parsed("a.pptx", pptx(shapes, "", {"slideLayouts/slideLayout1.xml": layout}, [link]))
    assert [block.text for block in result.blocks] == ["top", "body", "inner", "inner low", "lowest"]
    # Without the layout, the place of one shape is not known.
    assert parsed("a.pptx", pptx(shapes)).blocks[0].text == "lowest"


def test_charts_diagrams_and_described_pictures() -> None:
    frame = "<p:graphicFrame><a:graphic>{}</a:graphic></p:graphicFrame>"
    picture = '<p:pic><p:nvPicPr><p:cNvPr name="P" descr="{}"/></p:nvPicPr></p:pic>'
    shapes = [
        frame.format(f'<c:chart {SPACES} r:id="r2"/>'),
        frame.format(f'<d:relIds {SPACES} r:dm="r3"/>'),
        picture.format("A brown duck"),
        picture.format("IMG_7.png"),
        picture.format("A close up of a duck&#10;Description automatically generated"),
    ]
    links = [("r2", "chart", "../charts/chart1.xml"), ("r3", "diagramData", "../diagrams/data1.xml")]
    parts = {"charts/chart1.xml": CHART, "diagrams/data1.xml": DIAGRAM}
    result = parsed("a.pptx", pptx("".join(shapes), "", parts, links))
    assert [(block.kind, block.text) for block in result.blocks] == [
        (BlockKind.CAPTION, "Ducks by year"),
        (BlockKind.TABLE, "|  | Mallards |\n| --- | --- |\n| 2019 | 120 |\n| 2020 |  |"),
        (BlockKind.PARAGRAPH, "plan\nbuild"),
        (BlockKind.FIGURE, "A brown duck"),
    ]
