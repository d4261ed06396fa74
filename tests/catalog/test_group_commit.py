import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, insert, text

from diglot.catalog.file_lock import FileLock
from diglot.catalog.group_commit import GroupCommit
from diglot.catalog.sqlite import writing_engine
from diglot.catalog.tables import settings
from diglot.domain.errors import DiskFull, NameTaken, Overloaded
from tests.catalog.rows import adding


@pytest.fixture
def path(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = writing_engine(path)
    yield engine
    engine.dispose()


@pytest.fixture
def lock(path: Path) -> Iterator[FileLock]:
    lock = FileLock(path)
    yield lock
    lock.close()


@pytest.fixture
def other_lock(path: Path) -> Iterator[FileLock]:
    """As another process would have it."""
    lock = FileLock(path)
    yield lock
    lock.close()


@pytest.fixture
def writer(engine: Engine, lock: FileLock) -> Iterator[GroupCommit]:
    writer = GroupCommit(engine, lock, turn_seconds=20)
    yield writer
    writer.close()


def failing(connection: Connection) -> None:
    adding("never")(connection)
    raise NameTaken


def names(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return sorted(row[0] for row in connection.execute("SELECT name FROM settings"))
    finally:
        connection.close()


def together(
    writer: GroupCommit, other_lock: FileLock, works: list[Callable[[Connection], object]]
) -> list["Future[object]"]:
    """All works wait before the first begins, so that they share a group."""
    pool = ThreadPoolExecutor(len(works))
    on_their_way = threading.Barrier(len(works) + 1)

    def write(work: Callable[[Connection], object]) -> object:
        on_their_way.wait()
        return writer.write(work)

    with other_lock:
        answers = [pool.submit(write, work) for work in works]
        on_their_way.wait()
        time.sleep(0.5)
    pool.shutdown(wait=True)
    return answers


def test_what_waits_together_is_committed_together(
    writer: GroupCommit, engine: Engine, other_lock: FileLock, path: Path
) -> None:
    begun: list[str] = []
    writer.write(lambda connection: connection.connection.set_trace_callback(begun.append))  # type: ignore[attr-defined]  # sqlite3's
    answers = together(writer, other_lock, [adding(f"{number}") for number in range(20)])
    assert sorted(str(answer.result()) for answer in answers) == names(path)
    assert sum(statement == "COMMIT" for statement in begun) <= 3


def test_one_that_fails_takes_nobody_along(writer: GroupCommit, other_lock: FileLock, path: Path) -> None:
    works: list[Callable[[Connection], object]] = [adding("a"), failing, adding("b"), failing, adding("a"), adding("c")]
    answers = together(writer, other_lock, works)
    failures = [type(answer.exception()).__name__ for answer in answers]
    assert sorted(failures) == ["IntegrityError", "NameTaken", "NameTaken", "NoneType", "NoneType", "NoneType"]
    assert names(path) == ["a", "b", "c"]


def test_a_work_that_raises_something_odd_harms_nobody(writer: GroupCommit, path: Path) -> None:
    def odd(connection: Connection) -> None:
        adding("never")(connection)
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        writer.write(odd)
    assert writer.write(adding("a")) == "a"
    assert names(path) == ["a"]


def test_a_savepoint_left_open_ends_with_its_work(writer: GroupCommit, other_lock: FileLock, path: Path) -> None:
    def leaving(connection: Connection) -> None:
        adding("left")(connection)
        connection.begin_nested()
        adding("inside")(connection)

    answers = together(writer, other_lock, [adding("a"), leaving, adding("b")])
    assert [answer.exception() for answer in answers] == [None, None, None]
    assert {"a", "b", "left"} <= set(names(path))


def test_when_the_disk_is_full_nobody_is_told_otherwise(
    writer: GroupCommit, engine: Engine, other_lock: FileLock, path: Path
) -> None:
    # The same error code as a full disk's.
    event.listen(engine, "connect", lambda raw, record: raw.execute("PRAGMA max_page_count=100"))
    writer.write(adding("before"))

    def large(connection: Connection) -> None:
        connection.execute(insert(settings).values(name="large", value="x" * 1_000_000))

    answers = together(writer, other_lock, [large, large])
    assert [type(answer.exception()) for answer in answers] == [DiskFull, DiskFull]
    assert names(path) == ["before"]
    assert writer.write(adding("small")) == "small"


def test_a_commit_that_fails_fails_for_everyone_and_the_next_works(
    writer: GroupCommit, engine: Engine, other_lock: FileLock, path: Path
) -> None:
    def deferred(connection: Connection) -> None:
        # The database notices only at COMMIT: stands for any failure there.
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        connection.execute(
            text("INSERT INTO users (id, workspace_id, name, role, created_at) VALUES ('u', 'no', 'n', 'r', 1)")
        )

    answers = together(writer, other_lock, [adding("a"), deferred, adding("b")])
    failures = [answer.exception() for answer in answers]
    assert all("FOREIGN KEY" in str(failure) for failure in failures)
    assert len({id(failure) for failure in failures}) == 3
    assert names(path) == []
    assert writer.write(adding("c")) == "c"
    assert names(path) == ["c"]


def test_who_gets_no_turn_in_time_is_told_and_nothing_is_written(
    engine: Engine, lock: FileLock, other_lock: FileLock, path: Path
) -> None:
    writer = GroupCommit(engine, lock, turn_seconds=0.2)
    with other_lock, pytest.raises(Overloaded):
        writer.write(adding("late"))
    assert writer.write(adding("a")) == "a"
    writer.close()
    assert names(path) == ["a"]


def test_closing_commits_what_was_asked_before(
    engine: Engine, lock: FileLock, other_lock: FileLock, path: Path
) -> None:
    writer = GroupCommit(engine, lock)
    with ThreadPoolExecutor(10) as pool:
        with other_lock:
            for number in range(10):
                pool.submit(writer.write, adding(f"{number}"))
            time.sleep(0.2)
            closing = threading.Thread(target=writer.close)
            closing.start()
            time.sleep(0.1)
        closing.join(10)
    assert len(names(path)) == 10
    with pytest.raises(RuntimeError, match="closed"):
        writer.write(adding("after"))


def test_who_waits_gets_the_lock_before_the_one_who_just_had_it(lock: FileLock, other_lock: FileLock) -> None:
    turns: list[str] = []

    def wait() -> None:
        with other_lock:
            turns.append("waiting")

    for _ in range(20):
        turns.clear()
        with lock:
            thread = threading.Thread(target=wait)
            thread.start()
            time.sleep(0.02)
        with lock:
            assert turns == ["waiting"]
        thread.join(5)
