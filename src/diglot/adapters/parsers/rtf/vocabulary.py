"""What control words begin and mean."""

from enum import Enum, auto

from diglot.domain.parsed import BlockKind


class Reads(Enum):
    """What becomes of the text of a group."""

    TEXT = auto()
    NOTHING = auto()
    LABEL = auto()
    TITLE = auto()
    FONTS = auto()
    STYLES = auto()


_UNREAD = (
    *("info", "colortbl", "filetbl", "listtable", "listoverridetable", "revtbl", "rsidtbl", "themedata", "datastore"),
    *("pict", "nonshppict", "objdata", "shprslt", "sp", "fldinst", "nonesttables", "template"),
    *("xe", "tc", "rxe", "bxe", "txe", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn"),
)
DESTINATIONS = {
    "listtext": Reads.LABEL,
    "pntext": Reads.LABEL,
    "fonttbl": Reads.FONTS,
    "stylesheet": Reads.STYLES,
    "title": Reads.TITLE,
    **dict.fromkeys(_UNREAD, Reads.NOTHING),
}
FLOWS = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), BlockKind.HEADER),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), BlockKind.FOOTER),
    **dict.fromkeys(("footnote", "shptxt", "dptxbxtext"), BlockKind.PARAGRAPH),
}
"""Groups that hold text of their own, and what it becomes."""

# Programs that do not know them shall skip these; they hold text nevertheless.
_OPTIONAL_TEXT = frozenset({"shpinst", "do", "moMath", "moMathPara"})
SIGNS = {
    "line": "\n",
    "lbr": "\n",
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
SYMBOLS = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\"}


def destination(word: str) -> Reads | None:
    """None for a word that begins nothing. The properties of formulas hold words that nobody sees."""
    return Reads.NOTHING if word.startswith("m") and word.endswith("Pr") else DESTINATIONS.get(word)


def is_known(word: str) -> bool:
    """Among the words that a program skips with their groups unless it knows them."""
    return word in _OPTIONAL_TEXT or word in FLOWS or word in DESTINATIONS
