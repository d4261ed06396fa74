"""What a caller may do. Whatever is not the caller's looks exactly like what does not exist."""

from sqlalchemy import Connection

from diglot.catalog import documents
from diglot.catalog import rules as rules_rows
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Dataset
from diglot.domain.document import Document
from diglot.domain.errors import ApiDisabled, DatasetNotFound, DocumentNotFound, InvalidArgument, ScopeMissing
from diglot.domain.identity import DatasetId, DocumentId, RuleId
from diglot.domain.rules import ChunkingRules

GRANTS = {
    Scope.READ: frozenset({Scope.READ, Scope.WRITE, Scope.ADMIN}),
    Scope.WRITE: frozenset({Scope.WRITE, Scope.ADMIN}),
    Scope.ADMIN: frozenset({Scope.ADMIN}),
}


def require(caller: Caller, scope: Scope) -> None:
    """A wider scope grants the narrower ones."""
    if caller.scopes.isdisjoint(GRANTS[scope]):
        raise ScopeMissing(f"The API key does not have the scope {scope.value!r}.", scope=scope.value)


def require_everything(caller: Caller, scope: Scope) -> None:
    """What concerns the whole workspace is not for a key that is restricted to some datasets."""
    require(caller, scope)
    if caller.datasets is not None:
        raise ScopeMissing("An API key that is restricted to some datasets does not allow this.", scope=scope.value)


def is_open(caller: Caller, dataset: Dataset) -> bool:
    """The switch of a dataset is for API keys; members at the console go in and out."""
    return dataset.api_enabled or caller.key_id is None


def opened(caller: Caller, dataset: Dataset) -> Dataset:
    """The dataset. `ApiDisabled` if it is closed to API keys and one calls."""
    if not is_open(caller, dataset):
        raise ApiDisabled
    return dataset


def require_reach(caller: Caller, dataset_id: DatasetId) -> None:
    if caller.datasets is not None and dataset_id not in caller.datasets:
        raise DatasetNotFound


def require_tags(connection: Connection, caller: Caller, rules: ChunkingRules, *present: RuleId | None) -> None:
    """Tags come only from datasets that the caller reaches, or that the `present` rules name already."""
    if caller.datasets is None or caller.datasets.issuperset(rules.options.tag_datasets):
        return
    before = rules_rows.many(connection, (one for one in present if one is not None)).values()
    named = {one for rule in before for one in rule.options.tag_datasets}
    if not caller.datasets.union(named).issuperset(rules.options.tag_datasets):
        raise InvalidArgument("Tags may come only from datasets that the API key reaches.", "tag_datasets")


def there(dataset: Dataset | None) -> Dataset:
    if dataset is None:
        raise DatasetNotFound
    return dataset


def present_document(
    connection: Connection, caller: Caller, dataset_id: DatasetId, document_id: DocumentId
) -> Document:
    found = documents.get(connection, caller.workspace_id, dataset_id, document_id)
    if found is None:
        raise DocumentNotFound
    return found


def locked_document(connection: Connection, caller: Caller, dataset_id: DatasetId, document_id: DocumentId) -> Document:
    """Nobody else changes its row till the end of the transaction."""
    found = documents.lock(connection, caller.workspace_id, dataset_id, document_id)
    if found is None:
        raise DocumentNotFound
    return found
