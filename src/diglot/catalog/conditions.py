"""Conditions on metadata as SQL."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select, union

from diglot.catalog import attributes
from diglot.catalog.tables import documents, metadata_values
from diglot.domain.conditions import Condition, Conditions, Logic, Operator, Reading, items, read
from diglot.domain.identity import DatasetId

HEAD = 64
"""How much of a text `metadata_values.head` holds."""

_V = metadata_values.c
# Of its own name: these queries stand inside of others of documents.
_D = documents.alias()


def passing(conditions: Conditions, dataset_ids: Sequence[DatasetId]) -> ColumnElement[bool]:
    """For a query of `documents` of these datasets: those that meet the conditions. `InvalidArgument` if they are too
    many or too long to ask."""
    conditions.require_moderate()
    having = [_having(condition, dataset_ids) for condition in conditions.items]
    if not having:
        return false()
    if conditions.logic is Logic.OR:
        # As one list of ids: of several lists with OR between them a planner makes a walk through all documents.
        return documents.c.id.in_(union(*having) if len(having) > 1 else having[0])
    return and_(*(documents.c.id.in_(one) for one in having))


def _having(condition: Condition, dataset_ids: Sequence[DatasetId]) -> Select[Any]:
    """The documents one of whose values meets the condition."""
    if condition.attribute is not None:
        return attributes.having(condition, dataset_ids)
    if condition.operator is Operator.LACKING:
        filled = _having(replace(condition, operator=Operator.NOT_EMPTY), dataset_ids)
        return select(_D.c.id).where(_D.c.dataset_id.in_(dataset_ids), _D.c.id.not_in(filled))
    return select(_V.document_id).where(_V.dataset_id.in_(dataset_ids), _V.name == condition.name, _meets(condition))


def _meets(condition: Condition) -> ColumnElement[bool]:
    operator, given = condition.operator, items(condition.values)
    if operator in _OF_EMPTINESS:
        return _V.text == "" if operator is Operator.EMPTY else _V.text != ""
    if operator in _OF_SEVERAL:
        among = _among([read(value) for value in given])
        return among if operator is Operator.IN else not_(among)
    return _OF_ONE[operator](read(given[0])) if given else false()


def _among(readings: Sequence[Reading]) -> ColumnElement[bool]:
    """The value is equal to one of these. A short text is whole in its head, which the index holds."""
    numbers = [reading.number for reading in readings if reading.is_exact]
    texts = [reading.text for reading in readings if not reading.is_exact]
    short = [text for text in texts if len(text) < HEAD]
    long = [text for text in texts if len(text) >= HEAD]
    ways: list[ColumnElement[bool]] = []
    if numbers:
        ways.append(and_(_V.number.is_not(None), _V.number.in_(numbers)))
    if short:
        ways.append(_V.head.in_(short))
    if long:
        ways.append(and_(_V.head.in_([text[:HEAD] for text in long]), _V.text.in_(long)))
    return or_(*ways) if ways else false()


def _is(reading: Reading) -> ColumnElement[bool]:
    return _among([reading])


def _is_not(reading: Reading) -> ColumnElement[bool]:
    differs = not_(_among([reading]))
    return and_(_V.is_date, differs) if reading.is_date else differs


def _contains(reading: Reading) -> ColumnElement[bool]:
    return _V.text.contains(reading.text, autoescape=True)


def _starts_with(reading: Reading) -> ColumnElement[bool]:
    return _V.text.startswith(reading.text, autoescape=True)


def _ends_with(reading: Reading) -> ColumnElement[bool]:
    return _V.text.endswith(reading.text, autoescape=True)


def _ordered(
    compare: Callable[[ColumnElement[Any], Any], ColumnElement[bool]],
) -> Callable[[Reading], ColumnElement[bool]]:
    def meets(reading: Reading) -> ColumnElement[bool]:
        if reading.number is not None:
            return compare(_V.number, reading.number)
        of_its_kind = _V.is_date if reading.is_date else and_(_V.number.is_(None), not_(_V.is_date))
        return and_(of_its_kind, compare(_V.text, reading.text))

    return meets


_OF_EMPTINESS = frozenset({Operator.EMPTY, Operator.NOT_EMPTY})
_OF_SEVERAL = frozenset({Operator.IN, Operator.NOT_IN})
_OF_ONE: dict[Operator, Callable[[Reading], ColumnElement[bool]]] = {
    Operator.IS: _is,
    Operator.IS_NOT: _is_not,
    Operator.CONTAINS: _contains,
    Operator.NOT_CONTAINS: lambda reading: not_(_contains(reading)),
    Operator.STARTS_WITH: _starts_with,
    Operator.ENDS_WITH: _ends_with,
    Operator.GREATER: _ordered(lambda column, value: column > value),
    Operator.LESS: _ordered(lambda column, value: column < value),
    Operator.AT_LEAST: _ordered(lambda column, value: column >= value),
    Operator.AT_MOST: _ordered(lambda column, value: column <= value),
}
