"""Texts to vectors, each text once for each model: the catalog keeps what was embedded."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection

from diglot.catalog import vectors
from diglot.catalog.database import Database
from diglot.domain.chunk import text_hash
from diglot.domain.errors import ModelFailed, ModelNotFound
from diglot.ports.embedder import Embedder, Embedders
from diglot.ports.index import Vector

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many of how many texts have their vector; may raise to stop."""

FIRST_BATCH = 32
LARGEST_BATCH = 512
KEPT_TOGETHER = 1000
QUICK_SECONDS = 0.25
SLOW_SECONDS = 1.0


def fetch_vectors(database: Database, model: str, hashes: Sequence[bytes]) -> dict[bytes, Vector]:
    """Those that are kept; float32, L2-normalised."""
    with database.read() as connection:
        return vectors.fetch(connection, model, hashes)


def embed_missing(
    database: Database, embedder: Embedder, texts: Sequence[str], progress: Progress | None = None
) -> int:
    """Sees to it that every text's vector is kept; how many were not. `ModelUnavailable` is worth a retry, which goes
    on where this one ended; `ModelMisbehaved` is not."""
    by_hash = {text_hash(text): text for text in texts}
    missing = _missing(database, embedder.model.vectors_name, by_hash)
    done = len(by_hash) - len(missing)
    for batch in _batches(missing):
        if progress is not None:
            progress(done, len(by_hash))
        hashes = [text_hash(text) for text in batch]
        rows = embedder.embed_passages(batch)
        _store(database, embedder.model.vectors_name, dict(zip(hashes, rows, strict=True)))
        done += len(batch)
    return len(missing)


def embed_by_one(
    database: Database,
    embedders: Embedders,
    models: Sequence[str],
    texts: Sequence[str],
    progress: Progress | None = None,
) -> None:
    """Like `embed_missing`, by the first of the models that does it; nothing happens without any. The last one's error
    if none does."""
    for place, model in enumerate(models, 1):
        try:
            embed_missing(database, embedders.get(model), texts, progress)
        except (ModelFailed, ModelNotFound) as error:
            if place == len(models):
                raise
            logger.warning("%s cannot embed, another model may: %s", model, error.message)
        else:
            return


def _missing(database: Database, model: str, by_hash: dict[bytes, str]) -> list[str]:
    """Long texts first: batches of like lengths waste no padding, and the dearest memory is asked for first."""
    known: set[bytes] = set()
    hashes = list(by_hash)
    for start in range(0, len(hashes), KEPT_TOGETHER):
        known |= _keep(database, model, hashes[start : start + KEPT_TOGETHER])
    return sorted((by_hash[one] for one in hashes if one not in known), key=len, reverse=True)


def _keep(database: Database, model: str, hashes: Sequence[bytes]) -> set[bytes]:
    def work(connection: Connection) -> set[bytes]:
        return vectors.keep(connection, model, hashes)

    return database.write(work)


def _batches(texts: list[str]) -> Iterator[list[str]]:
    """Larger ones as long as they are quick: the work between two looks at a cancel stays near a second, and a fast
    model does not pay a commit for a handful of texts."""
    size, start = FIRST_BATCH, 0
    while start < len(texts):
        began = time.monotonic()
        yield texts[start : start + size]
        took = time.monotonic() - began
        start += size
        if took < QUICK_SECONDS:
            size = min(LARGEST_BATCH, size * 2)
        elif took > SLOW_SECONDS:
            size = max(1, size // 2)


def _store(database: Database, model: str, rows: dict[bytes, Vector]) -> None:
    def work(connection: Connection) -> None:
        vectors.store(connection, model, rows)

    database.write(work)
