"""The vectors of texts, by model and text: what was embedded once is not embedded again, whoever's text it is.

A text is embedded before the chunk that holds it is stored. So the sweep of unused vectors spares those that were
stored, or taken by `keep`, in the last day: whoever `keep`s a vector has that long to store the chunk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, and_, delete, literal, select, tuple_, update

from diglot.catalog.clock import database_now
from diglot.catalog.tables import chunks, generations, vectors
from diglot.catalog.upsert import insert_into
from diglot.domain.errors import InvalidArgument

Vector = npt.NDArray[np.float32]

HASHES_A_QUERY = 500
STORED = np.dtype("<f2")
GRACE_MS = 24 * 3600 * 1000
# A vector that is used all the time is written anew once in this while, not at each use.
FRESH_MS = 3600 * 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sweep stands: the last vector that it looked at."""

    model: str
    text_hash: bytes


def fetch(connection: Connection, model: str, hashes: Iterable[bytes]) -> dict[bytes, Vector]:
    """Those that are there, float32 of the model's dimension, rounded to float16 on the way."""
    found: dict[bytes, Vector] = {}
    for some in _batches(hashes):
        wanted = select(vectors.c.text_hash, vectors.c.vector)
        named = vectors.c.model == model, vectors.c.text_hash.in_(some)
        rows = connection.execute(wanted.where(*named)).all()
        if rows:
            matrix = np.frombuffer(b"".join(row[1] for row in rows), STORED).reshape(len(rows), -1).astype(np.float32)
            found.update(zip((row[0] for row in rows), matrix, strict=True))
    return found


def store(connection: Connection, model: str, found: Mapping[bytes, Vector]) -> None:
    """Finite float32 of one dimension. What is there already stays, and counts as used now."""
    if not found:
        return
    matrix = np.stack(list(found.values()))
    if not np.isfinite(matrix).all():
        raise InvalidArgument("A vector holds something that is no number.")
    rows = [
        {"model": model, "text_hash": text_hash, "vector": row.tobytes()}
        for text_hash, row in zip(found, matrix.astype(STORED), strict=True)
    ]
    insert = insert_into(connection, vectors).values(used_at=database_now(connection))
    touched = insert.on_conflict_do_update(
        index_elements=["model", "text_hash"],
        set_={"used_at": insert.excluded.used_at},
        where=vectors.c.used_at < insert.excluded.used_at - FRESH_MS,
    )
    connection.execute(touched, rows)


def keep(connection: Connection, model: str, hashes: Iterable[bytes]) -> set[bytes]:
    """Marks vectors as used now; those of them that are there. The others were swept: embed them again."""
    kept: set[bytes] = set()
    now = database_now(connection)
    for some in _batches(hashes):
        named = vectors.c.model == model, vectors.c.text_hash.in_(some)
        connection.execute(update(vectors).where(*named, vectors.c.used_at < now - FRESH_MS).values(used_at=now))
        kept.update(connection.execute(select(vectors.c.text_hash).where(*named)).scalars())
    return kept


def sweep(
    connection: Connection, after: Place | None = None, *, limit: int = 500, grace_ms: int = GRACE_MS
) -> tuple[Place | None, int]:
    """Looks at the next `limit` vectors and deletes those whose text no chunk of a dataset with their model holds, if
    nobody took them of late.

    Returns where to go on (None: that was the end) and how many it deleted.
    """
    row = tuple_(vectors.c.model, vectors.c.text_hash)
    listing = select(vectors.c.model, vectors.c.text_hash).order_by(vectors.c.model, vectors.c.text_hash).limit(limit)
    if after is not None:
        listing = listing.where(row > tuple_(literal(after.model), literal(after.text_hash)))
    places = [Place(*found) for found in connection.execute(listing)]
    deleted = 0
    for model, same in groupby(places, key=attrgetter("model")):
        deleted += _delete_unused(connection, model, [place.text_hash for place in same], grace_ms)
    return (places[-1] if len(places) == limit else None), deleted


def _delete_unused(connection: Connection, model: str, hashes: Sequence[bytes], grace_ms: int) -> int:
    # Vectors may be kept under a model's name and a revision of it.
    name = model.partition("@")[0]
    living = generations.c.dataset_id == chunks.c.dataset_id, generations.c.state.in_(["building", "active"])
    is_named = (
        select(chunks.c.key)
        .join(generations, and_(*living, generations.c.embedding_model.in_([model, name])))
        .where(chunks.c.text_hash == vectors.c.text_hash)
        .exists()
    )
    unused = delete(vectors).where(
        vectors.c.model == model,
        vectors.c.text_hash.in_(hashes),
        vectors.c.used_at <= database_now(connection) - grace_ms,
        ~is_named,
    )
    return connection.execute(unused).rowcount


def _batches(hashes: Iterable[bytes]) -> Iterator[list[bytes]]:
    every = list(dict.fromkeys(hashes))
    for start in range(0, len(every), HASHES_A_QUERY):
        yield every[start : start + HASHES_A_QUERY]
