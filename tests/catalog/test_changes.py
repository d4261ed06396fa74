from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Connection, text

from diglot.catalog import changes
from diglot.catalog.changes import Change, Span
from diglot.catalog.database import Database
from diglot.domain.errors import DatasetNotFound
from diglot.domain.identity import ChunkKey, DatasetId, RevisionKey, new_id
from tests.catalog.rows import Shelf, a_shelf, another


def note(database: Database, shelf: Shelf, *chunks: int, revisions: tuple[int, ...] = ()) -> int:
    keys = {"revisions": [RevisionKey(key) for key in revisions], "chunks": [ChunkKey(key) for key in chunks]}
    return database.write(lambda connection: changes.note(connection, shelf.dataset_id, **keys))


def after(database: Database, shelf: Shelf, seq: int = 0, limit: int = 100) -> list[Change]:
    with database.read() as connection:
        return changes.after(connection, shelf.dataset_id, seq, limit)


def span(database: Database, shelf: Shelf) -> Span | None:
    with database.read() as connection:
        return changes.span(connection, shelf.dataset_id)


def test_notes_are_numbered_in_order_a_dataset_each(database: Database) -> None:
    shelf = a_shelf(database)
    other = another(database, shelf)
    assert note(database, shelf, 7, 8, revisions=(5,)) == 3
    assert note(database, other, 1) == 1
    assert note(database, shelf, 9) == 4
    assert note(database, shelf) == 4
    assert after(database, shelf) == [
        Change(1, "revision", 5),
        Change(2, "chunk", 7),
        Change(3, "chunk", 8),
        Change(4, "chunk", 9),
    ]
    assert after(database, shelf, 1, limit=2) == [Change(2, "chunk", 7), Change(3, "chunk", 8)]
    assert after(database, shelf, 4) == []


def test_trimming_forgets_the_oldest_and_moves_the_floor(database: Database) -> None:
    shelf = a_shelf(database)
    assert span(database, shelf) == Span(0, 0)
    note(database, shelf, *range(10))
    assert span(database, shelf) == Span(0, 10)
    trim = lambda connection: changes.trim(connection, shelf.dataset_id, 7, limit=3)  # noqa: E731
    assert [database.write(trim) for _ in range(4)] == [3, 3, 1, 0]
    assert span(database, shelf) == Span(7, 10)
    database.write(lambda connection: changes.trim(connection, shelf.dataset_id, 99))
    assert span(database, shelf) == Span(10, 10)
    note(database, shelf, 1)
    assert span(database, shelf) == Span(10, 11)


def test_datasets_with_changes_are_told(database: Database) -> None:
    shelves = [a_shelf(database)]
    shelves += [another(database, shelves[0]) for _ in range(4)]
    for shelf in shelves[1:]:
        note(database, shelf, 1, 2, 3)
    database.write(lambda connection: changes.trim(connection, shelves[2].dataset_id, 99))
    with database.read() as connection:
        found = changes.datasets_noted(connection)
    assert found == sorted(shelves[number].dataset_id for number in (1, 3, 4))


def test_an_unknown_dataset_has_no_notes(database: Database) -> None:
    shelf = a_shelf(database)
    unknown = Shelf(shelf.workspace_id, DatasetId(new_id()), shelf.rule_id)
    with pytest.raises(DatasetNotFound):
        note(database, unknown, 1)
    assert span(database, unknown) is None


def test_a_note_that_is_not_committed_leaves_no_gap(database: Database) -> None:
    shelf = a_shelf(database)

    def fails(connection: Connection) -> None:
        changes.note(connection, shelf.dataset_id, chunks=[ChunkKey(1)])
        raise KeyError

    with pytest.raises(KeyError):
        database.write(fails)
    assert note(database, shelf, 2) == 1


def test_numbers_become_visible_in_their_order(database: Database) -> None:
    """A reader that has seen number n never finds a lower one later, however slowly somebody commits."""
    shelf = a_shelf(database)
    done = Event()
    gaps: list[list[int]] = []

    def write(number: int) -> None:
        for turn in range(15):
            database.write(lambda connection, turn=turn: _slow_note(connection, shelf, number, turn))

    def follow() -> None:
        seen = 0
        while not done.is_set() or after(database, shelf, seen):
            found = [change.seq for change in after(database, shelf, seen)]
            if found != list(range(seen + 1, seen + 1 + len(found))):
                gaps.append(found)
            seen = max([seen, *found])

    with ThreadPoolExecutor(7) as pool:
        reader = pool.submit(follow)
        list(pool.map(write, range(6)))
        done.set()
        reader.result(30)
    assert gaps == []
    assert len(after(database, shelf, limit=1000)) == 6 * 15 * 2


def _slow_note(connection: Connection, shelf: Shelf, number: int, turn: int) -> None:
    changes.note(connection, shelf.dataset_id, chunks=[ChunkKey(number), ChunkKey(turn)])
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_sleep({(number % 3) / 1000})"))
