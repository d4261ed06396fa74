"""Files that want to hurt: each ends soon, with a plain sentence, and costs only itself."""

import io
import os
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.domain.errors import FileDamaged, FileEmpty, LimitExceeded, ParseFailed, ParserCrashed, PasswordNeeded
from diglot.domain.parsed import Parsed
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.crafting import (
    Piece,
    docx,
    paragraph,
    pdf,
    pdf_of_contents,
    pptx,
    shape,
    xlsx,
    zipped,
)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

LIMITS = ParseLimits(wall_seconds=15, cpu_seconds=5, memory_bytes=600_000_000)
Parse = Callable[..., Parsed]


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxedParser]:
    with closing(SandboxedParser()) as parser:
        parser.start()
        yield parser


@pytest.fixture
def parse(parser: SandboxedParser, tmp_path: Path) -> Parse:
    def act(name: str, content: bytes, limits: ParseLimits = LIMITS) -> Parsed:
        file = tmp_path / "content"
        file.write_bytes(content)
        return parser.parse(file, name, limits, lambda: False)

    return act


def encrypted(content: bytes) -> bytes:
    """Every entry's flag of encryption set, in the directory."""
    file = bytearray(content)
    place = 0
    while (place := file.find(b"PK\x01\x02", place)) >= 0:
        file[place + 8] |= 1
        place += 4
    return bytes(file)


FAR = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'
SMALL = replace(LIMITS, unpacked_bytes=6_000_000)


def many_parts(count: int) -> bytes:
    return zipped(
        {"word/document.xml": "<x/>", **{f"word/{number}": b"" for number in range(count)}}, zipfile.ZIP_STORED
    )


ENTITIES = "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
BOMB = f"<!DOCTYPE x [<!ENTITY a0 'boom boom'>{ENTITIES}]><x>&a9;</x>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>before &e; after</x>'


@pytest.mark.parametrize(
    ("name", "make", "error", "words"),
    [
        ("zip.docx", lambda: docx(paragraph("x" * 7_000_000)), LimitExceeded, "unpacks to more than 6 MB"),
        ("ratio.docx", lambda: docx(paragraph("x" * 5_000_000)), LimitExceeded, "more than 200 times"),
        ("parts.docx", lambda: many_parts(10_001), LimitExceeded, "more than 10,000 parts"),
        ("locked.docx", lambda: encrypted(docx(paragraph("x"))), PasswordNeeded, "password"),
        ("dtd.docx", lambda: zipped({"word/document.xml": BOMB}), FileDamaged, "document type"),
        ("far.xlsx", lambda: xlsx(FAR), LimitExceeded, "far apart"),
        ("empty.pdf", lambda: pdf([[]]), FileEmpty, "no text"),
        ("empty.docx", lambda: docx(""), FileEmpty, "no text"),
        ("empty.txt", lambda: b"", FileEmpty, "empty"),
        ("spaces.md", lambda: b"\n \n", FileEmpty, "empty"),
    ],
)
def test_refused(parse: Parse, name: str, make: Callable[[], bytes], error: type[ParseFailed], words: str) -> None:
    with pytest.raises(error, match=words):
        parse(name, make(), SMALL)


@pytest.mark.parametrize("name", ["bomb.xml", "bomb.html", "bomb.svg.xml"])
def test_entities_do_not_explode(parse: Parse, name: str) -> None:
    assert sum(len(block.text) for block in parse(name, BOMB.encode()).blocks) < 10_000


