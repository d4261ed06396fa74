"""Tables of RTF: rows that follow each other, each with the shape of its cells."""

from dataclasses import dataclass, field

from diglot.adapters.parsers.table_text import again

MOST_COLUMNS = 1000


@dataclass(slots=True)
class RowShape:
    """Which cells of the next row only continue the one at their left or above; `open` are those said of the next."""

    lefts: list[bool] = field(default_factory=list)
    ups: list[bool] = field(default_factory=list)
    open: tuple[bool, bool] = (False, False)

    def clear(self) -> None:
        self.lefts.clear()
        self.ups.clear()
        self.open = (False, False)

    def merge_left(self) -> None:
        self.open = (True, self.open[1])

    def merge_up(self) -> None:
        self.open = (self.open[0], True)

    def end_cell(self) -> None:
        if len(self.lefts) < MOST_COLUMNS:
            self.lefts.append(self.open[0])
            self.ups.append(self.open[1])
        self.open = (False, False)


@dataclass(slots=True)
class TableRows:
    """`lines` are those of the open cell, `cells` those of the open row."""

    rows: list[list[str]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        if text:
            self.lines.append(text)

    def end_cell(self) -> None:
        if len(self.cells) < MOST_COLUMNS:
            self.cells.append(" ".join(" ".join(self.lines).split()))
        self.lines.clear()

    def end_row(self, shape: RowShape) -> None:
        if self.lines:
            self.end_cell()
        if self.cells:
            self.rows.append(self._laid_out(shape))
        self.cells = []

    def taken(self) -> list[list[str]]:
        self.end_row(RowShape())
        rows, self.rows = self.rows, []
        return rows

    def _laid_out(self, shape: RowShape) -> list[str]:
        """A merged cell's text stands in each of its places."""
        above = self.rows[-1] if self.rows else []
        row: list[str] = []
        for at, text in enumerate(self.cells):
            if not text and at < len(shape.lefts) and shape.lefts[at] and row:
                row.append(again(row[-1]))
            elif not text and at < len(shape.ups) and shape.ups[at] and at < len(above):
                row.append(again(above[at]))
            else:
                row.append(text)
        return row
