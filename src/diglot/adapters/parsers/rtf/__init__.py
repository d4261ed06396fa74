"""RTF: paragraphs, headings, lists, tables, notes, text boxes, running headers and footers."""

import re
from collections.abc import Iterator

from diglot.adapters.parsers.rtf.walking import Walk
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.errors import FileDamaged
from diglot.domain.parsed import Block, BlockKind, Parsed

_BEGINNING = re.compile(rb"[\xef\xbb\xbf\s\0]*\{\\rtf")


def read(source: Source) -> Parsed:
    if not _BEGINNING.match(source.content):
        raise FileDamaged("The file is damaged: it is not a complete .rtf file.")
    walk = Walk(Allowance(source.limits.output_characters))
    walk.run(source.content)
    if walk.depth > 0:
        source.note("The end of the file is missing.")
    blocks = (*_once(walk.edges[BlockKind.HEADER]), *walk.flow.blocks, *_once(walk.edges[BlockKind.FOOTER]))
    return Parsed(blocks, title=walk.title or walk.stated_title or None)


def _once(blocks: list[Block]) -> Iterator[Block]:
    """Each different running line; those of first and left pages often repeat the others."""
    yield from {block.text: block for block in blocks if any(letter.isalpha() for letter in block.text)}.values()
