import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from diglot.catalog import settings
from diglot.catalog.database import Database, Watch, open_database
from diglot.catalog.tables import settings as rows
from diglot.domain.errors import InvalidArgument, NameTaken
from tests.catalog.rows import adding, names


@contextmanager
def watching(database: Database) -> Iterator[Watch]:
    watch = database.watch()
    try:
        yield watch
    finally:
        watch.close()


def test_write_answers_with_the_works_result_and_a_read_sees_it(database: Database) -> None:
    assert database.write(adding("a")) == "a"
    assert names(database) == ["a"]


def test_a_failing_work_leaves_nothing_and_its_error_reaches_the_caller(database: Database) -> None:
    def work(connection: Connection) -> None:
        adding("a")(connection)
        raise NameTaken("no")

    with pytest.raises(NameTaken, match="no"):
        database.write(work)
    assert names(database) == []


def test_a_work_may_try_something_in_a_savepoint_of_its_own(database: Database) -> None:
    def work(connection: Connection) -> None:
        adding("a")(connection)
        with pytest.raises(IntegrityError), connection.begin_nested():
            adding("a")(connection)
        adding("b")(connection)

    database.write(work)
    assert names(database) == ["a", "b"]


def test_a_work_cannot_write_through_another_write(database: Database) -> None:
    with pytest.raises(RuntimeError, match="inside"):
        database.write(lambda connection: database.write(adding("a")))
    assert database.write(adding("b")) == "b"
    assert names(database) == ["b"]


@pytest.mark.parametrize("method", ["commit", "rollback", "begin"])
def test_a_work_neither_begins_nor_ends_its_transaction(database: Database, method: str) -> None:
    def work(connection: Connection) -> None:
        adding("a")(connection)
        getattr(connection, method)()

    with pytest.raises(Exception, match=r"commits nor rolls back|already"):
        database.write(work)
    assert names(database) == []
    assert database.write(adding("b")) == "b"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("a\0b", 1, "NUL"),
        ("\ud800", 1, "surrogate"),
        ("a", "\udfff", "surrogate"),
        ("a", {"deep": [{"\ud800": 1}]}, "surrogate|str"),
        ("a", object(), "JSON"),
        ("a", 1 << 70, "JSON"),
    ],
)
def test_what_no_database_takes_is_an_invalid_argument(database: Database, name: str, value: object, said: str) -> None:
    with pytest.raises(InvalidArgument, match=said):
        database.write(adding(name, value))
    assert names(database) == []


def test_asking_for_what_no_database_takes_finds_nothing_or_says_so(database: Database) -> None:
    for name in ("a\0b", "\ud800"):
        with database.read() as connection, suppress(InvalidArgument):
            assert settings.get(connection, name) is None


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63) - 1, 1 << 200])
def test_a_number_too_large_is_an_invalid_argument(database: Database, number: int) -> None:
    from diglot.catalog.tables import workspaces

    row = {"id": "a", "name": "b", "created_at": number}
    with pytest.raises(InvalidArgument, match="large"):
        database.write(lambda connection: connection.execute(insert(workspaces).values(row)).rowcount)


@pytest.mark.parametrize("value", [{"a": "\0"}, "两\U0010ffff", [1.5, None, True], {"": []}, 2**63, 0, None])
def test_json_comes_back_as_it_went(database: Database, value: object) -> None:
    database.write(lambda connection: settings.put(connection, "a", value))
    with database.read() as connection:
        assert settings.get(connection, "a") == value


def test_every_read_statement_sees_the_present(database: Database) -> None:
    with database.read() as connection:
        assert connection.execute(select(rows.c.name)).all() == []
        database.write(adding("a"))
        assert connection.execute(select(rows.c.name)).scalars().all() == ["a"]


def test_foreign_keys_hold(database: Database) -> None:
    from diglot.catalog.tables import users

    row = {"id": "a", "workspace_id": "none", "name": "b", "role": "c", "created_at": 1}
    with pytest.raises(IntegrityError):
        database.write(lambda connection: connection.execute(insert(users).values(row)).rowcount)


def test_many_threads_write_and_read_at_once(database: Database) -> None:
    def run(number: int) -> None:
        for turn in range(20):
            name = f"{number}-{turn}"
            database.write(adding(name))
            assert name in names(database)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(8)))
    assert len(names(database)) == 160


def test_a_watch_tells_of_each_commit_once(database: Database) -> None:
    with watching(database) as watch:
        assert not watch.wait(0.05)
        database.write(adding("a"))
        assert watch.wait(5)
        assert not watch.wait(0.2)
        database.write(adding("b"))
        assert watch.wait(5)


def test_a_watch_hears_of_another_process_soon(database: Database, database_url: str) -> None:
    # Another process as far as the databases can tell: connections of its own.
    other = open_database(database_url)
    try:
        other.write(adding("a"))
        with watching(database) as watch:
            while watch.wait(0.2):
                pass
            threading.Timer(0.2, other.write, [adding("b")]).start()
            before = time.monotonic()
            assert watch.wait(10)
            assert 0.15 < time.monotonic() - before < 1.5
    finally:
        other.close()


def test_closing_a_watch_ends_its_wait(database: Database) -> None:
    watch = database.watch()
    threading.Timer(0.1, watch.close).start()
    before = time.monotonic()
    assert not watch.wait(30)
    assert time.monotonic() - before < 5
    assert not watch.wait(0)


def test_a_closed_database_says_so(database_url: str) -> None:
    database = open_database(database_url)
    database.write(adding("a"))
    database.close()
    with pytest.raises(RuntimeError, match="closed"):
        database.write(adding("b"))
    database.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_is_refused_and_does_its_parent_no_harm(database: Database) -> None:
    database.write(adding("a"))
    child = os.fork()
    if child == 0:
        refused = 0
        for use in (lambda: database.write(adding("b")), lambda: names(database), database.watch):
            try:
                use()
            except RuntimeError:
                refused += 1
        database.close()
        os._exit(refused)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
    database.write(adding("c"))
    assert names(database) == ["a", "c"]


def test_sqlite_readers_cannot_write(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with pytest.raises(Exception, match="readonly"), database.read() as connection:
        adding("a")(connection)
    database.close()


def test_sqlite_is_as_durable_as_promised(sqlite_url: str) -> None:
    database = open_database(sqlite_url)

    def pragmas(connection: Connection) -> dict[str, object]:
        wanted = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}

    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    assert database.write(pragmas) == expected
    with database.read() as connection:
        assert pragmas(connection) == expected
    database.close()
