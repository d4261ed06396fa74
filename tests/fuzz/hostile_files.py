"""Files that want to hurt, made by code, and what each of them must be told."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from typing import NamedTuple

from tests.adapters.parsers.crafting import docx, paragraph, pdf, pdf_of_contents, pptx, shape, xlsx, zipped

TIME_OR_MEMORY = r"(takes more than \d+ seconds|needs more than [\d,]+ MB of memory)"
PARTS = r"more than [\d,]+ parts"
NO_TEXT = "(is empty|holds no text|No text was recognised)"
DAMAGED = "damaged"
LOCKED = "password"
WORDS = b"BT /F1 9 Tf 72 700 Td (words) Tj ET"

_ENTITIES = "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
BOMB = f"<!DOCTYPE x [<!ENTITY a0 'boom boom'>{_ENTITIES}]><x>&a9;</x>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>before &e; after</x>'
_FAR = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'
_LOCKED_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000
_ODS = "urn:oasis:names:tc:opendocument:xmlns"


class Hostile(NamedTuple):
    """`says` is a pattern for the reason of failure; None: there is text in it all the same, and it must be read."""

    make: Callable[[], bytes]
    says: str | None = None


def encrypted(content: bytes) -> bytes:
    """Every entry's flag of encryption set, in the directory."""
    return _directory(content, lambda entry: struct.pack_into("<H", entry, 8, 1))


def claiming(content: bytes, packed: int, size: int) -> bytes:
    """Every entry says in the directory that it has these sizes."""
    return _directory(content, lambda entry: struct.pack_into("<II", entry, 20, packed, size))


def _directory(content: bytes, change: Callable[[bytearray], None]) -> bytes:
    file = bytearray(content)
    place = 0
    while (place := file.find(b"PK\x01\x02", place)) >= 0:
        entry = file[place : place + 46]
        if len(entry) == 46:
            change(entry)
        file[place : place + 46] = entry
        place += 46
    return bytes(file)


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """Eight bits of grey; `data` is what is compressed in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_part(kind, body) for kind, body in parts)


def _png_part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def ods(table: str) -> bytes:
    """`table` is what stands in the only sheet."""
    spaces = " ".join(f'xmlns:{name}="{_ODS}:{name}:1.0"' for name in ("office", "table", "text"))
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0"/>',
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="a">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        },
        zipfile.ZIP_STORED,
    )


def pdf_with(filters: bytes, stream: bytes, catalog: bytes = b"", page: bytes = b"") -> bytes:
    """A page whose contents go through filters; without a table of places, so that it must be mended."""
    return (
        b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R %s >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R %s\n"
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>\nendobj\n"
        b"4 0 obj\n<< /Length %d /Filter %s >>\nstream\n%s\nendstream\nendobj\n"
        b"trailer\n<< /Root 1 0 R >>\n%%%%EOF\n" % (catalog, page, len(stream), filters, stream)
    )


def _locked_pdf() -> bytes:
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <" + b"00" * 32 + b"> /U <" + b"00" * 32 + b"> /P -1 >> "
    return pdf_of_contents([b"BT ET"]).replace(b"<< /Size", b"<< " + lock + b"/Size")


def _page_loop() -> bytes:
    return pdf_of_contents([b"BT ET"]).replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]")


def _form_loop() -> bytes:
    """A form that draws itself twice, and a page that draws the form."""
    form = b"/F Do /F Do"
    return (
        b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /XObject << /F 4 0 R >> >> >>\nendobj\n"
        b"4 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 4 0 R >> >> "
        b"/Length %d >>\nstream\n%s\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%%%EOF\n" % (len(form), form)
    )


def _paragraphs() -> bytes:
    """A few characters each, so different that they pack like any text."""
    return docx("".join(paragraph(f"{number * 7919 % 999_983:x}") for number in range(600_000)))


def _twice_deflated() -> bytes:
    """300 million spaces."""
    packer = zlib.compressobj(1)
    inner = b"".join(packer.compress(b" " * 10_000_000) for _ in range(30)) + packer.flush()
    return pdf_with(b"[/FlateDecode /FlateDecode]", zlib.compress(inner))


def _shared_strings() -> bytes:
    """One long text that eight thousand cells show."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 8001))
    target = io.BytesIO(xlsx(rows))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        text = "long words " * 2900
        archive.writestr(
            "xl/sharedStrings.xml",
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1">'
            f"<si><t>{text}</t></si></sst>",
        )
    return target.getvalue()


def _archive(names: list[str]) -> bytes:
    return zipped({"word/document.xml": "<x/>", **dict.fromkeys(names, b"root:x:0:0")}, zipfile.ZIP_STORED)


