"""Pages that were recognised once: nobody recognises them again by the same edition of the engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from diglot.catalog import recognised
from diglot.catalog.database import Database
from diglot.domain.identity import WorkspaceId
from diglot.domain.job import Job
from diglot.domain.parsed import Parsed, files_of_scans
from diglot.domain.recognised import RecognisedPage
from diglot.ingestion.recognising import PageReader
from diglot.ports.ocr import Ocr

SHOWN_IN_MANNER = 1
"""Raised when readers show the engine other pictures of the same pages."""


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


@dataclass(frozen=True, slots=True)
class KeepingReader:
    """A reader of the file of a job, which keeps each page as soon as it is recognised."""

    database: Database
    job: Job
    source: str
    editions: Mapping[int, str]
    kept: Mapping[int, RecognisedPage]
    reader: PageReader

    def read(self, page: int) -> RecognisedPage:
        """As `PageReader`; `LeaseLost` too."""
        if page in self.kept:
            return self.kept[page]
        found = self.reader.read(page)
        keep = partial(recognised.keep, job=self.job, source=self.source, edition=self.editions[page])
        self.database.write(partial(keep, page=page, found=found))
        return found
