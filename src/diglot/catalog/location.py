"""Where a catalog lives, from its URL."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from diglot.domain.errors import CatalogUnusable


def location(url: str) -> Path | URL:
    """A SQLite file's path, or PostgreSQL's URL; `CatalogUnusable` for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise CatalogUnusable("The catalog's URL cannot be read.") from error
    kind = parsed.drivername.partition("+")[0]
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise CatalogUnusable(f"The catalog lives in SQLite or PostgreSQL, not in {kind}.")
    if parsed.database in (None, "", ":memory:"):
        raise CatalogUnusable("The catalog needs a file: sqlite:///path")
    return Path(str(parsed.database))
