"""A picture's pixels as a PNG file. Unfiltered rows: pages are text on white, which filters only make larger."""

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BIT_RGB = b"\x08\x02\x00\x00\x00"
_LEVEL = 6
_HEAD = struct.Struct(">8sI4sII")


def encode(width: int, height: int, pixels: bytes, stride: int) -> bytes:
    """`pixels` are red, green, blue, a byte each; a row begins every `stride` bytes."""
    rows = (pixels[start : start + 3 * width] for start in range(0, stride * height, stride))
    # Each row is led by the number of its filter.
    squeezed = zlib.compress(b"".join(b"\0" + row for row in rows), _LEVEL)
    head = struct.pack(">II", width, height) + _EIGHT_BIT_RGB
    return _SIGNATURE + _part(b"IHDR", head) + _part(b"IDAT", squeezed) + _part(b"IEND", b"")


def size(content: bytes) -> tuple[int, int] | None:
    """Width and height that a PNG file says it has; None if it is none."""
    if len(content) < _HEAD.size:
        return None
    signature, _, kind, width, height = _HEAD.unpack_from(content)
    return (width, height) if signature == _SIGNATURE and kind == b"IHDR" else None


def _part(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
