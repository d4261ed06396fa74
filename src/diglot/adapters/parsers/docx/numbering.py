"""The numbers and bullets that Word puts before paragraphs and does not store with them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.numerals import circled, han, letters, roman
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
    def of(root: etree._Element | None) -> "Numbering":
        numbering = Numbering()
        if root is None:
            return numbering
        models = _models(root)
        for number in root.iter(f"{W}num"):
            name, key = number.get(f"{W}numId", ""), _value(number, "abstractNumId") or ""
            own = list(number.iterchildren(f"{W}lvlOverride"))
            numbering.levels[name] = _overridden(models.get(key, []), own)
            # Lists of one model count on together unless they say where they start.
            numbering.abstract[name] = f"{key} {name}" if own else key
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


def _models(root: etree._Element) -> dict[str, list[_Level]]:
    """Id -> levels. Some only name the style in which another model says them."""
    elements = list(root.iter(f"{W}abstractNum"))
    levels = {model.get(f"{W}abstractNumId", ""): _levels(model) for model in elements}
    styled = {_value(model, "styleLink"): _levels(model) for model in elements}
    for model in elements:
        style = _value(model, "numStyleLink")
        if style is not None and style in styled:
            levels[model.get(f"{W}abstractNumId", "")] = styled[style]
    return levels


def _levels(model: etree._Element) -> list[_Level]:
    return [_level(level) for level in list(model.iterchildren(f"{W}lvl"))[:_LEVELS]]


def _level(level: etree._Element) -> _Level:
    form, text = _value(level, "numFmt") or "decimal", _value(level, "lvlText") or ""
    return _Level(form, text, _count(_value(level, "start"), 1))


def _overridden(levels: list[_Level], overrides: list[etree._Element]) -> list[_Level]:
    changed = list(levels)
    for override in overrides:
        at = _count(override.get(f"{W}ilvl"), 0)
        if at < len(changed):
            own = override.find(f"{W}lvl")
            level = changed[at] if own is None else _level(own)
            changed[at] = replace(level, start=_count(_value(override, "startOverride"), level.start))
    return changed


def _count(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else otherwise


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
    "decimalZero": "{:02d}".format,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "none": lambda number: "",
}
