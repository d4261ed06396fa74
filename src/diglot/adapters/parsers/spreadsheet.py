"""xlsx, xls, xlsb and ods: a table for each region of each sheet."""

import datetime
import io
from collections.abc import Callable, Iterator

import python_calamine as calamine

from diglot.adapters.parsers.archives import open_archive
from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.formats import ZIPPED
from diglot.adapters.parsers.sheet_extent import far_sheets
from diglot.adapters.parsers.sheet_table import fill_merged, sheet_blocks
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.errors import FileDamaged, LimitExceeded, PasswordNeeded
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed

MOST_SHEETS = 1000
_Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def read(source: Source) -> Parsed:
    far = _check_archive(source) if source.extension in ZIPPED else set()
    workbook = _open(source)
    allowance = Allowance(source.limits.output_characters)
    blocks: list[Block] = []
    for index, name in enumerate(workbook.sheet_names[:MOST_SHEETS]):
        if index in far:
            source.note(f'The sheet "{name}" was skipped: its cells lie too far apart.')
            continue
        blocks += _sheet(workbook, index, name, allowance, source)
    if far and not blocks:
        raise LimitExceeded("The cells of the sheet lie too far apart.")
    return Parsed(tuple(blocks))


def _check_archive(source: Source) -> set[int]:
    with open_archive(source) as archive:
        return far_sheets(archive, source.extension)


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
    workbook: calamine.CalamineWorkbook, index: int, name: str, allowance: Allowance, source: Source
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
    return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")


_WRITERS: dict[type, Callable[[_Value], str]] = {
    str: lambda value: clean(str(value)).strip(),
    float: lambda value: _number(float(value)),  # type: ignore[arg-type]  # by the key
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime.datetime: lambda value: _moment(value),  # type: ignore[arg-type]  # by the key
}
