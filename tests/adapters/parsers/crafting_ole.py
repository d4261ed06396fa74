"""OLE containers, and messages of Outlook in them."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_FREE, _END, _IN_TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _SMALL_SECTOR, _CUT = 512, 64, 4096

Tree = Mapping[str, "bytes | Tree"]


@dataclass
class _Entry:
    name: str
    content: bytes | None
    kind: int
    child: int = _FREE
    right: int = _FREE
    start: int = _END


def ole(tree: Tree) -> bytes:
    """Streams are bytes, storages mappings."""
    entries = [_Entry("Root Entry", b"", 5)]
    _add(entries, 0, tree)
    small, small_table = bytearray(), []
    for entry in entries[1:]:
        if entry.content and len(entry.content) < _CUT:
            entry.start = len(small_table)
            small += _padded(entry.content, _SMALL_SECTOR)
            small_table += _chain(len(small_table), len(small) // _SMALL_SECTOR - len(small_table))
    entries[0].content = bytes(small)
    # One sector of the table covers 64 kB; eight are enough for a test.
    sectors, table = [b""] * 8, [_IN_TABLE] * 8

    def place(content: bytes) -> int:
        start, count = len(table), -(-len(content) // _SECTOR)
        sectors.extend(_padded(content, _SECTOR)[at : at + _SECTOR] for at in range(0, count * _SECTOR, _SECTOR))
        table.extend(_chain(start, count))
        return start if count else _END

    for entry in entries:
        if entry.content and (len(entry.content) >= _CUT or entry.kind == 5):
            entry.start = place(entry.content)
    small_start = place(struct.pack(f"<{len(small_table)}I", *small_table))
    directory_start = place(b"".join(map(_packed, entries)))
    numbers = table + [_FREE] * (8 * _SECTOR // 4 - len(table))
    packed_table = struct.pack(f"<{len(numbers)}I", *numbers)
    sectors[:8] = [packed_table[at : at + _SECTOR] for at in range(0, 8 * _SECTOR, _SECTOR)]
    counts = (0, 8, directory_start, 0, _CUT, small_start if small_table else _END)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", *counts, -(-len(small_table) * 4 // _SECTOR), _END, 0)
    return head + struct.pack("<109I", *range(8), *[_FREE] * 101) + b"".join(sectors)


def _add(entries: list[_Entry], parent: int, tree: Tree) -> None:
    before = None
    for name, content in tree.items():
        number = len(entries)
        entries.append(
            _Entry(name, content if isinstance(content, bytes) else None, 2 if isinstance(content, bytes) else 1)
        )
        if before is None:
            entries[parent].child = number
        else:
            entries[before].right = number
        before = number
        if not isinstance(content, bytes):
            _add(entries, number, content)


def _packed(entry: _Entry) -> bytes:
    name = (entry.name + "\0").encode("utf-16-le")
    links = struct.pack("<3I", _FREE, entry.right, entry.child)
    kind = struct.pack("<HBB", len(name), entry.kind, 1)
    return name.ljust(64, b"\0") + kind + links + bytes(36) + struct.pack("<IQ", entry.start, len(entry.content or b""))


def _padded(content: bytes, size: int) -> bytes:
    return content + bytes(-len(content) % size)


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END] if count else []


def properties(head: int, values: Mapping[int, Any] | None = None) -> dict[str, bytes | Tree]:
    """Texts, bytes, whole numbers and storages by the numbers of their properties; `head` as MS-OXMSG has it: 32 for
    the outermost message, 24 for one inside, 8 for recipients and attachments."""
    streams: dict[str, bytes | Tree] = {}
    fixed = bytes(head)
    for number, value in (values or {}).items():
        if isinstance(value, str):
            streams[f"__substg1.0_{number:04X}001F"] = value.encode("utf-16-le")
        elif isinstance(value, bytes):
            streams[f"__substg1.0_{number:04X}0102"] = value
        elif isinstance(value, int):
            fixed += struct.pack("<HHIq", 3 if value < 1 << 31 else 0x40, number, 0, value)
        else:
            streams[f"__substg1.0_{number:04X}000D"] = value
    return {"__properties_version1.0": fixed} | streams


def letter(
    values: Mapping[int, Any], attached: list[Mapping[int, Any]] | None = None, *, is_inside: bool = False
) -> dict[str, bytes | Tree]:
    """A message's storage."""
    return properties(24 if is_inside else 32, values) | {
        f"__attach_version1.0_#{number:08X}": properties(8, one) for number, one in enumerate(attached or [])
    }


def recipient(number: int, name: str, address: str, kind: int) -> dict[str, Tree]:
    return {f"__recip_version1.0_#{number:08X}": properties(8, {0x3001: name, 0x39FE: address, 0x0C15: kind})}


def packed_rtf(rtf: bytes) -> bytes:
    """As Outlook keeps it, all of it literal."""
    items = [rtf[at : at + 8] for at in range(0, len(rtf), 8)]
    body = b"".join(b"\0" + item for item in items)
    return struct.pack("<II4sI", len(body) + 12, len(rtf), b"LZFu", 0) + body
