"""Pages of documents as pictures, and where chunks stand on them."""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from diglot.catalog import chunks, readings
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.document import Document
from diglot.domain.errors import Cancelled, DocumentNotFound, NoPages, NotFound, Overloaded, ParseFailed
from diglot.domain.identity import ChunkId, DocumentId
from diglot.domain.parsed import Anchor, Box
from diglot.domain.picture import PageImage
from diglot.ingestion.naming import telling_name
from diglot.library.access import require, require_reach
from diglot.library.turns import Turns
from diglot.ports.blobs import Blobs
from diglot.ports.parser import ParseLimits, Parser
from diglot.ports.pictures import Pictures

PDF, IMAGE = "application/pdf", "image/"
THUMBNAIL = (256, 256)
THUMBNAILS_SECONDS = 5.0
MOST_HEIGHT = 100_000
AT_ONCE, IN_LINE = 2, 6
SECONDS = 30
"""That somebody waits for one page."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page that is asked for: `source` is the sha256 of the file, `fit` most width and height in pixels."""

    source: str
    name: str
    page: int
    fit: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PlacedChunk:
    """`boxes` in pixels of the picture: left, top, right, bottom."""

    id: ChunkId
    position: int
    boxes: tuple[tuple[float, float, float, float], ...]


def has_pages(document: Document) -> bool:
    return document.media_type == PDF or document.media_type.startswith(IMAGE)


class Pages:
    """Whoever asks passes a document that the caller may see, as `Documents` answers it."""

    def __init__(
        self, database: Database, blobs: Blobs, parser: Parser, pictures: Pictures, limits: ParseLimits
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._parser = parser
        self._pictures = pictures
        self._limits = replace(
            limits,
            wall_seconds=min(limits.wall_seconds, SECONDS),
            cpu_seconds=min(limits.cpu_seconds, SECONDS),
        )
        self._turns = Turns(AT_ONCE, IN_LINE)

    def sheet(self, caller: Caller, document: Document, page: int, width: int) -> Sheet:
        """Of the file whose chunks serve, else of the newest. `NoPages`"""
        return self._sheet(caller, document, page, (width, MOST_HEIGHT))

    def thumbnail_sheet(self, caller: Caller, document: Document) -> Sheet:
        """The first page, small. `NoPages`"""
        return self._sheet(caller, document, 1, THUMBNAIL)

    def image(self, sheet: Sheet) -> PageImage:
        """`PageNotFound`, `NoPages`, `ParseFailed`, `Overloaded`"""
        kept = self._kept(sheet)
        if kept is not None:
            return kept
        with self._turns.turn():
            # Others may have waited for the same page.
            return self._kept(sheet) or self._made(sheet)

    def thumbnails(self, caller: Caller, documents: Iterable[Document]) -> dict[DocumentId, PageImage]:
        """Of those that have one. What cannot be made now is left out, and what takes longer than anybody waits."""
        deadline = time.monotonic() + THUMBNAILS_SECONDS
        found: dict[DocumentId, PageImage] = {}
        for document in documents:
            if time.monotonic() > deadline:
                return found
            with suppress(NotFound, ParseFailed, Overloaded):
                found[document.id] = self.image(self.thumbnail_sheet(caller, document))
        return found

    def chunks(self, caller: Caller, document: Document, sheet: Sheet, image: PageImage) -> tuple[PlacedChunk, ...]:
        """Those of the serving revision that stand on the page, in their order."""
        require(caller, Scope.READ)
        require_reach(caller, document.dataset_id)
        if document.revision is None:
            return ()
        with self._database.read() as connection:
            places = chunks.places(connection, document.revision)
        return tuple(_placed(places, sheet.page, image.points))

    def _sheet(self, caller: Caller, document: Document, page: int, fit: tuple[int, int]) -> Sheet:
        require(caller, Scope.READ)
        require_reach(caller, document.dataset_id)
        if not has_pages(document):
            raise NoPages
        name = telling_name(self._parser, document.name, document.media_type)
        return Sheet(self._source(document), name, page, fit)

    def _source(self, document: Document) -> str:
        if document.revision is None:
            return document.source
        try:
            with self._database.read() as connection:
                return readings.get(connection, document.revision).source
        except Cancelled as gone:
            raise DocumentNotFound from gone

    def _kept(self, sheet: Sheet) -> PageImage | None:
        return self._pictures.get(sheet.source, sheet.page, sheet.fit)

    def _made(self, sheet: Sheet) -> PageImage:
        with self._blobs.local_path(sheet.source) as path:
            image = self._parser.page_image(path, sheet.name, sheet.page, sheet.fit, self._limits, lambda: False)
        self._pictures.put(sheet.source, sheet.page, sheet.fit, image)
        return image


def _placed(places: list[tuple[ChunkId, int, tuple[Anchor, ...]]], page: int, points: float) -> Iterator[PlacedChunk]:
    for chunk_id, position, anchors in places:
        boxes = tuple(_scaled(box, points) for anchor in anchors for box in anchor.boxes if box.page == page)
        if boxes:
            yield PlacedChunk(chunk_id, position, boxes)


def _scaled(box: Box, points: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(side / points, 1) for side in box[1:])
    return left, top, right, bottom
