"""fsck: everything against everything. What is derived can be mended; a lost blob cannot."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Protocol

from diglot.catalog import accounts, changes, indexable, recognised, remains
from diglot.catalog.accounts import Reference
from diglot.catalog.database import Database
from diglot.domain.errors import FileNotFound
from diglot.domain.identity import ChunkKey, DatasetId, now_ms
from diglot.ingestion.indexing import Indexer
from diglot.ingestion.purging import BLOB_GRACE_MS, sweep_vectors
from diglot.ports.blobs import BlobInfo, Blobs
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index
from diglot.ports.tokenizer import Tokenizer
from diglot.settings import Settings

PIECE = 1 << 20
NOTED_TOGETHER = 1000


class House(Protocol):
    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def index(self) -> Index: ...
    @property
    def tokenizer(self) -> Tokenizer: ...
    @property
    def embedders(self) -> Embedders: ...


@dataclass(frozen=True, slots=True)
class CheckRow:
    """`first`: what was wrong first, in a few words."""

    check: str
    looked_at: int
    wrong: int
    mended: int
    first: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    rows: tuple[CheckRow, ...]

    @property
    def is_clean(self) -> bool:
        return all(row.mended >= row.wrong for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        return {"clean": self.is_clean, "checks": [asdict(row) for row in self.rows]}


def fsck(house: House, *, repair: bool = False) -> Report:
    """Checks catalog, blobs and indexes against each other; may run beside a server, which may make a thing that just
    changes look wrong. With `repair`, counters are recounted, indexes corrected, and what nothing names is removed."""
    checks: Sequence[Callable[[House, bool], CheckRow]] = (
        _blobs_there,
        _blobs_named,
        _revisions,
        _document_counts,
        _dataset_counts,
        _metadata,
        _recognised,
        _vectors,
        _indexes,
    )
    return Report(tuple(check(house, repair) for check in checks))


def _blobs_there(house: House, _repair: bool) -> CheckRow:
    """Every living document's source is there, whole."""
    seen: dict[str, str | None] = {}
    looked_at = 0
    with house.database.read() as connection:
        references = list(accounts.references(connection))
    for reference in references:
        looked_at += 1
        if reference.source not in seen:
            seen[reference.source] = _fault(house.blobs, reference)
    faults = [fault for fault in seen.values() if fault is not None]
    return _row("blobs of documents", looked_at, faults)


def _fault(blobs: Blobs, reference: Reference) -> str | None:
    try:
        with blobs.open(reference.source) as file:
            digest, size = hashlib.sha256(), 0
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
    except FileNotFound:
        return f"document {reference.document_id}: its blob is missing"
    if digest.hexdigest() != reference.source:
        return f"document {reference.document_id}: its blob is damaged"
    if size != reference.size:
        return f"document {reference.document_id}: its blob has {size} bytes, not {reference.size}"
    return None


def _blobs_named(house: House, repair: bool) -> CheckRow:
    """Every blob that is not brand-new is somebody's, or waits for a purge."""
    latest = now_ms() - BLOB_GRACE_MS
    old = {blob.sha256: blob for blob in house.blobs.list() if blob.modified_at <= latest}
    unnamed = _unnamed(house.database, old)
    mended = sum(house.blobs.delete(one.sha256, unless_after=latest) for one in unnamed) if repair else 0
    return _row("blobs nobody names", len(old), [one.sha256 for one in unnamed], mended)


def _unnamed(database: Database, blobs: dict[str, BlobInfo]) -> list[BlobInfo]:
    names = sorted(blobs)
    left: list[BlobInfo] = []
    with database.read() as connection:
        owed = accounts.owed_sources(connection)
        for start in range(0, len(names), accounts.PAGE):
            part = names[start : start + accounts.PAGE]
            named = remains.named_sources(connection, part) | owed
            left += [blobs[name] for name in part if name not in named]
    return left


def _revisions(house: House, repair: bool) -> CheckRow:
    """Every revision is its document's, or marked for the purge."""
    with house.database.read() as connection:
        total, lost = accounts.lost_revisions(connection)
    if repair:
        for one in lost:
            house.database.write(partial(accounts.drop_lost_revision, lost=one))
    faults = [f"revision {one.key} of document {one.document_id}" for one in lost]
    return _row("revisions nobody names", total, faults, len(lost) if repair else 0)


