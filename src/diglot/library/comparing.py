"""How alike the vectors of another embedding model are to those that a dataset has."""

from dataclasses import dataclass

import numpy as np

from diglot.catalog import generations, sampling, vectors
from diglot.catalog.database import Database
from diglot.catalog.sampling import SampledChunk
from diglot.domain.api_key import Caller, Scope
from diglot.domain.chunk import embedded_text
from diglot.domain.errors import ModelNotFound
from diglot.domain.identity import DatasetId
from diglot.library.access import require
from diglot.library.jobs import require_open
from diglot.ports.embedder import Embedders
from diglot.ports.index import Vector


@dataclass(frozen=True, slots=True)
class Compared:
    """`dimension` of the vector that is there, None where there is none. `cosine` None: not to be compared."""

    chunk: SampledChunk
    dimension: int | None
    cosine: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`dimension`: the other model's."""

    dimension: int
    chunks: tuple[Compared, ...]


def compare(
    database: Database, embedders: Embedders, caller: Caller, dataset_id: DatasetId, model: str, count: int
) -> Comparison:
    """Of `count` chunks by chance: their vectors beside those that `model` makes of the same texts. Nothing is kept.

    `DatasetNotFound`, `ApiDisabled`, `ModelNotFound`, `ModelFailed`. Vectors of different lengths have no cosine.
    """
    require(caller, Scope.WRITE)
    with database.read() as connection:
        require_open(connection, caller, dataset_id)
        present = generations.active(connection, dataset_id).embedding_model
        chunks = [] if present is None else sampling.sample(connection, dataset_id, count)
        known = vectors.fetch(connection, _vectors_name(embedders, present), [one.text_hash for one in chunks])
    other = embedders.get(model)
    dimension = other.model.dimension
    comparable = [one for one in chunks if len(known.get(one.text_hash, ())) == dimension]
    made: dict[bytes, Vector] = {}
    if comparable:
        rows = other.embed_passages([embedded_text(one.content, one.questions) for one in comparable])
        made = {one.text_hash: row for one, row in zip(comparable, rows, strict=True)}
    return Comparison(dimension, tuple(_compared(one, known, made) for one in chunks))


def _vectors_name(embedders: Embedders, model: str | None) -> str:
    if model is None:
        return ""
    try:
        return embedders.describe(model).vectors_name
    except ModelNotFound:
        # The vectors of a model that was removed are known by its plain name at best.
        return model


def _compared(chunk: SampledChunk, known: dict[bytes, Vector], made: dict[bytes, Vector]) -> Compared:
    before, after = known.get(chunk.text_hash), made.get(chunk.text_hash)
    if before is None:
        return Compared(chunk, None, None)
    if after is None:
        return Compared(chunk, len(before), None)
    # What is kept was rounded.
    cosine = float(np.dot(before, after) / max(float(np.linalg.norm(before) * np.linalg.norm(after)), 1e-12))
    return Compared(chunk, len(before), cosine)
