"""How a workbook shows its numbers: 0.256 as 25.6%, 12.5 as €12.50, 42 as 00042. Dates come as dates from the library,
and of how many digits or separators are shown nothing is kept: what is lost there could not be searched for."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.archives import member
from diglot.adapters.parsers.ooxml import tree
from diglot.adapters.parsers.sheet_extent import column_number

LONGEST_CODE = 255
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\"[^>]*?\bs=\"(\d{1,5})\"")
# Those that Excel knows by number alone and that say more than digits.
_KNOWN = {9: "0%", 10: "0.00%", 5: "$0", 6: "$0", 7: "$0.00", 8: "$0.00", 42: "$0", 44: "$0.00"}
_PIECE = re.compile(
    r"""(?P<number>[0#?][0#?.,/]*(?:E[+-]0+)?)|"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]"""
    r"""|(?P<unseen>[_*].|\[[^\]]*\]|[@,.])|(?P<plain>.)""",
    re.S,
)

Writer = Callable[[float], str]
Writers = dict[tuple[int, int], "Shown"]
"""(Row, column) from 0 -> how the number there is shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`digits`: at least so many before the point. `cents`: decimals that are shown even if they are 0."""

    before: str = ""
    behind: str = ""
    digits: int = 1
    cents: int = 0

    def write(self, value: float, plain: Writer) -> str:
        number = plain(abs(value) * (100 if "%" in self.behind else 1))
        if self.cents and _decimals(number) < self.cents and "e" not in number:
            number = f"{abs(value):.{self.cents}f}"
        if number.isdecimal():
            number = number.zfill(self.digits)
        return f"{'-' if value < 0 else ''}{self.before}{number}{self.behind}"


class Formats:
    """Of one xlsx workbook. Sheets are looked through only if the workbook has a format that matters."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._by_style = _by_style(tree(archive, "xl/styles.xml"))

    def of_sheet(self, part: str) -> Writers:
        content = member(self._archive, part) if part and self._by_style else None
        found: Writers = {}
        for cell in _CELL.finditer(content or b""):
            shown = self._by_style.get(int(cell[3]))
            if shown is not None:
                found[int(cell[2]) - 1, column_number(cell[1]) - 1] = shown
        return found


def shown_by(code: str) -> Shown | None:
    """What a format code adds to the bare number; None for nothing. The part for positive numbers counts."""
    before, behind, number = "", "", ""
    for piece in _PIECE.finditer(_first_part(code[:LONGEST_CODE])):
        if piece["unseen"]:
            continue
        if _is_beyond(piece, number):
            return None
        if piece["number"]:
            number = piece["number"]
        elif number:
            behind += _said(piece)
        else:
            before += _said(piece)
    if not number or "/" in number or "E" in number:
        return None
    whole, _, decimals = number.partition(".")
    shown = Shown(before.lstrip(), behind.rstrip(), max(whole.count("0"), 1), _cents(before + behind, decimals))
    return None if shown == Shown() else shown


def _is_beyond(piece: re.Match[str], number: str) -> bool:
    """Dates, and numbers in several pieces such as those of telephones."""
    plain = piece["plain"] or ""
    return bool(piece["number"] and number) or (plain.isascii() and plain.isalpha())


def _said(piece: re.Match[str]) -> str:
    return piece["quoted"] or piece["escaped"] or piece["currency"] or piece["plain"] or ""


def _cents(around: str, decimals: str) -> int:
    """Money is shown with them; of other numbers nobody misses a 0."""
    return decimals.count("0") if around.strip() and "%" not in around else 0


def _first_part(code: str) -> str:
    """Up to the first semicolon that is not quoted."""
    quoted = False
    for index, sign in enumerate(code):
        if sign == '"':
            quoted = not quoted
        elif sign == ";" and not quoted:
            return code[:index]
    return code


def _by_style(root: etree._Element | None) -> dict[int, Shown]:
    """Number of a cell's style -> what its format adds."""
    if root is None:
        return {}
    codes = {_number(one, "numFmtId"): one.get("formatCode", "") for one in root.iter(f"{_SHEET}numFmt")}
    styles = root.find(f"{_SHEET}cellXfs")
    found: dict[int, Shown] = {}
    for index, style in enumerate(styles if styles is not None else ()):
        number = _number(style, "numFmtId")
        shown = shown_by(codes.get(number, _KNOWN.get(number, "")))
        if shown is not None:
            found[index] = shown
    return found


def _number(element: etree._Element, name: str) -> int:
    value = element.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])