def _document_counts(house: House, repair: bool) -> CheckRow:
    with house.database.read() as connection:
        total, wrong = accounts.document_counts(connection)
    if repair:
        for count in wrong:
            house.database.write(partial(accounts.mend_document, count=count))
    return _row("counters of documents", total, map(str, wrong), len(wrong) if repair else 0)


def _dataset_counts(house: House, repair: bool) -> CheckRow:
    with house.database.read() as connection:
        total, wrong = accounts.dataset_counts(connection)
    if repair:
        for count in wrong:
            house.database.write(partial(accounts.mend_dataset, count=count))
    return _row("counters of datasets", total, map(str, wrong), len(wrong) if repair else 0)


def _metadata(house: House, repair: bool) -> CheckRow:
    """What conditions ask is what the documents hold."""
    with house.database.read() as connection:
        total, wrong = accounts.metadata_not_spread(connection)
    if repair:
        for document_id in wrong:
            house.database.write(partial(accounts.spread_metadata, document_id=document_id))
    faults = [f"document {document_id}" for document_id in wrong]
    return _row("metadata values", total, faults, len(wrong) if repair else 0)


def _recognised(house: House, repair: bool) -> CheckRow:
    """What was recognised belongs to files that somebody has."""
    with house.database.read() as connection:
        total, lost = recognised.unnamed(connection)
    if repair:
        house.database.write(partial(recognised.forget_unnamed, sources=lost))
    return _row("recognised pages nobody names", total, lost, len(lost) if repair else 0)


def _vectors(house: House, repair: bool) -> CheckRow:
    """Every chunk of a dataset with a model has its vector. Missing ones are made when the index looks at the chunk."""
    with house.database.read() as connection:
        total, missing = accounts.chunks_without_vector(connection)
    if repair:
        for dataset_id, keys in missing.items():
            _note(house.database, dataset_id, keys)
        sweep_vectors(house.database)
    faults = [f"chunk {key} of dataset {dataset_id}" for dataset_id, keys in missing.items() for key in keys]
    return _row("vectors of chunks", total, faults, len(faults) if repair else 0)


def _indexes(house: House, repair: bool) -> CheckRow:
    """Every index holds exactly what belongs there, after what is noted was applied."""
    indexer = Indexer(house.database, house.index, house.tokenizer, house.embedders, house.settings.index_folder)
    indexer.apply_pending()
    with house.database.read() as connection:
        ids = accounts.living_datasets(connection)
    looked_at = 0
    faults: list[str] = []
    for dataset_id in ids:
        rows, wrong = _compare(house, dataset_id)
        looked_at += rows
        faults += [f"chunk {key} of dataset {dataset_id}" for key in wrong]
        if repair:
            _note(house.database, dataset_id, wrong)
    if repair:
        indexer.apply_pending()
    return _row("rows of search indexes", looked_at, faults, len(faults) if repair else 0)


def _compare(house: House, dataset_id: DatasetId) -> tuple[int, list[ChunkKey]]:
    """How many rows belong there, and the keys of those that are missing, wrong, or too many."""
    with house.database.read() as connection:
        active = indexable.active_generation(connection, dataset_id)
        wanted = indexable.keys(connection, dataset_id)
    found = {} if active is None else house.index.keys(active)
    wrong = {key for key, _ in wanted.items() ^ found.items()}
    return len(wanted), [ChunkKey(key) for key in sorted(wrong)]


def _note(database: Database, dataset_id: DatasetId, keys: Sequence[ChunkKey]) -> None:
    for start in range(0, len(keys), NOTED_TOGETHER):
        part = keys[start : start + NOTED_TOGETHER]
        database.write(partial(changes.note, dataset_id=dataset_id, chunks=part))


def _row(check: str, looked_at: int, faults: Iterable[str], mended: int = 0) -> CheckRow:
    listed = list(faults)
    return CheckRow(check, looked_at, len(listed), mended, listed[0] if listed else None)
