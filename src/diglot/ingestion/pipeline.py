"""The first corridor: a waiting revision to a searchable document."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from diglot.catalog import changes, leases, readings, revisions
from diglot.catalog.database import Database
from diglot.catalog.readings import Reading
from diglot.catalog.revisions import Placed
from diglot.domain.chunk import ChunkDraft
from diglot.domain.document import DocumentStatus
from diglot.domain.identity import RevisionKey
from diglot.domain.job import RECOGNITION, JobKind
from diglot.domain.parsed import Parsed
from diglot.domain.picture import Picture
from diglot.ingestion.attempt import Attempt, NeedsRecognition
from diglot.ingestion.chunking import chunk, parse
from diglot.ingestion.embedding import embed_by_one
from diglot.ingestion.indexing import Indexer
from diglot.ingestion.labelling import Labels
from diglot.ingestion.naming import telling_name
from diglot.ingestion.recognised_pages import KeepingReader, editions, kept_pages
from diglot.ingestion.recognising import OcrLimits, PageReader, recognise, without_recognition
from diglot.ports.blobs import Blobs
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index
from diglot.ports.ocr import Ocr
from diglot.ports.parser import ParseLimits, Parser
from diglot.ports.tokenizer import Tokenizer

PARSING, CLEANING, SPLITTING, EMBEDDING, STORING, INDEXING = 0.0, 0.3, 0.35, 0.4, 0.9, 0.95
"""How far a document is, by and large, when each stage begins."""

BEGINS = {DocumentStatus.CLEANING: CLEANING, DocumentStatus.SPLITTING: SPLITTING}


@dataclass(frozen=True, slots=True)
class Tools:
    database: Database
    blobs: Blobs
    parser: Parser
    tokenizer: Tokenizer
    embedders: Embedders
    index: Index
    indexer: Indexer
    limits: ParseLimits
    ocr: Ocr
    ocr_limits: OcrLimits


def ingest(attempt: Attempt, tools: Tools, bench: AbstractContextManager[object]) -> None:
    """Makes the job's revision and puts it in its document's place, or raises and leaves the document as it was.

    `bench` is where the processor's work is done: those who only wait for the disk leave it to others.
    `ParseFailed`, `ModelFailed`, `Overloaded`...; `Cancelled`, `LeaseLost` and `Stopping` when it must not go on;
    `NeedsRecognition` if it has pages that are pictures and is not yet in the line of those, or makes room there.
    """
    with bench:
        reading = _reading(attempt, tools)
        parsed = _parse(attempt, tools, reading)
        drafts = _split(attempt, tools, parsed, reading)
        drafts = _enrich(attempt, tools, drafts, reading)
    noted = _stage(attempt, tools, drafts, reading)
    _wait_for_index(attempt, tools, noted)
    tools.database.write(partial(revisions.publish, job=attempt.job, notes=parsed.notes))


def _reading(attempt: Attempt, tools: Tools) -> Reading:
    with tools.database.read() as connection:
        return readings.get(connection, _revision(attempt))


def _parse(attempt: Attempt, tools: Tools, reading: Reading) -> Parsed:
    attempt.note(DocumentStatus.PARSING, PARSING)
    name = telling_name(tools.parser, reading.name, reading.media_type)
    with tools.blobs.local_path(reading.source) as path:
        see = partial(_see, attempt, tools, path, name, reading.source)
        return parse(tools.parser, path, name, reading.rules, tools.limits, attempt.is_over, see, reading.media_type)


def _see(attempt: Attempt, tools: Tools, path: Path, name: str, source: str, parsed: Parsed) -> Parsed:
    """With the text of the pages that are pictures, or without these pages where nothing recognises it."""
    reason = tools.ocr.missing()
    if reason is not None:
        return without_recognition(parsed, reason)
    wanted = editions(parsed, tools.ocr)
    kept = kept_pages(tools.database, attempt.job.workspace_id, source, wanted)
    if attempt.job.priority < RECOGNITION and not kept.keys() >= set(parsed.scans[: tools.ocr_limits.pages]):
        raise NeedsRecognition

    def show(page: int) -> Picture:
        return tools.parser.picture(path, name, page, tools.limits, attempt.is_over)

    def note(done: int) -> None:
        attempt.note(DocumentStatus.PARSING, CLEANING * done / len(parsed.scans))

    reader = PageReader(tools.ocr, tools.ocr_limits.page_seconds, show, attempt.is_over)
    make_room = partial(_make_room, attempt, tools)
    keeping = KeepingReader(tools.database, attempt.job, source, wanted, kept, reader, make_room)
    return recognise(parsed, tools.ocr_limits.pages, keeping.read, note)


def _make_room(attempt: Attempt, tools: Tools) -> None:
    """For those that wait in the same line: a few books would hold up everybody's single pages for hours."""
    own_line = range(attempt.job.priority, attempt.job.priority + 1)
    with tools.database.read() as connection:
        if leases.is_any_due(connection, (JobKind.INGEST,), own_line):
            raise NeedsRecognition


