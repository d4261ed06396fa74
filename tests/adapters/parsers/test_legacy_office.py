"""Word and PowerPoint before 2007."""

import struct
import sys
from pathlib import Path

import pytest

from diglot.adapters.parsers.legacy_tables import tables_in
from diglot.domain.errors import FileDamaged, FormatUnreadable, LimitExceeded, PasswordNeeded
from diglot.domain.parsed import BlockKind
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.reading_here import of_kind, parsed, running_text

DOCUMENTS = Path(__file__).parents[4] / "shared" / "documents"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"there are no development documents at {DOCUMENTS}")


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Neither the extra nor antiword; what is put into the folder is on the path."""
    monkeypatch.setitem(sys.modules, "office_oxide", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def _content(name: str) -> bytes:
    return (DOCUMENTS / name).read_bytes()


def _antiword(folder: Path, script: str) -> None:
    program = folder / "antiword"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_word_document() -> None:
    pytest.importorskip("office_oxide")
    result = parsed("a.doc", _content("legacy_sample.doc"))
    assert result.title == "Summer activities"
    assert [(block.text, block.level) for block in of_kind(result, BlockKind.HEADING)] == [
        *(("Summer activities", 1), ("Let’s swim!", 1), ("Let’s eat", 2)),
    ]
    (table,) = of_kind(result, BlockKind.TABLE)
    assert table.rows[:2] == (("", "Food", "Calories per portion"), ("Leaves", "Ash, Elm, Maple", "50"))
    assert table.anchor.headings == ("Let’s swim!", "Let’s eat")
    assert [block.text for block in of_kind(result, BlockKind.LIST_ITEM)][-3:] == [
        "1. Leaves",
        "2. Berries",
        "3. Grain",
    ]


def test_running_lines_of_a_word_document() -> None:
    pytest.importorskip("office_oxide")
    result = parsed("a.doc", _content("testWORD.doc"))
    first, *_, last = result.blocks
    assert (first.kind, first.text) == (BlockKind.HEADER, "This is the header for our document")
    assert (last.kind, last.text) == (BlockKind.FOOTER, "This is the footer for our document")


def test_a_presentation() -> None:
    pytest.importorskip("office_oxide")
    result = parsed("a.ppt", _content("legacy_sample.ppt"))
    assert (result.title, result.page_count) == ("Test Table Slide", 3)
    assert {block.anchor.slide for block in result.blocks} == {1, 2, 3}
    (table,) = of_kind(result, BlockKind.TABLE)
    assert table.anchor.slide == 1
    assert table.rows[:3] == (
        ("", "Class1", "Class1", "Class1", "Class2", "Class2", "Class2"),
        ("", "A merged with B", "A merged with B", "C", "A", "B", "C"),
        ("R1", "True", "False", "", "False", "True", "True"),
    )
    assert "R1" not in [block.text for block in result.blocks]
    second = [block for block in result.blocks if block.anchor.slide == 2]
    assert (second[0].kind, second[0].text) == (BlockKind.HEADING, "Second slide title")
    assert [block.text for block in second if block.anchor.shape == "notes"] == ["Some notes on the second slide."]


@pytest.mark.parametrize(("name", "kind"), [("legacy_sample.ppt", "ppt"), ("testWORD.doc", "doc")])
def test_the_type_is_found_by_the_content(name: str, kind: str) -> None:
    pytest.importorskip("office_oxide")
    assert parsed("a.xls", _content(name)) == parsed(f"a.{kind}", _content(name))


def test_protected_files_need_their_password() -> None:
    pytest.importorskip("office_oxide")
    document = bytearray(_content("testWORD.doc"))
    # The flag of the file information block that stands for encryption.
    document[document.find(b"\xec\xa5") + 11] |= 1
    with pytest.raises(PasswordNeeded):
        parsed("a.doc", bytes(document))


@pytest.mark.parametrize("content", [OLE, OLE + bytes(5000)], ids=["head", "zeros"])
def test_damaged_files(content: bytes) -> None:
    pytest.importorskip("office_oxide")
    for name in ("a.doc", "a.ppt"):
        with pytest.raises(FileDamaged, match=r"^The file is damaged: it is not a complete \.(doc|ppt) file\.$"):
            parsed(name, content)


def test_text_is_bounded() -> None:
    pytest.importorskip("office_oxide")
    with pytest.raises(LimitExceeded, match="characters of text"):
        parsed("a.doc", _content("legacy_sample.doc"), ParseLimits(output_characters=100))


@pytest.mark.usefixtures("without_extra")
def test_without_the_extra_it_is_named() -> None:
    for name in ("testWORD.doc", "legacy_sample.ppt"):
        with pytest.raises(FormatUnreadable, match=r"the extra `diglot\[legacy\]`, which is not installed"):
            parsed(name, _content(name))


def test_antiword_reads_word_where_it_is_installed(without_extra: Path) -> None:
    _antiword(without_extra, 'test "$*" = "-m UTF-8.txt -w 0 -" || exit 1\nprintf "First\\n line\\n\\n\\nSecond\\n"')
    assert running_text(parsed("a.doc", _content("testWORD.doc"))) == "First line\n\nSecond"
    with pytest.raises(FormatUnreadable):
        parsed("a.ppt", _content("legacy_sample.ppt"))


def test_what_antiword_cannot_read(without_extra: Path) -> None:
    _antiword(without_extra, "exit 1")
    with pytest.raises(FormatUnreadable, match="legacy"):
        parsed("a.doc", _content("testWORD.doc"))


def _record(kind: int, body: bytes, instances: int = 0, is_container: bool = False) -> bytes:
    return struct.pack("<HHI", instances << 4 | (0xF if is_container else 0), kind, len(body)) + body


def test_cells_upon_each_other_make_no_table() -> None:
    """Each of them may cover all of a large grid: the work would have no end."""

    def shape(*parts: bytes) -> bytes:
        return _record(0xF004, b"".join(parts), is_container=True)

    def cell(at: int) -> bytes:
        text = _record(0xF00D, _record(4008, b"x"), is_container=True)
        return shape(_record(0xF00F, struct.pack("<4i", at, at, 1000 - at, 1000 - at)), text)

    marked = shape(_record(0xF122, struct.pack("<HI", 0x39F, 1), instances=1))
    for count, found in ((1, 1), (150, 0)):
        group = _record(0xF003, marked + b"".join(map(cell, range(count))), is_container=True)
        assert len(tables_in(group)) == found
