"""The log of what was asked, and what it sums up to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
)

from diglot.catalog.tables import documents, queries
from diglot.domain.identity import DAY_MS, DatasetId, WorkspaceId

Place = tuple[int, str]
"""Where a row stands in a list by time: when it was, and its id."""


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """`ms` to the hits, `best_score` None without any. Names are those of the time."""

    id: str
    workspace_id: WorkspaceId
    at: int
    dialect: str
    operation: str
    key_prefix: str | None
    user_name: str | None
    dataset_ids: list[str]
    question: str
    method: str
    ms: float
    hits: int
    best_score: float | None


_COLUMNS = [queries.c[name] for name in AskedQuery.__slots__]


@dataclass(frozen=True, slots=True)
class Lasted:
    """How many of a day's questions took so many whole milliseconds, and how many of those found nothing. `day` counts
    from 1970."""

    day: int
    ms: int
    count: int
    zero_hits: int


def add(connection: Connection, asked: Sequence[AskedQuery]) -> None:
    connection.execute(insert(queries), [asdict(one) for one in asked])


def page(
    connection: Connection,
    workspace_id: WorkspaceId,
    *,
    dataset_id: DatasetId | None,
    zero_hits: bool,
    before: Place | None,
    limit: int,
) -> list[AskedQuery]:
    """Newest first; `before`: the last one of the page before."""
    wanted = [queries.c.workspace_id == workspace_id]
    if dataset_id is not None:
        wanted.append(cast(queries.c.dataset_ids, Text).contains(dataset_id, autoescape=True))
    if zero_hits:
        wanted.append(queries.c.hits == 0)
    if before is not None:
        wanted.append(earlier(queries.c.at, queries.c.id, before))
    listing = select(*_COLUMNS).where(*wanted).order_by(queries.c.at.desc(), queries.c.id.desc()).limit(limit)
    return [AskedQuery(*row) for row in connection.execute(listing)]


def earlier(at: ColumnElement[int], identity: ColumnElement[str], place: Place) -> ColumnElement[bool]:
    """What stands behind the place where the newest comes first."""
    return and_(at <= place[0], or_(at < place[0], identity < place[1]))


def lasted(connection: Connection, workspace_id: WorkspaceId, since: int) -> list[Lasted]:
    day = (queries.c.at // DAY_MS).label("day")
    ms = cast(func.round(queries.c.ms), BigInteger).label("ms")
    zero_hits = func.sum(case((queries.c.hits == 0, 1), else_=0))
    counted = (
        select(day, ms, func.count(), cast(zero_hits, Integer))
        .where(queries.c.workspace_id == workspace_id, queries.c.at >= since)
        .group_by(day, ms)
        .order_by(day, ms)
    )
    return [Lasted(*row) for row in connection.execute(counted)]


def documents_added(connection: Connection, workspace_id: WorkspaceId, since: int) -> dict[int, int]:
    """How many of the documents that are there came on which day, counted from 1970."""
    day = (documents.c.created_at // DAY_MS).label("day")
    # Ids begin with their time: those of older documents need not be looked at.
    is_late = documents.c.id >= f"{since - DAY_MS:012x}", documents.c.created_at >= since
    counted = select(day, func.count()).where(
        *is_late, documents.c.workspace_id == workspace_id, documents.c.deleted_at.is_(None)
    )
    return {int(day): int(count) for day, count in connection.execute(counted.group_by(day))}


def forget(connection: Connection, before_ms: int, limit: int = 1000) -> int:
    """Removes those asked before that time; how many: fewer than `limit` means that none is left."""
    old = select(queries.c.id).where(queries.c.at < before_ms).order_by(queries.c.at).limit(limit)
    return connection.execute(delete(queries).where(queries.c.id.in_(old))).rowcount
