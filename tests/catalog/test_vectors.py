import hashlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays
from sqlalchemy import Connection, update

from diglot.catalog import generations, revisions, vectors
from diglot.catalog.database import Database, open_database
from diglot.catalog.tables import vectors as rows
from diglot.catalog.vectors import Place, Vector
from diglot.domain.chunk import ChunkDraft, text_hash
from diglot.domain.errors import InvalidArgument
from tests.catalog.rows import Shelf, a_shelf, another, claimed, upload


def hashes(count: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


def some_vectors(count: int, dimension: int = 8) -> dict[bytes, Vector]:
    made = np.random.default_rng(count).normal(size=(count, dimension)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return dict(zip(hashes(count), made, strict=True))


def store(database: Database, found: dict[bytes, Vector], model: str = "m") -> None:
    database.write(lambda connection: vectors.store(connection, model, found))


def fetch(database: Database, wanted: list[bytes], model: str = "m") -> dict[bytes, Vector]:
    with database.read() as connection:
        return vectors.fetch(connection, model, wanted)


def age(database: Database) -> None:
    """All of them were used last in another age."""
    database.write(lambda connection: connection.execute(update(rows).values(used_at=1)).rowcount)


def sweep_all(database: Database, limit: int = 3) -> int:
    place: Place | None = None
    total = 0
    for _ in range(1000):
        place, deleted = database.write(lambda connection, p=place: vectors.sweep(connection, p, limit=limit))
        total += deleted
        if place is None:
            return total
    raise AssertionError("the sweep does not end")


def test_what_is_stored_is_fetched_a_model_each(database: Database) -> None:
    made = some_vectors(1200)
    store(database, made)
    store(database, {hashes(1)[0]: np.ones(3, np.float32)}, model="other")
    found = fetch(database, [*made, b"\0" * 32])
    assert set(found) == set(made)
    assert all(row.dtype == np.float32 and row.shape == (8,) for row in found.values())
    assert max(float(np.abs(found[name] - made[name]).max()) for name in made) < 1e-3
    assert fetch(database, hashes(2), "other").keys() == {hashes(1)[0]}
    assert fetch(database, []) == {}
    store(database, {})


def test_the_first_vector_of_a_text_stays(database: Database) -> None:
    name = hashes(1)[0]
    store(database, {name: np.zeros(4, np.float32)})
    store(database, {name: np.ones(4, np.float32)})
    assert fetch(database, [name])[name].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(database: Database, wrong: float) -> None:
    with pytest.raises(InvalidArgument):
        store(database, {hashes(1)[0]: np.array([0, wrong], np.float32)})
    assert fetch(database, hashes(1)) == {}


@examples(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrays(np.float32, some.integers(1, 40), elements=some.floats(-1, 1, width=32)))
def test_vectors_come_back_as_their_float16(sqlite_url: str, vector: Vector) -> None:
    database = open_database(sqlite_url)
    name = hashlib.sha256(vector.tobytes()).digest()
    store(database, {name: vector})
    assert (fetch(database, [name])[name] == vector.astype(np.float16).astype(np.float32)).all()
    database.close()


def embedded_by(database: Database, shelf: Shelf, model: str | None, *, retired: bool = False) -> None:
    def work(connection: Connection) -> None:
        made = generations.create(
            connection, shelf.dataset_id, embedding_model=model, dimension=None if model is None else 2, tokenizer="t"
        )
        if retired:
            generations.retire(connection, made.id)

    database.write(work)


def test_the_sweep_removes_only_what_no_dataset_needs(database: Database) -> None:
    shelf = a_shelf(database)
    for model in ("a", "m", "z"):
        embedded_by(database, shelf, model)
    embedded_by(database, shelf, "past", retired=True)
    embedded_by(database, another(database, shelf), "elsewhere")
    upload(database, shelf)
    job = claimed(database)
    texts = [f"text {number}" for number in range(4)]
    named = {text_hash(text): np.ones(2, np.float32) for text in texts}
    database.write(
        lambda connection: revisions.stage(connection, job, revisions.placed([ChunkDraft(text) for text in texts]))
    )
    for model in ("a", "m", "z@2"):
        store(database, named | {name: np.ones(2, np.float32) for name in hashes(7)}, model)
    store(database, named, "past")
    store(database, named, "elsewhere")
    age(database)
    assert sweep_all(database) == 21 + 2 * len(named)
    for model in ("a", "m", "z@2"):
        assert fetch(database, [*named, *hashes(7)], model).keys() == named.keys()
    assert sweep_all(database, limit=500) == 0


def test_the_sweep_spares_what_was_stored_or_kept_of_late(database: Database) -> None:
    made = some_vectors(6)
    old, kept, again = hashes(6)[:2], hashes(6)[2:4], hashes(6)[4:]
    store(database, made)
    assert sweep_all(database) == 0
    age(database)
    missing = b"\1" * 32
    assert database.write(lambda connection: vectors.keep(connection, "m", [*kept, missing])) == set(kept)
    store(database, {name: made[name] for name in again})
    assert sweep_all(database) == 2
    assert fetch(database, list(made)).keys() == {*kept, *again}
    assert not set(old) & fetch(database, list(made)).keys()
    assert database.write(lambda connection: vectors.keep(connection, "m", [])) == set()
