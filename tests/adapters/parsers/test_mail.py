"""Mails: what is shown of the headers, which of two bodies is taken, attachments by their own readers, hostile ones."""

import base64
import os
import time
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest

from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.domain.errors import FileDamaged, LimitExceeded, ParseFailed, ParserCrashed
from diglot.domain.parsed import BlockKind, Parsed
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.crafting import docx, paragraph, xlsx, zipped
from tests.adapters.parsers.reading_here import parsed, running_text

DOCUMENTS = Path(__file__).parents[4] / "shared" / "documents"
LIMITS = ParseLimits(wall_seconds=15, cpu_seconds=5, memory_bytes=600_000_000)


def a_mail(text: str | None = "Hello.", html: str | None = None, subject: str = "Lake") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Ann <ann@a.example>"
    mail["To"] = "Bob <bob@b.example>"
    mail["Subject"] = subject
    mail["X-Other"] = "unseen"
    if text is not None:
        mail.set_content(text)
    if html is not None:
        mail.set_content(html, subtype="html") if text is None else mail.add_alternative(html, subtype="html")
    return mail


def read(mail: EmailMessage | bytes, limits: ParseLimits | None = None) -> Parsed:
    return parsed("a.eml", mail if isinstance(mail, bytes) else mail.as_bytes(), limits)


def parts(result: Parsed) -> list[tuple[str | None, str]]:
    return [(block.anchor.part, block.text.strip()) for block in result.blocks]


def test_headers_then_text() -> None:
    result = read(a_mail("One.\n\nTwo.\n"))
    assert result.title == "Lake"
    assert parts(result) == [
        (None, "From: Ann <ann@a.example>\nTo: Bob <bob@b.example>\nSubject: Lake"),
        (None, "One.\n\nTwo."),
    ]
    whole = running_text(result)
    assert [whole[block.anchor.start : block.anchor.end] for block in result.blocks] == [
        block.text for block in result.blocks
    ]


def test_long_text_says_where_its_parts_stand() -> None:
    result = read(a_mail("\n".join(f"line {number} of a long letter" for number in range(500))))
    whole = running_text(result)
    body = result.blocks[1]
    assert len(body.spans) > 5
    assert all(body.text[span.start : span.end] == whole[span.anchor.start : span.anchor.end] for span in body.spans)


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (b"=?utf-8?b?5YWz5LqO?= =?utf-8?q?=E6=9C=8D?=", "关于服"),
        # One character in two encoded words, as some programs cut them.
        (b"=?gb2312?B?udg=?=\n =?gb2312?B?09o=?=", "关于"),
        (b"=?gb2312?B?udgJ0w==?=", None),
        ("关于服务器采购预算的确认".encode(), "关于服务器采购预算的确认"),
        (
            "关于三月份服务器采购预算的确认，请各位同事尽快回复".encode("gb18030"),
            "关于三月份服务器采购预算的确认，请各位同事尽快回复",
        ),
        (b"=?iso-8859-1?q?caf=E9?= at noon", "café at noon"),
        (b"=?no-such?q?caf?=", "caf"),
        (b"=?utf-8?b?A?=", "=?utf-8?b?A?="),
        (b"one\n\ttwo", "one two"),
    ],
)
def test_words_of_a_header(field: bytes, shown: str | None) -> None:
    title = read(b"Subject: " + field + b"\n\ntext").title
    assert title == shown if shown else title


def test_the_page_only_where_the_text_does_not_say_it() -> None:
    page = "<h1>Rain</h1><p>Hello <b>all</b>, water rose.</p>"
    assert len(read(a_mail("Rain\n\nHello all,\nwater rose.", page)).blocks) == 2
    both = read(a_mail("Your program shows no pages.", page))
    assert [(block.kind, block.text) for block in both.blocks[2:]] == [
        (BlockKind.HEADING, "Rain"),
        (BlockKind.PARAGRAPH, "Hello all, water rose."),
    ]
    assert [block.text for block in read(a_mail(None, page)).blocks[1:]] == ["Rain", "Hello all, water rose."]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "iso-2022-jp", "us-ascii", "no-such", "utf-16"])
def test_charsets(charset: str) -> None:
    words = "各位同事附件是三月份的表，在本周五前回信。" if charset != "iso-2022-jp" else "水位が上がりました。"
    real = {"us-ascii": "gb18030", "no-such": "utf-8"}.get(charset, charset)
    body = (words * 4).encode(real)
    head = f"From: a@a.example\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: ".encode()
    mail = head + b"base64\n\n" + base64.encodebytes(body) if charset == "utf-16" else head + b"8bit\n\n" + body
    assert parts(read(mail))[1] == (None, words * 4)


