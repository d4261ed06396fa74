"""What a document defines before its text: code pages of fonts, levels of styles."""

import re
from dataclasses import dataclass, field

BODY_TEXT = 9
"""The outline level, from 0, of what is no heading."""

_HEADING = re.compile(r"heading ([1-9])", re.I)
_LONGEST_NAME = 300


@dataclass(slots=True)
class Definitions:
    """`page` is the document's own code page, `levels` are outline levels by style, `open` is the number of the font or
    style that is being defined and `name` what is known of its name."""

    page: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    default_font: int = -1
    levels: dict[int, int] = field(default_factory=dict)
    titles: set[int] = field(default_factory=set)
    open: int = 0
    name: str = ""

    def page_of(self, font: int) -> str:
        return self.fonts.get(font, self.page)

    def define_font(self, page: str | None) -> None:
        if page:
            self.fonts.setdefault(self.open, page)

    def say(self, text: str) -> None:
        self.name = (self.name + text)[:_LONGEST_NAME]

    def define_style(self, outline: int) -> None:
        """`outline` is what it says of itself; the names of the usual ones are the same in all languages."""
        name = self.name.strip("; ").partition(",")[0]
        named = _HEADING.fullmatch(name)
        level = int(named[1]) - 1 if named else outline
        if level < BODY_TEXT:
            self.levels[self.open] = level
        if name.lower() == "title":
            self.titles.add(self.open)
        self.name, self.open = "", 0
