"""The numbers and bullets of lists and headings, which stand in styles."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.numerals import han, letters, roman
from diglot.adapters.parsers.opendocument.package import STYLE, TEXT, count

LEVELS = 10
_LARGEST = 100_000
_OUTLINE = "\0outline"


@dataclass(frozen=True, slots=True)
class _Level:
    """`form` empty: counted, but not shown."""

    is_bullet: bool
    form: str
    before: str
    after: str
    start: int
    shown: int


@dataclass(slots=True)
class Numbering:
    """`styles`: list style -> its levels, by number from 1. The outline of headings is one of them."""

    styles: dict[str, dict[int, _Level]] = field(default_factory=dict)
    outline: list[int] = field(default_factory=lambda: [0] * LEVELS)

    @staticmethod
    def of(*roots: etree._Element | None) -> "Numbering":
        numbering = Numbering()
        for root in roots:
            for style in root.iter(f"{TEXT}list-style", f"{TEXT}outline-style") if root is not None else ():
                name = _OUTLINE if style.tag == f"{TEXT}outline-style" else style.get(f"{STYLE}name", "")
                numbering.styles[name] = dict(_levels(style))
        return numbering

    def counting(self, style: str) -> "Counting":
        return Counting(self.styles.get(style, {}))

    def heading(self, level: int) -> str:
        """What stands before the next heading of a level; empty where headings are not numbered."""
        levels = self.styles.get(_OUTLINE, {})
        if level > LEVELS or level not in levels:
            return ""
        _advance(self.outline, levels, level)
        return _label(levels, self.outline, level)


@dataclass(slots=True)
class Counting:
    """One list, outermost to innermost level."""

    levels: dict[int, _Level]
    counts: list[int] = field(default_factory=lambda: [0] * LEVELS)

    def label(self, level: int, start: int | None) -> str:
        """Of the next item of a level (from 1); `start` if the item says its own number."""
        level = min(level, LEVELS)
        _advance(self.counts, self.levels, level)
        if start is not None:
            self.counts[level - 1] = start
        own = self.levels.get(level)
        return "-" if own is None or own.is_bullet else _label(self.levels, self.counts, level)


def _advance(counts: list[int], levels: dict[int, _Level], level: int) -> None:
    start = levels[level].start if level in levels else 1
    counts[level - 1] = (counts[level - 1] or start - 1) + 1
    counts[level:] = [0] * (LEVELS - level)


def _label(levels: dict[int, _Level], counts: list[int], level: int) -> str:
    own = levels[level]
    if not own.form:
        return ""
    shown = range(max(level - own.shown, 0) + 1, level + 1)
    numbers = [_written(max(counts[at - 1], 1), levels[at].form) for at in shown if at in levels and levels[at].form]
    return f"{own.before}{'.'.join(numbers)}{own.after}".strip()


def _written(number: int, form: str) -> str:
    if form.lower() == "a":
        return letters(number).upper() if form == "A" else letters(number)
    if form.lower() == "i":
        return roman(number).upper() if form == "I" else roman(number)
    return han(number) if form.startswith("一") else str(number)


def _levels(style: etree._Element) -> Iterator[tuple[int, _Level]]:
    for level in style:
        if not isinstance(level.tag, str) or not level.get(f"{TEXT}level"):
            continue
        yield (
            count(level, f"{TEXT}level", LEVELS),
            _Level(
                level.tag == f"{TEXT}list-level-style-bullet",
                level.get(f"{STYLE}num-format", ""),
                clean(level.get(f"{STYLE}num-prefix", ""))[:20],
                clean(level.get(f"{STYLE}num-suffix", ""))[:20],
                count(level, f"{TEXT}start-value", _LARGEST),
                count(level, f"{TEXT}display-levels", LEVELS),
            ),
        )


def own_start(item: etree._Element) -> int | None:
    return count(item, f"{TEXT}start-value", _LARGEST) if item.get(f"{TEXT}start-value") else None
