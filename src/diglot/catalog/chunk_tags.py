"""The tags of a dataset's chunks: counted, renamed, taken away."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from diglot.catalog.tables import chunks, documents
from diglot.domain.identity import ChunkKey, DatasetId

PAGE = 1000


def counts(connection: Connection, dataset_ids: Collection[DatasetId]) -> Counter[str]:
    """How many chunks have each tag, of the revisions that serve."""
    found: Counter[str] = Counter()
    for (tags,) in connection.execute(_tagged(chunks.c.tags, dataset_ids=dataset_ids)):
        found.update(set(tags))
    return found


def of_keys(connection: Connection, keys: Collection[int]) -> dict[int, list[str]]:
    """The tags of those chunks that have any and may be shown."""
    found: dict[int, list[str]] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), PAGE):
        page = (
            select(chunks.c.key, chunks.c.tags)
            .join_from(chunks, documents, documents.c.revision_key == chunks.c.revision_key)
            .where(chunks.c.key.in_(wanted[start : start + PAGE]), chunks.c.enabled, chunks.c.tags.is_not(None))
            .where(documents.c.deleted_at.is_(None), documents.c.enabled, documents.c.archived.is_(False))
        )
        found.update((key, tags) for key, tags in connection.execute(page))
    return found


def after(connection: Connection, dataset_id: DatasetId, key: int) -> list[tuple[ChunkKey, list[str]]]:
    """A page of chunks that have tags, by key, behind `key`. Nobody else changes them till the transaction ends."""
    page = _tagged(chunks.c.key, chunks.c.tags, dataset_ids=[dataset_id]).where(chunks.c.key > key)
    locked = page.order_by(chunks.c.key).limit(PAGE).with_for_update(of=chunks)
    return [(ChunkKey(found), tags) for found, tags in connection.execute(locked)]


def store(connection: Connection, changed: Iterable[tuple[ChunkKey, Sequence[str]]]) -> None:
    # None, not JSON's null, says that there are none: bound without the column's type it would be the latter.
    now = bindparam("now", type_=chunks.c.tags.type)
    change = update(chunks).where(chunks.c.key == bindparam("of")).values(tags=now)
    rows = [{"of": key, "now": list(tags) or None} for key, tags in changed]
    if rows:
        connection.execute(change, rows)


def _tagged(*columns: Any, dataset_ids: Collection[DatasetId]) -> "Select[Any]":
    found = select(*columns).join_from(documents, chunks, chunks.c.revision_key == documents.c.revision_key)
    wanted = documents.c.dataset_id.in_(sorted(dataset_ids)), documents.c.deleted_at.is_(None)
    return found.where(*wanted, chunks.c.tags.is_not(None))
