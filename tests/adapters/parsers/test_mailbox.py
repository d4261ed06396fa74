"""Mailboxes: where one message ends and the next begins, and each as a part of its own."""

from pathlib import Path

import pytest

from diglot.domain.errors import LimitExceeded
from diglot.domain.parsed import BlockKind, Parsed
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.reading_here import parsed

DOCUMENTS = Path(__file__).parents[4] / "shared" / "documents"
POSTMARK = "From ann@a.example Mon Mar  3 09:30:00 2025\n"


def a_message(subject: str, text: str, attached: str = "") -> str:
    if not attached:
        return f"{POSTMARK}Subject: {subject}\n\n{text}\n\n"
    head = f"{POSTMARK}Subject: {subject}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{text}\n"
    return f'{head}--b\nContent-Disposition: attachment; filename="n.txt"\n\n{attached}\n--b--\n\n'


def read(text: str, limits: ParseLimits | None = None) -> Parsed:
    return parsed("a.mbox", text.encode(), limits)


def texts(result: Parsed) -> list[tuple[str | None, str]]:
    return [(block.anchor.part, block.text.strip()) for block in result.blocks]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_each_message_stands_under_its_subject(line_end: str) -> None:
    result = read((a_message("Lake", "Water.") + a_message("", "Rain.", "Note.")).replace("\n", line_end))
    assert texts(result) == [
        ("message 1", "Lake"),
        ("message 1", "Subject: Lake"),
        ("message 1", "Water."),
        ("message 2", "Message 2"),
        ("message 2", "Rain."),
        ("message 2/n.txt", "Note."),
    ]
    assert [block.anchor.headings for block in result.blocks] == [("Lake",)] * 3 + [("Message 2",)] * 3
    assert [block.kind for block in result.blocks].count(BlockKind.HEADING) == 2


def test_lines_of_a_letter_are_no_postmarks() -> None:
    text = "From here on\nit rains.\n\nFrom now on too.\n\n>From the quoted\n>>From twice"
    result = read(a_message("s", text) + a_message("t", "end"))
    assert texts(result)[2][1] == text.replace(">From", "From", 1).replace(">>From", ">From")
    assert texts(result)[-1] == ("message 2", "end")


def test_a_message_that_cannot_be_read_costs_only_itself() -> None:
    parts = "--b\n\nx\n" * 30
    broken = f"{POSTMARK}Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n\n"
    result = read(a_message("a", "one") + broken + a_message("c", "three"), ParseLimits(archive_entries=20))
    assert {part for part, _ in texts(result)} == {"message 1", "message 3"}
    assert result.notes == ("The part message 2 was skipped: The file holds more than 20 parts.",)


def test_only_so_many_messages_are_read() -> None:
    result = read("".join(a_message(f"s{number}", "x") for number in range(12)), ParseLimits(archive_entries=10))
    assert texts(result)[-1][0] == "message 10"
    assert result.notes == ("Of the 12 messages only the first 10 were read.",)


def test_messages_share_the_mailboxs_allowance() -> None:
    text = "".join(a_message("s", "word " * 500) for _ in range(4))
    result = read(text, ParseLimits(output_characters=6000))
    assert {part for part, _ in texts(result)} == {"message 1", "message 2"}
    assert len(result.notes) == 2


@pytest.mark.parametrize("text", ["only words", "Subject: no postmark\n\ntext"])
def test_what_is_no_mailbox_is_text(text: str) -> None:
    assert texts(read(text)) == [(None, text)]


def test_a_whole_mailbox_too_long() -> None:
    with pytest.raises(LimitExceeded):
        read("words " * 500, ParseLimits(output_characters=1000))


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")
def test_a_real_mailbox() -> None:
    result = parsed("a.mbox", (DOCUMENTS / "testMBOX_complex.mbox").read_bytes())
    assert [part for part, _ in texts(result)] == ["message 1"] * 3
    assert "My name is Another Person. body 1" in result.blocks[-1].text
