"""Tags: words of a workspace's own, for finding datasets by."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from diglot.catalog import datasets, tags
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.dataset import Dataset
from diglot.domain.errors import InvalidArgument, TagNotFound
from diglot.domain.identity import DatasetId, TagId, new_id
from diglot.domain.tag import TAG_LENGTH, Tag
from diglot.library.access import require, require_reach, there


class Tags:
    """A key restricted to some datasets puts tags on those, and needs the scope ADMIN to make, rename or remove one:
    others' datasets have them too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, caller: Caller) -> Sequence[Tag]:
        """Newest first."""
        require(caller, Scope.READ)
        with self._database.read() as connection:
            return tags.every(connection, caller.workspace_id, caller.datasets)

    def of_datasets(self, known: Iterable[Dataset]) -> Mapping[DatasetId, Sequence[Tag]]:
        """By name, without their bindings; of datasets that whoever asks has been given."""
        with self._database.read() as connection:
            return tags.of_datasets(connection, [one.id for one in known])

    def having(self, caller: Caller, tag_ids: Iterable[TagId]) -> frozenset[DatasetId]:
        """The datasets that have any of the tags."""
        require(caller, Scope.READ)
        with self._database.read() as connection:
            return frozenset(tags.having(connection, caller.workspace_id, tag_ids))

    def add(self, caller: Caller, name: str) -> Tag:
        """`NameTaken`, `InvalidArgument` for a name that is empty or too long."""
        _require_all(caller)
        made = Tag(TagId(new_id()), _name(name))
        self._database.write(lambda connection: tags.add(connection, caller.workspace_id, made))
        return made

    def rename(self, caller: Caller, tag_id: TagId, name: str) -> Tag:
        """`TagNotFound`, and the errors of `add`."""
        _require_all(caller)
        name = _name(name)

        def work(connection: Connection) -> Tag:
            _require_tag(connection, caller, tag_id)
            tags.rename(connection, tag_id, name)
            return next(one for one in tags.every(connection, caller.workspace_id, caller.datasets) if one.id == tag_id)

        return self._database.write(work)

    def remove(self, caller: Caller, tag_id: TagId) -> None:
        """From all datasets. `TagNotFound`."""
        _require_all(caller)

        def work(connection: Connection) -> None:
            _require_tag(connection, caller, tag_id)
            tags.remove(connection, tag_id)

        self._database.write(work)

    def bind(self, caller: Caller, dataset_id: DatasetId, tag_ids: Iterable[TagId]) -> None:
        """Unknown tags are passed over. `DatasetNotFound`."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        wanted = frozenset(tag_ids)

        def work(connection: Connection) -> None:
            there(datasets.get(connection, caller.workspace_id, dataset_id))
            tags.bind(connection, caller.workspace_id, dataset_id, wanted)

        self._database.write(work)

    def unbind(self, caller: Caller, dataset_id: DatasetId, tag_ids: Iterable[TagId]) -> None:
        """Tags that the dataset has not are passed over. `DatasetNotFound`."""
        require(caller, Scope.WRITE)
        require_reach(caller, dataset_id)
        wanted = frozenset(tag_ids)

        def work(connection: Connection) -> None:
            there(datasets.get(connection, caller.workspace_id, dataset_id))
            tags.unbind(connection, dataset_id, wanted)

        self._database.write(work)


def _require_all(caller: Caller) -> None:
    require(caller, Scope.WRITE)
    if caller.datasets is not None:
        require(caller, Scope.ADMIN)


def _require_tag(connection: Connection, caller: Caller, tag_id: TagId) -> None:
    if tags.get(connection, caller.workspace_id, tag_id) is None:
        raise TagNotFound


def _name(text: str) -> str:
    name = text.strip()
    if not 0 < len(name) <= TAG_LENGTH:
        raise InvalidArgument(f"Name must be between 1 to {TAG_LENGTH} characters.", "name")
    return name
