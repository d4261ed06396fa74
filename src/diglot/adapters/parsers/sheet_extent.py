"""How far a sheet reaches, found before it is opened: the library makes a dense table between its outermost cells, and
two cells in opposite corners would be 17 thousand million."""

import re
import struct
import zipfile

from diglot.adapters.parsers.archives import member
from diglot.adapters.parsers.ooxml import R, main_part, relations, tree

MOST_CELLS = 10_000_000

# A cell with a value as programs write it; then any row or cell. Empty cells that only have a style do not count.
_PLACE = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=\"([A-Z]{1,3})(\d{1,7})\"[^>]*(?<!/)>|<(?:\w+:)?(row|c)\b([^>]*)>")
_REFERENCE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Za-z]{0,9})(\d{0,12})")
_WORKSHEET_DIMENSION = 148


def far_sheets(archive: zipfile.ZipFile, extension: str) -> set[int]:
    """Numbers (from 0) of the sheets that are too large to open."""
    if extension not in {"xlsx", "xlsb"}:
        return set()
    measure = _xlsx_cells if extension == "xlsx" else _xlsb_cells
    sheets = enumerate(sheet_parts(archive, extension))
    return {index for index, part in sheets if part and measure(member(archive, part) or b"") > MOST_CELLS}


def sheet_parts(archive: zipfile.ZipFile, extension: str) -> list[str]:
    """In the workbook's order. xlsb keeps that order in a binary list; its parts are measured all together."""
    if extension == "xlsb":
        names = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.bin", name))
        return sorted(names, key=lambda name: (len(name), name))
    part = main_part(archive, "xl/workbook.xml")
    workbook = tree(archive, part)
    if workbook is None:
        return []
    parts = relations(archive, part)
    sheets = (element for element in workbook.iter() if str(element.tag).endswith("}sheet"))
    return [parts.get(sheet.get(f"{R}id", ""), "") for sheet in sheets]


def _xlsx_cells(content: bytes) -> int:
    """Cells between the outermost ones. Where no place is told, a row or a cell follows the one before."""
    left = top = 1 << 60
    right = bottom = -1
    column = row = 0
    for match in _PLACE.finditer(content):
        if match[3] is None:
            column, row = column_number(match[1]), int(match[2])
        else:
            column, row = _next_place(match, column, row)
            if match[3] == b"row" or match[4].endswith(b"/"):
                continue
        left, right = min(left, column), max(right, column)
        top, bottom = min(top, row), max(bottom, row)
    return max(right - left + 1, 0) * max(bottom - top + 1, 0)


def _next_place(match: re.Match[bytes], column: int, row: int) -> tuple[int, int]:
    told = _REFERENCE.search(match[4])
    letters, digits = (told[1].upper(), told[2]) if told else (b"", b"")
    if match[3] == b"row":
        return 0, int(digits) if digits else row + 1
    return column_number(letters) if letters else column + 1, int(digits) if digits else row


def column_number(letters: bytes) -> int:
    """From 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _xlsb_cells(content: bytes) -> int:
    """As the sheet itself states near its beginning: records of a type, a length and a body."""
    position = 0
    while position < min(len(content), 65536):
        kind, position = _variable(content, position)
        length, position = _variable(content, position)
        if kind == _WORKSHEET_DIMENSION and position + 16 <= len(content):
            edges: tuple[int, int, int, int] = struct.unpack_from("<4I", content, position)
            top, bottom, left, right = edges
            return max(bottom - top + 1, 0) * max(right - left + 1, 0)
        position += length
    return 0


def _variable(content: bytes, position: int) -> tuple[int, int]:
    """A number of seven bits a byte, at most four bytes, and where it ends."""
    number = 0
    for shift in range(0, 28, 7):
        byte = content[position] if position < len(content) else 0
        number |= (byte & 0x7F) << shift
        position += 1
        if byte < 0x80:
            break
    return number, position
