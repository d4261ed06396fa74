"""Builds of a dataset's search index: building -> active -> retired; one is active, the one its dataset names."""

from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, delete, insert, select, update

from diglot.catalog.tables import datasets, generations
from diglot.domain.dataset import Generation
from diglot.domain.errors import DatasetNotFound, IndexMissing
from diglot.domain.identity import DatasetId, GenerationId, new_id, now_ms

FORMAT = 1
"""The form of index that this version writes."""


class GenerationState(StrEnum):
    BUILDING = "building"
    ACTIVE = "active"
    RETIRED = "retired"


class Trouble(NamedTuple):
    """A living generation that is not complete, and why."""

    dataset_id: DatasetId
    dataset_name: str
    embedding_model: str | None
    reason: str


_COLUMNS = [generations.c[name] for name in Generation.__slots__]


def create(
    connection: Connection,
    dataset_id: DatasetId,
    *,
    embedding_model: str | None,
    dimension: int | None,
    tokenizer: str,
    format: int = FORMAT,
) -> Generation:
    """One that is being built; `activate` switches to it."""
    created = Generation(
        GenerationId(new_id()), dataset_id, embedding_model, dimension, tokenizer, format, created_at=now_ms()
    )
    row = {name: getattr(created, name) for name in Generation.__slots__}
    connection.execute(insert(generations).values(**row, state=GenerationState.BUILDING))
    return created


def active(connection: Connection, dataset_id: DatasetId) -> Generation:
    """`DatasetNotFound` (deleted ones have theirs until the purge), `IndexMissing`."""
    wanted = (
        select(datasets.c.id, *_COLUMNS)
        .outerjoin(generations, generations.c.id == datasets.c.generation_id)
        .where(datasets.c.id == dataset_id)
    )
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise DatasetNotFound
    if row[1] is None:
        raise IndexMissing
    return Generation(*row[1:])


def building(connection: Connection, dataset_id: DatasetId) -> list[Generation]:
    """Oldest first."""
    return _all(connection, _in_state(GenerationState.BUILDING).where(generations.c.dataset_id == dataset_id))


def retired(connection: Connection, limit: int = 100) -> list[Generation]:
    """Of all datasets: their indexes can go, then `forget` them."""
    return _all(connection, _in_state(GenerationState.RETIRED).limit(limit))


def embedding_models(connection: Connection, dataset_id: DatasetId) -> list[str]:
    """What its texts to come are embedded by: the model of the active generation, and, to fall back on while another
    generation is being built, the one that was chosen for the dataset. Empty where words alone are searched."""
    found = (
        select(generations.c.embedding_model, datasets.c.embedding_model)
        .join(datasets, datasets.c.generation_id == generations.c.id)
        .where(datasets.c.id == dataset_id)
    )
    searched, chosen = connection.execute(found).one_or_none() or (None, None)
    if searched is None:
        return []
    return [searched] if chosen in (None, searched) else [searched, chosen]


def is_living(connection: Connection, generation_id: GenerationId) -> bool:
    """Whether anybody will ever search it."""
    living = generations.c.id == generation_id, generations.c.state != GenerationState.RETIRED
    return connection.execute(select(generations.c.id).where(*living)).first() is not None


def note_trouble(connection: Connection, generation_id: GenerationId, reason: str) -> None:
    """Until it is switched to, or for good if it is the active one."""
    connection.execute(update(generations).where(generations.c.id == generation_id).values(trouble=reason))


def trouble(connection: Connection, generation_id: GenerationId) -> str | None:
    """Why it is not complete, None where nothing is wrong."""
    return connection.execute(select(generations.c.trouble).where(generations.c.id == generation_id)).scalar()


def is_in_trouble(connection: Connection, generation_id: GenerationId) -> bool:
    return trouble(connection, generation_id) is not None


def troubles(connection: Connection) -> list[Trouble]:
    """Of all datasets, by their names."""
    found = (
        select(datasets.c.id, datasets.c.name, generations.c.embedding_model, generations.c.trouble)
        .join(datasets, datasets.c.id == generations.c.dataset_id)
        .where(
            generations.c.trouble.is_not(None),
            generations.c.state != GenerationState.RETIRED,
            datasets.c.deleted_at.is_(None),
        )
    )
    return [Trouble(*row) for row in connection.execute(found.order_by(datasets.c.name, generations.c.id))]


def activate(connection: Connection, generation_id: GenerationId) -> None:
    """From the commit on its dataset is searched by it; the one before is retired. Nothing happens if it is retired or
    gone by now, or active already."""
    wanted = generations.c.id == generation_id, generations.c.state == GenerationState.BUILDING
    dataset_id = connection.execute(select(generations.c.dataset_id).where(*wanted)).scalar_one_or_none()
    if dataset_id is None:
        return
    # The dataset's row first: its lock puts those who switch at once in a line.
    connection.execute(update(datasets).where(datasets.c.id == dataset_id).values(generation_id=generation_id))
    others = generations.c.dataset_id == dataset_id, generations.c.state == GenerationState.ACTIVE
    connection.execute(update(generations).where(*others).values(state=GenerationState.RETIRED))
    connection.execute(update(generations).where(*wanted).values(state=GenerationState.ACTIVE, trouble=None))


def retire(connection: Connection, generation_id: GenerationId) -> None:
    """Gives up one that is being built, or, before the purge of its dataset, the active one."""
    connection.execute(
        update(generations).where(generations.c.id == generation_id).values(state=GenerationState.RETIRED)
    )


def forget(connection: Connection, generation_id: GenerationId) -> None:
    """Only a retired one, when its index is gone."""
    wanted = generations.c.id == generation_id, generations.c.state == GenerationState.RETIRED
    connection.execute(delete(generations).where(*wanted))


def every(connection: Connection, dataset_id: DatasetId) -> list[Generation]:
    """In any state, oldest first."""
    return _all(connection, select(*_COLUMNS).where(generations.c.dataset_id == dataset_id))


def _in_state(state: GenerationState) -> "Select[*tuple[Any, ...]]":
    return select(*_COLUMNS).where(generations.c.state == state)


def _all(connection: Connection, wanted: "Select[*tuple[Any, ...]]") -> list[Generation]:
    return [Generation(*row) for row in connection.execute(wanted.order_by(generations.c.id))]