@pytest.mark.parametrize("name", ["outside.xml", "outside.html"])
def test_entities_do_not_read_files(parse: Parse, name: str) -> None:
    assert "root:" not in " ".join(block.text for block in parse(name, OUTSIDE.encode()).blocks)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.html", b"<div>" * 200_000 + b"words"),
        ("deep.html", b"<table><tr><td>" * 30_000 + b"words"),
        ("lists.html", b"<ul><li>" * 30_000 + b"words"),
        ("attributes.html", b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">words</p>"),
        ("open.html", b"<" * 500_000 + b"words"),
        ("comments.html", b"<!--" * 200_000 + b"--> words"),
        ("deep.json", b'{"a":' * 200_000 + b"1" + b"}" * 200_000),
        ("number.json", b'{"n": ' + b"9" * 500_000 + b"}"),
        ("deep.xml", b"<a>" * 100_000 + b"words" + b"</a>" * 100_000),
        ("long.csv", b"a,b\n" + b'"' + b"x" * 2_000_000),
        ("wide.csv", b",".join([b"1"] * 200_000) + b"\n1,2"),
        ("fences.md", b"```\n" * 100_000 + b"words"),
        ("marks.md", (b"# " + b"[" * 20_000 + b"\n") * 5),
        ("long.txt", b"x" * 5_000_000),
        ("backslashes.properties", b"\\u00e9" * 200_000),
    ],
)
def test_read_in_good_time(parse: Parse, name: str, content: bytes) -> None:
    started = time.monotonic()
    assert parse(name, content).blocks
    assert time.monotonic() - started < 8


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("operators.pdf", pdf_of_contents([b"BT /F1 9 Tf " + b"(words words) Tj " * 3_000_000 + b"ET"])),
        ("paragraphs.docx", docx(paragraph("w") * 1_500_000)),
        ("blocks.md", b"a\n\n" * 450_000),
        ("rows.xlsx", xlsx("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_000, 3)))),
    ],
)
def test_a_heap_ends_at_a_limit(parse: Parse, name: str, content: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(LimitExceeded):
        parse(name, content, replace(LIMITS, cpu_seconds=2))
    assert time.monotonic() - started < 15


def samples() -> dict[str, bytes]:
    return {
        "a.txt": "Some text, 也有中文。".encode() * 20,
        "a.md": b"# Head\n\ntext\n" * 20,
        "a.html": b"<html><body><h1>Head</h1><p>text</p></body></html>" * 5,
        "a.csv": b"a,b\n1,2\n" * 20,
        "a.json": b'{"a": [1, 2, {"b": "c"}]}' * 1,
        "a.xml": b"<a><b>text</b></a>",
        "a.pdf": pdf([[Piece(72, 700, "Some text")], [Piece(72, 700, "More text")]]),
        "a.docx": docx(paragraph("Some text") * 20),
        "a.xlsx": xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'),
        "a.pptx": pptx(shape("text") * 5),
    }


def read_or_refused(parse: Parse, name: str, content: bytes) -> None:
    """Text, or a sentence; a crash is neither."""
    try:
        found = parse(name, content)
    except ParserCrashed:
        raise
    except ParseFailed as failure:
        sentence = failure.message
    else:
        sentence = "" if found.blocks else "nothing at all"
    assert sentence == "" or sentence.endswith(".")


@pytest.mark.parametrize("name", samples())
def test_truncated_anywhere_it_is_read_or_refused(parse: Parse, name: str) -> None:
    content = samples()[name]
    for share in range(1, 12):
        read_or_refused(parse, name, content[: len(content) * share // 12])


@pytest.mark.parametrize("content_of", samples())
@pytest.mark.parametrize("name", samples())
def test_renamed_to_anything_it_is_read_or_refused(parse: Parse, name: str, content_of: str) -> None:
    read_or_refused(parse, name, samples()[content_of])


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx", "a.pdf"])
def test_flipped_bytes_are_read_or_refused(parse: Parse, name: str) -> None:
    chance = random.Random(7)
    content = samples()[name]
    for _ in range(25):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        read_or_refused(parse, name, bytes(damaged))


def test_what_unpacks_to_more_than_it_says_is_damage(parse: Parse) -> None:
    """A directory that lies about sizes would get past the guard."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<x>" + "y" * 5_000_000 + "</x>")
    content = target.getvalue()
    size = (5_000_007).to_bytes(4, "little")
    assert content.count(size) == 2
    with pytest.raises(FileDamaged):
        parse("lies.docx", content.replace(size, (100).to_bytes(4, "little")))


def test_hostile_files_leave_this_process_as_it_was(parse: Parse) -> None:
    """Runs last in this file: all of the above went through here."""
    assert psutil.Process().memory_info().rss < 900_000_000
    assert parse("a.txt", b"still here").blocks[0].text == "still here"
