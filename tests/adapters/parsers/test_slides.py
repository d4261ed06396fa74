"""PowerPoint."""

from diglot.domain.parsed import BlockKind
from tests.adapters.parsers.crafting import pptx, shape
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
