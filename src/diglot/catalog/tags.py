"""Tags' rows, and which datasets have them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from diglot.catalog.tables import datasets, tag_bindings, tags
from diglot.catalog.upsert import insert_into
from diglot.domain.errors import NameTaken
from diglot.domain.identity import DatasetId, TagId, WorkspaceId
from diglot.domain.tag import Tag

_B = tag_bindings.c


def every(connection: Connection, workspace_id: WorkspaceId, among: Collection[DatasetId] | None) -> list[Tag]:
    """Newest first; bindings to datasets that are there, and only to those `among` (None: any)."""
    bound = (
        select(_B.tag_id, func.count().label("bindings"))
        .where(datasets.c.id == _B.dataset_id, datasets.c.deleted_at.is_(None))
        .group_by(_B.tag_id)
    )
    if among is not None:
        bound = bound.where(_B.dataset_id.in_(sorted(among)))
    counted = bound.subquery()
    query = (
        select(tags.c.id, tags.c.name, func.coalesce(counted.c.bindings, 0))
        .outerjoin(counted, counted.c.tag_id == tags.c.id)
        .where(tags.c.workspace_id == workspace_id)
        .order_by(tags.c.id.desc())
    )
    return [_tag(row) for row in connection.execute(query)]


def of_datasets(connection: Connection, dataset_ids: Iterable[DatasetId]) -> dict[DatasetId, list[Tag]]:
    """By name; without their bindings."""
    found: dict[DatasetId, list[Tag]] = {one: [] for one in dataset_ids}
    query = (
        select(_B.dataset_id, tags.c.id, tags.c.name)
        .where(_B.dataset_id.in_(sorted(found)), tags.c.id == _B.tag_id)
        .order_by(tags.c.name)
    )
    for dataset_id, *row in connection.execute(query):
        found[DatasetId(dataset_id)].append(_tag(row))
    return found


def having(connection: Connection, workspace_id: WorkspaceId, tag_ids: Iterable[TagId]) -> set[DatasetId]:
    """The datasets that have any of the tags."""
    wanted = select(_B.dataset_id).where(
        tags.c.workspace_id == workspace_id, tags.c.id == _B.tag_id, _B.tag_id.in_(sorted(tag_ids))
    )
    return {DatasetId(one) for one in connection.execute(wanted).scalars()}


def get(connection: Connection, workspace_id: WorkspaceId, tag_id: TagId) -> Tag | None:
    """Without its bindings."""
    query = select(tags.c.id, tags.c.name).where(tags.c.id == tag_id, tags.c.workspace_id == workspace_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _tag(row)


def add(connection: Connection, workspace_id: WorkspaceId, tag: Tag) -> None:
    """`NameTaken`"""
    row = {"id": tag.id, "workspace_id": workspace_id, "name": tag.name}
    made = insert_into(connection, tags).values(row).on_conflict_do_nothing().returning(tags.c.id)
    if connection.execute(made).one_or_none() is None:
        raise NameTaken(name=tag.name)


def rename(connection: Connection, tag_id: TagId, name: str) -> None:
    """`NameTaken`"""
    try:
        connection.execute(update(tags).where(tags.c.id == tag_id).values(name=name))
    except IntegrityError as error:
        raise NameTaken(name=name) from error


def remove(connection: Connection, tag_id: TagId) -> None:
    """With its bindings."""
    connection.execute(delete(tags).where(tags.c.id == tag_id))


def bind(connection: Connection, workspace_id: WorkspaceId, dataset_id: DatasetId, tag_ids: Collection[TagId]) -> None:
    """Unknown tags are passed over."""
    known = select(tags.c.id).where(tags.c.workspace_id == workspace_id, tags.c.id.in_(sorted(tag_ids)))
    # Locked: none of them goes before its binding is there.
    ids = connection.execute(known.order_by(tags.c.id).with_for_update(key_share=True)).scalars().all()
    rows = [{"tag_id": one, "dataset_id": dataset_id} for one in ids]
    if rows:
        connection.execute(insert_into(connection, tag_bindings).on_conflict_do_nothing(), rows)


def unbind(connection: Connection, dataset_id: DatasetId, tag_ids: Collection[TagId]) -> None:
    connection.execute(delete(tag_bindings).where(_B.dataset_id == dataset_id, _B.tag_id.in_(sorted(tag_ids))))


def _tag(row: Sequence[Any]) -> Tag:
    identity, name, *bindings = row
    return Tag(TagId(identity), name, *bindings)
