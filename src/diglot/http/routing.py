"""Path templates to operations: by the number of segments first, so that a request is compared with a handful."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Place(Generic[T]):
    """A path template and what may be done there, by method."""

    template: str
    segments: tuple[str, ...]
    methods: dict[str, T] = field(default_factory=dict)

    def match(self, parts: list[str]) -> dict[str, str] | None:
        """The values of the template's variables, None if the path is another."""
        values: dict[str, str] = {}
        for segment, part in zip(self.segments, parts, strict=True):
            if segment[0] == "{":
                values[segment[1:-1]] = part
            elif segment != part:
                return None
        return values

    @property
    def allow(self) -> str:
        """For the header of a 405."""
        return ", ".join(sorted(self.methods))


class Routes(Generic[T]):
    """A literal segment comes before a variable one in the same place; a slash at the end does not matter."""

    def __init__(self, routes: Iterable[tuple[str, str, T]]) -> None:
        """`routes`: method, template, what is there."""
        places: dict[str, Place[T]] = {}
        for method, template, target in routes:
            place = places.setdefault(template, Place(template, tuple(template.strip("/").split("/"))))
            place.methods[method] = target
        self._by_length: dict[int, list[Place[T]]] = {}
        for place in sorted(places.values(), key=_literal_first):
            self._by_length.setdefault(len(place.segments), []).append(place)

    def find(self, path: str) -> tuple[Place[T], dict[str, str]] | None:
        parts = path.strip("/").split("/")
        for place in self._by_length.get(len(parts), ()):
            values = place.match(parts)
            if values is not None:
                return place, values
        return None


def _literal_first(place: Place[T]) -> list[bool]:
    return [segment.startswith("{") for segment in place.segments]
