"""Datasets: create, change, remove, list."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import datasets, jobs
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.errors import DatasetNotFound, InvalidArgument, NameTaken
from diglot.domain.identity import DatasetId, GenerationId, new_id, now_ms
from diglot.domain.job import JobKind
from diglot.domain.page import Page
from diglot.domain.search import RetrievalSettings
from diglot.library.access import require, require_reach, there
from diglot.library.generations import Generations
from diglot.library.naming import clean_name

DESCRIPTION_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class DatasetChange:
    """None leaves a field as it is."""

    name: str | None = None
    description: str | None = None
    permission: str | None = None
    indexing: Indexing | None = None
    embedding_model: str | None = None
    retrieval: RetrievalSettings | None = None
    api_enabled: bool | None = None


class Datasets:
    def __init__(self, database: Database, generations: Generations) -> None:
        self._database = database
        self._generations = generations

    def create(
        self,
        caller: Caller,
        name: str,
        *,
        description: str | None = None,
        permission: str = "only_me",
        indexing: Indexing | None = None,
        embedding_model: str | None = None,
        retrieval: RetrievalSettings | None = None,
    ) -> Dataset:
        """`NameTaken`, `NameInvalid`, `ModelNotFound`. A key restricted to some datasets makes no new ones."""
        require(caller, Scope.WRITE)
        if caller.datasets is not None:
            require(caller, Scope.ADMIN)
        now = now_ms()
        dataset = Dataset(
            id=DatasetId(new_id()),
            workspace_id=caller.workspace_id,
            name=clean_name(name),
            description=_description(description),
            permission=permission,
            indexing=indexing,
            chunk_form=None,
            embedding_model=self._generations.model_for(indexing, embedding_model),
            retrieval=retrieval.to_json() if retrieval else None,
            api_enabled=True,
            generation_id=GenerationId(""),
            document_count=0,
            available_count=0,
            chunk_count=0,
            word_count=0,
            created_by=caller.user_id,
            created_at=now,
            updated_by=caller.user_id,
            updated_at=now,
        )
        return self._database.write(partial(self._add, dataset=dataset))

    def get(self, caller: Caller, dataset_id: DatasetId) -> Dataset:
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            return there(datasets.get(connection, caller.workspace_id, dataset_id))

    def by_name(self, caller: Caller, name: str) -> Dataset | None:
        require(caller, Scope.READ)
        with self._database.read() as connection:
            found = datasets.by_name(connection, caller.workspace_id, clean_name(name))
        if found is None or (caller.datasets is not None and found.id not in caller.datasets):
            return None
        return found

    def named(self, caller: Caller, name: str) -> Dataset:
        """`DatasetNotFound` if there is none of that name."""
        found = self.by_name(caller, name)
        if found is None:
            raise DatasetNotFound(f"There is no dataset named {name!r}.")
        return found

    def list(self, caller: Caller, *, offset: int = 0, limit: int = 20, keyword: str | None = None) -> Page[Dataset]:
        """Newest first."""
        require(caller, Scope.READ)
        with self._database.read() as connection:
            return datasets.page(connection, caller.workspace_id, offset, limit, keyword=keyword, among=caller.datasets)

    def every(self, caller: Caller) -> Iterator[Dataset]:
        """All of them, newest first, fetched by the hundred."""
        offset = 0
        while True:
            page = self.list(caller, offset=offset, limit=100)
            yield from page.items
            if not page.has_more or not page.items:
                return
            offset += len(page.items)

    def update(self, caller: Caller, dataset_id: DatasetId, change: DatasetChange) -> Dataset:
        """`NameTaken`, `NameInvalid`, `ModelNotFound`; `InvalidArgument` for another way of indexing or another
        embedding model once there are documents: their vectors would have to be made anew."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        columns = _columns(change)
        columns.update(updated_by=caller.user_id, updated_at=now_ms())
        work = partial(self._change, caller=caller, dataset_id=dataset_id, change=change, columns=columns)
        return self._database.write(work)

    def remove(self, caller: Caller, dataset_id: DatasetId) -> None:
        """Its documents are found no more from now on; a job clears what they left."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        self._database.write(partial(_remove, caller=caller, dataset_id=dataset_id))

    def _add(self, connection: Connection, dataset: Dataset) -> Dataset:
        if datasets.by_name(connection, dataset.workspace_id, dataset.name) is not None:
            raise NameTaken(name=dataset.name)
        datasets.add(connection, dataset)
        self._generations.begin(connection, dataset.id, dataset.embedding_model)
        return there(datasets.get(connection, dataset.workspace_id, dataset.id))

    def _change(
        self,
        connection: Connection,
        caller: Caller,
        dataset_id: DatasetId,
        change: DatasetChange,
        columns: dict[str, Any],
    ) -> Dataset:
        before = there(datasets.get(connection, caller.workspace_id, dataset_id))
        if change.name is not None and _is_taken(connection, before, columns["name"]):
            raise NameTaken(name=columns["name"])
        columns = columns | self._indexing(connection, before, change)
        return there(datasets.change(connection, caller.workspace_id, dataset_id, **columns))

    def _indexing(self, connection: Connection, before: Dataset, change: DatasetChange) -> dict[str, Any]:
        if change.indexing is None and change.embedding_model is None:
            return {}
        indexing = change.indexing or before.indexing
        model = self._generations.model_for(indexing, change.embedding_model or before.embedding_model)
        if (indexing, model) == (before.indexing, before.embedding_model):
            return {}
        if before.document_count:
            raise InvalidArgument(
                "The indexing technique and the embedding model cannot be changed while the dataset has documents.",
                "indexing" if indexing != before.indexing else "embedding_model",
            )
        self._generations.begin(connection, before.id, model)
        return {"indexing": indexing, "embedding_model": model}


def _columns(change: DatasetChange) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if change.name is not None:
        columns["name"] = clean_name(change.name)
    if change.description is not None:
        columns["description"] = _description(change.description)
    if change.permission is not None:
        columns["permission"] = change.permission
    if change.retrieval is not None:
        columns["retrieval"] = change.retrieval.to_json()
    if change.api_enabled is not None:
        columns["api_enabled"] = change.api_enabled
    return columns


def _description(text: str | None) -> str | None:
    if text is not None and len(text) > DESCRIPTION_LENGTH:
        raise InvalidArgument(f"The description is longer than {DESCRIPTION_LENGTH} characters.", "description")
    return text


def _is_taken(connection: Connection, before: Dataset, name: str) -> bool:
    other = datasets.by_name(connection, before.workspace_id, name)
    return other is not None and other.id != before.id


def _remove(connection: Connection, caller: Caller, dataset_id: DatasetId) -> None:
    now = now_ms()
    there(datasets.change(connection, caller.workspace_id, dataset_id, deleted_at=now, updated_at=now))
    jobs.cancel_dataset(connection, dataset_id)
    jobs.enqueue(connection, JobKind.PURGE, workspace_id=caller.workspace_id, dataset_id=dataset_id)
