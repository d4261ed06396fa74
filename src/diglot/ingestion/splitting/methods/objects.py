"""A tree of JSON cut into smaller trees, each with the keys that lead to its values."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from diglot.domain.parsed import Anchor
from diglot.ingestion.splitting.methods.sections import Section, placed

LONGEST_KEY = 200
MOST_GROWTH = 20
"""Times the text: every part repeats the keys that lead to it."""

DEEPEST = 50

_Path = tuple[str, ...]


class _Value(NamedTuple):
    path: _Path
    value: Any
    size: int


def sub_objects(text: str, most: int) -> list[Section]:
    """Objects of at most `most` characters, unless a single value has more; lists become objects with their indices.

    Empty if the text is no JSON, or nests so deeply that parts of it would be all keys.
    """
    try:
        values = _values(json.loads(text), (), most)
        sections: list[Section] = []
        characters = 0
        for section in _packed(values, most):
            characters += len(section.text)
            if characters > MOST_GROWTH * len(text) + most:
                return []
            sections.append(section)
    except (ValueError, RecursionError):
        return []
    return sections


def _values(node: Any, path: _Path, most: int) -> Iterator[_Value]:
    """The largest parts of the tree that are small enough, in order."""
    size = len(_written(node)) + sum(len(key) + 6 for key in path)
    if size <= most or len(path) >= DEEPEST or not isinstance(node, (dict, list)) or not node:
        yield _Value(path, node, size)
        return
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield from _values(value, (*path, str(key)[:LONGEST_KEY]), most)


def _packed(values: Iterator[_Value], most: int) -> Iterator[Section]:
    held: list[_Value] = []
    size = 0
    for value in values:
        if held and size + value.size > most:
            yield _section(held)
            held, size = [], 0
        held.append(value)
        size += value.size
    if held:
        yield _section(held)


def _section(values: list[_Value]) -> Section:
    """Its place is the keys that lead to its first value."""
    first = values[0]
    tree: Any = {}
    for path, value, _ in values:
        if not path:
            tree = value
            continue
        node = tree
        for key in path[:-1]:
            node = node.setdefault(key, {})
        node[path[-1]] = value
    return placed(_written(tree), (Anchor(headings=first.path),))


def _written(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False)
