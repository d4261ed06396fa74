"""Chunking rules as documents were given them."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, insert, or_, select

from diglot.catalog.prepared import Prepared
from diglot.catalog.tables import rules
from diglot.domain.identity import DatasetId, RuleId, UserId, new_id, now_ms
from diglot.domain.rules import ChunkingRules

_newest = (
    select(func.max(rules.c.id))
    .where(rules.c.dataset_id == bindparam("dataset_id"), rules.c.is_own.is_(False))
    .scalar_subquery()
)
_WITH_LATEST = Prepared(
    select(rules.c.id, rules.c.rules, rules.c.is_own).where(
        rules.c.dataset_id == bindparam("dataset_id"),
        or_(rules.c.id == bindparam("rule_id"), rules.c.id == _newest),
    )
)


def add(
    connection: Connection,
    dataset_id: DatasetId,
    chunking: ChunkingRules,
    created_by: UserId,
    *,
    is_own: bool = False,
) -> RuleId:
    """`is_own`: it is never the dataset's latest."""
    rule_id = RuleId(new_id())
    connection.execute(
        insert(rules).values(
            id=rule_id,
            dataset_id=dataset_id,
            rules=chunking.to_json(),
            created_by=created_by,
            created_at=now_ms(),
            is_own=is_own,
        )
    )
    return rule_id


def with_latest(
    connection: Connection, dataset_id: DatasetId, rule_id: RuleId
) -> tuple[ChunkingRules, RuleId, ChunkingRules] | None:
    """This rule, and the dataset's latest (this, if there is no other) with its id; None if there is no such rule."""
    found = _WITH_LATEST.all(connection, {"dataset_id": dataset_id, "rule_id": rule_id})
    stored = {row[0]: ChunkingRules.from_json(row[1]) for row in found}
    if rule_id not in stored:
        return None
    latest = max((row[0] for row in found if not row[2]), default=rule_id)
    return stored[rule_id], latest, stored[latest]


def many(connection: Connection, rule_ids: Iterable[RuleId]) -> dict[RuleId, ChunkingRules]:
    found = select(rules.c.id, rules.c.rules).where(rules.c.id.in_(sorted(rule_ids)))
    return {row.id: ChunkingRules.from_json(row.rules) for row in connection.execute(found)}


def latest_ids(connection: Connection, dataset_ids: Iterable[DatasetId]) -> dict[DatasetId, RuleId]:
    """Of each dataset that has any, the rule that a document was given last."""
    newest = select(rules.c.dataset_id, func.max(rules.c.id)).where(
        rules.c.dataset_id.in_(sorted(dataset_ids)), rules.c.is_own.is_(False)
    )
    return {row[0]: row[1] for row in connection.execute(newest.group_by(rules.c.dataset_id))}


def latest(
    connection: Connection, dataset_id: DatasetId, *, is_own: bool = False
) -> tuple[RuleId, ChunkingRules] | None:
    """The rule that a document of this dataset was given last, of those that are its own or of the others."""
    found = select(rules.c.id, rules.c.rules).where(rules.c.dataset_id == dataset_id, rules.c.is_own.is_(is_own))
    row = connection.execute(found.order_by(rules.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else (row.id, ChunkingRules.from_json(row.rules))
