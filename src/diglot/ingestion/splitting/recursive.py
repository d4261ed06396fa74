"""Dify's recursive splitter on places of one text, so that every chunk is a stretch of it.

Take the first separator that occurs, cut after each, gather the pieces up to the size; pieces that are too long go to
the next separators. Lengths are tokens. A full chunk leaves whole pieces of at most `overlap` to the next.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from diglot.domain.tokens import count_tokens, token_ends

SEPARATORS = ("\n\n", "。", ". ", " ")
"""After the last one, text is cut between any two tokens."""

_SHORT = 20
_REMEMBERED = 50_000


class Piece(NamedTuple):
    """Characters start to end of the text, and their tokens."""

    start: int
    end: int
    tokens: int


class Splitter:
    """Splits one text. No chunk is longer than `size`, unless a single token is.

    `overlap` beyond half of `size` is taken as half: else a text could become many times its length.
    """

    def __init__(self, text: str, size: int, overlap: int) -> None:
        self._text = text
        self._size = max(size, 1)
        self._overlap = max(0, min(overlap, self._size // 2))
        self._counts = _Counts()

    def split(self, start: int, end: int, separators: tuple[str, ...] = SEPARATORS) -> Iterator[Piece]:
        """Chunks of the text between start and end, in order, not stripped."""
        for index, separator in enumerate(separators):
            if self._text.find(separator, start, end) >= 0:
                return self._gather(self.cut(start, end, separator), separators[index + 1 :])
        return self._pack_tokens(start, end)

    def cut(self, start: int, end: int, separator: str) -> Iterator[Piece]:
        """The text between start and end cut after each separator."""
        at = start
        while at < end:
            found = self._text.find(separator, at, end)
            stop = end if found < 0 else found + len(separator)
            yield Piece(at, stop, self._tokens(at, stop))
            at = stop

    def _tokens(self, start: int, end: int) -> int:
        text = self._text[start:end]
        return self._counts[text] if len(text) <= _SHORT else count_tokens(text)

    def _gather(self, pieces: Iterable[Piece], finer: tuple[str, ...]) -> Iterator[Piece]:
        for fits, group in groupby(pieces, key=lambda piece: piece.tokens <= self._size):
            if fits:
                yield from self._pack(group)
            else:
                for piece in group:
                    yield from self.split(piece.start, piece.end, finer)

    def _pack(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        held: deque[Piece] = deque()
        total = 0
        for piece in pieces:
            if held and total + piece.tokens > self._size:
                yield Piece(held[0].start, held[-1].end, total)
                while held and (total > self._overlap or total + piece.tokens > self._size):
                    total -= held.popleft().tokens
            held.append(piece)
            total += piece.tokens
        if held:
            yield Piece(held[0].start, held[-1].end, total)

    def _pack_tokens(self, start: int, end: int) -> Iterator[Piece]:
        """Where no separator is left: what lies beyond `size - overlap` is carried over to the next chunk."""
        first = at = carried = start
        total = over = 0
        for offset, tokens in token_ends(self._text[start:end]):
            if total + tokens > self._size and at > first:
                yield Piece(first, at, total)
                # A tail that is the whole chunk, or leaves no room for what comes, is not carried over.
                is_carried = over and carried > first and over + tokens <= self._size
                first, total = (carried, over) if is_carried else (at, 0)
                over = 0
            elif total >= self._size - self._overlap:
                if not over:
                    carried = at
                over += tokens
            total += tokens
            at = start + offset
        yield Piece(first, end, total)


class _Counts(dict[str, int]):
    """Tokens of short pieces: most are words that come again."""

    def __missing__(self, text: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        tokens = self[text] = count_tokens(text)
        return tokens
