"""Files that nothing reads yet: what whoever sent them is told."""

import os
from pathlib import Path

import pytest

from diglot.adapters.parsers.sandbox import SandboxedParser
from diglot.domain.errors import FormatUnreadable, ParseFailed
from diglot.ports.parser import ParseLimits
from tests.adapters.parsers.crafting import zipped
from tests.adapters.parsers.reading_here import parsed

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512
SOUND = r"^Files of the type \.mp3 cannot be read yet\.$"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.zip", zipped({"a.txt": "words"}), r"^Archives are not unpacked here: .*DIGLOT_ZIP"),
        ("a.mp3", b"ID3\x04\x00\x00\x00\x00", r"\.mp3 cannot be read yet"),
        ("a.mp4", b"\x00\x00\x00\x18ftypmp42", r"\.mp4 cannot be read yet"),
        ("a.<b>", b"\x00\x01\x02\x03", r"^This type of file is not supported\.$"),
    ],
)
def test_a_plain_sentence(name: str, content: bytes, message: str) -> None:
    with pytest.raises(FormatUnreadable, match=message):
        parsed(name, content)


def test_the_sentence_comes_out_of_the_child(tmp_path: Path) -> None:
    path = tmp_path / "sound"
    path.write_bytes(b"ID3\x04\x00\x00" + os.urandom(100))
    parser = SandboxedParser()
    try:
        with pytest.raises(ParseFailed, match=SOUND) as failure:
            parser.parse(path, "a.mp3", ParseLimits(), lambda: False)
    finally:
        parser.close()
    assert type(failure.value) is FormatUnreadable
