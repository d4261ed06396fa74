"""Pages that were recognised once: nobody recognises them again by the same edition of the engine."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from diglot.catalog import recognised
from diglot.catalog.database import Database
from diglot.domain.errors import ParseFailed
from diglot.domain.identity import WorkspaceId
from diglot.domain.job import Job
from diglot.domain.parsed import Parsed, files_of_scans
from diglot.domain.recognised import RecognisedPage
from diglot.ingestion.recognising import PageReader
from diglot.ports.ocr import Ocr

SHOWN_IN_MANNER = 1
"""Raised when readers show the engine other pictures of the same pages."""
PAGES_A_TURN = 10
"""Half a minute to a minute of work; whoever begins again reads the file again, which takes a second or two."""


def editions(parsed: Parsed, ocr: Ocr) -> dict[int, str]:
    """What decides, beside the document's file and the number of the page, what is recognised of each of the scans."""
    by = f"{ocr.edition()}, pictures in manner {SHOWN_IN_MANNER}"
    inside = files_of_scans(parsed)
    return {page: f"{by}, of {inside[page]}" if page in inside else by for page in parsed.scans}


def kept_pages(
    database: Database, workspace_id: WorkspaceId, source: str, wanted: Mapping[int, str]
) -> dict[int, RecognisedPage]:
    """`wanted`: pages with their `editions`."""
    with database.read() as connection:
        return recognised.kept(connection, workspace_id, source, wanted)


@dataclass(slots=True)
class KeepingReader:
    """A reader of the file of a job, which keeps each page as soon as it is recognised.

    `make_room` is called where a turn is over, and may raise: the job goes on there when it begins again. Not after a
    page has failed, for that one would be tried again at every turn.
    """

    database: Database
    job: Job
    source: str
    editions: Mapping[int, str]
    kept: Mapping[int, RecognisedPage]
    reader: PageReader
    make_room: Callable[[], None]
    _left: float = field(default=PAGES_A_TURN, init=False)

    def read(self, page: int) -> RecognisedPage:
        """As `PageReader`; `LeaseLost` too, and what `make_room` raises."""
        if page in self.kept:
            return self.kept[page]
        if self._left == 0:
            self.make_room()
            self._left = PAGES_A_TURN
        found = self._recognised(page)
        keep = partial(recognised.keep, job=self.job, source=self.source, edition=self.editions[page])
        self.database.write(partial(keep, page=page, found=found))
        self._left -= 1
        return found

    def _recognised(self, page: int) -> RecognisedPage:
        try:
            return self.reader.read(page)
        except ParseFailed:
            self._left = math.inf
            raise
