"""Word and PowerPoint before 2007 (doc, ppt) by the extra `legacy`; Word also by antiword, where that is installed."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.legacy_tables import Table, tables
from diglot.adapters.parsers.source import Allowance, Source
from diglot.adapters.parsers.table_text import again, table_block
from diglot.domain.errors import FileDamaged, FormatUnreadable, ParseFailed, PasswordNeeded
from diglot.domain.parsed import Anchor, Block, BlockKind, Parsed

_DEEPEST = 40
_MOST_COLUMNS = 1000
_INDENTS = 8
_Element = dict[str, Any]
_MISSING = "Old Word and PowerPoint files are read with the extra `diglot[legacy]`, which is not installed."


def is_installed() -> bool:
    """Whether the extra is there: both kinds are read."""
    return find_spec("office_oxide") is not None


def read(source: Source) -> Parsed:
    try:
        # Imported here: an extra.
        import office_oxide
    except ImportError:
        return _by_antiword(source, FormatUnreadable(_MISSING))
    kind: Any = source.extension
    try:
        content = office_oxide.Document.from_bytes(source.content, kind).to_ir()
    except office_oxide.OfficeOxideError as failure:
        if "encrypted" in str(failure):
            raise PasswordNeeded from failure
        damage = FileDamaged(f"The file is damaged: it is not a complete .{source.extension} file.")
        return _by_antiword(source, damage)
    return _parsed(content, source)


def _parsed(content: _Element, source: Source) -> Parsed:
    """The sections of a presentation are its slides."""
    walk = _Walk(Allowance(source.limits.output_characters))
    sections = content["sections"]
    shown = source.extension == "ppt"
    for table in tables(source.content) if shown else ():
        _put_in(table, sections)
    blocks = [
        block
        for number, section in enumerate(sections, 1)
        for block in (walk.slide(section, number) if shown else walk.section(section))
    ]
    stated = clean(" ".join((content["metadata"].get("title") or "").split()))[:300]
    title = next((block.text for block in blocks if block.kind is BlockKind.HEADING), None) if shown else None
    return Parsed(tuple(blocks), title=title or stated or None, page_count=len(sections) if shown else None)


def _put_in(table: Table, sections: list[_Element]) -> None:
    """In the place of the paragraphs that its cells are where tables are not known."""
    for section in sections:
        elements = section["elements"]
        lines = [_line(element) if _is_line(element) else None for element in elements]
        for start in range(len(lines) - len(table.lines) + 1):
            stop = start + len(table.lines)
            if table.lines and lines[start] == table.lines[0] and tuple(lines[start:stop]) == table.lines:
                elements[start:stop] = [{"type": "grid", "rows": table.rows}]
                return


def _by_antiword(source: Source, otherwise: ParseFailed) -> Parsed:
    """Raises `otherwise` where antiword is missing or cannot read the file either. What it keeps in a temporary file is
    bounded like all that a reader writes."""
    program = shutil.which("antiword") if source.extension == "doc" else None
    if program is None:
        raise otherwise
    said = subprocess.run(
        [program, "-m", "UTF-8.txt", "-w", "0", "-"],
        input=source.content,
        capture_output=True,
        timeout=source.limits.wall_seconds,
        check=False,
    )
    if said.returncode != 0:
        raise otherwise
    text = clean(said.stdout.decode("utf-8", errors="replace"))
    Allowance(source.limits.output_characters).spend(len(text))
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return Parsed(tuple(Block(BlockKind.PARAGRAPH, one) for one in paragraphs if one))


@dataclass(slots=True)
class _Walk:
    """`place` is what all anchors have in common."""

    allowance: Allowance
    place: Anchor = field(default_factory=Anchor)
    path: HeadingPath = field(default_factory=HeadingPath)

    def section(self, section: _Element) -> Iterator[Block]:
        yield from self._edge(section, "header", BlockKind.HEADER)
        yield from self._elements(section["elements"])
        yield from self._edge(section, "footer", BlockKind.FOOTER)

    def slide(self, section: _Element, number: int) -> Iterator[Block]:
        self.place, self.path = Anchor(slide=number), HeadingPath()
        yield from self._elements(section["elements"])
        self.place = Anchor(slide=number, shape="notes")
        yield from self._elements(section.get("speaker_notes") or [])

    def _edge(self, section: _Element, name: str, kind: BlockKind) -> Iterator[Block]:
        text = _words((section.get(name) or {}).get("content") or [])
        if any(letter.isalpha() for letter in text):
            yield self._said(Block(kind, text))

    def _elements(self, elements: list[_Element], depth: int = 0) -> Iterator[Block]:
        if depth > _DEEPEST:
            raise FileDamaged("The file is damaged: its parts are nested too deeply.")
        for element in elements:
            if element["type"] == "table":
                yield from self._table([_cells(row) for row in element["rows"]])
            elif element["type"] == "grid":
                yield from self._table(element["rows"])
            elif element["type"] == "list":
                yield from self._list(element, depth)
            elif element["type"] in {"paragraph", "heading"}:
                yield from self._paragraph(element)
            else:
                yield from self._elements(_parts(element), depth + 1)

    def _paragraph(self, element: _Element) -> Iterator[Block]:
        text = _line(element)
        if text and element["type"] == "heading":
            title = " ".join(text.split())
            self.path.enter(element["level"], title)
            yield self._said(Block(BlockKind.HEADING, title, self._anchor(), element["level"]))
        elif text:
            yield self._said(Block(BlockKind.PARAGRAPH, text, self._anchor()))

    def _list(self, element: _Element, depth: int) -> Iterator[Block]:
        indent = "  " * min(element.get("level") or 0, _INDENTS)
        for number, item in enumerate(element["items"], element.get("start_number") or 1):
            mark = indent + (f"{number}. " if element["ordered"] else "- ")
            if text := _words(item["content"]):
                yield self._said(Block(BlockKind.LIST_ITEM, mark + text, self._anchor(), gap="\n"))
            if item.get("nested"):
                yield from self._elements([{"type": "list", **item["nested"]}], depth + 1)

    def _table(self, rows: Sequence[Sequence[str]]) -> Iterator[Block]:
        block = table_block(rows, self._anchor())
        if block:
            yield self._said(block)

    def _anchor(self) -> Anchor:
        return self.place._replace(headings=self.path.titles)

    def _said(self, block: Block) -> Block:
        self.allowance.spend(len(block.text))
        return block


def _cells(row: _Element) -> list[str]:
    """A merged cell's text stands in each of its places."""
    cells: list[str] = []
    for cell in row["cells"]:
        text = " ".join(_words(cell["content"]).split())
        cells.extend([text, *[again(text)] * (min(cell["col_span"], _MOST_COLUMNS) - 1)])
        if len(cells) > _MOST_COLUMNS:
            break
    return cells


def _words(elements: list[_Element], depth: int = 0) -> str:
    """Of all that is in them."""
    if depth > _DEEPEST:
        raise FileDamaged("The file is damaged: its parts are nested too deeply.")
    lines = (_line(one) if "content" in one and _is_line(one) else _words(_parts(one), depth + 1) for one in elements)
    return "\n".join(filter(None, lines))


def _is_line(element: _Element) -> bool:
    return element.get("type") in {"paragraph", "heading"}


def _parts(element: _Element) -> list[_Element]:
    """Rows of a table, cells of a row, items of a list, the content of a box; pictures have none."""
    found = next((element[name] for name in ("rows", "cells", "items", "content") if name in element), None)
    return found if isinstance(found, list) else []


def _line(paragraph: _Element) -> str:
    runs = ("\n" if run["type"] == "line_break" else run.get("text") or "" for run in paragraph["content"])
    return clean("".join(runs)).strip()