def test_attachments_are_read_by_their_readers() -> None:
    mail = a_mail()
    mail.add_attachment("# Head\n\ntext", filename="notes.md", subtype="markdown")
    mail.add_attachment(docx(paragraph("From Word")), maintype="application", subtype="octet-stream", filename="x.docx")
    mail.add_attachment(
        xlsx('<row r="1"><c r="A1"><v>7</v></c><c r="B1"><v>8</v></c></row>'),
        maintype="application",
        subtype="octet-stream",
        filename="关于.xlsx",
    )
    mail.add_attachment(b"\x89PNG\r\n\x1a\n\x00", maintype="image", subtype="png", filename="logo.png")
    mail.add_attachment(b"PK\x03\x04 broken", maintype="application", subtype="octet-stream", filename="y.docx")
    result = read(mail)
    assert [part for part, _ in parts(result)[2:]] == ["notes.md", "notes.md", "x.docx", "关于.xlsx"]
    assert parts(result)[2:5] == [("notes.md", "# Head"), ("notes.md", "text"), ("x.docx", "From Word")]
    assert result.blocks[2].anchor.headings == ("Head",)
    assert result.blocks[-1].anchor.sheet == "Sheet1"
    assert [note.partition(":")[0] for note in result.notes] == [
        "The attachment logo.png was skipped",
        "The attachment y.docx was skipped",
    ]


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="../../etc/passwd.txt"', "passwd.txt"),
        ('attachment; filename="C:\\\\dir\\\\note.txt"', "note.txt"),
        ('attachment; filename="=?utf-8?b?5YWz?=.txt"', "关.txt"),
        ("attachment; filename*=utf-8''%E9%A2%84.txt", "预.txt"),
        ("attachment; filename*0=no; filename*1=te.txt", "note.txt"),
        ("attachment; filename*1*=x'y", "x'y"),
        ("attachment", "part 1.txt"),
    ],
)
def test_names_of_attachments(disposition: str, name: str) -> None:
    boundary = b"Content-Type: multipart/mixed; boundary=b\nFrom: a@a.example\n\n--b\n\nbody\n--b\n"
    mail = boundary + f"Content-Disposition: {disposition}\n\nattached\n--b--\n".encode()
    assert parts(read(mail))[1:] == [(None, "body"), (name, "attached")]


def nested(levels: int, *, packed: bool) -> EmailMessage:
    mail = a_mail(f"level {levels}", subject=f"s{levels}")
    for level in range(levels - 1, -1, -1):
        outer = a_mail(f"level {level}", subject=f"s{level}")
        if packed:
            outer.add_attachment(
                mail.as_bytes(), maintype="application", subtype="octet-stream", filename=f"{level}.eml"
            )
        else:
            outer.add_attachment(mail)
        mail = outer
    return mail


@pytest.mark.parametrize("packed", [False, True])
def test_mails_in_mails_to_a_depth_of_three(packed: bool) -> None:
    result = read(nested(6, packed=packed))
    assert [text for _, text in parts(result) if text.startswith("level")] == [f"level {level}" for level in range(4)]
    assert parts(result)[-1][0] == ("0.eml/1.eml/2.eml" if packed else "s1.eml/s2.eml/s3.eml")
    assert any("nested too deeply" in note for note in result.notes)


def test_a_mail_with_too_many_parts() -> None:
    parts = b"--b\n\nx\n" * 50
    mail = b"From: a@a.example\nContent-Type: multipart/mixed; boundary=b\n\n" + parts + b"--b--\n"
    with pytest.raises(LimitExceeded, match="more than 40 parts"):
        read(mail, ParseLimits(archive_entries=40))


def test_attachments_share_the_mails_allowance() -> None:
    mail = a_mail()
    for number in range(4):
        mail.add_attachment("word " * 500, filename=f"{number}.txt")
    result = read(mail, ParseLimits(output_characters=6000))
    assert {part for part, _ in parts(result)} == {None, "0.txt", "1.txt"}
    assert len(result.notes) == 2


def test_an_attachment_that_surprises_its_reader_costs_only_itself() -> None:
    mail = a_mail()
    mail.add_attachment(b"x" * 10 + b"\xff" * 10, maintype="text", subtype="csv", filename="a.csv")
    mail.add_attachment(zipped({"word/document.xml": "<a>" * 100_000}), maintype="a", subtype="b", filename="b.docx")
    mail.add_attachment("last", filename="c.txt")
    assert parts(read(mail))[-1] == ("c.txt", "last")


@pytest.mark.parametrize(
    ("head", "extension"),
    [
        (b"From: a@a.example\nSubject: x\n\ntext", "eml"),
        (b"From ann Mon Mar  3\nReceived: by mx\nSubject: x\n\ntext", "eml"),
        (b"\r\nmime-version: 1.0\r\n\r\ntext", "eml"),
        (b"only words, and no field: none", "txt"),
        (b"", "eml"),
        (b"\x00\x01\x02\xff\xfe", None),
    ],
)
def test_type(head: bytes, extension: str | None) -> None:
    found = SandboxedParser().file_type("a.eml", head)
    assert (found.extension if found else None) == extension


