"""PostgreSQL goes away and comes back, as it does at every upgrade."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, text

from diglot.catalog.database import migrate, open_database
from diglot.catalog.location import location
from diglot.catalog.postgres import connecting_engine
from diglot.domain.errors import CatalogUnusable, Overloaded
from tests.catalog.rows import adding, names
from tests.postgres import Cluster


def test_what_was_acknowledged_is_there_after_a_crash_and_work_goes_on(postgres: Cluster, postgres_url: str) -> None:
    database = open_database(postgres_url)
    watch = database.watch()
    database.write(adding("before"))
    with database.read() as connection:
        connection.execute(text("SELECT 1"))
    postgres.restart()
    # No error shows: idle connections that died are noticed before they are used.
    assert names(database) == ["before"]
    assert database.write(adding("after")) == "after"
    while watch.wait(0.7):
        pass
    database.write(adding("later"))
    assert watch.wait(5)
    watch.close()
    database.close()
    assert not watch.wait(0)


def test_a_connection_lost_in_the_middle_of_a_work_is_no_error(postgres_url: str) -> None:
    database = open_database(postgres_url)
    attempts: list[int] = []

    def work(connection: Connection) -> None:
        adding(f"try-{len(attempts)}")(connection)
        attempts.append(1)
        if len(attempts) < 3:
            _end(postgres_url, connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
            connection.execute(text("SELECT 1"))

    database.write(work)
    assert names(database) == ["try-2"]
    database.close()


def test_a_deadlock_is_repeated(postgres_url: str) -> None:
    database = open_database(postgres_url)
    for name in ("a", "b"):
        database.write(adding(name))
    both = threading.Barrier(2)

    def work(connection: Connection, order: str, waits: list[int]) -> None:
        for name in order:
            connection.execute(text("UPDATE settings SET value = '2' WHERE name = :name"), {"name": name})
            if not waits:
                waits.append(1)
                both.wait(10)

    waits: list[list[int]] = [[], []]
    threads = [
        threading.Thread(target=database.write, args=[lambda c, o=order, w=waits[n]: work(c, o, w)])
        for n, order in enumerate(("ab", "ba"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert waits == [[1], [1]]
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM settings WHERE value::text = '2'")).scalar() == 2
    database.close()


def test_a_row_that_somebody_keeps_locked_is_an_overload(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diglot.catalog.postgres.SESSION", ("SET lock_timeout = '100ms'",))
    database = open_database(postgres_url)
    database.write(adding("a"))
    where = location(postgres_url)
    assert isinstance(where, URL)
    other = connecting_engine(where)
    with other.connect() as holder:
        holder.execute(text("SELECT * FROM settings WHERE name = 'a' FOR UPDATE"))
        with pytest.raises(Overloaded):
            database.write(lambda connection: connection.execute(text("DELETE FROM settings")).rowcount)
    other.dispose()
    assert names(database) == ["a"]
    database.close()


def test_a_server_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    url = f"postgresql://somebody:secret@/nothing?host={tmp_path}"
    database = open_database(url)
    before = time.monotonic()
    for use in (lambda: names(database), lambda: database.write(adding("a")), lambda: migrate(url)):
        with pytest.raises(CatalogUnusable, match="cannot be reached") as caught:
            use()
        assert "secret" not in str(caught.value)
    assert time.monotonic() - before < 20
    database.close()


def _end(url: str, backend: int) -> None:
    other = open_database(url)
    with other.read() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
    other.close()
