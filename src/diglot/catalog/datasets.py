"""Datasets' rows. A deleted one is there for the purge alone: nothing here shows it."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from diglot.catalog.prepared import Prepared
from diglot.catalog.tables import dataset_numbers, datasets
from diglot.domain.dataset import Dataset, Indexing
from diglot.domain.errors import NameTaken
from diglot.domain.identity import DatasetId, WorkspaceId
from diglot.domain.page import Order, Page
from diglot.domain.rules import ChunkForm

_COLUMNS = [datasets.c[name] for name in Dataset.__slots__]
_GET = Prepared(
    select(*_COLUMNS).where(
        datasets.c.id == bindparam("dataset_id"),
        datasets.c.workspace_id == bindparam("workspace_id"),
        datasets.c.deleted_at.is_(None),
    )
)


class Totals(NamedTuple):
    """Sums over datasets."""

    datasets: int
    documents: int
    available: int
    chunks: int


def totals(
    connection: Connection, workspace_id: WorkspaceId | None = None, among: Collection[DatasetId] | None = None
) -> Totals:
    """Of all workspaces or of one, of that `among` alone unless it is None. By the datasets' own counters: no document
    is looked at."""
    wanted: list[ColumnElement[bool]] = [datasets.c.deleted_at.is_(None)]
    if workspace_id is not None:
        wanted.append(datasets.c.workspace_id == workspace_id)
    if among is not None:
        wanted.append(datasets.c.id.in_(sorted(among)))
    columns = datasets.c.document_count, datasets.c.available_count, datasets.c.chunk_count
    sums = [func.coalesce(func.sum(column), 0) for column in columns]
    row = connection.execute(select(func.count(), *sums).where(*wanted)).one()
    return Totals(*map(int, row))


def add(connection: Connection, dataset: Dataset) -> None:
    """`NameTaken`, also when another transaction took the name a moment ago."""
    stored = {name: getattr(dataset, name) for name in Dataset.__slots__}
    row = insert(datasets).values(stored | {"folded_name": dataset.name.casefold()})
    try:
        connection.execute(row)
    except IntegrityError as error:
        raise NameTaken(name=dataset.name) from error
    connection.execute(insert(dataset_numbers).values(dataset_id=dataset.id))


def get(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId) -> Dataset | None:
    wanted = {"workspace_id": workspace_id, "dataset_id": dataset_id}
    row = _GET.one(connection, wanted)
    return None if row is None else _dataset(row)


def lock(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId) -> Dataset | None:
    """The same, and nobody else changes the row till the end of the transaction."""
    wanted = select(*_COLUMNS).where(*_one(workspace_id, dataset_id)).with_for_update(key_share=True)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else _dataset(row)


def by_name(connection: Connection, workspace_id: WorkspaceId, name: str) -> Dataset | None:
    found = select(*_COLUMNS).where(*_living(workspace_id), datasets.c.name == name)
    row = connection.execute(found).one_or_none()
    return None if row is None else _dataset(row)


def page(
    connection: Connection,
    workspace_id: WorkspaceId,
    offset: int,
    limit: int,
    *,
    keyword: str | None = None,
    name: str | None = None,
    among: Collection[DatasetId] | None = None,
    order: Order = Order.CREATED,
    is_descending: bool = True,
) -> Page[Dataset]:
    """`keyword` occurs in the name, `name` is the name, both in either case; `among` None: all of the workspace."""
    wanted = [*_living(workspace_id)]
    if keyword:
        wanted.append(datasets.c.name.icontains(keyword, autoescape=True))
    if name is not None:
        wanted.append(datasets.c.folded_name == name.casefold())
    if among is not None:
        wanted.append(datasets.c.id.in_(sorted(among)))
    total = connection.execute(select(func.count()).select_from(datasets).where(*wanted)).scalar_one()
    # None of them has a `deleted_at`: without it PostgreSQL would sort what the index has in order.
    by = (datasets.c.deleted_at, datasets.c[order], datasets.c.id)
    listing = select(*_COLUMNS).where(*wanted).order_by(*(column.desc() if is_descending else column for column in by))
    rows = connection.execute(listing.offset(offset).limit(limit))
    return Page(tuple(_dataset(row) for row in rows), total, offset)


def many(connection: Connection, workspace_id: WorkspaceId, dataset_ids: Collection[DatasetId]) -> list[Dataset]:
    """Those of them that are there, by id."""
    found = select(*_COLUMNS).where(*_living(workspace_id), datasets.c.id.in_(sorted(dataset_ids)))
    return [_dataset(row) for row in connection.execute(found.order_by(datasets.c.id))]


def folded_names(connection: Connection, workspace_id: WorkspaceId, stem: str) -> set[str]:
    """Names in lower case that begin with it."""
    begun = datasets.c.folded_name.startswith(stem.casefold(), autoescape=True)
    return set(connection.execute(select(datasets.c.folded_name).where(*_living(workspace_id), begun)).scalars())


def is_name_taken(connection: Connection, workspace_id: WorkspaceId, name: str) -> bool:
    """In either case."""
    found = select(datasets.c.id).where(*_living(workspace_id), datasets.c.folded_name == name.casefold()).limit(1)
    return connection.execute(found).first() is not None


def number(connection: Connection, dataset_id: DatasetId) -> int:
    """The whole number that names it."""
    numbers = dataset_numbers.c
    return int(connection.execute(select(numbers.number).where(numbers.dataset_id == dataset_id)).scalar_one())


def by_number(connection: Connection, workspace_id: WorkspaceId, number: int) -> Dataset | None:
    numbers = dataset_numbers.c
    found = select(*_COLUMNS).where(
        *_living(workspace_id), numbers.dataset_id == datasets.c.id, numbers.number == number
    )
    row = connection.execute(found).one_or_none()
    return None if row is None else _dataset(row)


def change(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, **columns: Any) -> Dataset | None:
    """The dataset after the change, None if it is not there. `NameTaken` as in `add`."""
    if "name" in columns:
        columns["folded_name"] = columns["name"].casefold()
    changed = update(datasets).where(*_one(workspace_id, dataset_id)).values(columns).returning(*_COLUMNS)
    try:
        row = connection.execute(changed).one_or_none()
    except IntegrityError as error:
        raise NameTaken(name=columns.get("name")) from error
    return None if row is None else _dataset(row)


def admit(
    connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, size: int
) -> tuple[Dataset, int] | None:
    """Counts a document of `size` bytes more and gives it its position. The dataset is as it was before, its row locked
    till the end of the transaction, so that of two first documents one sees what the other fixed."""
    counted = (
        update(datasets)
        .where(*_one(workspace_id, dataset_id))
        .values(
            last_position=datasets.c.last_position + 1,
            document_count=datasets.c.document_count + 1,
            size=datasets.c.size + size,
        )
        .returning(*_COLUMNS, datasets.c.last_position)
    )
    row = connection.execute(counted).one_or_none()
    return None if row is None else (_dataset(row[:-1]), row[-1])


def count(
    connection: Connection,
    dataset_id: DatasetId,
    *,
    documents: int = 0,
    available: int = 0,
    chunks: int = 0,
    words: int = 0,
    tokens: int = 0,
    size: int = 0,
) -> None:
    """Adds to the dataset's counters."""
    columns = datasets.c
    connection.execute(
        update(datasets)
        .where(columns.id == dataset_id)
        .values(
            document_count=columns.document_count + documents,
            available_count=columns.available_count + available,
            chunk_count=columns.chunk_count + chunks,
            word_count=columns.word_count + words,
            token_count=columns.token_count + tokens,
            size=columns.size + size,
        )
    )


def _living(workspace_id: WorkspaceId) -> tuple[ColumnElement[bool], ...]:
    return datasets.c.workspace_id == workspace_id, datasets.c.deleted_at.is_(None)


def _one(workspace_id: WorkspaceId, dataset_id: DatasetId) -> tuple[ColumnElement[bool], ...]:
    return datasets.c.id == dataset_id, *_living(workspace_id)


def _dataset(row: Sequence[Any]) -> Dataset:
    fields = dict(zip(Dataset.__slots__, row, strict=True))
    fields["indexing"] = fields["indexing"] and Indexing(fields["indexing"])
    fields["chunk_form"] = fields["chunk_form"] and ChunkForm(fields["chunk_form"])
    return Dataset(**fields)
