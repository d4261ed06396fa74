"""Chunking rules as documents were given them."""

from sqlalchemy import Connection, insert, select

from diglot.catalog.tables import rules
from diglot.domain.identity import DatasetId, RuleId, UserId, new_id, now_ms
from diglot.domain.rules import ChunkingRules


def add(connection: Connection, dataset_id: DatasetId, chunking: ChunkingRules, created_by: UserId) -> RuleId:
    rule_id = RuleId(new_id())
    connection.execute(
        insert(rules).values(
            id=rule_id, dataset_id=dataset_id, rules=chunking.to_json(), created_by=created_by, created_at=now_ms()
        )
    )
    return rule_id


def get(connection: Connection, dataset_id: DatasetId, rule_id: RuleId) -> ChunkingRules | None:
    found = select(rules.c.rules).where(rules.c.id == rule_id, rules.c.dataset_id == dataset_id)
    stored = connection.execute(found).scalar()
    return None if stored is None else ChunkingRules.from_json(stored)


def latest(connection: Connection, dataset_id: DatasetId) -> tuple[RuleId, ChunkingRules] | None:
    """The rule that a document of this dataset was given last."""
    found = (
        select(rules.c.id, rules.c.rules).where(rules.c.dataset_id == dataset_id).order_by(rules.c.id.desc()).limit(1)
    )
    row = connection.execute(found).one_or_none()
    return None if row is None else (row.id, ChunkingRules.from_json(row.rules))
