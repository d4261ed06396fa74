"""One data folder at a time writes the indexes of a catalog."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from diglot.catalog import settings
from diglot.catalog.database import Database
from diglot.domain.errors import CatalogUnusable
from diglot.domain.identity import now_ms
from diglot.ingestion.home import FRESH_MS, NAME, Home, move_in


def test_a_second_host_is_refused_while_the_first_serves(database: Database, tmp_path: Path) -> None:
    here = Home.here(tmp_path)
    move_in(database, here)
    move_in(database, here)
    for other in (replace(here, machine="elsewhere", host="elsewhere"), replace(here, folder="/other")):
        with pytest.raises(CatalogUnusable, match="uses this database now"):
            move_in(database, other)


def test_a_silent_host_makes_room(database: Database, tmp_path: Path) -> None:
    here = Home.here(tmp_path)
    old = {"host": "gone", "machine": "gone", "folder": "/gone", "seen_at": now_ms() - FRESH_MS - 1}
    database.write(partial(settings.put, name=NAME, value=old))
    move_in(database, here)
    with database.read() as connection:
        assert settings.get(connection, NAME)["host"] == here.host
