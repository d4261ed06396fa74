"""Pages that were recognised once: nobody recognises them again by the same edition of the engine."""

from dataclasses import dataclass
from functools import partial

from diglot.catalog import recognised
from diglot.catalog.database import Database
from diglot.domain.identity import WorkspaceId
from diglot.domain.job import Job
from diglot.domain.recognised import RecognisedPage
from diglot.ingestion.recognising import PageReader
from diglot.ports.ocr import Ocr

SHOWN_IN_MANNER = 1
"""Raised when readers show the engine other pictures of the same pages."""


def kept_pages(database: Database, workspace_id: WorkspaceId, source: str, ocr: Ocr) -> dict[int, RecognisedPage]:
    with database.read() as connection:
        return recognised.kept(connection, workspace_id, source, _edition(ocr))


@dataclass(frozen=True, slots=True)
class KeepingReader:
    """A reader of the file of a job, which keeps each page as soon as it is recognised."""

    database: Database
    job: Job
    source: str
    kept: dict[int, RecognisedPage]
    reader: PageReader

    def read(self, page: int) -> RecognisedPage:
        """As `PageReader`; `LeaseLost` too."""
        if page in self.kept:
            return self.kept[page]
        found = self.reader.read(page)
        keep = partial(recognised.keep, job=self.job, source=self.source, edition=_edition(self.reader.ocr))
        self.database.write(partial(keep, page=page, found=found))
        return found


def _edition(ocr: Ocr) -> str:
    return f"{ocr.edition()}, pictures in manner {SHOWN_IN_MANNER}"
