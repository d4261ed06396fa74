"""Good files made bad. Which file, and how, follows from two numbers alone, so that every case can be had again."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

from tests.fuzz.hostile_files import claiming, encrypted
from tests.fuzz.seeds import seeds

Random = random.Random
Mutation = Callable[[bytes, Random], bytes]

LARGEST = 2_000_000
_EXTREMES = (b"0", b"-1", b"255", b"65536", b"2147483647", b"4294967296", b"99999999999999999999", b"1e999", b"NaN")
_ODD = (
    b"\0",
    b"\xff" * 8,
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xd8\x00",
    b"%PDF-1.4",
    b"PK\x03\x04",
    b"\x1b[31m",
    b"&#x110000;",
)
_NUMBER = re.compile(rb"\d+")
_OPEN_TAG = re.compile(rb"<([A-Za-z][\w:]{0,40})(\s[^<>]{0,500})?>")
_CLOSE_TAG = re.compile(rb"</[^<>]{1,60}>")
_ATTRIBUTE = re.compile(rb'="[^"<>]{0,200}"')
_OBJECT = re.compile(rb"\b\d+ 0 R\b")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.S)
_ZIPPED = frozenset({"docx", "xlsx", "xlsb", "ods", "odt", "odp", "pptx", "epub", "zip"})
_TAGGED = frozenset({"html", "xml", "xhtml"})


class Case(NamedTuple):
    name: str
    content: bytes
    story: str


def case(run: int, number: int) -> Case:
    """The file of this number in this run, and what was done to it."""
    chance = Random(f"{run}-{number}")
    extension = chance.choice(list(seeds()))
    name, content = chance.choice(seeds()[extension])
    done = [name]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        mutate = chance.choice(_mutations(extension))
        content = mutate(content, chance)[:LARGEST]
        done.append(mutate.__name__.strip("_"))
    if chance.random() < 0.08:
        extension = chance.choice([*seeds(), "exe", "PDF", "x" * 20, ""])
        done.append(f"called {extension}")
    return Case(f"{number}.{extension}".rstrip("."), content, ", ".join(done))


def _mutations(extension: str) -> list[Mutation]:
    if extension in _ZIPPED:
        return [*GENERAL, *(IN_ZIP * 2)]
    if extension in _TAGGED:
        return [*GENERAL, *(IN_XML * 2)]
    return [*GENERAL, *(IN_PDF * 2)] if extension == "pdf" else GENERAL


def _place(content: bytes, chance: Random) -> int:
    return chance.randrange(len(content) + 1)


def _span(content: bytes, chance: Random) -> tuple[int, int]:
    start = _place(content, chance)
    return start, min(len(content), start + int(2 ** chance.uniform(0, 12)))


def flip_bits(content: bytes, chance: Random) -> bytes:
    file = bytearray(content)
    for _ in range(chance.randint(1, 30) if file else 0):
        file[chance.randrange(len(file))] ^= 1 << chance.randrange(8)
    return bytes(file)


def truncate(content: bytes, chance: Random) -> bytes:
    return content[: _place(content, chance)]


def behead(content: bytes, chance: Random) -> bytes:
    return content[_place(content, chance) // 8 :]


def insert(content: bytes, chance: Random) -> bytes:
    place = _place(content, chance)
    new = chance.choice((*_ODD, chance.randbytes(chance.randint(1, 300)), chance.choice(_ODD) * 2000))
    return content[:place] + new + content[place:]


def remove(content: bytes, chance: Random) -> bytes:
    start, end = _span(content, chance)
    return content[:start] + content[end:]


def blank(content: bytes, chance: Random) -> bytes:
    start, end = _span(content, chance)
    return content[:start] + chance.choice((b"\0", b"\xff", b" ", b"\n")) * (end - start) + content[end:]


def repeat(content: bytes, chance: Random) -> bytes:
    start, end = _span(content, chance)
    return content[:start] + content[start:end] * chance.choice((2, 10, 300)) + content[end:]


def exchange(content: bytes, chance: Random) -> bytes:
    (a, b), (c, d) = sorted((_span(content, chance), _span(content, chance)))
    return content if b > c else content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def splice(content: bytes, chance: Random) -> bytes:
    _, other = chance.choice(seeds()[chance.choice(list(seeds()))])
    return content[: _place(content, chance)] + other[_place(other, chance) :]


def change_numbers(content: bytes, chance: Random) -> bytes:
    return _some(_NUMBER, content, chance, lambda _: chance.choice(_EXTREMES))


def to_utf16(content: bytes, chance: Random) -> bytes:
    return content.decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-16-be", "utf-32", "utf-7")))


def _some(pattern: re.Pattern[bytes], content: bytes, chance: Random, new: Callable[[re.Match[bytes]], bytes]) -> bytes:
    """A few of what the pattern finds, replaced."""
    found = list(pattern.finditer(content))
    chosen = {id(match) for match in chance.sample(found, min(len(found), chance.choice((1, 1, 3, 20))))}
    pieces, end = [], 0
    for match in found:
        if id(match) in chosen:
            pieces += [content[end : match.start()], new(match)]
            end = match.end()
    return b"".join((*pieces, content[end:]))


def nest(content: bytes, chance: Random) -> bytes:
    """An element inside itself, many times."""
    times = chance.choice((30, 300, 3000))

    def deeper(match: re.Match[bytes]) -> bytes:
        return match[0] * times + (b"</" + match[1] + b">") * (times - 1 if chance.random() < 0.7 else 0)

    return _some(_OPEN_TAG, content, chance, deeper)


def declare_entities(content: bytes, chance: Random) -> bytes:
    levels = chance.choice((2, 9, 30))
    bomb = b"".join(b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(levels))
    outside = b'<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % g SYSTEM "http://127.0.0.1:9/x"> %g;'
    declared = b'<!DOCTYPE x [<!ENTITY e0 "words">' + bomb + outside + b"]>"
    begin = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
    rest = _some(_CLOSE_TAG, content[begin:], chance, lambda match: b"&e%d;&f;" % levels + match[0])
    return content[:begin] + declared + rest


def swell_attributes(content: bytes, chance: Random) -> bytes:
    size = chance.choice((1000, 100_000))
    return _some(_ATTRIBUTE, content, chance, lambda _: b'="' + b"x" * size + b'"')


def add_attributes(content: bytes, chance: Random) -> bytes:
    many = b"".join(b' a%d="1"' % n for n in range(chance.choice((10, 3000))))
    return _some(_OPEN_TAG, content, chance, lambda match: match[0][:-1] + many + b">")


def change_values(content: bytes, chance: Random) -> bytes:
    return _some(
        _ATTRIBUTE, content, chance, lambda _: b'="' + chance.choice((*_EXTREMES, b"", b"../..", b"r1")) + b'"'
    )


def close_nothing(content: bytes, chance: Random) -> bytes:
    return _some(_CLOSE_TAG, content, chance, lambda _: b"")


def repeat_elements(content: bytes, chance: Random) -> bytes:
    times = chance.choice((2, 50, 500))
    return _some(_OPEN_TAG, content, chance, lambda match: (match[0] + b"</" + match[1] + b">") * times + match[0])


def _rezipped(content: bytes, change: Callable[[dict[str, bytes]], dict[str, bytes]], packing: int) -> bytes:
    """What is no archive any more stays as it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {info.filename: archive.read(info) for info in archive.infolist() if info.file_size < LARGEST}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        return content
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, part in change(parts).items():
            archive.writestr(name[:60_000], part)
    return target.getvalue()


