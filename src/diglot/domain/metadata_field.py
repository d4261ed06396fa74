"""A field of a dataset: a name that its documents' metadata may have values under."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from diglot.domain.conditions import EXACT, read, spell
from diglot.domain.errors import InvalidArgument
from diglot.domain.identity import DatasetId, FieldId


class FieldType(StrEnum):
    """TIME holds seconds since 1970, as a number."""

    STRING = "string"
    NUMBER = "number"
    TIME = "time"

    def of(self, value: str | int | float | None, name: str) -> str | int | float | None:
        """The value as a field of this type holds it: a number may come as text, a time as ISO 8601, then UTC unless it
        says otherwise. `InvalidArgument` (naming the field) for what is none."""
        if value is None:
            return None
        if self is FieldType.STRING:
            return spell(value)
        text = spell(value).strip()
        number = _number(text)
        if number is None and self is FieldType.TIME:
            number = _seconds(text)
        if number is None:
            raise InvalidArgument(f"{name}: {text[:40]!r} is no {self}.", name)
        return number


def _number(text: str) -> int | float | None:
    found = read(text).number
    if found is None:
        return None
    return int(found) if found.is_integer() and abs(found) < EXACT else found


def _seconds(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


@dataclass(frozen=True, slots=True)
class MetadataField:
    """Documents hold their values by name: the type binds those alone who write by way of the field."""

    id: FieldId
    dataset_id: DatasetId
    name: str
    type: FieldType
