"""What the search index has to look at again, in order.

A note says where to look, not what to do: whoever reads it brings the index into the state that the catalog then has.
Numbers of a dataset become visible in their order, because each writer takes them under the dataset row's lock, which
lasts until its commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from diglot.catalog.tables import datasets, index_changes
from diglot.domain.errors import DatasetNotFound
from diglot.domain.identity import ChunkKey, DatasetId, RevisionKey

ChangeKind = Literal["revision", "chunk"]


@dataclass(frozen=True, slots=True)
class Change:
    seq: int
    kind: ChangeKind
    key: int


@dataclass(frozen=True, slots=True)
class Span:
    """`last`: the newest number. `floor`: changes up to it were trimmed; an index behind it must be made anew."""

    floor: int
    last: int


def note(
    connection: Connection,
    dataset_id: DatasetId,
    *,
    revisions: Sequence[RevisionKey] = (),
    chunks: Sequence[ChunkKey] = (),
) -> int:
    """The number of the last note, or the dataset's last one if nothing is noted. Locks the dataset's row."""
    keys = [("revision", key) for key in revisions] + [("chunk", key) for key in chunks]
    moved = update(datasets).where(datasets.c.id == dataset_id).values(change_seq=datasets.c.change_seq + len(keys))
    last = connection.execute(moved.returning(datasets.c.change_seq)).scalar_one_or_none()
    if last is None:
        raise DatasetNotFound
    if keys:
        first = last - len(keys) + 1
        rows = [
            {"dataset_id": dataset_id, "seq": seq, "kind": kind, "key": key}
            for seq, (kind, key) in enumerate(keys, first)
        ]
        connection.execute(insert(index_changes), rows)
    return int(last)


def after(connection: Connection, dataset_id: DatasetId, seq: int, limit: int) -> list[Change]:
    """The next changes in order, at most `limit`."""
    wanted = (
        select(index_changes.c.seq, index_changes.c.kind, index_changes.c.key)
        .where(index_changes.c.dataset_id == dataset_id, index_changes.c.seq > seq)
        .order_by(index_changes.c.seq)
        .limit(limit)
    )
    return [Change(*row) for row in connection.execute(wanted)]


def trim(connection: Connection, dataset_id: DatasetId, seq: int, limit: int = 5000) -> int:
    """Forgets changes up to `seq`, oldest first; how many went: fewer than `limit` means that none is left."""
    of_dataset = index_changes.c.dataset_id == dataset_id
    oldest = select(index_changes.c.seq).where(of_dataset, index_changes.c.seq <= seq)
    last = oldest.order_by(index_changes.c.seq).limit(limit).subquery()
    highest = connection.execute(select(func.max(last.c.seq))).scalar()
    if highest is None:
        return 0
    return connection.execute(delete(index_changes).where(of_dataset, index_changes.c.seq <= highest)).rowcount


def span(connection: Connection, dataset_id: DatasetId) -> Span | None:
    """None if the dataset's row is gone."""
    oldest = select(func.min(index_changes.c.seq)).where(index_changes.c.dataset_id == dataset_id).scalar_subquery()
    row = connection.execute(select(datasets.c.change_seq, oldest).where(datasets.c.id == dataset_id)).one_or_none()
    if row is None:
        return None
    last, first = row
    return Span(floor=last if first is None else first - 1, last=last)


def datasets_noted(connection: Connection) -> list[DatasetId]:
    """Datasets that have changes which nobody trimmed. Costs one index step for each of them, however many changes."""
    line = select(func.min(index_changes.c.dataset_id).label("dataset_id")).cte("line", recursive=True)
    following = (
        select(func.min(index_changes.c.dataset_id))
        .where(index_changes.c.dataset_id > line.c.dataset_id)
        .scalar_subquery()
    )
    line = line.union_all(select(following).where(line.c.dataset_id.is_not(None)))
    return list(connection.execute(select(line.c.dataset_id).where(line.c.dataset_id.is_not(None))).scalars())
