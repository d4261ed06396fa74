"""Text documents (odt): headings, lists, tables, notes, text boxes, running headers and footers."""

from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.ooxml import tree
from diglot.adapters.parsers.opendocument.numbering import Numbering
from diglot.adapters.parsers.opendocument.package import STYLE, body, opened, stated_title
from diglot.adapters.parsers.opendocument.styles import Styles
from diglot.adapters.parsers.opendocument.walking import Walk
from diglot.adapters.parsers.opendocument.words import paragraphs, words
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.parsed import Block, BlockKind, Parsed


def read(source: Source) -> Parsed:
    with opened(source) as archive:
        text = body(archive, "text")
        styles = tree(archive, "styles.xml")
        content = text.getroottree().getroot()
        walk = Walk(
            archive,
            Styles.of(styles, content),
            Numbering.of(styles, content),
            Allowance(source.limits.output_characters),
        )
        blocks = [
            *_edge(styles, "header", BlockKind.HEADER),
            *walk.blocks(text),
            *_edge(styles, "footer", BlockKind.FOOTER),
        ]
        return Parsed(tuple(blocks), title=walk.title or stated_title(archive))


def _edge(styles: etree._Element | None, name: str, kind: BlockKind) -> Iterator[Block]:
    """Each different running header or footer once; those of first and left pages often repeat the others."""
    seen: set[str] = set()
    tags = (f"{STYLE}{name}{side}" for side in ("", "-left", "-first"))
    for edge in styles.iter(*tags) if styles is not None else ():
        text = "\n".join(filter(None, map(words, paragraphs(edge))))
        if any(letter.isalpha() for letter in text) and text not in seen:
            seen.add(text)
            yield Block(kind, text)
