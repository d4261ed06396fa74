"""Chunks that are parts of others and are found in their place."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chunks", sa.Column("parent_id", sa.String(length=32), server_default=sa.text("''"), nullable=False))
    for name in ("is_parent", "is_custom"):
        op.add_column("chunks", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("ix_chunks_revision", table_name="chunks")
    op.create_index("ix_chunks_revision", "chunks", ["revision_key", "parent_id", "position"])
