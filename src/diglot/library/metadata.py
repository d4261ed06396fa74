"""Documents' metadata: set, change in many documents at once, sum up."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from diglot.catalog import datasets, metadata
from diglot.catalog import documents as document_rows
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.conditions import Conditions, Value, items, spell
from diglot.domain.document import Document
from diglot.domain.errors import DocumentNotFound, DocumentsMissing
from diglot.domain.identity import DatasetId, DocumentId
from diglot.library.access import require, require_reach, there

Field = Value | list[Value]


@dataclass(frozen=True, slots=True)
class Update:
    """The field becomes `value`; a field that is a list gets it added. With `match`: only where the field is spelled
    so, and in a list only the items that are."""

    name: str
    value: Field
    match: Value = None


@dataclass(frozen=True, slots=True)
class Delete:
    """The field goes; with `value`, only where it is spelled so, and of a list the items that are."""

    name: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Updated:
    """How many documents were asked for, and how many of them are different now."""

    updated: int
    matched: int


@dataclass(frozen=True, slots=True)
class Summary:
    """`type`: string, number, time or list, whichever most documents have. `values` with the number of documents that
    have them, most first."""

    type: str
    values: tuple[tuple[str, int], ...]


class Metadata:
    def __init__(self, database: Database) -> None:
        self._database = database

    def set(
        self, caller: Caller, dataset_id: DatasetId, document_id: DocumentId, fields: Mapping[str, Field]
    ) -> Document:
        """Takes the place of all that was there. `DocumentNotFound`; `InvalidArgument` for a name that is empty or
        longer than 255 characters and for a value that is none."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)

        def work(connection: Connection) -> Document:
            if document_rows.lock(connection, caller.workspace_id, dataset_id, document_id) is None:
                raise DocumentNotFound
            metadata.store(connection, dataset_id, {document_id: fields})
            found = document_rows.get(connection, caller.workspace_id, dataset_id, document_id)
            assert found is not None
            return found

        return self._database.write(work)

    def update(
        self,
        caller: Caller,
        dataset_id: DatasetId,
        *,
        documents: frozenset[DocumentId] | None = None,
        conditions: Conditions | None = None,
        updates: Sequence[Update] = (),
        deletes: Sequence[Delete] = (),
    ) -> Updated:
        """Of these documents (None: all of the dataset) those that meet the conditions (None: any): first the updates
        in order, then the deletes. All of it or, on an error, nothing: `DocumentsMissing` names those of `documents`
        that are not in the dataset; `InvalidArgument` as for `set`."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)

        def work(connection: Connection) -> Updated:
            there(datasets.get(connection, caller.workspace_id, dataset_id))
            if documents is not None:
                present = metadata.present(connection, caller.workspace_id, dataset_id, documents)
                _require_all(documents, present)
            held = metadata.locked(connection, caller.workspace_id, dataset_id, documents, conditions)
            changed = {one: _changed(fields, updates, deletes) for one, fields in held.items()}
            different = {one: fields for one, fields in changed.items() if fields != held[one]}
            metadata.store(connection, dataset_id, different)
            return Updated(len(different), len(held))

        return self._database.write(work)

    def summary(
        self, caller: Caller, dataset_id: DatasetId, documents: frozenset[DocumentId] | None = None
    ) -> dict[str, Summary]:
        """Every name that these documents (None: all of the dataset) have, with its values."""
        with self._reading(caller, [dataset_id]) as connection:
            counts = metadata.counts(connection, caller.workspace_id, dataset_id, documents)
            kinds = metadata.kinds(connection, caller.workspace_id, dataset_id, documents)
        found: dict[str, list[tuple[str, int]]] = {}
        for name, text, count in counts:
            found.setdefault(name, []).append((text, count))
        return {name: Summary(kinds.get(name, "string"), tuple(values)) for name, values in found.items()}

    def flattened(self, caller: Caller, dataset_ids: Sequence[DatasetId]) -> dict[str, dict[str, list[DocumentId]]]:
        """Which documents have which value under which name."""
        with self._reading(caller, dataset_ids) as connection:
            held = metadata.holders(connection, caller.workspace_id, dataset_ids)
        found: dict[str, dict[str, list[DocumentId]]] = {}
        for name, text, document_id in held:
            having = found.setdefault(name, {}).setdefault(text, [])
            if document_id not in having[-1:]:
                having.append(document_id)
        return found

    @contextmanager
    def _reading(self, caller: Caller, dataset_ids: Sequence[DatasetId]) -> Iterator[Connection]:
        """`DatasetNotFound` if one of them is not the caller's."""
        require(caller, Scope.READ)
        for dataset_id in dataset_ids:
            require_reach(caller, dataset_id)
        with self._database.read() as connection:
            for dataset_id in dataset_ids:
                there(datasets.get(connection, caller.workspace_id, dataset_id))
            yield connection


def _require_all(wanted: frozenset[DocumentId], present: Collection[DocumentId]) -> None:
    missing = wanted.difference(present)
    if missing:
        raise DocumentsMissing(sorted(missing))


def _changed(held: Mapping[str, Any], updates: Sequence[Update], deletes: Sequence[Delete]) -> dict[str, Any]:
    fields = dict(held)
    for update in updates:
        if update.match is None or update.name in fields:
            fields[update.name] = _updated(fields.get(update.name), update)
    for delete in deletes:
        if delete.name in fields:
            fields = _without(fields, delete)
    return fields


def _updated(field: Any, update: Update) -> Any:
    if update.match is None:
        return _once([*field, *items(update.value)]) if isinstance(field, list) else _single(update.value)
    if isinstance(field, list):
        replaced = ([*items(update.value)] if _is_alike(item, update.match) else [item] for item in field)
        return _once([item for some in replaced for item in some])
    return _single(update.value) if _is_alike(field, update.match) else field


def _without(fields: dict[str, Any], delete: Delete) -> dict[str, Any]:
    field = fields[delete.name]
    if isinstance(field, list) and delete.value is not None:
        kept = [item for item in field if not _is_alike(item, delete.value)]
        # A list that was empty before is not what was meant.
        goes = bool(field) and not kept
    else:
        kept, goes = field, delete.value is None or _is_alike(field, delete.value)
    others = {name: value for name, value in fields.items() if name != delete.name}
    return others if goes else {**fields, delete.name: kept}


def _single(value: Field) -> Field:
    return _once(value) if isinstance(value, list) else value


def _once(values: list[Any]) -> list[Any]:
    """The first of those that are spelled alike."""
    found: dict[str, Any] = {}
    for item in items(values):
        found.setdefault(spell(item), item)
    return list(found.values())


def _is_alike(item: Value, value: Value) -> bool:
    return item is not None and value is not None and spell(item) == spell(value)
