"""Metadata as fields: a dataset's names and types, and documents' values by them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import datasets, fields, metadata, users
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.errors import DocumentNotFound, FieldNotFound, InvalidArgument
from diglot.domain.identity import DatasetId, DocumentId, FieldId, UserId, new_id
from diglot.domain.metadata_field import FieldType, MetadataField
from diglot.library.access import require, require_reach, there

NAME_LENGTH = metadata.NAME_LENGTH


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A value and the field that it is of, by its id or, where that is None or unknown, by its name."""

    field: FieldId | None
    name: str
    value: str | int | float | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a document is to have. `replaces`: what it has under other names goes."""

    document_id: DocumentId
    values: Sequence[GivenValue]
    replaces: bool = True


class Fields:
    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, caller: Caller, dataset_id: DatasetId) -> list[tuple[MetadataField, int]]:
        """Oldest first, each with the number of documents that have a value of it."""
        with self._reading(caller, dataset_id) as connection:
            counts = fields.counts(connection, caller.workspace_id, dataset_id)
            return [(one, counts.get(one.name, 0)) for one in fields.of_dataset(connection, dataset_id)]

    def of_dataset(self, caller: Caller, dataset_id: DatasetId) -> Sequence[MetadataField]:
        """Oldest first."""
        with self._reading(caller, dataset_id) as connection:
            return fields.of_dataset(connection, dataset_id)

    def of_datasets(self, known: Iterable[Dataset]) -> Mapping[DatasetId, Sequence[MetadataField]]:
        """Of datasets that whoever asks has been given."""
        with self._database.read() as connection:
            return fields.of_datasets(connection, [one.id for one in known])

    def by_name(
        self, caller: Caller, dataset_id: DatasetId, documents: Iterable[Document]
    ) -> Mapping[str, MetadataField]:
        """A field for every name in the metadata of these documents of the dataset, at least."""
        names = {name for document in documents for name in document.metadata}
        if not names:
            return {}
        found = {one.name: one for one in self.of_dataset(caller, dataset_id)}
        if names <= found.keys():
            return found
        # Somebody took the field away while somebody else gave a document a value of it.
        lacking = dict.fromkeys(names - found.keys(), FieldType.STRING)
        self._database.write(lambda connection: fields.note(connection, dataset_id, lacking))
        return {one.name: one for one in self.of_dataset(caller, dataset_id)}

    def people(self, caller: Caller) -> Mapping[UserId, str]:
        """The names of those who may have added a document."""
        require(caller, Scope.READ)
        with self._database.read() as connection:
            return users.names(connection, caller.workspace_id)

    def add(self, caller: Caller, dataset_id: DatasetId, name: str, kind: FieldType) -> MetadataField:
        """`NameTaken`, `InvalidArgument` for a name that is empty or too long."""
        self._require_writing(caller, dataset_id)
        made = MetadataField(FieldId(new_id()), dataset_id, _name(name), kind)

        def work(connection: Connection) -> MetadataField:
            there(datasets.lock(connection, caller.workspace_id, dataset_id))
            fields.add(connection, made)
            return made

        return self._database.write(work)

    def rename(self, caller: Caller, dataset_id: DatasetId, field_id: FieldId, name: str) -> MetadataField:
        """In the documents too. `FieldNotFound`, and the errors of `add`."""
        self._require_writing(caller, dataset_id)
        name = _name(name)

        def work(connection: Connection) -> MetadataField:
            field, held = _held(connection, caller, dataset_id, field_id)
            if name == field.name:
                return field
            fields.rename(connection, field.id, name)
            renamed = {
                one: {name if known == field.name else known: value for known, value in values.items()}
                for one, values in held.items()
            }
            metadata.store(connection, dataset_id, renamed)
            return replace(field, name=name)

        return self._database.write(work)

    def remove(self, caller: Caller, dataset_id: DatasetId, field_id: FieldId) -> None:
        """With all its values. `FieldNotFound`."""
        self._require_writing(caller, dataset_id)

        def work(connection: Connection) -> None:
            field, held = _held(connection, caller, dataset_id, field_id)
            left = {one: {k: v for k, v in values.items() if k != field.name} for one, values in held.items()}
            metadata.store(connection, dataset_id, left)
            fields.remove(connection, field.id)

        self._database.write(work)

    def assign(self, caller: Caller, dataset_id: DatasetId, assignments: Sequence[Assignment]) -> None:
        """In their order; all of them or, on an error, none. `DocumentNotFound`, `FieldNotFound`, `InvalidArgument` for
        a value that is none of its field's type."""
        self._require_writing(caller, dataset_id)

        def work(connection: Connection) -> None:
            there(datasets.get(connection, caller.workspace_id, dataset_id))
            wanted = {one.document_id for one in assignments}
            held = metadata.locked(connection, caller.workspace_id, dataset_id, wanted, None)
            if len(held) < len(wanted):
                raise DocumentNotFound
            known = fields.of_dataset(connection, dataset_id)
            metadata.store(connection, dataset_id, _assigned(held, assignments, known))

        self._database.write(work)

    @contextmanager
    def _reading(self, caller: Caller, dataset_id: DatasetId) -> Iterator[Connection]:
        require(caller, Scope.READ)
        require_reach(caller, dataset_id)
        with self._database.read() as connection:
            there(datasets.get(connection, caller.workspace_id, dataset_id))
            yield connection

    def _require_writing(self, caller: Caller, dataset_id: DatasetId) -> None:
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)


def _held(
    connection: Connection, caller: Caller, dataset_id: DatasetId, field_id: FieldId
) -> tuple[MetadataField, dict[DocumentId, dict[str, Any]]]:
    """The field, and the metadata of the documents that have it, which nobody else changes till the end."""
    there(datasets.get(connection, caller.workspace_id, dataset_id))
    held = metadata.locked(connection, caller.workspace_id, dataset_id, None, None)
    field = fields.get(connection, dataset_id, field_id)
    if field is None:
        raise FieldNotFound
    return field, {one: values for one, values in held.items() if field.name in values}


def _assigned(
    held: Mapping[DocumentId, Mapping[str, Any]], assignments: Iterable[Assignment], known: Iterable[MetadataField]
) -> dict[DocumentId, dict[str, Any]]:
    by_id: dict[str, MetadataField] = {}
    by_name: dict[str, MetadataField] = {}
    for field in known:
        by_id[field.id] = by_name[field.name] = field
    result = {one: dict(values) for one, values in held.items()}
    for assignment in assignments:
        kept = {} if assignment.replaces else result[assignment.document_id]
        for given in assignment.values:
            field_given = by_id.get(given.field or "") or by_name.get(given.name)
            if field_given is None:
                raise FieldNotFound
            kept[field_given.name] = field_given.type.of(given.value, field_given.name)
        result[assignment.document_id] = kept
    return result


def _name(text: str) -> str:
    name = text.strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise InvalidArgument(f"A metadata name has 1 to {NAME_LENGTH} characters.", "name")
    return name
