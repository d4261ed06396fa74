"""Conditions on documents' metadata, as a plan carries them, and how the values they speak of read."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from diglot.domain.errors import InvalidArgument

Value = str | int | float | bool | None
"""What metadata holds under a name: one of these, or a list of them."""

EXACT = 2.0**53
"""From here on a float no longer tells a whole number from the next."""

CONDITIONS = 100
VALUES = 1000
VALUE_LENGTH = 4000
"""What one filter may hold. SQLite takes patterns of 50,000 bytes, and so many parameters and terms."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# With a zero before other digits it is a postcode or a serial number.
_NUMBER = re.compile(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?")


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    IN = "in"
    NOT_IN = "not_in"
    EMPTY = "empty"
    NOT_EMPTY = "not_empty"
    LACKING = "lacking"
    GREATER = "greater"
    LESS = "less"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Attribute(StrEnum):
    """What a document has without anybody giving it metadata. Times are seconds since 1970."""

    NAME = "name"
    UPLOADER = "uploader"
    CREATED = "created"
    UPDATED = "updated"


class Logic(StrEnum):
    AND = "and"
    OR = "or"


@dataclass(frozen=True, slots=True)
class Condition:
    """`values` holds one value, several for IN and NOT_IN, none for EMPTY and NOT_EMPTY. A value of None is met by
    nothing.

    A document without a field of this name never matches, nor one where it is None, but for LACKING, which is met by
    exactly the documents that do not meet NOT_EMPTY; a list counts by each of its items, so one of them that matches is
    enough. Texts compare in either case. Numbers are equal to numbers, however they are written; those of `EXACT` and
    above only if they are written alike. What is greater or less is told among numbers, among dates and among other
    texts, never across. IS_NOT with a date speaks of dates only. EMPTY is the empty text.

    With an `attribute` it speaks of that, whatever the name: of texts all but greater and less, in either case as far
    as the database knows letters; of times whether they are a number, one of some, greater or less. Everything else is
    met by nothing.
    """

    name: str
    operator: Operator
    values: tuple[Value, ...] = ()
    attribute: Attribute | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """No condition at all matches nothing: whoever means "no filter" has no `Conditions`."""

    items: tuple[Condition, ...]
    logic: Logic = Logic.AND

    def require_moderate(self) -> None:
        """`InvalidArgument` if they are too many or too long to ask."""
        values = [value for condition in self.items for value in condition.values]
        if len(self.items) > CONDITIONS:
            raise InvalidArgument(f"There are more than {CONDITIONS} conditions.", "conditions")
        if len(values) > VALUES:
            raise InvalidArgument(f"There are more than {VALUES} values in the conditions.", "conditions")
        if any(len(spell(value)) > VALUE_LENGTH for value in items(values)):
            raise InvalidArgument(f"A condition's value is longer than {VALUE_LENGTH} characters.", "conditions")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as it is compared: `text` in lower case, `number` where it reads as one, and whether it is a date
    (YYYY-MM-DD, with nothing but white space around it)."""

    text: str
    number: float | None
    is_date: bool

    @property
    def is_exact(self) -> bool:
        """Whether `number` alone tells what it is equal to."""
        return self.number is not None and abs(self.number) < EXACT


def items(value: Value | list[Value] | tuple[Value, ...]) -> list[str | int | float | bool]:
    """What counts of a field, one by one."""
    listed = value if isinstance(value, list | tuple) else (value,)
    return [item for item in listed if item is not None]


def spell(value: str | int | float | bool) -> str:
    """The value as text, in its own case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read(value: str | int | float | bool) -> Reading:
    text = spell(value).lower()
    bare = text.strip()
    if _DATE.fullmatch(bare):
        return Reading(bare, None, True)
    number = float(bare) if _NUMBER.fullmatch(bare) else None
    return Reading(text, number if number is not None and math.isfinite(number) else None, False)
