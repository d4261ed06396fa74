from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Inspector, create_engine, inspect, text

from diglot.catalog.database import migrate, open_database
from diglot.catalog.migrations import HEAD
from diglot.catalog.migrations.running import configuration
from diglot.catalog.tables import metadata
from diglot.domain.errors import CatalogUnusable


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """On the same engine as `database_url`."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        cluster = request.getfixturevalue("postgres")
        with cluster.database() as name:
            yield cluster.url(name)


def structure(inspector: Inspector, table: str) -> dict[str, Any]:
    def by_name(found: list[Any]) -> list[Any]:
        return sorted(({**each, **as_text(each)} for each in found), key=lambda each: str(each["name"]))

    def as_text(each: Any) -> dict[str, Any]:
        options = {name: str(value) for name, value in each.get("dialect_options", {}).items()}
        return {"type": repr(each.get("type")), "dialect_options": options}

    return {
        "columns": by_name(inspector.get_columns(table)),
        "primary key": inspector.get_pk_constraint(table),
        "foreign keys": by_name(inspector.get_foreign_keys(table)),
        "unique": by_name(inspector.get_unique_constraints(table)),
        "checks": by_name(inspector.get_check_constraints(table)),
        "indexes": by_name(inspector.get_indexes(table)),
        "options": inspector.get_table_options(table),
    }


def structures(url: str) -> dict[str, Any]:
    with engine_of(url) as engine:
        inspector = inspect(engine)
        return {table: structure(inspector, table) for table in inspector.get_table_names() if table in metadata.tables}


def test_nothing_is_left_for_alembic_to_generate(database_url: str) -> None:
    with engine_of(database_url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrated_tables_are_those_of_the_code(database_url: str, empty_url: str) -> None:
    with engine_of(empty_url) as engine:
        metadata.create_all(engine)
    assert set(structures(database_url)) == set(metadata.tables)
    assert structures(database_url) == structures(empty_url)


def test_the_newest_revision_is_the_one_start_up_looks_for() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [HEAD]


def test_migrating_again_changes_nothing(database_url: str) -> None:
    before = structures(database_url)
    migrate(database_url)
    assert structures(database_url) == before


def test_those_who_start_together_take_turns(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [empty_url] * 4))
    assert set(structures(empty_url)) == set(metadata.tables)


def test_a_catalog_of_a_newer_version_is_refused_and_left_alone(database_url: str) -> None:
    with engine_of(database_url) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CatalogUnusable, match="newer version"):
        migrate(database_url)
    with engine_of(database_url) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite3").write_bytes(b"something else entirely" * 100)
    with pytest.raises(CatalogUnusable, match="not a database"):
        migrate(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "sqlite:////nowhere/at/all.db"]
)
def test_what_cannot_hold_a_catalog_is_refused(url: str) -> None:
    with pytest.raises(CatalogUnusable):
        open_database(url)
    with pytest.raises(CatalogUnusable):
        migrate(url)
