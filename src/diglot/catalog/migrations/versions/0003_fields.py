"""Fields of metadata, and tags of datasets."""

import sqlalchemy as sa
from alembic import op

from diglot.domain.identity import new_id

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _fields()
    _tags()


def _fields() -> None:
    fields = op.create_table(
        "metadata_fields",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name="fk_metadata_fields_dataset_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_metadata_fields"),
        sa.UniqueConstraint("dataset_id", "name", name="uq_metadata_fields_dataset_id_name"),
    )
    # What is numbers alone; everything else is text to those who know fields.
    held = sa.text(
        "SELECT dataset_id, name, min(kind), max(kind) FROM metadata_values"
        " WHERE dataset_id IN (SELECT id FROM datasets) GROUP BY dataset_id, name ORDER BY dataset_id, name"
    )
    rows = [
        {
            "id": new_id(),
            "dataset_id": dataset_id,
            "name": name,
            "type": "number" if least == most == "number" else "string",
        }
        for dataset_id, name, least, most in op.get_bind().execute(held)
    ]
    op.bulk_insert(fields, rows)


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_tags_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_tags_workspace_id_name"),
    )
    op.create_table(
        "tag_bindings",
        sa.Column("tag_id", sa.String(length=32), nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_tag_bindings_tag_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name="fk_tag_bindings_dataset_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag_id", "dataset_id", name="pk_tag_bindings"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tag_bindings_dataset_id", "tag_bindings", ["dataset_id"])
