"""Brings one generation of a search index into the state that the catalog has now."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from enum import Enum
from pathlib import PurePath
from typing import NamedTuple

from diglot.catalog import changes, indexable
from diglot.catalog.changes import Change, Span
from diglot.catalog.database import Database
from diglot.catalog.indexable import IndexableChunk
from diglot.domain.chunk import embedded_text
from diglot.domain.dataset import Generation
from diglot.domain.errors import DiglotError, ModelFailed, ModelNotFound
from diglot.domain.identity import ChunkKey, RevisionKey
from diglot.ingestion.embedding import embed_missing, fetch_vectors
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index, IndexRow, Vector
from diglot.ports.tokenizer import Tokenizer

CHANGES = 500
ROWS = 2000
CHARACTERS = 4_000_000


class LogTooShort(Exception):
    """Changes that the generation has not seen are no longer kept."""


class VectorsMissing(Exception):
    """Some texts are not embedded by the generation's model yet."""


class Missing(Enum):
    """What to do about vectors that are not there. LEAVE: without its model, a chunk is found by its words alone."""

    REFUSE = "refuse"
    EMBED = "embed"
    LEAVE = "embed or leave"


class Named(NamedTuple):
    """A chunk with the name of its document."""

    chunk: IndexableChunk
    document_name: str


def index_row(chunk: IndexableChunk, document_name: str, tokenizer: Tokenizer, vector: Vector | None) -> IndexRow:
    """What the index learns of a chunk. The answer is searched with its question; only the question has a vector."""
    text = chunk.content if chunk.answer is None else f"{chunk.content}\n{chunk.answer}"
    return IndexRow(
        key=chunk.key,
        group=chunk.revision,
        tokens=tokenizer.terms(text),
        title=tokenizer.terms(PurePath(document_name).stem),
        keywords=[term for phrase in (*chunk.keywords, *chunk.questions) for term in tokenizer.terms(phrase)],
        vector=vector,
    )


