"""Word documents."""

import pytest

from diglot.domain.errors import FileDamaged, PasswordNeeded
from diglot.domain.parsed import BlockKind
from tests.adapters.parsers.crafting import CHART, DIAGRAM, SPACES, M, W, docx, paragraph, relations, zipped
from tests.adapters.parsers.reading_here import of_kind, parsed, running_text

SPACE = f'xmlns:w="{W}"'
STYLES = f"""<w:styles {SPACE}>
<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="H2"/></w:style>
<w:style w:styleId="H2"><w:name w:val="Heading 2"/></w:style>
<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Loop"><w:name w:val="x"/><w:basedOn w:val="Loop"/></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering {SPACE}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
</w:numbering>"""


def styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def listed(text: str, number: int, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_headings_from_styles_and_what_they_are_based_on() -> None:
    body = styled("The title", "T") + styled("One", "H1") + styled("Two", "Mine") + styled("words", "Loop")
    result = parsed("a.docx", docx(body, {"styles.xml": STYLES}))
    assert result.title == "The title"
    assert [(block.text, block.level) for block in of_kind(result, BlockKind.HEADING)] == [
        ("The title", 1),
        ("One", 1),
        ("Two", 2),
    ]
    assert result.blocks[-1].anchor.headings == ("One", "Two")


def test_numbers_that_word_does_not_store() -> None:
    items = [
        listed("甲", 1),
        listed("x", 1, 1),
        listed("y", 1, 1),
        listed("乙", 1),
        listed("z", 1, 1),
        listed("dot", 2),
    ]
    result = parsed("a.docx", docx("".join(items), {"numbering.xml": NUMBERING}))
    assert running_text(result) == "第一条 甲\na) x\nb) y\n第二条 乙\na) z\n- dot"


def test_insertions_stay_and_deletions_go() -> None:
    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
    body = f"<w:p>{run('kept ')}<w:ins>{run('added ')}</w:ins>{deleted}<w:moveFrom>{run('moved ')}</w:moveFrom>"
    body += f"<w:hyperlink>{run('link')}</w:hyperlink></w:p>"
    assert running_text(parsed("a.docx", docx(body))) == "kept added link"


def test_text_boxes_are_read_once() -> None:
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    inside = f"<w:txbxContent>{paragraph('in the box')}</w:txbxContent>"
    choice = f"<mc:Choice>{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback>"
    body = f"<w:p><w:r><w:t>before</w:t><mc:AlternateContent {space}>{choice}</mc:AlternateContent></w:r></w:p>"
    assert running_text(parsed("a.docx", docx(body))) == "before\n\nin the box"


def test_tables_with_merged_cells_and_tables_inside() -> None:
    head = cell(paragraph("both"), '<w:gridSpan w:val="2"/>') + cell(paragraph("c"))
    one = cell(paragraph("down"), '<w:vMerge w:val="restart"/>') + cell(paragraph("1")) + cell(paragraph("2"))
    two = cell(paragraph(""), "<w:vMerge/>") + cell(table(cell(paragraph("in")) + cell(paragraph("ner")))) + cell("")
    (block,) = parsed("a.docx", docx(table(head, one, two))).blocks
    assert block.rows == (("both", "both", "c"), ("down", "1", "2"), ("down", "in ner", ""))


def test_a_frame_of_one_cell_is_text() -> None:
    result = parsed("a.docx", docx(table(cell(paragraph("first") + paragraph("second")))))
    assert [block.kind for block in result.blocks] == [BlockKind.PARAGRAPH] * 2


def test_notes_headers_and_footers() -> None:
    notes = f'<w:footnotes {SPACE}><w:footnote w:id="2">{paragraph("the note")}</w:footnote></w:footnotes>'
    body = '<w:p><w:r><w:t>text</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    links = relations(("r1", "header", "header1.xml"), ("r2", "header", "header2.xml"), ("r3", "footer", "footer1.xml"))
    header = f"<w:hdr {SPACE}>{paragraph('Company')}</w:hdr>"
    parts = {
        "footnotes.xml": notes,
        "header1.xml": header,
        "header2.xml": header,
        "footer1.xml": f"<w:ftr {SPACE}>{paragraph('7')}</w:ftr>",
        "_rels/document.xml.rels": links,
    }
    result = parsed("a.docx", docx(body, parts))
    assert [(block.kind, block.text) for block in result.blocks] == [
        (BlockKind.HEADER, "Company"),
        (BlockKind.PARAGRAPH, "text"),
        (BlockKind.PARAGRAPH, "the note"),
    ]


def test_damage_and_passwords_are_said() -> None:
    whole = docx(paragraph("text"))
    for content in (whole[:-30], whole[: len(whole) // 2], b"PK\x03\x04" + bytes(100), b"no zip at all"):
        with pytest.raises(FileDamaged, match="damaged"):
            parsed("a.docx", content)
    with pytest.raises(FileDamaged, match="no document"):
        parsed("a.docx", zipped({"word/other.xml": "<x/>"}))
    with pytest.raises(FileDamaged, match="not valid XML"):
        parsed("a.docx", docx("<w:p>"))
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    with pytest.raises(PasswordNeeded):
        parsed("a.docx", locked)


def test_a_part_that_is_not_what_its_checksum_says() -> None:
    content = zipped({"word/document.xml": "<a>" + "x" * 500 + "</a>"}, compression=0)
    with pytest.raises(FileDamaged, match="cannot be unpacked"):
        parsed("a.docx", content.replace(b"x" * 500, b"y" * 500))


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_lists_start_again_and_borrow_their_levels() -> None:
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride>'
    other = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%1"/></w:lvl>'
    numbering = f"""<w:numbering {SPACE}>
<w:abstractNum w:abstractNumId="0"><w:styleLink w:val="Mine"/>{level}</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Mine"/></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/>{again}</w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">{other}</w:lvlOverride></w:num>
</w:numbering>"""
    body = "".join(listed("x", number) for number in (1, 1, 2, 2, 1, 3, 4, 4))
    lines = running_text(parsed("a.docx", docx(body, {"numbering.xml": numbering}))).split("\n")
    assert lines == ["I. x", "II. x", "IV. x", "V. x", "III. x", "I. x", "① x", "② x"]


def test_rows_that_start_late_or_were_deleted() -> None:
    late = "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + cell(paragraph("b2"))
    gone = "<w:trPr><w:del/></w:trPr>" + cell(paragraph("gone")) * 2
    (block,) = parsed("a.docx", docx(table(cell(paragraph("a")) + cell(paragraph("b")), late, gone))).blocks
    assert block.rows == (("a", "b"), ("", "b2"))


def test_notes_of_a_table_follow_it() -> None:
    notes = f'<w:footnotes {SPACE}><w:footnote w:id="2">{paragraph("the note")}</w:footnote></w:footnotes>'
    noted = '<w:p><w:r><w:t>text</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    result = parsed("a.docx", docx(table(cell(noted) + cell(paragraph("x"))), {"footnotes.xml": notes}))
    assert [block.text for block in result.blocks][1:] == ["the note"]


def test_powers_hidden_text_and_empty_form_fields() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    field = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>" + run("field ") + "</w:sdtContent></w:sdt>"
    body = f"<w:p>{run('10')}{run('6', raised)} {run('1')}{run('st ', raised)}{run('gone', '<w:vanish/>')}"
    body += f"{field.format('<w:showingPlcHdr/>')}{field.format('')}</w:p>"
    block_field = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    result = parsed("a.docx", docx(body + block_field.format(paragraph("Click here"))))
    assert running_text(result) == "10^61st field"


def test_equations_pictures_charts_and_diagrams() -> None:
    links = relations(("r1", "chart", "charts/chart1.xml"), ("r2", "diagramData", "diagrams/data1.xml"))
    drawn = [
        '<wp:docPr xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" descr="A duck"/>',
        f'<c:chart {SPACES} r:id="r1"/>',
        f'<d:relIds {SPACES} r:dm="r2"/>',
        f'<c:chart {SPACES} r:id="nowhere"/>',
    ]
    inner = "".join(f"<w:r><w:drawing>{one}</w:drawing></w:r>" for one in drawn)
    equation = f'<m:oMathPara xmlns:m="{M}"><m:oMath><m:r><m:t>a=π</m:t></m:r></m:oMath></m:oMathPara>'
    parts = {"_rels/document.xml.rels": links, "charts/chart1.xml": CHART, "diagrams/data1.xml": DIAGRAM}
    result = parsed("a.docx", docx(f"<w:p>{equation}{inner}</w:p>", parts))
    assert [(block.kind, block.text) for block in result.blocks] == [
        (BlockKind.PARAGRAPH, "$$a=\\pi$$"),
        (BlockKind.FIGURE, "A duck"),
        (BlockKind.CAPTION, "Ducks by year"),
        (BlockKind.TABLE, "|  | Mallards |\n| --- | --- |\n| 2019 | 120 |\n| 2020 |  |"),
        (BlockKind.PARAGRAPH, "plan\nbuild"),
    ]


def test_blocks_know_their_place_in_the_running_text() -> None:
    body = styled("One", "H1") + listed("x", 2) + table(cell(paragraph("a")) + cell(paragraph("b")))
    result = parsed("a.docx", docx(body, {"styles.xml": STYLES, "numbering.xml": NUMBERING}))
    text = running_text(result)
    assert [text[block.anchor.start : block.anchor.end] for block in result.blocks] == [
        block.text for block in result.blocks
    ]


def test_a_page_kept_whole_inside_is_told_of() -> None:
    result = parsed("a.docx", docx(paragraph("text") + '<w:altChunk r:id="rId1"/>'))
    assert running_text(result) == "text"
    assert result.notes == ("A web page or document that is kept whole inside the document was left out.",)
