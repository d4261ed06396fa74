"""Zip archives, where they are unpacked."""

import base64
import io
import os
import struct
import time
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from diglot.adapters.parsers.reading import read as read_here
from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.assembly import Diglot
from diglot.domain.errors import FormatUnreadable, LimitExceeded, ParseFailed, PasswordNeeded
from diglot.domain.parsed import Parsed
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.crafting import Piece, docx, paragraph, pdf, zipped
from tests.dialects.dify.objects import a_dataset
from tests.house import a_client, a_house, finish


def read(content: bytes, limits: ParseLimits | None = None) -> Parsed:
    return read_here("a.zip", content, limits or ParseLimits(), unpacks=True)


def texts(result: Parsed) -> list[tuple[str | None, str]]:
    return [(block.anchor.part, block.text.strip()) for block in result.blocks]


def nested(levels: int, inner: Mapping[str, bytes | str]) -> bytes:
    content = zipped(inner)
    for level in range(levels, 0, -1):
        content = zipped({f"{level}.zip": content, f"{level}.txt": f"level {level}"})
    return content


def test_each_entry_by_its_reader() -> None:
    parts = {
        "notes/a.md": "# Head\n\ntext",
        "b.docx": docx(paragraph("From Word")),
        "word/c.pdf": pdf([[Piece(72, 700, "From a page")]]),
        "empty/": "",
        "d.exe": b"MZ\x90\x00\x00",
        "e.docx": b"PK\x03\x04 broken",
        "__MACOSX/notes/._a.md": b"\x00\x05",
        "notes/.DS_Store": b"\x00",
        "../../etc/f.txt": "kept inside",
    }
    result = read(zipped(parts))
    assert texts(result) == [
        ("notes/a.md", "# Head"),
        ("notes/a.md", "text"),
        ("b.docx", "From Word"),
        ("word/c.pdf", "From a page"),
        ("etc/f.txt", "kept inside"),
    ]
    assert [note.partition(":")[0] for note in result.notes] == [
        "The file d.exe was skipped",
        "The file e.docx was skipped",
    ]


def test_names_in_another_encoding() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("XXXX/XX.txt", "words")
    content = target.getvalue().replace(b"XXXX/XX.txt", "文件/表".encode("gbk")[:7] + b".txt")
    assert texts(read(content)) == [("文件/表.txt", "words")]


def test_archives_in_archives_to_a_depth_of_three() -> None:
    result = read(nested(5, {"6.txt": "level 6"}))
    assert [text for _, text in texts(result)] == ["level 4", "level 3", "level 2", "level 1"]
    assert texts(result)[0][0] == "1.zip/2.zip/3.zip/4.txt"
    assert any("nested too deeply" in note for note in result.notes)


def test_files_are_counted_over_the_whole_tree() -> None:
    inner = zipped({f"{number}.txt": "x" for number in range(5)})
    result = read(zipped({f"{number}.zip": inner for number in range(5)}), ParseLimits(archive_entries=10))
    assert len(texts(result)) == 8
    assert any("There are more than 10 files in it." in note for note in result.notes)


def test_bytes_are_counted_over_the_whole_tree() -> None:
    # Each of them unpacks to less than is allowed; together they are more.
    inner = zipped({"a.txt": b"word " * 120_000})
    parts = {f"{number}.zip": inner for number in range(4)}
    result = read(zipped(parts), ParseLimits(unpacked_bytes=1_500_000, unpacked_ratio=2000))
    assert [part for part, _ in texts(result)] == ["0.zip/a.txt", "1.zip/a.txt"]
    assert any("The files in it have more than 1 MB." in note for note in result.notes)


