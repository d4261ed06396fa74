"""Pages that are pictures in files inside a file: each known by a number, in its place, and shown by that number."""

import io
from collections.abc import Callable
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from diglot.adapters.parsers import reading, wire
from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.domain.errors import FormatUnreadable
from diglot.domain.parsed import BlockKind, Parsed, file_of, page_of, scans_in_words
from diglot.domain.picture import Picture
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.crafting import pdf_of_contents, zipped
from tests.adapters.parsers.crafting_ole import letter, ole
from tests.adapters.parsers.reading_here import of_kind

DRAWN = b"0 0 1 rg %d 50 400 400 re f"
WRITTEN = b"BT /F1 10 Tf 72 700 Td (Words that are written in the file itself.) Tj ET"
MIXED = pdf_of_contents([DRAWN % 50, WRITTEN, DRAWN % 90])


def png(width: int, height: int, shade: int) -> bytes:
    content = io.BytesIO()
    Image.new("L", (width, height), shade).save(content, "PNG")
    return content.getvalue()


PHOTO, ICON = png(300, 200, 77), png(64, 64, 10)


def mail_with(*attached: tuple[str, bytes], subject: str = "Lake", inner: EmailMessage | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail.set_content("Hello.")
    if inner is not None:
        mail.add_attachment(inner)
    for name, content in attached:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def an_eml() -> bytes:
    inner = mail_with(("photo.png", PHOTO), subject="Inner")
    return mail_with(("icon.png", ICON), ("a.txt", b"text"), ("mixed.pdf", MIXED), inner=inner).as_bytes()


def a_message() -> bytes:
    attached = {
        f"__attach_version1.0_#{number:08X}": letter({0x3701: content, 0x3707: name})
        for number, (name, content) in enumerate([("photo.png", PHOTO), ("mixed.pdf", MIXED)])
    }
    return ole(letter({0x1000: "Hello."}) | attached)


def a_mailbox() -> bytes:
    mails = (mail_with(("photo.png", PHOTO)), mail_with(("photo.png", PHOTO), ("mixed.pdf", MIXED)))
    return b"\n".join(b"From a@b.c Sat Jan  3 01:05:34 1996\n" + mail.as_bytes() for mail in mails)


def an_archive() -> bytes:
    return zipped({"a.md": "# Head", "scans/mixed.pdf": MIXED, "mail.eml": an_eml(), "b.zip": zipped({"p.png": PHOTO})})


def read(name: str, content: bytes) -> Parsed:
    return reading.read(name, content, ParseLimits(), unpacks=True)


def shown(name: str, content: bytes, scan: int) -> Picture:
    return wire.decode_picture(reading.picture(name, content, ParseLimits(), scan, unpacks=True))


CASES: dict[str, tuple[Callable[[], bytes], list[tuple[str, int, bytes]]]] = {
    "a.eml": (
        an_eml,
        [("Inner.eml/photo.png", 1, PHOTO), ("mixed.pdf", 1, MIXED), ("mixed.pdf", 3, MIXED)],
    ),
    "a.msg": (a_message, [("photo.png", 1, PHOTO), ("mixed.pdf", 1, MIXED), ("mixed.pdf", 3, MIXED)]),
    "a.mbox": (
        a_mailbox,
        [
            ("message 1/photo.png", 1, PHOTO),
            ("message 2/photo.png", 1, PHOTO),
            ("message 2/mixed.pdf", 1, MIXED),
            ("message 2/mixed.pdf", 3, MIXED),
        ],
    ),
    "a.zip": (
        an_archive,
        [
            ("scans/mixed.pdf", 1, MIXED),
            ("scans/mixed.pdf", 3, MIXED),
            ("mail.eml/Inner.eml/photo.png", 1, PHOTO),
            ("mail.eml/mixed.pdf", 1, MIXED),
            ("mail.eml/mixed.pdf", 3, MIXED),
            ("b.zip/p.png", 1, PHOTO),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_page_has_a_number_by_which_it_is_shown(name: str) -> None:
    make, expected = CASES[name]
    content = make()
    result = read(name, content)
    scans = of_kind(result, BlockKind.SCAN)
    assert [(block.anchor.part, block.anchor.page) for block in scans] == [(part, page) for part, page, _ in expected]
    assert result.scans == tuple(block.level for block in scans)
    assert len({file_of(scan) for scan in result.scans}) == len({part for part, _, _ in expected})
    for scan, (part, page, alone) in zip(result.scans, expected, strict=True):
        assert page_of(scan) == page
        assert shown(name, content, scan) == shown(part, alone, page)


def test_a_page_stands_among_the_other_pages_of_its_file() -> None:
    result = read("a.eml", mail_with(("mixed.pdf", MIXED)).as_bytes())
    words = [(block.kind, block.text) for block in result.blocks if block.anchor.part]
    assert words == [
        (BlockKind.SCAN, ""),
        (BlockKind.PARAGRAPH, "Words that are written in the file itself."),
        (BlockKind.SCAN, ""),
    ]
    assert scans_in_words(result) == "1, 3 of mixed.pdf"
    assert result.notes == ()


def test_icons_are_left_out() -> None:
    result = read("a.eml", mail_with(("icon.png", ICON)).as_bytes())
    assert (result.scans, result.notes) == (
        (),
        ("The attachment icon.png was skipped: The image is too small to hold text.",),
    )
    assert read("icon.png", ICON).scans == (1,)


@pytest.mark.parametrize("scan", [100_001, 200_001, 900_001])
def test_a_number_of_no_page_shows_nothing(scan: int) -> None:
    with pytest.raises(FormatUnreadable, match="no pages that could be shown"):
        shown("a.eml", mail_with(("a.txt", b"text")).as_bytes(), scan)


@pytest.mark.parametrize("unpacks", [True, False])
def test_in_a_child_as_the_server_does_it(tmp_path: Path, unpacks: bool) -> None:
    path = tmp_path / "blob"
    path.write_bytes(mail_with(("a.zip", zipped({"photo.png": PHOTO})), ("photo.png", PHOTO)).as_bytes())
    with closing(SandboxedParser(unpacks=unpacks)) as parser:
        scans = parser.parse(path, "a.eml", ParseLimits(), lambda: False).scans
        assert len(scans) == 1 + unpacks
        for scan in scans:
            found = parser.picture(path, "a.eml", scan, ParseLimits(), lambda: False)
            assert found == shown("photo.png", PHOTO, 1)