def _nested_multiparts() -> bytes:
    begins = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(3000))
    return f"From: a@example.org\r\nSubject: words\r\n{begins}Content-Type: text/plain\r\n\r\nwords".encode()


def _mail_in_mail(depth: int) -> bytes:
    message = EmailMessage()
    message["Subject"] = "innermost words"
    message.set_content("words")
    for number in range(depth):
        outer = EmailMessage()
        outer["Subject"] = f"mail {number}"
        outer["From"] = "a@example.org"
        outer.set_content("words")
        outer.add_attachment(message)
        message = outer
    return message.as_bytes()


def _zip_in_zip(depth: int) -> bytes:
    content = b"words"
    for number in range(depth):
        content = zipped({f"{number}.zip": content})
    return content


def _endless_tiff() -> bytes:
    """A directory of pictures whose next one is itself."""
    tags = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (278, 1), (279, 1)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 8)


def _epub(chapter: str, link: str) -> bytes:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        f'<item id="c" href="{link}" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/><itemref idref="c"/></spine></package>'
    )
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "content.opf": package}
    return zipped(parts | {"chapter.xhtml": chapter}, zipfile.ZIP_STORED)


REFUSED: dict[str, Hostile] = {
    "ratio.docx": Hostile(lambda: docx(paragraph("x" * 40_000_000)), "unpacks to more than 200 times its size"),
    "sizes.docx": Hostile(lambda: claiming(docx(""), 1 << 20, 190 << 20), "unpacks to more than 500 MB"),
    "entries.docx": Hostile(lambda: _archive([f"word/{n}" for n in range(10_001)]), "more than 10,000 parts"),
    "lies.docx": Hostile(lambda: claiming(docx(paragraph("x" * 900)), 300, 100), DAMAGED),
    "paragraphs.docx": Hostile(_paragraphs, f"{TIME_OR_MEMORY}|{PARTS}"),
    "locked.docx": Hostile(lambda: encrypted(docx(paragraph("x"))), LOCKED),
    "locked too.docx": Hostile(lambda: _LOCKED_OLE, LOCKED),
    "dtd.docx": Hostile(lambda: zipped({"word/document.xml": BOMB}), "document type"),
    "outside.docx": Hostile(lambda: zipped({"word/document.xml": OUTSIDE}), "document type"),
    "escaping.docx": Hostile(lambda: _archive(["../../../etc/passwd", "/etc/passwd", "word/../../x"]), NO_TEXT),
    "half.docx": Hostile(lambda: docx(paragraph("x") * 50)[:300], DAMAGED),
    "empty.docx": Hostile(lambda: docx(""), NO_TEXT),
    "renamed.docx": Hostile(lambda: _zip_in_zip(30), DAMAGED),
    "far.xlsx": Hostile(lambda: xlsx(_FAR), "far apart"),
    "shared.xlsx": Hostile(_shared_strings, f"more than 50,000,000 characters|{TIME_OR_MEMORY}"),
    "far by small letters.xlsx": Hostile(lambda: xlsx(_FAR.lower().replace('"a1"', "'a1'")), "far apart"),
    "beyond.xlsx": Hostile(lambda: xlsx(_FAR.replace("XFD1048576", "ZZZZ99999999")), "far apart"),
    "half.xlsx": Hostile(lambda: xlsx(_FAR)[:400], DAMAGED),
    "tables.docx": Hostile(
        lambda: docx("<w:tbl><w:tr><w:tc>" * 3000 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 3000), DAMAGED
    ),
    "groups.pptx": Hostile(lambda: pptx("<p:grpSp>" * 5000 + shape("x") + "</p:grpSp>" * 5000), DAMAGED),
    "multiparts.eml": Hostile(_nested_multiparts, "nested too deeply"),
    "half.pptx": Hostile(lambda: pptx(shape("text"))[:500], DAMAGED),
    "empty.pptx": Hostile(lambda: pptx(""), NO_TEXT),
    "operators.pdf": Hostile(
        lambda: pdf_of_contents([b"BT /F1 9 Tf " + b"(words words) Tj " * 2_500_000 + b"ET"]), TIME_OR_MEMORY
    ),
    "locked.pdf": Hostile(_locked_pdf, LOCKED),
    "head alone.pdf": Hostile(lambda: b"%PDF-1.7\n", DAMAGED),
    "no page.pdf": Hostile(lambda: pdf([[]]), NO_TEXT),
    "page loop.pdf": Hostile(_page_loop, f"{DAMAGED}|{NO_TEXT}"),
    "form loop.pdf": Hostile(_form_loop, f"{DAMAGED}|{NO_TEXT}|{TIME_OR_MEMORY}"),
    "jbig2.pdf": Hostile(
        lambda: pdf_with(b"/JBIG2Decode", random.Random(3).randbytes(4000)), f"{DAMAGED}|{NO_TEXT}|no pages"
    ),
    "deflated.pdf": Hostile(_twice_deflated, f"{TIME_OR_MEMORY}|{NO_TEXT}|{DAMAGED}"),
    "pages.pdf": Hostile(
        lambda: (
            pdf_of_contents([b"BT ET"])
            .replace(b"/Kids [6 0 R]", b"/Kids [" + b"6 0 R " * 12_000 + b"]")
            .replace(b"/Count 1 ", b"/Count 12000 ")
        ),
        "more than 10,000 pages",
    ),
    "noise.pdf": Hostile(lambda: b"%PDF-1.4\n" + random.Random(1).randbytes(100_000), DAMAGED),
    "blocks.md": Hostile(lambda: b"a\n\n" * 450_000, f"{PARTS}|{TIME_OR_MEMORY}"),
    "long.txt": Hostile(lambda: b"four words and more " * 2_600_000, "more than 50,000,000 characters"),
    "empty.txt": Hostile(lambda: b"", NO_TEXT),
    "zeros.txt": Hostile(lambda: b"\0" * 100_000, NO_TEXT),
    "spaces.html": Hostile(lambda: b" \n \n", NO_TEXT),
    "scripts.html": Hostile(lambda: b"<script>var words;</script><style>p{}</style>", NO_TEXT),
    "wide.png": Hostile(lambda: png(20_000, 20_000), "pixels"),
    "half.png": Hostile(lambda: png(100, 100, b"\0" * 10_100)[:60], f"{DAMAGED}|cannot be decoded"),
    "head alone.png": Hostile(lambda: b"\x89PNG\r\n\x1a\n", DAMAGED),
    "endless.tif": Hostile(_endless_tiff, f"{DAMAGED}|{NO_TEXT}|pages"),
    "colour.jpg": Hostile(lambda: b"\xff\xd8\xff\xe0" + random.Random(4).randbytes(5000), DAMAGED),
}
READ: dict[str, Hostile] = {
    name: Hostile(make)
    for name, make in {
        "deep.html": lambda: b"<div>" * 200_000 + b"words",
        "deep tables.html": lambda: b"<table><tr><td>" * 30_000 + b"words",
        "lists.html": lambda: b"<ul><li>" * 30_000 + b"words",
        "attributes.html": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">words</p>",
        "long attribute.html": lambda: b"<p title='" + b"x" * 10_000_000 + b"'>words</p>",
        "span.html": lambda: b"<table><tr><td colspan=999999999 rowspan=999999999>words</td></tr></table>",
        "spans.html": lambda: b"<table>" + b"<tr><td colspan=1000 rowspan=60000>w</td></tr>" * 500 + b"</table>",
        "open.html": lambda: b"<" * 500_000 + b"words",
        "comments.html": lambda: b"<!--" * 200_000 + b"--> words",
        "character.html": lambda: b"<p>words &#x110000; &#xd800; &#0; &#99999999999999;</p>",
        "deep.json": lambda: b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
        "number.json": lambda: b'{"words": ' + b"9" * 500_000 + b"}",
        "exponent.json": lambda: b'{"words": 1e999999999, "n": -1e-999999999, "i": Infinity}',
        "surrogates.json": lambda: rb'{"words": "\ud800 \udfff \u0000"}',
        "keys.json": lambda: b'{"words": 1' + b', "k": 2' * 200_000 + b"}",
        "truncated.json": lambda: b'{"a": [1, 2',
        "deep.xml": lambda: b"<a>" * 100_000 + b"words" + b"</a>" * 100_000,
        "bomb.xml": lambda: BOMB.encode(),
        "bomb.html": lambda: BOMB.encode(),
        "outside.xml": lambda: OUTSIDE.encode(),
        "outside.html": lambda: OUTSIDE.encode(),
        "entity.xml": lambda: b"<!DOCTYPE x [<!ENTITY e 'more'>]><x><y>words</y>&e;</x>",
        "attribute.xml": lambda: b'<a b="' + b"x" * 11_000_000 + b'">words</a>',
        "attributes.xml": lambda: b"<a " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b">words</a>",
        "encoding.xml": lambda: b'<?xml version="1.0" encoding="no-such"?><a>words</a>',
        "long.csv": lambda: b"a,b\n" + b'"' + b"x" * 1_000_000,
        "wide.csv": lambda: b",".join([b"1"] * 200_000) + b"\n1,2",
        "quotes.csv": lambda: b"words\n" + b'"' * 300_001,
        "fences.md": lambda: b"```\n" * 100_000 + b"words",
        "quotes.md": lambda: b">" * 100_000 + b" words",
        "emphasis.md": lambda: b"*a **a _b " * 40_000 + b"words",
        "marks.md": lambda: (b"# " + b"[" * 20_000 + b" words\n") * 5,
        "bomb.yaml": lambda: b"a: &a [words]\n" + b"".join(b"b%d: [*a,*a]\n" % n for n in range(99)),
        "backslashes.properties": lambda: b"words=\\u00e9\\ud800" * 20_000,
        "odd.txt": lambda: b"\xff\xfew\0o\0r\0d\0s\0\x00\xd8x",
        "cut.txt": lambda: "字".encode() * 1000 + "词".encode()[:2],
        "controls.txt": lambda: bytes(range(1, 32)) * 100 + b"words",
        "page named.docx": lambda: b"<!doctype html><html><body>words</body></html>",
        "pdf named.txt": lambda: b"words %PDF-1.4 words",
        "charset.eml": lambda: b"From: a@example.org\nContent-Type: text/plain; charset=no-such\n\nwords",
        "headers.eml": lambda: b"From: a@example.org\n" + b"X-Words: y\n" * 200_000 + b"\nwords",
        "header.eml": lambda: b"From: a@example.org\nSubject: " + b"=?utf-8?b?d29yZHM=?= " * 40_000 + b"\n\nwords",
        "recipients.eml": lambda: b"From: a@example.org\nTo: " + b"<b@example.org>, " * 60_000 + b"\n\nwords",
        "mails.eml": lambda: _mail_in_mail(12),
        "base64.eml": lambda: b"From: a@b.org\nSubject: words\nContent-Transfer-Encoding: base64\n\n" + b"A=" * 100_000,
        "styles.docx": lambda: docx(
            paragraph("words", '<w:pStyle w:val="a"/>'),
            {
                "styles.xml": '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
                '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
            },
        ),
        "span.docx": lambda: docx(
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr>'
            + paragraph("words")
            + "</w:tc></w:tr></w:tbl>"
        ),
        "date.xlsx": lambda: xlsx('<row r="1"><c r="A1"><v>1e308</v></c><c r="B1" t="d"><v>99999-99-99</v></c></row>'),
        "mediabox.pdf": lambda: pdf_of_contents([WORDS]).replace(b"[0 0 600 800]", b"[0 0 9e30 -9e30]"),
        "table of places.pdf": lambda: pdf_of_contents([WORDS]).replace(b"startxref\n", b"startxref\n99999999999"),
        "kerned.pdf": lambda: pdf_of_contents([b"BT /F1 9 Tf 72 700 Td [" + b"(words) -9999 " * 20_000 + b"] TJ ET"]),
    }.items()
}
# Text or a reason, now or at the door, as the reader can; what they must not do is leak, hang or crash.
EITHER: dict[str, Hostile] = {
    name: Hostile(make)
    for name, make in {
        "repeated.ods": lambda: ods(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            'table:number-columns-repeated="16384" office:value-type="string"><text:p>words</text:p>'
            "</table:table-cell></table:table-row>"
        ),
        "far.ods": lambda: ods(
            '<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
            'table:number-columns-repeated="16383"/></table:table-row><table:table-row><table:table-cell '
            'table:number-columns-repeated="16383"/><table:table-cell office:value-type="string">'
            "<text:p>words</text:p></table:table-cell></table:table-row>"
        ),
        "nul.csv": lambda: b"a\0,b\nwords,\0\n",
        "escaping.epub": lambda: _epub("<html><body>words</body></html>", "../../../../etc/passwd"),
        "outside.epub": lambda: _epub(OUTSIDE, "chapter.xhtml"),
        "bomb.epub": lambda: _epub(BOMB, "chapter.xhtml"),
        "deep.rtf": lambda: b"{\\rtf1 " + b"{" * 100_000 + b"words" + b"}" * 100_000 + b"}",
        "unicode.rtf": lambda: b"{\\rtf1 \\u99999999999? \\'zz words \\bin999999999 }",
        "from.mbox": lambda: b"From a@example.org Mon Jan  1 00:00:00 2024\nSubject: words\n\n" * 20_000,
        "noise.doc": lambda: _LOCKED_OLE[:512] + random.Random(5).randbytes(20_000),
        "noise.msg": lambda: _LOCKED_OLE[:512] + random.Random(6).randbytes(20_000),
        "noise.ppt": lambda: _LOCKED_OLE[:512] + random.Random(7).randbytes(20_000),
        "noise.xls": lambda: _LOCKED_OLE[:512] + random.Random(8).randbytes(20_000),
        "zipped.txt": lambda: b"\x1f\x8b\x08\0" + zlib.compress(b"words" * 1000),
        "program.exe": lambda: b"MZ\x90\0" + random.Random(9).randbytes(5000),
    }.items()
}
