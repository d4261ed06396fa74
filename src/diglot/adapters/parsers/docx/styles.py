"""What a paragraph's style says: heading level, list, title."""

import re
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.ooxml import W

_HEADING = re.compile(r"(?:heading|标题|標題|überschrift|titre|título|titolo|заголовок|見出し|제목)\s*([1-9])$", re.I)
_TITLE = frozenset({"title", "标题", "標題", "titel", "titre", "title1"})
_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Style:
    """`level` 0: no heading. `list` is (numbering id, level)."""

    level: int = 0
    is_title: bool = False
    list: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    by_id: dict[str, Style] = field(default_factory=dict)

    @staticmethod
    def of(root: etree._Element | None) -> "Styles":
        if root is None:
            return Styles()
        elements = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
        return Styles({name: _style(name, elements) for name in elements})

    def get(self, name: str | None) -> Style:
        return self.by_id.get(name or "", Style())


def _style(name: str, elements: dict[str, etree._Element]) -> Style:
    """What a style does not say itself it has from the one it is based on."""
    level, is_title, listed = 0, False, None
    for _ in range(_DEEPEST):
        element = elements.get(name)
        if element is None:
            break
        shown = _value(element.find(f"{W}name")) or name
        heading = _HEADING.match(shown.strip())
        is_title = is_title or shown.strip().lower() in _TITLE
        level = level or (int(heading[1]) if heading else outline_level(element.find(f"{W}pPr")))
        listed = listed or list_of(element.find(f"{W}pPr"))
        name = _value(element.find(f"{W}basedOn")) or ""
    return Style(level, is_title, listed)


def outline_level(properties: etree._Element | None) -> int:
    found = _value(properties.find(f"{W}outlineLvl")) if properties is not None else None
    # 9 means body text.
    return int(found) + 1 if found and found.isdigit() and int(found) < 9 else 0


def list_of(properties: etree._Element | None) -> tuple[str, int] | None:
    numbered = properties.find(f"{W}numPr") if properties is not None else None
    if numbered is None:
        return None
    number, level = _value(numbered.find(f"{W}numId")), _value(numbered.find(f"{W}ilvl"))
    return (number or "", int(level) if level and level.isdigit() and len(level) < 3 else 0)


def style_name(properties: etree._Element | None) -> str | None:
    return _value(properties.find(f"{W}pStyle")) if properties is not None else None


def _value(element: etree._Element | None) -> str | None:
    return None if element is None else element.get(f"{W}val")
