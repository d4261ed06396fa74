"""The numbers and bullets that Word puts before paragraphs and does not store with them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.docx.styles import Styles
from diglot.adapters.parsers.numerals import han, letters, roman
from diglot.adapters.parsers.ooxml import W

_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """`levels`: numbering id -> its levels. Counting goes on from paragraph to paragraph."""

    levels: dict[str, list[_Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    counters: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * _LEVELS))

    @staticmethod
    def of(root: etree._Element | None, styles: Styles) -> "Numbering":
        numbering = Numbering()
        if root is None:
            return numbering
        models = {model.get(f"{W}abstractNumId", ""): _levels(model) for model in root.iter(f"{W}abstractNum")}
        for number in root.iter(f"{W}num"):
            name, model = number.get(f"{W}numId", ""), number.find(f"{W}abstractNumId")
            key = model.get(f"{W}val", "") if model is not None else ""
            numbering.levels[name] = models.get(key, [])
            # Lists of one model count on together unless they say where they start.
            own = number.find(f"{W}lvlOverride/{W}startOverride")
            numbering.abstract[name] = key if own is None else f"{key} {name}"
        return numbering

    def label(self, number: str, level: int) -> str | None:
        """The next one, such as "3.2", "第三条" or "-"; None if it is no list (number 0 takes a paragraph out)."""
        levels = self.levels.get(number)
        if not levels or level >= len(levels):
            return None if number in {"", "0"} else "-"
        counts = self.counters[self.abstract[number]]
        # A level that was left out counts as begun.
        counts[:level] = [count or above.start for count, above in zip(counts, levels[:level], strict=False)]
        counts[level] = (counts[level] or levels[level].start - 1) + 1
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        if levels[level].form == "bullet":
            return "-"
        return _filled(levels[level].text, levels, counts)


def _levels(model: etree._Element) -> list[_Level]:
    levels = []
    for level in list(model.iter(f"{W}lvl"))[:_LEVELS]:
        start = _value(level, "start")
        levels.append(
            _Level(
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
                int(start) if start and start.isdigit() and len(start) < 6 else 1,
            )
        )
    return levels


def _value(level: etree._Element, name: str) -> str | None:
    found = level.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val")


def _filled(text: str, levels: list[_Level], counts: list[int]) -> str:
    for index, level in enumerate(levels):
        place = f"%{index + 1}"
        if place in text:
            text = text.replace(place, _written(max(counts[index], 1), level.form))
    return text


def _written(number: int, form: str) -> str:
    return _FORMS.get(form, str)(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "chineseCounting": han,
    "chineseCountingThousand": han,
    "taiwaneseCountingThousand": han,
    "japaneseCounting": han,
    "none": lambda number: "",
}
