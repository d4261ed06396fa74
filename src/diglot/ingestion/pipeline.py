"""The first corridor: a waiting revision to a searchable document."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from diglot.catalog import changes, readings, revisions
from diglot.catalog.database import Database
from diglot.catalog.readings import Reading
from diglot.domain.chunk import ChunkDraft
from diglot.domain.document import DocumentStatus
from diglot.domain.errors import FileEmpty, LimitExceeded
from diglot.domain.identity import RevisionKey
from diglot.domain.parsed import Parsed
from diglot.domain.rules import AUTOMATIC, ChunkMethod, RuleMode
from diglot.ingestion.attempt import Attempt
from diglot.ingestion.cleaning import clean
from diglot.ingestion.embedding import embed_by_one
from diglot.ingestion.indexing import Indexer
from diglot.ingestion.naming import telling_name
from diglot.ingestion.splitting import assemble, split
from diglot.ingestion.splitting.methods import require_available, split_by_method
from diglot.ports.blobs import Blobs
from diglot.ports.embedder import Embedders
from diglot.ports.parser import ParseLimits, Parser
from diglot.ports.tokenizer import Tokenizer

MOST_CHUNKS = 100_000
PARSING, CLEANING, SPLITTING, EMBEDDING, STORING, INDEXING = 0.0, 0.3, 0.35, 0.4, 0.9, 0.95
"""How far a document is, by and large, when each stage begins."""


@dataclass(frozen=True, slots=True)
class Tools:
    database: Database
    blobs: Blobs
    parser: Parser
    tokenizer: Tokenizer
    embedders: Embedders
    indexer: Indexer
    limits: ParseLimits


def ingest(attempt: Attempt, tools: Tools, bench: AbstractContextManager[object]) -> None:
    """Makes the job's revision and puts it in its document's place, or raises and leaves the document as it was.

    `bench` is where the processor's work is done: those who only wait for the disk leave it to others.
    `ParseFailed`, `ModelFailed`, `Overloaded`...; `Cancelled`, `LeaseLost` and `Stopping` when it must not go on.
    """
    with bench:
        reading = _reading(attempt, tools)
        parsed = _parse(attempt, tools, reading)
        drafts = _split(attempt, tools, parsed, reading)
        drafts = _enrich(attempt, tools, drafts, reading)
    noted = _stage(attempt, tools, drafts, reading)
    _wait_for_index(attempt, tools, noted)
    tools.database.write(partial(revisions.publish, job=attempt.job))


def _reading(attempt: Attempt, tools: Tools) -> Reading:
    with tools.database.read() as connection:
        return readings.get(connection, _revision(attempt))


def _parse(attempt: Attempt, tools: Tools, reading: Reading) -> Parsed:
    attempt.note(DocumentStatus.PARSING, PARSING)
    require_available(reading.rules.method)
    name = telling_name(tools.parser, reading.name, reading.media_type)
    try:
        with tools.blobs.local_path(reading.source) as path:
            return tools.parser.parse(path, name, tools.limits, attempt.is_over)
    except FileEmpty:
        if reading.rules.method is ChunkMethod.GENERAL:
            raise
        # Whoever chose a method is told of no chunks rather than of a failure.
        return Parsed(())


def _split(attempt: Attempt, tools: Tools, parsed: Parsed, reading: Reading) -> list[ChunkDraft]:
    if reading.rules.method is ChunkMethod.GENERAL:
        attempt.note(DocumentStatus.CLEANING, CLEANING)
        rules = AUTOMATIC if reading.rules.mode is RuleMode.AUTOMATIC else reading.rules
        text = clean(assemble(parsed), rules.cleaning)
        attempt.note(DocumentStatus.SPLITTING, SPLITTING)
        drafts = split(text, reading.rules, reading.form)
        if not drafts:
            raise FileEmpty("The file holds no text.")
    else:
        attempt.note(DocumentStatus.SPLITTING, SPLITTING)
        name = telling_name(tools.parser, reading.name, reading.media_type)
        drafts = split_by_method(parsed, reading.rules.method, reading.rules.options, name)
    if len(drafts) > MOST_CHUNKS:
        raise LimitExceeded(
            f"The document would have {len(drafts):,} chunks; the most is {MOST_CHUNKS:,}. Choose larger chunks."
        )
    return drafts


def _enrich(attempt: Attempt, tools: Tools, drafts: list[ChunkDraft], reading: Reading) -> list[ChunkDraft]:
    """Vectors where there is a model, keywords where none was chosen."""
    attempt.note(DocumentStatus.EMBEDDING, EMBEDDING)
    texts = [draft.content for draft in drafts]
    note = partial(_note_embedded, attempt)
    embed_by_one(tools.database, tools.embedders, reading.embedding_models, texts, note)
    return [_with_keywords(attempt, tools, draft) for draft in drafts] if reading.is_by_words else drafts


def _with_keywords(attempt: Attempt, tools: Tools, draft: ChunkDraft) -> ChunkDraft:
    attempt.look()
    return replace(draft, keywords=tuple(tools.tokenizer.keywords(draft.content)))


def _note_embedded(attempt: Attempt, done: int, of: int) -> None:
    attempt.note(DocumentStatus.EMBEDDING, EMBEDDING + (STORING - EMBEDDING) * done / of)


def _stage(attempt: Attempt, tools: Tools, drafts: list[ChunkDraft], reading: Reading) -> int:
    """Stores the chunks where nobody sees them yet; the number of the change that tells the index of them."""
    if reading.was_begun:
        _unstage(attempt, tools)
    attempt.note(DocumentStatus.INDEXING, STORING)
    *before, last = _parts(drafts) or [(1, [])]
    for first, part in before:
        attempt.look()
        tools.database.write(partial(revisions.stage, job=attempt.job, drafts=part, first=first))

    def work(connection: Connection) -> int:
        first, part = last
        revisions.stage(connection, attempt.job, part, first)
        return changes.note(connection, attempt.job.dataset_id, revisions=[_revision(attempt)])

    return tools.database.write(work)


def _unstage(attempt: Attempt, tools: Tools) -> None:
    while tools.database.write(partial(revisions.unstage, job=attempt.job)) == revisions.ROWS_A_STEP:
        attempt.look()


def _parts(drafts: Sequence[ChunkDraft]) -> list[tuple[int, Sequence[ChunkDraft]]]:
    """Parts of one transaction each, with the position of their first chunk, counted from 1."""
    step = revisions.ROWS_A_STEP
    return [(start + 1, drafts[start : start + step]) for start in range(0, len(drafts), step)]


def _wait_for_index(attempt: Attempt, tools: Tools, noted: int) -> None:
    attempt.note(DocumentStatus.INDEXING, INDEXING)
    tools.indexer.wait_until_applied(attempt.job.dataset_id, noted, attempt.look)


def _revision(attempt: Attempt) -> RevisionKey:
    assert attempt.job.revision is not None
    return attempt.job.revision
