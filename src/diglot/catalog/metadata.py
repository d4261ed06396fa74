"""Documents' metadata: the dict on a document's row, which is the truth, and a row for each of its values to ask by.
Every name has a field, which whoever writes the first value under it thereby makes.

Whoever writes the dict uses `store`, or `spread` after a row was written with it, in the same transaction.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from diglot.catalog import fields
from diglot.catalog.conditions import HEAD, passing
from diglot.catalog.tables import documents, metadata_values
from diglot.domain.conditions import Conditions, items, read, spell
from diglot.domain.errors import InvalidArgument
from diglot.domain.identity import DatasetId, DocumentId, WorkspaceId, now_ms
from diglot.domain.metadata_field import FieldType

NAME_LENGTH = 255

_IDS_A_QUERY = 500
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_V = metadata_values.c
_WRITTEN = func.coalesce(_V.written, _V.text)
_STORE = (
    update(documents)
    .where(documents.c.id == bindparam("document"))
    .values(metadata=bindparam("stored"), updated_at=bindparam("now"))
)


class ValueRow(NamedTuple):
    """A row of `metadata_values`, its columns in their order."""

    document_id: str
    place: int
    dataset_id: str
    name: str
    text: str
    written: str | None
    head: str
    number: float | None
    is_date: bool
    kind: str


class Count(NamedTuple):
    name: str
    text: str
    documents: int


def store(connection: Connection, dataset_id: DatasetId, metadata: Mapping[DocumentId, Mapping[str, Any]]) -> None:
    """Replaces the metadata of documents of this dataset, and notes when. `InvalidArgument` for a name that is empty or
    longer than `NAME_LENGTH`, and for a value that is none."""
    for held in metadata.values():
        _require_names(held)
    now = now_ms()
    rows = [{"document": one, "stored": dict(metadata[one]), "now": now} for one in sorted(metadata)]
    if rows:
        connection.execute(_STORE, rows)
    spread(connection, dataset_id, metadata)


def spread(connection: Connection, dataset_id: DatasetId, metadata: Mapping[DocumentId, Mapping[str, Any]]) -> None:
    """The rows of values and the fields alone, for documents whose own rows hold this already."""
    fields.note(connection, dataset_id, _types(metadata.values()))
    ids = sorted(metadata)
    for start in range(0, len(ids), _IDS_A_QUERY):
        part = ids[start : start + _IDS_A_QUERY]
        connection.execute(delete(metadata_values).where(_V.document_id.in_(part)))
        rows = [row._asdict() for one in part for row in rows_of(one, dataset_id, metadata[one])]
        if rows:
            connection.execute(insert(metadata_values), rows)


def rows_of(document_id: str, dataset_id: str, metadata: Mapping[str, Any]) -> list[ValueRow]:
    """What `metadata_values` holds of a document."""
    found = ((name, value, item) for name, value in metadata.items() for item in items(value))
    return [_row(document_id, place, dataset_id, *one) for place, one in enumerate(found)]


def _row(document_id: str, place: int, dataset_id: str, name: str, value: Any, item: Any) -> ValueRow:
    if not isinstance(item, str | int | float):
        raise InvalidArgument("A metadata value is text, a number, true or false, or a list of them.", name)
    reading, written = read(item), spell(item)
    return ValueRow(
        document_id,
        place,
        dataset_id,
        name,
        reading.text,
        None if written == reading.text else written,
        reading.text[:HEAD],
        reading.number,
        reading.is_date,
        _kind(value),
    )


def _types(held: Iterable[Mapping[str, Any]]) -> dict[str, FieldType]:
    """What a field of each name would be: number where there are numbers alone."""
    found: dict[str, FieldType] = {}
    for name, value in (pair for one in held for pair in one.items()):
        is_number = _kind(value) == "number" and found.get(name) is not FieldType.STRING
        found[name] = FieldType.NUMBER if is_number else FieldType.STRING
    return found


def _require_names(names: Iterable[str]) -> None:
    for name in names:
        if not 0 < len(name) <= NAME_LENGTH:
            raise InvalidArgument(f"A metadata name has 1 to {NAME_LENGTH} characters.", "name")


def _kind(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "list"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return "time" if isinstance(value, str) and _TIME.fullmatch(value) else "string"


def rows_held(connection: Connection, document_ids: Sequence[DocumentId]) -> dict[DocumentId, list[ValueRow]]:
    """The rows that are there, in their order. So many ids as fit in a query."""
    query = select(metadata_values).where(_V.document_id.in_(document_ids)).order_by(_V.document_id, _V.place)
    found: dict[DocumentId, list[ValueRow]] = {}
    for row in connection.execute(query):
        found.setdefault(DocumentId(row.document_id), []).append(ValueRow(*row))
    return found


def matching(
    connection: Connection, workspace_id: WorkspaceId, dataset_ids: Sequence[DatasetId], conditions: Conditions
) -> set[DocumentId]:
    """The documents that meet the conditions, whatever their state, but not deleted ones."""
    # Datasets are compared here, for the reason that `found` gives.
    wanted = select(documents.c.id, documents.c.dataset_id).where(
        documents.c.workspace_id == workspace_id, documents.c.deleted_at.is_(None), passing(conditions, dataset_ids)
    )
    return {DocumentId(one) for one, dataset_id in connection.execute(wanted) if dataset_id in dataset_ids}


def locked(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_id: DatasetId,
    document_ids: Collection[DocumentId] | None,
    conditions: Conditions | None,
) -> dict[DocumentId, dict[str, Any]]:
    """The metadata of those documents of the dataset that are there (None: all) and meet the conditions (None: any).
    Nobody else changes them till the end of the transaction; they are taken in the order of their ids, so that two who
    want the same ones cannot wait for each other."""
    wanted = _living(workspace_id, dataset_id)
    if conditions is not None:
        wanted.append(passing(conditions, [dataset_id]))
    query = select(documents.c.id, documents.c.metadata).where(*wanted).order_by(documents.c.id).with_for_update()
    if document_ids is None:
        return {DocumentId(one): metadata for one, metadata in connection.execute(query)}
    found: dict[DocumentId, dict[str, Any]] = {}
    for part in _parts(document_ids):
        rows = connection.execute(query.where(documents.c.id.in_(part)))
        found.update((DocumentId(one), metadata) for one, metadata in rows)
    return found


def present(
    connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, document_ids: Iterable[DocumentId]
) -> set[DocumentId]:
    """Those of the documents that are there."""
    found: set[DocumentId] = set()
    for part in _parts(document_ids):
        query = select(documents.c.id).where(*_living(workspace_id, dataset_id), documents.c.id.in_(part))
        found.update(map(DocumentId, connection.execute(query).scalars()))
    return found


def counts(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_id: DatasetId,
    document_ids: Collection[DocumentId] | None = None,
) -> list[Count]:
    """How many of these documents (None: all of the dataset) have each value under each name, the most first."""
    counted = select(_V.name, _WRITTEN, func.count(_V.document_id.distinct())).group_by(_V.name, _WRITTEN)
    found: dict[tuple[str, str], int] = {}
    for wanted in _of_documents(workspace_id, dataset_id, document_ids):
        for name, text, count in connection.execute(counted.where(*wanted)):
            found[name, text] = found.get((name, text), 0) + count
    listed = (Count(name, text, count) for (name, text), count in found.items())
    return sorted(listed, key=lambda one: (-one.documents, one.text))


def kinds(
    connection: Connection,
    workspace_id: WorkspaceId,
    dataset_id: DatasetId,
    document_ids: Collection[DocumentId] | None = None,
) -> dict[str, str]:
    """What most of the documents have under each name: string, number, time or list."""
    counted = select(_V.name, _V.kind, func.count(_V.document_id.distinct())).group_by(_V.name, _V.kind)
    found: dict[str, dict[str, int]] = {}
    for wanted in _of_documents(workspace_id, dataset_id, document_ids):
        for name, kind, count in connection.execute(counted.where(*wanted)):
            of_name = found.setdefault(name, {})
            of_name[kind] = of_name.get(kind, 0) + count
    return {name: max(sorted(of_name), key=of_name.__getitem__) for name, of_name in found.items()}


def holders(
    connection: Connection, workspace_id: WorkspaceId, dataset_ids: Sequence[DatasetId]
) -> list[tuple[str, str, DocumentId]]:
    """Name, value and document of every value in these datasets, in the order of documents."""
    query = (
        select(_V.name, _WRITTEN, _V.document_id)
        .where(*_living_values(workspace_id, dataset_ids))
        .order_by(_V.document_id, _V.place)
    )
    return [(name, text, DocumentId(one)) for name, text, one in connection.execute(query)]


def _of_documents(
    workspace_id: WorkspaceId, dataset_id: DatasetId, document_ids: Collection[DocumentId] | None
) -> Iterator[list[ColumnElement[bool]]]:
    living = _living_values(workspace_id, [dataset_id])
    if document_ids is None:
        yield living
        return
    for part in _parts(document_ids):
        yield [*living, _V.document_id.in_(part)]


def _parts(document_ids: Iterable[DocumentId]) -> Iterator[list[DocumentId]]:
    ids = sorted(set(document_ids))
    for start in range(0, len(ids), _IDS_A_QUERY):
        yield ids[start : start + _IDS_A_QUERY]


def _living(workspace_id: WorkspaceId, dataset_id: DatasetId) -> list[ColumnElement[bool]]:
    """Callers have seen that the dataset itself is there."""
    return [
        documents.c.workspace_id == workspace_id,
        documents.c.dataset_id == dataset_id,
        documents.c.deleted_at.is_(None),
    ]


def _living_values(workspace_id: WorkspaceId, dataset_ids: Sequence[DatasetId]) -> list[ColumnElement[bool]]:
    return [
        _V.dataset_id.in_(dataset_ids),
        documents.c.id == _V.document_id,
        documents.c.workspace_id == workspace_id,
        documents.c.deleted_at.is_(None),
    ]