class Follower:
    """One process at a time may use it for a generation. `look` is called between pieces of work and may raise.

    `left_by`: why chunks were left without their vectors, None if none was.
    """

    def __init__(
        self,
        database: Database,
        index: Index,
        tokenizer: Tokenizer,
        embedders: Embedders,
        look: Callable[[], None] = lambda: None,
        missing: Missing = Missing.EMBED,
    ) -> None:
        self._database = database
        self._index = index
        self._tokenizer = tokenizer
        self._embedders = embedders
        self._look = look
        self._missing = missing
        self.left_by: DiglotError | None = None

    def can_catch_up(self, generation: Generation, span: Span) -> bool:
        """False if the index was lost, damaged, or is from another past than the catalog: it must be made anew."""
        return span.floor <= self._index.applied(generation) <= span.last

    def catch_up(self, generation: Generation, until: float = math.inf) -> int:
        """Applies what the log has for it; how many changes. `until`: the number that is enough, for those who must not
        stay where there is always more. `LogTooShort`: make it anew. `VectorsMissing`."""
        done = 0
        while self._index.applied(generation) < until and (batch := self._next(generation)):
            self._look()
            self._apply(generation, batch)
            done += len(batch)
        return done

    def make_anew(self, generation: Generation) -> None:
        """From nothing to the state of the catalog; what is noted meanwhile is left to `catch_up`."""
        with self._database.read() as connection:
            span = changes.span(connection, generation.dataset_id)
        self._index.drop(generation)
        if span is not None:
            self._write(generation, self._everything(generation), applied=span.last)

    def _next(self, generation: Generation) -> list[Change]:
        applied = self._index.applied(generation)
        with self._database.read() as connection:
            batch = changes.after(connection, generation.dataset_id, applied, CHANGES)
        if batch and batch[0].seq != applied + 1:
            raise LogTooShort
        return batch

    def _apply(self, generation: Generation, batch: list[Change]) -> None:
        groups = {RevisionKey(change.key) for change in batch if change.kind == "revision"}
        keys = {ChunkKey(change.key) for change in batch if change.kind == "chunk"}
        with self._database.read() as connection:
            names = indexable.belonging(connection, groups)
            loose = indexable.by_key(connection, keys)
            theirs = indexable.belonging(connection, {chunk.revision for chunk in loose} - groups)
        # Chunks of a revision that is noted itself come with their revision.
        rows = [Named(chunk, theirs[chunk.revision]) for chunk in loose if chunk.revision in theirs]
        removed_keys = keys - {row.chunk.key for row in rows}
        pieces = _pieces(rows, self._of_revisions(names))
        self._write(generation, pieces, applied=batch[-1].seq, removed_groups=groups, removed_keys=removed_keys)

    def _write(
        self,
        generation: Generation,
        pieces: Iterable[list[Named]],
        *,
        applied: int,
        removed_groups: Collection[RevisionKey] = (),
        removed_keys: Collection[ChunkKey] = (),
    ) -> None:
        """Until the last piece the index does not claim to have applied anything: a crash repeats them all."""
        before = self._index.applied(generation)
        for piece, is_last in _with_last(pieces):
            self._look()
            vectors = self._vectors(generation, piece)
            self._index.apply(
                generation,
                rows=(self._row(one, vectors) for one in piece),
                removed_groups=removed_groups,
                removed_keys=removed_keys,
                applied=applied if is_last else before,
            )
            removed_groups, removed_keys = (), ()

    def _row(self, one: Named, vectors: dict[bytes, Vector]) -> IndexRow:
        return index_row(one.chunk, one.document_name, self._tokenizer, vectors.get(one.chunk.text_hash))

    def _vectors(self, generation: Generation, piece: list[Named]) -> dict[bytes, Vector]:
        model = generation.embedding_model
        found: dict[bytes, Vector] = {}
        if model is None or not piece:
            return found
        try:
            found = self._kept(model, piece)
            missing = [one.chunk for one in piece if one.chunk.text_hash not in found]
            if missing:
                self._embed(model, missing)
                found = self._kept(model, piece)
        except (ModelFailed, ModelNotFound) as error:
            if self._missing is Missing.REFUSE:
                raise VectorsMissing from error
            if self._missing is Missing.EMBED:
                raise
            self.left_by = error
        return found

    def _kept(self, model: str, piece: list[Named]) -> dict[bytes, Vector]:
        hashes = list({one.chunk.text_hash for one in piece})
        return fetch_vectors(self._database, self._embedders.describe(model).vectors_name, hashes)

    def _embed(self, model: str, missing: list[IndexableChunk]) -> None:
        """Those of another model, or whose vectors were swept."""
        if self._missing is Missing.REFUSE:
            raise VectorsMissing
        texts = [embedded_text(chunk.content, chunk.questions) for chunk in missing]
        embed_missing(self._database, self._embedders.get(model), texts, lambda _done, _of: self._look())

    def _everything(self, generation: Generation) -> Iterator[list[Named]]:
        after: str | None = ""
        while after is not None:
            with self._database.read() as connection:
                keys, after = indexable.shown(connection, generation.dataset_id, after)
                names = indexable.belonging(connection, keys)
            yield from _pieces((), self._of_revisions(names))

    def _of_revisions(self, names: dict[RevisionKey, str]) -> Iterator[Named]:
        for revision, name in names.items():
            last: IndexableChunk | None = None
            while page := self._page(revision, last):
                yield from (Named(chunk, name) for chunk in page)
                if len(page) < indexable.PAGE:
                    break
                last = page[-1]

    def _page(self, revision: RevisionKey, after: IndexableChunk | None) -> list[IndexableChunk]:
        with self._database.read() as connection:
            return indexable.of_revision(connection, revision, after)


def _pieces(*sources: Iterable[Named]) -> Iterator[list[Named]]:
    """Rows in parts that fit in memory."""
    piece: list[Named] = []
    characters = 0
    for source in sources:
        for one in source:
            piece.append(one)
            characters += len(one.chunk.content) + len(one.chunk.answer or "")
            if len(piece) >= ROWS or characters >= CHARACTERS:
                yield piece
                piece, characters = [], 0
    if piece:
        yield piece


def _with_last(pieces: Iterable[list[Named]]) -> Iterator[tuple[list[Named], bool]]:
    """Each piece, and whether it is the last one; one empty piece where there is none."""
    held: Sequence[Named] | None = None
    for piece in pieces:
        if held is not None:
            yield list(held), False
        held = piece
    yield list(held or ()), True
