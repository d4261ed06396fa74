"""What was typed as a login that nobody has is masked where it stands in the audit already."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, insert, select

from diglot.catalog.database import migrate
from diglot.catalog.migrations.running import configuration
from diglot.catalog.tables import audit
from diglot.domain.identity import new_id

ROWS = [
    ("log in", "session", None, "refused", "Tr0ub4dor", "Tr***"),
    ("log in", "session", None, "refused", "short", "***"),
    ("log in", "session", new_id(), "refused", "ada@example.com", "ada@example.com"),
    ("log in", "session", new_id(), "done", "ada@example.com", "ada@example.com"),
    ("delete", "dataset", None, "done", "handbooks", "handbooks"),
]


@pytest.fixture
def old_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Of an empty place on the same engine as `database_url`."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        cluster = request.getfixturevalue("postgres")
        with cluster.database() as name:
            yield cluster.url(name)


def test_logins_that_nobody_has(old_url: str) -> None:
    engine = create_engine(old_url)
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        for at, (verb, kind, object_id, result, name, _) in enumerate(ROWS):
            told = {"verb": verb, "kind": kind, "object_id": object_id, "result": result, "object_name": name}
            connection.execute(insert(audit).values(id=new_id(), at=at, **told))
    migrate(old_url)
    with engine.connect() as connection:
        shown = list(connection.execute(select(audit.c.object_name).order_by(audit.c.at)).scalars())
    engine.dispose()
    assert shown == [row[-1] for row in ROWS]
