"""What a file is: content first, name second."""

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from diglot.adapters.parsers.sandbox import SandboxedParser
from tests.adapters.parsers.crafting import Piece, docx, ole, paragraph, pdf, pptx, shape, xlsx, zipped

PDF = pdf([[Piece(72, 700, "text")]])
DOCX = docx(paragraph("text"))
XLSX = xlsx('<row r="1"><c r="A1"><v>1</v></c></row>')
PPTX = pptx(shape("text"))
WEB_ARCHIVE = b"""Date: Sat, 21 Nov 2026 10:00:00 +0000 (UTC)
Subject: Exported
MIME-Version: 1.0
Content-Type: multipart/related;
\tboundary="part"

--part
Content-Type: text/html; charset=UTF-8

<html><body><h1>Rack railway</h1><p>It climbs.</p></body></html>
--part--
"""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
ODT = zipped({"mimetype": "application/vnd.oasis.opendocument.text"}, zipfile.ZIP_STORED)
EPUB = zipped({"mimetype": "application/epub+zip"}, zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("name", "head", "extension"),
    [
        ("a.txt", b"text", "txt"),
        ("A.TXT", b"text", "txt"),
        ("a.htm", b"<p>text", "html"),
        ("a.markdown", b"# text", "md"),
        ("archive.tar.md", b"# text", "md"),
        ("a.py", b"print()", "py"),
        ("a.yml", b"a: b", "yaml"),
        ("README", b"text", "txt"),
        ("a.pdf", PDF, "pdf"),
        ("a.pdf", b"", "pdf"),
        ("a.pdf", b"\r\n\r\n" + PDF, "pdf"),
        ("a.docm", DOCX, "docx"),
        ("a.txt", PDF, "pdf"),
        ("a.bin", PDF, "pdf"),
        ("a.pdf", b"<!DOCTYPE html><html><body>Not found", "html"),
        ("a.doc", b"<html xmlns:o='urn'><head>", "html"),
        ("a.xls", b"<html><table>", "html"),
        ("a.xls", b"<?xml version='1.0'?><Workbook>", "xml"),
        ("a.xls", b"Name\tPrice\r\nTea\t3.5\r\n", "csv"),
        ("a.xlsx", "Name;Preis\nTee;3,5 €\n".encode("cp1252"), "csv"),
        ("a.xls", "Name\tPrice\n".encode("utf-16"), "csv"),
        ("a.xls", b"\t\x08\x10 of a damaged workbook", "xls"),
        ("a.doc", "Wörter".encode("cp1252"), "txt"),
        ("a.doc", WEB_ARCHIVE, "eml"),
        ("a.xls", XLSX, "xlsx"),
        ("a.docx", XLSX, "xlsx"),
        ("a.xlsx", PPTX, "pptx"),
        ("a.zip", DOCX, "docx"),
        ("a.txt", "文字".encode("utf-16"), "txt"),
        ("a.txt", "some words".encode("utf-16-le"), "txt"),
        ("a.txt", "文字，没有标记".encode("gb18030"), "txt"),
        ("a.xls", OLE, "xls"),
        ("a.docx", OLE, "docx"),
        ("a.doc", OLE, "doc"),
        ("a.xls", ole("1Table", "WordDocument", "\x05SummaryInformation", "Data"), "doc"),
        ("a.doc", ole("Workbook", inside="WordDocument"), "xls"),
        ("a.bin", ole("Current User", "PowerPoint Document"), "ppt"),
        ("a.xlsx", ole("EncryptionInfo", "EncryptedPackage"), "xlsx"),
        ("a.txt", ole("Unknown"), None),
        ("a.docx", ODT, "odt"),
        ("a.docx", EPUB, "epub"),
        ("a.txt", rb"{\rtf1 words}", "rtf"),
        ("a.doc", b"\r\n{\\rtf1 words}", "rtf"),
        ("a.doc", b"<?xml version='1.0'?><w:wordDocument>", "xml"),
        # The reader says what is wrong with these.
        ("a.pdf", b"no pdf at all", "pdf"),
        ("a.docx", b"no docx at all", "docx"),
        # Kinds that nobody reads.
        ("a.exe", b"MZ\x90\x00", None),
        ("a.xyz", b"text", None),
        ("a.xyz", b"", None),
        ("a.png", b"\x89PNG\r\n\x1a\n", "png"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "png"),
        ("a.txt", random.Random(1).randbytes(1000), None),
        ("a.zip", zipped({"photo.jpg": b"x"}), None),
        ("", b"", None),
        (".", b"", None),
        (".txt", b"text", None),
    ],
)
def test_type(name: str, head: bytes, extension: str | None) -> None:
    found = SandboxedParser().file_type(name, head[:4096])
    assert (found.extension if found else None) == extension


def test_every_extension_has_a_type() -> None:
    parser = SandboxedParser()
    extensions = parser.extensions()
    assert extensions == sorted(set(extensions))
    assert {"txt", "md", "mdx", "html", "htm", "csv", "json", "xml", "pdf", "docx", "xlsx", "xls", "pptx"} <= set(
        extensions
    )
    for extension in extensions:
        found = parser.file_type(f"name.{extension}")
        assert found is not None
        assert "/" in found.media_type


def test_making_a_parser_loads_no_reader() -> None:
    """The API's process makes one only to ask for types."""
    code = (
        "import sys, json\n"
        "from diglot.adapters.parsers.sandbox import SandboxedParser\n"
        "SandboxedParser().file_type('a.pdf', b'%PDF-1.4')\n"
        "heavy = ('lxml', 'pypdfium2', 'python_calamine', 'chardet')\n"
        "print(json.dumps([name for name in heavy if name in sys.modules]))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=Path(__file__).parent)
    assert json.loads(said.stdout) == []
