"""xlsx, xls, xlsb and ods: a table for each region of each sheet."""

import datetime
import io
import zipfile
from collections.abc import Callable, Iterator

import python_calamine as calamine

from diglot.adapters.parsers.archives import open_archive
from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.formats import ZIPPED
from diglot.adapters.parsers.sheet_extent import far_sheets, sheet_parts
from diglot.adapters.parsers.sheet_formats import Formats, Writers
from diglot.adapters.parsers.sheet_table import fill_merged, sheet_blocks
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.errors import FileDamaged, LimitExceeded, PasswordNeeded
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed

MOST_SHEETS = 1000
_Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def read(source: Source) -> Parsed:
    if source.extension not in ZIPPED:
        return _read(source, set(), lambda index: {})
    with open_archive(source) as archive:
        return _read(source, far_sheets(archive, source.extension), _formats(archive, source))


def _formats(archive: zipfile.ZipFile, source: Source) -> Callable[[int], Writers]:
    """Of the other formats the library tells numbers without what they are."""
    if source.extension != "xlsx":
        return lambda index: {}
    formats, parts = Formats(archive), sheet_parts(archive, "xlsx")
    return lambda index: formats.of_sheet(parts[index]) if index < len(parts) else {}


def _read(source: Source, far: set[int], formats: Callable[[int], Writers]) -> Parsed:
    workbook = _open(source)
    allowance = Allowance(source.limits.output_characters)
    blocks: list[Block] = []
    for index, sheet in enumerate(workbook.sheets_metadata[:MOST_SHEETS]):
        if index in far:
            source.note(f'The sheet "{sheet.name}" was skipped: its cells lie too far apart.')
        elif sheet.visible == calamine.SheetVisibleEnum.VeryHidden:
            source.note(f'The sheet "{sheet.name}" was skipped: it is for programs alone.')
        else:
            blocks += _sheet(workbook, index, sheet.name, formats(index), allowance, source)
    if far and not blocks:
        raise LimitExceeded("The cells of the sheet lie too far apart.")
    return Parsed(tuple(blocks))


def _open(source: Source) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.content))
    except calamine.PasswordError as locked:
        raise PasswordNeeded from locked
    except (calamine.CalamineError, OSError, ValueError) as broken:
        if "password" in str(broken).lower():
            raise PasswordNeeded from broken
        raise FileDamaged(f"The file is damaged: it is not a complete .{source.extension} file.") from broken


def _sheet(
    workbook: calamine.CalamineWorkbook, index: int, name: str, formats: Writers, allowance: Allowance, source: Source
) -> Iterator[Block]:
    """The sheet's name as a heading, if there are several; then its regions."""
    try:
        sheet = workbook.get_sheet_by_index(index)
        rows = sheet.to_python(skip_empty_area=True)
    except calamine.WorksheetNotFound:
        # A chart sheet.
        return
    except (calamine.CalamineError, OSError, ValueError):
        source.note(f'The sheet "{name}" is damaged and was skipped.')
        return
    corner = sheet.start or (0, 0)
    cells = [[_shown(value) for value in row] for row in rows]
    for (row, column), shown in formats.items():
        row, column = row - corner[0], column - corner[1]
        if 0 <= row < len(rows) and 0 <= column < len(rows[row]) and isinstance(value := rows[row][column], float):
            cells[row][column] = shown.write(value, _number)
    fill_merged(cells, sheet.merged_cell_ranges or [], corner)
    found = list(sheet_blocks(cells, name, allowance, corner))
    if found and len(workbook.sheet_names) > 1:
        yield Block(BlockKind.HEADING, clean(name), Anchor(sheet=name, headings=(name,)), 1)
    yield from found


def _shown(value: _Value) -> str:
    return _WRITERS.get(type(value), str)(value)


def _number(value: float) -> str:
    """As people see it: 1.0 is 1, 0.30000000000000004 is 0.3."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def _moment(value: datetime.datetime) -> str:
    """To the second: what is less comes of numbers that are parts of a day."""
    value = (value + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
    return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")


def _duration(value: datetime.timedelta) -> str:
    """Hours may be more than a day has."""
    seconds = round(abs(value.total_seconds()))
    return f"{'-' if value.total_seconds() < 0 else ''}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _time(value: datetime.time) -> str:
    return (
        _moment(datetime.datetime.combine(datetime.date(1900, 1, 1), value))[-8:] if value.microsecond else str(value)
    )


_WRITERS: dict[type, Callable[..., str]] = {
    str: lambda value: clean(value).strip(),
    float: _number,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime.datetime: _moment,
    datetime.time: _time,
    datetime.timedelta: _duration,
}
