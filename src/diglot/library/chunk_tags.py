"""The tags of chunks, over whole datasets."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from sqlalchemy import Connection

from diglot.catalog import chunk_tags
from diglot.catalog.database import Database
from diglot.domain.api_key import Caller, Scope
from diglot.domain.identity import DatasetId
from diglot.library.access import require
from diglot.library.jobs import require_open


class ChunkTags:
    """`DatasetNotFound` and `ApiDisabled` by each method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, caller: Caller, dataset_ids: Collection[DatasetId]) -> dict[str, int]:
        """How many chunks have each tag, most first."""
        require(caller, Scope.READ)
        with self._database.read() as connection:
            for dataset_id in dataset_ids:
                require_open(connection, caller, dataset_id)
            found = chunk_tags.counts(connection, dataset_ids)
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    def replace(self, caller: Caller, dataset_id: DatasetId, tags: Mapping[str, str | None]) -> int:
        """Each tag that is a key becomes its value, or goes where that is None; in how many chunks."""
        require(caller, Scope.WRITE)
        with self._database.read() as connection:
            require_open(connection, caller, dataset_id)
        done = 0
        last: int | None = 0
        while last is not None:
            last, changed = self._database.write(partial(_step, dataset_id=dataset_id, tags=tags, after=last))
            done += changed
        return done


def _step(
    connection: Connection, dataset_id: DatasetId, tags: Mapping[str, str | None], after: int
) -> tuple[int | None, int]:
    """Where to go on, None at the end, and how many chunks were changed."""
    page = chunk_tags.after(connection, dataset_id, after)
    changed = [(key, _replaced(before, tags)) for key, before in page if not tags.keys().isdisjoint(before)]
    chunk_tags.store(connection, changed)
    return (page[-1][0] if len(page) == chunk_tags.PAGE else None), len(changed)


def _replaced(before: Sequence[str], tags: Mapping[str, str | None]) -> list[str]:
    after = (tags.get(tag, tag) for tag in before)
    return list(dict.fromkeys(tag for tag in after if tag is not None))
