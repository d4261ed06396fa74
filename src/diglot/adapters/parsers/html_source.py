"""Where the words of a page stand in its source: libxml2 keeps lines at best, and many pages are a single one."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from html import unescape

_WORD = re.compile(r"\S+")
_NAME = re.compile(r"<[/!?]?([a-zA-Z][a-zA-Z0-9]*)?")
_ENDS = {name: re.compile(f"</{name}", re.I) for name in ("script", "style", "template", "noscript", "textarea")}
_HEAD = 24
"""Characters of a text, blanks apart, that are looked for where the whole of it cannot be found in one piece."""

_MOST_FAILURES = 20
_NEAR = 20_000
"""Characters ahead that are searched once a page has shown that its text is not its source's."""


class SourcePlaces:
    """Finds texts in the source, one after the other: each is looked for behind the one before.

    All words stand one after the other in `_letters`, without blanks and markup; `_at` and `_offsets` tell where each
    word begins there and in the source, `_ends` where it ends in the source.
    """

    def __init__(self, source: str) -> None:
        words: list[str] = []
        self._at: list[int] = []
        self._offsets: list[int] = []
        self._ends: list[int] = []
        length = 0
        for word, start, end in _words(source):
            words.append(word)
            self._at.append(length)
            self._offsets.append(start)
            self._ends.append(end)
            length += len(word)
        self._letters = "".join(words)
        self._lines = [0, *(found.end() for found in re.finditer("\n", source))]
        self._cursor = 0
        self._failures = 0

    def find(self, text: str, line: int = 1) -> tuple[int, int] | None:
        """Offsets of the markup that makes `text`, not above `line` (from 1); None if it is not there."""
        wanted = "".join(text.split())
        if not wanted:
            return None
        self._cursor = max(self._cursor, self._above(line))
        found = self._whole(wanted) or self._ends_of(wanted)
        if found is None:
            self._failures += 1
            return None
        self._cursor = found[1]
        return self._offset(found[0]), self._offset_of_end(found[1])

    def _whole(self, wanted: str) -> tuple[int, int] | None:
        start = self._search(wanted, self._cursor)
        return None if start < 0 else (start, start + len(wanted))

    def _ends_of(self, wanted: str) -> tuple[int, int] | None:
        """Something invisible stands in its midst, or the page's parts were put into another order."""
        head, tail = wanted[:_HEAD], wanted[-_HEAD:]
        start = self._search(head, self._cursor)
        end = self._search(tail, max(start + len(wanted) - _HEAD, start)) if start >= 0 else -1
        return None if end < 0 else (start, end + len(tail))

    def _search(self, wanted: str, start: int) -> int:
        near = start + len(wanted) + _NEAR
        return self._letters.find(wanted, start, near if self._failures > _MOST_FAILURES else len(self._letters))

    def _above(self, line: int) -> int:
        """The first letter of the line or behind it."""
        offset = self._lines[min(max(line, 1), len(self._lines)) - 1]
        word = bisect_right(self._ends, offset)
        return self._at[word] if word < len(self._at) else len(self._letters)

    def _offset(self, letter: int) -> int:
        word = bisect_right(self._at, letter) - 1
        return self._offsets[word] + (letter - self._at[word] if self._is_plain(word) else 0)

    def _offset_of_end(self, letter: int) -> int:
        word = bisect_right(self._at, letter - 1) - 1
        return self._offsets[word] + letter - self._at[word] if self._is_plain(word) else self._ends[word]

    def _is_plain(self, word: int) -> bool:
        """Without entities, letter by letter as in the source."""
        following = self._at[word + 1] if word + 1 < len(self._at) else len(self._letters)
        return following - self._at[word] == self._ends[word] - self._offsets[word]


def _words(source: str) -> Iterator[tuple[str, int, int]]:
    for start, end in _visible(source):
        for found in _WORD.finditer(source, start, end):
            word = found[0]
            yield "".join(unescape(word).split()) if "&" in word else word, found.start(), found.end()


def _visible(source: str) -> Iterator[tuple[int, int]]:
    """The stretches between tags, comments and scripts. No stretch is looked at twice, however the page is built."""
    at = 0
    while (mark := source.find("<", at)) >= 0:
        yield at, mark
        at = _behind(source, mark)
    yield at, len(source)


def _behind(source: str, mark: int) -> int:
    if source.startswith("<!--", mark):
        end = source.find("-->", mark + 4)
        return len(source) if end < 0 else end + 3
    name = _NAME.match(source, mark)
    if name is None or name.end() == mark + 1:
        return mark + 1
    end = source.find(">", mark) + 1
    if not end:
        return len(source)
    closing = _ENDS.get((name[1] or "").lower()) if source[mark + 1] != "/" else None
    if closing is None:
        return end
    closed = closing.search(source, end)
    return closed.start() if closed else len(source)
