"""Path templates to operations, segment by segment: a request is compared with what can still match, not with all."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
# What stands in braces, at the beginning of a segment.
VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class Place(Generic[T]):
    """A path template and what may be done there, by method."""

    template: str
    variables: tuple[str, ...]
    methods: dict[str, T] = field(default_factory=dict)

    @property
    def allow(self) -> str:
        """For the header of a 405."""
        return ", ".join(sorted(self.methods))


@dataclass(slots=True)
class Node(Generic[T]):
    """`variable`: what a segment ends with after the variable's value -> what lies below; the longest ending first."""

    literal: "dict[str, Node[T]]" = field(default_factory=dict)
    variable: "dict[str, Node[T]]" = field(default_factory=dict)
    place: Place[T] | None = None

    def grow(self, segment: str) -> "Node[T]":
        if not segment.startswith("{"):
            return self.literal.setdefault(segment, Node())
        ending = segment.partition("}")[2]
        below = self.variable.setdefault(ending, Node())
        self.variable = dict(sorted(self.variable.items(), key=lambda one: -len(one[0])))
        return below


class Routes(Generic[T]):
    """A literal segment comes before a variable one in the same place; a slash at the end does not matter."""

    def __init__(self, routes: Iterable[tuple[str, str, T]]) -> None:
        """`routes`: method, template, what is there. Templates that differ only in the names of their variables are
        one place, named by the first."""
        self._root: Node[T] = Node()
        for method, template, target in routes:
            self._place(template).methods[method] = target

    def find(self, path: str) -> tuple[Place[T], dict[str, str]] | None:
        values: list[str] = []
        node = _walk(self._root, path.strip("/").split("/"), 0, values)
        if node is None or node.place is None:
            return None
        return node.place, dict(zip(node.place.variables, values, strict=True))

    def _place(self, template: str) -> Place[T]:
        node = self._root
        segments = template.strip("/").split("/")
        for segment in segments:
            node = node.grow(segment)
        if node.place is None:
            node.place = Place(template, tuple(VARIABLE.findall(template)))
        return node.place


def _walk(node: Node[T], parts: list[str], depth: int, values: list[str]) -> Node[T] | None:
    if depth == len(parts):
        return node if node.place is not None else None
    below = node.literal.get(parts[depth])
    found = None if below is None else _walk(below, parts, depth + 1, values)
    if found is not None:
        return found
    for ending, lower in node.variable.items():
        if parts[depth].endswith(ending):
            values.append(parts[depth].removesuffix(ending))
            found = _walk(lower, parts, depth + 1, values)
            if found is not None:
                return found
            values.pop()
    return None
