"""E-books: their pages in reading order, each by the reader of HTML; headings go on from page to page."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace

from diglot.adapters.parsers import html
from diglot.adapters.parsers.archives import member, open_archive
from diglot.adapters.parsers.epub_package import Label, Package, package_of
from diglot.adapters.parsers.headings import HeadingPath
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.errors import FileDamaged
from diglot.domain.parsed import Block, Parsed, Span

_HEADING = re.compile(rb"<h[1-6][\s>]", re.I)


def read(source: Source) -> Parsed:
    with open_archive(source) as archive:
        package = package_of(archive)
        book = _Book(source, archive, package, Allowance(source.limits.output_characters), HeadingPath())
        blocks = tuple(block for name in package.pages for block in book.page(name))
    if not blocks and source.notes:
        raise FileDamaged("The file is damaged: none of its pages can be read.")
    return Parsed(blocks, title=package.title)


@dataclass(frozen=True, slots=True)
class _Book:
    source: Source
    archive: zipfile.ZipFile
    package: Package
    allowance: Allowance
    path: HeadingPath

    def page(self, name: str) -> Iterator[Block]:
        try:
            content = member(self.archive, name)
        except FileDamaged:
            content = None
        if not content:
            self.source.note(f"The page {name} is missing or damaged.")
            return
        if label := self.package.labels.get(name):
            self._enter(label, content)
        left = replace(self.source.limits, output_characters=self.allowance.limit - self.allowance.used)
        page = replace(self.source, name=name, extension="html", content=content, limits=left)
        for block in html.read_chapter(page, self.path).blocks:
            self.allowance.spend(len(block.text))
            yield _within(block, name)

    def _enter(self, label: Label, content: bytes) -> None:
        """Pages without headings are known by their names in the table of contents."""
        if not _HEADING.search(content):
            self.path.enter(label.level, label.text)


def _within(block: Block, name: str) -> Block:
    spans = tuple(Span(span.start, span.end, span.anchor._replace(part=name)) for span in block.spans)
    return block._replace(anchor=block.anchor._replace(part=name), spans=spans)
