"""Bodies that Outlook keeps as RTF: unpacked (MS-OXRTFCP), and the HTML that may be wrapped in them (MS-OXRTFEX)."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from diglot.adapters.parsers.encodings import clean

_HEAD = struct.Struct("<II4sI")
_PACKED, _PLAIN = b"LZFu", b"MELA"
_WINDOW = 4096
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_MOST_BYTES = 50_000_000

_TOKEN = re.compile(
    rb"\\(?:'(?P<code>[0-9a-fA-F]{2})|(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})? ?|(?P<sign>[^a-zA-Z]))"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)",
    re.S,
)
_FONT = re.compile(rb"\\f(\d{1,5})\b[^{};]{0,200}?\\fcharset(\d{1,3})")
_BEGINNING = 1 << 16
"""Of the file, in which its tables stand."""

_CHARSETS = {
    0: "cp1252",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_SIGNS = {
    b"par": "\n",
    b"line": "\n",
    b"tab": "\t",
    b"bullet": "•",
    b"endash": "–",
    b"emdash": "—",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
}
_ESCAPED = {b"~": "\u00a0", b"_": "\u00ad", b"\\": "\\", b"{": "{", b"}": "}"}
_UNSEEN = frozenset({b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pntext"})


def unpacked(content: bytes) -> bytes:
    """Empty if it is damaged."""
    if len(content) < _HEAD.size:
        return b""
    _, size, kind, _ = _HEAD.unpack_from(content)
    packed = memoryview(content)[_HEAD.size :]
    if kind == _PLAIN:
        return bytes(packed[:size])
    return _unpacked(packed, min(size, _MOST_BYTES)) if kind == _PACKED else b""


def _unpacked(packed: memoryview, size: int) -> bytes:
    """Each bit of a control byte says of the next item whether it is one byte, or two that name a piece of the last
    4,096 bytes. A piece at the place of writing itself is the end."""
    written = bytearray(_DICTIONARY)
    end = len(_DICTIONARY) + size
    place = 0
    while place < len(packed) and len(written) < end:
        control = packed[place]
        place += 1
        for bit in range(8):
            if place + (control >> bit & 1) >= len(packed):
                break
            if not control >> bit & 1:
                written.append(packed[place])
                place += 1
                continue
            reference = packed[place] << 8 | packed[place + 1]
            place += 2
            back = (len(written) - (reference >> 4)) % _WINDOW
            if back == 0:
                return bytes(written[len(_DICTIONARY) :])
            _repeat(written, back, (reference & 0xF) + 2)
    return bytes(written[len(_DICTIONARY) : end])


def _repeat(written: bytearray, back: int, length: int) -> None:
    """What lies `back` bytes behind; it may run into what it writes. Before the first byte there are zeros."""
    for _ in range(length):
        written.append(written[-back] if back <= len(written) else 0)


def wrapped_page(rtf: bytes) -> str | None:
    """The HTML that the RTF was made from, None if it was not."""
    beginning = rtf[:_BEGINNING]
    if b"\\fromhtml1" not in beginning:
        return None
    stated = re.search(rb"\\ansicpg(\d{1,5})", beginning)
    fonts = {int(font[1]): _CHARSETS[int(font[2])] for font in _FONT.finditer(beginning) if int(font[2]) in _CHARSETS}
    codec = f"cp{int(stated[1])}" if stated else "cp1252"
    return clean("".join(_Unwrapping(_Group("gb18030" if codec == "cp936" else codec), fonts).words(rtf)))


@dataclass(frozen=True, slots=True)
class _Group:
    """`fallback`: the number of characters that stand for a \\u where nobody knows it. `is_rtf`: what is there only for
    programs that show RTF."""

    codec: str
    fallback: int = 1
    is_seen: bool = True
    is_rtf: bool = False


@dataclass(slots=True)
class _Unwrapping:
    """`coded` are bytes that may be the first of a character; `skipped` is how much of a fallback is still to come."""

    group: _Group
    fonts: dict[int, str]
    around: list[_Group] = field(default_factory=list)
    coded: bytearray = field(default_factory=bytearray)
    skipped: int = 0
    is_starred: bool = False

    def words(self, rtf: bytes) -> Iterator[str]:
        for token in _TOKEN.finditer(rtf):
            if token["code"]:
                self._code(int(token["code"], 16))
                continue
            if self.coded:
                yield self._decoded()
            if token["brace"]:
                self._brace(token["brace"])
            elif token["word"]:
                yield self._word(token["word"], int(token["number"] or -1))
            elif token["sign"]:
                yield self._sign(token["sign"])
            else:
                yield self._text(token["text"])
        yield self._decoded()

    def _code(self, byte: int) -> None:
        if self.skipped:
            self.skipped -= 1
        elif self._is_shown():
            self.coded.append(byte)

    def _decoded(self) -> str:
        try:
            text = self.coded.decode(self.group.codec, errors="replace")
        except LookupError:
            text = self.coded.decode("cp1252", errors="replace")
        self.coded.clear()
        return text

    def _brace(self, brace: bytes) -> None:
        self.skipped = 0
        if brace == b"{":
            self.around.append(self.group)
        elif self.around:
            self.group = self.around.pop()

    def _word(self, word: bytes, number: int) -> str:
        is_starred, self.is_starred = self.is_starred, False
        if word == b"u" and self._is_shown():
            self.skipped = self.group.fallback
            return chr(number % 0x10000)
        if word == b"htmlrtf":
            self.group = replace(self.group, is_rtf=number != 0)
        elif word == b"uc":
            self.group = replace(self.group, fallback=max(number, 0))
        elif word == b"f" and number in self.fonts:
            self.group = replace(self.group, codec=self.fonts[number])
        elif word in _UNSEEN or (is_starred and word != b"htmltag"):
            self.group = replace(self.group, is_seen=False)
        return _SIGNS.get(word, "") if self._is_shown() else ""

    def _sign(self, sign: bytes) -> str:
        self.is_starred = sign == b"*"
        return _ESCAPED.get(sign, "") if self._is_shown() else ""

    def _text(self, text: bytes) -> str:
        skipped, self.skipped = self.skipped, max(self.skipped - len(text), 0)
        return text[skipped:].decode("cp1252", errors="replace") if self._is_shown() else ""

    def _is_shown(self) -> bool:
        return self.group.is_seen and not self.group.is_rtf
