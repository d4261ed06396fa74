"""Attempts that failed are counted for all processes; the audit is trimmed, and tells no login that nobody has."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("name", sa.LargeBinary(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_attempts"),
    )
    op.create_index("ix_attempts_until", "attempts", ["until"])
    op.create_index("ix_audit_at", "audit", ["at"])
    op.execute(
        "UPDATE audit SET object_name = CASE WHEN length(object_name) < 6 THEN '***' "
        "ELSE substr(object_name, 1, 2) || '***' END "
        "WHERE kind = 'session' AND result = 'refused' AND object_id IS NULL"
    )
