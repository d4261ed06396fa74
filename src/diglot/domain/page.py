"""A part of a longer list."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Order(StrEnum):
    """By what a list is sorted; things that are equal in it stand by age."""

    CREATED = "created_at"
    UPDATED = "updated_at"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`items` start at `offset` of `total`."""

    items: tuple[T, ...]
    total: int
    offset: int = 0

    @property
    def has_more(self) -> bool:
        return self.offset + len(self.items) < self.total
