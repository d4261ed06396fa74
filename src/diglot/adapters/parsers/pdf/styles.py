"""Which paragraphs are headings, and of what level: outline, size, weight, numbering."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diglot.adapters.parsers.pdf.layout import Paragraph
from diglot.adapters.parsers.pdf.lines import Line
from diglot.adapters.parsers.pdf.outline import outline_key

LONGEST = 200
MOST_LINES = 3
DEEPEST_SIZE = 4
_CHAPTER = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,5}(?:编|編|篇|章|节|節|部分)(?![^\s　]{0,3}[，。、])"
    r"|(?:Chapter|CHAPTER|Part|PART|Appendix|APPENDIX)\s+[\dIVXA-Z]{1,5}\b"
)
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\S")
_LEADERS = re.compile(r"\.{4,}|…{2,}|(?:\. ){4,}|·{4,}")
_SENTENCE_END = tuple(".;,。；，、")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Styles:
    """`sizes` are those above the body's that headings have, largest first."""

    body: float
    body_bold: bool
    sizes: tuple[float, ...]
    outline: Mapping[str, int]

    @staticmethod
    def of(lines: Sequence[Line], outline: Mapping[str, int]) -> "Styles":
        exact: Counter[float] = Counter()
        bold = 0
        for text, _, _, size, is_bold, _, _, _ in lines:
            exact[size] += len(text)
            if is_bold:
                bold += len(text)
        letters: Counter[float] = Counter()
        for size, count in exact.items():
            letters[round(size * 2) / 2] += count
        total = sum(letters.values())
        body = letters.most_common(1)[0][0] if letters else 10.0
        larger = sorted((size for size in letters if size > body * 1.1), reverse=True)
        return Styles(body, bold * 2 > total, tuple(larger), outline)

    def heading_level(self, paragraph: Paragraph) -> int:
        """0 for what is no heading."""
        if len(paragraph.lines) > MOST_LINES:
            return 0
        text = paragraph.text
        if len(text) > LONGEST or not _LETTER.search(text):
            return 0
        if self.outline and (listed := self.outline.get(outline_key(text))) is not None:
            return listed
        if text.endswith(_SENTENCE_END) and not _CHAPTER.match(text):
            return 0
        level = self._by_look(paragraph, text)
        return 0 if level and _LEADERS.search(text) else level

    def _by_look(self, paragraph: Paragraph, text: str) -> int:
        size = max(line.size for line in paragraph.lines)
        larger = size > self.body * 1.1
        bolder = not self.body_bold and all(line.bold for line in paragraph.lines)
        chapter = _CHAPTER.match(text) is not None and len(text) <= 60
        if not (larger or bolder or chapter) or (paragraph.is_item and not larger and not _DECIMAL.match(text)):
            return 0
        if decimal := _DECIMAL.match(text):
            return decimal[1].count(".") + 1 + self._above(size)
        return self._by_size(size) if larger else len(self.sizes[:DEEPEST_SIZE]) + 1

    def _by_size(self, size: float) -> int:
        rank = sum(1 for other in self.sizes if other > size + 0.3)
        return min(rank, DEEPEST_SIZE - 1) + 1

    def _above(self, size: float) -> int:
        """Where there is a title in larger letters, numbered headings stand below it."""
        return 1 if self.sizes and self.sizes[0] > size * 1.1 else 0