def test_other_names_do_not_become_mails() -> None:
    found = SandboxedParser().file_type("a.txt", b"From: a@a.example\nSubject: x\n\ntext")
    assert found is not None
    assert found.media_type == "text/plain"


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")
@pytest.mark.parametrize(
    ("name", "title", "attached", "notes"),
    [
        ("zh_mail_gb2312.eml", "关于三月份服务器采购预算的确认", {"预算.csv"}, 0),
        ("eml_with_attachment.eml", "Email with Attachment", {"test.txt"}, 0),
        ("fake-email-attachment.eml", "Fake email with attachment", {"fake-attachment.txt"}, 0),
        ("email-with-image.eml", "email-with-image", {"unstructured_logo.png"}, 0),
    ],
)
def test_real_mails(name: str, title: str, attached: set[str], notes: int) -> None:
    result = parsed(name, (DOCUMENTS / name).read_bytes())
    assert result.title == title
    assert {block.anchor.part for block in result.blocks} - {None} == attached
    assert len(result.notes) == notes
    assert "\ufffd" not in running_text(result)


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxedParser]:
    with closing(SandboxedParser()) as parser:
        parser.start()
        yield parser


FROM = b"From: a@a.example\n"
MIXED = FROM + b"Content-Type: multipart/mixed; boundary=b\n\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(FROM + b"X-A: 1\n" * 1_000_000 + b"\nwords", id="many fields"),
        pytest.param(b"From: " + b"<(" * 2_000_000 + b"\n\nwords", id="endless field"),
        pytest.param(b"From: " + b"a\n " * 2_000_000 + b"\n\nwords", id="folded field"),
        pytest.param(b"Subject: " + b"=?" * 2_000_000 + b"\n\nwords", id="half words"),
        pytest.param(FROM + b"Content-Type: text/plain; " + b'a=";' * 2_000_000 + b"\n\nwords", id="parameters"),
        pytest.param(FROM + b"Content-Type: multipart/mixed\n\nwords", id="no boundary"),
        pytest.param(MIXED + b"words", id="boundary never comes"),
        pytest.param(MIXED + b"--b\n\nwords\n" * 5000, id="never closed"),
        pytest.param(MIXED + b"--b\n\nw\n" * 2_000_000, id="parts"),
        pytest.param(
            FROM + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000)),
            id="containers in containers",
        ),
        pytest.param(FROM + b"Content-Type: message/rfc822\n\n" * 20_000 + b"words", id="mails in mails"),
        pytest.param(FROM + b"Content-Transfer-Encoding: base64\n\n!" + b"A" * 4_000_001, id="broken base64"),
        pytest.param(FROM + b"Content-Type: text/plain; charset=punycode\n\n" + b"a-b9c" * 200_000, id="punycode"),
        pytest.param(FROM + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 666 a\n" + b"M" * 100, id="uuencode"),
        pytest.param(FROM + b"Content-Type: text/html\n\n" + b"<div>" * 200_000 + b"words", id="deep page"),
        pytest.param(FROM + b"Content-Type: message/delivery-status\n\nA: b\n\nC: d\n", id="delivery status"),
    ],
)
def test_hostile_mails_are_read_or_refused_in_good_time(
    parser: SandboxedParser, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "content"
    file.write_bytes(content)
    started = time.monotonic()
    try:
        found = parser.parse(file, "a.eml", LIMITS, lambda: False)
    except ParserCrashed:
        raise
    except (FileDamaged, LimitExceeded) as failure:
        sentence = failure.message
    else:
        sentence = "." if found.blocks else ""
    assert sentence.endswith(".")
    assert time.monotonic() - started < 12


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_truncated_anywhere_it_is_read_or_refused(parser: SandboxedParser, tmp_path: Path) -> None:
    mail = a_mail("Hello.", "<p>Other words altogether</p>")
    mail.add_attachment(docx(paragraph("From Word")), maintype="a", subtype="b", filename="x.docx")
    content = mail.as_bytes()
    file = tmp_path / "content"
    sentences: list[str] = []
    for share in range(1, 25):
        file.write_bytes(content[: len(content) * share // 25])
        try:
            assert parser.parse(file, "a.eml", LIMITS, lambda: False).blocks
        except ParserCrashed:
            raise
        except ParseFailed as failure:
            sentences.append(failure.message)
    assert all(sentence.endswith(".") for sentence in sentences)


def test_a_web_archive_that_is_called_doc_is_read_as_its_page() -> None:
    archive = EmailMessage()
    archive["Subject"] = "Exported"
    archive.set_content("<h1>Rack railway</h1><p>It climbs to the saddle.</p>", subtype="html")
    archive.add_related(b"drawn", "image", "png", filename="x.png")
    result = parsed("page.doc", archive.as_bytes())
    assert running_text(result).endswith("Rack railway\n\nIt climbs to the saddle.")
