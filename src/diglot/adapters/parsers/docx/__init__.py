"""Word documents: the body in order, with text boxes, nested tables, lists, notes, headers and footers."""

import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from diglot.adapters.parsers.archives import open_archive
from diglot.adapters.parsers.docx.body import Walk
from diglot.adapters.parsers.docx.numbering import Numbering
from diglot.adapters.parsers.docx.runs import paragraphs, words
from diglot.adapters.parsers.docx.styles import Styles
from diglot.adapters.parsers.ooxml import W, main_part, relations, tree
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.errors import FileDamaged
from diglot.domain.parsed import Block, BlockKind, Parsed

_DUBLIN_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def read(source: Source) -> Parsed:
    with open_archive(source) as archive:
        part = main_part(archive, "word/document.xml")
        document = tree(archive, part)
        if document is None:
            raise FileDamaged("The file is damaged: it has no document in it.")
        folder = posixpath.dirname(part)
        styles = Styles.of(tree(archive, f"{folder}/styles.xml"))
        links = relations(archive, part)
        walk = Walk(
            styles,
            Numbering.of(tree(archive, f"{folder}/numbering.xml")),
            _notes(archive, folder),
            lambda link: tree(archive, links.get(link, "")),
            Allowance(source.limits.output_characters),
            source.note,
        )
        linked = [name for name in links.values() if name.startswith(f"{folder}/")]
        blocks = [
            *_edge(archive, linked, "header", BlockKind.HEADER),
            *walk.blocks(document),
            *_edge(archive, linked, "footer", BlockKind.FOOTER),
        ]
        return Parsed(tuple(_placed(blocks)), title=_title(archive, walk))


def _placed(blocks: list[Block]) -> Iterator[Block]:
    """With offsets in the running text: a Word file itself has no characters to count."""
    at = 0
    for block in blocks:
        yield block._replace(anchor=block.anchor._replace(start=at, end=at + len(block.text)))
        at += len(block.text) + len(block.gap)


def _title(archive: zipfile.ZipFile, walk: Walk) -> str | None:
    """What stands as the title on the page; what stands in the properties is often the template's."""
    properties = tree(archive, "docProps/core.xml")
    stated = properties.findtext(_DUBLIN_TITLE) if properties is not None else None
    return walk.title or " ".join((stated or "").split())[:300] or None


def _notes(archive: zipfile.ZipFile, folder: str) -> dict[tuple[str, str], str]:
    """(footnote or endnote, id) -> text."""
    notes: dict[tuple[str, str], str] = {}
    for kind in ("footnote", "endnote"):
        root = tree(archive, f"{folder}/{kind}s.xml")
        for note in root.iter(f"{W}{kind}") if root is not None else ():
            # The ones with a type are separators.
            if note.get(f"{W}type") in {None, "normal"}:
                text = " ".join(filter(None, (words(paragraph) for paragraph in paragraphs(note))))
                notes[kind, note.get(f"{W}id", "")] = text.strip()
    return notes


def _edge(archive: zipfile.ZipFile, linked: list[str], name: str, kind: BlockKind) -> Iterator[Block]:
    """Each different running header or footer once; those of first and even pages often repeat the others."""
    seen: set[str] = set()
    for part in linked:
        if not posixpath.basename(part).startswith(name):
            continue
        text = _lines(tree(archive, part))
        if any(letter.isalpha() for letter in text) and text not in seen:
            seen.add(text)
            yield Block(kind, text)


def _lines(root: etree._Element | None) -> str:
    lines = (words(paragraph).strip() for paragraph in paragraphs(root)) if root is not None else ()
    return "\n".join(filter(None, lines))
