"""The path of headings above a place."""

from dataclasses import dataclass, field

LONGEST_TITLE = 200
DEEPEST = 12


@dataclass(slots=True)
class HeadingPath:
    """Entering a heading leaves those of its own level and deeper."""

    titles: tuple[str, ...] = ()
    levels: tuple[int, ...] = field(default=())

    def enter(self, level: int, title: str) -> None:
        kept = sum(1 for above in self.levels if above < level)
        self.levels = (*self.levels[:kept], level)[-DEEPEST:]
        self.titles = (*self.titles[:kept], title[:LONGEST_TITLE])[-DEEPEST:]