@pytest.mark.parametrize(
    ("content", "limits", "error", "sentence"),
    [
        (zipped({"a.txt": bytes(2 << 20)}), ParseLimits(), LimitExceeded, "more than 200 times its size"),
        (zipped({f"{n}.txt": "x" for n in range(30)}), ParseLimits(archive_entries=20), LimitExceeded, "20 parts"),
        (zipped({"a.txt": "words"})[:-30], ParseLimits(), ParseFailed, "not a complete .zip file"),
        (zipped({"a.exe": b"MZ"}), ParseLimits(), ParseFailed, "holds no text"),
    ],
    ids=["large", "many", "cut", "no text"],
)
def test_refusals(content: bytes, limits: ParseLimits, error: type[ParseFailed], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        read(content, limits)


def test_a_password() -> None:
    content = bytearray(zipped({"a.txt": "words"}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.find(signature) + place, 1)
    with pytest.raises(PasswordNeeded):
        read(bytes(content))


def test_without_the_operators_wish_they_stay_packed() -> None:
    content = zipped({"a.txt": "words"})
    with pytest.raises(FormatUnreadable, match=r"^Archives are not unpacked here: .*\.$"):
        read_here("a.zip", content, ParseLimits())
    head = b'Subject: s\nContent-Type: application/zip; name="a.zip"\nContent-Transfer-Encoding: base64\n\n'
    mail = head + base64.encodebytes(content)
    assert "The attachment a.zip was skipped: Archives" in read_here("a.eml", mail, ParseLimits()).notes[0]
    assert SandboxedParser().file_type("a.zip", content) is None
    assert "zip" not in SandboxedParser().extensions()


def test_types() -> None:
    parser = SandboxedParser(unpacks=True)
    assert "zip" in parser.extensions()
    stored = zipfile.ZIP_STORED
    for name, content, extension in (
        ("a.zip", zipped({"a.txt": "words"}), "zip"),
        ("a.zip", zipped({"word/a.txt": "a folder of that name"}), "zip"),
        ("a.zip", zipped({"a.pdf": pdf([[Piece(72, 700, "x")]])}, stored), "zip"),
        ("a.zip", docx(paragraph("x")), "docx"),
        ("a.zip", b"", "zip"),
    ):
        found = parser.file_type(name, content[:4096])
        assert found is not None
        assert found.extension == extension
    assert parser.file_type("a.jar", zipped({"a.txt": "words"})) is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_bombs_of_many_layers_end_in_good_time(tmp_path: Path) -> None:
    layer = zipped({"a.txt": b"x" * (1 << 20)})
    bomb = zipped({f"{number}.zip": layer for number in range(400)})
    bomb = zipped({f"{number}.zip": bomb for number in range(40)})
    file = tmp_path / "content"
    file.write_bytes(bomb)
    began = time.monotonic()
    with closing(SandboxedParser(unpacks=True)) as parser:
        found = parser.parse(file, "a.zip", ParseLimits(unpacked_bytes=50_000_000), lambda: False)
    assert 40 < len(found.blocks) < 50
    assert any("The files in it have more than 50 MB." in note for note in found.notes)
    assert time.monotonic() - began < 20


def upload(house: Diglot, content: bytes) -> tuple[int, dict[str, Any]]:
    client = a_client(house)
    dataset = a_dataset(client)
    data = '{"indexing_technique": "economy", "process_rule": {"mode": "automatic"}}'
    answer = client.post(
        f"/v1/datasets/{dataset}/document/create-by-file", data={"data": data}, files={"file": ("a.zip", content)}
    )
    if answer.status_code != 200:
        return answer.status_code, answer.json()
    finish(house)
    found = client.get(f"/v1/datasets/{dataset}/documents/{answer.json()['document']['id']}/segments").json()
    return 200, {"texts": [segment["content"] for segment in found["data"]]}


@pytest.mark.parametrize("setting", ["off", "on"])
def test_the_setting(tmp_path: Path, setting: str) -> None:
    with a_house(tmp_path, zip=setting) as house:
        status, body = upload(house, zipped({"a.txt": "words of a", "b.md": "words of b"}))
    if setting == "off":
        assert (status, body["code"]) == (415, "unsupported_file_type")
    else:
        assert "\n".join(body["texts"]).split() == ["words", "of", "a", "words", "of", "b"]
