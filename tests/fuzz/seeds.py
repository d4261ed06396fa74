"""Small good files of every format, to be damaged."""

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.adapters.parsers.crafting import Piece, box, docx, paragraph, pdf, pptx, shape, xlsx, zipped
from tests.fuzz.hostile_files import ods, png

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "samples", ROOT.parent / "shared" / "documents")
LARGEST = 40_000
LARGEST_OF_OLD_OFFICE = 120_000
_OLD_OFFICE = frozenset({".doc", ".ppt", ".xls", ".msg"})
_PICTURES = {"jpg": "JPEG", "gif": "GIF", "tif": "TIFF", "bmp": "BMP", "webp": "WEBP"}


@cache
def seeds() -> dict[str, list[tuple[str, bytes]]]:
    """(name, content) of the files of each extension, in one order for good."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    for name, content in (*crafted().items(), *_real()):
        found.setdefault(name.rpartition(".")[2], []).append((name, content))
    return dict(sorted(found.items()))


def _real() -> Iterator[tuple[str, bytes]]:
    for folder in FOLDERS:
        for path in sorted(folder.glob("*")):
            most = LARGEST_OF_OLD_OFFICE if path.suffix in _OLD_OFFICE else LARGEST
            if ".truth." not in path.name and path.is_file() and path.stat().st_size < most:
                yield path.name, path.read_bytes()


def crafted() -> dict[str, bytes]:
    table = box(72, 400, [80.0, 80.0], 3, 20)
    return {
        "a.txt": "Some text, 也有中文。\n\n".encode() * 20,
        "a.md": b"# Head\n\ntext *more*\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx = 1\n```\n\n- one\n  - two\n"
        * 3,
        "a.html": b"<html><body><h1>Head</h1><p>text<table><tr><td rowspan=2>1<td>2<tr><td>3</table>" * 3,
        "a.csv": b'a,b\n1,"2\n3"\n' * 20,
        "a.tsv": b"a\tb\n1\t2\n" * 20,
        "a.json": b'{"a": [1, 2.5e3, {"b": "c\\u00e9"}], "d": null}',
        "a.jsonl": b'{"a": 1}\n{"a": "b"}\n' * 10,
        "a.xml": b"<?xml version='1.0'?><a b='c'><b>text</b><![CDATA[more]]></a>",
        "a.eml": b"From: a@example.org\r\nSubject: =?utf-8?b?d29yZHM=?=\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\n"
        b"Content-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--b--\r\n",
        "a.yaml": b"a: &x\n  - 1\n  - *x\n",
        "a.ini": b"[a]\nb = c\n",
        "a.properties": b"a.b = caf\\u00e9 \\\n  more\n",
        "a.py": b'"""Words."""\n\ndef act() -> None:\n    return None\n',
        "a.rtf": rb"{\rtf1\ansi{\fonttbl{\f0 Times;}}\f0\b Head\b0\par words \'e9 \u8364? \par}",
        "a.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>words\n",
        "a.pdf": pdf([[Piece(72, 700, "Head", 18), Piece(72, 650, "Some text")], [Piece(72, 700, "More")]], table),
        "a.docx": docx(paragraph("Some text") * 5 + f"<w:tbl><w:tr><w:tc>{paragraph('x')}</w:tc></w:tr></w:tbl>"),
        "a.xlsx": xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>' * 3),
        "a.ods": ods(
            '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" '
            'office:value-type="string"><text:p>words</text:p></table:table-cell></table:table-row>'
        ),
        "a.pptx": pptx(shape("Head", "title") + shape("text", at=(5, 5)) * 5, "notes"),
        "a.zip": zipped({"a.txt": "words", "b/c.html": "<p>words", "d.docx": docx(paragraph("words"))}),
        "a.png": png(60, 40, bytes(61) * 40),
        **_pictures(),
    }


def _pictures() -> dict[str, bytes]:
    """None without the library that the extra for images brings."""
    try:
        from PIL import Image
    except ImportError:
        return {}
    found = {}
    for extension, kind in _PICTURES.items():
        target = io.BytesIO()
        Image.new("L", (60, 40), 200).save(target, kind)
        found[f"a.{extension}"] = target.getvalue()
    return found
