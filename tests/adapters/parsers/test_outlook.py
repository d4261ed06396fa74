"""Outlook's messages: their header lines, each form of a body, what is attached, damage."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from diglot.adapters.parsers.outlook_rtf import unpacked, wrapped_page
from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.domain.errors import FileDamaged, ParseFailed, ParserCrashed
from diglot.domain.parsed import Parsed
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.crafting import docx, paragraph
from tests.adapters.parsers.crafting_ole import letter, ole, packed_rtf, recipient
from tests.adapters.parsers.reading_here import parsed, running_text

DOCUMENTS = Path(__file__).parents[4] / "shared" / "documents"
SUBJECT, SENDER, ADDRESS, TEXT, PAGE, RTF, SUBMITTED = 0x0037, 0x0C1A, 0x0C1F, 0x1000, 0x1013, 0x1009, 0x0039
CONTENT, FILE_NAME, CODE_PAGE = 0x3701, 0x3707, 0x3FFD
MARCH = 133_854_678_000_000_000
"""Of 2025: the third, half past nine, as Windows counts."""

WRAPPED = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1{\fonttbl{\f0\fnil\fcharset0 A;}{\f1\fnil\fcharset134 B;}}"
    rb"{\*\htmltag64 <p>}\f1 \'d6\'d0\'ce\'c4\f0\htmlrtf\par\htmlrtf0 {\*\htmltag72 </p>}{\*\htmltag64 <p>}"
    rb"\u23383?\uc2\u-10179 xx\u-8704 xx{\*\mhtmltag84 unseen}end{\*\htmltag72 </p>}}"
)


def read(storage: Any, limits: ParseLimits | None = None) -> Parsed:
    return parsed("a.msg", ole(storage), limits)


def parts(result: Parsed) -> list[tuple[str | None, str]]:
    return [(block.anchor.part, block.text.strip()) for block in result.blocks]


def test_headers_then_text() -> None:
    people = recipient(0, "Bob", "bob@b.example", 1) | recipient(1, "李四", "li@b.example", 2)
    people |= recipient(2, "Unseen", "x@b.example", 3)
    fields = {SUBJECT: "Lake", SENDER: "Ann", ADDRESS: "ann@a.example", SUBMITTED: MARCH, TEXT: "One.\r\n\r\nTwo.\r\n"}
    result = read(letter(fields) | people)
    assert result.title == "Lake"
    assert parts(result) == [
        (
            None,
            "From: Ann <ann@a.example>\nTo: Bob <bob@b.example>\nCc: 李四 <li@b.example>\nSubject: Lake\n"
            "Date: Mon, 03 Mar 2025 09:30:00 +0000",
        ),
        (None, "One.\n\nTwo."),
    ]
    whole = running_text(result)
    assert [whole[block.anchor.start : block.anchor.end] for block in result.blocks] == [
        block.text for block in result.blocks
    ]


@pytest.mark.parametrize(
    ("sender", "address", "shown"),
    [
        ("Ann", "/O=FIRM/OU=SITE/CN=ANN", "From: Ann"),
        ("ann@a.example", "ann@a.example", "From: ann@a.example"),
        ("", "ann@a.example", "From: ann@a.example"),
        ("", "", "From: Header <header@a.example>"),
    ],
)
def test_senders(sender: str, address: str, shown: str) -> None:
    fields = {SENDER: sender, ADDRESS: address, 0x007D: "From: Header <header@a.example>\r\n\r\n", TEXT: "x"}
    assert read(letter(fields)).blocks[0].text == shown


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({TEXT: "plain", PAGE: b"<p>plain</p>"}, ["plain"]),
        ({TEXT: "see the page", PAGE: b"<p>other words here</p>"}, ["see the page", "other words here"]),
        ({PAGE: "<p>中文</p>".encode("gb18030"), 0x3FDE: 936}, ["中文"]),
        ({PAGE: "<p>as text</p>"}, ["as text"]),
        ({RTF: packed_rtf(WRAPPED)}, ["中文", "字😀end"]),
        ({RTF: packed_rtf(rb"{\rtf1\ansi only rich text}")}, ["only rich text"]),
        ({RTF: b"nonsense"}, []),
    ],
)
def test_bodies(body: dict[int, Any], words: list[str]) -> None:
    assert [text for _, text in parts(read(letter({SUBJECT: "s"} | body)))] == ["Subject: s", *words]


def test_texts_of_an_old_code_page() -> None:
    storage = letter({CODE_PAGE: 936}) | {"__substg1.0_1000001E": "各位同事".encode("gbk")}
    assert parts(read(storage)) == [(None, "各位同事")]


def test_rtf_is_unpacked_as_the_specification_does() -> None:
    # The examples of MS-OXRTFCP, section 4.
    simple = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked(simple) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    crossing = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpacked(crossing) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert b"{\\rtf1\\ansi\\ansicpg1252".startswith(unpacked(simple[:24]))


def test_attachments_are_read_by_their_readers() -> None:
    inner = letter({SUBJECT: "Inner", TEXT: "Deep words."}, [{FILE_NAME: "n.txt", CONTENT: b"note"}], is_inside=True)
    attached = [
        {FILE_NAME: "..\\x\\notes.md", CONTENT: b"# Head\n\ntext"},
        {FILE_NAME: "x.docx", CONTENT: docx(paragraph("From Word " + "w" * 9000))},
        {CONTENT: inner},
        {FILE_NAME: "y.docx", CONTENT: b"PK\x03\x04 broken"},
        {FILE_NAME: "link.txt"},
        {FILE_NAME: "z.exe", CONTENT: b"MZ\x90\x00"},
    ]
    result = read(letter({SUBJECT: "Outer", TEXT: "Hello."}, attached))
    assert [(part, text[:11]) for part, text in parts(result)[2:]] == [
        ("notes.md", "# Head"),
        ("notes.md", "text"),
        ("x.docx", "From Word w"),
        ("Inner.msg", "Subject: In"),
        ("Inner.msg", "Deep words."),
        ("Inner.msg/n.txt", "note"),
    ]
    assert [note.partition(":")[0] for note in result.notes] == [
        "The attachment y.docx was skipped",
        "The attachment link.txt was skipped",
        "The attachment z.exe was skipped",
    ]


def test_messages_in_messages_to_a_depth_of_three() -> None:
    storage = letter({TEXT: "level 6"}, is_inside=True)
    for level in range(5, 0, -1):
        storage = letter({TEXT: f"level {level}"}, [{CONTENT: storage}], is_inside=True)
    result = read(letter({TEXT: "level 0"}, [{CONTENT: storage}]))
    assert [text for _, text in parts(result)] == [f"level {level}" for level in range(4)]
    assert any("nested too deeply" in note for note in result.notes)


def test_attachments_are_counted_over_the_whole_tree() -> None:
    inner = letter({}, [{FILE_NAME: f"{number}.txt", CONTENT: b"inner"} for number in range(4)], is_inside=True)
    storage = letter({TEXT: "x"}, [{CONTENT: inner}, {FILE_NAME: "last.txt", CONTENT: b"last"}])
    result = read(storage, ParseLimits(archive_entries=4))
    assert [part for part, _ in parts(result)] == [None, *(f"message 1.msg/{number}.txt" for number in range(3))]
    assert result.notes[-1] == "The attachment last.txt was skipped: There are more than 4 files in it."


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        ole({"other": b"x"}),
    ],
)
def test_what_is_no_message(content: bytes) -> None:
    with pytest.raises(FileDamaged, match=r"^The file is damaged"):
        parsed("a.msg", content)


@pytest.mark.parametrize(
    ("head", "name", "extension"),
    [(ole(letter({TEXT: "x"})), "a.msg", "msg"), (ole(letter({TEXT: "x"})), "a.xls", "msg"), (b"", "a.msg", "msg")],
)
def test_type(head: bytes, name: str, extension: str) -> None:
    # The directory of these lies behind the first bytes of an upload; the reading child sees all.
    found = SandboxedParser().file_type(name, head)
    assert found is not None
    assert found.extension == extension


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxedParser]:
    with closing(SandboxedParser()) as parser:
        parser.start()
        yield parser


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_damaged_anywhere_it_is_read_or_refused(parser: SandboxedParser, tmp_path: Path) -> None:
    attached = [{FILE_NAME: "n.txt", CONTENT: b"note " * 2000}, {CONTENT: letter({TEXT: "inner"}, is_inside=True)}]
    whole = ole(letter({SUBJECT: "s", TEXT: "Hello.", RTF: packed_rtf(WRAPPED)}, attached))
    file = tmp_path / "content"
    cuts = [whole[: len(whole) * share // 12] for share in range(1, 12)]
    # Every number of the header and of the tables behind it may be wrong.
    turned = [whole[:at] + b"\xfe\x00\x00\x01" + whole[at + 4 :] for at in range(24, len(whole), 211)]
    failures: list[ParseFailed] = []
    for content in [*cuts, *turned]:
        file.write_bytes(content)
        try:
            assert parser.parse(file, "a.msg", ParseLimits(wall_seconds=15), lambda: False).blocks
        except ParserCrashed:
            raise
        except ParseFailed as failure:
            failures.append(failure)
    assert all(failure.message.endswith(".") for failure in failures)
    assert failures


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")
@pytest.mark.parametrize(
    ("name", "title", "sender", "attached", "notes"),
    [
        ("HtmlSampleEmail.msg", "HtmlSampleEmail", "Wilson, Chris <Chris.Wilson@leeds.gov.uk>", set(), 0),
        (
            "fake-email-with-cc-and-bcc.msg",
            "Fake email with cc and bcc recipients",
            "John <johnjennings702@gmail.com>",
            set(),
            0,
        ),
        ("msg_with_attachment.msg", "Email with Attachment", "Alice Example <alice@example.com>", {"test.txt"}, 1),
    ],
)
def test_real_messages(name: str, title: str, sender: str, attached: set[str], notes: int) -> None:
    result = parsed(name, (DOCUMENTS / name).read_bytes())
    assert result.title == title
    assert result.blocks[0].text.startswith(f"From: {sender}\nTo: ")
    assert {block.anchor.part for block in result.blocks} - {None} == attached
    assert len(result.notes) == notes


def test_a_page_wrapped_in_rtf() -> None:
    assert wrapped_page(WRAPPED) == "<p>中文</p><p>字😀end</p>"
    assert wrapped_page(b"{\\rtf1 no page}") is None
