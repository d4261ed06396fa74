"""A dataset's search index anew, beside the one that answers meanwhile."""

import time
from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection

from diglot.catalog import changes, generations
from diglot.catalog.database import Database
from diglot.domain.dataset import Generation
from diglot.domain.identity import DatasetId, GenerationId
from diglot.ingestion.indexing import Indexer, begin_anew, indexing
from diglot.ports.embedder import Embedders
from diglot.ports.index import Index
from diglot.ports.tokenizer import Tokenizer
from diglot.settings import Settings

POLL_SECONDS = 0.1


class House(Protocol):
    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...
    @property
    def index(self) -> Index: ...
    @property
    def tokenizer(self) -> Tokenizer: ...
    @property
    def embedders(self) -> Embedders: ...


def rebuild(house: House, dataset_id: DatasetId) -> None:
    """Builds the index anew and switches to it, by the running indexer of this host or by one of its own.
    `DatasetNotFound`, `IndexMissing` where nothing was ever indexed."""
    indexer = Indexer(house.database, house.index, house.tokenizer, house.embedders, house.settings.index_folder)
    with indexing(indexer):
        rebuild_by(house.database, house.tokenizer, dataset_id, lambda: None)


def rebuild_by(database: Database, tokenizer: Tokenizer, dataset_id: DatasetId, look: Callable[[], None]) -> None:
    """The same where an indexer runs already. `look` is called a few times a second and may raise: what was begun is
    then finished by the indexer."""
    begun = database.write(lambda connection: _begin(connection, tokenizer, dataset_id))
    while not _is_over(database, dataset_id, begun):
        look()
        time.sleep(POLL_SECONDS)


def _begin(connection: Connection, tokenizer: Tokenizer, dataset_id: DatasetId) -> GenerationId:
    changes.note(connection, dataset_id)  # locks the dataset's row: nobody chooses another model meanwhile
    newest = generations.active(connection, dataset_id)
    for one in generations.building(connection, dataset_id):
        generations.retire(connection, one.id)
        # It may be for the model that was chosen last.
        newest = one
    return begin_anew(connection, newest, tokenizer).id


def _is_over(database: Database, dataset_id: DatasetId, begun: GenerationId) -> bool:
    with database.read() as connection:
        active: Generation = generations.active(connection, dataset_id)
        building = generations.building(connection, dataset_id)
    return active.id == begun or begun not in {one.id for one in building}
