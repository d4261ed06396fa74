"""A letter, whatever mail program kept it: the header lines that people read, the text, then what is attached."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from diglot.adapters.parsers import html
from diglot.adapters.parsers.contained import Contained, read_contained
from diglot.adapters.parsers.running_text import placed_block
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.parsed import Block

_WORD = re.compile(r"[a-z0-9]+|[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Letter:
    """`headers` are lines to show, `pages` the same text as HTML, or more than it."""

    headers: str
    text: str
    pages: tuple[str, ...] = ()
    attached: tuple[Contained, ...] = ()


def letter_blocks(letter: Letter, source: Source) -> Iterator[Block]:
    """`source` is the file that the letter stands in, or what is left of its limits. The places of header lines and
    text are offsets in the two together."""
    allowance = Allowance(source.limits.output_characters)
    written = 0
    for text in (letter.headers, letter.text):
        if text.strip():
            allowance.spend(len(text))
            yield placed_block(text, written)
            written += len(text) + 2
    page = [block for page in letter.pages for block in _page(page, source)]
    if _adds_much(page, letter.text):
        allowance.spend(sum(len(block.text) for block in page))
        yield from page
    for attached in letter.attached:
        yield from read_contained(attached, source, allowance)


def _page(page: str, source: Source) -> tuple[Block, ...]:
    return html.read(replace(source, name="page.html", extension="html", content=page.encode())).blocks


def _adds_much(page: Iterable[Block], text: str) -> bool:
    """Whether it says much that the text does not, as where there is no text."""
    words = {word for block in page for word in _WORD.findall(block.text.lower())}
    return 3 * len(words - set(_WORD.findall(text.lower()))) > len(words)
