"""Files made by code: plain ones with known content, and hostile ones."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping
from typing import NamedTuple

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
SPACES = f'xmlns:c="{_DRAWING}/chart" xmlns:d="{_DRAWING}/diagram" xmlns:a="{A}" xmlns:r="{R}"'
"""Of what is drawn in documents."""

CHART = f"""<c:chartSpace {SPACES}><c:chart>
<c:title><c:tx><c:rich><a:p><a:r><a:t>Ducks </a:t></a:r><a:r><a:t>by year</a:t></a:r></a:p></c:rich></c:tx></c:title>
<c:ser><c:tx><c:v>Mallards</c:v></c:tx><c:cat><c:pt idx="0"><c:v>2019</c:v></c:pt><c:pt idx="1"><c:v>2020</c:v></c:pt>
</c:cat><c:val><c:pt idx="0"><c:v>120</c:v></c:pt></c:val></c:ser></c:chart></c:chartSpace>"""
DIAGRAM = f"""<d:dataModel {SPACES}><a:p><a:r><a:t>plan</a:t></a:r></a:p><a:p><a:r><a:t>build</a:t></a:r></a:p><a:p/>
</d:dataModel>"""
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"


Links = Iterable[tuple[str, str, str]]
"""(id, kind, target) each."""


def zipped(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def relations(*links: tuple[str, str, str]) -> str:
    inner = "".join(f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{to}"/>' for name, kind, to in links)
    return f'<Relationships xmlns="{_LINKS}">{inner}</Relationships>'


def docx(body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """`body` is what stands in w:body; further parts by their names in the folder word."""
    more = {f"word/{name}": content for name, content in (parts or {}).items()}
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
            "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>',
            **more,
        }
    )


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx(sheet: str, name: str = "Sheet1") -> bytes:
    """`sheet` is what stands in sheetData."""
    workbook = f'<sheets><sheet name="{name}" sheetId="1" r:id="r1"/></sheets>'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}">{workbook}</workbook>',
            "xl/_rels/workbook.xml.rels": relations(("r1", "worksheet", "worksheets/sheet1.xml")),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{sheet}</sheetData></worksheet>',
        }
    )


def pptx(shapes: str, notes: str = "", parts: Mapping[str, str] | None = None, links: Links = ()) -> bytes:
    """One slide; `shapes` stands in its tree, `notes` are the speaker's. `links` of the slide lead to further `parts`,
    whose names are from the folder ppt on."""
    tree = "<p:cSld><p:spTree>{}</p:spTree></p:cSld>"
    spaces = f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("r1", "officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": f'<p:presentation {spaces}><p:sldIdLst><p:sldId id="1" r:id="r1"/></p:sldIdLst>'
            "</p:presentation>",
            "ppt/_rels/presentation.xml.rels": relations(("r1", "slide", "slides/slide1.xml")),
            "ppt/slides/slide1.xml": f"<p:sld {spaces}>{tree.format(shapes)}</p:sld>",
            "ppt/slides/_rels/slide1.xml.rels": relations(
                ("r1", "notesSlide", "../notesSlides/notesSlide1.xml"), *links
            ),
            "ppt/notesSlides/notesSlide1.xml": f"<p:notes {spaces}>{tree.format(shape(notes, 'body'))}</p:notes>",
            **{f"ppt/{name}": content for name, content in (parts or {}).items()},
        }
    )


def shape(text: str, role: str = "", at: tuple[int, int] | None = None) -> str:
    placeholder = f'<p:ph type="{role}"/>' if role else ""
    place = f'<a:xfrm><a:off x="{at[0]}" y="{at[1]}"/></a:xfrm>' if at else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="Box"/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr>'
        f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


class Piece(NamedTuple):
    """Text on a page, in points from its lower left corner; pages are 600 by 800."""

    left: float
    bottom: float
    text: str
    size: float = 10
    bold: bool = False


def pdf(pages: Iterable[Iterable[Piece]], drawing: str = "", title: str = "") -> bytes:
    """`drawing` are operators put on every page."""
    contents = []
    for page in pages:
        operators = [drawing]
        for piece in page:
            escaped = piece.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            font = "F2" if piece.bold else "F1"
            operators.append(f"BT /{font} {piece.size} Tf {piece.left} {piece.bottom} Td ({escaped}) Tj ET")
        contents.append("\n".join(operators).encode("cp1252"))
    return pdf_of_contents(contents, title)


def pdf_of_contents(contents: list[bytes], title: str = "") -> bytes:
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(contents)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({title}) >>".encode(),
    ]
    for number, content in enumerate(contents):
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
            b"/Contents %d 0 R >>" % (7 + 2 * number)
        )
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _numbered(bodies)


def ole(*names: str, inside: str = "") -> bytes:
    """An old Office container with empty streams on its top; `inside` is one in a folder."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    folder = [("folder", 1, free, 2 + len(names))] if inside else []
    streams = [
        (name, 2, at + 2 if at + 1 < len(names) else (len(names) + 1 if folder else free), free)
        for at, name in enumerate(names)
    ]
    entries = [("Root Entry", 5, free, 1), *streams, *folder, *([(inside, 2, free, free)] if inside else [])]
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, free, following, child).ljust(64, b"\0")
        for name, kind, following, child in entries
    )
    sectors = -(-len(directory) // 512)
    table = [0xFFFFFFFD, *range(2, sectors + 1), end]
    header = struct.pack("<8s16x5H6xIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0)
    header += struct.pack("<5I", 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    return header + struct.pack("<128I", *table, *[free] * (128 - len(table))) + directory.ljust(sectors * 512, b"\0")


def _numbered(bodies: list[bytes]) -> bytes:
    file, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(file)
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(bodies) + 1, table, len(bodies) + 1, start)
    )


def box(left: float, bottom: float, columns: list[float], rows: int, height: float) -> str:
    """Operators that draw a grid; `columns` are widths."""
    lines = [
        f"{left} {bottom + height * row} m {left + sum(columns)} {bottom + height * row} l S" for row in range(rows + 1)
    ]
    for index in range(len(columns) + 1):
        x = left + sum(columns[:index])
        lines.append(f"{x} {bottom} m {x} {bottom + height * rows} l S")
    return "\n".join(lines)
