"""What a file would become by certain rules, without anything being stored."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from diglot.catalog import datasets, rules
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.chunk import ChunkDraft
from diglot.domain.document import Document, DocumentStatus
from diglot.domain.errors import FileTypeUnsupported, LimitExceeded, MethodUnavailable
from diglot.domain.parsed import Parsed, page_of, scans_in_words
from diglot.domain.picture import Picture
from diglot.domain.recognised import RecognisedPage
from diglot.domain.rules import AUTOMATIC, ChunkForm, ChunkingRules, ChunkMethod
from diglot.ingestion.chunking import chunk, parse
from diglot.ingestion.naming import telling_name
from diglot.ingestion.recognised_pages import editions, kept_pages
from diglot.ingestion.recognising import OcrLimits, PageReader, recognise, without_recognition, without_scans
from diglot.library.access import require, require_reach, there
from diglot.library.adding import form_of
from diglot.library.naming import clean_file_name
from diglot.library.turns import Turns
from diglot.library.uploads import HEAD_BYTES
from diglot.ports.blobs import Blobs
from diglot.ports.ocr import Ocr
from diglot.ports.parser import ParseLimits, Parser

AT_ONCE = 2
SECONDS = 60
MOST_CHARACTERS = 5_000_000
"""Of a file's text: it is split among the threads that answer requests."""

MOST_SCANS = 3
"""That are recognised for a preview; those that indexing recognised before come on top."""

PAGE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Preview:
    """`chunks` are what indexing by `rules` in this `form` would store, in order, but for `missing_pages`, whose text
    indexing will recognise. `notes` are sentences for people."""

    rules: ChunkingRules
    form: ChunkForm
    chunks: tuple[ChunkDraft, ...]
    title: str | None
    page_count: int | None
    notes: tuple[str, ...]
    missing_pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """`name` tells what kind of file it is, `media_type` what it came as. `document`: whose file it is, if any's."""

    path: Path
    name: str
    media_type: str
    rules: ChunkingRules
    form: ChunkForm
    document: Document | None = None


class Previews:
    """Few at once; who comes while all places are taken is refused: `Overloaded`."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        parser: Parser,
        ocr: Ocr,
        limits: ParseLimits,
        ocr_limits: OcrLimits,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._parser = parser
        self._ocr = ocr
        self._limits = replace(
            limits,
            wall_seconds=min(limits.wall_seconds, SECONDS),
            cpu_seconds=min(limits.cpu_seconds, SECONDS),
            output_characters=min(limits.output_characters, MOST_CHARACTERS),
        )
        self._ocr_limits = replace(ocr_limits, page_seconds=min(ocr_limits.page_seconds, PAGE_SECONDS))
        self._turns = Turns(AT_ONCE)

    def of_file(
        self, caller: Caller, name: str, content: BinaryIO, rules: ChunkingRules, form: ChunkForm | None
    ) -> Preview:
        """`NameInvalid`, `FileTypeUnsupported`, `ParseFailed`, `Overloaded`"""
        require(caller, Scope.WRITE)
        name = clean_file_name(name)
        kind = self._parser.file_type(name, content.read(HEAD_BYTES))
        content.seek(0)
        if kind is None:
            raise FileTypeUnsupported(name=name)
        told = telling_name(self._parser, name, kind.media_type)
        chosen = rules.form or form or ChunkForm.TEXT
        with self._turns.turn(), tempfile.TemporaryDirectory(prefix="diglot-preview-") as folder:
            path = Path(folder) / "file"
            with path.open("wb") as copy:
                shutil.copyfileobj(content, copy)
            return self._made(_Wanted(path, told, kind.media_type, rules, chosen))

    def of_document(
        self, caller: Caller, document: Document, rules: ChunkingRules | None, form: ChunkForm | None
    ) -> Preview:
        """Of its newest file, by its own rules if none are given. As `of_file`; `FileNotFound`"""
        require(caller, Scope.WRITE)
        require_reach(caller, document.dataset_id)
        name = telling_name(self._parser, document.name, document.media_type)
        chosen, its_form = self._by(caller, document, rules)
        if form is not None and chosen.method is ChunkMethod.GENERAL:
            its_form = form
        with self._turns.turn(), self._blobs.local_path(document.source) as path:
            return self._made(_Wanted(path, name, document.media_type, chosen, its_form, document))

    def _by(self, caller: Caller, document: Document, given: ChunkingRules | None) -> tuple[ChunkingRules, ChunkForm]:
        with self._database.read() as connection:
            if given is None:
                own = rules.many(connection, [document.rule_id])
                return own.get(document.rule_id, AUTOMATIC), document.chunk_form
            return given, form_of(there(datasets.get(connection, caller.workspace_id, document.dataset_id)), given)

    def _made(self, wanted: _Wanted) -> Preview:
        parsed = parse(
            self._parser,
            wanted.path,
            wanted.name,
            wanted.rules,
            self._limits,
            _goes_on,
            partial(self._see, wanted),
            wanted.media_type,
        )
        drafts = chunk(parsed, wanted.rules, wanted.form, wanted.name, _unheard)
        missing = tuple(sorted(set(map(page_of, parsed.scans))))
        return Preview(wanted.rules, wanted.form, tuple(drafts), parsed.title, parsed.page_count, parsed.notes, missing)

    def _see(self, wanted: _Wanted, parsed: Parsed) -> Parsed:
        """As the corridor does it, but of what is not kept only a few pages: the others stay among the scans."""
        reason = self._ocr.missing()
        if reason is not None:
            return without_recognition(parsed, reason)

        def show(page: int) -> Picture:
            return self._parser.picture(wanted.path, wanted.name, page, self._limits, _goes_on)

        reader = PageReader(self._ocr, self._ocr_limits.page_seconds, show, _goes_on)
        few = _FewPages(self._kept(wanted.document, parsed), reader)
        return _telling_what_is_missing(recognise(parsed, self._ocr_limits.pages, few.read, _uncounted))

    def _kept(self, document: Document | None, parsed: Parsed) -> Mapping[int, RecognisedPage]:
        """Nothing for a file that is sent: whoever sends it learns nothing of who else has it."""
        if document is None:
            return {}
        wanted = editions(parsed, self._ocr)
        return kept_pages(self._database, document.workspace_id, document.source, wanted)


class _FewPages:
    """Reads what is kept, and a few pages more."""

    def __init__(self, kept: Mapping[int, RecognisedPage], reader: PageReader) -> None:
        self._kept = kept
        self._reader = reader
        self._left = MOST_SCANS

    def read(self, page: int) -> RecognisedPage | None:
        """None for a page that is left to indexing."""
        if page in self._kept:
            return self._kept[page]
        if not self._left:
            return None
        self._left -= 1
        try:
            return self._reader.read(page)
        except LimitExceeded:
            # Indexing has more time for it.
            return None


def _telling_what_is_missing(parsed: Parsed) -> Parsed:
    """With a note; `MethodUnavailable` if there is nothing else to show."""
    if not parsed.scans:
        return parsed
    note = (
        f"This preview lacks the text of pages that are pictures: {scans_in_words(parsed)}. "
        f"It recognises at most {MOST_SCANS} of them, {PAGE_SECONDS:.0f} seconds each; indexing goes through all."
    )
    if not any(block.text.strip() for block in parsed.blocks):
        raise MethodUnavailable(note)
    return replace(without_scans(parsed), notes=(*parsed.notes, note))


def _goes_on() -> bool:
    return False


def _unheard(_stage: DocumentStatus) -> None:
    """Nobody is told how far a preview is."""


def _uncounted(_done: int) -> None:
    """Nor how many of its pages are done."""
