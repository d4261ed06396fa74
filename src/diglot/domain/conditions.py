"""Conditions on documents' metadata, as a plan carries them."""

from dataclasses import dataclass
from enum import StrEnum

Value = str | int | float | bool | None


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
    GREATER = "greater"
    LESS = "less"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Logic(StrEnum):
    AND = "and"
    OR = "or"


@dataclass(frozen=True, slots=True)
class Condition:
    """`values` holds one value, several for IN and NOT_IN, none for EMPTY and NOT_EMPTY.

    A document without a field of this name never matches, whatever the operator; a list counts by each of its items,
    so one of them that matches is enough. Texts compare in either case. A value that reads as a number is compared as
    one with values that do; a date (YYYY-MM-DD) as text, and only with dates.
    """

    name: str
    operator: Operator
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """No condition at all matches nothing: whoever means "no filter" has no `Conditions`."""

    items: tuple[Condition, ...]
    logic: Logic = Logic.AND
