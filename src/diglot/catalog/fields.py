"""Fields' rows: the names that documents of a dataset have or may have values under."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from diglot.catalog.prepared import Prepared
from diglot.catalog.tables import documents, metadata_fields, metadata_values
from diglot.catalog.upsert import insert_into
from diglot.domain.errors import NameTaken
from diglot.domain.identity import DatasetId, FieldId, WorkspaceId, new_id
from diglot.domain.metadata_field import FieldType, MetadataField

_F = metadata_fields.c
_COLUMNS = [_F.id, _F.dataset_id, _F.name, _F.type]
_OF_ONE = Prepared(select(*_COLUMNS).where(_F.dataset_id == bindparam("dataset_id")).order_by(_F.id))


def of_dataset(connection: Connection, dataset_id: DatasetId) -> list[MetadataField]:
    """Oldest first, here and below."""
    return [_field(row) for row in _OF_ONE.all(connection, {"dataset_id": dataset_id})]


def of_datasets(connection: Connection, dataset_ids: Iterable[DatasetId]) -> dict[DatasetId, list[MetadataField]]:
    found: dict[DatasetId, list[MetadataField]] = {one: [] for one in dataset_ids}
    query = select(*_COLUMNS).where(_F.dataset_id.in_(sorted(found))).order_by(_F.id)
    for row in connection.execute(query):
        field = _field(row)
        found[field.dataset_id].append(field)
    return found


def get(connection: Connection, dataset_id: DatasetId, field_id: FieldId) -> MetadataField | None:
    row = connection.execute(select(*_COLUMNS).where(_F.id == field_id, _F.dataset_id == dataset_id)).one_or_none()
    return None if row is None else _field(row)


def note(connection: Connection, dataset_id: DatasetId, types: Mapping[str, FieldType]) -> None:
    """Fields of these names are there from now on; those that were keep their type."""
    rows = [{"id": new_id(), "dataset_id": dataset_id, "name": name, "type": types[name]} for name in sorted(types)]
    if rows:
        connection.execute(insert_into(connection, metadata_fields).on_conflict_do_nothing(), rows)


def add(connection: Connection, field: MetadataField) -> None:
    """`NameTaken`"""
    row = {"id": field.id, "dataset_id": field.dataset_id, "name": field.name, "type": field.type}
    made = insert_into(connection, metadata_fields).values(row).on_conflict_do_nothing().returning(_F.id)
    if connection.execute(made).one_or_none() is None:
        raise NameTaken(name=field.name)


def rename(connection: Connection, field_id: FieldId, name: str) -> None:
    """`NameTaken`"""
    try:
        connection.execute(update(metadata_fields).where(_F.id == field_id).values(name=name))
    except IntegrityError as error:
        raise NameTaken(name=name) from error


def remove(connection: Connection, field_id: FieldId) -> None:
    connection.execute(delete(metadata_fields).where(_F.id == field_id))


def counts(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId) -> dict[str, int]:
    """How many documents have a value under each name that any has one under."""
    values = metadata_values.c
    counted = (
        select(values.name, func.count(values.document_id.distinct()))
        .where(
            values.dataset_id == dataset_id,
            documents.c.id == values.document_id,
            documents.c.workspace_id == workspace_id,
            documents.c.deleted_at.is_(None),
        )
        .group_by(values.name)
    )
    return {str(name): int(count) for name, count in connection.execute(counted)}


def _field(row: Sequence[str]) -> MetadataField:
    return MetadataField(FieldId(row[0]), DatasetId(row[1]), row[2], FieldType(row[3]))
