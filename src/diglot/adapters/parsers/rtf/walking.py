"""From control words and text to blocks."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from diglot.adapters.parsers.encodings import clean
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.rtf.definitions import BODY_TEXT, Definitions
from diglot.adapters.parsers.rtf.table import RowShape, TableRows
from diglot.adapters.parsers.rtf.tokens import Kind, Token, page_of_charset, page_of_number, tokens
from diglot.adapters.parsers.rtf.vocabulary import FLOWS, SIGNS, SYMBOLS, Reads, destination, is_known
from diglot.adapters.parsers.source import Allowance
from diglot.adapters.parsers.table_text import table_block
from diglot.domain.errors import FileDamaged
from diglot.domain.parsed import Anchor, Block, BlockKind

DEEPEST = 2000
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_INDENTS = 8


@dataclass(frozen=True, slots=True)
class _Group:
    """What is said inside braces holds until they close. `fallback` is the number of characters behind a Unicode sign
    that say it to old programs."""

    reads: Reads = Reads.TEXT
    is_optional: bool = False
    font: int = -1
    fallback: int = 1
    is_hidden: bool = False
    style: int = 0
    outline: int = BODY_TEXT
    in_table: bool = False
    level: int = 0


@dataclass(slots=True)
class _Flow:
    """Text of its own: the body, a note, a box, a running line. `begun` is the depth of the group that holds it,
    `after` what follows the open paragraph."""

    kind: BlockKind = BlockKind.PARAGRAPH
    begun: int = 0
    words: list[str] = field(default_factory=list)
    label: str = ""
    blocks: list[Block] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)
    table: TableRows = field(default_factory=TableRows)


@dataclass(slots=True)
class Walk:
    """`raw` is text that waits for the rest of its characters, `skip` the number of characters that are there for old
    programs. `title` is the text of the first paragraph in the style Title, `stated_title` that of the properties."""

    allowance: Allowance
    group: _Group = field(default_factory=_Group)
    above: list[_Group] = field(default_factory=list)
    flow: _Flow = field(default_factory=_Flow)
    flows: list[_Flow] = field(default_factory=list)
    edges: dict[BlockKind, list[Block]] = field(default_factory=lambda: {BlockKind.HEADER: [], BlockKind.FOOTER: []})
    path: HeadingPath = field(default_factory=HeadingPath)
    defined: Definitions = field(default_factory=Definitions)
    shape: RowShape = field(default_factory=RowShape)
    raw: bytearray = field(default_factory=bytearray)
    skip: int = 0
    title: str = ""
    stated_title: str = ""

    @property
    def depth(self) -> int:
        return len(self.above)

    def run(self, content: bytes) -> None:
        for token in tokens(content):
            if token.kind is Kind.BYTES:
                self._bytes(token.text)
                continue
            self._flush()
            _TURNS[token.kind](self, token)
            if token.kind is Kind.CLOSE and not self.above:
                break
        self._flush()
        while self.flows:
            self._leave_flow()
        self._end_paragraph()
        self._end_table()

    def _bytes(self, text: bytes) -> None:
        dropped = min(self.skip, len(text))
        self.skip -= dropped
        if self.group.reads is not Reads.NOTHING:
            self.raw += text[dropped:]

    def _flush(self) -> None:
        if self.raw:
            self._say(self.raw.decode(self.defined.page_of(self.group.font), errors="replace"))
            self.raw.clear()

    def _say(self, text: str) -> None:
        reads = self.group.reads
        if reads is Reads.TEXT and not self.group.is_hidden:
            self.flow.words.append(text)
        elif reads is Reads.LABEL:
            self.flow.label += text
        elif reads is Reads.TITLE:
            self.stated_title = (self.stated_title + clean(text))[:300]
        elif reads is Reads.STYLES:
            self.defined.say(text)

    def _open(self, token: Token) -> None:
        self.skip = 0
        self.above.append(self.group)
        if self.depth > DEEPEST:
            raise FileDamaged("The file is damaged: its parts are nested too deeply.")

    def _close(self, token: Token) -> None:
        self.skip = 0
        if self.group.reads is Reads.STYLES and self.defined.name:
            self.defined.define_style(self.group.outline)
        if self.flows and self.flow.begun == self.depth:
            self._leave_flow()
        if self.above:
            self.group = self.above.pop()

    def _symbol(self, token: Token) -> None:
        if token.word == "*":
            self.group = replace(self.group, is_optional=True)
        elif self.skip:
            self.skip -= 1
        elif token.word in "\r\n":
            self._end_paragraph()
        else:
            self._say(SYMBOLS.get(token.word, ""))

    def _word(self, token: Token) -> None:
        word, number = token.word, token.number
        if self.group.reads is Reads.NOTHING and word != "title":
            return
        if self.group.is_optional:
            reads = self.group.reads if is_known(word) else Reads.NOTHING
            self.group = replace(self.group, is_optional=False, reads=reads)
            if reads is Reads.NOTHING:
                return
        begun = destination(word)
        if begun is not None:
            self.group = replace(self.group, reads=begun)
        elif word in FLOWS:
            self._enter_flow(FLOWS[word])
        elif word in SIGNS:
            self._say(SIGNS[word])
        elif word in _ACTIONS:
            _ACTIONS[word](self, number)
        elif word in _PROPERTIES:
            self.group = _PROPERTIES[word](self.group, number)

    def _unicode(self, number: int | None) -> None:
        self._say(chr((number or 0) & 0xFFFF))
        self.skip = self.group.fallback

    def _font(self, number: int | None) -> None:
        if self.group.reads is Reads.FONTS:
            self.defined.open = number or 0
        else:
            self.group = replace(self.group, font=number or 0)

    def _font_page(self, page: str | None) -> None:
        if self.group.reads is Reads.FONTS:
            self.defined.define_font(page)

    def _style(self, number: int | None) -> None:
        if self.group.reads is Reads.STYLES:
            self.defined.open = number or 0
        else:
            self.group = replace(self.group, style=number or 0)

    def _page(self, page: str | None) -> None:
        self.defined.page = page or self.defined.page

    def _default_font(self, number: int | None) -> None:
        self.defined.default_font = number or 0
        self._plain(number)

    def _plain(self, number: int | None) -> None:
        self.group = replace(self.group, is_hidden=False, font=self.defined.default_font)

    def _enter_flow(self, kind: BlockKind) -> None:
        self.flows.append(self.flow)
        self.flow = _Flow(kind, self.depth)
        self.group = replace(self.group, reads=Reads.TEXT, style=0, outline=BODY_TEXT, in_table=False, level=0)

    def _leave_flow(self) -> None:
        self._end_paragraph()
        self._end_table()
        left, self.flow = self.flow, self.flows.pop()
        if left.kind in self.edges:
            self.edges[left.kind].extend(block._replace(kind=left.kind) for block in left.blocks)
        else:
            self.flow.after.extend(left.blocks)

    def _end_paragraph(self, number: int | None = None) -> None:
        """In a table it ends a line of a cell."""
        if self.group.in_table:
            self._end_line()
            return
        text, label = self._taken()
        self._end_table()
        if text:
            self.flow.blocks.append(self._block(text, label))
        self._append_after()

    def _taken(self) -> tuple[str, str]:
        """What the open paragraph says, and its label: a number, a dash for a bullet, nothing."""
        flow = self.flow
        text, label = _joined(flow.words), _joined([flow.label])
        flow.words.clear()
        flow.label = ""
        is_bullet = bool(label) and (label == "o" or not any(letter.isalnum() for letter in label))
        return text, "-" if is_bullet else label

    def _block(self, text: str, label: str) -> Block:
        self.allowance.spend(len(text) + len(label))
        group = self.group
        level = group.outline if group.outline < BODY_TEXT else self.defined.levels.get(group.style, BODY_TEXT)
        is_title = group.style in self.defined.titles
        if level < BODY_TEXT or is_title:
            return self._heading(" ".join(f"{label} {text}".split()), 1 if is_title else level + 1, is_title)
        if label:
            item = f"{'  ' * min(group.level, _INDENTS)}{label} {text}"
            return Block(BlockKind.LIST_ITEM, item, Anchor(headings=self.path.titles), gap="\n")
        return Block(BlockKind.PARAGRAPH, text, Anchor(headings=self.path.titles))

    def _heading(self, text: str, level: int, is_title: bool) -> Block:
        if is_title:
            self.title = self.title or text[:300]
        self.path.enter(level, text)
        return Block(BlockKind.HEADING, text, Anchor(headings=self.path.titles), level)

    def _append_after(self) -> None:
        self.flow.blocks.extend(self.flow.after)
        self.flow.after.clear()

    def _end_line(self, number: int | None = None) -> None:
        text, label = self._taken()
        self.flow.table.say(f"{label} {text}".strip())

    def _end_cell(self, number: int | None) -> None:
        self._end_line()
        self.flow.table.end_cell()

    def _end_row(self, number: int | None) -> None:
        self.flow.table.end_row(self.shape)

    def _end_table(self) -> None:
        rows = self.flow.table.taken()
        block = table_block(rows, Anchor(headings=self.path.titles)) if rows else None
        if block:
            self.allowance.spend(len(block.text))
            self.flow.blocks.append(block)
            self._append_after()


def _joined(words: list[str]) -> str:
    """Signs beyond the first 65,536 come in two halves."""
    text = "".join(words)
    if _PAIR.search(text):
        text = _PAIR.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)
    return clean(text).strip()


_TURNS: dict[Kind, Callable[[Walk, Token], None]] = {
    Kind.OPEN: Walk._open,
    Kind.CLOSE: Walk._close,
    Kind.SYMBOL: Walk._symbol,
    Kind.WORD: Walk._word,
}
_ACTIONS: dict[str, Callable[[Walk, int | None], None]] = {
    **dict.fromkeys(("par", "sect", "page", "column"), Walk._end_paragraph),
    # What stands in an inner table is a line of the outer cell.
    "nestcell": Walk._end_line,
    "cell": Walk._end_cell,
    "row": Walk._end_row,
    "trowd": lambda walk, number: walk.shape.clear(),
    "clmrg": lambda walk, number: walk.shape.merge_left(),
    "clvmrg": lambda walk, number: walk.shape.merge_up(),
    "cellx": lambda walk, number: walk.shape.end_cell(),
    "u": Walk._unicode,
    "f": Walk._font,
    "s": Walk._style,
    "deff": Walk._default_font,
    "plain": Walk._plain,
    "fcharset": lambda walk, number: walk._font_page(page_of_charset(number or 0)),
    "cpg": lambda walk, number: walk._font_page(page_of_number(number or 0)),
    "ansicpg": lambda walk, number: walk._page(page_of_number(number or 0)),
    "mac": lambda walk, number: walk._page("mac_roman"),
    "pc": lambda walk, number: walk._page("cp437"),
    "pca": lambda walk, number: walk._page("cp850"),
}
_PROPERTIES: dict[str, Callable[[_Group, int | None], _Group]] = {
    "pard": lambda group, number: replace(group, style=0, outline=BODY_TEXT, in_table=False, level=0),
    "intbl": lambda group, number: replace(group, in_table=True),
    "outlinelevel": lambda group, number: replace(group, outline=min(max(number or 0, 0), BODY_TEXT)),
    "ilvl": lambda group, number: replace(group, level=max(number or 0, 0)),
    "uc": lambda group, number: replace(group, fallback=min(max(1 if number is None else number, 0), 16)),
    "v": lambda group, number: replace(group, is_hidden=number != 0),
    "deleted": lambda group, number: replace(group, is_hidden=number != 0),
}
