"""The properties of Outlook's messages (MS-OXMSG): numbered values in the storages of an OLE container."""

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import olefile  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean, decode_as
from diglot.domain.errors import FileDamaged

MOST_STORAGES = 1000
"""Recipients, or attachments, of one message."""

_TEXT, _BYTES_TEXT, _BINARY, _TIME, _INTEGER, _OBJECT = 0x001F, 0x001E, 0x0102, 0x0040, 0x0003, 0x000D
_FIXED = "__properties_version1.0"
_VALUE = "__substg1.0_"
_ENTRY = struct.Struct("<HHI8s")
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CODE_PAGE, _INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE
_CODE_PAGES = {
    932: "cp932",
    936: "gb18030",
    1200: "utf-16-le",
    20127: "",
    20866: "koi8-r",
    28591: "cp1252",
    28605: "iso-8859-15",
    50220: "iso-2022-jp",
    51932: "euc-jp",
    51949: "euc-kr",
    54936: "gb18030",
    65001: "utf-8",
}
_DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error)


class Storage:
    """A message, a recipient or an attachment."""

    def __init__(self, container: Any, entry: Any, path: tuple[str, ...] = ()) -> None:
        self._container = container
        self._entry = entry
        self._path = path
        self._fixed = self._fixed_values()

    def text(self, *numbers: int) -> str:
        """Of the first of these properties that says something."""
        return next(filter(None, map(self._text, numbers)), "")

    def data(self, number: int) -> bytes:
        return self._stream(_name(number, _BINARY)) or b""

    def size(self, number: int) -> int:
        """Bytes that `data` has."""
        found = self._entry.kids_dict.get(_name(number, _BINARY))
        return 0 if found is None else int(found.size)

    def page(self, number: int) -> str:
        """HTML, which is kept as bytes or as text."""
        content = self.data(number)
        return decode_as(content, _encoding(self.integer(_INTERNET_CODE_PAGE))) if content else self.text(number)

    def integer(self, number: int) -> int | None:
        value = self._fixed.get((number, _INTEGER))
        return None if value is None else int.from_bytes(value[:4], "little", signed=True)

    def time(self, number: int) -> datetime | None:
        ticks = int.from_bytes(self._fixed.get((number, _TIME), b""), "little")
        try:
            return _EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def inside(self, beginning: str) -> "list[Storage]":
        """The storages whose names begin so, by their numbers."""
        names = sorted(name for name in self._entry.kids_dict if name.startswith(beginning))
        return [self._storage(name) for name in names[:MOST_STORAGES]]

    def message(self, number: int) -> "Storage | None":
        """The message that this property is."""
        name = _name(number, _OBJECT)
        return self._storage(name) if name in self._entry.kids_dict else None

    def _storage(self, name: str) -> "Storage":
        entry = self._entry.kids_dict[name]
        return Storage(self._container, entry, (*self._path, entry.name))

    def _text(self, number: int) -> str:
        content = self._stream(_name(number, _TEXT))
        if content is not None:
            return clean(content.decode("utf-16-le", errors="replace")).strip()
        content = self._stream(_name(number, _BYTES_TEXT)) or b""
        page = self.integer(_CODE_PAGE) or self.integer(_INTERNET_CODE_PAGE)
        return decode_as(content, _encoding(page)).strip()

    def _fixed_values(self) -> dict[tuple[int, int], bytes]:
        content = self._stream(_FIXED) or b""
        return {(number, kind): value for kind, number, _, value in _entries(content[self._fixed_head() :])}

    def _fixed_head(self) -> int:
        """Bytes before the first value: of the outermost message, of one inside, of recipients and attachments."""
        if not self._path:
            return 32
        return 24 if self._path[-1].startswith(_VALUE) else 8

    def _stream(self, name: str) -> bytes | None:
        entry = self._entry.kids_dict.get(name)
        if entry is None or entry.entry_type != olefile.STGTY_STREAM:
            return None
        try:
            content: bytes = self._container.openstream([*self._path, entry.name]).read()
        except _DAMAGE as broken:
            raise FileDamaged(f"The file is damaged: its part {name} cannot be read.") from broken
        return content


def open_message(content: bytes) -> Storage:
    """The outermost message. `FileDamaged`"""
    try:
        container = olefile.OleFileIO(io.BytesIO(content))
        root = container.root
    except _DAMAGE as broken:
        raise FileDamaged("The file is damaged: it is not a complete .msg file.") from broken
    if root is None or _FIXED not in root.kids_dict:
        raise FileDamaged("The file is damaged: it is no message of Outlook.")
    return Storage(container, root)


def _name(number: int, kind: int) -> str:
    return f"{_VALUE}{number:04x}{kind:04x}"


def _entries(content: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    whole = len(content) - len(content) % _ENTRY.size
    yield from _ENTRY.iter_unpack(content[:whole])


def _encoding(code_page: int | None) -> str:
    """Empty where the bytes must tell."""
    return "" if code_page is None else _CODE_PAGES.get(code_page, f"cp{code_page}")