def change_part(content: bytes, chance: Random) -> bytes:
    """One part of the archive, by what hurts its kind."""

    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        # What is read stands in the larger ones.
        name = chance.choices(list(parts), [len(part) + 1 for part in parts.values()])[0] if parts else ""
        kinds = IN_XML * 3 + GENERAL if parts.get(name, b"").lstrip()[:1] == b"<" else GENERAL
        return {**parts, name: chance.choice(kinds)(parts[name], chance)[:LARGEST]} if parts else parts

    return _rezipped(content, change, zipfile.ZIP_DEFLATED)


def rename_part(content: bytes, chance: Random) -> bytes:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        old = chance.choice(list(parts)) if parts else ""
        new = chance.choice(("../../../etc/passwd", "/x", "x" * 5000, "a\\b", old.upper(), "..", "con", "字/" * 50))
        return {new if name == old else name: part for name, part in parts.items()}

    return _rezipped(content, change, zipfile.ZIP_DEFLATED)


def drop_part(content: bytes, chance: Random) -> bytes:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        lost = chance.choice(list(parts)) if parts else ""
        return {name: part for name, part in parts.items() if name != lost}

    return _rezipped(content, change, zipfile.ZIP_STORED)


def exchange_parts(content: bytes, chance: Random) -> bytes:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        contents = list(parts.values())
        chance.shuffle(contents)
        return dict(zip(parts, contents, strict=True))

    return _rezipped(content, change, zipfile.ZIP_DEFLATED)


