"""Metadata that was there before there were fields gets them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, insert, text

from diglot.catalog import fields
from diglot.catalog.database import migrate, open_database
from diglot.catalog.metadata import rows_of
from diglot.catalog.migrations.running import configuration
from diglot.catalog.tables import datasets, metadata_values
from diglot.domain.identity import DatasetId, new_id

DATASET = {
    "workspace_id": new_id(),
    "name": "old",
    "permission": "only_me",
    "generation_id": new_id(),
    "created_by": new_id(),
    "created_at": 1,
    "updated_by": new_id(),
    "updated_at": 1,
}
HELD = [{"author": "Ada", "year": 2020, "pages": 3}, {"year": 2021, "pages": "many", "tags": ["a", "b"]}]


@pytest.fixture
def old_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Of an empty place on the same engine as `database_url`."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        cluster = request.getfixturevalue("postgres")
        with cluster.database() as name:
            yield cluster.url(name)


def test_every_name_gets_a_field(old_url: str) -> None:
    dataset = DatasetId(new_id())
    engine = create_engine(old_url)
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        if connection.dialect.name == "postgresql":
            # The documents themselves do not matter here.
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(insert(datasets).values(id=dataset, **DATASET))
        for metadata in HELD:
            rows = [row._asdict() for row in rows_of(new_id(), dataset, metadata)]
            connection.execute(insert(metadata_values), rows)
        orphan = [row._asdict() for row in rows_of(new_id(), new_id(), {"lost": 1})]
        connection.execute(insert(metadata_values), orphan)
    engine.dispose()
    migrate(old_url)
    database = open_database(old_url)
    with database.read() as connection:
        found = fields.of_dataset(connection, dataset)
    database.close()
    types = {"author": "string", "pages": "string", "tags": "string", "year": "number"}
    assert {one.name: one.type.value for one in found} == types
