"""Bodies that Outlook keeps as RTF: unpacked (MS-OXRTFCP), and the HTML that may be wrapped in them (MS-OXRTFEX)."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.rtf.tokens import Kind, page_of_charset, page_of_number, tokens

_HEAD = struct.Struct("<II4sI")
_PACKED, _PLAIN = b"LZFu", b"MELA"
_WINDOW = 4096
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_MOST_BYTES = 50_000_000

_FONT = re.compile(rb"\\f(\d{1,5})\b[^{};]{0,200}?\\fcharset(\d{1,3})")
_OWN_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_BEGINNING = 1 << 16
"""Of the file, in which its tables stand."""

_SIGNS = {"par": "\n", "line": "\n", "tab": "\t", "bullet": "•", "endash": "–", "emdash": "—"} | {
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_ESCAPED = {"~": "\u00a0", "_": "\u00ad", "\\": "\\", "{": "{", "}": "}"}
_UNSEEN = frozenset({"fonttbl", "colortbl", "stylesheet", "info", "pntext"})


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
    stated = _OWN_PAGE.search(beginning)
    own = (stated and page_of_number(int(stated[1]))) or "cp1252"
    fonts = {int(font[1]): page_of_charset(int(font[2])) or own for font in _FONT.finditer(beginning)}
    page = "".join(_Unwrapping(_Group(own), fonts).words(rtf))
    # Characters beyond the first plane are written as two.
    return clean(page.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


@dataclass(frozen=True, slots=True)
class _Group:
    """`fallback`: how many bytes stand behind a \\u for programs that do not know it. `is_rtf`: what is there only for
    programs that show RTF."""

    page: str
    fallback: int = 1
    is_seen: bool = True
    is_rtf: bool = False

    @property
    def is_shown(self) -> bool:
        return self.is_seen and not self.is_rtf


@dataclass(slots=True)
class _Unwrapping:
    """`held` are bytes whose next ones may belong to the same character; `skipped` is how much of a fallback is still
    to come."""

    group: _Group
    fonts: dict[int, str]
    around: list[_Group] = field(default_factory=list)
    held: bytearray = field(default_factory=bytearray)
    skipped: int = 0
    is_starred: bool = False

    def words(self, rtf: bytes) -> Iterator[str]:
        for token in tokens(rtf):
            if token.kind is Kind.BYTES:
                self._hold(token.text)
                continue
            yield self._released()
            if token.kind is Kind.WORD:
                yield self._word(token.word, token.number)
            elif token.kind is Kind.SYMBOL:
                yield self._symbol(token.word)
            else:
                self._brace(token.kind)
        yield self._released()

    def _hold(self, text: bytes) -> None:
        skipped = min(self.skipped, len(text))
        self.skipped -= skipped
        if self.group.is_shown:
            self.held += text[skipped:]

    def _released(self) -> str:
        text = self.held.decode(self.group.page, errors="replace")
        self.held.clear()
        return text

    def _brace(self, kind: Kind) -> None:
        self.skipped = 0
        if kind is Kind.OPEN:
            self.around.append(self.group)
        elif self.around:
            self.group = self.around.pop()

    def _word(self, word: str, number: int | None) -> str:
        is_starred, self.is_starred = self.is_starred, False
        if word == "u" and number is not None and self.group.is_shown:
            self.skipped = self.group.fallback
            return chr(number % 0x10000)
        if word == "htmlrtf":
            self.group = replace(self.group, is_rtf=number != 0)
        elif word == "uc":
            self.group = replace(self.group, fallback=max(number or 0, 0))
        elif word == "f" and number in self.fonts:
            self.group = replace(self.group, page=self.fonts[number])
        elif word in _UNSEEN or (is_starred and word != "htmltag"):
            self.group = replace(self.group, is_seen=False)
        return _SIGNS.get(word, "") if self.group.is_shown else ""

    def _symbol(self, symbol: str) -> str:
        self.is_starred = symbol == "*"
        return _ESCAPED.get(symbol, "") if self.group.is_shown else ""
