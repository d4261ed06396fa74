"""Files inside a file (attachments, entries of archives): one that cannot be read costs only itself."""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from diglot.adapters.parsers.reading import reader_of, row_of
from diglot.adapters.parsers.source import Allowance, Source
from diglot.domain.errors import ParseFailed
from diglot.domain.parsed import MOST_PAGES, Anchor, Block, BlockKind, Parsed, scan_of

DEEPEST = 3
"""Mails in mails in mails, and archives likewise."""

CONTAINERS = frozenset({"mail", "mailbox", "outlook", "zip_archive"})
"""Readers of files that hold files."""

# What readers let slip over content that nobody foresaw: it must not cost the file around it.
_SURPRISES = (
    *(ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, SyntaxError, TypeError, ValueError),
    *(struct.error, zlib.error),
)


@dataclass(frozen=True, slots=True)
class Contained:
    """`size` is that of the unpacked bytes. `read` is given a source with neither content nor type, whose limits are
    what is left of those of the file around it. `word`: what users call it."""

    name: str
    size: int
    read: Callable[[Source], Iterable[Block]]
    word: str = "attachment"


def contained_file(name: str, size: int, content: Callable[[], bytes], word: str = "attachment") -> Contained:
    """One that its own reader reads. `content` may raise what is wrong with it."""
    return Contained(name, size, lambda source: _by_reader(replace(source, content=content())), word)


def read_contained(found: Contained, source: Source, allowance: Allowance) -> list[Block]:
    """Its blocks, each knowing the part; none if it cannot be read: that is noted. `source` is the file around it."""
    if source.tree.found is not None:
        return []
    limits = replace(source.limits, output_characters=remaining(allowance).limit)
    inner = Source(found.name, "", b"", limits, depth=source.depth + 1, tree=source.tree, unpacks=source.unpacks)
    try:
        source.tree.enter(found.size, source.limits)
        blocks = list(found.read(inner))
        allowance.spend(sum(len(block.text) for block in blocks))
    except (ParseFailed, *_SURPRISES) as failure:
        reason = failure.message if isinstance(failure, ParseFailed) else "The file is damaged."
        source.note(f"The {found.word} {found.name} was skipped: {reason}")
        return []
    for sentence in inner.notes:
        source.note(f"{found.name}: {sentence}")
    return [_within(block, found.name) for block in blocks]


def remaining(allowance: Allowance) -> Allowance:
    return Allowance(max(allowance.limit - allowance.used, 0))


def require_shallow(source: Source) -> None:
    """Of a file that holds files."""
    if source.depth > DEEPEST:
        raise ParseFailed("It is nested too deeply.")


def _by_reader(source: Source) -> Iterable[Block]:
    row = row_of(source.name, source.content)
    if row is None:
        raise ParseFailed("This type of file is not supported.")
    source = replace(source, extension=row.extension)
    number = source.tree.files
    if row.reader in CONTAINERS:
        require_shallow(source)
    elif source.tree.wanted:
        source.tree.found = source if source.tree.wanted == number else None
        return ()
    parsed = reader_of(row).read(source)
    if not parsed.scans:
        return parsed.blocks
    return _with_scans(parsed, number, hashlib.sha256(source.content).hexdigest())


def _with_scans(parsed: Parsed, file: int, sha256: str) -> Iterator[Block]:
    """Each page that is a picture as one block, in its place."""
    known = {page: "" for page in parsed.scans if page <= MOST_PAGES}
    for block in parsed.blocks:
        if block.anchor.page in known:
            known[block.anchor.page] += block.text + block.gap
    waiting = list(known)
    headings: tuple[str, ...] = ()
    for block in parsed.blocks:
        page = block.anchor.page
        while waiting and page is not None and waiting[0] <= page:
            yield _scan(file, waiting[0], sha256, headings, known[waiting.pop(0)])
        if page not in known:
            headings = block.anchor.headings
            yield block
    for page in waiting:
        yield _scan(file, page, sha256, headings, known[page])


def _scan(file: int, page: int, sha256: str, headings: tuple[str, ...], known: str) -> Block:
    anchor = Anchor(page=page, headings=headings)
    return Block(BlockKind.SCAN, known.strip(), anchor, level=scan_of(file, page), rows=((sha256,),))


def _within(block: Block, name: str) -> Block:
    spans = tuple(span._replace(anchor=_in_part(span.anchor, name)) for span in block.spans)
    return block._replace(anchor=_in_part(block.anchor, name), spans=spans)


def _in_part(anchor: Anchor, name: str) -> Anchor:
    return anchor._replace(part=name if anchor.part is None else f"{name}/{anchor.part}")
