import pytest

from diglot.catalog import generations
from diglot.catalog.database import Database
from diglot.domain.dataset import Generation
from diglot.domain.errors import DatasetNotFound, IndexMissing
from diglot.domain.identity import DatasetId, new_id
from tests.catalog.rows import Shelf, a_shelf, another, dataset_row


def create(database: Database, shelf: Shelf, model: str | None = "m") -> Generation:
    return database.write(
        lambda connection: generations.create(
            connection, shelf.dataset_id, embedding_model=model, dimension=model and 3, tokenizer="mixed-1"
        )
    )


def activate(database: Database, generation: Generation) -> None:
    database.write(lambda connection: generations.activate(connection, generation.id))


def active(database: Database, shelf: Shelf) -> Generation:
    with database.read() as connection:
        return generations.active(connection, shelf.dataset_id)


def test_a_new_generation_is_built_and_then_takes_over(database: Database) -> None:
    shelf = a_shelf(database)
    with pytest.raises(IndexMissing):
        active(database, shelf)
    first = create(database, shelf)
    assert (first.embedding_model, first.dimension, first.tokenizer, first.format) == ("m", 3, "mixed-1", 1)
    activate(database, first)
    second = create(database, shelf, None)
    assert active(database, shelf) == first
    with database.read() as connection:
        assert generations.building(connection, shelf.dataset_id) == [second]
        assert generations.retired(connection) == []
    activate(database, second)
    assert active(database, shelf) == second
    assert dataset_row(database, shelf).generation_id == second.id
    with database.read() as connection:
        assert generations.building(connection, shelf.dataset_id) == []
        assert generations.retired(connection) == [first]
        assert {each.id for each in generations.every(connection, shelf.dataset_id)} == {first.id, second.id}


def test_a_retired_one_never_comes_back(database: Database) -> None:
    shelf = a_shelf(database)
    first, second = create(database, shelf), create(database, shelf)
    activate(database, first)
    activate(database, first)
    activate(database, second)
    activate(database, first)
    assert active(database, shelf) == second
    given_up = create(database, shelf)
    database.write(lambda connection: generations.retire(connection, given_up.id))
    activate(database, given_up)
    assert active(database, shelf) == second


def test_only_the_retired_are_forgotten(database: Database) -> None:
    shelf = a_shelf(database)
    first, second, third = (create(database, shelf) for _ in range(3))
    activate(database, first)
    activate(database, second)
    for generation in (first, second, third):
        database.write(lambda connection, g=generation: generations.forget(connection, g.id))
    with database.read() as connection:
        assert {each.id for each in generations.every(connection, shelf.dataset_id)} == {second.id, third.id}


def test_datasets_do_not_disturb_one_another(database: Database) -> None:
    shelf = a_shelf(database)
    other = another(database, shelf)
    mine, theirs = create(database, shelf), create(database, other)
    activate(database, theirs)
    activate(database, mine)
    assert (active(database, shelf), active(database, other)) == (mine, theirs)


def test_an_unknown_dataset_has_none(database: Database) -> None:
    with database.read() as connection, pytest.raises(DatasetNotFound):
        generations.active(connection, DatasetId(new_id()))
