"""JSON columns, by orjson: strict about what it takes, several times faster than the standard library."""

from typing import Any

import orjson

from diglot.domain.errors import InvalidArgument


def to_json(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError as error:
        raise InvalidArgument(f"This cannot be stored as JSON: {error}") from error


def from_json(stored: Any) -> Any:
    # SQLite gives a column of type JSON numeric affinity: a plain number comes back as one.
    return stored if isinstance(stored, int | float) else orjson.loads(stored)
