"""A document as lines that know where they stand, and chunks made of whole lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import tee
from typing import NamedTuple

from diglot.domain.chunk import ChunkDraft
from diglot.domain.parsed import Anchor, AnchoredText, Block, BlockKind
from diglot.domain.rules import MethodOptions
from diglot.domain.tokens import count_tokens
from diglot.ingestion.anchoring import MOST_ANCHORS, Places
from diglot.ingestion.splitting.methods.large_tables import split_table
from diglot.ingestion.splitting.methods.rows import within_limit
from diglot.ingestion.splitting.methods.sections import running, section_of

_WHOLE = frozenset({BlockKind.HEADING, BlockKind.TABLE})


class Line(NamedTuple):
    """Characters start to end of the document; `text` is them without white space at the end.

    `level` is a heading's, from 1, and 0 for plain text. `label` is how a path names the heading. One that `runs` has
    text of its own behind its label: "第三条 ...", "Section 4. ...". Tables are one line.
    """

    start: int
    end: int
    text: str
    block: Block
    level: int = 0
    label: str = ""
    runs: bool = False

    @property
    def kind(self) -> BlockKind:
        return self.block.kind


class Passage(NamedTuple):
    """Lines that stand together, and the headings above them, outermost first. The first line may be their heading."""

    path: tuple[Line, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Scroll:
    """All lines of a document in order."""

    lines: tuple[Line, ...]
    places: Places

    @staticmethod
    def of(blocks: Sequence[Block]) -> "Scroll":
        whole = running([section_of(block) for block in blocks], "\n")
        return Scroll(tuple(_lines(blocks)), Places(AnchoredText(whole.text, whole.spans)))

    def drafts(self, passages: Iterable[Passage], options: MethodOptions) -> list[ChunkDraft]:
        """Each with its path as lines before its own lines; the places are those of its lines. Tables that stand alone
        are cut where they are too large. `LimitExceeded` before repeated paths fill the memory."""
        drafts, again = tee(draft for passage in passages for draft in self._drafts(passage, options))
        contents = within_limit(draft.content for draft in again)
        return [draft for draft, _ in zip(drafts, contents, strict=True)]

    def _drafts(self, passage: Passage, options: MethodOptions) -> list[ChunkDraft]:
        if len(passage.lines) == 1 and passage.lines[0].kind is BlockKind.TABLE:
            return split_table(passage.lines[0].block, (), options)
        content = "\n".join((*(line.label for line in passage.path), *(line.text for line in passage.lines))).strip()
        return [ChunkDraft(content, self._anchors(passage), tokens=count_tokens(content))]

    def _anchors(self, passage: Passage) -> tuple[Anchor, ...]:
        above = tuple(line.label for line in (*passage.path, *passage.lines[:1]) if line.level)
        found: list[Anchor] = []
        for start, end in _stretches(passage.lines):
            found += self.places.between(start, end)
        if not found and above:
            return (Anchor(headings=above),)
        return tuple(anchor if anchor.headings else anchor._replace(headings=above) for anchor in found[:MOST_ANCHORS])


def _lines(blocks: Iterable[Block]) -> Iterator[Line]:
    start = 0
    for block in blocks:
        for text in (block.text,) if block.kind in _WHOLE else block.text.split("\n"):
            if text.strip():
                yield Line(start, start + len(text.rstrip()), text.rstrip(), block)
            start += len(text) + 1


def _stretches(lines: Iterable[Line]) -> Iterator[tuple[int, int]]:
    """Lines that follow each other as one; two line ends apart, something else stood between them."""
    held: tuple[int, int] | None = None
    for line in lines:
        if held is not None and line.start - held[1] > 2:
            yield held
            held = None
        held = (line.start if held is None else held[0], line.end)
    if held is not None:
        yield held


def passages(lines: Iterable[Line], depth: int) -> Iterator[Passage]:
    """One for each heading of level `depth` with everything below it, one for what stands right below a heading above
    that level, and one for what stands before the first heading. No line is left out."""
    path: list[Line] = []
    held: list[Line] = []
    # A heading that nothing stands below is a passage itself.
    is_bare = False
    for line in lines:
        if not 0 < line.level <= depth:
            held.append(line)
            continue
        if held:
            yield Passage(tuple(path), tuple(held))
            held, is_bare = [], False
        if is_bare and path[-1].level >= line.level:
            yield Passage(tuple(path[:-1]), (path[-1],))
        while path and path[-1].level >= line.level:
            path.pop()
        if line.level == depth or line.runs:
            held.append(line)
        else:
            path.append(line)
        is_bare = not held
    if held:
        yield Passage(tuple(path), tuple(held))
    elif is_bare:
        yield Passage(tuple(path[:-1]), (path[-1],))


def pieces(passage: Passage, most: int) -> Iterator[Passage]:
    """The passage cut between lines where it has more than `most` tokens; each piece has the path, and all but the
    first also the passage's own heading. A line that is longer by itself stays whole."""
    path = passage.path
    held: list[Line] = []
    total = above = sum(_cost(line.label) for line in path)
    for line in passage.lines:
        tokens = _cost(line.text)
        if total + tokens > most and any(not one.level or one.runs for one in held):
            yield Passage(path, tuple(held))
            if path is passage.path and passage.lines[0].level:
                path = (*path, passage.lines[0])
                above += _cost(passage.lines[0].label)
            held, total = [], above
        held.append(line)
        total += tokens
    if held:
        yield Passage(path, tuple(held))


def _cost(text: str) -> int:
    """Tokens of a line with its end."""
    return count_tokens(f"{text}\n")


def tables_apart(passage: Passage, larger_than: int = 0) -> Iterator[Passage]:
    """The passage without its tables of more tokens than that, then each of them."""
    tables = (line for line in passage.lines if line.kind is BlockKind.TABLE)
    apart = {line.start: line for line in tables if count_tokens(line.text) > larger_than}
    text = tuple(line for line in passage.lines if line.start not in apart)
    if text:
        yield passage._replace(lines=text)
    for line in apart.values():
        yield Passage((), (line,))
