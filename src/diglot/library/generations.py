"""Which model a dataset is embedded by, and the index generation that goes with it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from diglot.catalog import generations
from diglot.domain.dataset import Generation, Indexing
from diglot.domain.errors import ModelNotFound
from diglot.domain.identity import DatasetId
from diglot.ports.embedder import Embedders
from diglot.ports.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Build:
    """`trouble`: why it is not complete, None where nothing is wrong."""

    generation: Generation
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Builds:
    """The index that is searched and, after a change, the one that is being built beside it."""

    active: Build
    building: Build | None


class Generations:
    def __init__(self, embedders: Embedders, tokenizer: Tokenizer) -> None:
        self._embedders = embedders
        self._tokenizer = tokenizer

    def model_for(self, indexing: Indexing | None, wanted: str | None) -> str | None:
        """The canonical name of the wanted model, or of the default one; None where words alone are indexed, and where
        nothing was chosen yet. `ModelNotFound` for a name that is not configured."""
        if wanted is not None and indexing is not Indexing.ECONOMY:
            name = self._embedders.resolve(wanted)
            if name is None:
                raise ModelNotFound(f"There is no embedding model named {wanted!r}.", model=wanted)
            return name
        return self._embedders.default() if indexing is Indexing.HIGH_QUALITY else None

    def begin(self, connection: Connection, dataset_id: DatasetId, model: str | None) -> Generation:
        """An empty generation for this model, active from the commit on; what is being built is given up."""
        _give_up(connection, dataset_id)
        created = self._create(connection, dataset_id, model)
        generations.activate(connection, created.id)
        return created

    def begin_beside(self, connection: Connection, dataset_id: DatasetId, model: str | None) -> None:
        """The indexer builds a generation for this model and then switches to it; whatever else it was building is
        given up. Nothing is built if the active one is for this model and complete."""
        _give_up(connection, dataset_id)
        active = generations.active(connection, dataset_id)
        if active.embedding_model != model or generations.is_in_trouble(connection, active.id):
            self._create(connection, dataset_id, model)

    def builds(self, connection: Connection, dataset_id: DatasetId) -> Builds:
        """`DatasetNotFound`, `IndexMissing`"""
        beside = generations.building(connection, dataset_id)
        active = _build(connection, generations.active(connection, dataset_id))
        return Builds(active, _build(connection, beside[-1]) if beside else None)

    def _create(self, connection: Connection, dataset_id: DatasetId, model: str | None) -> Generation:
        dimension = None if model is None else self._embedders.describe(model).dimension
        return generations.create(
            connection, dataset_id, embedding_model=model, dimension=dimension, tokenizer=self._tokenizer.name
        )


def _give_up(connection: Connection, dataset_id: DatasetId) -> None:
    for one in generations.building(connection, dataset_id):
        generations.retire(connection, one.id)


def _build(connection: Connection, generation: Generation) -> Build:
    return Build(generation, generations.trouble(connection, generation.id))