def _split(attempt: Attempt, tools: Tools, parsed: Parsed, reading: Reading) -> list[ChunkDraft]:
    name = telling_name(tools.parser, reading.name, reading.media_type)
    return chunk(parsed, reading.rules, reading.form, name, lambda stage: attempt.note(stage, BEGINS[stage]))


def _enrich(attempt: Attempt, tools: Tools, drafts: list[ChunkDraft], reading: Reading) -> list[ChunkDraft]:
    """Vectors where there is a model, keywords where none was chosen, tags where datasets give them."""
    attempt.note(DocumentStatus.EMBEDDING, EMBEDDING)
    texts = [searched.content for draft in drafts for searched in draft.searched]
    note = partial(_note_embedded, attempt)
    embed_by_one(tools.database, tools.embedders, reading.embedding_models, texts, note)
    drafts = _labelled(attempt, tools, drafts, reading)
    return [_with_keywords(attempt, tools, draft) for draft in drafts] if reading.is_by_words else drafts


def _labelled(attempt: Attempt, tools: Tools, drafts: list[ChunkDraft], reading: Reading) -> list[ChunkDraft]:
    """With the tags that tag datasets have for such texts."""
    options = reading.rules.options
    if not options.tag_datasets:
        return drafts
    labels = Labels(tools.database, tools.index, tools.tokenizer, attempt.job.workspace_id, options.tag_datasets)
    labelled = []
    for draft in drafts:
        attempt.look()
        labelled.append(replace(draft, tag_weights=labels.of(draft.content, options.most_tags)))
    return labelled


def _with_keywords(attempt: Attempt, tools: Tools, draft: ChunkDraft) -> ChunkDraft:
    attempt.look()
    children = tuple(_with_keywords(attempt, tools, child) for child in draft.children)
    return replace(draft, keywords=tuple(tools.tokenizer.keywords(draft.content)), children=children)


def _note_embedded(attempt: Attempt, done: int, of: int) -> None:
    attempt.note(DocumentStatus.EMBEDDING, EMBEDDING + (STORING - EMBEDDING) * done / of)


def _stage(attempt: Attempt, tools: Tools, drafts: list[ChunkDraft], reading: Reading) -> int:
    """Stores the chunks where nobody sees them yet; the number of the change that tells the index of them."""
    if reading.was_begun:
        _unstage(attempt, tools)
    attempt.note(DocumentStatus.INDEXING, STORING)
    *before, last = _parts(drafts) or [[]]
    for part in before:
        attempt.look()
        tools.database.write(partial(revisions.stage, job=attempt.job, chunks_placed=part))

    def work(connection: Connection) -> int:
        revisions.stage(connection, attempt.job, last)
        return changes.note(connection, attempt.job.dataset_id, revisions=[_revision(attempt)])

    return tools.database.write(work)


def _unstage(attempt: Attempt, tools: Tools) -> None:
    while tools.database.write(partial(revisions.unstage, job=attempt.job)) == revisions.ROWS_A_STEP:
        attempt.look()


def _parts(drafts: Sequence[ChunkDraft]) -> list[Sequence[Placed]]:
    """Parts of one transaction each."""
    step = revisions.ROWS_A_STEP
    placed = revisions.placed(drafts)
    return [placed[start : start + step] for start in range(0, len(placed), step)]


def _wait_for_index(attempt: Attempt, tools: Tools, noted: int) -> None:
    attempt.note(DocumentStatus.INDEXING, INDEXING)
    tools.indexer.wait_until_applied(attempt.job.dataset_id, noted, attempt.look)


def _revision(attempt: Attempt) -> RevisionKey:
    assert attempt.job.revision is not None
    return attempt.job.revision
