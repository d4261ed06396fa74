"""Tables of old PowerPoint: groups of shapes, marked as tables, whose places make the grid ([MS-PPT], [MS-ODRAW])."""

import io
import struct
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import olefile  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.table_text import again

_STREAM = "PowerPoint Document"
_GROUP, _SHAPE, _ANCHOR, _PROPERTIES, _TEXT_BOX = 0xF003, 0xF004, 0xF00F, 0xF122, 0xF00D
_WIDE_TEXT, _NARROW_TEXT = 4000, 4008
_IS_TABLE = 0x39F
_CONTAINER = 0xF
_DEEPEST = 40
_MOST_TABLES = 1000
_MOST_CELLS = 100_000


class Table(NamedTuple):
    """`lines` are the paragraphs of its cells in the order of the file."""

    lines: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class _Record(NamedTuple):
    kind: int
    instances: int
    start: int
    end: int
    is_container: bool


class _Cell(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int
    lines: tuple[str, ...]


def tables(content: bytes) -> list[Table]:
    """Those of older versions of a slide too: programs append what changed. None of a file that is too damaged."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            stream = file.openstream(_STREAM).read() if file.exists(_STREAM) else b""
        return tables_in(stream)
    except (OSError, struct.error):
        return []


def tables_in(stream: bytes) -> list[Table]:
    found = (_table(stream, group) for group in _groups(stream, 0, len(stream)))
    return list(islice(filter(None, found), _MOST_TABLES))


def _records(stream: bytes, start: int, end: int) -> Iterator[_Record]:
    while start + 8 <= end:
        head, kind, length = struct.unpack_from("<HHI", stream, start)
        stop = min(start + 8 + length, end)
        yield _Record(kind, head >> 4, start + 8, stop, head & 0xF == _CONTAINER)
        start = stop


def _groups(stream: bytes, start: int, end: int, depth: int = 0) -> Iterator[_Record]:
    for record in _records(stream, start, end):
        if record.kind == _GROUP:
            yield record
        if record.is_container and depth < _DEEPEST:
            yield from _groups(stream, record.start, record.end, depth + 1)


def _table(stream: bytes, group: _Record) -> Table | None:
    """The first shape of a group stands for the group itself."""
    shapes = [record for record in _records(stream, group.start, group.end) if record.kind == _SHAPE]
    if not shapes or not _is_table(stream, shapes[0]):
        return None
    cells = [cell for shape in shapes[1:] if (cell := _cell(stream, shape))]
    rows = _laid_out(cells)
    return Table(tuple(line for cell in cells for line in cell.lines), rows) if rows else None


def _is_table(stream: bytes, shape: _Record) -> bool:
    for record in _records(stream, shape.start, shape.end):
        if record.kind == _PROPERTIES:
            most = min(record.instances, (record.end - record.start) // 6)
            pairs = (struct.unpack_from("<HI", stream, record.start + 6 * at) for at in range(most))
            return any(name & 0x3FFF == _IS_TABLE and value & 1 for name, value in pairs)
    return False


def _cell(stream: bytes, shape: _Record) -> _Cell | None:
    """None for the lines between the cells."""
    parts = {record.kind: record for record in _records(stream, shape.start, shape.end)}
    if _ANCHOR not in parts or _TEXT_BOX not in parts:
        return None
    left, top, right, bottom = struct.unpack_from("<4i", stream, parts[_ANCHOR].start)
    text = "".join(_texts(stream, parts[_TEXT_BOX]))
    lines = (clean(line.replace("\v", "\n")).strip() for line in text.split("\r"))
    return _Cell(left, top, right, bottom, tuple(filter(None, lines)))


def _texts(stream: bytes, box: _Record) -> Iterator[str]:
    for record in _records(stream, box.start, box.end):
        if record.kind == _WIDE_TEXT:
            yield stream[record.start : record.end].decode("utf-16-le", errors="replace")
        elif record.kind == _NARROW_TEXT:
            yield stream[record.start : record.end].decode("latin-1")


def _laid_out(cells: list[_Cell]) -> tuple[tuple[str, ...], ...]:
    """A merged cell's text stands in each of its places."""
    columns = _places({edge for cell in cells for edge in (cell.left, cell.right)})
    rows = _places({edge for cell in cells for edge in (cell.top, cell.bottom)})
    covered = sum(
        max(rows[cell.bottom] - rows[cell.top], 0) * max(columns[cell.right] - columns[cell.left], 0) for cell in cells
    )
    # Cells of a table do not lie upon each other; where they do, somebody wants the work to have no end.
    if not 0 < len(columns) * len(rows) <= _MOST_CELLS or covered > _MOST_CELLS:
        return ()
    grid = [[""] * (len(columns) - 1) for _ in range(len(rows) - 1)]
    for cell in cells:
        text = " ".join(" ".join(cell.lines).split())
        for row in range(rows[cell.top], rows[cell.bottom]):
            for column in range(columns[cell.left], columns[cell.right]):
                is_first = (row, column) == (rows[cell.top], columns[cell.left])
                grid[row][column] = text if is_first else again(text)
    return tuple(map(tuple, grid))


def _places(edges: set[int]) -> dict[int, int]:
    return {edge: place for place, edge in enumerate(sorted(edges))}
