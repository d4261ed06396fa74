"""Chunk methods, conditions on metadata, pictures of chunks, and numbers of datasets."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

SUM = (
    "(SELECT coalesce(sum({}), 0) FROM documents"
    " WHERE documents.dataset_id = datasets.id AND documents.deleted_at IS NULL)"
)


def upgrade() -> None:
    op.add_column("datasets", sa.Column("rule_id", sa.String(length=32)))
    op.add_column("datasets", sa.Column("avatar", sa.Text()))
    op.add_column("datasets", sa.Column("language", sa.String(length=32)))
    op.add_column("datasets", sa.Column("boost", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("datasets", sa.Column("attributes", sa.JSON()))
    op.add_column("datasets", sa.Column("token_count", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("datasets", sa.Column("size", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(f"UPDATE datasets SET token_count = {SUM.format('tokens')}, size = {SUM.format('size')}")
    op.add_column("datasets", sa.Column("folded_name", sa.Text()))
    _fold_names()
    op.create_index("ix_datasets_folded_name", "datasets", ["workspace_id", "folded_name"])
    op.add_column("rules", sa.Column("is_own", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("documents", sa.Column("begun_at", sa.BigInteger()))
    op.add_column("documents", sa.Column("ended_at", sa.BigInteger()))
    op.add_column("documents", sa.Column("notes", sa.JSON()))
    op.add_column("documents", sa.Column("repeat_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("documents", sa.Column("attributes", sa.JSON()))
    op.add_column("chunks", sa.Column("kind", sa.String(length=8), nullable=False, server_default="text"))
    op.add_column("chunks", sa.Column("tags", sa.JSON()))
    op.add_column("chunks", sa.Column("tag_weights", sa.JSON()))
    op.add_column("chunks", sa.Column("repeats", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("chunks", sa.Column("has_image", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("generations", sa.Column("trouble", sa.Text()))
    is_chore = sa.text("state = 'queued' AND kind != 'ingest'")
    op.create_index(
        "ix_jobs_chores",
        "jobs",
        ["state", "priority", "tag", "id"],
        sqlite_where=is_chore,
        postgresql_where=is_chore,
    )
    _numbers()
    _images()
    _metadata_values()


def _fold_names() -> None:
    # SQLite's lower() knows the letters of ASCII alone.
    datasets = sa.table("datasets", sa.column("id"), sa.column("name"), sa.column("folded_name"))
    connection = op.get_bind()
    for dataset_id, name in connection.execute(sa.select(datasets.c.id, datasets.c.name)).all():
        folded = sa.update(datasets).where(datasets.c.id == dataset_id)
        connection.execute(folded.values(folded_name=name.casefold()))


def _numbers() -> None:
    op.create_table(
        "dataset_numbers",
        sa.Column("number", KEY, autoincrement=True, nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name="fk_dataset_numbers_dataset_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_dataset_numbers"),
        sa.UniqueConstraint("dataset_id", name="uq_dataset_numbers_dataset_id"),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO dataset_numbers (dataset_id) SELECT id FROM datasets ORDER BY id")


def _images() -> None:
    op.create_table(
        "chunk_images",
        sa.Column("chunk_key", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["chunk_key"], ["chunks.key"], name="fk_chunk_images_chunk_key", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chunk_key", name="pk_chunk_images"),
    )


def _metadata_values() -> None:
    op.create_table(
        "metadata_values",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("text", PLAIN, nullable=False),
        sa.Column("written", sa.Text()),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Float()),
        sa.Column("is_date", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_metadata_values_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "place", name="pk_metadata_values"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_metadata_values_head", "metadata_values", ["dataset_id", "name", "head"])
    op.create_index("ix_metadata_values_number", "metadata_values", ["dataset_id", "name", "number"])
