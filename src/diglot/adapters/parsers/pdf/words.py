"""Lines to running text: hyphens undone, spaces only where the script has them."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import partial

from diglot.adapters.parsers.pdf.lines import Line
from diglot.domain.parsed import NOWHERE, Anchor, Box, Span

# Han, kana, their punctuation and full-width forms: written without spaces.
_NO_SPACE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u30ff\U00020000-\U0003ffff]")
_FIRST_NO_SPACE = "\u2e80"
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_PART = 3
# A place for each line: made in a third of the time that the classes themselves take.
_span, _anchor = partial(tuple.__new__, Span), partial(tuple.__new__, Anchor)
_NO_MORE = NOWHERE[3:]
_MARKS = "()[]{}<>\"'“”‘’.,;:!?…"


@dataclass(frozen=True, slots=True)
class Joiner:
    """`words` are those of the document, with the hyphens that it writes inside of its lines."""

    words: Set[str]

    @staticmethod
    def of(lines: Sequence[Line]) -> "Joiner":
        if not any(line.hyphenated for line in lines):
            return Joiner(frozenset())
        words = set(" ".join(_whole_words(lines)).lower().split())
        words.update([word.strip(_MARKS) for word in words if not word.isalnum()])
        return Joiner(words)

    def join(self, lines: Sequence[Line]) -> tuple[str, list[tuple[int, int]]]:
        """The text, and the range of each line in it."""
        above = lines[0].text
        parts, end = [above], len(above)
        ranges = [(0, end)]
        is_broken = lines[0].hyphenated
        for line in lines[1:]:
            text = line.text
            if is_broken:
                glue = "-" if self._is_compound(above, text) else ""
            else:
                glue = " " if above[-1] < _FIRST_NO_SPACE else gap_between(above, text)
            start = end + len(glue)
            end = start + len(text)
            parts += (glue, text)
            ranges.append((start, end))
            above, is_broken = text, line.hyphenated
        return "".join(parts), ranges

    def _is_compound(self, above: str, below: str) -> bool:
        """Whether the hyphen belongs to the word: written so elsewhere, or beside capitals or digits."""
        left, right = _LAST_WORD.search(above, above.rfind(" ") + 1), _FIRST_WORD.match(below)
        if not left or not right:
            return True
        first, second = left[0].lower(), right[0].lower()
        if f"{first}-{second}" in self.words:
            return True
        if first + second in self.words:
            return False
        if right[0][0].isupper() or (left[0].isupper() and len(left[0]) > 1):
            return not (left[0].isupper() and right[0].isupper())
        # Both stand alone elsewhere, and never as one.
        return len(first) > _SHORTEST_PART and len(second) > _SHORTEST_PART and {first, second} <= self.words


def spans_of(boxes: Sequence[Box], ranges: Sequence[tuple[int, int]], headings: tuple[str, ...]) -> tuple[Span, ...]:
    """Of lines. None of a single one: it would only say again where its block stands."""
    if len(boxes) < 2:
        return ()
    return tuple(
        [
            _span((start, end, _anchor((box[0], (box,), headings) + _NO_MORE)))  # noqa: RUF005  # a star is slow
            for box, (start, end) in zip(boxes, ranges, strict=True)
        ]
    )


def placed(page: int, boxes: tuple[Box, ...], headings: tuple[str, ...]) -> Anchor:
    return _anchor((page, boxes, headings, *_NO_MORE))


def _whole_words(lines: Sequence[Line]) -> Iterator[str]:
    """Lines without the two halves of a broken word."""
    goes_on = False
    for line in lines:
        text = line.text.partition(" ")[2] if goes_on else line.text
        goes_on = line.hyphenated
        yield text.rpartition(" ")[0] if goes_on else text


def gap_between(above: str, below: str) -> str:
    """What stands between the end of a line and the beginning of the next."""
    last, first = above[-1], below[0]
    if last < _FIRST_NO_SPACE or first < _FIRST_NO_SPACE:
        return " "
    return "" if _NO_SPACE.match(last) and _NO_SPACE.match(first) else " "
