"""The directory of an OLE container: which kind of old Office file it is. Standard library only, for the parent too."""

import struct
from collections.abc import Iterator

_ENTRY = 128
_MOST_SECTORS = 1000
"""Of the directory: 4,000 entries of the usual size."""
_IN_HEADER = 109
_NAME_AT, _LINKS_AT = slice(0, 64), 68


def root_names(content: bytes) -> frozenset[str]:
    """What lies on the top of the container. Empty if it is damaged, or if `content` is a beginning that does not
    reach the directory."""
    try:
        return frozenset(_names(list(_entries(content))))
    except (struct.error, IndexError):
        return frozenset()


def _entries(content: bytes) -> Iterator[bytes]:
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in {9, 12}:
        return
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", content, 48)
    for _ in range(_MOST_SECTORS):
        start = (sector + 1) * size
        part = content[start : start + size]
        if len(part) < size:
            return
        yield from (part[at : at + _ENTRY] for at in range(0, size, _ENTRY))
        sector = _next(content, sector, size)


def _next(content: bytes, sector: int, size: int) -> int:
    """By the allocation table; what stands there to end a chain is no sector of any file. Only the parts of the table
    that the header itself names are followed: they cover the first 7 MB, and a directory that goes on behind them
    has begun before."""
    table, place = divmod(sector, size // 4)
    if table >= _IN_HEADER:
        return 0xFFFFFFFF
    (at,) = struct.unpack_from("<I", content, 76 + 4 * table)
    (following,) = struct.unpack_from("<I", content, (at + 1) * size + 4 * place)
    return int(following)


def _names(entries: list[bytes]) -> Iterator[str]:
    """The children of the first entry, which form a tree of left and right neighbours."""
    if not entries:
        return
    waiting = [struct.unpack_from("<3I", entries[0], _LINKS_AT)[2]]
    seen = set(waiting)
    while waiting:
        number = waiting.pop()
        if number >= len(entries):
            continue
        entry = entries[number]
        yield entry[_NAME_AT].decode("utf-16-le", errors="replace").partition("\0")[0]
        near = [link for link in struct.unpack_from("<3I", entry, _LINKS_AT)[:2] if link not in seen]
        seen.update(near)
        waiting.extend(near)