def put_inside_itself(content: bytes, chance: Random) -> bytes:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        inner = content
        for number in range(chance.choice((1, 3, 20))):
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w") as archive:
                archive.writestr(f"{number}.zip", inner)
            inner = target.getvalue()
        return {**parts, chance.choice((*parts, "word/media/a.zip", "a.docx")): inner}

    return _rezipped(content, change, zipfile.ZIP_DEFLATED)


def add_parts(content: bytes, chance: Random) -> bytes:
    many = {f"x/{number}.xml": b"<x/>" for number in range(chance.choice((10, 3000)))}
    return _rezipped(content, lambda parts: parts | many, zipfile.ZIP_STORED)


def pump_part(content: bytes, chance: Random) -> bytes:
    """A part that packs well."""

    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        name = chance.choice(list(parts)) if parts else "x"
        return parts | {name: parts.get(name, b"") + chance.choice((b" ", b"<a/>", b"\0")) * 5_000_000}

    return _rezipped(content, change, zipfile.ZIP_DEFLATED)


def lie_of_sizes(content: bytes, chance: Random) -> bytes:
    return claiming(content, chance.choice((0, 1, 10_000, 1 << 31)), chance.choice((0, 10, 100_000, 1 << 30)))


def lock(content: bytes, chance: Random) -> bytes:
    return encrypted(content)


def change_references(content: bytes, chance: Random) -> bytes:
    found = _OBJECT.findall(content) or [b"1 0 R"]
    return _some(_OBJECT, content, chance, lambda _: chance.choice((*found, b"99999 0 R", b"null")))


def damage_stream(content: bytes, chance: Random) -> bytes:
    mutate = chance.choice(GENERAL)
    return _some(_STREAM, content, chance, lambda match: b"stream\n" + mutate(match[1], chance) + b"endstream")


def unpack_streams(content: bytes, chance: Random) -> bytes:
    """Streams are unpacked, changed and packed again, so that what is in them comes to be read."""

    def change(match: re.Match[bytes]) -> bytes:
        try:
            plain = zlib.decompressobj().decompress(match[1], LARGEST)
        except zlib.error:
            plain = match[1]
            return b"stream\n" + chance.choice(GENERAL)(plain, chance) + b"endstream"
        return b"stream\n" + zlib.compress(chance.choice(GENERAL)(plain, chance)[:LARGEST]) + b"\nendstream"

    return _some(_STREAM, content, chance, change)


def lose_table(content: bytes, chance: Random) -> bytes:
    return content.replace(b"startxref", chance.choice((b"startxxxx", b"startxref\n9999999999 ", b"")))


def change_words(content: bytes, chance: Random) -> bytes:
    old, new = chance.sample(
        (b"/Length", b"/Filter", b"/FlateDecode", b"/Type", b"/Page", b"/Kids", b"/Count", b"/MediaBox", b"/Font"), 2
    )
    return content.replace(old, new)


GENERAL: list[Mutation] = [
    flip_bits,
    truncate,
    behead,
    insert,
    remove,
    blank,
    repeat,
    exchange,
    splice,
    change_numbers,
    to_utf16,
]
IN_XML: list[Mutation] = [
    nest,
    declare_entities,
    swell_attributes,
    add_attributes,
    change_values,
    close_nothing,
    repeat_elements,
]
IN_ZIP: list[Mutation] = [
    change_part,
    change_part,
    change_part,
    rename_part,
    drop_part,
    exchange_parts,
    put_inside_itself,
    add_parts,
    pump_part,
    lie_of_sizes,
    lock,
]
IN_PDF: list[Mutation] = [change_references, damage_stream, unpack_streams, lose_table, change_words]
