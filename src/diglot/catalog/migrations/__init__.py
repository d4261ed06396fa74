"""The tables' history. `migrate` brings a catalog, old or empty, to what this version of the program expects."""

from pathlib import Path

from sqlalchemy import URL, Connection, inspect, text

from diglot.catalog.location import location
from diglot.domain.errors import CatalogUnusable

HEAD = "0007"
"""The newest revision: start-up compares it before it loads the migration machinery."""

# Any number, the same in every process: whoever holds this advisory lock migrates.
POSTGRES_LOCK = 0x6469676C
OLDEST_POSTGRES = 130000


def migrate(url: str) -> None:
    """Idempotent; processes that start together take turns. `CatalogUnusable` if a newer version wrote the catalog."""
    where = location(url)
    if isinstance(where, Path):
        _migrate_sqlite(where)
    else:
        _migrate_postgres(where)


def _migrate_postgres(url: URL) -> None:
    from diglot.catalog.postgres import connected, connecting_engine

    engine = connecting_engine(url)
    try:
        with connected(engine) as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": POSTGRES_LOCK})
            _check_server(connection)
            upgrade(connection)
            connection.commit()
    finally:
        engine.dispose()


def _migrate_sqlite(path: Path) -> None:
    from diglot.catalog.file_lock import FileLock
    from diglot.catalog.filesystem import refuse_network_filesystem
    from diglot.catalog.sqlite import writing_engine

    refuse_network_filesystem(path.parent)
    engine, lock = writing_engine(path), FileLock(path)
    try:
        with lock, engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            upgrade(connection)
            connection.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()
        lock.close()


def upgrade(connection: Connection) -> None:
    """Inside the caller's transaction."""
    if _version(connection) != HEAD:
        from diglot.catalog.migrations.running import run

        run(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _check_server(connection: Connection) -> None:
    version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    if version < OLDEST_POSTGRES:
        raise CatalogUnusable("The catalog needs PostgreSQL 13 or newer.")
    if connection.execute(text("SHOW server_encoding")).scalar_one() != "UTF8":
        raise CatalogUnusable("The catalog's PostgreSQL database must have the encoding UTF8.")
